/** What a day holds, as columns in order of time. */
export interface Agenda {
  readonly count: number;
  /** Milliseconds since the epoch; below 2^43, with places behind it. */
  add(at: number, what: number, who: number): void;
  /** By time, in equal moments by the order of coming. */
  sort(): void;
  at(n: number): number;
  what(n: number): number;
  who(n: number): number;
  clear(): void;
}

export const createAgenda = (): Agenda => {
  let capacity = 1024;
  let times = new Float64Array(capacity);
  let whats = new Uint8Array(capacity);
  let whos = new Int32Array(capacity);
  let order = new Int32Array(0);
  let count = 0;
  const grow = (): void => {
    capacity *= 2;
    const [t, w, p] = [new Float64Array(capacity), new Uint8Array(capacity), new Int32Array(capacity)];
    t.set(times); w.set(whats); p.set(whos);
    [times, whats, whos] = [t, w, p];
  };
  return {
    get count() { return count; },
    add: (at, what, who) => {
      if (count === capacity) grow();
      times[count] = at; whats[count] = what; whos[count] = who;
      count++;
    },
    sort: () => { order = Int32Array.from({ length: count }, (_, n) => n).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b); },
    at: (n) => times[order[n] ?? 0] ?? 0, what: (n) => whats[order[n] ?? 0] ?? 0, who: (n) => whos[order[n] ?? 0] ?? 0,
    clear: () => { count = 0; },
  };
};
