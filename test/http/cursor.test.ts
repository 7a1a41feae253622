import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manualClock, MINUTE } from '../../src/core/clock.ts';
import { ThroughlineError } from '../../src/core/errors.ts';
import type { OpenPlatform } from '../../src/platform/open.ts';
import { allPages, namesOf, openTestPlatform, page, serveInProcess, spawnServer, temporaryFolder } from '../support/real-server.ts';
import { call } from '../support/requests.ts';

const START = Date.UTC(2026, 5, 1, 12);
const article = (n: number, changes: Readonly<Record<string, unknown>> = {}): unknown => ({ kind: 'article', id: `a${n}`, createdAt: new Date(START - n * MINUTE).toISOString(), attributes: { title: `Title ${n}` }, ...changes });
const member = (id: string): unknown => ({ kind: 'member', id, attributes: {} });
const codeOf = (error: unknown): string => (error instanceof ThroughlineError ? error.code : String(error));
const refusal = (work: Promise<unknown>): Promise<{ code: string; detail: string }> => work.then(() => ({ code: 'none', detail: '' }), (error: unknown) => ({ code: codeOf(error), detail: error instanceof Error ? error.message : '' }));
const hide = (n: number, id: string): unknown => ({ type: 'action', id, member: 'member:1', item: `article:a${n}`, at: new Date(START).toISOString(), action: 'hide' });

/** 1,500 articles: several times what the rankers return. */
const COUNT = 1500;
const fill = async (platform: OpenPlatform): Promise<void> => {
  await platform.putEntities([member('1'), member('2'), ...Array.from({ length: COUNT }, (_, n) => article(n))]);
};

describe('a feed by time', () => {
  let platform: OpenPlatform;
  beforeAll(async () => {
    platform = await openTestPlatform({ clock: manualClock(START) });
    await fill(platform);
  });
  afterAll(() => platform.close());

  test('joined pages equal the order at the first page, whatever the size of each page and whatever arrives between them', async () => {
    let fresh = 10_000;
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 3, maxLength: 12 }), async (limits) => {
      const expected: string[] = [];
      for (const one of await allPages(platform, '1', { sort: 'recent', limit: 100 })) expected.push(...namesOf(one.items));
      const joined: string[] = [];
      let cursor: string | null = null;
      for (let turn = 0; ; turn++) {
        const next = await page(platform, '1', { sort: 'recent', limit: limits[turn % limits.length] ?? 20, cursor });
        joined.push(...namesOf(next.items));
        cursor = next.nextCursor;
        if (cursor === null) break;
        // One at the top, one in the middle of what is still to come, and one that was there before, put again.
        if (turn < 3) await platform.putEntities([article(0, { id: `new${fresh++}` }), article(COUNT / 2, { id: `new${fresh++}` }), article(700 + turn)]);
      }
      expect(joined).toEqual(expected);
    }), { seed: 3, numRuns: 6 });
  });

  test('positions count on from page to page', async () => {
    const pages = await allPages(platform, '1', { sort: 'recent', limit: 97 });
    const positions = pages.flatMap(({ items }) => items.map(({ position }) => position));
    expect(positions).toEqual(positions.map((_, place) => place));
  });

  test('an article put again without a date keeps its place', async () => {
    const before = namesOf((await page(platform, '1', { sort: 'recent', limit: 100 })).items);
    await platform.putEntities([{ kind: 'article', id: (before[50] ?? '').slice('article:'.length), attributes: { title: 'Corrected' } }]);
    const after = await page(platform, '1', { sort: 'recent', limit: 100 });
    expect(namesOf(after.items)).toEqual(before);
    expect(after.items[50]?.card.title).toBe('Corrected');
  });
});

