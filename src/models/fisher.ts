/**
 * Logistic regression to its maximum by Fisher scoring: a few passes instead of many epochs, and what is predicted sums to what
 * happened. The information matrix is measured on a sample of the rows, which costs a few more steps and no accuracy: where to
 * stop is decided by the gradient of all of them.
 */
import { cholesky, choleskySolve } from './linear-algebra.ts';
import { sigmoid, type Examples, type LinearHead } from './logistic.ts';

export interface FisherOptions {
  /** Where to begin: a head of the same features fitted to something alike saves most steps. */
  readonly from?: LinearHead;
  /** Held against each standardised weight, in observations. Default 1. */
  readonly ridge?: number;
  /** Features, by number, that get no weight. */
  readonly without?: readonly number[];
}

/** Rows of the information matrix: enough for it to point the right way. */
const SAMPLED_ROWS = 8_000;
const STEPS = 25;
/** Nats: a step that gains less ends the fit. */
const LEAST_GAIN = 0.3;
/** After so many steps the information hardly changes any more and is kept. */
const FRESH_INFORMATION = 3;

/** Mean and 1/deviation of each feature; 0 for a constant one, which then weighs nothing. */
export interface Standard { readonly mean: Float64Array; readonly inverse: Float64Array }

export const standardOf = ({ width, count, values }: Pick<Examples, 'width' | 'count' | 'values'>): Standard => {
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  for (let row = 0, at = 0; row < count; row++) for (let i = 0; i < width; i++, at++) mean[i] = (mean[i] ?? 0) + (values[at] ?? 0);
  for (let i = 0; i < width; i++) mean[i] = (mean[i] ?? 0) / Math.max(count, 1);
  for (let row = 0, at = 0; row < count; row++) for (let i = 0; i < width; i++, at++) square[i] = (square[i] ?? 0) + ((values[at] ?? 0) - (mean[i] ?? 0)) ** 2;
  return { mean, inverse: square.map((sum) => (sum / Math.max(count, 1) > 1e-10 ? 1 / Math.sqrt(sum / count) : 0)) };
};

/** One row of `every`, scattered: rows come in pages, and a stride would meet the same places again and again. */
export const isSampled = (row: number, every: number): boolean => every === 1 || (Math.imul(row, 0x9e3779b1) >>> 0) * every < 2 ** 32;

interface Problem { readonly rows: Examples; readonly standard: Standard; readonly ridge: number }
interface Slope { readonly gradient: Float64Array; readonly logLikelihood: number }

/** Weights over raw features, as a dot product needs them, from standardised ones and back. */
const rawOf = (parameters: Float64Array, { mean, inverse }: Standard): LinearHead => {
  const weights = inverse.map((scale, i) => (parameters[i] ?? 0) * scale);
  return { weights, bias: (parameters[mean.length] ?? 0) - weights.reduce((sum, weight, i) => sum + weight * (mean[i] ?? 0), 0) };
};
/** The inverse of `rawOf`. */
export const standardised = (head: LinearHead, { mean, inverse }: Standard): Float64Array => Float64Array.of(
  ...head.weights.map((weight, i) => ((inverse[i] ?? 0) > 0 ? weight / (inverse[i] ?? 1) : 0)),
  head.bias + head.weights.reduce((sum, weight, i) => sum + weight * (mean[i] ?? 0), 0),
);

const CEILING = 1 - 1e-6;

const slopeAt = ({ rows, standard: { mean, inverse }, standard, ridge }: Problem, parameters: Float64Array): Slope => {
  const { width, count, values, labels, examination, caseWeights } = rows;
  const { weights, bias } = rawOf(parameters, standard);
  // Over raw values first: standardising is linear and can wait until the end.
  const raw = new Float64Array(width);
  let [total, logLikelihood] = [0, 0];
  for (let row = 0; row < count; row++) {
    const start = row * width;
    let z = bias;
    for (let i = 0; i < width; i++) z += (weights[i] ?? 0) * (values[start + i] ?? 0);
    const p = sigmoid(z);
    const mu = Math.min((examination?.[row] ?? 1) * p, CEILING);
    const own = caseWeights?.[row] ?? 1;
    const y = labels[row] ?? 0;
    logLikelihood += own * (y > 0 ? Math.log(Math.max(mu, 1e-300)) : Math.log(1 - mu));
    const residual = own * ((y - mu) / (1 - mu)) * (1 - p);
    total += residual;
    for (let i = 0; i < width; i++) raw[i] = (raw[i] ?? 0) + residual * (values[start + i] ?? 0);
  }
  const gradient = new Float64Array(width + 1);
  for (let i = 0; i < width; i++) {
    const parameter = parameters[i] ?? 0;
    gradient[i] = ((raw[i] ?? 0) - (mean[i] ?? 0) * total) * (inverse[i] ?? 0) - ridge * parameter;
    logLikelihood -= (ridge / 2) * parameter * parameter;
  }
  gradient[width] = total;
  return { gradient, logLikelihood };
};

