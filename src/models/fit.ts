/** From gathered examples to heads. */
import type { Random } from '../core/random.ts';
import { rowAt, type ExampleBuffer } from './example-buffer.ts';
import { FEATURE_NAMES, JOURNEY_COLUMNS } from './features.ts';
import { fitLogistic, type Examples, type Fit, type FitOptions, type LinearHead } from './logistic.ts';

export interface FitTouchesOptions { readonly random: Random; readonly onEpoch?: FitOptions['onEpoch'] }
/** Examples that are learned from, and those that choose the epoch; without these every epoch is run through. */
export interface TouchParts { readonly learned: Examples; readonly choosing?: Examples }

/** The share of examples, by count, that comes before validation. */
const VALIDATION_FROM = 0.875;

/** Start of the validation part: a moment, so that no query is cut in two. */
export const validationStart = (buffer: ExampleBuffer, share: number = VALIDATION_FROM): number => rowAt(buffer, buffer.at[Math.floor(buffer.count * share)] ?? 0);

const EPOCHS = 8;
/**
 * Conditional logistic regression on touches: which of the available items was touched. Probabilities are relative to the
 * sampled negatives; the order is what counts. What the journey model says has no part in it.
 */
export const fitLine = ({ learned, choosing }: TouchParts, { random, onEpoch, epochs = EPOCHS }: FitTouchesOptions & { readonly epochs?: number }): Fit =>
  fitLogistic(learned, choosing, { random, loss: 'listwise', epochs, without: JOURNEY_COLUMNS, ...(onEpoch === undefined ? {} : { onEpoch }) });

/** The same, of a buffer whose latest part chooses. */
export const fitTouches = (buffer: ExampleBuffer, options: FitTouchesOptions): Fit => {
  const cut = validationStart(buffer);
  return fitLine({ learned: buffer.slice(0, cut, 1), choosing: buffer.slice(cut, buffer.count, 1) }, options);
};

const HEAD = FEATURE_NAMES.indexOf('journeyHead');
/**
 * A second pass that was fitted to touches, with what the light head of the journey model adds to it. The head was fitted on top of the same
 * linear model, in the same unit, so its weight is 1: weights that are found for both anew, from a head of the past, ranked worse
 * (docs/decisions/0017-features-from-models-of-the-past.md). The column is 0 without a head, and where the head was not fitted to touches.
 */
export const withLight = (head: LinearHead): LinearHead => ({ ...head, weights: head.weights.map((weight, i) => (i === HEAD ? 1 : weight)) });
