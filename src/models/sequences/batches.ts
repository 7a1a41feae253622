/**
 * Cuts histories into windows and windows into small batches of one length. A micro-batch of one or two thousand events stays in
 * the processor's cache, which is what the speed of training hangs on; padding is what it wastes.
 */
import type { SequenceData, Split } from './data.ts';

/** A window of a member's events to learn from: inputs are events from to end − 2, targets from + 1 to end − 1. */
export interface Windows { readonly member: Int32Array; readonly from: Int32Array; readonly end: Int32Array }

export interface MicroBatch {
  readonly sequences: number;
  readonly length: number;
  /** Which windows, at most `sequences` of them; the rest of the rows are empty. */
  readonly windows: readonly number[];
}

/** Lengths that graphs are built for: close together where most histories are. */
export const lengthsUpTo = (window: number): readonly number[] => [...[4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 160].filter((length) => length < window), window];

/** Every member who has two events to learn from, with their last window. */
export const lastWindows = (data: SequenceData, split: Split, window: number): Windows => {
  const rows: [number, number, number][] = [];
  for (let member = 0; member < data.members; member++) {
    const start = data.starts[member] ?? 0;
    const end = split.trainEnds[member] ?? start;
    if (end - start >= 2) rows.push([member, Math.max(start, end - window - 1), end]);
  }
  return { member: Int32Array.from(rows, ([member]) => member), from: Int32Array.from(rows, ([, from]) => from), end: Int32Array.from(rows, ([, , end]) => end) };
};

/** What a run costs whatever its size, in padded events: most of it the work on negatives. */
const RUN_COST = 160;

/**
 * Sorts the windows of one optimiser step by length and cuts them into micro-batches so that padding and the number of runs together
 * cost least (exact, by dynamic programming over the cuts). Sizes are powers of two, so that few graphs are needed.
 * @param eventsOf inputs of a window
 * @param shape.tokens most padded events of a micro-batch
 */
export const microBatches = (eventsOf: (window: number) => number, windows: readonly number[], shape: { readonly lengths: readonly number[]; readonly tokens: number }): readonly MicroBatch[] => {
  const sorted = windows.toSorted((a, b) => eventsOf(a) - eventsOf(b));
  const lengthOf = (events: number): number => shape.lengths.find((each) => each >= events) ?? shape.lengths.at(-1) ?? 1;
  const best = new Float64Array(sorted.length + 1).fill(Number.POSITIVE_INFINITY);
  const cut = new Int32Array(sorted.length + 1);
  best[0] = 0;
  for (let end = 1; end <= sorted.length; end++) {
    const length = lengthOf(eventsOf(sorted[end - 1] ?? 0));
    for (let from = end - 1; from >= 0; from--) {
      const padded = length * 2 ** Math.ceil(Math.log2(end - from));
      if (padded > shape.tokens && end - from > 1) break;
      const cost = (best[from] ?? 0) + padded + RUN_COST;
      if (cost < (best[end] ?? 0)) { best[end] = cost; cut[end] = from; }
    }
  }
  const batches: MicroBatch[] = [];
  for (let end = sorted.length; end > 0; end = cut[end] ?? 0) {
    const part = sorted.slice(cut[end] ?? 0, end);
    batches.push({ sequences: 2 ** Math.ceil(Math.log2(part.length)), length: lengthOf(eventsOf(part.at(-1) ?? 0)), windows: part });
  }
  return batches;
};
