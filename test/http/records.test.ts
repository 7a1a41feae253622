import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeEntity } from '../../src/catalog/records.ts';
import { manualClock } from '../../src/core/clock.ts';
import { ALL_SIGNALS } from '../../src/core/registry.ts';
import { decodeAnswered } from '../../src/funnel/answered.ts';
import { decodeEvent } from '../../src/funnel/codec.ts';
import { decodeServed, decodeServedCards, encodeServed, sponsoredCards } from '../../src/funnel/served.ts';
import { FEATURE_SET, FEATURES } from '../../src/models/features.ts';
import type { OpenPlatform } from '../../src/platform/open.ts';
import { POOL } from '../../src/rankers/pool/index.ts';
import { openTestPlatform, page, temporaryFolder } from '../support/real-server.ts';

const START = Date.UTC(2026, 5, 1, 12);

const numbered = (platform: OpenPlatform, names: readonly string[]): readonly number[] => names.map((name) => platform.state.catalog.find(name));

describe('dense numbers', () => {
  test('are never given out twice, whatever is deleted and erased', async () => {
    const platform = await openTestPlatform();
    const taken = new Set<number>();
    for (let round = 0; round < 5; round++) {
      const names = [`member:m${round}`, `article:a${round}`, 'article:same', `post:p${round}`];
      await platform.putEntities([
        { kind: 'member', id: `m${round}`, attributes: {} }, { kind: 'article', id: `a${round}`, attributes: {} }, { kind: 'article', id: 'same', attributes: {} },
        { kind: 'post', id: `p${round}`, attributes: { author: `member:m${round}` } },
      ]);
      const numbers = numbered(platform, names);
      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
      numbers.forEach((number, i) => { if (names[i] !== 'article:same') { expect(taken.has(number)).toBe(false); taken.add(number); } });
      await platform.deleteEntity('article', `a${round}`);
      await platform.erase(`m${round}`);
      // Back under the same name: a deleted article keeps its number, an erased member begins anew.
      await platform.putEntities([{ kind: 'article', id: `a${round}`, attributes: {} }, { kind: 'member', id: `m${round}`, attributes: {} }]);
      const [member = -1, again = -1] = numbered(platform, [`member:m${round}`, `article:a${round}`]);
      expect(again).toBe(numbers[1]);
      expect(taken.has(member)).toBe(false);
      taken.add(member);
    }
    await platform.close();
  });

  test('are the same after a restart', async () => {
    const data = temporaryFolder();
    const names = ['member:1', 'article:a', 'article:b', 'company:c', 'member:mentioned'];
    const before = await openTestPlatform({ data });
    await before.putEntities([{ kind: 'member', id: '1', attributes: { connections: ['member:mentioned'] } }, { kind: 'article', id: 'a', attributes: {} }, { kind: 'article', id: 'b', attributes: { author: 'company:c' } }]);
    const numbers = numbered(before, names);
    await before.close();
    const after = await openTestPlatform({ data });
    expect(numbered(after, names)).toEqual(numbers);
    await after.close();
  });
});

describe('a served record', () => {
  test('carries everything that learning and explanation need', async () => {
    const clock = manualClock(START);
    const platform = await openTestPlatform({ clock, feed: { exploration: 1 } });
    await platform.putEntities([
      { kind: 'member', id: 'ana', attributes: { name: 'Ana' } }, { kind: 'member', id: '1', attributes: { connections: ['member:ana'] } },
      ...Array.from({ length: 60 }, (_, n) => ({ kind: 'article', id: `a${n}`, attributes: { title: `Title ${n}`, ...(n === 0 ? { author: 'member:ana' } : {}) } })),
    ]);
    const consent = { ...ALL_SIGNALS, profile: false };
    await platform.setConsent('1', consent);
    const shown = await page(platform, '1', { limit: 20 });
    await platform.idle();
    const record = platform.log.get({ partition: 0, sequence: platform.state.pages.find(shown.requestId) });
    expect(record).toMatchObject({ type: 'served', id: shown.requestId, at: START, member: '1' });
    const payload = record?.payload ?? new Uint8Array();
    expect(payload[0]).toBe(4);
    const served = decodeServed(payload);
    expect(served).toMatchObject({ layer: 'mixer', surface: 'feed', sort: 'relevance', model: 'untrained', weights: expect.stringMatching(/./u) as string, rules: expect.stringMatching(/./u) as string, featureSet: FEATURE_SET, assignments: {}, consent });
    expect(served.rankers).toEqual(POOL.map(({ name }) => name));
    expect(served.eligible).toBe(60);
    expect(served.eligibleDigest).toBeGreaterThan(0);
    expect(served.items.map(({ item, position }) => [item, position])).toEqual(shown.items.map(({ item }, place) => [item, place]));
    expect(served.items.filter(({ forced }) => forced)).toHaveLength(2);
    for (const item of served.items) {
      expect(item.features).toHaveLength(FEATURES);
      expect(item.features).toBeInstanceOf(Float32Array);
      expect(item.scores.length).toBeGreaterThan(0);
      expect(item.scores.every(({ score }) => score > 0)).toBe(true);
      expect(item.propensity).toBeGreaterThan(0);
      expect(item.propensity).toBeLessThanOrEqual(1);
      expect(item.ranker).toBeLessThan(POOL.length);
    }
    // Two of twenty places change items: this pair is one of 190, and each place is in 19 of them.
    for (const { forced, propensity } of served.items) expect(propensity).toBeCloseTo(forced ? 1 / 190 : 1 - 19 / 190, 6);
    // No name of another member enters the log: reasons are codes, members are ids.
    expect(Buffer.from(payload).includes('Ana')).toBe(false);
    expect(shown.items.some(({ reason }) => reason.text.includes('Ana'))).toBe(true);
    // Bytes for each item served, its share of the page's own left out. Measured on 2026-11-21: 251, of which 4 × 51 are features;
    // 30,000 items a second would be 650 GB a day.
    const empty = encodeServed({ ...served, items: [] }).length;
    expect((payload.length - empty) / served.items.length).toBeLessThan(4 * FEATURES + 80);
    await platform.close();
  });

  test('a page by time and a later page are recorded as such', async () => {
    const platform = await openTestPlatform({ clock: manualClock(START) });
    await platform.putEntities([{ kind: 'member', id: '1', attributes: {} }, ...Array.from({ length: 30 }, (_, n) => ({ kind: 'article', id: `a${n}`, attributes: {} }))]);
    const first = await page(platform, '1', { limit: 10, sort: 'recent' });
    const second = await page(platform, '1', { limit: 10, sort: 'recent', cursor: first.nextCursor });
    await platform.idle();
    const served = decodeServed(platform.log.get({ partition: 0, sequence: platform.state.pages.find(second.requestId) })?.payload ?? new Uint8Array());
    expect([served.sort, served.items[0]?.position]).toEqual(['recent', 10]);
    await platform.close();
  });
});

