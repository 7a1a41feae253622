import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSecondPass } from '../../../src/feed/second-pass.ts';
import { FEATURES } from '../../../src/models/features.ts';

const ROWS = 7;
const number = fc.double({ min: -4, max: 4, noNaN: true });
const head = fc.record({ name: fc.constant('head'), bias: number, value: fc.oneof(fc.constant(0), number), weights: fc.array(number, { minLength: FEATURES, maxLength: FEATURES }) });

test('the value of a row is the weighted sum of its heads, however many there are', () => {
  fc.assert(fc.property(fc.array(head, { minLength: 1, maxLength: 12 }), fc.array(number, { minLength: ROWS * FEATURES, maxLength: ROWS * FEATURES }), (heads, values) => {
    const features = Float32Array.from(values);
    const model = createSecondPass({ version: 'v', featureSetHash: '', heads });
    const scores = new Float32Array(ROWS);
    model.score(features, ROWS, scores);
    for (let row = 0; row < ROWS; row++) expect(scores[row]).toBeCloseTo(heads.reduce((sum, { value }, h) => sum + value * model.predict(features, row, h), 0), 4);
  }), { seed: 9, numRuns: 100 });
});

test('a score that is not a number sinks', () => {
  const scores = new Float32Array(1);
  createSecondPass({ version: 'v', featureSetHash: '', heads: [{ name: 'head', bias: 0, value: 1, weights: Array.from({ length: FEATURES }, () => 1) }] }).score(new Float32Array(FEATURES).fill(Number.NaN), 1, scores);
  expect(scores[0]).toBe(-1);
});
