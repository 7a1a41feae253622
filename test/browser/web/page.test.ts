import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFeedServer } from '../../support/feed-server.ts';
import { buildWeb, launch, visit, type Site } from '../support/browser.ts';
import { pageSuite } from '../support/page.ts';

/** The page by itself, on a server that only speaks the contract and can be told to have sources missing, or nothing to show. */
beforeAll(buildWeb);
pageSuite({ start: startFeedServer });

describe('a card of something that is not read but done', () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    browser = await launch();
    site = await startFeedServer({ items: 60 });
  });
  afterAll(async () => {
    await browser.close();
    await site.stop();
  });

  const KINDS = [
    { kind: 'group', before: 'Join', after: 'Joined', action: 'join' }, { kind: 'event', before: 'Attend', after: 'Attending', action: 'attend' },
    { kind: 'course', before: 'Start', after: 'Started', action: 'start' }, { kind: 'member', before: 'Connect', after: 'Connected', action: 'connect' },
  ] as const;
  test.each(KINDS)(
    'of the kind $kind begins with $before, and says when it is done', async ({ kind, before, after, action }) => {
      const { page, faults, leave } = await visit(browser, site);
      const button = (label: string): Locator => page.getByRole('button', { name: new RegExp(`^${label}\\b`, 'u') });
      const place = await page.getByRole('article').filter({ has: button(before) }).first().getAttribute('aria-posinset');
      const card = page.locator(`[aria-posinset="${place}"]`);
      await card.locator(button(before)).click();
      const done = card.locator(button(after));
      await done.waitFor();
      // What is started once is started; the others are taken back by the same button.
      await done.click({ force: true });
      await card.locator(button(action === 'start' ? after : before)).waitFor();
      await expect.poll(async () => (await site.events()).filter((event) => event.type === 'action' && event.action === action).map(({ item }) => item.split(':')[0])).toEqual(action === 'start' ? [kind] : [kind, kind]);
      expect(faults).toEqual([]);
      await leave();
    },
  );

  test('says of an event when it begins', async () => {
    const { page, leave } = await visit(browser, site);
    expect(await page.getByRole('article').filter({ has: page.getByRole('button', { name: /^Attend\b/u }) }).first().locator('time').textContent()).toMatch(/^Begins \w{3}, \w+ \d+, \d{4}, \d{2}:\d{2} UTC$/u);
    await leave();
  });
});
