/**
 * Logistic regression on the logarithms of features, with a ridge, and with weights that may not turn against a declared direction: what a
 * few hundred examples can teach, where trees would learn them by heart. Fitted by Newton's steps, each a descent along the coordinates.
 */
import { sigmoid } from '../logistic.ts';
import type { TreeRows } from './trees.ts';

export interface Linear {
  readonly bias: number;
  /** By feature: x counts as weight · sign(x) · log(1 + |x| / scale). */
  readonly scales: Float64Array;
  readonly weights: Float64Array;
}

const STEPS = 8;
const SWEEPS = 30;
const HALVINGS = 6;
/** Held against each weight of a feature of unit spread, in examples at even odds. */
const RIDGE = 4;
const ROWS_MAX = 40_000;
const SAMPLED = 2_000;

const bent = (value: number, scale: number): number => (value < 0 ? -Math.log1p(-value / scale) : Math.log1p(value / scale));

/** The middle of what a feature takes where it is not 0. */
const scalesOf = ({ values, count, width }: TreeRows): Float64Array => Float64Array.from({ length: width }, (_, feature) => {
  const every = Math.max(1, Math.floor(count / SAMPLED));
  const seen: number[] = [];
  for (let row = 0; row < count; row += every) { const value = Math.abs(values[row * width + feature] ?? 0); if (value > 0) seen.push(value); }
  return seen.sort((a, b) => a - b)[seen.length >> 1] ?? 1;
});

interface Design { readonly count: number; readonly width: number; /** [count, width], of mean 0 and spread 1 */ readonly x: Float64Array; readonly y: Float64Array; readonly means: Float64Array; readonly spreads: Float64Array }

const designOf = ({ values, count, width, labels }: TreeRows, scales: Float64Array): Design => {
  const every = Math.max(1, Math.ceil(count / ROWS_MAX));
  const rows = Math.ceil(count / every);
  const x = new Float64Array(rows * width);
  const [means, spreads] = [new Float64Array(width), new Float64Array(width)];
  for (let row = 0; row < rows; row++) for (let i = 0; i < width; i++) {
    const value = bent(values[row * every * width + i] ?? 0, scales[i] ?? 1);
    x[row * width + i] = value;
    means[i] = (means[i] ?? 0) + value / rows;
    spreads[i] = (spreads[i] ?? 0) + (value * value) / rows;
  }
  for (let i = 0; i < width; i++) spreads[i] = Math.sqrt(Math.max((spreads[i] ?? 0) - (means[i] ?? 0) ** 2, 0));
  for (let row = 0; row < rows; row++) for (let i = 0; i < width; i++) { const at = row * width + i; x[at] = (spreads[i] ?? 0) > 1e-9 ? ((x[at] ?? 0) - (means[i] ?? 0)) / (spreads[i] ?? 1) : 0; }
  return { count: rows, width, x, y: Float64Array.from({ length: rows }, (_, row) => labels[row * every] ?? 0), means, spreads };
};

interface Slope { /** Log-likelihood less the ridge. */ readonly worth: number; readonly gradient: Float64Array; /** [width + 1, width + 1], the bias last */ readonly curvature: Float64Array }

const slopeOf = ({ count, width, x, y }: Design, weights: Float64Array): Slope => {
  const size = width + 1;
  const [gradient, curvature] = [new Float64Array(size), new Float64Array(size * size)];
  const row = new Float64Array(size);
  row[width] = 1;
  let worth = 0;
  for (let at = 0; at < count; at++) {
    let score = weights[width] ?? 0;
    for (let i = 0; i < width; i++) { const value = x[at * width + i] ?? 0; row[i] = value; score += value * (weights[i] ?? 0); }
    const p = sigmoid(score);
    worth -= Math.log1p(Math.exp(-Math.abs(score))) + Math.max(score, 0) - (y[at] ?? 0) * score;
    const [left, weight] = [(y[at] ?? 0) - p, Math.max(p * (1 - p), 1e-6)];
    for (let i = 0; i < size; i++) {
      const value = row[i] ?? 0;
      gradient[i] = (gradient[i] ?? 0) + left * value;
      const own = weight * value;
      for (let j = 0; j <= i; j++) curvature[i * size + j] = (curvature[i * size + j] ?? 0) + own * (row[j] ?? 0);
    }
  }
  for (let i = 0; i < width; i++) {
    worth -= (RIDGE / 8) * (weights[i] ?? 0) ** 2;
    gradient[i] = (gradient[i] ?? 0) - (RIDGE / 4) * (weights[i] ?? 0);
    curvature[i * size + i] = (curvature[i * size + i] ?? 0) + RIDGE / 4;
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) curvature[j * size + i] = curvature[i * size + j] ?? 0;
  return { worth, gradient, curvature };
};

