/** Sequences of items, one per member, as columns: what recipes, baselines and sequence models train on and are measured with. */

/** Hashed content features (content.ts): feature f of item i is features[i * width + f], 0 for none. */
export interface ContentRows { readonly width: number; readonly buckets: number; readonly features: Uint16Array }

/** Events of all members, member after member, in time order within each. */
export interface SequenceData {
  readonly members: number;
  /** Size of the catalogue; items are dense from 0. */
  readonly items: number;
  /** The events of member m are starts[m] to starts[m + 1] - 1; members + 1 long. */
  readonly starts: Int32Array;
  /** Item of each event. */
  readonly item: Int32Array;
  /** Seconds since the epoch of each event; absent where a file holds the order alone. */
  readonly seconds?: Float64Array;
  /** Row of `actions` of each event; absent where there is one kind of event. */
  readonly action?: Uint8Array;
  readonly actions?: readonly string[];
  /** Row of `surfaces` of each event: where in the product it was. */
  readonly surface?: Uint8Array;
  readonly surfaces?: readonly string[];
  /** Dwell bucket of each event (journey/layout.ts); 0 where it is not known. */
  readonly dwell?: Uint8Array;
  /** What items are about; absent where a file holds ids alone. */
  readonly content?: ContentRows;
  /** Ids in the file, for error messages and for answers. */
  readonly memberNames: readonly string[];
  readonly itemNames: readonly string[];
}

/**
 * Which events are learned from and which are predicted. Member m is trained on events up to trainEnds[m] (exclusive), validated on
 * event validation[m], tested on event test[m]; -1 where a member has none. A prediction may read every event before its own.
 */
export interface Split {
  readonly protocol: string;
  readonly trainEnds: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
  /** Events of member m up to finalEnds[m] (exclusive) may be learned from once every choice is made; absent: no more than trainEnds. */
  readonly finalEnds?: Int32Array;
  /** 1 for each item that may be ranked; absent: the whole catalogue. The targets are among them. */
  readonly candidates?: { readonly validation: Uint8Array; readonly test: Uint8Array };
  /** Seconds at which learning stops, for a split by time: the first validated event is not before `validation`, nor the tested before `test`. */
  readonly cutoffs?: { readonly validation: number; readonly test: number };
}

/** The two sets of events that are predicted. */
export type Stage = 'validation' | 'test';

/** Asks for scores: row r is member members[r], who is to be read up to event ends[r] (exclusive; an index into the columns). */
export interface Queries {
  readonly members: Int32Array;
  readonly ends: Int32Array;
  /** Seconds at which the page is asked for, per row; absent where there is no time. */
  readonly seconds?: Float64Array;
}

/** Something that scores the whole catalogue for members read up to a point. */
export interface SequenceScorer {
  readonly name: string;
  /** Fills out[r * items + i] with the score of item i for row r; higher is better, no order among equals is promised. */
  score(data: SequenceData, queries: Queries, out: Float32Array): Promise<void> | void;
  close?(): Promise<void> | void;
}
