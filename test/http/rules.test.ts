/** What leaves, page after page, against the hard rules of a list: with sponsored cards, exploration and newcomers, while items go and kinds are hidden. */
import { describe, expect, test } from 'vitest';
import { HOUR, manualClock, MINUTE } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { brokenAt, LIST_RULES } from '../../src/feed/re-rankers/rules.ts';
import type { FeedPage } from '../../src/http/contracts.ts';
import type { OpenPlatform } from '../../src/platform/open.ts';
import { allPages, openTestPlatform, page } from '../support/real-server.ts';

const START = Date.UTC(2026, 5, 1, 12);
const iso = (at: number): string => new Date(at).toISOString();
const SPONSORED = { alpha: 100, topSlot: 2, minGap: 4, most: 20 };
const COUNTS = { article: 150, post: 150, job: 24, group: 8, course: 8 };
/** So many places of every feed have enough left below them to keep every rule. */
const PLACES = 60;

/** Many makers, kinds that fill a feed and kinds that season it, the youngest first; the oldest articles, posts and jobs are advertised. */
const open = async (exploration: number): Promise<OpenPlatform> => {
  const platform = await openTestPlatform({ clock: manualClock(START), feed: { deadlineMs: 60_000, exploration, newcomers: exploration, sponsored: SPONSORED } });
  const createdAt = (n: number): string => iso(START - HOUR - n * MINUTE);
  const campaign = (item: string) => ({ kind: 'campaign', id: item.replace(':', '-'), attributes: { item, advertiser: 'company:shop', pays: 'impressions', bid: 100, budget: 1000, currency: 'EUR', startsAt: iso(START - HOUR), endsAt: iso(START + HOUR) } });
  const { rejected } = await platform.putEntities([
    { kind: 'company', id: 'shop', attributes: { name: 'The Shop' } },
    ...Array.from({ length: 30 }, (_, n) => ({ kind: 'member', id: `v${n}`, attributes: { name: `V ${n}` } })),
    ...Array.from({ length: 25 }, (_, n) => ({ kind: 'member', id: `w${n}`, attributes: { name: `W ${n}` } })),
    ...Array.from({ length: 4 }, (_, n) => ({ kind: 'member', id: `${n}`, attributes: { connections: Array.from({ length: 30 }, (_each, v) => `member:v${v}`) } })),
    ...Array.from({ length: 30 }, (_, n) => ({ kind: 'company', id: `c${n}`, attributes: { name: `Company ${n}` } })),
    ...Array.from({ length: COUNTS.article }, (_, n) => ({ kind: 'article', id: `${n}`, createdAt: createdAt(n), attributes: { title: `Article ${n}`, author: `member:w${n % 25}`, topics: [`topic ${n % 5}`] } })),
    ...Array.from({ length: COUNTS.post }, (_, n) => ({ kind: 'post', id: `${n}`, createdAt: createdAt(n), attributes: { text: `Post ${n}`, author: `member:v${n % 30}`, topics: [`topic ${n % 7}`] } })),
    ...Array.from({ length: COUNTS.job }, (_, n) => ({ kind: 'job', id: `${n}`, createdAt: createdAt(5 * n), attributes: { title: `Job ${n}`, company: `company:c${n % 30}` } })),
    ...Array.from({ length: COUNTS.group }, (_, n) => ({ kind: 'group', id: `${n}`, createdAt: createdAt(9 * n), attributes: { name: `Group ${n}`, topics: [`topic ${n % 5}`] } })),
    ...Array.from({ length: COUNTS.course }, (_, n) => ({ kind: 'course', id: `${n}`, createdAt: createdAt(9 * n), attributes: { title: `Course ${n}`, skills: [`skill ${n}`] } })),
    ...[130, 133, 136, 139, 142].flatMap((n) => [campaign(`article:${n}`), campaign(`post:${n}`)]), campaign('job:21'), campaign('job:23'),
  ]);
  expect(rejected).toEqual([]);
  return platform;
};

const brokenPlaces = ({ state: { catalog } }: OpenPlatform, refs: readonly string[]): readonly string[] => {
  const items = refs.map((ref) => catalog.find(ref));
  const { kind, author } = catalog.items.columns;
  const list = { kind: items.map((item) => kind[item] ?? 0), maker: items.map((item) => author[item] ?? 0), size: items.length };
  return items.flatMap((_, place) => { const broken = brokenAt(list, place, LIST_RULES); return broken === 0 ? [] : [`${place} ${refs[place]} breaks ${broken}`]; });
};
const refsOf = (pages: readonly FeedPage[]): readonly string[] => pages.flatMap(({ items }) => items.map(({ item }) => item)).slice(0, PLACES);
const MEMBERS = ['0', '1', '2', '3'];

