/**
 * How a member responds to what they are shown, topic by topic and kind by kind: not how much they touched of something, which follows from what
 * was put before them, but how readily.
 */
import type { Space } from '../memory/space.ts';
import { openTable, type Table } from '../memory/structures.ts';

/**
 * Topics, skills and kinds kept for a member: 12 bytes each. Of too few, skills that are met once leave no room for topics that are seldom shown,
 * of which nothing is then ever known.
 */
export const LIKINGS = 96;
/** Looked at this often, what was before counts half: whom one shows a topic daily may turn away from it. */
const HALVED_AT = 200;
/**
 * Looked at this often before a liking counts as much as what holds for anything: about as much as likings differ. With a smaller prior, rates are
 * bolder than they are sure, and predictions that were fitted to early ones are too low later (docs/decisions/0030-rates-count-looks.md).
 */
export const LIKING_PRIOR = 24;

/** What is counted: a term by its number, a kind by another. */
export const termKey = (term: number): number => term + 1;
export const kindKey = (kind: number): number => -kind - 1;

export interface Likings {
  /** A key (0: empty), how often it was looked at, how often that was liked. */
  readonly rows: Table<{ readonly key: 'i32'; readonly shown: 'f32'; readonly liked: 'f32' }>;
  /** The first of a member's LIKINGS rows; -1 for whom nothing was shown to. */
  firstOf(member: number): number;
  /** Something with this key was shown to a member, who looked at it as much as that. Writer only. */
  show(member: number, key: number, look: number): void;
  /** It was liked, or that was taken back. Writer only. */
  like(member: number, key: number, amount: 1 | -1): void;
  forget(member: number): void;
}

export const openLikings = (space: Space): Likings => {
  const rows = openTable(space, 'likings', { key: 'i32', shown: 'f32', liked: 'f32' });
  /** 1 + which stretch of rows is a member's: whoever looks at nothing, as items do, has none. */
  const stretches = openTable(space, 'likingsOf', { stretch: 'i32' });
  let used = 0;
  const firstOf = (member: number): number => { const stretch = stretches.columns.stretch[member] ?? 0; return stretch === 0 ? -1 : (stretch - 1) * LIKINGS; };
  const ownFirst = (member: number): number => {
    stretches.ensure(member);
    if (firstOf(member) >= 0) return firstOf(member);
    const first = used++ * LIKINGS;
    rows.ensure(first + LIKINGS);
    stretches.columns.stretch[member] = used;
    return first;
  };
  const find = (first: number, key: number): number => {
    const { key: keys } = rows.columns;
    for (let slot = first; slot < first + LIKINGS; slot++) if (keys[slot] === key) return slot;
    return -1;
  };
  /** The slot of a key that is not there: an empty one, else that of what was shown least, which is forgotten. */
  const take = (first: number, key: number): number => {
    const { key: keys, shown, liked } = rows.columns;
    let least = first;
    for (let slot = least; slot < first + LIKINGS; slot++) if ((shown[slot] ?? 0) < (shown[least] ?? 0)) least = slot;
    keys[least] = key;
    shown[least] = 0;
    liked[least] = 0;
    return least;
  };
  return {
    rows, firstOf,
    show: (member, key, look) => {
      const first = ownFirst(member);
      const found = find(first, key);
      const slot = found < 0 ? take(first, key) : found;
      const { shown, liked } = rows.columns;
      shown[slot] = (shown[slot] ?? 0) + look;
      if ((shown[slot] ?? 0) < HALVED_AT) return;
      shown[slot] = (shown[slot] ?? 0) / 2;
      liked[slot] = (liked[slot] ?? 0) / 2;
    },
    like: (member, key, amount) => {
      const first = ownFirst(member);
      // Actions are told before the impression that they answer has ended: a first one makes its own slot.
      const found = find(first, key);
      const slot = found >= 0 || amount < 0 ? found : take(first, key);
      if (slot >= 0) rows.columns.liked[slot] = Math.max(0, (rows.columns.liked[slot] ?? 0) + amount);
    },
    forget: (member) => {
      const first = firstOf(member);
      if (first >= 0) for (const column of Object.values(rows.columns)) column.fill(0, first, first + LIKINGS);
    },
  };
};
