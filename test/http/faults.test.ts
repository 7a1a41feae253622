import { setTimeout as sleep } from 'node:timers/promises';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manualClock, MINUTE } from '../../src/core/clock.ts';
import { JOURNEY_FEATURES } from '../../src/models/features.ts';
import type { FeedPage } from '../../src/http/contracts.ts';
import type { OpenPlatform } from '../../src/platform/open.ts';
import { POOL } from '../../src/rankers/pool/index.ts';
import { because } from '../../src/rankers/ranked-list.ts';
import type { FirstPassRanker } from '../../src/rankers/ranker.ts';
import { publishJourney } from '../support/journey-model.ts';
import { namesOf, openTestPlatform, page, temporaryFolder } from '../support/real-server.ts';

const START = Date.UTC(2026, 5, 1, 12);
const LIMIT = 30;
const ARTICLES = Array.from({ length: 60 }, (_, n) => `article:a${n}`);
const at = (minutesAgo: number): string => new Date(START - minutesAgo * MINUTE).toISOString();

/** Something for every ranker of the pool to find. */
const ENTITIES: readonly unknown[] = [
  { kind: 'company', id: 'acme', attributes: { name: 'Acme' } },
  { kind: 'member', id: 'ana', attributes: { name: 'Ana', skills: ['sql'], topics: ['data'], company: 'company:acme', connections: ['member:bo'] } },
  { kind: 'member', id: 'bo', attributes: { name: 'Bo', connections: ['member:cy'] } },
  { kind: 'member', id: 'cy', attributes: { name: 'Cy', creator: true } },
  ...ARTICLES.map((reference, n) => ({ kind: 'article', id: reference.slice('article:'.length), createdAt: at(n), attributes: { title: `Title ${n}`, topics: ['data'], ...(n % 5 === 0 ? { mentions: ['company:acme'] } : {}) } })),
  ...Array.from({ length: 5 }, (_, n) => ({ kind: 'post', id: `b${n}`, createdAt: at(100 + n), attributes: { text: `Post ${n}`, author: 'member:bo' } })),
  ...Array.from({ length: 5 }, (_, n) => ({ kind: 'post', id: `c${n}`, createdAt: at(100 + n), attributes: { text: `Note ${n}`, author: 'member:cy', topics: ['data'] } })),
  ...Array.from({ length: 5 }, (_, n) => ({ kind: 'job', id: `j${n}`, createdAt: at(100 + n), attributes: { title: `Job ${n}`, skills: ['sql'] } })),
  ...['course', 'group', 'event'].flatMap((kind) => Array.from({ length: 3 }, (_, n) => ({ kind, id: `${n}`, createdAt: at(100), attributes: { ...(kind === 'group' ? { name: 'G' } : { title: 'T' }), topics: ['data'] } }))),
];
const EVENTS = ARTICLES.slice(0, 12).map((item, n) => ({ type: 'action', id: `e${n}`, member: 'member:ana', item, action: 'click', at: at(30 - n) }));

const fill = async (platform: OpenPlatform): Promise<OpenPlatform> => {
  const stored = [await platform.putEntities(ENTITIES), await platform.recordEvents(EVENTS, { history: false })];
  expect(stored.flatMap(({ rejected }) => rejected)).toEqual([]);
  return platform;
};

interface SpanView { readonly operator: string; readonly outcome: string; readonly error?: string; readonly kept: number; readonly removed: Readonly<Record<string, number>>; readonly children?: readonly SpanView[] }
const spanOf = (root: SpanView, name: string): SpanView | undefined => (root.operator === name ? root : root.children?.map((child) => spanOf(child, name)).find((found) => found !== undefined));
const traced = async (platform: OpenPlatform, served: FeedPage, name: string): Promise<SpanView | undefined> =>
  spanOf((await platform.trace(served.requestId) as { readonly workflow: SpanView }).workflow, name);

type Rank = FirstPassRanker['rank'];
const RECENT = because('recent');
const GARBAGE: readonly (readonly [item: number, score: number])[] = [[-1, 5], [Number.NaN, 5], [2.5, 5], [1e9, 5], [2 ** 40, 5], [0, Number.NaN], [1, Number.POSITIVE_INFINITY], [2, -5], [3, 0], [4, 1e300]];

const FAULTS: Readonly<Record<string, { readonly rank: Rank; readonly span: object; readonly isMissing: boolean }>> = {
  'hangs': { rank: () => new Promise(() => undefined), span: { outcome: 'fallback', error: 'plugin/timeout' }, isMissing: true },
  'is slow': { rank: async ({ views }, into) => { await sleep(400); into.add(views.catalog.find('article:a59'), 1e6, RECENT); }, span: { outcome: 'fallback', error: 'plugin/timeout' }, isMissing: true },
  'throws': { rank: () => { throw new TypeError('bug'); }, span: { outcome: 'fallback', error: 'plugin/failed' }, isMissing: true },
  'throws half way': { rank: ({ views }, into) => { into.add(views.catalog.find('article:a59'), 1e6, RECENT); throw new TypeError('bug'); }, span: { outcome: 'fallback', error: 'plugin/failed' }, isMissing: true },
  'rejects': { rank: () => Promise.reject(new Error('down')), span: { outcome: 'fallback', error: 'plugin/failed' }, isMissing: true },
  'answers garbage': { rank: (_request, into) => { for (const [item, score] of GARBAGE) into.add(item, score, RECENT); }, span: { outcome: 'ok', kept: 0, removed: { noEntityOrScore: GARBAGE.length } }, isMissing: false },
  'answers what is gone': { rank: ({ views }, into) => { into.add(views.catalog.find('article:gone'), 5, RECENT); }, span: { outcome: 'ok', kept: 1 }, isMissing: false },
};

