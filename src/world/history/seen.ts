/** What each member has seen and done, as one table with open addressing: millions of pairs, forgotten when their items have passed. */

export interface SeenPairs {
  /** The slot of a pair, made where it is new. @throws never: the table grows */
  slot(member: number, item: number): number;
  /** By slot: impressions so far, at most 255, and bits of what was done. */
  readonly times: Uint8Array;
  readonly done: Int32Array;
  readonly size: number;
  /** Keeps only the pairs whose item passes. */
  forget(keep: (item: number) => boolean): void;
}

const FREE = -1;
/** Items of one world are counted below this, so that a pair is one whole number. */
const ITEMS_MOST = 2 ** 24;

export const createSeenPairs = (): SeenPairs => {
  let mask = 2 ** 16 - 1;
  let keys = new Float64Array(mask + 1).fill(FREE);
  let times = new Uint8Array(mask + 1);
  let done = new Int32Array(mask + 1);
  let size = 0;
  const find = (member: number, item: number): number => {
    const key = member * ITEMS_MOST + item;
    let at = (Math.imul(member, 0x9e3779b1) ^ Math.imul(item, 0x85ebca6b)) >>> 0;
    at = (at ^ (at >>> 15)) & mask;
    while (keys[at] !== key && keys[at] !== FREE) at = (at + 1) & mask;
    return at;
  };
  const rebuild = (slots: number, keep: (item: number) => boolean): void => {
    const before = { keys, times, done };
    mask = slots - 1;
    keys = new Float64Array(slots).fill(FREE);
    times = new Uint8Array(slots);
    done = new Int32Array(slots);
    size = 0;
    before.keys.forEach((key, from) => {
      const member = Math.floor(key / ITEMS_MOST);
      const item = key - member * ITEMS_MOST;
      if (key === FREE || !keep(item)) return;
      const to = find(member, item);
      keys[to] = key;
      times[to] = before.times[from] ?? 0;
      done[to] = before.done[from] ?? 0;
      size++;
    });
  };
  return {
    get times() { return times; }, get done() { return done; }, get size() { return size; },
    slot: (member, item) => {
      let at = find(member, item);
      if (keys[at] === FREE) {
        if (size * 10 > mask * 6) { rebuild(2 * (mask + 1), () => true); at = find(member, item); }
        keys[at] = member * ITEMS_MOST + item;
        size++;
      }
      return at;
    },
    forget: (keep) => { rebuild(mask + 1, keep); },
  };
};
