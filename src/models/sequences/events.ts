/** Columns that grow while a file is read, and the sequences that they make. */
import type { SequenceData } from './data.ts';

export interface Growing<Column> { readonly add: (value: number) => void; readonly taken: () => Column }

/** A column that grows as values are added. */
export const growing = <Column extends Int32Array | Float64Array | Uint8Array>(make: (size: number) => Column): Growing<Column> => {
  let values = make(1 << 16);
  let size = 0;
  return {
    add: (value) => {
      if (size === values.length) { const larger = make(values.length * 2); larger.set(values); values = larger; }
      values[size++] = value;
    },
    taken: () => { const exact = make(size); exact.set(values.subarray(0, size)); return exact; },
  };
};

/** Ids of a file, numbered in the order in which they come. */
export interface Names { readonly of: (name: string) => number; readonly list: () => readonly string[] }

export const createNames = (): Names => {
  const numbers = new Map<string, number>();
  const list: string[] = [];
  return {
    of: (name) => {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      // A piece of a line keeps the whole line in memory; a copy does not.
      const own = Buffer.from(name).toString();
      numbers.set(own, list.length);
      return list.push(own) - 1;
    },
    list: () => list,
  };
};

export interface EventColumns {
  add(user: string, item: string, rest?: { readonly seconds?: number; readonly action?: string }): void;
  count(): number;
  /** @returns sequences in time order, and how many events stood before an earlier one of their member */
  sequences(): { readonly data: SequenceData; readonly outOfOrder: number };
}

/** Where each member's events go: a count of each, added up. */
const startsOf = (memberOf: Int32Array, members: number): Int32Array => {
  const starts = new Int32Array(members + 1);
  for (const member of memberOf) starts[member + 1] = (starts[member + 1] ?? 0) + 1;
  for (let m = 0; m < members; m++) starts[m + 1] = (starts[m + 1] ?? 0) + (starts[m] ?? 0);
  return starts;
};

/** Rows of the file, member after member, in file order within each. */
const byMember = (memberOf: Int32Array, starts: Int32Array): Int32Array => {
  const next = starts.slice();
  const order = new Int32Array(memberOf.length);
  for (let row = 0; row < memberOf.length; row++) {
    const member = memberOf[row] ?? 0;
    const place = next[member] ?? 0;
    order[place] = row;
    next[member] = place + 1;
  }
  return order;
};

/** Sorts each member's rows by time where they are not; equal times keep the order of the file. @returns events that stood too late */
const sortByTime = (order: Int32Array, starts: Int32Array, seconds: Float64Array): number => {
  let outOfOrder = 0;
  for (let m = 0; m + 1 < starts.length; m++) {
    const rows = order.subarray(starts[m] ?? 0, starts[m + 1] ?? 0);
    let before = 0;
    for (let i = 1; i < rows.length; i++) if ((seconds[rows[i] ?? 0] ?? 0) < (seconds[rows[i - 1] ?? 0] ?? 0)) before++;
    if (before > 0) rows.set(Array.from(rows).sort((a, b) => (seconds[a] ?? 0) - (seconds[b] ?? 0) || a - b));
    outOfOrder += before;
  }
  return outOfOrder;
};

const gather = <Column extends Int32Array | Float64Array | Uint8Array>(column: Column, order: Int32Array, out: Column): Column => {
  for (let i = 0; i < order.length; i++) out[i] = column[order[i] ?? 0] ?? 0;
  return out;
};

/** Members and items are numbered from 0 in the order in which the file names them. */
export const createEventColumns = (has: { readonly time: boolean; readonly action: boolean }): EventColumns => {
  const [members, items, actions] = [createNames(), createNames(), createNames()];
  const memberOf = growing((size) => new Int32Array(size));
  const itemOf = growing((size) => new Int32Array(size));
  const secondsOf = growing((size) => new Float64Array(size));
  const actionOf = growing((size) => new Uint8Array(size));
  let count = 0;
  const sequences = (): { readonly data: SequenceData; readonly outOfOrder: number } => {
    const member = memberOf.taken();
    const starts = startsOf(member, members.list().length);
    const order = byMember(member, starts);
    const seconds = secondsOf.taken();
    const outOfOrder = has.time ? sortByTime(order, starts, seconds) : 0;
    const data: SequenceData = {
      members: members.list().length, items: items.list().length, starts,
      item: gather(itemOf.taken(), order, new Int32Array(order.length)),
      ...(has.time ? { seconds: gather(seconds, order, new Float64Array(order.length)) } : {}),
      ...(has.action ? { action: gather(actionOf.taken(), order, new Uint8Array(order.length)), actions: actions.list() } : {}),
      memberNames: members.list(), itemNames: items.list(),
    };
    return { data, outOfOrder };
  };
  return {
    add: (user, item, rest = {}) => {
      memberOf.add(members.of(user));
      itemOf.add(items.of(item));
      if (has.time) secondsOf.add(rest.seconds ?? Number.NaN);
      if (has.action) actionOf.add(actions.of(rest.action ?? ''));
      count++;
    },
    count: () => count,
    sequences,
  };
};
