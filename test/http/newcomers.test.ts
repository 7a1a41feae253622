import { expect, test } from 'vitest';
import { manualClock } from '../../src/core/clock.ts';
import { decodeServed, type ServedItem } from '../../src/funnel/served.ts';
import { openTestPlatform, page } from '../support/real-server.ts';

const START = Date.UTC(2026, 5, 1, 12);
const [KNOWN, NEW, LIMIT] = [40, 12, 10];

/** Known makers whose articles everybody has seen, and new ones whose articles are older and nobody's interest: the ranking leaves them behind. */
const network = async (newcomers: number) => {
  const clock = manualClock(START);
  const platform = await openTestPlatform({ clock, feed: { newcomers, exploration: 0 } });
  const article = (id: string, hours: number, { author, topics }: { readonly author: string; readonly topics: readonly string[] }) => ({ kind: 'article', id, createdAt: new Date(START - hours * 3_600_000).toISOString(), attributes: { title: id, author, topics } });
  await platform.putEntities([
    { kind: 'member', id: '1', attributes: { topics: ['tea'] } },
    ...Array.from({ length: KNOWN }, (_, n) => ({ kind: 'company', id: `known${n}`, attributes: { name: `Known ${n}` } })), ...Array.from({ length: NEW }, (_, n) => ({ kind: 'company', id: `new${n}`, attributes: { name: `New ${n}` } })),
    ...Array.from({ length: KNOWN }, (_, n) => article(`k${n}`, n / 10, { author: `company:known${n}`, topics: ['tea'] })), ...Array.from({ length: NEW }, (_, n) => article(`n${n}`, 30 + n, { author: `company:new${n}`, topics: ['stamps'] })),
  ]);
  const at = new Date(START).toISOString();
  for (let reader = 0; reader < 120; reader++) expect((await platform.recordEvents(Array.from({ length: KNOWN }, (_, n) => ({ type: 'impression', id: `${reader}-${n}`, member: `member:reader${reader}`, item: `article:k${n}`, trackingId: 'none-0', span: '0', visibleMs: 2000, at })), { history: true })).rejected).toEqual([]);
  const served = async (): Promise<readonly ServedItem[]> => {
    const { requestId } = await page(platform, '1', { limit: LIMIT });
    await platform.idle();
    return decodeServed(platform.log.get({ partition: 0, sequence: platform.state.pages.find(requestId) })?.payload ?? new Uint8Array()).items;
  };
  return { platform, served };
};

test('a page that tries a newcomer has it among its cards, says so with its chance, and loses none', async () => {
  const { platform, served } = await network(1);
  const tried = new Set<string>();
  let pages = 0;
  for (let request = 0; request < 40; request++) {
    const items = await served();
    const forced = items.filter(({ forced: isForced }) => isForced);
    // The rules of the list may push one that was given the last place below the page.
    expect(forced.length).toBeLessThanOrEqual(1);
    for (const { item, propensity } of forced) {
      expect(item).toMatch(/^article:n/u);
      expect(propensity).toBeCloseTo(1 / (NEW * (LIMIT - 2)), 6);
      tried.add(item);
      pages++;
    }
    expect(items.filter(({ item }) => item.startsWith('article:n'))).toHaveLength(forced.length);
    expect(new Set(items.map(({ item }) => item)).size).toBe(LIMIT);
  }
  expect(pages).toBeGreaterThan(30);
  expect(tried.size).toBeGreaterThan(5);
  await platform.close();
});

test('other pages are as they were ranked, each card with the chance that nothing was tried', async () => {
  const { platform, served } = await network(0.25);
  let tries = 0;
  for (let request = 0; request < 60; request++) {
    const items = await served();
    const forced = items.filter(({ forced: isForced }) => isForced);
    tries += forced.length;
    for (const { propensity } of items.filter(({ forced: isForced }) => !isForced)) expect(propensity).toBeCloseTo(0.75, 6);
    if (forced.length === 0) expect(items.every(({ item }) => item.startsWith('article:k'))).toBe(true);
  }
  expect(tries).toBeGreaterThan(4);
  expect(tries).toBeLessThan(30);
  await platform.close();
});
