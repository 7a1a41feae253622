/** The page of cohorts by itself, with answers that a real server seldom gives. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DiscoveryPage } from '../../../src/client/types.ts';
import { cardOf, cohortOf, discoveryOf } from '../../support/discovery-page.ts';
import { startFeedServer, type FeedServer } from '../../support/feed-server.ts';
import { buildWeb, launch, visit, type Visit } from '../support/browser.ts';

let browser: Browser;
beforeAll(async () => {
  buildWeb();
  browser = await launch();
});
afterAll(() => browser.close());

const opened = async (discovery: DiscoveryPage, run: (one: Visit, server: FeedServer) => Promise<void>, options: Parameters<typeof visit>[2] = {}): Promise<void> => {
  const server = await startFeedServer({ discovery });
  try {
    const one = await visit(browser, server, { query: '/network', ...options });
    await run(one, server);
    expect(one.faults).toEqual([]);
    await one.leave();
  } finally {
    await server.stop();
  }
};
const region = (page: Page, name: string): Locator => page.getByRole('region', { name });
/** By what it does, and to whom. */
const button = (page: Page | Locator, does: string, name: string): Locator => page.getByRole('button', { name: new RegExp(`^${does}\\s*: ${name}$`, 'u') });
const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe('a template that nobody knows', () => {
  test('is laid out by the generic card: every slot there is, two lines each', () => opened(discoveryOf([cohortOf('strange', 3, { template: 'hologram' })]), async ({ page }) => {
    const card = region(page, 'Some strange').getByRole('listitem').first();
    for (const text of ['strange 0', 'Second line 0', 'Followed by Ana 0', 'What it is about, at length, 0']) expect(await card.getByText(text, { exact: true }).count()).toBe(1);
    expect(await card.locator('[data-lines]').evaluateAll((slots) => slots.map((slot) => slot.getAttribute('data-lines')))).toEqual(['2', '2', '2', '2']);
    await button(card, 'Follow', 'strange 0').click();
    await button(card, 'Following\\s+\\(Unfollow\\)', 'strange 0').waitFor();
  }));

  test('may be one that the answer describes: its lines hold, however long the texts', () => opened(discoveryOf(
    [cohortOf('tall', 2, { template: 'banner', items: [cardOf('tall', 0, { slots: { primary: 'A name that goes on and on '.repeat(8), text: 'A sentence that goes on. '.repeat(30) } })] })],
    { templates: { banner: { maxLines: { primary: 1, text: 3 }, drop: ['text'], image: 'large' } } },
  ), async ({ page }) => {
    const lines = await page.locator('[data-slot]').evaluateAll((slots) => slots.map((slot) => Math.round(slot.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(slot).lineHeight))));
    expect(lines).toEqual([1, 3]);
    // What is cut is said in full.
    expect(await page.getByRole('heading', { level: 3 }).textContent()).toBe('A name that goes on and on '.repeat(8));
  }));
});

test('slots go in the order of the template where a card is narrow; name, picture and button stay', () => opened(discoveryOf([cohortOf('large', 2, { template: 'large' })]), async ({ page }) => {
  const shown = (): Promise<readonly (string | undefined)[]> => region(page, 'Some large').getByRole('listitem').first().locator('[data-slot]')
    .evaluateAll((slots) => slots.filter((slot) => slot.getClientRects().length > 0).map((slot) => (slot instanceof HTMLElement ? slot.dataset['slot'] : undefined)));
  const atRootSize = (percent: number): Promise<void> => page.evaluate((size) => { document.documentElement.style.fontSize = `${size}%`; }, percent);
  expect(await shown()).toEqual(['primary', 'secondary', 'socialProof', 'text']);
  await page.setViewportSize({ width: 320, height: 700 });
  const found: (readonly (string | undefined)[])[] = [];
  for (const percent of [150, 190, 260]) {
    await atRootSize(percent);
    found.push(await shown());
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  }
  expect(found).toEqual([['primary', 'secondary', 'socialProof'], ['primary', 'secondary'], ['primary']]);
  expect(await button(page, 'Follow', 'large 0').isVisible()).toBe(true);
}));

test('a cohort whose last card is dismissed goes, Undo has the focus, and brings it back', () => opened(discoveryOf([cohortOf('lonely', 1), cohortOf('others', 3)]), async ({ page }, server) => {
  await button(page, 'Dismiss', 'lonely 0').click();
  await region(page, 'Some lonely').waitFor({ state: 'detached' });
  await page.getByRole('status').getByText('lonely 0 will not be suggested again').waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Undo: lonely 0');
  await page.keyboard.press('Enter');
  await region(page, 'Some lonely').waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('lonely 0');
  await expect.poll(() => server.events().filter(({ type }) => type === 'action').length).toBe(2);
  const [done, undone] = server.events().filter((event) => event.type === 'action');
  expect([done, undone]).toMatchObject([{ action: 'dismiss', surface: 'discovery', trackingId: 'r1-lonely0', item: 'company:lonely0' }, { action: 'dismiss', of: done?.id, item: 'company:lonely0' }]);
}));

test('dismissals are taken back one after the other, each to its place, by Ctrl+Z too', () => opened(discoveryOf([cohortOf('row', 9)]), async ({ page }) => {
  // Those that stand by too, which are hidden.
  const names = (): Promise<readonly string[]> => page.locator('h3').allTextContents().then((all) => all.map((name) => name.replace('row ', '')));
  const before = await names();
  expect(before).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8']);
  for (const name of ['1', '3', '8']) await button(page, 'Dismiss', `row ${name}`).click();
  // The ninth stood by, and took the place of the first that went; then the row grew shorter.
  expect(await names()).toEqual(['0', '2', '4', '5', '6', '7']);
  await page.getByRole('button', { name: /^Undo/u }).click();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  expect(await names()).toEqual(before);
  await page.getByRole('button', { name: /^Undo/u }).waitFor({ state: 'detached' });
}));

test('a dismissal can be taken back for more than ten seconds, and for as long as the pointer rests on it', () => opened(discoveryOf([cohortOf('row', 9)]), async ({ page }) => {
  const undo = page.getByRole('button', { name: /^Undo/u });
  await button(page, 'Dismiss', 'row 1').click();
  await undo.waitFor();
  await page.clock.runFor(15_000);
  expect(await undo.count()).toBe(1);
  await undo.hover();
  await page.clock.runFor(60_000);
  expect(await undo.count()).toBe(1);
  await page.mouse.move(0, 0);
  await page.clock.runFor(25_000);
  await undo.waitFor({ state: 'detached' });
}, { before: (page) => page.clock.install() }));

test('says without a fuss that something is missing, and that there is nothing', async () => {
  await opened(discoveryOf([cohortOf('few', 2)], { missing: ['slow'] }), async ({ page }) => {
    expect(await page.getByText('Some suggestions could not be loaded').count()).toBe(1);
    expect(await page.getByText('Nothing here yet').count()).toBe(0);
  });
  await opened(discoveryOf([]), async ({ page }) => { expect(await page.getByText('Nothing here yet').count()).toBe(1); });
});

test('what is done once and for all stays done, and says so', () => opened(discoveryOf([cohortOf('courses', 2, { button: { action: 'start', label: 'Start', done: 'Started', undo: 'Stop', undoable: false } })]), async ({ page }, server) => {
  await button(page, 'Start', 'courses 0').click();
  const done = button(page, 'Started', 'courses 0');
  expect(await done.getAttribute('aria-disabled')).toBe('true');
  await done.click({ force: true });
  await expect.poll(() => server.events().filter(({ type }) => type === 'action').length).toBe(1);
  expect(await done.count()).toBe(1);
}));
