/** A recipe is data: which file, how it is split, what others published on it, and what it gave here. The files are in `recipes/`. */
import type { ColumnNames } from './forms.ts';
import type { Metric } from './protocol.ts';
import type { LEAVE_ONE_OUT, TIME_SPLIT } from './split.ts';

export type SplitName = typeof LEAVE_ONE_OUT | typeof TIME_SPLIT;

export interface PublishedFigure {
  readonly model: string;
  readonly 'hr@10': number;
  readonly 'ndcg@10': number;
  /** Paper or repository, with a commit or version where there is one. */
  readonly source: string;
  /** Whether the model is told when the predicted event happens. */
  readonly usesTime?: boolean;
}

/** Figures of one protocol. Two protocols are two problems: their figures never share a table. */
export interface PublishedTable {
  /** The split of ours that these figures compare with: same file, same split, full ranking, seen items left out; absent: with none. */
  readonly comparesWith?: SplitName;
  readonly protocol: string;
  readonly figures: readonly PublishedFigure[];
}

/** Mean over seeds, lowest and highest. */
export interface GivenRow { readonly model: string; readonly figures: Readonly<Partial<Record<Metric, { readonly mean: number; readonly low: number; readonly high: number }>>> }

/** What the command gave when the recipe was frozen. */
export interface Given {
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly seeds: readonly number[];
  readonly split: SplitName;
  readonly rows: readonly GivenRow[];
}

export interface Recipe {
  readonly name: string;
  readonly title: string;
  /** What to type, without where the data are. */
  readonly command: string;
  readonly seed: number;
  readonly data: {
    /** Names under which the file is known, without `.gz`; any of them is taken if its content is the right one. */
    readonly files: readonly string[];
    /** Of the uncompressed content. */
    readonly sha256: readonly string[];
    /** What a line holds. */
    readonly form: string;
    /** Where the header is to be read by these names. */
    readonly columns?: ColumnNames;
    readonly publisher: string;
    /** Where a user gets it. */
    readonly offeredAt: string;
    readonly terms: string;
  };
  readonly splits: readonly SplitName[];
  /** What a reader of the figures must know. */
  readonly notes: readonly string[];
  readonly published: readonly PublishedTable[];
  readonly given: readonly Given[];
}