describe('every feed keeps the hard rules of a list', () => {
  test('as it is ranked, with sponsored cards among it', async () => {
    const platform = await open(0);
    let paid = 0;
    for (const member of MEMBERS) for (const limit of [7, 20]) {
      const pages = await allPages(platform, member, { limit });
      expect(brokenPlaces(platform, refsOf(pages))).toEqual([]);
      paid += pages.flatMap(({ items }) => items.slice(0, PLACES)).filter(({ sponsored }) => sponsored !== undefined).length;
    }
    expect(paid).toBeGreaterThan(30);
    await platform.close();
  });

  test('with exploration and a newcomer on every first page', async () => {
    const platform = await open(1);
    const orders = new Set<string>();
    for (let n = 0; n < 60; n++) {
      const { items } = await page(platform, MEMBERS[n % 4] ?? '0', { limit: 20 });
      expect(brokenPlaces(platform, items.map(({ item }) => item))).toEqual([]);
      orders.add(items.map(({ item }) => item).join(' '));
    }
    // Places do change.
    expect(orders.size).toBeGreaterThan(50);
    await platform.close();
  });

  test('while what stands in it goes, and nothing comes twice or is lost', async () => {
    const random = seededRandom(8);
    for (const member of MEMBERS) {
      const platform = await open(0.5);
      const deleted = new Set<string>();
      const between = async (): Promise<void> => {
        for (let n = 0; n < 8; n++) { const [kind, id] = [random.next() < 0.5 ? 'article' : 'post', `${Math.floor(random.next() * 120)}`]; deleted.add(`${kind}:${id}`); await platform.deleteEntity(kind, id); }
      };
      const pages = await allPages(platform, member, { limit: 10, between });
      const refs = pages.flatMap(({ items }) => items.map(({ item }) => item));
      expect(brokenPlaces(platform, refs.slice(0, PLACES))).toEqual([]);
      expect(new Set(refs).size).toBe(refs.length);
      // What can wait for its turn: groups and courses come where a ranker finds them.
      const total = (['article', 'post', 'job'] as const).map((kind) => [kind, COUNTS[kind]] as const).flatMap(([kind, count]) => Array.from({ length: count }, (_, n) => `${kind}:${n}`));
      const paidFor = new Set(['article', 'post'].flatMap((kind) => [130, 133, 136, 139, 142].map((n) => `${kind}:${n}`)).concat('job:21', 'job:23'));
      expect(total.filter((ref) => !refs.includes(ref) && !deleted.has(ref) && !paidFor.has(ref))).toEqual([]);
      await platform.close();
    }
  });
});

test('a kind that is hidden twice while a feed is read sinks below everything else on the next page, and comes back when that is taken back', async () => {
  const platform = await open(0);
  const first = await page(platform, '0', { limit: 20 });
  const posts = (shown: FeedPage): number => shown.items.filter(({ kind }) => kind === 'post').length;
  expect(posts(first)).toBeGreaterThan(3);
  const hide = async (id: string, of?: string): Promise<void> => {
    await platform.recordEvents([{ type: 'action', id, action: 'hide', member: 'member:0', item: `post:${id.replace(/\D/gu, '')}`, at: iso(START), ...(of === undefined ? {} : { of }) }], { history: false });
  };
  const next = async (): Promise<FeedPage> => await page(platform, '0', { limit: 20, cursor: first.nextCursor });
  await hide('h1');
  expect(posts(await next())).toBeGreaterThan(3);
  await hide('h2');
  expect(posts(await next())).toBe(0);
  const pages = await allPages(platform, '0', { limit: 20, cursor: first.nextCursor });
  const refs = pages.flatMap(({ items }) => items.map(({ item }) => item));
  expect(new Set(refs).size).toBe(refs.length);
  // They stand at the end, all of them but what is hidden.
  expect(refs.filter((ref) => ref.startsWith('post:')).length + posts(first)).toBeGreaterThanOrEqual(COUNTS.post - 7);
  await hide('u2', 'h2');
  expect(posts(await next())).toBeGreaterThan(3);
  await platform.close();
});
