import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exp2, sigmoid } from '../../../src/core/powers.ts';

const isClose = (value: number, exact: number): boolean => value === exact || Math.abs(value - exact) <= 1e-11 * Math.abs(exact);

test('powers of two agree with the plain ones to eleven digits', () => {
  fc.assert(fc.property(fc.double({ min: -1000, max: 1000, noNaN: true }), (x) => isClose(exp2(x), 2 ** x)), { seed: 3, numRuns: 5000 });
});

test('whole powers are exact, and the ends are those of doubles', () => {
  for (let x = -1021; x < 1023; x++) expect(exp2(x)).toBe(2 ** x);
  expect(exp2(-5000)).toBe(0);
  expect(exp2(5000)).toBe(Infinity);
  expect(exp2(Number.NaN)).toBeNaN();
});

test('the logistic agrees with the plain one', () => {
  fc.assert(fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (z) => isClose(sigmoid(z), 1 / (1 + Math.exp(-z)))), { seed: 4, numRuns: 5000 });
});
