/**
 * The examination curve: the probability e_k that the card at position k (counted from 1, e_1 = 1) is looked at, recovered
 * jointly with the relevance model from impressions, P(action) = e_k · σ(w·x + b), by maximum likelihood (Fisher scoring).
 *
 * How it is identified: positions must vary for the same features. Where positions came from a ranker that saw only the
 * features given here, position says nothing more about relevance and the likelihood separates the two; the standard errors
 * carry what confounding is left. Where some positions were drawn by chance, pass those rows alone.
 * The raw curve is then smoothed: second differences over log k shrink by as much as the data ask for (marginal
 * likelihood), and a curve that must fall is pooled until it does.
 */
import { isSampled, standardised, standardOf, type Standard } from './fisher.ts';
import { cholesky, choleskyInverse, choleskySolve, logDeterminant, multiply } from './linear-algebra.ts';
import type { LinearHead } from './logistic.ts';
import { logit, scoreRow, sigmoid } from './logistic.ts';

export interface ExaminationRows {
  readonly width: number;
  readonly count: number;
  readonly values: Float32Array;
  /** Position of each impression, counted from 1. */
  readonly positions: Uint16Array;
  /** 1 where the member did anything positive. */
  readonly labels: Uint8Array;
}

export interface ExaminationOptions {
  /** Positions beyond this one share its value. */
  readonly maxPosition?: number;
  /** The curve never rises. Default true. */
  readonly monotone?: boolean;
  readonly ridge?: number;
  /** Where to begin: a curve recovered from much the same rows. */
  readonly from?: ExaminationCurve;
}

export interface ExaminationCurve {
  /** e_1 = 1, e_2, … */
  readonly curve: Float64Array;
  /** Standard error of log e_k, before smoothing. */
  readonly standardErrors: Float64Array;
  /** The same before smoothing and pooling. */
  readonly raw: Float64Array;
  readonly impressions: Uint32Array;
  /** Share of each position's information left once relevance is accounted for; near 0 the curve is a guess. */
  readonly identified: Float64Array;
  readonly relevance: LinearHead;
  readonly iterations: number;
}

/** Position k of a curve, its last value beyond the end. */
export const examinationAt = (curve: ArrayLike<number>, position: number): number => curve[Math.min(Math.max(position, 1), curve.length) - 1] ?? 1;

/** Parameters: log e_2 … log e_K, then the weights of the standardised features, then the bias. */
interface Problem { readonly rows: ExaminationRows; readonly standard: Standard; readonly positions: number; readonly ridge: number }
interface Sums { readonly gradient: Float64Array; readonly information: Float64Array; logLikelihood: number }

const CEILING = 1 - 1e-6;

/** Rows of the information matrix on the way; at the end it is measured on all of them, for the standard errors. */
const SAMPLED_ROWS = 16_000;
/** Nats: a step that gains less ends the fit. */
const LEAST_GAIN = 0.02;

/** `every`: of so many rows one enters the information matrix, and counts for all of them. */
const likelihood = ({ rows, standard, positions, ridge }: Problem, parameters: Float64Array, every: number): Sums => {
  const { width } = rows;
  const size = parameters.length;
  const first = positions - 1;
  const sums: Sums = { gradient: new Float64Array(size), information: new Float64Array(size * size), logLikelihood: 0 };
  const { gradient, information } = sums;
  const x = new Float64Array(width + 1);
  x[width] = 1;
  for (let row = 0, at = 0; row < rows.count; row++) {
    let z = parameters[first + width] ?? 0;
    for (let i = 0; i < width; i++, at++) {
      const value = ((rows.values[at] ?? 0) - (standard.mean[i] ?? 0)) * (standard.inverse[i] ?? 0);
      x[i] = value;
      z += (parameters[first + i] ?? 0) * value;
    }
    const place = Math.min(rows.positions[row] ?? 1, positions) - 2;
    const p = sigmoid(z);
    const mu = Math.min((place < 0 ? 1 : Math.exp(parameters[place] ?? 0)) * p, CEILING);
    const y = rows.labels[row] ?? 0;
    sums.logLikelihood += y > 0 ? Math.log(Math.max(mu, 1e-300)) : Math.log(1 - mu);
    const residual = (y - mu) / (1 - mu);
    if (place >= 0) gradient[place] = (gradient[place] ?? 0) + residual;
    for (let i = 0; i <= width; i++) gradient[first + i] = (gradient[first + i] ?? 0) + residual * (1 - p) * (x[i] ?? 0);
    if (!isSampled(row, every)) continue;
    const weight = every * (mu / (1 - mu));
    const inner = weight * (1 - p);
    if (place >= 0) information[place * size + place] = (information[place * size + place] ?? 0) + weight;
    for (let i = 0; i <= width; i++) {
      const xi = x[i] ?? 0;
      const line = (first + i) * size;
      if (place >= 0) information[line + place] = (information[line + place] ?? 0) + inner * xi;
      const scaled = inner * (1 - p) * xi;
      for (let j = 0; j <= i; j++) information[line + first + j] = (information[line + first + j] ?? 0) + scaled * (x[j] ?? 0);
    }
  }
  for (let i = 0; i < size; i++) {
    const value = parameters[i] ?? 0;
    sums.logLikelihood -= (ridge / 2) * (i === size - 1 ? 0 : value * value);
    gradient[i] = (gradient[i] ?? 0) - ridge * (i === size - 1 ? 0 : value);
    information[i * size + i] = (information[i * size + i] ?? 0) + ridge + 1e-9;
    for (let j = 0; j < i; j++) information[j * size + i] = information[i * size + j] ?? 0;
  }
  return sums;
};

