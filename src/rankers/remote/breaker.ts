/**
 * A circuit breaker: a service that fails again and again is left alone for a while, so that it can recover and pages do not wait for it
 * (Nygard, Release It!, 2007).
 */
export interface Breaker {
  /** Whether to call now. After the pause one call alone tries whether the service is back. */
  mayCall(now: number): boolean;
  succeeded(): void;
  failed(now: number): void;
}

/** @param failures in a row that open it; @param pauseMs for how long, in milliseconds */
export const createBreaker = ({ failures, pauseMs }: { readonly failures: number; readonly pauseMs: number }): Breaker => {
  let inARow = 0;
  let openUntil = Number.NEGATIVE_INFINITY;
  let isTrying = false;
  return {
    mayCall: (now) => {
      if (inARow < failures) return true;
      if (now < openUntil || isTrying) return false;
      isTrying = true;
      return true;
    },
    succeeded: () => { inARow = 0; isTrying = false; },
    failed: (now) => {
      inARow++;
      isTrying = false;
      if (inARow >= failures) openUntil = now + pauseMs;
    },
  };
};
