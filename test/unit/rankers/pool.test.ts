import { expect, test } from 'vitest';
import { CAPACITY, RESERVED } from '../../../src/feed/candidates.ts';
import { FEATURE_KINDS } from '../../../src/models/features.ts';
import { POOL } from '../../../src/rankers/pool/index.ts';

test('what all rankers return has room, so that the last in the list is not cut off by the first', () => {
  expect(POOL.reduce((sum, { limit }) => sum + limit, 0)).toBeLessThanOrEqual(CAPACITY - RESERVED);
});

test('every kind that a ranker returns has a feature of its own', () => {
  expect(POOL.flatMap(({ kinds }) => kinds).filter((kind) => !FEATURE_KINDS.includes(kind))).toEqual([]);
});
