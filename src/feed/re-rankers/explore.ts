import type { FeedWork } from '../candidates.ts';
import { brokenAt, createStretch, isNoWorse, LIST_RULES, putItem, REACH, type ListRules, type Ruled, type Stretch } from './rules.ts';

/** Places of a page beyond which nothing is tried. */
const MOST = 50;
/** By place: the rules that it breaks as it stands. */
const before = new Int32Array(MOST);

const swap = (column: Int32Array, one: number, other: number): void => {
  const kept = column[one] ?? 0;
  column[one] = column[other] ?? 0;
  column[other] = kept;
};

/**
 * Pairs of the first places that may change items without breaking a rule that was kept: what breaks by it breaks at one of the two. Pair k is
 * `into[2 * k]` and `into[2 * k + 1]`. @param top the list from its first place on; written to while pairs are tried. @returns how many
 */
export const pairsThatMaySwap = (top: Pick<Stretch, 'kind' | 'maker'> & Ruled, places: number, { into, rules }: { readonly into: Int32Array; readonly rules: ListRules }): number => {
  const { kind, maker } = top;
  for (let place = 0; place < places; place++) before[place] = brokenAt(top, place, rules);
  let pairs = 0;
  for (let one = 0; one < places; one++) {
    for (let other = one + 1; other < places; other++) {
      swap(kind, one, other); swap(maker, one, other);
      if (isNoWorse({ one: brokenAt(top, one, rules), other: brokenAt(top, other, rules) }, { one: before[one] ?? 0, other: before[other] ?? 0 })) { into[2 * pairs] = one; into[2 * pairs + 1] = other; pairs++; }
      swap(kind, one, other); swap(maker, one, other);
    }
  }
  return pairs;
};

const top = createStretch(MOST + REACH);
const pairs = new Int32Array(MOST * (MOST - 1));
/** By place: in how many pairs it is. */
const moves = new Int32Array(MOST);

const readTop = ({ candidates: { order, item, ordered }, views: { catalog: { items: { columns } } } }: FeedWork, places: number): void => {
  top.size = Math.min(ordered, places + REACH);
  for (let place = 0; place < top.size; place++) putItem(top, place, { item: item[order[place] ?? 0] ?? 0, columns });
};

/**
 * On a small share of first pages two places of the page change items at random, so that the effect of a place can be told
 * from the effect of what stands there (swap intervention, Joachims et al. 2017): a pair of those that the rules of a list allow. Propensities
 * are multiplied into those that stand there (newcomers.ts) and served with the page.
 */
export const explore = (work: FeedWork, share: number): void => {
  const { candidates: { order, propensity, forced, ordered } } = work;
  const places = Math.min(work.limit, ordered, MOST);
  if (share === 0) return;
  readTop(work, places);
  const count = pairsThatMaySwap(top, places, { into: pairs, rules: LIST_RULES });
  if (count === 0) return;
  const random = work.context.random.fork('explore');
  const drawn = random.next() < share ? Math.floor(random.next() * count) : -1;
  // Each pair that is left alone takes its share from both of its places.
  for (let i = 0; i < 2 * count; i++) moves[pairs[i] ?? 0] = (moves[pairs[i] ?? 0] ?? 0) + 1;
  for (let place = 0; place < places; place++) {
    const c = order[place] ?? 0;
    propensity[c] = (propensity[c] ?? 1) * (1 - share * (moves[place] ?? 0) / count);
    moves[place] = 0;
  }
  if (drawn < 0) return;
  const a = order[pairs[2 * drawn] ?? 0] ?? 0;
  const b = order[pairs[2 * drawn + 1] ?? 0] ?? 0;
  swap(order, pairs[2 * drawn] ?? 0, pairs[2 * drawn + 1] ?? 0);
  for (const moved of [a, b]) { propensity[moved] = (forced[moved] === 1 ? (propensity[moved] ?? 1) : 1) * share / count; forced[moved] = 1; }
};
