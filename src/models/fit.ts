/** From gathered examples to heads. */
import type { Random } from '../core/random.ts';
import { rowAt, type ExampleBuffer } from './example-buffer.ts';
import { fitLogistic, type Fit, type FitOptions } from './logistic.ts';

export interface FitTouchesOptions { readonly random: Random; readonly onEpoch?: FitOptions['onEpoch']; readonly without?: readonly number[]; /** Rows before it are not learned from; default: all are. */ readonly from?: number }

/** The share of examples, by count, that comes before validation. */
const VALIDATION_FROM = 0.875;

/** Start of the validation part: a moment, so that no query is cut in two. */
export const validationStart = (buffer: ExampleBuffer, share: number = VALIDATION_FROM, from = 0): number =>
  rowAt(buffer, buffer.at[from + Math.floor((buffer.count - from) * share)] ?? 0);

/**
 * Conditional logistic regression on touches: which of the available items was touched. Probabilities are relative to the
 * sampled negatives; the order is what counts.
 */
export const fitTouches = (buffer: ExampleBuffer, { random, onEpoch, without = [], from = 0 }: FitTouchesOptions): Fit => {
  const cut = validationStart(buffer, VALIDATION_FROM, from);
  const options: FitOptions = { random, loss: 'listwise', epochs: 8, without, ...(onEpoch === undefined ? {} : { onEpoch }) };
  return fitLogistic(buffer.slice(from, cut, 1), buffer.slice(cut, buffer.count, 1), options);
};
