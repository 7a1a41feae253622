/** What a recipe knows of a model: a function from sequences and a split to something that scores, with a card of how it came about. */
import type { SequenceData, SequenceScorer, Split } from './data.ts';

export interface FitOptions {
  readonly seed: number;
  /** Wall-clock seconds after which the best found so far is returned; absent: until validation gets no better. */
  readonly budgetSeconds?: number;
  /** Aborting ends the fit early, with the best found so far. */
  readonly signal: AbortSignal;
  readonly report: (event: unknown) => void;
  /** Where checkpoints go; a fit that was stopped goes on from there. */
  readonly folder?: string;
}

export interface FitCard {
  /** What validation chose: an epoch, or the settings of a baseline. */
  readonly chosen: string;
  readonly epoch?: number;
  /** Metrics on the validation events, by name, that the choice was made on. */
  readonly validation: Readonly<Record<string, number>>;
  readonly seconds?: number;
  readonly parameters: number;
  /** Whether the time of the request is an input, which a model that is blind to time cannot be compared with unsaid. */
  readonly usesTime?: boolean;
}

export type FittedScorer = SequenceScorer & { readonly card: FitCard };

/** Chooses on validation events alone; the test events may be read as neither input nor target. */
export type Fit = (data: SequenceData, split: Split, options: FitOptions) => Promise<FittedScorer>;

export interface Candidate {
  readonly name: string;
  readonly fit: Fit;
  /** Whether another seed gives another model; one that has no chance in it is fitted once. */
  readonly seeded: boolean;
  /** Its part of a budget, relative to the others'; 0 for what takes seconds and is not limited. */
  readonly share: number;
  /** Whether it can be fitted to this; absent: always. */
  readonly fits?: (data: SequenceData, split: Split) => boolean;
}
