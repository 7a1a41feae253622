/** Revenue against engagement: what multipliers bring beside sponsored cards at fixed places, on the same requests. */
import { isBarred, type AdRules } from './insert.ts';
import { judgeAlpha, judgePlacing, solveDual, type Brought, type Outcome, type Placing, type Sample } from './duals.ts';

/** The two sums of a way of placing. */
export interface Point { readonly engagement: number; readonly revenue: number }

/** Ten shares of the most revenue that the rules allow. */
export const SHARES: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.999];

/** A sponsored card at the first place allowed and at every n-th from there, in the order in which the column stands, under the same ceiling. */
export const atFixedPlaces = (every: number, rules: AdRules): Placing => (columns, into) => {
  const { organicSize, sponsoredSize, hide, order } = columns;
  const rowAt = (at: number): number => order?.[at] ?? at;
  let [o, a, slot] = [0, 0, 0];
  while (slot < into.length && o < organicSize) {
    while (a < sponsoredSize && isBarred(hide[rowAt(a)] ?? 0, rules)) a++;
    into[slot] = slot >= rules.topSlot && (slot - rules.topSlot) % every === 0 && a < sponsoredSize ? -1 - rowAt(a++) : o++;
    slot++;
  }
  return slot;
};

/** Of one sum at the other, on the line through neighbouring points; undefined outside of them. */
const along = (points: readonly Point[], { at, x, y }: { readonly at: number; readonly x: keyof Point; readonly y: keyof Point }): number | undefined => {
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1], points[i]];
    if (from === undefined || to === undefined || at < Math.min(from[x], to[x]) || at > Math.max(from[x], to[x])) continue;
    const share = from[x] === to[x] ? 0 : (at - from[x]) / (to[x] - from[x]);
    return from[y] + share * (to[y] - from[y]);
  }
  return undefined;
};
/** @param points in the order of revenue */
export const engagementAt = (points: readonly Point[], revenue: number): number | undefined => along(points, { at: revenue, x: 'revenue', y: 'engagement' });
/** More revenue never stands with more engagement on these curves, but for the noise at their beginning. */
export const revenueAt = (points: readonly Point[], engagement: number): number | undefined => along(points, { at: engagement, x: 'engagement', y: 'revenue' });

/** What fixed places bring, and how much more a multiplier brings at the same revenue and at the same engagement, as shares; undefined where the rules allow no such point. */
export interface FixedPlaces extends Brought { readonly every: number; readonly moreEngagement: number | undefined; readonly moreRevenue: number | undefined }

export interface Pareto { readonly points: readonly Outcome[]; readonly fixed: readonly FixedPlaces[] }

/** Multipliers that bring `SHARES` of the most revenue on one sample, judged on another beside fixed places. @throws client/invalidConfig for an empty sample */
export const pareto = (solved: Sample, judged: Sample, everies: readonly number[]): Pareto => {
  const alone = { ...solved, requests: solved.requests.map((request) => ({ ...request, group: 0 })) };
  const points = SHARES.map((revenueFloor) => judgeAlpha(judged, solveDual(alone, { revenueFloor }).get(0)?.alpha ?? 0));
  const curve = [judgeAlpha(judged, 0), ...points].map(({ engagement, revenue }): Point => ({ engagement: engagement.mean, revenue: revenue.mean }));
  const more = (at: number | undefined, than: number): number | undefined => (at === undefined || than === 0 ? undefined : at / than - 1);
  return {
    points,
    fixed: everies.map((every): FixedPlaces => {
      const brought = judgePlacing(judged, atFixedPlaces(every, judged.rules));
      const [engagement, revenue] = [brought.engagement.mean, brought.revenue.mean];
      return { every, ...brought, moreEngagement: more(engagementAt(curve, revenue), engagement), moreRevenue: more(revenueAt(curve, engagement), revenue) };
    }),
  };
};
