/**
 * Powers of two, their logarithms and logistic values from small tables: several times faster than `2 ** x`, `Math.log2` and `Math.exp`, which ranking asks for
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

const real = new Float64Array(1);
/** The words of `real`; the second holds sign, exponent and the first 20 bits of the fraction (little-endian, as the log is). */
const words = new Int32Array(real.buffer);
const LOG_STEPS = 1024;
/** log2 of the middle of each step of [1, 2), and one over it. */
const stepLogs: Float64Array = Float64Array.from({ length: LOG_STEPS }, (_step, i) => Math.log2(1 + (i + 0.5) / LOG_STEPS));
const stepInverses: Float64Array = Float64Array.from({ length: LOG_STEPS }, (_step, i) => 1 / (1 + (i + 0.5) / LOG_STEPS));

/** log2(x) for x above 0. Absolute error below 1e-11. */
export const log2 = (x: number): number => {
  if (!(x > 1e-300 && x < 1e300)) return Math.log2(x);
  real[0] = x;
  const high = words[1] ?? 0;
  const step = (high >>> 10) & (LOG_STEPS - 1);
  const whole = (high >>> 20) - 1023;
  // Scaled into [1, 2) by a product: writing the word back and reading the number would wait for the memory.
  const rest = x * (wholes[-whole - LOWEST] ?? 1) * (stepInverses[step] ?? 1) - 1;
  return whole + (stepLogs[step] ?? 0) + rest * (Math.LOG2E - rest * (Math.LOG2E / 2 - rest * (Math.LOG2E / 3)));
};

/** Up to here 1 + x is 1: what has faded away long ago. */
const FADED: number = 2 ** -53;
const LOG_OF_ONE: number = log2(1);

/** log2(1 + x) for x at least 0; what is less or no number counts as 0. Absolute error below 1e-11. */
export const log2p = (x: number): number => (x > FADED ? log2(1 + x) : x > 0 ? LOG_OF_ONE : 0);

/**
 * The same of many, in place: a loop that both are compiled into. Called one by one for a number each, they give and take it in memory of its
 * own, and ranking asks for thousands of times a page.
 */
export const exp2Each = (values: Float64Array): void => { for (let i = 0; i < values.length; i++) values[i] = exp2(values[i] ?? 0); };
export const log2pEach = (values: Float64Array): void => { for (let i = 0; i < values.length; i++) values[i] = log2p(values[i] ?? 0); };

/** 1 / (1 + e^-z) */
export const sigmoid = (z: number): number => 1 / (1 + exp2(-z * Math.LOG2E));
