import { describe, expect, test } from 'vitest';
import { normal, seededRandom } from '../../../src/core/random.ts';
import { correct, fitCorrection, reliability } from '../../../src/models/calibration.ts';
import type { Examples } from '../../../src/models/logistic.ts';
import { fitLogistic, meanLoss, scoreRow, sigmoid, trialLoss } from '../../../src/models/logistic.ts';

const TRUE = { weights: Float64Array.of(1.2, -0.7, 0, 0.4), bias: -1.5 };
const SCALES = [1, 1000, 0.01, 5];

const draw = (count: number, seed: number, examined = false): Examples => {
  const random = seededRandom(seed);
  const width = TRUE.weights.length;
  const values = new Float32Array(count * width);
  const labels = new Uint8Array(count);
  const examination = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    let z = TRUE.bias;
    for (let i = 0; i < width; i++) {
      const x = normal(random);
      values[row * width + i] = x * (SCALES[i] ?? 1) + 3 * (SCALES[i] ?? 1);
      z += x * (TRUE.weights[i] ?? 0);
    }
    const e = examined ? 1 / (1 + 0.3 * (row % 10)) : 1;
    examination[row] = e;
    labels[row] = random.next() < e * sigmoid(z) ? 1 : 0;
  }
  return { width, count, values, labels, examination };
};

describe('logistic regression', () => {
  test('slopes agree with finite differences, examined or not', () => {
    for (const z of [-6, -1, 0, 0.5, 4]) for (const y of [0, 1]) for (const e of [1, 0.6, 0.05]) {
      const h = 1e-6;
      const difference = (trialLoss(z + h, y, e).loss - trialLoss(z - h, y, e).loss) / (2 * h);
      expect(trialLoss(z, y, e).slope).toBeCloseTo(difference, 5);
    }
  });

  test.each([false, true])('finds the weights on features of any scale (examination: %s)', (examined) => {
    const { head, validationLoss } = fitLogistic(draw(30_000, 1, examined), draw(8_000, 2, examined), { random: seededRandom(3) });
    head.weights.forEach((weight, i) => expect(weight * (SCALES[i] ?? 1)).toBeCloseTo(TRUE.weights[i] ?? 0, 0.9));
    const truth = draw(8_000, 2, examined);
    expect(validationLoss).toBeCloseTo(meanLoss(head, truth), 9);
  });

  test('the same seed gives the same model, bit by bit', () => {
    const fit = (): unknown => fitLogistic(draw(2_000, 1), undefined, { random: seededRandom(9), epochs: 2 });
    expect(fit()).toEqual(fit());
  });

  test('a constant feature weighs nothing', () => {
    const examples = draw(2_000, 5);
    for (let row = 0; row < examples.count; row++) examples.values[row * 4 + 2] = 7;
    expect(fitLogistic(examples, undefined, { random: seededRandom(1), epochs: 2 }).head.weights[2]).toBe(0);
  });

  test('enough l1 leaves out what does not matter', () => {
    const { head } = fitLogistic(draw(4_000, 6), undefined, { random: seededRandom(1), l1: 4000 });
    expect(Math.abs(head.weights[2] ?? 1)).toBe(0);
    expect(head.weights[0]).toBeGreaterThan(0.5);
  });

  test('listwise learns which of a query was chosen', () => {
    const random = seededRandom(8);
    const queries = 4_000;
    const size = 6;
    const values = new Float32Array(queries * size * 2).map(() => normal(random));
    const labels = new Uint8Array(queries * size);
    for (let q = 0; q < queries; q++) {
      const gains = Array.from({ length: size }, (_, i) => Math.exp(2 * (values[(q * size + i) * 2] ?? 0) - (values[(q * size + i) * 2 + 1] ?? 0)));
      let left = random.next() * gains.reduce((a, b) => a + b, 0);
      const chosen = gains.findIndex((gain) => (left -= gain) < 0);
      labels[q * size + Math.max(chosen, 0)] = 1;
    }
    const examples = { width: 2, count: queries * size, values, labels, queries: Int32Array.from({ length: queries + 1 }, (_, q) => q * size) };
    const { head } = fitLogistic(examples, undefined, { random, loss: 'listwise' });
    expect(head.weights[0]).toBeCloseTo(2, 0);
    expect(head.weights[1]).toBeCloseTo(-1, 0);
    expect(head.bias + 0).toBeCloseTo(0, 1);
  });
});

describe('calibration', () => {
  const rows = draw(40_000, 11);
  const honest = Float64Array.from({ length: rows.count }, (_, row) => scoreRow({ weights: TRUE.weights.map((w, i) => w / (SCALES[i] ?? 1)), bias: TRUE.bias - 3 * TRUE.weights.reduce((a, b) => a + b, 0) }, rows.values, row));

  test('true probabilities look calibrated, doubled logits do not', () => {
    const good = reliability(honest.map(sigmoid), rows.labels);
    expect(good.ratio).toBeCloseTo(1, 1);
    expect(good.ece).toBeLessThan(0.012);
    expect(good.bins).toHaveLength(10);
    expect(reliability(honest.map((z) => sigmoid(2 * z)), rows.labels).ece).toBeGreaterThan(0.03);
  });

  test('scale and shift are undone and fold into the weights', () => {
    const affine = fitCorrection({ logits: honest.map((z) => 2 * z + 1), labels: rows.labels });
    expect(affine.scale).toBeCloseTo(0.5, 1);
    expect(affine.shift).toBeCloseTo(-0.5, 1);
    const head = { weights: Float64Array.of(1, 2, 3, 4), bias: 5 };
    expect(scoreRow(correct(head, affine), rows.values, 7)).toBeCloseTo(affine.scale * scoreRow(head, rows.values, 7) + affine.shift, 6);
  });

  test('a floor is found where some act whatever they see, and none where nobody does', () => {
    const random = seededRandom(5);
    const acted = Uint8Array.from(honest, (z) => (random.next() < 0.05 + 0.95 * sigmoid(z - 2) ? 1 : 0));
    const logits = honest.map((z) => z - 2);
    expect(fitCorrection({ logits, labels: acted }).floor).toBeGreaterThan(0.02);
    const plain = Uint8Array.from(honest, (z) => (random.next() < sigmoid(z - 2) ? 1 : 0));
    expect(fitCorrection({ logits, labels: plain }).floor).toBeLessThan(0.011);
  });

  test('one class alone changes nothing', () => expect(fitCorrection({ logits: Float64Array.of(1, 2), labels: Uint8Array.of(1, 1) })).toEqual({ scale: 1, shift: 0, floor: 0 }));
});
