import { expect, test } from 'vitest';
import { engagementOf, ORACLE, orderOf, policiesOf, POPULAR, type Pool } from '../../../src/cli/world-policies.ts';
import { UNTRAINED } from '../../../src/feed/second-pass.ts';
import { FEATURE_NAMES, FEATURES } from '../../../src/models/features.ts';
import type { FeedCard } from '../../../src/world/client.ts';

const card = (n: number, kind: string, author: string | null): FeedCard => ({
  trackingId: `t${n}`, item: `${kind}:${n}`, kind, position: n, reason: { actors: [] }, viewer: { actions: [] },
  card: { title: '', topics: [], author: author === null ? null : { ref: author }, publishedAt: new Date(1_700_000_000_000 + 60_000 * n).toISOString() },
});
const features = new Float32Array(4 * FEATURES);
[3, 0, 2, 1].forEach((touches, row) => { features[row * FEATURES + FEATURE_NAMES.indexOf('touches7d')] = touches; });
const pool: Pool = { cards: [card(0, 'article', 'member:a'), card(1, 'post', 'member:b'), card(2, 'article', 'member:a'), card(3, 'job', null)], features, worth: Float64Array.of(0.1, 0.4, 0.2, 0.3), annoyance: new Float64Array(4) };
const policies = new Map(policiesOf({ regression: UNTRAINED }).map((policy) => [policy.name, policy]));
const order = (name: string): number[] => [...orderOf(pool, policies.get(name)?.scores(pool) ?? [])];

test('every policy orders the same candidates by its own scores and keeps the hard rules', () => {
  // Makers stand two apart where they can: the second article of one maker waits for the job.
  expect(order('recency')).toEqual([3, 2, 1, 0]);
  expect(order(POPULAR)).toEqual([0, 3, 1, 2]);
  expect(order(ORACLE)).toEqual([1, 3, 2, 0]);
});

test('a page is worth what its places are looked at times what stands there', () => {
  const examination = (place: number): number => 1 / (place + 1);
  expect(engagementOf(pool, order(ORACLE), { places: 3, examination })).toBeCloseTo(0.4 + 0.3 / 2 + 0.2 / 3, 12);
});