const start = (problem: Problem, from: ExaminationCurve | undefined): Float64Array => {
  const parameters = new Float64Array(problem.positions + problem.rows.width);
  if (from !== undefined) {
    for (let k = 2; k <= problem.positions; k++) parameters[k - 2] = Math.min(Math.log(examinationAt(from.curve, k)), 0);
    parameters.set(standardised(from.relevance, problem.standard), problem.positions - 1);
    return parameters;
  }
  const rate = problem.rows.labels.reduce((sum, label) => sum + (label > 0 ? 1 : 0), 0) / Math.max(problem.rows.count, 1);
  parameters[parameters.length - 1] = logit(Math.min(Math.max(rate, 1e-4), 0.9));
  return parameters;
};

/** No card is looked at more surely than the first: a position that stands at 1 and is pulled beyond sits this step out. */
const newtonStep = ({ gradient, information }: Sums, parameters: Float64Array, curveSize: number): Float64Array | undefined => {
  const size = parameters.length;
  const pull = Float64Array.from(gradient);
  const matrix = Float64Array.from(information);
  for (let i = 0; i < curveSize; i++) {
    if ((parameters[i] ?? 0) < 0 || (gradient[i] ?? 0) <= 0) continue;
    pull[i] = 0;
    for (let j = 0; j < size; j++) if (j !== i) matrix[i * size + j] = matrix[j * size + i] = 0;
  }
  const factor = cholesky(matrix, size);
  return factor === undefined ? undefined : choleskySolve(factor, pull);
};

const maximise = (problem: Problem, from: ExaminationCurve | undefined): { readonly parameters: Float64Array; readonly information: Float64Array; readonly iterations: number } => {
  let parameters = start(problem, from);
  const every = Math.max(1, Math.floor(problem.rows.count / SAMPLED_ROWS));
  let sums = likelihood(problem, parameters, every);
  let iterations = 0;
  for (; iterations < 40; iterations++) {
    const step = newtonStep(sums, parameters, problem.positions - 1);
    if (step === undefined) break;
    let rate = 1;
    let next = sums;
    let moved = parameters;
    do {
      moved = parameters.map((value, i) => (i < problem.positions - 1 ? Math.min(value + rate * (step[i] ?? 0), 0) : value + rate * (step[i] ?? 0)));
      next = likelihood(problem, moved, every);
      rate /= 2;
    } while (!(next.logLikelihood >= sums.logLikelihood) && rate > 1e-4);
    if (!(next.logLikelihood >= sums.logLikelihood)) break;
    const gain = next.logLikelihood - sums.logLikelihood;
    parameters = moved;
    sums = next;
    if (gain < LEAST_GAIN) break;
  }
  return { parameters, information: likelihood(problem, parameters, 1).information, iterations };
};

/** Squared second divided differences of θ over log k, θ_1 = 0 left out: what roughness costs. */
const roughness = (positions: number): Float64Array => {
  const size = positions - 1;
  const penalty = new Float64Array(size * size);
  for (let k = 2; k < positions; k++) {
    const [left, right] = [Math.log(k / (k - 1)), Math.log((k + 1) / k)];
    const scale = Math.sqrt(2 / (left + right));
    const row: readonly [number, number][] = [[k - 3 + 0, scale / left], [k - 2, -scale * (1 / left + 1 / right)], [k - 1, scale / right]];
    for (const [i, a] of row) for (const [j, b] of row) if (i >= 0 && j >= 0) penalty[i * size + j] = (penalty[i * size + j] ?? 0) + a * b;
  }
  return penalty;
};

