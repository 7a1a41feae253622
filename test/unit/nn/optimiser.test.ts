import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { createArena, type Arena } from '../../../src/nn/arena.ts';
import { clipScale, gradientNorm } from '../../../src/nn/clip.ts';
import { createAdam } from '../../../src/nn/optimiser.ts';
import { rateAt } from '../../../src/nn/schedule.ts';

const table = (sparse: boolean, decay = false): Arena => createArena([{ name: 'table', shape: [6, 3], init: { kind: 'normal', deviation: 1 }, sparse, decay }], seededRandom(5));

/** Adam in doubles, as the paper writes it. */
const plainAdam = (start: readonly number[], gradients: readonly (readonly number[])[], by: { readonly rate: number; readonly decay: number }): number[] => {
  const [m, v] = [start.map(() => 0), start.map(() => 0)];
  const weights = [...start];
  gradients.forEach((gradient, index) => {
    const t = index + 1;
    gradient.forEach((g, i) => {
      m[i] = 0.9 * (m[i] ?? 0) + 0.1 * g;
      v[i] = 0.98 * (v[i] ?? 0) + 0.02 * g * g;
      const [mHat, vHat] = [(m[i] ?? 0) / (1 - 0.9 ** t), (v[i] ?? 0) / (1 - 0.98 ** t)];
      weights[i] = (weights[i] ?? 0) - by.rate * (mHat / (Math.sqrt(vHat) + 1e-8) + by.decay * (weights[i] ?? 0));
    });
  });
  return weights;
};
const far = (a: ArrayLike<number>, b: ArrayLike<number>): number => Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? 0))));

describe('Adam', () => {
  for (const decay of [0, 0.1]) {
    test(`moves as the paper says, with decay ${decay}`, () => {
      const arena = table(false, true);
      const random = seededRandom(9);
      const gradients = Array.from({ length: 30 }, () => Array.from({ length: 18 }, () => random.next() - 0.3));
      const expected = plainAdam([...arena.values], gradients, { rate: 0.01, decay });
      const adam = createAdam(arena, { betas: [0.9, 0.98], decay });
      for (const gradient of gradients) {
        arena.clearGradients();
        arena.parameter('table').add(Float32Array.from(gradient));
        adam.step(0.01);
      }
      expect(far(arena.values, expected)).toBeLessThan(2e-6);
      expect(adam.steps).toBe(30);
    });
  }
  test('takes no weight from a parameter that is not to decay', () => {
    const arena = table(false);
    const before = arena.values.slice();
    createAdam(arena, { decay: 0.5 }).step(0.1);
    expect(arena.values).toEqual(before);
  });
  test('moves the touched rows of a sparse table alone, each as if it had been there for its own steps only', () => {
    const [sparse, dense] = [table(true), table(false)];
    const before = sparse.values.slice();
    const [sparseAdam, denseAdam] = [createAdam(sparse), createAdam(dense)];
    for (let step = 0; step < 8; step++) {
      sparse.clearGradients();
      const gradient = Float32Array.of(0.1 * step + 0.1, -1, 2);
      sparse.parameter('table').addRows(Int32Array.of(4), gradient);
      // Row 1 comes late: its first step must be corrected as a first step.
      if (step >= 5) sparse.parameter('table').addRows(Int32Array.of(1), gradient);
      sparseAdam.step(0.05);
      dense.clearGradients();
      dense.parameter('table').addRows(Int32Array.of(4), gradient);
      denseAdam.step(0.05);
    }
    expect([...sparseAdam.rowSteps]).toEqual([0, 3, 0, 0, 8, 0]);
    expect(sparse.values.subarray(12, 15)).toEqual(dense.values.subarray(12, 15));
    expect(sparse.values.subarray(6, 12)).toEqual(before.subarray(6, 12));
    expect(sparse.values[5]).toBeLessThan((before[5] ?? 0) - 0.14);
  });
  test('steps from scaled gradients as from smaller ones', () => {
    const run = (size: number, scale: number): Float32Array => {
      const arena = table(false);
      const adam = createAdam(arena, { epsilon: 1 });
      arena.parameter('table').gradient.fill(size);
      adam.step(0.1, scale);
      return arena.values;
    };
    expect(run(4, 0.25)).toEqual(run(1, 1));
    expect(run(4, 1)).not.toEqual(run(1, 1));
  });
  test('goes on from its moments and its count as if it had not stopped', () => {
    const gradientAt = (step: number) => Float32Array.from({ length: 3 }, (_, i) => Math.sin(step + i));
    const run = (arena: Arena, adam: ReturnType<typeof createAdam>, steps: readonly number[]): void => {
      for (const step of steps) {
        arena.clearGradients();
        arena.parameter('table').addRows(Int32Array.of(step % 3), gradientAt(step));
        adam.step(0.1);
      }
    };
    const [whole, first, second] = [table(true), table(true), table(true)];
    run(whole, createAdam(whole), [0, 1, 2, 3, 4, 5, 6]);
    const before = createAdam(first);
    run(first, before, [0, 1, 2]);
    const after = createAdam(second);
    second.values.set(first.values);
    after.moments.set(before.moments);
    after.rowSteps.set(before.rowSteps);
    after.resume(before.steps);
    run(second, after, [3, 4, 5, 6]);
    expect(second.values).toEqual(whole.values);
  });
  test('lets no moment become a denormal number', () => {
    const arena = table(false);
    const adam = createAdam(arena);
    arena.gradients.fill(1e-3);
    adam.step(0.001);
    arena.clearGradients();
    for (let step = 0; step < 900; step++) adam.step(0.001);
    expect(adam.moments.subarray(0, 18).every((value) => value === 0)).toBe(true);
  });
});

