/**
 * The newest items side by side: copies of their vectors in memory of this thread's own, where kernels multiply them all. Read in place, each from
 * its own row and by plain arithmetic, 8,192 of them cost .55 ms a page (`npm run bench page`).
 */
import { CHANGES } from '../journey/taste.ts';
import { createKernels } from '../kernels/kernels.ts';
import type { Dot } from '../kernels/dot.ts';
import type { Table } from '../kernels/table.ts';
import type { Top } from '../kernels/top.ts';
import type { ViewerTaste } from './viewer.ts';

/** Newest items that are read, whatever the inventory. */
export const NEWEST = 8192;
/** Items whose likeness to another one may be asked for at once: all that `best` finds. */
const MOST = 256;

/** A stretch of a list of items. */
export interface Stretch { readonly data: Int32Array; readonly first: number; readonly end: number }

export interface Newest {
  /** Fits of the newest of these items with the viewer's state, for `best`. */
  read(taste: ViewerTaste, stretch: Stretch): void;
  /** The eligible items that fit best, above 0 and best first: at least `wanted` where there are so many, at most MOST. @returns how many */
  best(wanted: number, isEligible: (item: number) => boolean): number;
  /** [MOST]: what `best` found, and its cosines. */
  readonly items: Int32Array;
  readonly scores: Float32Array;
  /** Cosines of the first n of `items` with another item, good until the next call. */
  alike(item: number, n: number): Float32Array;
}

interface Kernels { readonly table: Table; readonly fits: Dot; readonly top: Top; readonly likeness: Dot }

/** What is copied: of which vectors, when so many of them had changed. */
interface Copied extends Kernels {
  readonly vectors: Float32Array;
  readonly width: number;
  seen: number;
}

/** Keeps the copies: a row of the kernels' table for each of the newest items. */
const createCopies = () => {
  /** Item whose vector stands in each row; -1 for none. */
  const held = new Int32Array(NEWEST);
  let kernels: ReturnType<typeof createKernels> | undefined;
  let copied: Copied | undefined;

  const copyRow = ({ table, vectors, width }: Copied, row: number, item: number): void => {
    const { floats, stride } = table;
    // Beyond the end stand items that came after the vectors were taken: with their vectors the array becomes another one.
    for (let i = 0, to = row * stride, from = item * width; i < width; i++) floats[to + i] = vectors[from + i] ?? 0;
    held[row] = item;
  };

  /** For vectors of this width: those there are, where they have it. */
  const kernelsOf = (width: number): Kernels => {
    if (copied?.width === width) return { table: copied.table, fits: copied.fits, top: copied.top, likeness: copied.likeness };
    for (const old of copied === undefined ? [] : [copied.likeness, copied.top, copied.fits, copied.table]) old.release();
    kernels ??= createKernels();
    const table = kernels.table('newest', { rows: NEWEST, width });
    const fits = kernels.dot('fits of the newest', { table, most: NEWEST });
    return { table, fits, top: kernels.top('best of the newest', { of: fits.scores, most: MOST }), likeness: kernels.dot('likeness among the newest', { table, most: MOST }) };
  };

  /** What is held of another array of vectors, a larger one or another model's, says nothing of this one. */
  const takeUp = ({ vectors, changed, width }: ViewerTaste): Copied => {
    const now = Atomics.load(changed, 0);
    if (copied?.vectors !== vectors) {
      copied = { vectors, width, ...kernelsOf(width), seen: now };
      held.fill(-1);
    }
    for (let n = Math.max(copied.seen, now - CHANGES); n < now; n++) {
      const row = held.indexOf(changed[1 + n % CHANGES] ?? -1);
      if (row >= 0) copyRow(copied, row, held[row] ?? 0);
    }
    // More were written than are remembered, before or while these were read.
    if (Atomics.load(changed, 0) - copied.seen > CHANGES) held.fill(-1);
    copied.seen = now;
    return copied;
  };

  return {
    held,
    of: (taste: ViewerTaste, { data, first, end }: Stretch): Copied => {
      const to = takeUp(taste);
      // An item of a list that only grows keeps its row, until it is none of the newest.
      for (let at = Math.max(first, end - NEWEST); at < end; at++) {
        const row = (at - first) % NEWEST;
        if (held[row] !== data[at]) copyRow(to, row, data[at] ?? 0);
      }
      return to;
    },
  };
};

/** Of one thread. What it allocates is made with the first viewer who has a state. */
export const createNewest = (): Newest => {
  const copies = createCopies();
  const items = new Int32Array(MOST);
  const scores = new Float32Array(MOST);
  const rows = new Int32Array(MOST);
  let read: Copied | undefined;
  let size = 0;
  return {
    items, scores,
    read: (taste, stretch) => {
      read = copies.of(taste, stretch);
      size = Math.min(stretch.end - stretch.first, NEWEST);
      read.fits.query.floats.set(taste.state);
      read.fits.range(0, size);
    },
    best: (wanted, isEligible) => {
      if (read === undefined) return 0;
      const { top, fits } = read;
      for (;;) {
        const found = top.run(size);
        let kept = 0;
        for (let i = 0; i < found; i++) {
          const row = top.places.integers[i] ?? 0;
          const score = top.scores.floats[i] ?? 0;
          const item = copies.held[row] ?? 0;
          if (score <= 0) continue;
          // What is not eligible makes room, should the best be asked for once more.
          if (!isEligible(item)) { fits.scores.floats[row] = 0; continue; }
          items[kept] = item;
          scores[kept] = score;
          rows[kept] = row;
          kept++;
        }
        const isAll = found < MOST || (top.scores.floats[found - 1] ?? 0) <= 0;
        if (kept >= wanted || kept === found || isAll) return kept;
      }
    },
    alike: (item, n) => {
      if (read === undefined) return scores.subarray(0, 0);
      const { likeness, vectors, width } = read;
      for (let i = 0, from = item * width; i < width; i++) likeness.query.floats[i] = vectors[from + i] ?? 0;
      likeness.rows.integers.set(rows);
      likeness.run(n);
      return likeness.scores.floats;
    },
  };
};
