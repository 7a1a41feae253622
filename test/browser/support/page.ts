import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Action } from '../../../src/client/types.ts';
import { frames, launch, visit, type Site, type SuiteOptions } from './browser.ts';

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
const JS_BUDGET_BYTES = 190 * 1024;

const actionsOn = async (site: Site, count: number): Promise<readonly Action[]> => {
  const actions = async (): Promise<readonly Action[]> => (await site.events()).filter((event): event is Action => event.type === 'action');
  for (let attempt = 0; attempt < 50 && (await actions()).length < count; attempt++) await new Promise((resolve) => { setTimeout(resolve, 100); });
  return actions();
};

const scrollToEnd = (page: Page): Promise<void> => page.evaluate(() => { window.scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' }); });
const positionOf = (page: Page): Promise<string | null> => page.evaluate(() => document.activeElement?.closest('article')?.getAttribute('aria-posinset') ?? null);
const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

export const pageSuite = (options: SuiteOptions): void => {
  describe('the feed page', () => {
    let browser: Browser;
    let site: Site;
    beforeAll(async () => {
      browser = await launch();
      site = await options.start({ items: 400 });
    });
    afterAll(async () => {
      await browser.close();
      await site.stop();
    });

    test('is a feed of articles that says where each stands, without a fault', async () => {
      const { page, faults, leave } = await visit(browser, site);
      const feed = page.getByRole('feed', { name: 'Your feed' });
      expect(await feed.getByRole('article').first().getAttribute('aria-posinset')).toBe('1');
      expect(await feed.getByRole('article').first().getAttribute('aria-setsize')).toBe('-1');
      expect(await feed.getAttribute('aria-busy')).toBe('false');
      expect(faults).toEqual([]);
      await leave();
    });

    test('goes from article to article by the page keys, and out of the feed by Ctrl+End and Ctrl+Home', async () => {
      const { page, leave } = await visit(browser, site);
      await page.getByRole('article').first().focus();
      for (const [key, position] of [['PageDown', '2'], ['PageDown', '3'], ['PageUp', '2']] as const) {
        await page.keyboard.press(key);
        expect(await positionOf(page)).toBe(position);
      }
      for (let press = 0; press < 40; press++) await page.keyboard.press('PageDown');
      expect(Number(await positionOf(page))).toBeGreaterThan(15);
      await page.keyboard.press('Control+End');
      expect(await positionOf(page)).toBeNull();
      expect(await page.evaluate(() => ((document.querySelector('#feed')?.compareDocumentPosition(document.activeElement ?? document.body) ?? 0) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0)).toBe(true);
      await page.getByRole('article').first().focus();
      await page.keyboard.press('Control+Home');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Most recent');
      await leave();
    });

    test('hides a card in place, keeps the focus through undo, and names the event it undoes', async () => {
      const own = await options.start({ items: 100 });
      const { page, leave } = await visit(browser, own);
      const card = page.getByRole('article').nth(1);
      for (const [button, action] of [['Hide', 'hide'], ['Not for me', 'notInterested']] as const) {
        await card.getByRole('button', { name: new RegExp(`^${button}`, 'u') }).focus();
        await page.keyboard.press('Enter');
        await expect.poll(() => page.evaluate(() => document.activeElement?.textContent?.startsWith('Undo'))).toBe(true);
        await page.keyboard.press('Enter');
        await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain(button);
        const [done, undone] = (await actionsOn(own, action === 'hide' ? 2 : 4)).slice(-2);
        expect(done).toMatchObject({ action, trackingId: await card.getAttribute('data-tracking-id') });
        expect(undone).toMatchObject({ action, of: done?.id, item: done?.item });
      }
      await leave();
      await own.stop();
    });

    test('remembers what was hidden when its place comes back into the window', async () => {
      const { page, leave } = await visit(browser, site);
      await page.getByRole('button', { name: /^Hide/u }).first().click();
      for (let turn = 0; turn < 80 && await page.locator('[aria-posinset="1"]').count() > 0; turn++) {
        await page.evaluate(() => { window.scrollBy({ top: 900, behavior: 'instant' }); });
        await page.waitForTimeout(40);
      }
      expect(await page.locator('[aria-posinset="1"]').count()).toBe(0);
      await page.evaluate(() => { window.scrollTo({ top: 0, behavior: 'instant' }); });
      await page.locator('[aria-posinset="1"]').getByRole('button', { name: /^Undo/u }).waitFor();
      await leave();
    });

    test('greets without a member, and leads to a feed', async () => {
      const page = await browser.newPage();
      await page.goto(site.url);
      await page.locator('input[name=member]').fill(site.member);
      await page.keyboard.press('Enter');
      await page.getByRole('feed').waitFor();
      await page.close();
    });

    test('tells likes, saves and openings, and takes a like back by naming it', async () => {
      const own = await options.start({ items: 100 });
      const { page, leave } = await visit(browser, own);
      const card = page.getByRole('article').first();
      await card.getByRole('button', { name: /^Like/u }).click();
      await card.getByRole('button', { name: /^Save/u }).click();
      expect(await card.getByRole('button', { name: /^Like/u }).getAttribute('aria-pressed')).toBe('true');
      await card.getByRole('button', { name: /^Like/u }).click();
      const title = card.getByRole('heading').locator('a, button');
      await title.evaluate((element) => { element.addEventListener('click', (event) => { event.preventDefault(); }); });
      await title.click();
      const actions = await actionsOn(own, 4);
      expect(actions.map(({ action, of }) => [action, of])).toEqual([['like', undefined], ['save', undefined], ['like', actions[0]?.id], ['click', undefined]]);
      await leave();
      await own.stop();
    });

    test('says why in two sentences, and gives the focus back', async () => {
      const { page, leave } = await visit(browser, site);
      const ask = page.getByRole('button', { name: /^Why this/u }).first();
      await ask.click();
      const dialog = page.getByRole('dialog', { name: 'Why am I seeing this?' });
      await expect.poll(() => dialog.locator('[aria-live] p').count()).toBe(2);
      await page.keyboard.press('Escape');
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
      expect(await ask.evaluate((element) => element === document.activeElement)).toBe(true);
      await leave();
    });

    test('keeps the choice of what shapes the feed', async () => {
      const { page, leave } = await visit(browser, site);
      const flip = async (to: boolean): Promise<void> => {
        await page.getByRole('button', { name: 'What shapes my feed' }).click();
        const activity = page.getByRole('switch', { name: /^Activity/u });
        await expect.poll(() => activity.isEnabled()).toBe(true);
        expect(await activity.isChecked()).toBe(!to);
        await activity.click();
        await page.getByText('Saved.').waitFor();
        await page.keyboard.press('Escape');
        await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
      };
      await flip(false);
      await flip(true);
      await leave();
    });

    test('changes the order in place, says so, and keeps it in the address and over Back', async () => {
      const { page, leave } = await visit(browser, site);
      const recent = page.getByRole('link', { name: 'Most recent' });
      await recent.click();
      await expect.poll(() => recent.getAttribute('aria-current')).toBe('true');
      expect(page.url()).toContain('?sort=recent');
      await page.locator('[role=status]', { hasText: 'most recent first' }).waitFor({ state: 'attached' });
      await page.goBack();
      await expect.poll(() => recent.getAttribute('aria-current')).toBeNull();
      await leave();
    });

    test('loads five pages by scrolling, then asks; the focus goes to what came', async () => {
      const { page, leave } = await visit(browser, site);
      const button = page.getByRole('button', { name: 'Load more' });
      for (let turn = 0; turn < 60 && await button.count() === 0; turn++) {
        await scrollToEnd(page);
        await page.waitForTimeout(100);
      }
      const before = Number(await page.getByRole('article').last().getAttribute('aria-posinset'));
      expect(before).toBeGreaterThan(20);
      await button.click();
      await expect.poll(() => positionOf(page)).toBe(String(before + 1));
      await leave();
    });

    test('keeps at most 60 articles after 300, moves nothing, and comes back to the same place', async () => {
      const { page, leave } = await visit(browser, site, {
        before: async (one) => {
          await one.addInitScript(() => {
            const shifts: number[] = [];
            Object.assign(window, { shifts });
            new PerformanceObserver((list) => { for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) if (!entry.hadRecentInput) shifts.push(entry.value); }).observe({ type: 'layout-shift', buffered: true });
          });
        },
      });
      let most = 0;
      for (let turn = 0; turn < 300; turn++) {
        await page.evaluate(() => { window.scrollBy({ top: 600, behavior: 'instant' }); });
        await page.waitForTimeout(40);
        const button = page.getByRole('button', { name: 'Load more' });
        if (await button.count() > 0) await button.click({ timeout: 2000 }).catch(() => undefined);
        most = Math.max(most, await page.getByRole('article').count());
        if (Number(await page.getByRole('article').last().getAttribute('aria-posinset')) >= 300) break;
      }
      expect(Number(await page.getByRole('article').last().getAttribute('aria-posinset'))).toBeGreaterThanOrEqual(300);
      expect(most).toBeLessThanOrEqual(60);
      await page.mouse.move(400, 300);
      for (let turn = 0; turn < 20; turn++) {
        await page.mouse.wheel(0, -700);
        await page.waitForTimeout(50);
      }
      await page.waitForTimeout(300);
      expect(await page.getByRole('article').count()).toBeLessThanOrEqual(60);
      const shift = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts.reduce((sum, value) => sum + value, 0));
      expect(shift).toBeLessThan(0.02);
      const place = (): Promise<readonly [string | undefined, number] | undefined> => page.evaluate(() => [...document.querySelectorAll<HTMLElement>('article')]
        .map((article) => [article.dataset['trackingId'], Math.round(article.getBoundingClientRect().top), article.getBoundingClientRect().bottom] as const).find(([, , bottom]) => bottom > 0)?.slice(0, 2) as [string, number] | undefined);
      const before = await place();
      await page.goto(`${site.url}/members/${site.member}?sort=recent`);
      await page.goBack();
      await expect.poll(async () => (await place())?.[0]).toBe(before?.[0]);
      expect(Math.abs(((await place())?.[1] ?? 0) - (before?.[1] ?? 0))).toBeLessThanOrEqual(2);
      await leave();
    });

    test('works page by page without script', async () => {
      const { page, leave } = await visit(browser, site, { javaScriptEnabled: false });
      expect(await page.getByRole('article').count()).toBeGreaterThan(5);
      const last = Number(await page.getByRole('article').last().getAttribute('aria-posinset'));
      await page.getByRole('link', { name: 'Next page' }).click();
      expect(await page.getByRole('article').first().getAttribute('aria-posinset')).toBe(String(last + 1));
      await page.getByRole('link', { name: 'Back to the beginning' }).click();
      expect(await page.getByRole('article').first().getAttribute('aria-posinset')).toBe('1');
      await page.getByRole('link', { name: 'Most recent' }).click();
      expect(await page.getByRole('link', { name: 'Most recent' }).getAttribute('aria-current')).toBe('true');
      await leave();
    });

    test('says that it is offline, and goes on by itself', async () => {
      const { page, leave } = await visit(browser, site);
      await page.context().setOffline(true);
      for (let turn = 0; turn < 20 && await page.getByText('You are offline').count() === 0; turn++) {
        await scrollToEnd(page);
        await page.waitForTimeout(100);
      }
      await page.getByText('You are offline').waitFor();
      const before = Number(await page.getByRole('article').last().getAttribute('aria-posinset'));
      await page.context().setOffline(false);
      await expect.poll(async () => Number(await page.getByRole('article').last().getAttribute('aria-posinset'))).toBeGreaterThan(before);
      await leave();
    });

    if (options.cannot?.includes('degraded') !== true) test('says when the page is less personal than usual', async () => {
      const own = await options.start({ missing: ['network'] });
      const { page, leave } = await visit(browser, own);
      await page.getByText('did not answer in time').waitFor();
      await leave();
      await own.stop();
    });

    if (options.cannot?.includes('end') !== true) test('says when there is no more, and when there was nothing', async () => {
      for (const [items, sentence] of [[5, 'That is everything for now.'], [0, 'Nothing here yet']] as const) {
        const own = await options.start({ items });
        const { page, leave } = await visit(browser, own);
        await page.getByText(sentence).waitFor();
        await leave();
        await own.stop();
      }
    });

    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [360, 1280]) {
        test(`has no accessibility violation at ${width} px, ${colorScheme}`, async () => {
          const { page, leave } = await visit(browser, site, { viewport: { width, height: 800 }, colorScheme, reducedMotion: 'reduce' });
          const check = async (): Promise<void> => {
            const { violations } = await new AxeBuilder({ page }).withTags(AXE_TAGS).analyze();
            expect(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)])).toEqual([]);
          };
          await check();
          await page.getByRole('button', { name: /^Hide/u }).first().click();
          await page.getByRole('button', { name: /^Like/u }).first().click();
          await page.getByRole('button', { name: /^Why this/u }).first().click();
          await frames(page, 5);
          await check();
          await page.keyboard.press('Escape');
          await page.getByRole('button', { name: 'What shapes my feed' }).click();
          await expect.poll(() => page.getByRole('switch').first().isEnabled()).toBe(true);
          await check();
          await leave();
        });
      }
    }

    test('fits 320 px from right to left and from left to right, and at twice the text size', async () => {
      const { page, leave } = await visit(browser, site, { viewport: { width: 320, height: 640 } });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await page.evaluate(() => { document.documentElement.dir = 'rtl'; });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await page.evaluate(() => document.body.getBoundingClientRect().left)).toBe(0);
      await page.setViewportSize({ width: 640, height: 800 });
      await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await leave();
    });

    test('has targets of at least 24 by 24 px', async () => {
      const { page, leave } = await visit(browser, site, { viewport: { width: 360, height: 800 } });
      const small = await page.evaluate(() => [...document.querySelectorAll('button, a[href], input')]
        .filter((one) => one.getClientRects().length > 0).map((one) => [one.textContent, one.getBoundingClientRect().width, one.getBoundingClientRect().height] as const)
        .filter(([, width, height]) => width < 24 || height < 24));
      expect(small).toEqual([]);
      await leave();
    });

    test('loads at most 190 KB of compressed script', async () => {
      const { gzipSync } = await import('node:zlib');
      let bytes = 0;
      const { leave } = await visit(browser, site, {
        before: async (page) => {
          await page.route('**/*.js', async (route) => {
            const answer = await route.fetch();
            bytes += gzipSync(await answer.body()).length;
            await route.fulfill({ response: answer });
          });
        },
      });
      expect(bytes).toBeGreaterThan(10_000);
      expect(bytes).toBeLessThanOrEqual(JS_BUDGET_BYTES);
      await leave();
    });
  });
};
