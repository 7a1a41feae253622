import { expect, test } from 'vitest';
import type { Pool } from '../../../src/cli/world-policies.ts';
import { sessionOf } from '../../../src/cli/world-sessions.ts';
import { seededRandom } from '../../../src/core/random.ts';
import type { FeedCard } from '../../../src/world/client.ts';
import { parameters } from '../../../src/world/parameters.ts';
import { createWorld } from '../../../src/world/world.ts';

const world = createWorld(parameters({ members: 24 }));
const CARDS = 200;
const cards = Array.from({ length: CARDS }, (_, n): FeedCard => ({
  trackingId: `t${n}`, item: `article:${n}`, kind: 'article', position: n, reason: { actors: [] }, viewer: { actions: [] },
  card: { title: '', topics: [], author: null, publishedAt: '2026-01-01T00:00:00.000Z' },
}));
const order = Int32Array.from(cards, (_, n) => n);
const poolWorth = (worth: number, annoyance = 0): Pool => ({ cards, features: new Float32Array(), worth: new Float64Array(CARDS).fill(worth), annoyance: new Float64Array(CARDS).fill(annoyance) });
const figures = (pool: Pool) => {
  const all = world.people.map((person) => sessionOf(pool, order, { person, world, random: seededRandom(5).fork(person.id) }));
  const mean = (name: 'actions' | 'depth' | 'returns'): number => all.reduce((sum, one) => sum + one[name], 0) / all.length;
  return { actions: mean('actions'), depth: mean('depth'), returns: mean('returns') };
};

test('a session in which cards please goes deeper, and brings its member back more often', () => {
  const [none, some, many] = [figures(poolWorth(0)), figures(poolWorth(0.3)), figures(poolWorth(0.6))];
  expect(none.actions).toBe(0);
  expect(some.actions > none.actions && many.actions > some.actions).toBe(true);
  expect(some.depth > none.depth && many.depth > some.depth && many.depth <= world.values.depthMaximum).toBe(true);
  expect(some.returns > none.returns && many.returns > some.returns).toBe(true);
});

test('cards that annoy cost returns, not depth', () => {
  const [plain, annoying] = [figures(poolWorth(0.4)), figures(poolWorth(0.4, 0.3))];
  expect([annoying.actions, annoying.depth]).toEqual([plain.actions, plain.depth]);
  expect(annoying.returns).toBeLessThan(plain.returns);
});
