import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { manualClock, MINUTE } from '../../src/core/clock.ts';
import type { FeedPage } from '../../src/http/contracts.ts';
import type { OpenPlatform } from '../../src/platform/open.ts';
import type { FirstPassRanker } from '../../src/rankers/ranker.ts';
import { pluginRanker, type PluginCandidate, type PluginRanker } from '../../src/rankers/ranker.ts';
import { POOL } from '../../src/rankers/pool/index.ts';
import { because } from '../../src/rankers/ranked-list.ts';
import { namesOf, openTestPlatform, page } from '../support/real-server.ts';

const START = Date.UTC(2026, 5, 1, 12);
const LIMIT = 30;

const plugin = (name: string, changes: Partial<PluginRanker>): FirstPassRanker =>
  pluginRanker({ name, about: 'of a test', kinds: ['article'], timeoutMs: 60, fetch: async () => undefined, transform: () => [], ...changes });

const candidate = (id: string, score = 1): PluginCandidate => ({ item: { kind: 'article', id }, score, reason: 'popularNow' });

const open = async (rankers: readonly FirstPassRanker[], feed: Readonly<Record<string, unknown>> = {}): Promise<OpenPlatform> => {
  const platform = await openTestPlatform({ rankers, clock: manualClock(START), feed });
  await platform.putEntities([
    { kind: 'member', id: '1', attributes: {} }, { kind: 'member', id: '2', attributes: {} },
    ...Array.from({ length: 60 }, (_, n) => ({ kind: 'article', id: `a${n}`, createdAt: new Date(START - n * MINUTE).toISOString(), attributes: { title: `Title ${n}` } })),
  ]);
  return platform;
};

interface SpanView { readonly operator: string; readonly outcome: string; readonly error?: string; readonly kept: number; readonly children?: readonly SpanView[] }
const spanOf = (root: SpanView, name: string): SpanView | undefined => (root.operator === name ? root : root.children?.map((child) => spanOf(child, name)).find((found) => found !== undefined));
const traceSpan = async (platform: OpenPlatform, served: FeedPage, name: string): Promise<SpanView | undefined> =>
  spanOf((await platform.trace(served.requestId) as { readonly workflow: SpanView }).workflow, name);

const never = (): Promise<never> => new Promise<never>(() => undefined);
const MOST_RECENT = Array.from({ length: LIMIT }, (_, n) => `article:a${n}`);

const FAULTS: Readonly<Record<string, { readonly ranker: FirstPassRanker; readonly error: string }>> = {
  'hangs': { ranker: plugin('broken', { fetch: never }), error: 'plugin/timeout' },
  'throws while it fetches': { ranker: plugin('broken', { fetch: () => { throw new Error('down'); } }), error: 'plugin/failed' },
  'rejects': { ranker: plugin('broken', { fetch: () => Promise.reject(new Error('down')) }), error: 'plugin/failed' },
  'throws while it transforms': { ranker: plugin('broken', { transform: () => { throw new Error('bug'); } }), error: 'plugin/failed' },
  'throws at once': { ranker: { name: 'broken', about: '', kinds: ['article'], signals: [], limit: 5, rank: () => { throw new TypeError('bug'); } }, error: 'plugin/failed' },
  'answers no list': { ranker: plugin('broken', { transform: () => 'nonsense' as never }), error: 'plugin/invalidAnswer' },
  'answers a list of nothings': { ranker: plugin('broken', { transform: () => [null, undefined] as never }), error: 'plugin/invalidAnswer' },
  'answers a score that is no number': { ranker: plugin('broken', { transform: () => [candidate('a1'), candidate('a2', Number.NaN)] }), error: 'plugin/invalidAnswer' },
  'answers a score below nought': { ranker: plugin('broken', { transform: () => [candidate('a2', -1)] }), error: 'plugin/invalidAnswer' },
  'answers an unknown reason': { ranker: plugin('broken', { transform: () => [{ ...candidate('a2'), reason: 'becauseISaySo' as never }] }), error: 'plugin/invalidAnswer' },
  'answers a reference that is none': { ranker: plugin('broken', { transform: () => [{ score: 1, reason: 'recent', item: 'article:a1' } as never] }), error: 'plugin/invalidAnswer' },
};

