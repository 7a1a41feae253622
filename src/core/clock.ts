import type { Millis } from './ids.ts';

/** Time is passed in; a whole server can run under a simulated clock. */
export interface Clock { now(): Millis }

export const systemClock: Clock = { now: () => Date.now() as Millis };

/** A clock that stands still until told: for tests and replays. */
export const manualClock = (start: number): Clock & { set(at: number): void; advance(ms: number): void } => {
  let at = start;
  return { now: () => at as Millis, set: (to) => { at = to; }, advance: (ms) => { at += ms; } };
};

export const SECOND = 1000;
export const MINUTE: number = 60 * SECOND;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;
