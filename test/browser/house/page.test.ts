import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildWeb, launch, visit, type Site } from '../support/browser.ts';
import { startHouse } from '../support/house.ts';
import { browserSuite } from '../support/suite.ts';

/** The same promises, with the platform behind the page. */
beforeAll(buildWeb);
browserSuite({ start: startHouse, cannot: ['degraded', 'end'] });

describe('what came since', () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    browser = await launch();
    site = await startHouse({ items: 60 });
  });
  afterAll(async () => {
    await browser.close();
    await site.stop();
  });

  test('waits behind a button, moves nothing, and comes when it is wanted', async () => {
    // By time: there it is certain where it will stand.
    const { page, faults, leave } = await visit(browser, site, { query: '?sort=recent' });
    const title = `just-in-${Date.now()}`;
    const fresh = page.getByRole('button', { name: /^\d+ new$/u });
    const first = await page.getByRole('article').first().textContent();
    const made = await page.request.put(`${site.url}/v1/entities/article/${title}`, { data: { attributes: { title } } });
    expect(made.ok()).toBe(true);
    // As when the member comes back to the page; otherwise it asks once a minute.
    await page.evaluate(() => { document.dispatchEvent(new Event('visibilitychange')); });
    await fresh.waitFor();
    expect(await page.getByRole('article').first().textContent()).toBe(first);
    await fresh.click();
    await page.getByRole('article').filter({ hasText: title }).first().waitFor();
    await fresh.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await leave();
  });
});
