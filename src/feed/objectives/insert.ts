/**
 * Sponsored among organic: two columns that were ranked apart become one list, both in their order, as in Yan et al., "Ads Allocation in Feed
 * via Constrained Optimization" (KDD 2020). There an advertisement stands where its utility and alpha times its revenue are above the utility
 * of the organic item that it pushes down. But what is pushed down is not lost: it stands a place lower, where it is looked at less, and so
 * does all below it. So here the list is the one whose places are worth most, by how much they are looked at: no other list that keeps the
 * rules is worth more at this alpha, in the first places of it.
 */
import { attentionAt } from '../../funnel/published.ts';

/** What holds whatever is paid. Places are counted from 0. */
export interface AdRules {
  readonly version: string;
  /** The first place an advertisement may take. */
  readonly topSlot: number;
  /** Places from one advertisement to the next, at least: 1 lets them follow each other. */
  readonly minGap: number;
  /** Advertisements in one list, at most. */
  readonly most: number;
  /** An advertisement that more than this share of viewers would hide, by prediction, never stands. */
  readonly hideCeiling: number;
}

/** Two columns, each best first by its own ranking. Utilities are in one unit, revenues in another. */
export interface TwoColumns {
  /** Utility by place in the organic column. */
  readonly organic: ArrayLike<number>;
  readonly organicSize: number;
  /** By row of the sponsored column: utility, expected revenue (never below 0), predicted share of hides. */
  readonly utility: ArrayLike<number>;
  readonly revenue: ArrayLike<number>;
  readonly hide: ArrayLike<number>;
  readonly sponsoredSize: number;
  /** Rows of the sponsored columns, best first; absent: as they stand. */
  readonly order?: ArrayLike<number>;
}

export interface Exchange {
  /** Utility that a unit of revenue is worth. At least 0. */
  readonly alpha: number;
  readonly rules: AdRules;
  /** How much a place is looked at, by place; its last number beyond the end. */
  readonly attention: ArrayLike<number>;
  /** Whether a sponsored row may stand at a place of the merged list, right above an organic place; where it may not it waits for the next. */
  readonly fits?: (row: number, slot: number, organicPlace: number) => boolean;
}

/** Whether an advertisement may not stand, whatever it pays. A prediction that is no number bars too. */
export const isBarred = (hide: number, { hideCeiling }: AdRules): boolean => !(hide <= hideCeiling);

/** In a merged list organic items are their places, sponsored ones numbers below 0: this is their row. */
export const sponsoredRow = (code: number): number => -1 - code;

/** Puts sponsored rows in the order of utility and alpha times revenue, ties as they stood: the order in which a multiplier would choose them if no rule held. There are few. */
export const orderByWorth = ({ utility, revenue, sponsoredSize }: TwoColumns, alpha: number, into: Int32Array): void => {
  for (let row = 0; row < sponsoredSize; row++) {
    const worth = (utility[row] ?? 0) + alpha * (revenue[row] ?? 0);
    let at = row;
    for (; at > 0; at--) {
      const above = into[at - 1] ?? 0;
      if ((utility[above] ?? 0) + alpha * (revenue[above] ?? 0) >= worth) break;
      into[at] = above;
    }
    into[at] = row;
  }
};

/** Places in which sponsored cards are put; few go further down, and whoever does finds organic cards alone. */
const DECIDED = 128;

/** By place: how much it is looked at; what the list is worth from there on, with one advertisement more above and without; what organic items sum up to, the same. */
const looks = new Float64Array(DECIDED);
const sums = Array.from({ length: 4 }, () => new Float64Array(DECIDED + 1));
/** Grown with the sponsored column. */
let takes = new Uint8Array(16 * DECIDED);
let rows = new Int32Array(16);

