import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderBest } from '../../../src/memory/order.ts';

/** The plain twin: a sort by comparator. */
const plain = (scores: Float32Array, ties: Int32Array): number[] =>
  [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (ties[b] ?? 0) - (ties[a] ?? 0));

const check = (values: readonly number[], limit: number): void => {
  const score = Float32Array.from(values);
  // Distinct, and not in the order of the rows.
  const tie = Int32Array.from(values, (_value, i) => (i * 7919) % 10_007);
  const order = Int32Array.from(values, (_value, i) => i);
  orderBest(order, { size: values.length, limit }, { score, tie });
  expect([...order.subarray(0, Math.min(limit, values.length))]).toEqual(plain(score, tie).slice(0, limit));
  expect([...order].sort((a, b) => a - b)).toEqual([...values.keys()]);
};

test('the best of a list stand in the order of a plain sort, ties and all', () => {
  const few = fc.integer({ min: 0, max: 6 });
  fc.assert(fc.property(fc.array(fc.oneof(few, fc.float({ noNaN: true })), { maxLength: 700 }), fc.integer({ min: 0, max: 800 }), check), { seed: 11, numRuns: 300 });
});

test('sorted, reversed and constant lists are no worse', () => {
  const line = Array.from({ length: 1024 }, (_value, i) => i);
  for (const values of [line, line.toReversed(), line.map(() => 1), line.map((i) => i % 2)]) for (const limit of [1, 20, 512, 1024]) check(values, limit);
});
