/** From gathered examples to heads. */
import type { Random } from '../core/random.ts';
import { rowAt, type ExampleBuffer } from './example-buffer.ts';
import { fitLogistic, type Fit, type FitOptions } from './logistic.ts';

export interface FitTouchesOptions { readonly random: Random; readonly onEpoch?: FitOptions['onEpoch'] }

/** The share of examples, by count, that comes before validation. */
const VALIDATION_FROM = 0.875;

/** Start of the validation part: a moment, so that no query is cut in two. */
export const validationStart = (buffer: ExampleBuffer, share: number = VALIDATION_FROM): number =>
  rowAt(buffer, buffer.at[Math.floor(buffer.count * share)] ?? 0);

/**
 * Conditional logistic regression on touches: which of the available items was touched. Probabilities are relative to the
 * sampled negatives; the order is what counts.
 */
export const fitTouches = (buffer: ExampleBuffer, { random, onEpoch }: FitTouchesOptions): Fit => {
  const cut = validationStart(buffer);
  const options: FitOptions = { random, loss: 'listwise', epochs: 8, ...(onEpoch === undefined ? {} : { onEpoch }) };
  return fitLogistic(buffer.slice(0, cut, 1), buffer.slice(cut, buffer.count, 1), options);
};
