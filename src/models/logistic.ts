/**
 * Logistic regression by per-coordinate FTRL-proximal (McMahan et al., KDD 2013) over dense rows.
 * Features are standardised while fitting; the scales are folded into the weights at the end, so serving is a dot product.
 */
import type { Random } from '../core/random.ts';

/** Rows of features, row-major: row i is `values[i * width .. (i + 1) * width)`. */
export interface Examples {
  readonly width: number;
  readonly count: number;
  readonly values: Float32Array;
  /** 1 where it happened. */
  readonly labels: Uint8Array;
  /** How often each row counts; absent: once. */
  readonly caseWeights?: Float32Array;
  /** Probability that the row's card was examined at all; absent: 1. Then P(label = 1) = examination · σ(w·x + b). */
  readonly examination?: Float32Array;
  /**
   * Added to each row's score inside the listwise loss alone; absent: 0. For a row that was drawn with probability p among its query's, −log p:
   * the softmax over the drawn rows then stands for that over all of them, and scores do not have to make up for what is drawn often.
   */
  readonly offsets?: Float32Array;
  /** Where each query's rows begin, and `count` at the end: needed by the listwise loss alone. */
  readonly queries?: Int32Array;
}

/** How many rows it happened in. */
export const positives = ({ labels }: Pick<Examples, 'labels'>): number => labels.reduce((sum, label) => sum + label, 0);

/** score = Σ weights[i]·x[i] + bias, over raw features. */
export interface LinearHead {
  readonly weights: Float64Array;
  readonly bias: number;
  /** Chance of the action whatever the features say: P = floor + (1 − floor)·σ(score). Default 0. */
  readonly floor?: number;
}

export interface FitOptions {
  readonly random: Random;
  /** `likelihood`: every row is a trial of its own. `listwise`: softmax of the positives among the rows of their query; the bias is then 0 until calibrated. */
  readonly loss?: 'likelihood' | 'listwise';
  readonly epochs?: number;
  /** Columns that must weigh nothing. */
  readonly without?: readonly number[];
  /** Learning rate, and what it starts from: rate_i = alpha / (beta + √Σg²). */
  readonly alpha?: number;
  readonly beta?: number;
  readonly l1?: number;
  readonly l2?: number;
  /** Stop after this many epochs without a better validation loss. */
  readonly patience?: number;
  readonly onEpoch?: (epoch: number, validationLoss: number) => void;
}

export interface Fit { readonly head: LinearHead; readonly epochs: number; readonly validationLoss: number }

export const sigmoid = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
export const logit = (p: number): number => Math.log(p / (1 - p));

/** P(action | examined) of a score. */
export const probabilityOf = (head: LinearHead, z: number): number => (head.floor ?? 0) + (1 - (head.floor ?? 0)) * sigmoid(z);

export const scoreRow = (head: LinearHead, values: Float32Array, row: number): number => {
  const width = head.weights.length;
  let z = head.bias;
  for (let i = 0, at = row * width; i < width; i++) z += (head.weights[i] ?? 0) * (values[at + i] ?? 0);
  return z;
};

/** Loss of one trial in nats, with the exact slope in z: −log P(y) where P(1) = e·σ(z). */
export const trialLoss = (z: number, label: number, examination: number): { readonly loss: number; readonly slope: number } => {
  const p = sigmoid(z);
  if (label > 0) return { loss: -Math.log(Math.max(examination * p, 1e-300)), slope: p - 1 };
  const miss = Math.max(1 - examination * p, 1e-300);
  return { loss: -Math.log(miss), slope: (examination * p * (1 - p)) / miss };
};

interface Scale { readonly mean: Float64Array; readonly inverse: Float64Array }

/** Mean and 1/deviation of each feature; 0 for a constant one, which then weighs nothing. */
const measureScale = (examples: Examples): Scale => {
  const { width, count, values } = examples;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  for (let row = 0, at = 0; row < count; row++) {
    for (let i = 0; i < width; i++, at++) mean[i] = (mean[i] ?? 0) + (values[at] ?? 0) / count;
  }
  for (let row = 0, at = 0; row < count; row++) {
    for (let i = 0; i < width; i++, at++) square[i] = (square[i] ?? 0) + ((values[at] ?? 0) - (mean[i] ?? 0)) ** 2 / count;
  }
  return { mean, inverse: square.map((variance) => (variance > 1e-12 ? 1 / Math.sqrt(variance) : 0)) };
};