/** Sums up to each place of organic items alone, `ads` advertisements above them. */
const sumOrganic = ({ organic, organicSize }: TwoColumns, { ads, places, into }: { readonly ads: number; readonly places: number; readonly into: Float64Array }): void => {
  let sum = 0;
  for (let slot = 0; slot < places; slot++) {
    into[slot] = sum;
    const place = slot - ads;
    if (place >= 0 && place < organicSize) sum += (looks[slot] ?? 0) * (organic[place] ?? 0);
  }
  into[places] = sum;
};

/**
 * Backwards from the last place: with `a` advertisements above a place where one may stand, does the best list put the next one there?
 * `takes[a * DECIDED + slot]`. A place costs a comparison for each number of advertisements; sums of organic items bridge the gap behind one.
 */
const decide = (columns: TwoColumns, { alpha, rules: { topSlot, minGap }, attention }: Exchange, { places, ads }: { readonly places: number; readonly ads: number }): void => {
  const { organic, organicSize, utility, revenue } = columns;
  for (let slot = 0; slot < places; slot++) looks[slot] = attentionAt(attention, slot);
  let [next = looks, own = looks, organicNext = looks, organicOwn = looks] = sums;
  sumOrganic(columns, { ads, places, into: organicNext });
  const whole = organicNext[places] ?? 0;
  for (let slot = 0; slot <= places; slot++) next[slot] = whole - (organicNext[slot] ?? 0);
  for (let a = ads - 1; a >= 0; a--) {
    const row = rows[a] ?? 0;
    const worth = (utility[row] ?? 0) + alpha * (revenue[row] ?? 0);
    sumOrganic(columns, { ads: a, places, into: organicOwn });
    let fromHere = 0;
    own[places] = 0;
    for (let slot = places - 1; slot >= Math.max(topSlot, a); slot--) {
      const place = slot - a;
      const looked = looks[slot] ?? 0;
      const passed = fromHere + (place < organicSize ? looked * (organic[place] ?? 0) : 0);
      const then = Math.min(slot + minGap, places);
      const taken = looked * worth + (organicNext[then] ?? 0) - (organicNext[slot + 1] ?? 0) + (next[then] ?? 0);
      const isTaken = place < organicSize && taken > passed;
      takes[a * DECIDED + slot] = isTaken ? 1 : 0;
      fromHere = isTaken ? taken : passed;
      own[slot] = fromHere;
    }
    [own, next, organicOwn, organicNext] = [next, own, organicNext, organicOwn];
  }
};

/**
 * Writes the merged list, as many places as there is room for: organic places, and sponsored rows as `-1 - row`. Every organic item
 * stands, once. No advertisement stands below the last organic item. A higher alpha never earns less. One that does not fit where it would
 * stand waits for the next place at which the best list has it. Allocates nothing.
 * @returns how many places were written
 */
export const insertSponsored = (columns: TwoColumns, exchange: Exchange, into: Int32Array): number => {
  const { organicSize, hide, sponsoredSize, order } = columns;
  const { rules, fits } = exchange;
  if (rows.length < sponsoredSize) [rows, takes] = [new Int32Array(2 * sponsoredSize), new Uint8Array(2 * sponsoredSize * DECIDED)];
  let allowed = 0;
  for (let at = 0; at < sponsoredSize; at++) {
    const row = order?.[at] ?? at;
    if (!isBarred(hide[row] ?? 0, rules)) rows[allowed++] = row;
  }
  const room = Math.min(into.length, organicSize + allowed);
  const [places, ads] = [Math.min(room, DECIDED), Math.min(allowed, rules.most)];
  if (ads > 0) decide(columns, exchange, { places, ads });
  let [o, a, free, slot] = [0, 0, rules.topSlot, 0];
  while (slot < room && o < organicSize) {
    const row = rows[a] ?? 0;
    if (a < ads && slot >= free && slot < places && takes[a * DECIDED + slot] === 1 && (fits === undefined || fits(row, slot, o))) {
      into[slot] = -1 - row;
      a++;
      free = slot + rules.minGap;
    } else into[slot] = o++;
    slot++;
  }
  return slot;
};
