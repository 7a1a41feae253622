import { expect, test } from 'vitest';
import { ndcgBy, ndcgOf, untouched } from '../../../src/cli/world-cold.ts';
import type { Pool } from '../../../src/cli/world-policies.ts';
import { FEATURE_NAMES, FEATURES } from '../../../src/models/features.ts';
import type { FeedCard } from '../../../src/world/client.ts';

const card = (n: number): FeedCard => ({
  trackingId: `t${n}`, item: `${n % 2 === 0 ? 'article' : 'post'}:${n}`, kind: n % 2 === 0 ? 'article' : 'post', position: n, reason: { actors: [] }, viewer: { actions: [] },
  card: { title: '', topics: [], author: { ref: `member:${n}` }, publishedAt: new Date(0).toISOString() },
});
const COUNT = 50;
/** Every other pair of cards was touched; worth rises with the number. */
const pool = (touchedFrom: number): Pool => {
  const features = new Float32Array(COUNT * FEATURES);
  for (let n = touchedFrom; n < COUNT; n++) features[n * FEATURES + FEATURE_NAMES.indexOf('people')] = 2;
  return { cards: Array.from({ length: COUNT }, (_, n) => card(n)), features, worth: Float64Array.from({ length: COUNT }, (_, n) => n / 100), annoyance: new Float64Array(COUNT) };
};

test('NDCG is 1 in the best order, less in another, and 0 where nothing is worth anything', () => {
  const worth = [0.1, 0.4, 0.2];
  expect(ndcgOf(worth, [1, 2, 0])).toBeCloseTo(1, 12);
  expect(ndcgOf(worth, [0, 2, 1])).toBeCloseTo((0.1 + 0.2 / Math.log2(3) + 0.4 / 2) / (0.4 + 0.2 / Math.log2(3) + 0.1 / 2), 12);
  expect(ndcgOf([0, 0], [0, 1])).toBe(0);
});

test('what nobody touched is a pool of its own, with its own features and worth', () => {
  const cold = untouched(pool(30));
  expect(cold?.cards.map(({ position }) => position)).toEqual(Array.from({ length: 30 }, (_, n) => n));
  expect(cold?.features).toHaveLength(30 * FEATURES);
  expect(cold?.worth[29]).toBe(0.29);
  expect(untouched(pool(4))?.cards).toHaveLength(4);
  expect(untouched(pool(3))).toBeUndefined();
  const found = ndcgBy(cold ?? pool(0), [{ name: 'knows', scores: ({ worth }) => worth }, { name: 'errs', scores: ({ worth }) => worth.map((one) => -one) }]);
  expect(found.get('knows')).toBeGreaterThan(0.95);
  expect(found.get('errs')).toBeLessThan(0.3);
});
