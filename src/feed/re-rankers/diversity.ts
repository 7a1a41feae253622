import { ENTITY_KINDS } from '../../core/registry.ts';
import { CAPACITY, type FeedWork } from '../candidates.ts';

/** The same maker stands at least this many places apart. */
const MAKER_APART = 2;
/** Kinds that season a feed and do not fill it: at least this many places apart. */
const KIND_APART: Readonly<Record<string, number>> = { job: 4, member: 5 };
/** How far down a replacement is looked for; beyond it the best stands, rule or not: nothing is lost for a rule. */
const LOOK_AHEAD = 48;

const apart = Int32Array.from(ENTITY_KINDS, (kind) => KIND_APART[kind] ?? 0);
const next = new Int32Array(CAPACITY + 1);
const placed = new Int32Array(CAPACITY);

/** Reorders greedily: at each place the best candidate that keeps its distance. Every candidate stays. */
export const diversify = (work: FeedWork): void => {
  const { candidates: { order, item, size }, views: { catalog } } = work;
  const { kind, author } = catalog.items.columns;
  const fits = (c: number, place: number): boolean => {
    const own = item[c] ?? 0;
    const distance = apart[kind[own] ?? 0] ?? 0;
    const maker = author[own] ?? 0;
    for (let back = 1; back <= Math.max(distance, MAKER_APART) && back <= place; back++) {
      const other = item[placed[place - back] ?? 0] ?? 0;
      if (back <= distance && kind[other] === kind[own]) return false;
      if (back <= MAKER_APART && maker !== 0 && author[other] === maker) return false;
    }
    return true;
  };
  // A linked list over `order`: place CAPACITY is the head, size the end.
  for (let i = 0; i < size; i++) next[i] = i + 1;
  next[CAPACITY] = 0;
  for (let place = 0; place < size; place++) {
    let before = CAPACITY;
    for (let at = next[CAPACITY] ?? 0, tried = 0; at < size && tried < LOOK_AHEAD; at = next[at] ?? size, tried++) {
      if (fits(order[at] ?? 0, place)) break;
      before = at;
    }
    if ((next[before] ?? size) >= size || !fits(order[next[before] ?? 0] ?? 0, place)) before = CAPACITY;
    const chosen = next[before] ?? 0;
    placed[place] = order[chosen] ?? 0;
    next[before] = next[chosen] ?? size;
  }
  order.set(placed.subarray(0, size));
};