const informationAt = ({ rows, standard, ridge }: Problem, parameters: Float64Array): Float64Array => {
  const { width, count, values, examination, caseWeights } = rows;
  const { mean, inverse } = standard;
  const size = width + 1;
  const information = new Float64Array(size * size);
  const every = Math.max(1, Math.floor(count / SAMPLED_ROWS));
  const x = new Float64Array(size).fill(1);
  for (let row = 0; row < count; row++) {
    if (!isSampled(row, every)) continue;
    let z = parameters[width] ?? 0;
    for (let i = 0; i < width; i++) {
      const value = ((values[row * width + i] ?? 0) - (mean[i] ?? 0)) * (inverse[i] ?? 0);
      x[i] = value;
      z += (parameters[i] ?? 0) * value;
    }
    const p = sigmoid(z);
    const mu = Math.min((examination?.[row] ?? 1) * p, CEILING);
    const weight = every * (caseWeights?.[row] ?? 1) * (mu / (1 - mu)) * (1 - p) ** 2;
    for (let i = 0; i < size; i++) {
      const scaled = weight * (x[i] ?? 0);
      for (let j = 0, at = i * size; j <= i; j++, at++) information[at] = (information[at] ?? 0) + scaled * (x[j] ?? 0);
    }
  }
  for (let i = 0; i < size; i++) {
    information[i * size + i] = (information[i * size + i] ?? 0) + (i < width ? ridge : 0) + 1e-6;
    for (let j = 0; j < i; j++) information[j * size + i] = information[i * size + j] ?? 0;
  }
  return information;
};

const startOf = ({ rows }: Problem): Float64Array => {
  const parameters = new Float64Array(rows.width + 1);
  const rate = rows.labels.reduce((sum, label) => sum + label, 0) / Math.max(rows.count, 1);
  const seen = rows.examination === undefined ? 1 : rows.examination.reduce((sum, e) => sum + e, 0) / Math.max(rows.count, 1);
  const p = Math.min(Math.max(rate / seen, 1e-5), 0.9);
  parameters[rows.width] = Math.log(p / (1 - p));
  return parameters;
};

/** The most likely head under P(label = 1) = examination · σ(w·x + b). */
export const fitFisher = (rows: Examples, options: FisherOptions = {}): LinearHead => {
  const standard = standardOf(rows);
  for (const feature of options.without ?? []) standard.inverse[feature] = 0;
  const problem: Problem = { rows, standard, ridge: options.ridge ?? 1 };
  let parameters = startOf(problem);
  let at = slopeAt(problem, parameters);
  const from = options.from === undefined ? undefined : standardised(options.from, standard);
  const warm = from === undefined ? undefined : slopeAt(problem, from);
  if (from !== undefined && warm !== undefined && warm.logLikelihood > at.logLikelihood) { parameters = from; at = warm; }
  let factor: Float64Array | undefined;
  for (let step = 0; step < STEPS; step++) {
    if (step < FRESH_INFORMATION) factor = cholesky(informationAt(problem, parameters), parameters.length);
    if (factor === undefined) break;
    const direction = choleskySolve(factor, at.gradient);
    let rate = 1;
    let moved = parameters;
    let next = at;
    do {
      moved = parameters.map((value, i) => value + rate * (direction[i] ?? 0));
      next = slopeAt(problem, moved);
      rate /= 2;
    } while (!(next.logLikelihood >= at.logLikelihood) && rate > 1e-3);
    if (!(next.logLikelihood >= at.logLikelihood)) break;
    const gain = next.logLikelihood - at.logLikelihood;
    parameters = moved;
    at = next;
    if (gain < LEAST_GAIN) break;
  }
  return rawOf(parameters, standard);
};
