/** Asks once: whoever asks for the same while an answer is on its way waits for it, and for a while afterwards gets what came. */
export interface Once {
  /** A failure is never kept. */
  ask<T>(key: string, options: OnceOptions, ask: () => T | Promise<T>): T | Promise<T>;
}

/** In milliseconds: how long an answer holds, and how long one that is on its way is waited for before it is asked for anew. */
export interface OnceOptions { readonly now: number; readonly forMs: number; readonly waitMs: number }

interface Kept { readonly until: number; readonly answer: unknown }

/** @param most answers kept: beyond them the oldest go */
export const createOnce = (most: number): Once => {
  const kept = new Map<string, Kept>();
  const flying = new Map<string, { readonly since: number; readonly answer: Promise<unknown> }>();
  const keep = (key: string, entry: Kept): void => {
    kept.delete(key);
    kept.set(key, entry);
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
  };
  return {
    ask: <T>(key: string, { now, forMs, waitMs }: OnceOptions, ask: () => T | Promise<T>): T | Promise<T> => {
      const known = kept.get(key);
      if (known !== undefined && known.until > now) return known.answer as T;
      kept.delete(key);
      const under = flying.get(key);
      if (under !== undefined && now - under.since < waitMs) return under.answer as Promise<T>;
      const answer = ask();
      if (!(answer instanceof Promise)) { keep(key, { until: now + forMs, answer }); return answer; }
      const flight = {
        since: now,
        answer: answer.then((value) => { keep(key, { until: now + forMs, answer: value }); return value; }).finally(() => { if (flying.get(key) === flight) flying.delete(key); }),
      };
      flying.set(key, flight);
      return flight.answer;
    },
  };
};
