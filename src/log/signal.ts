/** Waiting for one another inside a process. */

/** Wakes whoever waits for something to change. */
export interface Signal {
  notify(): void;
  /** Resolves at the next `notify`, when `abort` fires, or after `timeoutMs`. */
  wait(abort?: AbortSignal, timeoutMs?: number): Promise<void>;
}

export const createSignal = (): Signal => {
  const waiting = new Set<() => void>();
  return {
    notify: () => { waiting.forEach((wake) => wake()); },
    wait: (abort, timeoutMs) => new Promise((resolve) => {
      if (abort?.aborted === true) { resolve(); return; }
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => wake(), timeoutMs);
      const wake = (): void => {
        waiting.delete(wake);
        clearTimeout(timer);
        abort?.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      abort?.addEventListener('abort', wake);
    }),
  };
};

/** Runs one piece of work at a time, in the order asked for; one that fails does not hold up the next. */
export const createTurns = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
};
