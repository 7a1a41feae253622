import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exp2, exp2Each, log2, log2p, log2pEach, sigmoid } from '../../../src/core/powers.ts';

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

test('many at once are the same as one by one, to the last bit', () => {
  const any = fc.oneof(fc.double({ min: -60, max: 60, noNaN: true }), fc.double({ min: -1, max: 1e6, noNaN: true }), fc.constantFrom(0, 2 ** -53, 2 ** -60, 1e-300));
  fc.assert(fc.property(fc.array(any, { maxLength: 9 }), (numbers) => {
    const [powers, logs] = [Float64Array.from(numbers), Float64Array.from(numbers)];
    exp2Each(powers);
    log2pEach(logs);
    expect([...powers]).toEqual(numbers.map(exp2));
    // What has faded below the last bit of 1 is not left out of the definition: it is what the logarithm of 1 comes to.
    expect([...logs]).toEqual(numbers.map((x) => (x > 0 ? log2(1 + x) : 0)));
  }), { seed: 8, numRuns: 2000 });
});
