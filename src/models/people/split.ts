/**
 * Hides ties to find again: the last 10 % by time where the file has times, else 10 % by chance. What is learned is learned from ties hidden
 * before those, out of what is left: nothing of the test is in any graph or label that is learned from.
 */
import { ThroughlineError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { graphOf, type Graph, type Pairs } from './graph.ts';

const HIDDEN = 0.1;
/** Times too coarse to cut between these shares are not split by. */
const HIDDEN_MIN = 0.02;
const HIDDEN_MAX = 0.25;
/** Least share of the pairs in a graph that is learned on. */
const LEFT_MIN = 0.3;
/** Fewer pairs than this leave nothing to measure. */
const PAIRS_MIN = 30;

/** A graph, and the ties that come next or are missing from it: those whose both ends are in it. */
export interface Task {
  readonly graph: Graph;
  /** The hidden ties, as a graph of their own. */
  readonly hidden: Graph;
}

export interface Split {
  /** How ties are hidden, for people. */
  readonly protocol: string;
  /** Whether another seed would hide others. */
  readonly byChance: boolean;
  readonly test: () => Task;
  /** Tasks to learn from, the one nearest to the test first; each is made when it is asked for. */
  readonly learn: readonly (() => Task)[];
}

/** Hidden pairs of which an end has no other tie cannot be found by anybody, and are left out. */
const taskOf = (pairs: Pairs, sets: { readonly stays: Uint8Array; readonly hides: Uint8Array; readonly before?: number }): Task => {
  const graph = graphOf(pairs, sets.stays, sets.before);
  const findable = sets.hides.map((hides, pair) => (hides === 1 && (graph.degrees[pairs.low[pair] ?? 0] ?? 0) > 0 && (graph.degrees[pairs.high[pair] ?? 0] ?? 0) > 0 ? 1 : 0));
  return { graph, hidden: graphOf(pairs, findable) };
};

const marks = (count: number, order: Int32Array, range: readonly [number, number]): Uint8Array => {
  const set = new Uint8Array(count);
  for (const pair of order.subarray(range[0], range[1])) set[pair] = 1;
  return set;
};

/** The place nearest to `wanted` in sorted moments where one moment ends and another begins. */
const borderNear = (moments: Float64Array, wanted: number): number => {
  const begins = (place: number): boolean => place <= 0 || place >= moments.length || moments[place] !== moments[place - 1];
  let [down, up] = [wanted, wanted];
  while (!begins(down)) down--;
  while (!begins(up)) up++;
  return wanted - down <= up - wanted && down > 0 ? down : up;
};

const byTime = (pairs: Pairs, first: Float64Array, learnTasks: number): Split | undefined => {
  const { count } = pairs;
  const order = Int32Array.from(first.keys()).sort((a, b) => (first[a] ?? 0) - (first[b] ?? 0) || a - b);
  const moments = Float64Array.from(order, (pair) => first[pair] ?? 0);
  const window = Math.round(count * HIDDEN);
  const borders = [borderNear(moments, count - window)];
  const share = 1 - (borders[0] ?? 0) / count;
  if (share < HIDDEN_MIN || share > HIDDEN_MAX) return undefined;
  for (let i = 0; i < learnTasks; i++) {
    const last = borders.at(-1) ?? 0;
    const next = borderNear(moments, Math.max(0, last - window));
    if (next >= last || next < count * (i === 0 ? HIDDEN : LEFT_MIN)) break;
    borders.push(next);
  }
  if (borders.length < 2) return undefined;
  const task = (i: number) => (): Task => {
    const [from = 0, to = count] = [borders[i], i === 0 ? count : borders[i - 1]];
    return taskOf(pairs, { stays: marks(count, order, [0, from]), hides: marks(count, order, [from, to]), before: moments[from] ?? 0 });
  };
  return {
    protocol: `the last ${(share * 100).toFixed(0)} % of the pairs by the time they were first seen are hidden, and everything seen since; learned from the ${borders.length - 1 === 1 ? 'window' : `${borders.length - 1} windows`} of that size before`,
    byChance: false, test: task(0), learn: borders.slice(1).map((_, i) => task(i + 1)),
  };
};

const shuffled = (order: Int32Array, random: Random): Int32Array => {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
};

const byChance = (pairs: Pairs, learnTasks: number, random: Random): Split => {
  const { count } = pairs;
  const order = shuffled(Int32Array.from({ length: count }, (_, pair) => pair), random);
  const hidden = Math.max(1, Math.round(count * HIDDEN));
  const slice = Math.max(1, Math.round((count - hidden) * HIDDEN));
  const test = marks(count, order, [0, hidden]);
  return {
    protocol: `${HIDDEN * 100} % of the pairs are hidden by chance; learned from ${learnTasks === 1 ? 'another' : `${learnTasks} other`} 10 % of the rest`,
    byChance: true,
    test: () => taskOf(pairs, { stays: test.map((hides) => 1 - hides), hides: test }),
    // Each hides other ties than those before as long as there are any.
    learn: Array.from({ length: learnTasks }, (_, i) => () => {
      const from = hidden + ((i * slice) % (count - hidden - slice + 1));
      const hides = marks(count, order, [from, from + slice]);
      return taskOf(pairs, { stays: hides.map((own, pair) => 1 - Math.max(own, test[pair] ?? 0)), hides });
    }),
  };
};

/**
 * How the pairs of a file are hidden.
 * @param learnTasks how many times ties are hidden to learn from, at most
 * @throws client/noData for a file with too few pairs to hide any
 */
export const splitOf = (pairs: Pairs, options: { readonly learnTasks: number; readonly random: Random }): Split => {
  if (pairs.count < PAIRS_MIN) throw new ThroughlineError('client/noData', `the file joins ${pairs.count} distinct ${pairs.count === 1 ? 'pair' : 'pairs'} of members; at least ${PAIRS_MIN} are needed to hide some and look for them`);
  const timed = pairs.first === undefined ? undefined : byTime(pairs, pairs.first, options.learnTasks);
  return timed ?? byChance(pairs, options.learnTasks, options.random);
};
