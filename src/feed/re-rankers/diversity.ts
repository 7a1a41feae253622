import { ENTITY_KINDS } from '../../core/registry.ts';
import { CAPACITY, type FeedWork } from '../candidates.ts';

/** The same maker stands at least this many places apart. */
const MAKER_APART = 2;
/** Kinds that season a feed and do not fill it: at least this many places apart. */
const KIND_APART: Readonly<Record<string, number>> = { job: 4, member: 5 };
/** How far down a replacement is looked for; beyond it the best stands, rule or not: nothing is lost for a rule. */
const LOOK_AHEAD = 49;

const apart = Int32Array.from(ENTITY_KINDS, (kind) => KIND_APART[kind] ?? 0);
const next = new Int32Array(CAPACITY + 1);
const placed = new Int32Array(CAPACITY);
/** By candidate: its kind and its maker. */
const kinds = new Uint8Array(CAPACITY);
const makers = new Int32Array(CAPACITY);
/** By kind: the place that the last of it took. */
const lastPlace = new Int32Array(ENTITY_KINDS.length);
const LONG_AGO = -1000;

/** Reorders greedily: at each place the best candidate that keeps its distance. Every candidate stays. */
export const diversify = (work: FeedWork): void => {
  const { candidates: { order, item, size }, views: { catalog } } = work;
  const { kind, author } = catalog.items.columns;
  for (let c = 0; c < size; c++) { kinds[c] = kind[item[c] ?? 0] ?? 0; makers[c] = author[item[c] ?? 0] ?? 0; }
  lastPlace.fill(LONG_AGO);
  const fits = (c: number, place: number): boolean => {
    const own = kinds[c] ?? 0;
    const distance = apart[own] ?? 0;
    if (distance > 0 && place - (lastPlace[own] ?? LONG_AGO) <= distance) return false;
    const maker = makers[c] ?? 0;
    if (maker === 0) return true;
    for (let back = 1; back <= MAKER_APART && back <= place; back++) if (makers[placed[place - back] ?? 0] === maker) return false;
    return true;
  };
  // A linked list over `order`: place CAPACITY is the head, size the end.
  for (let i = 0; i < size; i++) next[i] = i + 1;
  next[CAPACITY] = 0;
  for (let place = 0; place < size; place++) {
    let before = CAPACITY;
    let found = CAPACITY;
    for (let at = next[CAPACITY] ?? 0, tried = 0; at < size && tried < LOOK_AHEAD; at = next[at] ?? size, tried++) {
      if (fits(order[at] ?? 0, place)) { found = before; break; }
      before = at;
    }
    const chosen = next[found] ?? 0;
    const c = order[chosen] ?? 0;
    placed[place] = c;
    lastPlace[kinds[c] ?? 0] = place;
    next[found] = next[chosen] ?? size;
  }
  order.set(placed.subarray(0, size));
};
