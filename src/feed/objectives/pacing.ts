/**
 * A budget spread over the time of its campaign, as visits are spread over the day. A campaign that is ahead of its plan bids less and pays
 * what it bids: a multiplier per bidder in a first-price auction (Conitzer et al., "Pacing Equilibrium in First-Price Auction Markets", EC 2019).
 */
import { DAY, HOUR } from '../../core/clock.ts';

const HOURS = DAY / HOUR;
/** Visits that every hour is given before any were counted. */
const PRIOR = 50;
/** Ahead of its plan by this share of the budget a campaign bids nothing. */
export const SLACK = 0.05;

/** Visits by hour of the day (UTC), counted so far, as sums up to each hour: 25 numbers. */
export const dayCurve = (visits: ArrayLike<number>): Float64Array => {
  const until = new Float64Array(HOURS + 1);
  for (let hour = 0; hour < HOURS; hour++) until[hour + 1] = (until[hour] ?? 0) + (visits[hour] ?? 0) + PRIOR;
  return until;
};

/** Visits from the epoch to a moment, ms, if every day were like this one. */
const visitsUntil = (curve: Float64Array, at: number): number => {
  const inDay = (at % DAY) / HOUR;
  const hour = Math.floor(inDay);
  const [before, after] = [curve[hour] ?? 0, curve[hour + 1] ?? 0];
  return Math.floor(at / DAY) * (curve[HOURS] ?? 0) + before + (inDay - hour) * (after - before);
};

/** Share of the visits of a campaign's time that are past, 0 to 1. Times in ms. */
export const plannedShare = (curve: Float64Array, { startsAt, endsAt }: { readonly startsAt: number; readonly endsAt: number }, now: number): number => {
  if (now <= startsAt) return 0;
  if (now >= endsAt) return 1;
  const start = visitsUntil(curve, startsAt);
  return (visitsUntil(curve, now) - start) / (visitsUntil(curve, endsAt) - start);
};

/** The share of its bid that a campaign bids, 0 to 1: all of it up to the plan, nothing from `SLACK` above. @param taken spent and promised, in the unit of the budget */
export const paceOf = ({ taken, budget, planned }: { readonly taken: number; readonly budget: number; readonly planned: number }): number =>
  Math.max(0, Math.min(1, 1 - (taken / budget - planned) / SLACK));
