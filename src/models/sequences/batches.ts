/**
 * Cuts histories into windows and windows into small batches of one length. A micro-batch of one or two thousand events stays in
 * the processor's cache, which is what the speed of training hangs on; padding is what it wastes.
 */
import type { SequenceData, Split } from './data.ts';

/** Events [from, end) of the data: of a history all that may be learned from, of a window inputs up to end − 2 and targets from + 1 on. */
export interface Stretch { readonly from: number; readonly end: number }
/** Inputs of a window. */
export const inputsOf = ({ from, end }: Stretch): number => end - from - 1;

export interface MicroBatch {
  readonly sequences: number;
  readonly length: number;
  /** At most `sequences` of them; the rest of the rows are empty. */
  readonly windows: readonly Stretch[];
}

/** Lengths that graphs are built for: close together where most histories are. */
export const lengthsUpTo = (window: number): readonly number[] => [...[4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 160].filter((length) => length < window), window];

/** Every member who has two events to learn from. */
export const historiesOf = (data: SequenceData, split: Split): readonly Stretch[] => Array.from({ length: data.members }, (_, member) => {
  const from = data.starts[member] ?? 0;
  return { from, end: split.trainEnds[member] ?? from };
}).filter((history) => inputsOf(history) >= 1);

/** Of a history that is longer than a window, every other time the last window, else one that begins anywhere: old events teach too. */
export const windowOf = ({ from, end }: Stretch, events: number, integer: (limit: number) => number): Stretch => {
  const spare = end - from - (events + 1);
  if (spare <= 0) return { from, end };
  const start = integer(2) === 0 ? end - events - 1 : from + integer(spare + 1);
  return { from: start, end: start + events + 1 };
};

/** What a run costs whatever its size, in padded events: most of it the work on negatives. */
const RUN_COST = 160;

/**
 * Sorts the windows of one optimiser step by length and cuts them into micro-batches so that padding and the number of runs together
 * cost least (exact, by dynamic programming over the cuts). Sizes are powers of two, so that few graphs are needed.
 * @param shape.tokens most padded events of a micro-batch
 */
export const microBatches = (windows: readonly Stretch[], shape: { readonly lengths: readonly number[]; readonly tokens: number }): readonly MicroBatch[] => {
  const sorted = windows.toSorted((a, b) => inputsOf(a) - inputsOf(b));
  const lengthOf = (longest: Stretch | undefined): number => shape.lengths.find((each) => longest === undefined || each >= inputsOf(longest)) ?? shape.lengths.at(-1) ?? 1;
  const best = new Float64Array(sorted.length + 1).fill(Number.POSITIVE_INFINITY);
  const cut = new Int32Array(sorted.length + 1);
  best[0] = 0;
  for (let end = 1; end <= sorted.length; end++) {
    const length = lengthOf(sorted[end - 1]);
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
    batches.push({ sequences: 2 ** Math.ceil(Math.log2(part.length)), length: lengthOf(part.at(-1)), windows: part });
  }
  return batches;
};
