/**
 * The items touched most lately: at most `SLOTS` of them, kept up on write. Forward decay (Cormode et al. 2009): an item's
 * level is log2 of its decayed count plus time in half-lives, so levels compare at any moment without being brought up to date.
 */
import { DAY } from '../core/clock.ts';
import type { Space } from '../memory/space.ts';
import { openTable } from '../memory/structures.ts';

export const SLOTS = 512;
const HALF_LIFE_MS = DAY;

export interface Hot {
  /** Item + 1 per slot (0: empty), unordered. */
  readonly items: () => Int32Array;
  /** log2 of the decayed count (half-life one day) of the item in this slot, as of `at`. */
  logCount(slot: number, at: number): number;
  /** Writer only. */
  touch(item: number, at: number): void;
  /** Takes a touch back, as far as the item is still here. Writer only. */
  takeBack(item: number, at: number): void;
}

export const openHot = (space: Space): Hot => {
  const slots = openTable(space, 'hot', { item: 'i32', level: 'f64' });
  const levels = openTable(space, 'hotLevels', { level: 'f64', slot: 'u16' });
  const weakest = (): number => {
    let slot = 0;
    for (let i = 1; i < SLOTS; i++) if ((slots.columns.level[i] ?? 0) < (slots.columns.level[slot] ?? 0)) slot = i;
    return slot;
  };
  return {
    items: () => slots.columns.item.subarray(0, SLOTS),
    logCount: (slot, at) => (slots.columns.level[slot] ?? 0) - at / HALF_LIFE_MS,
    touch: (item, at) => {
      levels.ensure(item);
      const { columns } = levels;
      const old = columns.level[item] ?? 0;
      const added = at / HALF_LIFE_MS;
      const level = old === 0 ? added : Math.max(old, added) + Math.log2(1 + 2 ** -Math.abs(old - added));
      columns.level[item] = level;
      let slot = (columns.slot[item] ?? 0) - 1;
      if (slot < 0) {
        slot = weakest();
        if ((slots.columns.level[slot] ?? 0) >= level) return;
        const pushedOut = (slots.columns.item[slot] ?? 0) - 1;
        if (pushedOut >= 0) columns.slot[pushedOut] = 0;
        columns.slot[item] = slot + 1;
      }
      slots.columns.level[slot] = level;
      slots.columns.item[slot] = item + 1;
    },
    takeBack: (item, at) => {
      levels.ensure(item);
      const { columns } = levels;
      const old = columns.level[item] ?? 0;
      if (old === 0) return;
      const left = 1 - 2 ** (at / HALF_LIFE_MS - old);
      const level = left <= 0 ? 0 : Math.max(0, old + Math.log2(left));
      columns.level[item] = level;
      const slot = (columns.slot[item] ?? 0) - 1;
      if (slot < 0) return;
      slots.columns.level[slot] = level;
      if (level > 0) return;
      slots.columns.item[slot] = 0;
      columns.slot[item] = 0;
    },
  };
};
