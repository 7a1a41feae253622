/** What an operator sets for sponsored cards. */
import type { AdRules } from './insert.ts';

export interface SponsoredOptions {
  /** Utility that a unit of `currency` is worth; see `duals.ts`. By default what cost a world 2 % of its engagement (bench/RESULTS.md, "Revenue against engagement"). */
  readonly alpha: number;
  /** Bids in another currency cannot be compared: such campaigns are not served. */
  readonly currency: string;
  readonly rules: AdRules;
}

export const SPONSORED_DEFAULTS: SponsoredOptions = { alpha: 10, currency: 'EUR', rules: { version: 'ads-1', topSlot: 2, minGap: 5, most: 20, hideCeiling: 0.05 } };
