/** My Network over the platform itself: a dozen cohorts, their events, and a cohort of a plug-in. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Action, ClientEvent, CohortPage, DiscoveryPage, Impression } from '../../../src/client/types.ts';
import { buildWeb, frames, launch, visit, type Site, type Visit } from '../support/browser.ts';
import { PLUGIN_TITLE, startNetwork, VIEWER } from '../support/network.ts';

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
const COLLEAGUES = 'People you may know from Northlight';

let browser: Browser;
let site: Site;
beforeAll(async () => {
  buildWeb();
  browser = await launch();
  site = await startNetwork();
});
afterAll(async () => {
  await browser.close();
  await site.stop();
});

const open = (options: Parameters<typeof visit>[2] = {}, where: Site = site): Promise<Visit> => visit(browser, where, { query: '/network', viewport: { width: 1280, height: 900 }, ...options });
const region = (page: Page, name: string): Locator => page.getByRole('region', { name });
const namesIn = (cohort: Locator): Promise<readonly string[]> => cohort.getByRole('heading', { level: 3 }).allTextContents();
const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const focused = (page: Page): Promise<string | null | undefined> => page.evaluate(() => document.activeElement?.textContent);
const trackingIdOf = (card: Locator): Promise<string | null> => card.locator('[data-tracking-id]').getAttribute('data-tracking-id');

/** What the server holds once there are so many. */
const eventsOf = async <Event extends ClientEvent>(where: Site, kind: (event: ClientEvent) => event is Event, count: number): Promise<readonly Event[]> => {
  const found = async (): Promise<readonly Event[]> => (await where.events()).filter(kind);
  await expect.poll(async () => (await found()).length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
  return found();
};
const isAction = (event: ClientEvent): event is Action => event.type === 'action';
const isImpression = (event: ClientEvent): event is Impression => event.type === 'impression';

/** A server of its own: for tests that count what came. */
const alone = async (run: (one: Visit, own: Site) => Promise<void>): Promise<void> => {
  const own = await startNetwork();
  try {
    const one = await open({}, own);
    await run(one, own);
    expect(one.faults).toEqual([]);
    await one.leave();
  } finally {
    await own.stop();
  }
};

/** Rows, columns and cards in sight of each list, as they are drawn. */
const measured = (page: Page): Promise<readonly { readonly rows: number; readonly columns: number; readonly shown: number; readonly cards: number }[]> => page.evaluate(() => [...document.querySelectorAll('main ul')].map((list) => {
  const boxes = [...list.children].filter((item) => item.getClientRects().length > 0).map((item) => item.getBoundingClientRect());
  return { rows: new Set(boxes.map(({ top }) => Math.round(top))).size, columns: new Set(boxes.map(({ left }) => Math.round(left))).size, shown: boxes.length, cards: list.children.length };
}));

describe('cohorts', () => {
  test.each([320, 517, 768, 1280])('have at most two rows at %i px, as many cards as fit, and the others are hidden from everybody', async (width) => {
    const { page, leave } = await open({ viewport: { width, height: 900 } });
    const lists = await measured(page);
    expect(lists.length).toBeGreaterThanOrEqual(10);
    for (const { rows, columns, shown, cards } of lists) {
      expect(rows).toBeLessThanOrEqual(2);
      expect(shown).toBe(Math.min(cards, 2 * columns));
    }
    expect(Math.max(...lists.map(({ columns }) => columns))).toBe(width === 1280 ? 4 : width === 320 ? 2 : width === 517 ? 2 : 4);
    expect(await page.getByRole('main').getByRole('list').first().getByRole('listitem').count()).toBe(lists[0]?.shown);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await leave();
  });

  test('are regions with the server\'s words, and nothing moves when the page comes alive', async () => {
    const { page, faults, leave } = await open({ before: async (one) => {
      await one.addInitScript(() => {
        const shifts: number[] = [];
        Object.assign(window, { shifts });
        new PerformanceObserver((list) => { for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) shifts.push(entry.value); }).observe({ type: 'layout-shift', buffered: true });
      });
    } });
    const answer = await (await page.request.get(`${site.url}/v1/members/${VIEWER}/discovery`)).json() as DiscoveryPage;
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(answer.cohorts.map(({ title }) => title));
    expect(await region(page, COLLEAGUES).getByText('They share an employer with you').count()).toBe(1);
    await frames(page, 20);
    expect(await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts)).toEqual([]);
    expect(faults).toEqual([]);
    await leave();
  });

  test('of a plug-in that the page has never heard of stand there like any other', async () => {
    const { page, leave } = await open();
    const cohort = region(page, PLUGIN_TITLE);
    expect(await cohort.getByText('Chosen by a plug-in').count()).toBe(1);
    expect(await cohort.getByRole('button', { name: /^Follow/u }).count()).toBeGreaterThan(0);
    const sources = fileURLToPath(new URL('../../../web/src', import.meta.url));
    const network = readdirSync(join(sources, 'network')).map((file) => readFileSync(join(sources, 'network', file), 'utf8')).join('\n');
    // Neither cohorts nor kinds nor what their buttons do.
    expect(network).not.toMatch(/quietPages|peopleFrom|hashtag|newsletter|'(?:member|company|connect|follow|join|subscribe|attend)'/u);
    await leave();
  });
});

