import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { createArena, type Arena } from '../../../src/nn/arena.ts';
import { createAverage, type Average } from '../../../src/nn/average.ts';

const arenaOf = (sparse: boolean): Arena => createArena([{ name: 'table', shape: [5, 2], init: { kind: 'normal', deviation: 1 }, sparse }, { name: 'bias', shape: [3], init: { kind: 'zeros' } }], seededRandom(3));
/** Moves row `step % 3` and the bias, as an optimiser would. */
const move = (arena: Arena, average: Average, step: number): void => {
  arena.clearGradients();
  const table = arena.parameter('table');
  table.addRows(Int32Array.of(step % 3), Float32Array.of(1, 1));
  average.before();
  const value = table.value.subarray(step % 3 * 2, step % 3 * 2 + 2);
  value.forEach((old, i) => { value[i] = old + Math.sin(step + i); });
  arena.parameter('bias').value.fill(step);
  average.after();
};
const far = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? 0))));

describe('the average of weights', () => {
  test('keeps little of itself at first, and its decay later', () => {
    const arena = arenaOf(false);
    const average = createAverage(arena, 0.9);
    const bias = arena.parameter('bias');
    let expected = 0;
    for (let step = 1; step <= 200; step++) {
      bias.value.fill(step);
      average.before();
      average.after();
      const keep = Math.min(0.9, (1 + step) / (10 + step));
      expected = keep * expected + (1 - keep) * step;
    }
    expect(average.values[bias.offset]).toBeCloseTo(expected, 3);
    expect(expected).toBeCloseTo(191, 0);
  });
  test('is the same for rows that catch up late as for rows averaged at every step', () => {
    const [dense, sparse] = [arenaOf(false), arenaOf(true)];
    const [every, late] = [createAverage(dense, 0.95), createAverage(sparse, 0.95)];
    for (let step = 0; step < 2500; step++) { move(dense, every, step); move(sparse, late, step); }
    every.swap();
    late.swap();
    for (const name of ['table', 'bias']) expect(far(sparse.parameter(name).value, dense.parameter(name).value)).toBeLessThan(1e-4);
    expect(far(dense.parameter('table').value, every.values.subarray(0, 10))).toBeGreaterThan(0.01);
  });
  test('stands in for the weights and gives them back', () => {
    const arena = arenaOf(true);
    const average = createAverage(arena, 0.9);
    for (let step = 0; step < 7; step++) move(arena, average, step);
    const weights = arena.values.slice();
    average.swap();
    expect(average.values).toEqual(weights);
    const averaged = arena.values.slice();
    expect(averaged).not.toEqual(weights);
    average.swap();
    expect([arena.values, average.values]).toEqual([weights, averaged]);
  });
  test('goes on from a copy as if it had not stopped', () => {
    const [arena, copy] = [arenaOf(true), arenaOf(true)];
    const average = createAverage(arena, 0.99);
    for (let step = 0; step < 5; step++) move(arena, average, step);
    const again = createAverage(copy, 0.99);
    copy.values.set(arena.values);
    again.values.set(average.values);
    again.rowSteps.set(average.rowSteps);
    again.resume(5);
    for (let step = 5; step < 12; step++) { move(arena, average, step); move(copy, again, step); }
    average.swap();
    again.swap();
    expect(copy.values).toEqual(arena.values);
  });
});
