/** Do probabilities mean what they say? Reliability on held-out rows, and a correction of the logit that folds into the weights, with a floor. */
import type { LinearHead } from './logistic.ts';

export interface ReliabilityBin { readonly count: number; readonly expected: number; readonly observed: number; readonly ratio: number }
export interface Reliability {
  /** Ten bins of equal mass, by rising probability. */
  readonly bins: readonly ReliabilityBin[];
  /** Observed over expected, overall. */
  readonly ratio: number;
  /** Expected calibration error: mean |observed − expected| over the bins. */
  readonly ece: number;
  readonly logLoss: number;
}

/** @param labels what happened, 1 or 0; or the true probability of it, where that is known. */
export const reliability = (probabilities: ArrayLike<number>, labels: ArrayLike<number>, bins = 10): Reliability => {
  const count = probabilities.length;
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => (probabilities[a] ?? 0) - (probabilities[b] ?? 0));
  const table: ReliabilityBin[] = [];
  let [expected, observed, ece, logLoss] = [0, 0, 0, 0];
  for (let bin = 0; bin < bins; bin++) {
    const start = Math.floor((bin * count) / bins);
    const end = Math.floor(((bin + 1) * count) / bins);
    let [p, y] = [0, 0];
    for (let i = start; i < end; i++) {
      const row = order[i] ?? 0;
      const probability = probabilities[row] ?? 0;
      const happened = labels[row] ?? 0;
      p += probability;
      y += happened;
      logLoss -= happened * Math.log(Math.max(probability, 1e-300)) + (1 - happened) * Math.log(Math.max(1 - probability, 1e-300));
    }
    const size = Math.max(end - start, 1);
    table.push({ count: end - start, expected: p / size, observed: y / size, ratio: y / p });
    expected += p;
    observed += y;
    ece += Math.abs(p - y) / Math.max(count, 1);
  }
  return { bins: table, ratio: observed / expected, ece, logLoss: logLoss / Math.max(count, 1) };
};

/** P = floor + (1 − floor)·σ(scale·logit + shift). */
export interface Correction { readonly scale: number; readonly shift: number; readonly floor: number }
export const IDENTITY: Correction = { scale: 1, shift: 0, floor: 0 };

export interface CalibrationRows {
  readonly logits: Float64Array;
  readonly labels: Uint8Array;
  readonly examination?: Float32Array;
}

interface Normal { g0: number; g1: number; h00: number; h01: number; h11: number; loss: number }

/** Loss in nats with gradient and Fisher information in shift and scale, the floor held. */
const accumulate = (rows: CalibrationRows, { scale, shift, floor }: Correction): Normal => {
  const sums = { g0: 0, g1: 0, h00: 0, h01: 0, h11: 0, loss: 0 };
  for (let i = 0; i < rows.logits.length; i++) {
    const x = rows.logits[i] ?? 0;
    const e = rows.examination?.[i] ?? 1;
    const p = 1 / (1 + Math.exp(-(scale * x + shift)));
    const q = Math.min(Math.max(e * (floor + (1 - floor) * p), 1e-12), 1 - 1e-12);
    const steep = e * (1 - floor) * p * (1 - p);
    const isPositive = (rows.labels[i] ?? 0) > 0;
    const slope = (q - (isPositive ? 1 : 0)) / (q * (1 - q)) * steep;
    const curvature = Math.max((steep * steep) / (q * (1 - q)), 1e-12);
    sums.loss -= Math.log(isPositive ? q : 1 - q);
    sums.g0 += slope;
    sums.g1 += slope * x;
    sums.h00 += curvature;
    sums.h01 += curvature * x;
    sums.h11 += curvature * x * x;
  }
  return sums;
};

/** Shift and scale by Fisher scoring with step halving, from `start`, its floor held. */
const fitLine = (rows: CalibrationRows, start: Correction): { readonly at: Correction; readonly loss: number } => {
  let at = start;
  let sums = accumulate(rows, at);
  for (let step = 0; step < 50; step++) {
    const ridge = 1e-9 * (sums.h00 + sums.h11);
    const determinant = (sums.h00 + ridge) * (sums.h11 + ridge) - sums.h01 ** 2;
    const shift = ((sums.h11 + ridge) * sums.g0 - sums.h01 * sums.g1) / determinant;
    const scale = ((sums.h00 + ridge) * sums.g1 - sums.h01 * sums.g0) / determinant;
    let rate = 1;
    let next = at;
    let nextSums = sums;
    do {
      next = { ...at, scale: at.scale - rate * scale, shift: at.shift - rate * shift };
      nextSums = accumulate(rows, next);
      rate /= 2;
    } while (!(nextSums.loss <= sums.loss) && rate > 1e-6);
    if (!(nextSums.loss < sums.loss - 1e-6)) break;
    at = next;
    sums = nextSums;
  }
  return { at, loss: sums.loss };
};

/** Shares of actions that owe nothing to what was shown, tried in this order; a line alone leaves the least likely tenth too low. */
const FLOORS: readonly number[] = [0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08];

/** Platt's scale and shift, and a floor, by maximum likelihood. Answers the identity where the rows hold one class only. */
export const fitCorrection = (rows: CalibrationRows): Correction => {
  const positives = rows.labels.reduce((sum, label) => sum + (label > 0 ? 1 : 0), 0);
  if (positives === 0 || positives === rows.labels.length) return IDENTITY;
  let best = fitLine(rows, IDENTITY);
  for (const floor of FLOORS) {
    const next = fitLine(rows, { ...best.at, floor });
    // The likelihood has one peak along the floor.
    if (!(next.loss < best.loss)) break;
    best = next;
  }
  return best.at;
};

/** The corrected head: still one readable linear model. */
export const correct = (head: LinearHead, { scale, shift, floor }: Correction): LinearHead =>
  ({ weights: head.weights.map((weight) => weight * scale), bias: head.bias * scale + shift, floor });
