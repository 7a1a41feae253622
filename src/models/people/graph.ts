/** A graph of members in a few arrays: who is tied to whom, both ways, and what is known of each tie. */
import type { EdgeEvents } from './edges.ts';

/** What the measures read: the catalogue's lists can serve it as well as the arrays below, without being copied. */
export interface Adjacency {
  readonly members: number;
  /** Neighbours of a member stand in data[from(member) … to(member)), each once, without the member. */
  readonly data: Int32Array;
  from(member: number): number;
  to(member: number): number;
}

/** Distinct undirected pairs of a file, ordered by their lower end and then their higher one. */
export interface Pairs {
  readonly members: number;
  readonly count: number;
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** When a pair is first seen, in seconds; absent where the file knows no times. */
  readonly first?: Float64Array;
  /** The pair of every line of the file. */
  readonly ofEvent: Int32Array;
  readonly events: EdgeEvents;
  /** Lines say who turned to whom: some pairs, and not all, are named in both orders. */
  readonly directed: boolean;
}

/** Neighbours as compressed rows, ascending in each. */
export interface Graph extends Adjacency {
  /** [members + 1] */
  readonly starts: Int32Array;
  readonly degrees: Int32Array;
  readonly edges: number;
  /** Members with a neighbour. */
  readonly present: Int32Array;
  /** How often each tie was seen, beside `data`. */
  readonly seen: Float32Array;
  /** When each tie was first and last seen, beside `data`; absent where the file knows no times. */
  readonly first?: Float64Array;
  readonly last?: Float64Array;
  /** Share of each member's lines that begin with it; absent where lines have no direction. */
  readonly begun?: Float64Array;
}

/** Places of rows in order of a key; equal keys keep their order. */
const countingSort = (order: Int32Array, key: (row: number) => number, keys: number): Int32Array => {
  const next = new Int32Array(keys + 1);
  for (const row of order) { const k = key(row) + 1; next[k] = (next[k] ?? 0) + 1; }
  for (let k = 0; k < keys; k++) next[k + 1] = (next[k + 1] ?? 0) + (next[k] ?? 0);
  const out = new Int32Array(order.length);
  for (const row of order) {
    const k = key(row);
    const place = next[k] ?? 0;
    out[place] = row;
    next[k] = place + 1;
  }
  return out;
};

/** Where a file names each pair in one order only, or in both, the order says nothing. */
const BOTH_MIN_SHARE = 0.01;
const BOTH_MAX_SHARE = 0.99;

/** The distinct pairs of what a file says. */
export const pairsOf = (events: EdgeEvents): Pairs => {
  const { members, from, to, seconds } = events;
  const lowOf = (row: number): number => Math.min(from[row] ?? 0, to[row] ?? 0);
  const highOf = (row: number): number => Math.max(from[row] ?? 0, to[row] ?? 0);
  const order = countingSort(countingSort(Int32Array.from(from.keys()), highOf, members), lowOf, members);
  const [low, high] = [new Int32Array(order.length), new Int32Array(order.length)];
  const first = new Float64Array(seconds === undefined ? 0 : order.length).fill(Number.POSITIVE_INFINITY);
  const ofEvent = new Int32Array(order.length);
  // 1: named lower end first, 2: higher end first, 3: both.
  const orders = new Uint8Array(order.length);
  let count = 0;
  for (const row of order) {
    const [a, b] = [lowOf(row), highOf(row)];
    if (count === 0 || low[count - 1] !== a || high[count - 1] !== b) { low[count] = a; high[count] = b; count++; }
    ofEvent[row] = count - 1;
    orders[count - 1] = (orders[count - 1] ?? 0) | (from[row] === a ? 1 : 2);
    if (seconds !== undefined) first[count - 1] = Math.min(first[count - 1] ?? 0, seconds[row] ?? 0);
  }
  const both = orders.reduce((sum, one) => sum + (one === 3 ? 1 : 0), 0) / Math.max(count, 1);
  const directed = both >= BOTH_MIN_SHARE && both <= BOTH_MAX_SHARE;
  return { members, count, directed, low: low.slice(0, count), high: high.slice(0, count), ofEvent, events, ...(seconds === undefined ? {} : { first: first.slice(0, count) }) };
};

