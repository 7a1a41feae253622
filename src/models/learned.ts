/** What learning hands to the store, whatever it learned from. */
import type { Random } from '../core/random.ts';
import type { Interval } from './metrics.ts';
import type { LinearHead } from './logistic.ts';

/** The head that every model has: any positive action. */
export const INTERACT = 'interact';

export interface NamedHead { readonly name: string; readonly head: LinearHead }

export interface Learned {
  readonly heads: readonly NamedHead[];
  readonly examination: readonly number[];
  readonly examples: number;
  /** Measured on the latest part, which the measured fit has not seen. The published heads are fitted once more on everything. */
  readonly figures: Readonly<Record<string, number>> & { readonly auc: number };
  readonly positionCorrection: 'on' | 'off';
  readonly positionCorrectionWhy: string;
  readonly from: number;
  readonly to: number;
  /** Candidate minus another head, on the same held-out part, over people. */
  compare(other: LinearHead): { readonly logLoss: Interval; readonly ndcg?: Interval };
}

export interface LearnOptions {
  readonly random: Random;
  /** Columns of features that must weigh nothing, besides those that never do. */
  readonly without?: readonly number[];
  readonly onProgress?: (share: number, doing: string) => void;
}