const unfold = (weights: Float64Array, scale: Scale): LinearHead => {
  const width = scale.mean.length;
  const raw = new Float64Array(width);
  let bias = weights[width] ?? 0;
  for (let i = 0; i < width; i++) {
    raw[i] = (weights[i] ?? 0) * (scale.inverse[i] ?? 0);
    bias -= (raw[i] ?? 0) * (scale.mean[i] ?? 0);
  }
  return { weights: raw, bias };
};

/** The rows that are judged together: each query, or each row alone. */
const groupsOf = (examples: Examples, loss: 'likelihood' | 'listwise'): Int32Array =>
  loss === 'listwise' ? (examples.queries ?? Int32Array.of(0, examples.count)) : Int32Array.from({ length: examples.count + 1 }, (_, i) => i);

/** Slopes in z of the rows of one group into `slopes`, where it holds their z. @returns the group's loss. */
const groupLoss = (examples: Examples, range: { readonly start: number; readonly end: number; readonly listwise: boolean }, slopes: Float64Array): number => {
  const { start, end, listwise } = range;
  const weightOf = (row: number): number => examples.caseWeights?.[row] ?? 1;
  let total = 0;
  if (!listwise) {
    for (let row = start; row < end; row++) {
      const { loss, slope } = trialLoss(slopes[row - start] ?? 0, examples.labels[row] ?? 0, examples.examination?.[row] ?? 1);
      slopes[row - start] = slope * weightOf(row);
      total += loss * weightOf(row);
    }
    return total;
  }
  let top = Number.NEGATIVE_INFINITY;
  for (let row = start; row < end; row++) {
    slopes[row - start] = (slopes[row - start] ?? 0) + (examples.offsets?.[row] ?? 0);
    top = Math.max(top, slopes[row - start] ?? 0);
  }
  let sum = 0;
  let positive = 0;
  for (let row = start; row < end; row++) {
    sum += Math.exp((slopes[row - start] ?? 0) - top);
    if ((examples.labels[row] ?? 0) > 0) positive += weightOf(row);
  }
  for (let row = start; row < end; row++) {
    const z = slopes[row - start] ?? 0;
    const own = (examples.labels[row] ?? 0) > 0 ? weightOf(row) : 0;
    total += own * (Math.log(sum) + top - z);
    slopes[row - start] = (positive * Math.exp(z - top)) / sum - own;
  }
  return total;
};

const largest = (groups: Int32Array): number => {
  let size = 1;
  for (let g = 0; g + 1 < groups.length; g++) size = Math.max(size, (groups[g + 1] ?? 0) - (groups[g] ?? 0));
  return size;
};

/** Mean loss of a head over the rows, per unit of case weight (likelihood) or per positive (listwise). */
export const meanLoss = (head: LinearHead, examples: Examples, loss: 'likelihood' | 'listwise' = 'likelihood'): number => {
  const groups = groupsOf(examples, loss);
  const slopes = new Float64Array(largest(groups));
  let total = 0;
  let weight = 0;
  for (let g = 0; g + 1 < groups.length; g++) {
    const range = { start: groups[g] ?? 0, end: groups[g + 1] ?? 0, listwise: loss === 'listwise' };
    for (let row = range.start; row < range.end; row++) {
      slopes[row - range.start] = scoreRow(head, examples.values, row);
      if (loss === 'likelihood' || (examples.labels[row] ?? 0) > 0) weight += examples.caseWeights?.[row] ?? 1;
    }
    total += groupLoss(examples, range, slopes);
  }
  return weight > 0 ? total / weight : Number.NaN;
};

const shuffle = (order: Uint32Array, random: Random): void => {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    const held = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = held;
  }
};