describe('a dismissed card', () => {
  test('gives its place to the next that stood by, is told, and comes back to its place', () => alone(async ({ page }, own) => {
    const cohort = region(page, COLLEAGUES);
    const before = await namesIn(cohort);
    const id = await trackingIdOf(cohort.getByRole('listitem').nth(2));
    await cohort.getByRole('listitem').nth(2).getByRole('button', { name: /^Dismiss/u }).click();
    await page.getByRole('status').getByText(`${before[2]} will not be suggested again`).waitFor();
    const after = await namesIn(cohort);
    expect(after).toHaveLength(before.length);
    expect(before).not.toContain(after[2]);
    expect(after.toSpliced(2, 1)).toEqual(before.toSpliced(2, 1));
    expect(await focused(page)).toBe(after[2]);
    await page.getByRole('button', { name: /^Undo/u }).click();
    await expect.poll(() => focused(page)).toBe(before[2]);
    expect(await namesIn(cohort)).toEqual(before);
    const [done, undone] = await eventsOf(own, isAction, 2);
    expect(done).toMatchObject({ action: 'dismiss', surface: 'discovery', trackingId: id, member: `member:${VIEWER}` });
    expect(undone).toMatchObject({ action: 'dismiss', surface: 'discovery', of: done?.id, item: done?.item });
  }));

  test('is not there when the page is opened again', () => alone(async ({ page }, own) => {
    const cohort = region(page, COLLEAGUES);
    const [name] = await namesIn(cohort);
    await cohort.getByRole('button', { name: /^Dismiss/u }).first().click();
    await eventsOf(own, isAction, 1);
    await page.reload();
    expect(await namesIn(cohort)).not.toContain(name);
  }));
});

test('what a button does is told, shown, and taken back by the same button', () => alone(async ({ page }, own) => {
  const card = region(page, COLLEAGUES).getByRole('listitem').first();
  await card.getByRole('button', { name: /^Connect/u }).click();
  const pending = card.getByRole('button', { name: /^Pending\s+\(Withdraw\)/u });
  await pending.click();
  await card.getByRole('button', { name: /^Connect/u }).waitFor();
  await region(page, 'Groups for you').getByRole('button', { name: /^Join/u }).first().click();
  const [connected, withdrawn, joined] = await eventsOf(own, isAction, 3);
  expect(connected).toMatchObject({ action: 'connect', surface: 'discovery', trackingId: await trackingIdOf(card) });
  expect(withdrawn).toMatchObject({ action: 'connect', of: connected?.id });
  expect(joined).toMatchObject({ action: 'join', surface: 'discovery', item: expect.stringMatching(/^group:/u) as string });
}));

test('a card opens to all that it says, is told as looked at, and gives the focus back', () => alone(async ({ page }, own) => {
  const card = region(page, 'Newsletters for you').getByRole('listitem').first();
  const name = await card.getByRole('heading').textContent() ?? '';
  await card.getByRole('heading').getByRole('button').click();
  const dialog = page.getByRole('dialog', { name });
  expect(await dialog.getByText('never longer than one cup of coffee.').isVisible()).toBe(true);
  await page.keyboard.press('Escape');
  await expect.poll(() => focused(page)).toBe(name);
  expect((await eventsOf(own, isAction, 1))[0]).toMatchObject({ action: 'view', surface: 'discovery', trackingId: await trackingIdOf(card) });
}));

