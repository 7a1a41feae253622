/**
 * Powers of two and logistic values from a small table: several times faster than `2 ** x` and `Math.exp`, which ranking asks for
 * thousands of times a page. Relative error below 1e-11, so nothing that is stored as float32 tells the difference.
 */
const STEPS = 256;
const LOWEST = -1022;

/** 2^(i / STEPS), and 2^(LOWEST + i). */
const fractions: Float64Array = Float64Array.from({ length: STEPS }, (_step, i) => 2 ** (i / STEPS));
const wholes: Float64Array = Float64Array.from({ length: -LOWEST + 1024 }, (_whole, i) => 2 ** (LOWEST + i));
const LN2_STEP: number = Math.LN2 / STEPS;

/** 2^x. Below 2^-1022: 0; where doubles end: Infinity. */
export const exp2 = (x: number): number => {
  // Written so that NaN takes the slow way, too.
  if (!(x > LOWEST && x < 1023)) return 2 ** x;
  const scaled = x * STEPS;
  const step = Math.floor(scaled);
  // What is left of the exponent, below ln 2 / 256: four terms of the series are exact to 2e-14.
  const rest = (scaled - step) * LN2_STEP;
  return (wholes[(step >> 8) - LOWEST] ?? 0) * (fractions[step & (STEPS - 1)] ?? 0) * (1 + rest * (1 + rest * (1 / 2 + rest * (1 / 6))));
};

/** 1 / (1 + e^-z) */
export const sigmoid = (z: number): number => 1 / (1 + exp2(-z * Math.LOG2E));