/** One step of Newton's within the directions: the quadratic's minimum, coordinate by coordinate. */
const stepped = (weights: Float64Array, { gradient, curvature }: Slope, directions: readonly number[]): Float64Array => {
  const size = weights.length;
  const left = gradient.slice();
  const out = weights.slice();
  for (let sweep = 0; sweep < SWEEPS; sweep++) for (let i = 0; i < size; i++) {
    const free = (out[i] ?? 0) + (left[i] ?? 0) / (curvature[i * size + i] ?? 1);
    const direction = directions[i] ?? 0;
    const next = direction * free < 0 ? 0 : free;
    const change = next - (out[i] ?? 0);
    if (change === 0) continue;
    out[i] = next;
    for (let j = 0; j < size; j++) left[j] = (left[j] ?? 0) - (curvature[j * size + i] ?? 0) * change;
  }
  return out;
};

/** @param directions by feature: +1 where its weight may not be below 0, −1 where not above, 0 where either may be */
export const fitLinear = (rows: TreeRows, directions: readonly number[]): Linear => {
  const { width } = rows;
  const scales = scalesOf(rows);
  const design = designOf(rows, scales);
  let weights: Float64Array = new Float64Array(width + 1);
  const happened = design.y.reduce((sum, label) => sum + label, 0);
  weights[width] = Math.log((happened + 0.5) / (design.count - happened + 0.5));
  let slope = slopeOf(design, weights);
  for (let step = 0; step < STEPS; step++) {
    let next = stepped(weights, slope, directions);
    let there = slopeOf(design, next);
    // A step too far, where few examples are told apart wholly, is taken half as far, and half again.
    for (let halving = 0; halving < HALVINGS && !(there.worth >= slope.worth); halving++) {
      next = next.map((weight, i) => (weight + (weights[i] ?? 0)) / 2);
      there = slopeOf(design, next);
    }
    if (!(there.worth > slope.worth)) break;
    [weights, slope] = [next, there];
  }
  const own = weights.subarray(0, width).map((weight, i) => ((design.spreads[i] ?? 0) > 1e-9 ? weight / (design.spreads[i] ?? 1) : 0));
  return { scales, weights: own, bias: own.reduce((sum, weight, i) => sum - weight * (design.means[i] ?? 0), weights[width] ?? 0) };
};

/** The log-odds of one row of features, which begins at `at`. */
export const linearScore = ({ bias, scales, weights }: Linear, values: Float32Array, at: number): number => {
  let sum = bias;
  for (let i = 0; i < weights.length; i++) { const weight = weights[i] ?? 0; if (weight !== 0) sum += weight * bent(values[at + i] ?? 0, scales[i] ?? 1); }
  return sum;
};

/** The same on one feature alone: what that score says, as log-odds. */
export const fitOne = ({ width, count, values, labels }: TreeRows, feature: number): Linear => {
  const { bias, scales, weights } = fitLinear({ width: 1, count, labels, values: Float32Array.from({ length: count }, (_, row) => values[row * width + feature] ?? 0) }, [1]);
  const spread = (of: Float64Array, fill: number): Float64Array => Float64Array.from({ length: width }, (_, i) => (i === feature ? of[0] ?? 0 : fill));
  // A score that says nothing here still tells who comes first.
  return { bias, scales: spread(scales, 1), weights: spread(weights.map((weight) => Math.max(weight, 1e-6)), 0) };
};