describe('every first-pass ranker of the pool, one after the other,', () => {
  /** Which ranker is at fault, and how. */
  let fault: { readonly name: string; readonly rank: Rank } | undefined;
  let platform: OpenPlatform;
  beforeAll(async () => {
    const rankers = POOL.map((ranker): FirstPassRanker => ({ ...ranker, timeoutMs: 40, rank: (request, into) => (fault?.name === ranker.name ? fault.rank : ranker.rank)(request, into) }));
    const data = temporaryFolder();
    await publishJourney(data, { items: ARTICLES });
    platform = await fill(await openTestPlatform({ data, rankers, clock: manualClock(START) }));
    await platform.putEntities([{ kind: 'article', id: 'gone', attributes: { title: 'Gone' } }]);
    await platform.deleteEntity('article', 'gone');
  });
  afterAll(() => platform.close());

  test('finds something here when nothing is wrong', async () => {
    fault = undefined;
    const served = await page(platform, 'ana', { limit: LIMIT });
    expect([served.items.length, served.missing]).toEqual([LIMIT, []]);
    for (const { name } of POOL) expect([name, ((await traced(platform, served, name))?.kept ?? 0) > 0]).toEqual([name, true]);
  });

  test.each(Object.entries(FAULTS))('that %s costs its candidates alone: the page is full, and its trace says what was missing and why', async (_name, { rank, span, isMissing }) => {
    for (const { name } of POOL) {
      fault = { name, rank };
      const served = await page(platform, 'ana', { limit: LIMIT });
      expect([name, served.items.length, new Set(namesOf(served.items)).size, served.missing]).toEqual([name, LIMIT, LIMIT, isMissing ? [name] : []]);
      expect(namesOf(served.items)).not.toContain('article:gone');
      expect(await traced(platform, served, name)).toMatchObject(span);
      for (const other of POOL) if (other.name !== name) expect(await traced(platform, served, other.name)).toMatchObject({ operator: other.name, outcome: 'ok' });
    }
  });
});

test('with every ranker hung the page comes at the deadline of the request, with the most recent eligible items', async () => {
  const rankers = POOL.map((ranker): FirstPassRanker => ({ ...ranker, timeoutMs: 60_000, rank: () => new Promise(() => undefined) }));
  const platform = await fill(await openTestPlatform({ rankers, clock: manualClock(START), feed: { deadlineMs: 60 } }));
  await platform.recordEvents([{ type: 'action', id: 'hide', member: 'member:ana', item: 'article:a3', action: 'hide', at: at(0) }], { history: false });
  const served = await page(platform, 'ana', { limit: LIMIT });
  expect(namesOf(served.items)).toEqual(ARTICLES.filter((item) => item !== 'article:a3').slice(0, LIMIT));
  expect(served.missing.toSorted()).toEqual(POOL.map(({ name }) => name).toSorted());
  await platform.close();
});

describe('a journey model that is', () => {
  const breakages: Readonly<Record<string, (data: string) => Promise<void> | void>> = {
    'named and not there': async (data) => { rmSync(await publishJourney(data, { items: ARTICLES }), { recursive: true }); },
    'without its weights': async (data) => { rmSync(join(await publishJourney(data, { items: ARTICLES }), 'weights.f32')); },
    'nonsense': async (data) => { writeFileSync(join(await publishJourney(data, { items: ARTICLES }), 'manifest.json'), 'nonsense'); },
    'a folder where a file should be': async (data) => { const manifest = join(await publishJourney(data, { items: ARTICLES }), 'manifest.json'); rmSync(manifest); mkdirSync(manifest); },
  };

  /** Item by item: what is shown, why, and every feature. */
  const shown = async (data: string): Promise<{ readonly items: readonly { readonly item: string; readonly features: Readonly<Record<string, number>> }[]; readonly missing: readonly string[]; readonly faults: number }> => {
    const faults: unknown[] = [];
    const platform = await fill(await openTestPlatform({ data, clock: manualClock(START), onModelFault: (error) => { faults.push(error); } }));
    const served = await page(platform, 'ana', { limit: LIMIT });
    const { items } = await platform.trace(served.requestId) as { readonly items: readonly { readonly item: string; readonly features: Readonly<Record<string, number>> }[] };
    await platform.close();
    return { items: items.map(({ item, features }) => ({ item, features })), missing: served.missing, faults: faults.length };
  };

  test.each(Object.entries(breakages))('%s leaves the regression alone: the page of a store without one, and a fault that is told', async (_name, spoil) => {
    const alone = await shown(temporaryFolder());
    const data = temporaryFolder();
    await spoil(data);
    const broken = await shown(data);
    expect(broken.items).toEqual(alone.items);
    expect([broken.items.length, broken.missing, alone.faults, broken.faults > 0]).toEqual([LIMIT, [], 0, true]);
    for (const { features } of broken.items) for (const name of JOURNEY_FEATURES) expect(features[name] ?? 0).toBe(0);
  });
});