interface Seen { readonly seen: Float32Array; readonly last?: Float64Array; readonly begun?: Float64Array }

/** How often and when last each pair that stays is seen before a moment, and what share of their lines members begin. */
const seenBefore = ({ members, count, ofEvent, directed, events: { from, to, seconds } }: Pairs, stays: Uint8Array, before: number): Seen => {
  const seen = new Float32Array(count);
  // Half of one line of each order, so that a member of few lines is about the middle.
  const [begins, lines] = [new Float64Array(members).fill(0.5), new Float64Array(members).fill(1)];
  const last = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < ofEvent.length; row++) {
    const pair = ofEvent[row] ?? 0;
    const at = seconds?.[row] ?? 0;
    if (stays[pair] !== 1 || (seconds !== undefined && at >= before)) continue;
    seen[pair] = (seen[pair] ?? 0) + 1;
    last[pair] = Math.max(last[pair] ?? 0, at);
    if (!directed) continue;
    const [begin = 0, end = 0] = [from[row], to[row]];
    begins[begin] = (begins[begin] ?? 0) + 1;
    for (const one of [begin, end]) lines[one] = (lines[one] ?? 0) + 1;
  }
  return { seen, ...(seconds === undefined ? {} : { last }), ...(directed ? { begun: begins.map((own, member) => own / (lines[member] ?? 1)) } : {}) };
};

/**
 * The graph of the pairs that stay.
 * @param stays [pairs]: 1 for those that are in it
 * @param before seconds: nothing that the file dates then or later is in it
 */
export const graphOf = (pairs: Pairs, stays: Uint8Array, before: number = Number.POSITIVE_INFINITY): Graph => {
  const { members, count, low, high } = pairs;
  const degrees = new Int32Array(members);
  let edges = 0;
  for (let pair = 0; pair < count; pair++) if (stays[pair] === 1) for (const end of [low[pair] ?? 0, high[pair] ?? 0]) { degrees[end] = (degrees[end] ?? 0) + 1; edges += 0.5; }
  const starts = new Int32Array(members + 1);
  for (let member = 0; member < members; member++) starts[member + 1] = (starts[member] ?? 0) + (degrees[member] ?? 0);
  const next = starts.slice();
  const { seen, last, begun } = seenBefore(pairs, stays, before);
  const data = new Int32Array(2 * edges);
  const timed = last !== undefined && pairs.first !== undefined;
  const columns = { seen: new Float32Array(2 * edges), first: new Float64Array(timed ? 2 * edges : 0), last: new Float64Array(timed ? 2 * edges : 0) };
  const add = (member: number, neighbour: number, pair: number): void => {
    const place = next[member] ?? 0;
    next[member] = place + 1;
    data[place] = neighbour;
    columns.seen[place] = seen[pair] ?? 0;
    if (timed) { columns.first[place] = pairs.first?.[pair] ?? 0; columns.last[place] = last[pair] ?? 0; }
  };
  // Pairs are ordered: a member's lower neighbours come first and ascending, then the higher ones.
  for (let pair = 0; pair < count; pair++) if (stays[pair] === 1) add(high[pair] ?? 0, low[pair] ?? 0, pair);
  for (let pair = 0; pair < count; pair++) if (stays[pair] === 1) add(low[pair] ?? 0, high[pair] ?? 0, pair);
  return {
    members, data, starts, degrees, edges, seen: columns.seen,
    from: (member) => starts[member] ?? 0, to: (member) => starts[member + 1] ?? 0,
    present: Int32Array.from(degrees.keys()).filter((member) => (degrees[member] ?? 0) > 0),
    ...(timed ? { first: columns.first, last: columns.last } : {}), ...(begun === undefined ? {} : { begun }),
  };
};

/** Whether two members are tied: a search among the ascending neighbours of one. */
export const tied = ({ data, from, to }: Adjacency, a: number, b: number): boolean => {
  let [low, high] = [from(a), to(a)];
  const end = high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((data[middle] ?? 0) < b) low = middle + 1; else high = middle;
  }
  return low < end && data[low] === b;
};
