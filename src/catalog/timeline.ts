/** Feed items in order of time, kept up on write: row 0 all of them, row 1 + kind those of one kind. Oldest first, by (createdAt, number). */
import type { Space } from '../memory/space.ts';
import { openLists, type Lists } from '../memory/structures.ts';

export interface Timeline {
  readonly lists: Lists;
  /** How many items there are, those not yet settled included. */
  size(): number;
  /** Takes part from the next `settle` on. Writer only, as all that follows. */
  add(number: number): void;
  /** Takes part until the next `settle`: that it is gone, its state tells meanwhile. */
  remove(number: number): void;
  /** Takes no part from now on: to be called before its date changes, for places are found by dates. */
  takeOut(number: number): void;
  /** Puts what was added in its place and leaves out what was removed: at the end where it is newest, else by one pass for all of it. */
  settle(): void;
}

/** What a place in time is decided by. */
export interface TimelineColumns { readonly columns: { readonly createdAt: Float64Array; readonly kind: Uint8Array } }

export const openTimeline = (space: Space, items: TimelineColumns): Timeline => {
  const lists = openLists(space, 'timeline');
  const arrivals = new Set<number>();
  const gone = new Set<number>();
  const rowOf = (number: number): number => 1 + (items.columns.kind[number] ?? 0);
  const before = (a: number, b: number): number => (items.columns.createdAt[a] ?? 0) - (items.columns.createdAt[b] ?? 0) || a - b;
  const isNewest = (row: number, number: number): boolean => {
    const length = lists.length(row);
    return length === 0 || before(lists.view.data[(lists.view.head[row] ?? 0) + 1 + length] ?? 0, number) < 0;
  };
  /** The first place from which on everything comes after this item. */
  const placeOf = (number: number, sorted: Int32Array, from: number): number => {
    let low = from;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(sorted[middle] ?? 0, number) < 0) low = middle + 1; else high = middle;
    }
    return low;
  };
  /** What stays and what is added are in order both: what stands between two that are added is copied as it is. */
  const merge = (row: number, added: readonly number[]): void => {
    const all = lists.values(row);
    const stays = gone.size === 0 ? all : all.filter((number) => !gone.has(number));
    const merged = new Int32Array(stays.length + added.length);
    let from = 0;
    added.forEach((number, i) => {
      const to = placeOf(number, stays, from);
      merged.set(stays.subarray(from, to), from + i);
      merged[to + i] = number;
      from = to;
    });
    merged.set(stays.subarray(from), from + added.length);
    lists.set(row, merged);
  };
  const change = (row: number, added: readonly number[]): void => {
    if (gone.size === 0 && isNewest(row, added[0] ?? 0)) for (const number of added) lists.push(row, number);
    else merge(row, added);
  };
  const takeOut = (number: number): void => {
    if (arrivals.delete(number)) return;
    lists.remove(0, number);
    lists.remove(rowOf(number), number);
  };
  return {
    lists, takeOut,
    size: () => lists.length(0) + arrivals.size - gone.size,
    add: (number) => {
      if (gone.delete(number)) takeOut(number);
      arrivals.add(number);
    },
    remove: (number) => { if (!arrivals.delete(number)) gone.add(number); },
    settle: () => {
      if (arrivals.size === 0 && gone.size === 0) return;
      const sorted = [...arrivals].sort(before);
      change(0, sorted);
      for (const row of new Set([...gone, ...sorted].map(rowOf))) change(row, sorted.filter((number) => rowOf(number) === row));
      arrivals.clear();
      gone.clear();
    },
  };
};
