import { describe, expect, test } from 'vitest';
import { normal, seededRandom } from '../../../src/core/random.ts';
import type { ExaminationRows } from '../../../src/models/examination.ts';
import { examinationAt, fitExamination, nonIncreasing } from '../../../src/models/examination.ts';
import { sigmoid } from '../../../src/models/logistic.ts';

const POSITIONS = 20;
const WIDTH = 6;

/** Sessions of a ranker that already knows something: the better a card, the higher it stands. */
const sessions = (count: number, truth: (k: number) => number, seed: number): ExaminationRows => {
  const random = seededRandom(seed);
  const weights = [1, -0.6, 0.4, 0.8, 0, 0.2];
  const values = new Float32Array(count * POSITIONS * WIDTH);
  const positions = new Uint16Array(count * POSITIONS);
  const labels = new Uint8Array(count * POSITIONS);
  for (let session = 0, row = 0; session < count; session++) {
    const cards = Array.from({ length: POSITIONS }, () => {
      const x = weights.map(() => normal(random));
      return { x, z: weights.reduce((z, w, i) => z + w * (x[i] ?? 0), -0.8), noise: 1.5 * normal(random) };
    });
    cards.sort((a, b) => b.z + b.noise - a.z - a.noise);
    cards.forEach((card, i) => {
      values.set(card.x, row * WIDTH);
      positions[row] = i + 1;
      labels[row++] = random.next() < truth(i + 1) * sigmoid(card.z) ? 1 : 0;
    });
  }
  return { width: WIDTH, count: count * POSITIONS, values, positions, labels };
};

const worstError = (curve: Float64Array, truth: (k: number) => number): number =>
  Math.max(...Array.from(curve, (value, i) => Math.abs(value / truth(i + 1) - 1)));

describe('the examination curve', () => {
  const curves: readonly [string, (k: number) => number][] = [
    ['hyperbolic', (k) => 1 / (1 + 0.25 * (k - 1))],
    ['a power', (k) => k ** -0.7],
    ['flat then falling', (k) => (k <= 4 ? 1 : 0.93 ** (k - 4))],
    ['no bias at all', () => 1],
  ];
  test.each(curves)('is recovered within 5 %% at each of 20 positions under confounded ranking: %s', (_, truth) => {
    const { curve, standardErrors, identified } = fitExamination(sessions(20_000, truth, 7));
    expect(worstError(curve, truth)).toBeLessThan(0.05);
    expect(curve[0]).toBe(1);
    expect(Math.max(...standardErrors)).toBeLessThan(0.08);
    expect(Math.min(...identified.subarray(1))).toBeGreaterThan(0.05);
  });

  test('standard errors say how far off the raw curve is', () => {
    const truth = (k: number): number => k ** -0.5;
    const { raw, standardErrors } = fitExamination(sessions(4_000, truth, 3));
    const z = Array.from(raw, (value, i) => (Math.log(value) - Math.log(truth(i + 1))) / (standardErrors[i] || 1)).slice(1);
    expect(z.reduce((sum, value) => sum + value * value, 0) / z.length).toBeLessThan(3);
  });

  test('positions beyond the last share its value', () => {
    expect(examinationAt([1, 0.5], 9)).toBe(0.5);
    expect(examinationAt([1, 0.5], 1)).toBe(1);
  });

  test('pooling gives the closest falling sequence', () => expect([...nonIncreasing([5, 1, 3, 0], [1, 1, 1, 1])]).toEqual([5, 2, 2, 0]));
});