describe('a feed by relevance', () => {
  test('each item eligible at the first page appears exactly once before the end, while others arrive, go and are put again', async () => {
    const platform = await openTestPlatform({ clock: manualClock(START) });
    await fill(platform);
    let turn = 0;
    const gone = new Set<string>();
    const pages = await allPages(platform, '1', {
      limit: 60,
      between: async (so) => {
        turn++;
        const served = new Set(namesOf(so.items));
        await platform.putEntities([article(0, { id: `late${turn}` }), article(900, { id: `late-old${turn}` }), article(COUNT - turn, { attributes: { title: 'Again' } }), article(turn)]);
        const hidden = 1000 + turn;
        const deleted = 1100 + turn;
        const redated = 1200 + turn;
        if (!served.has(`article:a${hidden}`)) gone.add(`article:a${hidden}`);
        gone.add(`article:a${deleted}`).add(`article:a${redated}`);
        await platform.recordEvents([hide(hidden, `hide-${turn}`)], { history: false });
        await platform.deleteEntity('article', `a${deleted}`);
        // One that comes back is new, and so is one dated otherwise.
        if (turn % 2 === 0) await platform.putEntities([article(deleted)]);
        await platform.putEntities([article(redated, { createdAt: new Date(START - (turn % 2 === 0 ? 1 : 2000) * MINUTE).toISOString() })]);
      },
    });
    const shown = pages.flatMap(({ items }) => namesOf(items));
    expect(new Set(shown).size).toBe(shown.length);
    const eligible = Array.from({ length: COUNT }, (_, n) => `article:a${n}`);
    const seen = new Set(shown);
    expect(eligible.filter((item) => !seen.has(item) && !gone.has(item))).toEqual([]);
    expect(shown.filter((item) => item.startsWith('article:late'))).toEqual([]);
    expect(pages.slice(0, -1).every(({ items }) => items.length === 60)).toBe(true);
    expect(turn).toBeGreaterThan(20);
    await platform.close();
  });

  test('the same cursor gives the same items again', async () => {
    const platform = await openTestPlatform({ clock: manualClock(START) });
    await fill(platform);
    let cursor = (await page(platform, '1')).nextCursor;
    for (let turn = 0; turn < 45; turn++) {
      const once = await page(platform, '1', { cursor, limit: 30 });
      expect(namesOf((await page(platform, '1', { cursor, limit: 30 })).items)).toEqual(namesOf(once.items));
      cursor = once.nextCursor;
      if (cursor === null) break;
    }
    await platform.close();
  });

  test('a cursor of a store with millions of entities still fits into a request', async () => {
    const server = await serveInProcess();
    // What makes a cursor long is large numbers: the codec alone can tell.
    const { createCursorCodec } = await import('../../src/feed/cursor.ts');
    const { LIMITS } = await import('../../src/http/contracts.ts');
    const { CAPACITY } = await import('../../src/feed/candidates.ts');
    const codec = createCursorCodec({ secret: new Uint8Array(32), lifetimeMs: MINUTE, digest: () => 0 });
    const text = codec.encode({ sort: 'relevance', createdAt: START, horizon: 1e9, position: 0, ranked: new Int32Array(CAPACITY).fill(2 ** 31 - 1), offset: 0, sponsored: [], lastSponsored: -1, tail: { createdAt: Infinity, item: 0 } }, '1');
    expect(text.length).toBeLessThanOrEqual(LIMITS.cursorBytes);
    await call(server, '/v1/entities/member/1', { method: 'PUT', body: { attributes: {} } });
    const answer = await call(server, `/v1/members/1/feed?cursor=${text}`);
    expect([answer.status, answer.json['code']]).toEqual([400, 'client/invalidCursor']);
    await server.close();
  });
});

describe('cursors', () => {
  test('survive a restart, and go on in the order fixed before it', async () => {
    const data = temporaryFolder();
    const clock = manualClock(START);
    const before = await openTestPlatform({ data, clock });
    await fill(before);
    const first = await page(before, '1', { limit: 40 });
    const expected = await page(before, '1', { limit: 40, cursor: first.nextCursor });
    await before.close();
    const after = await openTestPlatform({ data, clock });
    await after.putEntities([article(0, { id: 'after-restart' })]);
    expect(namesOf((await page(after, '1', { limit: 40, cursor: first.nextCursor })).items)).toEqual(namesOf(expected.items));
    const rest = await allPages(after, '1', { limit: 100, cursor: first.nextCursor });
    const shown = [first, ...rest].flatMap(({ items }) => namesOf(items));
    expect([new Set(shown).size, shown.length]).toEqual([COUNT, COUNT]);
    await after.close();
  });

  test('are refused when altered, of another member, for another order; expired ones say what to do', async () => {
    const clock = manualClock(START);
    const platform = await openTestPlatform({ clock, feed: { cursorLifetimeMinutes: 10 } });
    await fill(platform);
    const cursor = (await page(platform, '1')).nextCursor ?? '';
    const middle = Math.floor(cursor.length / 2);
    for (const at of [0, 5, 30, middle, cursor.length - 1]) {
      const altered = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
      expect((await refusal(page(platform, '1', { cursor: altered }))).code).toBe('client/invalidCursor');
    }
    expect((await refusal(page(platform, '2', { cursor }))).code).toBe('client/invalidCursor');
    expect((await refusal(page(platform, '1', { cursor, sort: 'recent' }))).code).toBe('client/invalidCursor');
    clock.advance(10 * MINUTE + 1);
    const late = await refusal(page(platform, '1', { cursor }));
    expect(late.code).toBe('client/cursorExpired');
    expect(late.detail).toContain('ask for the first page again');
    await platform.close();
  });

  test('of a store whose numbering changed (an erasure, then a restart) are answered 410', async () => {
    const data = temporaryFolder();
    const before = await openTestPlatform({ data });
    await before.putEntities([member('early'), member('1'), ...Array.from({ length: 200 }, (_, n) => ({ kind: 'article', id: `a${n}`, attributes: {} }))]);
    const { nextCursor } = await page(before, '1', { limit: 50 });
    await before.erase('early');
    expect((await page(before, '1', { limit: 50, cursor: nextCursor })).items.length).toBe(50);
    await before.close();
    const server = await serveInProcess({ data });
    const answer = await call(server, `/v1/members/1/feed?cursor=${nextCursor ?? ''}`);
    expect([answer.status, answer.json['code']]).toEqual([410, 'client/cursorExpired']);
    expect(answer.json['detail']).toContain('first page again');
    await server.close();
  });

  test('go on at another worker', async () => {
    const server = await spawnServer({ workers: 2 });
    await call(server, '/v1/entities', { body: [member('1'), ...Array.from({ length: 300 }, (_, n) => ({ kind: 'article', id: `a${n}`, attributes: {} }))] });
    const shown: string[] = [];
    let cursor: unknown = null;
    do {
      // A connection of its own for each page, so that both workers are asked.
      const { json } = await call(server, `/v1/members/1/feed?limit=15${typeof cursor === 'string' ? `&cursor=${cursor}` : ''}`, { headers: { connection: 'close' } });
      shown.push(...namesOf(json['items'] as never));
      cursor = json['nextCursor'];
    } while (cursor !== null);
    expect([new Set(shown).size, shown.length]).toEqual([300, 300]);
    await server.close();
  });
});
