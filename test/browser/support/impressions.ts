import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frames, launch, visit, type Site, type SuiteOptions, type Visit } from './browser.ts';
import { certainSpans, checkImpressions, installOracle, isImpression, measuredSpans } from './geometry.ts';

const SEE_MS = 650;

/** Scrolls at once, then rests long enough to count. */
const rest = async (page: Page, top: number, ms = SEE_MS): Promise<void> => {
  await page.evaluate((to) => { window.scrollTo({ top: to, behavior: 'instant' }); }, top);
  await page.waitForTimeout(ms);
};

/** As a finger does: fast first, then slower, every frame a new place. */
const fling = (page: Page, by: number): Promise<void> => page.evaluate(async (distance) => {
  let left = distance;
  while (left > 4) {
    const step = left * 0.12;
    window.scrollBy({ top: step, behavior: 'instant' });
    left -= step;
    await new Promise((resolve) => { requestAnimationFrame(resolve); });
  }
}, by);

/** A headless browser never hides a tab: the page is told so in the way that a browser tells it. */
const setHidden = (page: Page, hidden: boolean): Promise<void> => page.evaluate((state) => {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => state === 'hidden' });
  document.dispatchEvent(new Event('visibilitychange'));
}, hidden ? 'hidden' : 'visible');

const settle = async (site: Site, expected: number): Promise<void> => {
  for (let attempt = 0; attempt < 80; attempt++) {
    if ((await site.events()).filter(isImpression).length >= expected) break;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  // What should not come would come now.
  await new Promise((resolve) => { setTimeout(resolve, 300); });
};

/** Goes through a script on the page and compares what the server then holds with what was measured. */
const compare = (browser: () => Browser, options: SuiteOptions, script: (one: Visit, site: Site) => Promise<void>) => async (): Promise<void> => {
  const site = await options.start({ items: 400 });
  try {
    const one = await visit(browser(), site, { before: installOracle });
    await script(one, site);
    const spans = await measuredSpans(one.page, site.url);
    await settle(site, certainSpans(spans).length);
    const impressions = (await site.events()).filter(isImpression);
    expect(certainSpans(spans).length).toBeGreaterThan(3);
    checkImpressions(spans, impressions);
    expect(new Set(impressions.map(({ span }) => span)).size).toBe(impressions.length);
    expect(site.conflicts?.() ?? []).toEqual([]);
    expect(one.faults).toEqual([]);
    await one.leave();
  } finally {
    await site.stop();
  }
};

export const impressionSuite = (options: SuiteOptions): void => {
  describe('impressions on the server equal the geometry', () => {
    let running: Browser;
    const browser = (): Browser => running;
    beforeAll(async () => { running = await launch(); });
    afterAll(async () => { await running.close(); });

    test('while resting, scrolling on and coming back', compare(browser, options, async ({ page }) => {
      for (const top of [0, 620, 1300, 640, 0]) await rest(page, top);
    }));
    test('while wheeling without a rest', compare(browser, options, async ({ page }) => {
      await page.mouse.move(400, 400);
      for (let turn = 0; turn < 24; turn++) {
        await page.mouse.wheel(0, 90);
        await page.waitForTimeout(60);
      }
      await page.waitForTimeout(SEE_MS);
    }));
    test('when flung past many cards', compare(browser, options, async ({ page }) => {
      await rest(page, 0);
      await fling(page, 4200);
      await page.waitForTimeout(SEE_MS);
      await fling(page, 2500);
      await page.waitForTimeout(SEE_MS);
    }));
    test('when the window is resized and zoomed, cards taller than it included', compare(browser, options, async ({ page }) => {
      await page.waitForTimeout(SEE_MS);
      await page.setViewportSize({ width: 360, height: 300 });
      await page.waitForTimeout(SEE_MS);
      for (const top of [200, 380, 560, 900]) await rest(page, top);
      await page.setViewportSize({ width: 1100, height: 900 });
      await page.evaluate(() => { document.documentElement.style.zoom = '1.6'; });
      await page.waitForTimeout(SEE_MS);
      await rest(page, 400);
    }));
    test('when a text is opened while being looked at', compare(browser, options, async ({ page }) => {
      await page.setViewportSize({ width: 500, height: 420 });
      await page.waitForTimeout(SEE_MS);
      await page.getByRole('button', { name: /^Show more/u }).first().click();
      await page.waitForTimeout(SEE_MS);
      for (const top of [300, 700, 1100]) await rest(page, top);
    }));
    test('when the tab is hidden and shown again', compare(browser, options, async ({ page }) => {
      await page.waitForTimeout(SEE_MS);
      await setHidden(page, true);
      await page.waitForTimeout(SEE_MS);
      await rest(page, 700);
      await setHidden(page, false);
      await page.waitForTimeout(SEE_MS);
      await setHidden(page, true);
      await setHidden(page, false);
      await page.waitForTimeout(SEE_MS);
    }));
    test('when the connection goes and comes back', compare(browser, options, async ({ page }) => {
      await page.waitForTimeout(SEE_MS);
      await page.context().setOffline(true);
      for (const top of [700, 1400, 700]) await rest(page, top);
      await page.context().setOffline(false);
      await rest(page, 0);
    }));
    test('when the page is reloaded, also without a connection before', compare(browser, options, async ({ page }) => {
      await page.waitForTimeout(SEE_MS);
      await page.context().setOffline(true);
      for (const top of [700, 1400]) await rest(page, top);
      await page.context().setOffline(false);
      await page.reload();
      await page.waitForTimeout(SEE_MS);
      await page.reload();
      await page.waitForTimeout(SEE_MS);
    }));
    test('when cards are unmounted, by another order and by distance', compare(browser, options, async ({ page }) => {
      await page.waitForTimeout(SEE_MS);
      await page.getByRole('link', { name: 'Most recent' }).click();
      await page.getByText('In order of time').waitFor();
      await page.waitForTimeout(SEE_MS);
      for (let turn = 0; turn < 12; turn++) {
        await fling(page, 3000);
        await frames(page, 10);
      }
      await page.waitForTimeout(SEE_MS);
      await rest(page, 0);
    }));
    test('when a card is hidden and brought back', compare(browser, options, async ({ page }) => {
      await page.waitForTimeout(SEE_MS);
      await page.getByRole('button', { name: /^Hide/u }).first().click();
      await page.waitForTimeout(SEE_MS);
      await page.getByRole('button', { name: /^Undo/u }).click();
      // Then on: how many cards one screen holds depends on how long their texts are.
      for (const top of [0, 700]) await rest(page, top);
    }));
    test('when answers are lost after the server stored the events', compare(browser, options, async ({ page }) => {
      let lost = 0;
      await page.route('**/v1/events', async (route) => {
        if (lost >= 3) return route.continue();
        lost += 1;
        await route.fetch();
        return lost === 2 ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"server/overloaded","status":503,"title":"x","detail":"x"}' }) : route.abort();
      });
      for (const top of [0, 700, 1400, 700, 0]) await rest(page, top, 900);
      await page.waitForTimeout(2500);
      await page.unroute('**/v1/events');
      expect(lost).toBe(3);
    }));
  });
};