/** Smooths θ with precision matrix `precision`; how much is chosen by the marginal likelihood. */
const smooth = (theta: Float64Array, precision: Float64Array): Float64Array => {
  const size = theta.length;
  const penalty = roughness(size + 1);
  const pulled = multiply(precision, theta);
  let best = { evidence: Number.NEGATIVE_INFINITY, theta };
  for (let exponent = -3; exponent <= 7; exponent += 0.5) {
    const lambda = 10 ** exponent;
    const factor = cholesky(precision.map((value, i) => value + lambda * (penalty[i] ?? 0)), size);
    if (factor === undefined) continue;
    const candidate = choleskySolve(factor, pulled);
    let fit = 0;
    for (let i = 0; i < size; i++) fit += (pulled[i] ?? 0) * (candidate[i] ?? 0);
    const evidence = ((size - 1) * Math.log(lambda) - logDeterminant(factor, size) + fit) / 2;
    if (evidence > best.evidence) best = { evidence, theta: candidate };
  }
  return best.theta;
};

/** Pool adjacent violators: the closest non-increasing sequence, weighted. */
export const nonIncreasing = (values: ArrayLike<number>, weights: ArrayLike<number>): Float64Array => {
  const blocks: { value: number; weight: number; length: number }[] = [];
  for (let i = 0; i < values.length; i++) {
    let block = { value: values[i] ?? 0, weight: weights[i] ?? 1, length: 1 };
    for (let last = blocks.at(-1); last !== undefined && last.value < block.value; last = blocks.at(-1)) {
      blocks.pop();
      const weight = last.weight + block.weight;
      block = { value: (last.value * last.weight + block.value * block.weight) / weight, weight, length: last.length + block.length };
    }
    blocks.push(block);
  }
  return Float64Array.from(blocks.flatMap((block) => Array.from({ length: block.length }, () => block.value)));
};

const precisionOf = (covariance: Float64Array, size: number, count: number): Float64Array => {
  const block = new Float64Array(count * count);
  for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) block[i * count + j] = covariance[i * size + j] ?? 0;
  const factor = cholesky(block, count);
  return factor === undefined ? Float64Array.from(block, (_, i) => (i % (count + 1) === 0 ? 1 / (block[i] ?? 1) : 0)) : choleskyInverse(factor, count);
};

const unstandardise = (parameters: Float64Array, { rows, standard, positions }: Problem): LinearHead => {
  const weights = new Float64Array(rows.width);
  let bias = parameters[positions - 1 + rows.width] ?? 0;
  for (let i = 0; i < rows.width; i++) {
    weights[i] = (parameters[positions - 1 + i] ?? 0) * (standard.inverse[i] ?? 0);
    bias -= (weights[i] ?? 0) * (standard.mean[i] ?? 0);
  }
  return { weights, bias };
};

const countsOf = (rows: ExaminationRows, positions: number): Uint32Array => {
  const counts = new Uint32Array(positions);
  for (const position of rows.positions.subarray(0, rows.count)) counts[Math.min(position, positions) - 1] = (counts[Math.min(position, positions) - 1] ?? 0) + 1;
  return counts;
};

/** Recovers the curve from impressions. About 400,000 rows of 40 features take a few seconds. */
export const fitExamination = (rows: ExaminationRows, options: ExaminationOptions = {}): ExaminationCurve => {
  const positions = Math.min(options.maxPosition ?? 100, rows.positions.subarray(0, rows.count).reduce((top, position) => Math.max(top, position), 1));
  const problem: Problem = { rows, standard: standardOf(rows), positions, ridge: options.ridge ?? 1e-3 };
  const { parameters, information, iterations } = maximise(problem, options.from);
  const size = parameters.length;
  const free = positions - 1;
  const factor = cholesky(information, size);
  const covariance = factor === undefined ? new Float64Array(size * size).fill(Number.POSITIVE_INFINITY) : choleskyInverse(factor, size);
  const variance = Float64Array.from({ length: free }, (_, i) => covariance[i * size + i] ?? 0);
  const theta = parameters.slice(0, free);
  const smoothed = free > 2 && factor !== undefined ? smooth(theta, precisionOf(covariance, size, free)) : theta;
  const withFirst = Float64Array.of(0, ...smoothed);
  const weights = Float64Array.of(1e12, ...variance.map((v) => 1 / v));
  const pooled = options.monotone === false ? withFirst : nonIncreasing(withFirst, weights);
  return {
    curve: pooled.map((value, i) => (i === 0 ? 1 : Math.min(Math.exp(value), 1))),
    standardErrors: Float64Array.of(0, ...variance.map(Math.sqrt)),
    raw: Float64Array.of(1, ...theta.map(Math.exp)),
    impressions: countsOf(rows, positions),
    identified: Float64Array.of(1, ...variance.map((v, i) => 1 / (v * (information[i * size + i] ?? 1)))),
    relevance: unstandardise(parameters, problem),
    iterations,
  };
};

/** The rows' scores under the recovered relevance, examination taken out. */
export const relevanceLogits = (curve: ExaminationCurve, rows: ExaminationRows): Float64Array =>
  Float64Array.from({ length: rows.count }, (_, row) => scoreRow(curve.relevance, rows.values, row));
