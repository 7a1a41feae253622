import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createScorer, createSecondPass } from '../../../src/feed/second-pass.ts';
import { createKernels } from '../../../src/kernels/kernels.ts';
import { FEATURES } from '../../../src/models/features.ts';

const ROWS = 7;
const number = fc.double({ min: -4, max: 4, noNaN: true });
const head = fc.record({ name: fc.constant('head'), bias: number, value: fc.oneof(fc.constant(0), number), weights: fc.array(number, { minLength: FEATURES, maxLength: FEATURES }) });

describe.each(['wasm', 'plain'] as const)('the second pass on %s', (backend) => {
  const scorer = createScorer(createKernels({ backend }));

  test('gives a row the weighted sum of its heads, however many there are', () => {
    fc.assert(fc.property(fc.array(head, { minLength: 1, maxLength: 12 }), fc.array(number, { minLength: ROWS * FEATURES, maxLength: ROWS * FEATURES }), (heads, values) => {
      const features = Float32Array.from(values);
      const model = createSecondPass({ version: 'v', featureSetHash: '', heads }, scorer);
      const scores = new Float32Array(ROWS);
      model.score(features, ROWS, scores);
      for (let row = 0; row < ROWS; row++) expect(scores[row]).toBeCloseTo(heads.reduce((sum, { value }, h) => sum + value * model.predict(features, row, h), 0), 4);
    }), { seed: 9, numRuns: 100 });
  });

  test('lets a score that is not a number sink', () => {
    const scores = new Float32Array(1);
    createSecondPass({ version: 'v', featureSetHash: '', heads: [{ name: 'head', bias: 0, value: 1, weights: Array.from({ length: FEATURES }, () => 1) }] }, scorer).score(new Float32Array(FEATURES).fill(Number.NaN), 1, scores);
    expect(scores[0]).toBe(-1);
  });

  test('adds the floors of its heads', () => {
    const scores = new Float32Array(2);
    const heads = [{ name: 'one', bias: 0, value: 2, floor: 0.5, weights: Array.from({ length: FEATURES }, () => 0) }, { name: 'none', bias: 9, value: 0, weights: [] }];
    createSecondPass({ version: 'v', featureSetHash: '', heads }, scorer).score(new Float32Array(2 * FEATURES), 2, scores);
    expect([...scores]).toEqual([1.5, 1.5]);
  });

  test('scores by the model that is asked, while another is served too', () => {
    const models = [1, 2, 3].map((count) => createSecondPass({ version: `v${count}`, featureSetHash: '', heads: Array.from({ length: count }, () => ({ name: 'head', bias: 0, value: 1, weights: Array.from({ length: FEATURES }, () => 0) })) }, scorer));
    for (const at of [0, 1, 0, 2, 1, 0]) {
      const size = 1 + 40 * at;
      const scores = new Float32Array(size);
      models[at]?.score(new Float32Array(size * FEATURES), size, scores);
      expect(scores.every((score) => score === (at + 1) / 2)).toBe(true);
    }
  });
});
