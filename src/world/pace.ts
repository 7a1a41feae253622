/** When things happen: arrivals without memory, at rates that follow the day or spare the reader. */
import { DAY, HOUR, MINUTE, SECOND } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { exponential } from './chance.ts';
import type { Scalars } from './parameters.ts';

/** How long to wait for the next arrival after `at`, in milliseconds, where `perDay` of them are expected on a working day. */
export type Pace = (at: number, perDay: number, random: Random) => number;

const RHYTHM = [0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.5, 1.2, 1.8, 1.7, 1.4, 1.3, 1.6, 1.4, 1.2, 1.2, 1.3, 1.5, 1.4, 1.3, 1.3, 1.1, 0.7, 0.3];
const MEAN_RHYTHM = RHYTHM.reduce((sum, one) => sum + one, 0) / RHYTHM.length;

const cumulative = RHYTHM.map((_, hour) => RHYTHM.slice(0, hour + 1).reduce((sum, one) => sum + one, 0) / (MEAN_RHYTHM * RHYTHM.length));

/** A moment of a day in that rhythm, in milliseconds from its beginning. */
export const momentOfDay = (random: Random): number => {
  const draw = random.next();
  const hour = Math.max(0, cumulative.findIndex((sum) => draw < sum));
  return Math.floor((hour + random.next()) * HOUR);
};

/** How much happens on the day of this moment, relative to a working day. */
export const dayFactor = (at: number, values: Pick<Scalars, 'weekend'>): number => (new Date(at).getUTCDay() % 6 === 0 ? values.weekend : 1);

/** The rhythm of days and weeks, for simulated time. Hours are UTC. */
export const dailyPace = (values: Scalars): Pace => (at, perDay, random) => {
  // Drawn hour by hour: without memory, a wait that outlasts its hour is drawn anew at the next hour's rate.
  for (let from = at; ;) {
    const date = new Date(from);
    const wait = exponential(random, DAY * MEAN_RHYTHM / (perDay * dayFactor(from, values) * (RHYTHM[date.getUTCHours()] ?? 1)));
    const restOfHour = HOUR - from % HOUR;
    if (wait < restOfHour) return Math.ceil(from + wait - at);
    from += restOfHour;
  }
};

/** Beside a running server: a visit every few seconds in small bursts, slower as the minutes pass so that a demo left alone stays small. */
export const gentlePace = (start: number, sessionsPerDay: number): Pace => (at, perDay, random) => {
  const slower = Math.min(15, 1 + Math.max(0, at - start) / (10 * MINUTE));
  // News comes at a tenth of its simulated share of sessions: one article in a few minutes is alive, one in thirty seconds is noise.
  const rarity = perDay === sessionsPerDay ? 1 : 10 * sessionsPerDay / perDay;
  const burst = random.next() < 0.3 ? 0.25 : 1.3;
  return Math.ceil(exponential(random, 2 * SECOND * slower * rarity * burst));
};
