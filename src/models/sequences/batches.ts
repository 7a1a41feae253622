/**
 * Cuts histories into windows and windows into small batches of one length. A micro-batch of about a thousand events stays in the
 * processor's cache, which is what the speed of training hangs on; padding is what it wastes.
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
export const lengthsUpTo = (window: number): readonly number[] => {
  const lengths = [4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 160].filter((length) => length < window);
  return [...lengths, window];
};

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

/**
 * Sorts the windows of one optimiser step into micro-batches of one padded length each.
 * @param tokens events per micro-batch to aim at
 */
export const microBatches = (lengths: (window: number) => number, windows: readonly number[], shape: { readonly lengths: readonly number[]; readonly tokens: number }): readonly MicroBatch[] => {
  const byLength = new Map<number, number[]>();
  for (const window of windows) {
    const length = shape.lengths.find((each) => each >= lengths(window)) ?? shape.lengths.at(-1) ?? 1;
    const list = byLength.get(length) ?? [];
    list.push(window);
    byLength.set(length, list);
  }
  const batches: MicroBatch[] = [];
  for (const [length, list] of [...byLength].toSorted(([a], [b]) => a - b)) {
    const full = Math.max(1, Math.round(shape.tokens / length));
    const small = Math.max(1, full >> 2);
    for (let at = 0; at < list.length;) {
      const sequences = list.length - at > small * 2 ? full : small;
      batches.push({ sequences, length, windows: list.slice(at, at + sequences) });
      at += sequences;
    }
  }
  return batches;
};
