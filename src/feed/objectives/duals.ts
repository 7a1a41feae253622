/**
 * What revenue is worth in engagement: the multiplier of a floor, solved on a sample of requests (Agarwal et al., KDD 2011 and SIGIR 2012;
 * Yan et al., KDD 2020). One constraint has one multiplier, and revenue does not fall in it, so it is found by halving: no step size and no
 * ridge term, which many constraints at once would need. With a floor for each class of requests the classes do not depend on each other, and
 * each has its own.
 */
import { ThroughlineError } from '../../core/errors.ts';
import { insertSponsored, orderByWorth, type AdRules, type Exchange, type TwoColumns } from './insert.ts';

/** One request as it could have been served. */
export interface SampledRequest extends TwoColumns {
  /** Absent: all requests are of class 0. */
  readonly group?: number;
}

export interface Sample {
  readonly requests: readonly SampledRequest[];
  readonly rules: AdRules;
  /** Whether sponsored columns are put in the order of worth at each multiplier; else they stand as they are given. */
  readonly byWorth: boolean;
  /** How much a place is looked at, by place; as long as the list that is judged. */
  readonly attention: ArrayLike<number>;
}

/** A share, 0 to 1: of the engagement without advertisements, or of the most revenue that the rules allow. */
export type Floor = { readonly engagementFloor: number } | { readonly revenueFloor: number };

/** With a 95 % interval over requests. */
export interface Estimate { readonly mean: number; readonly low: number; readonly high: number }

/** What lists bring, in the mean over requests. */
export interface Brought {
  /** Share of the engagement without advertisements. */
  readonly engagement: Estimate;
  /** A request. */
  readonly revenue: Estimate;
  readonly sponsored: Estimate;
}

export interface Outcome extends Brought { readonly alpha: number }

/** An item's utility and revenue count by how much its place is looked at. */
export interface Totals { engagement: number; revenue: number; sponsored: number }

const Z95 = 1.959964;
/** Multipliers that are told apart: halvings of a range of logarithms. */
const STEPS = 28;
const LOWEST = -16;
const HIGHEST = 16;

const estimate = (values: Float64Array, over?: Float64Array): Estimate => {
  const n = values.length;
  const mean = (column: Float64Array): number => column.reduce((sum, each) => sum + each, 0) / n;
  const base = over === undefined ? 1 : mean(over);
  const ratio = mean(values) / base;
  // Delta method: the spread of what is left of each value when the ratio is taken out.
  let squares = 0;
  for (let i = 0; i < n; i++) squares += ((values[i] ?? 0) - ratio * (over?.[i] ?? 1)) ** 2;
  const half = n < 2 ? 0 : (Z95 * Math.sqrt(squares / (n - 1) / n)) / Math.abs(base);
  return { mean: ratio, low: ratio - half, high: ratio + half };
};

/** Adds up a merged list; `into` holds `slots` places of it. @param by whose utilities and revenues count: those the list was made by, or others */
export const addUp = (by: TwoColumns, { into, slots, attention }: { readonly into: Int32Array; readonly slots: number; readonly attention: ArrayLike<number> }, totals: Totals): void => {
  [totals.engagement, totals.revenue, totals.sponsored] = [0, 0, 0];
  for (let slot = 0; slot < slots; slot++) {
    const code = into[slot] ?? 0;
    const seen = attention[slot] ?? 0;
    if (code >= 0) { totals.engagement += seen * (by.organic[code] ?? 0); continue; }
    totals.engagement += seen * (by.utility[-1 - code] ?? 0);
    totals.revenue += seen * (by.revenue[-1 - code] ?? 0);
    totals.sponsored++;
  }
};

const isNumber = (value: number, least: number): boolean => Number.isFinite(value) && value >= least;

const check = ({ requests, attention }: Sample, share: number): void => {
  if (requests.length === 0 || attention.length === 0) throw new ThroughlineError('client/invalidConfig', 'a multiplier is solved on requests with at least one place; the sample has none');
  if (!isNumber(share, 0) || share > 1) throw new ThroughlineError('client/invalidConfig', `a floor is a share from 0 to 1, not ${share}`);
};

/** Writes the list of a request into `into`, as codes (see `insertSponsored`). @returns its places */
export type Placing = (request: SampledRequest, into: Int32Array) => number;

interface Judge {
  /** Engagement of each request without advertisements. */
  readonly bare: Float64Array;
  /** Both sums at a multiplier. */
  sums(alpha: number): { readonly engagement: number; readonly revenue: number };
  /** By request, with a multiplier. */
  each(alpha: number): Brought;
  /** With lists made in any other way. */
  eachBy(place: Placing): Brought;
}