/** Payloads as the first version wrote them. These files are never written again: whoever changes a layout adds a file and keeps these readable. */
describe('payloads of layout 1', () => {
  const read = (name: string): Uint8Array => readFileSync(new URL(`../fixtures/log/${name}-1.bin`, import.meta.url));

  test('an entity', () => {
    expect(decodeEntity(read('entity'))).toEqual({ kind: 'article', id: 'a1', createdAt: 1_764_000_000_000, attributes: { title: 'Überblick', topics: ['one', 'two'], author: 'member:7' } });
  });

  test('an impression and an undone like', () => {
    expect(decodeEvent(read('impression'))).toEqual({ type: 'impression', action: 0, undo: false, item: 'article:a1', trackingId: 'req-1', surface: 'feed', visibleMs: 1234, related: 'span-1', sentAt: 1_764_000_001_000, receivedAt: 1_764_000_002_000 });
    expect(decodeEvent(read('undo'))).toEqual({ type: 'action', action: 1, undo: true, item: 'article:a1', trackingId: 'req-1', surface: 'feed', visibleMs: 0, related: 'event-1', sentAt: 0, receivedAt: 1_764_000_002_000 });
  });

  test('a served page', () => {
    expect(decodeServed(read('served'))).toEqual({
      layer: 'mixer', surface: 'feed', sort: 'relevance', model: 'm-1', weights: 'w-1', rules: 'rules-1', journey: '', featureSet: 0xdeadbeef, assignments: { colour: 'red' },
      consent: { profile: true, activity: false, graph: true, sequence: false, messages: false }, eligible: 500, eligibleDigest: 0x12345678, rankers: ['network', 'news'],
      items: [{ candidate: 3, position: 0, item: 'article:a1', ranker: 1, reason: 2, actors: ['member:7'], propensity: 0.5, forced: true, scores: [{ ranker: 0, score: 1.5 }, { ranker: 1, score: 0.25 }], features: Float32Array.of(1, -2, 0.5), value: 0.75, finalValue: 0.375 }],
      trace: '{"operator":"feed"}',
    });
  });
});

const servedOf = (layout: number): ReturnType<typeof decodeServed> => decodeServed(readFileSync(new URL(`../fixtures/log/served-${layout}.bin`, import.meta.url)));

test('of a served page of any layout the cards alone can be read', () => {
  for (const layout of [1, 2, 3, 4]) {
    const { items, trace: _trace, competing: _competing, ...head } = servedOf(layout);
    const cards = items.map(({ candidate, position, item, ranker, reason }) => ({ candidate, position, item, ranker, reason }));
    expect(decodeServedCards(readFileSync(new URL(`../fixtures/log/served-${layout}.bin`, import.meta.url)))).toEqual({ ...head, items: cards });
  }
});

test('what the layer that answers let out, in layout 1', () => {
  expect(decodeAnswered({ payload: readFileSync(new URL('../fixtures/log/answered-1.bin', import.meta.url)) })).toEqual({ surface: 'feed', cards: [{ candidate: 3, position: 0 }, { candidate: 500, position: 70_000 }] });
});

test('a served page of layout 2 names the journey model too', () => {
  expect(servedOf(2)).toEqual({ ...servedOf(1), journey: 'journey-1' });
});

test('a served page of layout 3 says which cards were paid for, by whom and at what price', () => {
  const bytes = readFileSync(new URL('../fixtures/log/served-3.bin', import.meta.url));
  const sponsored = { campaign: 'campaign:c1', pays: 'click', price: 1.25 } as const;
  expect(servedOf(3)).toEqual({ ...servedOf(2), items: servedOf(2).items.map((item) => ({ ...item, sponsored })) });
  expect(sponsoredCards(bytes)).toEqual([{ ...sponsored, candidate: 3 }]);
  expect(sponsoredCards(readFileSync(new URL('../fixtures/log/served-2.bin', import.meta.url)))).toEqual([]);
});

test('a served page of layout 4 says what competed for its places', () => {
  const competing = { organic: Float32Array.of(0.5, 0.25, 0.125), utility: Float32Array.of(0.375, 0), revenue: Float32Array.of(1.5, 2), hide: Float32Array.of(0, 0.0625) };
  expect(servedOf(4)).toEqual({ ...servedOf(3), competing });
  expect(encodeServed(servedOf(4))).toEqual(new Uint8Array(readFileSync(new URL('../fixtures/log/served-4.bin', import.meta.url))));
});