describe('a first-pass ranker that', () => {
  test.each(Object.entries(FAULTS))('%s costs its candidates alone: the page is full, says what is missing, and its trace says why', async (_name, { ranker, error }) => {
    const platform = await open([...POOL, ranker]);
    const served = await page(platform, '1', { limit: LIMIT });
    expect([served.items.length, served.missing]).toEqual([LIMIT, ['broken']]);
    expect(await traceSpan(platform, served, 'broken')).toMatchObject({ outcome: 'fallback', error });
    expect(await traceSpan(platform, served, 'news')).toMatchObject({ outcome: 'ok' });
    await platform.close();
  });

  test('answers items that do not exist, or of kinds it does not declare, brings in the others', async () => {
    const answer = [candidate('nowhere', 9), candidate('a50', 5), { item: { kind: 'member', id: '2' }, score: 7, reason: 'recent' } as const];
    const platform = await open([plugin('odd', { transform: () => answer })]);
    const served = await page(platform, '1', { limit: LIMIT });
    expect([served.items.length, served.missing]).toEqual([LIMIT, []]);
    expect(await traceSpan(platform, served, 'odd')).toMatchObject({ outcome: 'ok', kept: 1 });
    expect(namesOf(served.items)).toContain('article:a50');
    expect(namesOf(served.items)).not.toContain('member:2');
    await platform.close();
  });

  test('answers after its deadline leaves no trace in this page or in those that follow', async () => {
    let late: ((items: readonly PluginCandidate[]) => void) | undefined;
    let slow = true;
    const ranker = plugin('slow', {
      timeoutMs: 40,
      fetch: () => (slow ? new Promise((resolve) => { late = resolve; }) : Promise.resolve([])),
      transform: (raw) => raw as readonly PluginCandidate[],
    });
    // It checks no signal of its own: what holds it off is the workflow.
    const deaf: FirstPassRanker = { ...ranker, name: 'slow', rank: async (request, into) => {
      const answer = await new Promise<readonly PluginCandidate[]>((resolve) => { if (slow) late = resolve; else resolve([]); });
      for (const { item } of answer) into.add(request.views.catalog.find(`${item.kind}:${item.id}`), 100, because('popularNow'));
    } };
    for (const one of [ranker, deaf]) {
      slow = true;
      const platform = await open([...POOL, one]);
      const served = await page(platform, '1', { limit: 60 });
      expect(served.missing).toEqual(['slow']);
      // The next request has begun, with the same memory, when the answer comes.
      slow = false;
      const next = page(platform, '2', { limit: 60 });
      late?.([candidate('a59', 100)]);
      await sleep(5);
      for (const clean of [served, await next, await page(platform, '2', { limit: 60 })]) {
        expect(clean.items.length).toBe(60);
        expect(clean.items.filter(({ reason }) => reason.code === 'popularNow')).toEqual([]);
      }
      await platform.close();
    }
  });

  test('is slower than the whole request may be is left out at the request\'s deadline', async () => {
    const platform = await open([...POOL, plugin('slow', { timeoutMs: 60_000, fetch: never })], { deadlineMs: 50 });
    const served = await page(platform, '1', { limit: LIMIT });
    expect([served.items.length, served.missing]).toEqual([LIMIT, ['slow']]);
    await platform.close();
  });
});

describe('many requests at once', () => {
  test('with a ranker that takes its time never see each other\'s candidates', async () => {
    const own: FirstPassRanker = plugin('own', {
      timeoutMs: 5000,
      fetch: async ({ viewer }) => { await sleep(viewer.id === '1' ? 20 : 2); return viewer.id; },
      transform: (id) => [candidate(id === '1' ? 'a58' : 'a59', 50)],
    });
    const platform = await open([own], { deadlineMs: 10_000 });
    await Promise.all(Array.from({ length: 40 }, async (_, n) => {
      const viewer = n % 2 === 0 ? '1' : '2';
      const served = namesOf((await page(platform, viewer, { limit: 10 })).items);
      expect([served.includes('article:a58'), served.includes('article:a59')]).toEqual([viewer === '1', viewer === '2']);
    }));
    await platform.close();
  });
});

describe('without any ranker that answers', () => {
  test('the page holds the most recent eligible items', async () => {
    const platform = await open(POOL.map((ranker) => ({ ...ranker, rank: () => { throw new Error('down'); } })));
    await platform.recordEvents([{ type: 'action', id: 'h1', member: 'member:1', item: 'article:a60', at: new Date(START).toISOString(), action: 'hide' }], { history: false });
    const served = await page(platform, '1', { limit: LIMIT });
    expect(namesOf(served.items)).toEqual(MOST_RECENT);
    expect([...served.missing].sort()).toEqual(POOL.map(({ name }) => name).sort());
    expect(new Set(served.items.map(({ reason }) => reason.code))).toEqual(new Set(['recent']));
    const rest = await page(platform, '1', { limit: 100, cursor: served.nextCursor });
    expect([rest.items.length, rest.nextCursor]).toEqual([30, null]);
    await platform.close();
  });
});

describe('a ranker beyond the pool', () => {
  test('brings in candidates and moves no feature, wherever it stands in the list', async () => {
    const extra = plugin('extra', { transform: () => [candidate('a57', 3)] });
    const featuresOf = async (rankers: readonly FirstPassRanker[]): Promise<ReadonlyMap<string, unknown>> => {
      const platform = await open(rankers);
      const served = await page(platform, '1', { limit: 60 });
      const trace = await platform.trace(served.requestId) as { readonly items: readonly { readonly item: string; readonly firstPass: Readonly<Record<string, number>>; readonly features: unknown }[] };
      expect(trace.items.find(({ item }) => item === 'article:a57')?.firstPass['extra']).toBe(rankers.includes(extra) ? 3 : undefined);
      await platform.close();
      return new Map(trace.items.map(({ item, features }) => [item, features]));
    };
    const alone = await featuresOf(POOL);
    expect(await featuresOf([...POOL, extra])).toEqual(alone);
    expect(await featuresOf([extra, ...POOL])).toEqual(alone);
  });

  test('that returns more than there is room for leaves later pages whole', async () => {
    const many = Array.from({ length: 30 }, (_, r): FirstPassRanker => ({
      name: `many${r}`, about: '', kinds: ['article'], signals: [], limit: 100,
      rank: ({ views }, into) => { for (let n = 0; n < 100; n++) into.add(views.catalog.find(`article:b${r * 100 + n}`), 1 + n, because('popularNow')); },
    }));
    const platform = await openTestPlatform({ rankers: many, clock: manualClock(START) });
    await platform.putEntities([{ kind: 'member', id: '1', attributes: {} }, ...Array.from({ length: 3000 }, (_, n) => ({ kind: 'article', id: `b${n}`, createdAt: new Date(START - n * MINUTE).toISOString(), attributes: {} }))]);
    const shown = new Set<string>();
    let cursor: string | null = null;
    do {
      const next = await page(platform, '1', { limit: 100, cursor });
      for (const item of namesOf(next.items)) { expect(shown.has(item)).toBe(false); shown.add(item); }
      cursor = next.nextCursor;
      if (cursor !== null) expect(next.items.length).toBe(100);
    } while (cursor !== null);
    expect(shown.size).toBe(3000);
    await platform.close();
  });
});
