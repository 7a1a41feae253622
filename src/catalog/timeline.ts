/** Feed items in order of time, kept up on write: row 0 all of them, row 1 + kind those of one kind. Oldest first, by (createdAt, number). */
import type { Space } from '../memory/space.ts';
import { openLists, type Lists } from '../memory/structures.ts';

export interface Timeline {
  readonly lists: Lists;
  /** How many items there are, those not yet settled included. */
  size(): number;
  /** Takes part from the next `settle` on. Writer only. */
  add(number: number): void;
  remove(number: number): void;
  /** Puts what was added in its place: at the end where it is newest, else by one sort for all of it. */
  settle(): void;
}

/** What a place in time is decided by. */
export interface TimelineColumns { readonly columns: { readonly createdAt: Float64Array; readonly kind: Uint8Array } }

export const openTimeline = (space: Space, items: TimelineColumns): Timeline => {
  const lists = openLists(space, 'timeline');
  let arrivals = new Set<number>();
  const rowOf = (number: number): number => 1 + (items.columns.kind[number] ?? 0);
  const before = (a: number, b: number): number => (items.columns.createdAt[a] ?? 0) - (items.columns.createdAt[b] ?? 0) || a - b;
  const insert = (row: number, added: readonly number[]): void => {
    const block = lists.view.head[row] ?? 0;
    const length = lists.length(row);
    const last = length === 0 ? undefined : lists.view.data[block + 1 + length];
    if (last === undefined || before(last, added[0] ?? 0) < 0) { for (const number of added) lists.push(row, number); return; }
    lists.set(row, Int32Array.from([...lists.values(row), ...added]).sort(before));
  };
  return {
    lists,
    size: () => lists.length(0) + arrivals.size,
    add: (number) => { arrivals.add(number); },
    remove: (number) => {
      if (arrivals.delete(number)) return;
      lists.remove(0, number);
      lists.remove(rowOf(number), number);
    },
    settle: () => {
      if (arrivals.size === 0) return;
      const sorted = [...arrivals].sort(before);
      arrivals = new Set();
      insert(0, sorted);
      for (const row of new Set(sorted.map(rowOf))) insert(row, sorted.filter((number) => rowOf(number) === row));
    },
  };
};
