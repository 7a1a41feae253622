import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exp2, log2p, sigmoid } from '../../../src/core/powers.ts';

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

test('logarithms agree with the plain ones to eleven digits after the point', () => {
  const plain = (x: number): number => Math.log2(1 + Math.max(0, x));
  fc.assert(fc.property(fc.oneof(fc.double({ min: -5, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), fc.double({ min: 0, noNaN: true })), (x) => x === Infinity || Math.abs(log2p(x) - plain(x)) <= 1e-11), { seed: 6, numRuns: 10_000 });
  expect(log2p(Infinity)).toBe(Infinity);
  for (let power = 0; power < 50; power++) expect(log2p(2 ** power - 1)).toBeCloseTo(power, 11);
});
