import { describe, expect, test } from 'vitest';
import { normal, seededRandom } from '../../../src/core/random.ts';
import { fitFisher } from '../../../src/models/fisher.ts';
import { scoreRow, sigmoid, type Examples } from '../../../src/models/logistic.ts';

const WEIGHTS = [0.8, -0.02, 30, 0];
const SCALES = [1, 50, 0.02, 3];
const BIAS = -1.2;

const draw = (count: number): Examples & { readonly examination: Float32Array } => {
  const random = seededRandom(4);
  const [values, labels, examination] = [new Float32Array(count * 4), new Uint8Array(count), new Float32Array(count)];
  for (let row = 0; row < count; row++) {
    let z = BIAS;
    SCALES.forEach((scale, i) => { const x = scale * normal(random); values[row * 4 + i] = x; z += (WEIGHTS[i] ?? 0) * x; });
    examination[row] = 0.2 + 0.8 * random.next();
    labels[row] = random.next() < (examination[row] ?? 1) * sigmoid(z) ? 1 : 0;
  }
  return { width: 4, count, values, labels, examination };
};

describe('Fisher scoring', () => {
  const rows = draw(60_000);
  const head = fitFisher(rows);
  test('finds the weights of features of any scale where not all cards were looked at', () => {
    head.weights.forEach((weight, i) => expect(Math.abs(weight - (WEIGHTS[i] ?? 0)) * (SCALES[i] ?? 1)).toBeLessThan(0.04));
    expect(head.bias).toBeCloseTo(BIAS, 1);
  });
  test('predicts as many as there were, far closer than chance would have it', () => {
    let expected = 0;
    for (let row = 0; row < rows.count; row++) expected += (rows.examination[row] ?? 1) * sigmoid(scoreRow(head, rows.values, row));
    expect(rows.labels.reduce((sum, label) => sum + label, 0) / expected).toBeCloseTo(1, 2);
  });
  test('ends at the same place from wherever it begins', () => {
    const elsewhere = fitFisher(rows, { from: { weights: Float64Array.of(0.5, 0.01, 10, 0.2), bias: -1 } });
    elsewhere.weights.forEach((weight, i) => expect(Math.abs(weight - (head.weights[i] ?? 0)) * (SCALES[i] ?? 1)).toBeLessThan(0.01));
  });
  test('gives no weight to what it is told to leave out, nor to what never varies', () => {
    const constant = { ...rows, values: rows.values.map((value, i) => (i % 4 === 3 ? 5 : value)) };
    const without = fitFisher(constant, { without: [0] });
    expect([without.weights[0], without.weights[3]]).toEqual([0, 0]);
    expect(Number.isFinite(without.bias)).toBe(true);
  });
});
