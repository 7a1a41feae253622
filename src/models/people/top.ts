/** The highest of many values: a heap of the best so far, whose lowest is asked to make room. */
export interface Top {
  /** Best first, after `sort`. */
  readonly members: Int32Array;
  readonly values: Float64Array;
  readonly count: number;
  clear(): void;
  /** Of equal values, those that come first stay. */
  offer(value: number, member: number): void;
  sort(): void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export const createTop = (most: number): Top => {
  const members = new Int32Array(most);
  const values = new Float64Array(most);
  const put = (at: number, value: number, member: number): void => { values[at] = value; members[at] = member; };
  /** From a place downwards, for the heap of `count` with its lowest value at 0. */
  const sink = (start: number, count: number): void => {
    const [value, member] = [values[start] ?? 0, members[start] ?? 0];
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && (values[child + 1] ?? 0) < (values[child] ?? 0)) child++;
      if ((values[child] ?? 0) >= value) break;
      put(at, values[child] ?? 0, members[child] ?? 0);
      at = child;
    }
    put(at, value, member);
  };
  const rise = (start: number, value: number, member: number): void => {
    let at = start;
    for (;at > 0; at = (at - 1) >> 1) {
      const parent = (at - 1) >> 1;
      if ((values[parent] ?? 0) <= value) break;
      put(at, values[parent] ?? 0, members[parent] ?? 0);
    }
    put(at, value, member);
  };
  const top: Mutable<Top> = {
    members, values, count: 0,
    clear: () => { top.count = 0; },
    offer: (value, member) => {
      if (top.count < most) rise(top.count++, value, member);
      else if (most > 0 && value > (values[0] ?? 0)) { put(0, value, member); sink(0, most); }
    },
    sort: () => {
      for (let last = top.count - 1; last > 0; last--) {
        const [value, member] = [values[last] ?? 0, members[last] ?? 0];
        put(last, values[0] ?? 0, members[0] ?? 0);
        put(0, value, member);
        sink(0, last);
      }
    },
  };
  return top;
};