/** The optimiser's state: one coordinate per feature and, last, the bias (not regularised). */
const createFtrl = (width: number, options: FitOptions): { readonly weights: Float64Array; step(gradient: Float64Array): void } => {
  const { alpha = 0.05, beta = 1, l1 = 0, l2 = 1 } = options;
  const weights = new Float64Array(width + 1);
  const z = new Float64Array(width + 1);
  const n = new Float64Array(width + 1);
  return {
    weights,
    step: (gradient) => {
      for (let i = 0; i <= width; i++) {
        const g = gradient[i] ?? 0;
        const before = n[i] ?? 0;
        const after = before + g * g;
        const root = Math.sqrt(after);
        const zi = (z[i] ?? 0) + g - ((root - Math.sqrt(before)) / alpha) * (weights[i] ?? 0);
        z[i] = zi;
        n[i] = after;
        const bound = i === width ? 0 : l1;
        weights[i] = Math.abs(zi) <= bound ? 0 : -(zi - Math.sign(zi) * bound) / ((beta + root) / alpha + (i === width ? 0 : l2));
      }
    },
  };
};

interface Plan { readonly scale: Scale; readonly order: Uint32Array; readonly groups: Int32Array; readonly listwise: boolean }

/** One pass in a shuffled order. @returns the mean of the weights over the pass, steadier than where it stopped. */
const runEpoch = (rows: Examples, ftrl: ReturnType<typeof createFtrl>, plan: Plan): Float64Array => {
  const { width, values } = rows;
  const centre = plan.scale.mean;
  const unit = plan.scale.inverse;
  const { weights } = ftrl;
  const mean = new Float64Array(width + 1);
  const gradient = new Float64Array(width + 1);
  const slopes = new Float64Array(largest(plan.groups));
  for (const group of plan.order) {
    const range = { start: plan.groups[group] ?? 0, end: plan.groups[group + 1] ?? 0, listwise: plan.listwise };
    for (let row = range.start; row < range.end; row++) {
      let z = weights[width] ?? 0;
      for (let i = 0, at = row * width; i < width; i++) z += (weights[i] ?? 0) * (unit[i] ?? 0) * ((values[at + i] ?? 0) - (centre[i] ?? 0));
      slopes[row - range.start] = z;
    }
    groupLoss(rows, range, slopes);
    gradient.fill(0);
    for (let row = range.start; row < range.end; row++) {
      const slope = slopes[row - range.start] ?? 0;
      for (let i = 0, at = row * width; i < width; i++) gradient[i] = (gradient[i] ?? 0) + slope * (unit[i] ?? 0) * ((values[at + i] ?? 0) - (centre[i] ?? 0));
      if (!plan.listwise) gradient[width] = (gradient[width] ?? 0) + slope;
    }
    ftrl.step(gradient);
    for (let i = 0; i <= width; i++) mean[i] = (mean[i] ?? 0) + (weights[i] ?? 0);
  }
  return mean.map((sum) => sum / Math.max(plan.order.length, 1));
};

/** Fits one head; with a validation part, which should be later in time, keeps the epoch that does best there. */
export const fitLogistic = (training: Examples, validation: Examples | undefined, options: FitOptions): Fit => {
  const { loss = 'likelihood', epochs = 12, patience = 2, random } = options;
  const scale = measureScale(training);
  for (const column of options.without ?? []) scale.inverse[column] = 0;
  const groups = groupsOf(training, loss);
  const order = Uint32Array.from({ length: groups.length - 1 }, (_, i) => i);
  const ftrl = createFtrl(training.width, options);
  let best: Fit | undefined;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    shuffle(order, random);
    const head = unfold(runEpoch(training, ftrl, { scale, order, groups, listwise: loss === 'listwise' }), scale);
    const validationLoss = meanLoss(head, validation ?? training, loss);
    options.onEpoch?.(epoch, validationLoss);
    if (best === undefined || validationLoss < best.validationLoss) best = { head, epochs: epoch, validationLoss };
    else if (epoch - best.epochs >= patience) break;
  }
  return best ?? { head: unfold(ftrl.weights, scale), epochs: 0, validationLoss: Number.NaN };
};
