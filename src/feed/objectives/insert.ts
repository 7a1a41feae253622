/**
 * Sponsored among organic: two columns that were ranked apart become one list. At a place where an advertisement may stand it stands if its
 * utility and alpha times its revenue are above the utility of the organic item it would push down (Yan et al., "Ads Allocation in Feed via
 * Constrained Optimization", KDD 2020). Both columns keep their order.
 */

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

/**
 * Writes the merged list, as many places as there is room for: organic places, and sponsored rows as `-1 - row`. Every organic item
 * stands, once. No advertisement stands below the last organic item. Allocates nothing. While the sponsored column keeps its order and
 * nothing has to fit, a higher alpha never moves an advertisement down.
 * @returns how many places were written
 */
export const insertSponsored = (columns: TwoColumns, { alpha, rules, fits }: Exchange, into: Int32Array): number => {
  const { organic, organicSize, utility, revenue, hide, sponsoredSize, order } = columns;
  const { topSlot, minGap, most } = rules;
  let [o, a, stand, last, slot] = [0, 0, 0, -1, 0];
  while (slot < into.length && o < organicSize) {
    if (stand < most && slot >= topSlot && (last < 0 || slot - last >= minGap)) {
      while (a < sponsoredSize && isBarred(hide[order?.[a] ?? a] ?? 0, rules)) a++;
      const row = order?.[a] ?? a;
      if (a < sponsoredSize && (utility[row] ?? 0) + alpha * (revenue[row] ?? 0) > (organic[o] ?? 0) && (fits === undefined || fits(row, slot, o))) {
        into[slot] = -1 - row;
        a++;
        stand++;
        last = slot++;
        continue;
      }
    }
    into[slot++] = o++;
  }
  return slot;
};
