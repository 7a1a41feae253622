/** Which items are touched by the same people: per item its strongest neighbours, kept up on write. */
import type { Space } from '../memory/space.ts';
import { openTable, type Table } from '../memory/structures.ts';
import { ACTIONS } from '../core/registry.ts';
import { actionOf, HISTORY_STRIDE } from './layout.ts';


/** Neighbours kept per item. */
export const NEIGHBOURS = 32;
/** How many of a member's earlier items a new one is tied to. */
const LOOK_BACK = 20;

export interface Neighbours {
  /** Slot s of item i is row i × NEIGHBOURS + s: neighbour + 1 (0: empty) and how many people touched both. */
  readonly rows: Table<{ readonly item: 'i32'; readonly count: 'f32' }>;
  /** A member first touched `item`; `history` is theirs so far, in triples. What is no candidate has neighbours and is none. Writer only. */
  touch(item: number, history: Int32Array, isCandidate: (item: number) => boolean): void;
}

export const openNeighbours = (space: Space): Neighbours => {
  const rows = openTable(space, 'neighbours', { item: 'i32', count: 'f32' });
  const add = (item: number, other: number): void => {
    const start = item * NEIGHBOURS;
    rows.ensure(start + NEIGHBOURS);
    const { item: items, count } = rows.columns;
    let weakest = start;
    for (let slot = start; slot < start + NEIGHBOURS; slot++) {
      if (items[slot] === other + 1) { count[slot] = (count[slot] ?? 0) + 1; return; }
      if ((count[slot] ?? 0) < (count[weakest] ?? 0)) weakest = slot;
    }
    // Space-saving (Metwally et al. 2005): a newcomer takes the weakest place and its count, so a rising pair can displace.
    items[weakest] = other + 1;
    count[weakest] = (count[weakest] ?? 0) + 1;
  };
  return {
    rows,
    touch: (item, history, isCandidate) => {
      const distinct = new Set<number>();
      for (let i = history.length - HISTORY_STRIDE; i >= 0 && distinct.size < LOOK_BACK; i -= HISTORY_STRIDE) {
        const other = history[i] ?? 0;
        if (other !== item && ACTIONS[actionOf(history[i + 1] ?? 0)]?.polarity === 1) distinct.add(other);
      }
      const isOne = isCandidate(item);
      for (const other of distinct) {
        if (isCandidate(other)) add(item, other);
        if (isOne) add(other, item);
      }
    },
  };
};