describe('clipping', () => {
  test('measures dense and sparse gradients as one', () => {
    const arena = createArena([{ name: 'a', shape: [2], init: { kind: 'zeros' } }, { name: 'b', shape: [9, 1], init: { kind: 'zeros' }, sparse: true }], seededRandom(1));
    arena.parameter('a').gradient.set([2, 4]);
    arena.parameter('b').addRows(Int32Array.of(8, 8), Float32Array.of(1, 3));
    expect(gradientNorm(arena)).toBe(6);
    expect(clipScale(6, 3)).toBe(0.5);
    expect([clipScale(6, 7), clipScale(6, undefined), clipScale(0, 1)]).toEqual([1, 1, 1]);
  });
  test('names the parameter whose gradient is not finite', () => {
    for (const culprit of ['a', 'b']) {
      const arena = createArena([{ name: 'a', shape: [2, 1], init: { kind: 'zeros' } }, { name: 'b', shape: [9, 1], init: { kind: 'zeros' }, sparse: true }], seededRandom(1));
      arena.parameter(culprit).addRows(Int32Array.of(1), Float32Array.of(Number.NaN));
      expect(() => gradientNorm(arena)).toThrow(`parameter "${culprit}" is not finite`);
    }
  });
});

describe('a schedule', () => {
  test('can be constant, after a warm-up', () => {
    expect([0, 1, 3, 4, 1000].map((step) => rateAt({ kind: 'constant', rate: 1, warmUpSteps: 4 }, step))).toEqual([0.25, 0.5, 1, 1, 1]);
    expect(rateAt({ kind: 'constant', rate: 0.3 }, 0)).toBe(0.3);
  });
  test('can rise in a line and fall along a cosine to its floor', () => {
    const cosine = { kind: 'cosine', rate: 1, floor: 0.1, steps: 110, warmUpSteps: 10 } as const;
    const rates = [0, 9, 10, 60, 110, 500].map((step) => rateAt(cosine, step));
    [0.1, 1, 1, 0.55, 0.1, 0.1].forEach((expected, i) => expect(rates[i]).toBeCloseTo(expected, 12));
    for (let step = 10; step < 110; step++) expect(rateAt(cosine, step + 1)).toBeLessThan(rateAt(cosine, step));
  });
});