const openJudge = ({ requests, rules, byWorth, attention }: Sample): Judge => {
  const into = new Int32Array(attention.length);
  const order = new Int32Array(requests.reduce((most, { sponsoredSize }) => Math.max(most, sponsoredSize), 0));
  const totals: Totals = { engagement: 0, revenue: 0, sponsored: 0 };
  const judge = (request: SampledRequest, place: Placing): Totals => {
    addUp(request, { into, slots: place(request, into), attention }, totals);
    return totals;
  };
  const by = (exchange: Exchange): Placing => (request, list) => {
    if (byWorth) orderByWorth(request, exchange.alpha, order);
    return insertSponsored(byWorth ? { ...request, order } : request, exchange, list);
  };
  const bare = Float64Array.from(requests, (request) => judge(request, by({ alpha: 0, attention, rules: { ...rules, most: 0 } })).engagement);
  const eachBy = (place: Placing): Brought => {
    const columns = { engagement: new Float64Array(requests.length), revenue: new Float64Array(requests.length), sponsored: new Float64Array(requests.length) };
    requests.forEach((request, r) => { const { engagement, revenue, sponsored } = judge(request, place); columns.engagement[r] = engagement; columns.revenue[r] = revenue; columns.sponsored[r] = sponsored; });
    return { engagement: estimate(columns.engagement, bare), revenue: estimate(columns.revenue), sponsored: estimate(columns.sponsored) };
  };
  return {
    bare, eachBy,
    each: (alpha) => eachBy(by({ alpha, rules, attention })),
    sums: (alpha) => {
      const place = by({ alpha, rules, attention });
      let [engagement, revenue] = [0, 0];
      for (const request of requests) { judge(request, place); engagement += totals.engagement; revenue += totals.revenue; }
      return { engagement, revenue };
    },
  };
};

/** What a multiplier brings on a sample. @throws client/invalidConfig for an empty sample */
export const judgeAlpha = (sample: Sample, alpha: number): Outcome => {
  check(sample, 0);
  return { alpha, ...openJudge(sample).each(alpha) };
};

/** What lists made in another way bring. @throws client/invalidConfig for an empty sample */
export const judgePlacing = (sample: Sample, place: Placing): Brought => {
  check(sample, 0);
  return openJudge(sample).eachBy(place);
};

/** The two neighbouring multipliers between which a property that holds below stops holding; equal where it holds nowhere or everywhere. */
const edge = (holds: (alpha: number) => boolean): { readonly below: number; readonly above: number } => {
  let [low, high] = [LOWEST, HIGHEST];
  if (!holds(0)) return { below: 0, above: 0 };
  if (!holds(Math.exp(low))) return { below: 0, above: Math.exp(low) };
  if (holds(Math.exp(high))) return { below: Math.exp(high), above: Math.exp(high) };
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (holds(Math.exp(middle))) low = middle; else high = middle;
  }
  return { below: Math.exp(low), above: Math.exp(high) };
};

const solveOne = (sample: Sample, floor: Floor): Outcome => {
  const { bare, sums } = openJudge(sample);
  if ('engagementFloor' in floor) {
    const least = floor.engagementFloor * bare.reduce((sum, each) => sum + each, 0);
    return judgeAlpha(sample, edge((alpha) => sums(alpha).engagement >= least).below);
  }
  const wanted = floor.revenueFloor * sums(Math.exp(HIGHEST)).revenue;
  if (sums(0).revenue >= wanted) return judgeAlpha(sample, 0);
  return judgeAlpha(sample, edge((alpha) => sums(alpha).revenue < wanted).above);
};

/**
 * Most revenue at no less than a share of the engagement without advertisements, or most engagement at no less than a share of the revenue
 * there is; for each class of requests its own multiplier, by class number. Deterministic. Where even an alpha of 0 does not keep an
 * engagement floor, 0 is what is left.
 * @throws client/invalidConfig for an empty sample or a floor that is no share
 */
export const solveDual = (sample: Sample, floor: Floor): ReadonlyMap<number, Outcome> => {
  check(sample, 'engagementFloor' in floor ? floor.engagementFloor : floor.revenueFloor);
  const groups = [...new Set(sample.requests.map(({ group = 0 }) => group))].toSorted((a, b) => a - b);
  return new Map(groups.map((own) => [own, solveOne({ ...sample, requests: sample.requests.filter(({ group = 0 }) => group === own) }, floor)]));
};
