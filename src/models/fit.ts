/** From gathered examples to heads. */
import type { Random } from '../core/random.ts';
import { rowAt, type ExampleBuffer } from './example-buffer.ts';
import { FEATURE_NAMES, JOURNEY_COLUMNS } from './features.ts';
import { fitLogistic, type Fit, type FitOptions, type LinearHead } from './logistic.ts';

export interface FitTouchesOptions { readonly random: Random; readonly onEpoch?: FitOptions['onEpoch'] }

/** The share of examples, by count, that comes before validation. */
const VALIDATION_FROM = 0.875;

/** Start of the validation part: a moment, so that no query is cut in two. */
export const validationStart = (buffer: ExampleBuffer, share: number = VALIDATION_FROM): number => rowAt(buffer, buffer.at[Math.floor(buffer.count * share)] ?? 0);

/**
 * Conditional logistic regression on touches: which of the available items was touched. Probabilities are relative to the
 * sampled negatives; the order is what counts.
 */
export const fitTouches = (buffer: ExampleBuffer, { random, onEpoch }: FitTouchesOptions): Fit => {
  const cut = validationStart(buffer);
  const options: FitOptions = { random, loss: 'listwise', epochs: 8, without: JOURNEY_COLUMNS, ...(onEpoch === undefined ? {} : { onEpoch }) };
  return fitLogistic(buffer.slice(0, cut, 1), buffer.slice(cut, buffer.count, 1), options);
};

const HEAD = FEATURE_NAMES.indexOf('journeyHead');
/**
 * A second pass that was fitted to touches, with what the light head of the journey model adds to it. The head was fitted on top of the same
 * linear model, in the same unit, so its weight is 1: weights that are found for both anew, from a head of the past, ranked worse
 * (docs/decisions/0017-features-from-models-of-the-past.md). Without a head its column is 0.
 */
export const withLight = (head: LinearHead): LinearHead => ({ ...head, weights: head.weights.map((weight, i) => (i === HEAD ? 1 : weight)) });