test('impressions are told when cards leave the screen, of those that were seen and of no others', () => alone(async ({ page }, own) => {
  const seen = await page.locator('[data-tracking-id]').evaluateAll((cards) => cards
    .filter((card) => { const box = card.getBoundingClientRect(); return box.height > 0 && box.top + box.height / 2 < innerHeight - 4; }).map((card) => card.getAttribute('data-tracking-id')));
  expect(seen.length).toBeGreaterThanOrEqual(8);
  await page.waitForTimeout(700);
  expect((await own.events()).filter(isImpression)).toEqual([]);
  await page.evaluate(() => { window.scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' }); });
  const impressions = await eventsOf(own, isImpression, seen.length);
  expect(impressions.map(({ trackingId }) => trackingId).toSorted()).toEqual(seen.map(String).toSorted());
  for (const { surface, visibleMs, span, item } of impressions) {
    expect([surface, span !== '', item.includes(':')]).toEqual(['discovery', true, true]);
    expect(visibleMs).toBeGreaterThanOrEqual(300);
  }
}));

describe('one cohort in full', () => {
  test('goes on by a button, without repeats, to the last of them', async () => {
    const { page, faults, leave } = await open();
    const link = region(page, COLLEAGUES).getByRole('link', { name: /^See all \(\d+\)/u });
    const total = Number(/\d+/u.exec(await link.textContent() ?? '')?.[0]);
    await link.click();
    await page.getByRole('heading', { level: 1, name: COLLEAGUES }).waitFor();
    const names = (): Promise<readonly (string | null)[]> => page.locator('[data-tracking-id]').evaluateAll((cards) => cards.map((card) => card.getAttribute('data-tracking-id')));
    const more = page.getByRole('button', { name: 'More', exact: true });
    const before = (await names()).length;
    await more.click();
    await expect.poll(async () => (await names()).length).toBeGreaterThan(before);
    expect(await focused(page)).toBe(await page.getByRole('listitem').nth(before).getByRole('heading', { level: 2 }).textContent());
    while (await more.count() > 0) {
      const { length } = await names();
      await more.click();
      await expect.poll(async () => (await names()).length).toBeGreaterThan(length);
      await frames(page, 2);
    }
    expect(total).toBeGreaterThan(40);
    expect(await names()).toHaveLength(total);
    expect(new Set(await names()).size).toBe(total);
    await page.getByRole('link', { name: 'Back to My Network' }).click();
    await region(page, COLLEAGUES).waitFor();
    expect(faults).toEqual([]);
    await leave();
  });

  test('says that it is offline, and goes on when asked again', async () => {
    const { page, leave } = await open({ query: '/network/peopleFromCompany' });
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByText('You are offline').waitFor();
    await page.context().setOffline(false);
    const before = await page.locator('[data-tracking-id]').count();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => page.locator('[data-tracking-id]').count()).toBeGreaterThan(before);
    await leave();
  });
});

test('without script there are two rows, the way to all, and from page to page', async () => {
  const { page, leave } = await open({ javaScriptEnabled: false });
  for (const { rows, columns, shown, cards } of await measured(page)) expect([rows <= 2, shown]).toEqual([true, Math.min(cards, 2 * columns)]);
  expect(await page.getByRole('button', { name: /^(?:Connect|Dismiss)/u }).count()).toBe(0);
  await region(page, COLLEAGUES).getByRole('link', { name: /^See all/u }).click();
  const answer = await (await page.request.get(`${site.url}/v1/members/${VIEWER}/discovery/peopleFromCompany?limit=100`)).json() as CohortPage;
  const names: string[] = [];
  for (let turn = 0; turn < 10; turn++) {
    names.push(...await page.getByRole('listitem').getByRole('heading', { level: 2 }).allTextContents());
    const next = page.getByRole('link', { name: 'More', exact: true });
    if (await next.count() === 0) break;
    await next.click();
  }
  expect(names.length).toBeGreaterThan(40);
  expect(names.toSorted()).toEqual(answer.cohort?.items.map(({ slots }) => slots.primary).toSorted());
  await page.getByRole('link', { name: 'Back to the beginning' }).click();
  expect(page.url()).not.toContain('cursor');
  await leave();
});

test('the feed and the network lead to each other, and say where one is', async () => {
  const { page, leave } = await open();
  expect(await page.getByRole('link', { name: 'My Network' }).getAttribute('aria-current')).toBe('page');
  await page.getByRole('link', { name: 'Your feed' }).click();
  await page.getByRole('feed').waitFor();
  await page.getByRole('link', { name: 'My Network' }).click();
  await region(page, COLLEAGUES).waitFor();
  await leave();
});

test('speaks Arabic from right to left to whoever reads it', async () => {
  const { page, leave } = await open({ locale: 'ar', viewport: { width: 768, height: 900 } });
  const network = page.locator('#network');
  expect([await network.getAttribute('lang'), await network.getAttribute('dir')]).toEqual(['ar', 'rtl']);
  const heading = await page.getByRole('heading', { level: 2 }).first().boundingBox();
  const link = await page.getByRole('link', { name: /^عرض الكل/u }).first().boundingBox();
  const cards = page.getByRole('list').first().getByRole('listitem');
  const [first, second] = [await cards.nth(0).boundingBox(), await cards.nth(1).boundingBox()];
  expect(heading?.x ?? 0).toBeGreaterThan(link?.x ?? Infinity);
  expect(first?.x ?? 0).toBeGreaterThan(second?.x ?? Infinity);
  await cards.nth(0).getByRole('button', { name: /^تواصل/u }).click();
  await cards.nth(0).getByRole('button', { name: /^قيد الانتظار/u }).waitFor();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await leave();
});

describe('for everybody', () => {
  test.each(['/network', '/network/peopleFromCompany'])('%s fits 320 px in both directions and twice the text size, two rows still, with targets of 24 px', async (query) => {
    for (const locale of ['en', 'ar', 'de', 'ja']) {
      const { page, leave } = await open({ query, locale, viewport: { width: 320, height: 640 } });
      expect([locale, await overflow(page)]).toEqual([locale, 0]);
      const small = await page.evaluate(() => [...document.querySelectorAll('button, a[href]')].filter((one) => one.getClientRects().length > 0)
        .map((one) => [one.textContent, one.getBoundingClientRect().width, one.getBoundingClientRect().height] as const).filter(([, width, height]) => width < 24 || height < 24));
      expect(small).toEqual([]);
      for (const width of [640, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
        expect([locale, width, await overflow(page)]).toEqual([locale, width, 0]);
        if (query === '/network') for (const { rows } of await measured(page)) expect(rows).toBeLessThanOrEqual(2);
      }
      await leave();
    }
  });

  test('the keyboard reaches every card and button in their order', async () => {
    const { page, leave } = await open({ viewport: { width: 320, height: 640 } });
    await region(page, COLLEAGUES).getByRole('link', { name: /^See all/u }).focus();
    const reached: (string | null | undefined)[] = [];
    for (let press = 0; press < 4; press++) {
      await page.keyboard.press('Tab');
      reached.push(await focused(page));
    }
    const [first, second] = await namesIn(region(page, COLLEAGUES));
    expect(reached).toEqual([first, `Connect: ${first}`, `Dismiss: ${first}`, second]);
    await leave();
  });

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    test.each([[320, 'en'], [1280, 'ar']] as const)('has no barrier that a machine finds at %i px (%s)', async (width, locale) => {
      const { page, leave } = await open({ colorScheme, locale, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
      const check = async (part = 'html'): Promise<void> => {
        const { violations } = await new AxeBuilder({ page }).include(part).withTags(AXE_TAGS).analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)])).toEqual([]);
      };
      const shots = process.env['THROUGHLINE_SHOTS'];
      if (shots !== undefined) await page.screenshot({ path: join(shots, `network-${colorScheme}-${width}-${locale}.png`), fullPage: true });
      const cards = page.getByRole('list').first().getByRole('listitem');
      await cards.nth(1).locator('button').nth(1).click();
      await cards.nth(0).locator('button').nth(2).click();
      await check();
      await cards.nth(0).locator('button').first().click();
      await page.getByRole('dialog').waitFor();
      await check('dialog');
      await page.goto(`${site.url}/members/${VIEWER}/network/groupsForYou`);
      await check();
      await leave();
    });
  });
});
