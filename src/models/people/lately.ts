/**
 * How lately ties were made and kept. An age is the share of all ties that were made since: 0 is now, 1 the beginning, whatever the unit of
 * the file's times and however fast the network grew.
 */
import type { Graph } from './graph.ts';
import type { Ties } from './measures.ts';

/** A tie that was last seen when this share of all ties was still to come is 1/e as strong as one of now. */
const FADES = 0.1;
/** What counts as fresh, three ways. */
export const FRESH = [0.01, 0.05, 0.2] as const;
const ACTIVE = 0.05;

export interface Lately {
  /** By member: age of the tie last seen, of the newest tie and of the oldest. */
  readonly seen: Float64Array;
  readonly newest: Float64Array;
  readonly oldest: Float64Array;
  /** By member: ties made within each of FRESH; ties seen within ACTIVE. */
  readonly fresh: readonly Float64Array[];
  readonly active: Float64Array;
}

/** Ages of moments among sorted moments. */
const agesOf = (moments: Float64Array, sorted: Float64Array): Float64Array => moments.map((moment) => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < moment) low = middle + 1; else high = middle;
  }
  return 1 - low / Math.max(sorted.length, 1);
});

const totalsOf = (graph: Graph, strength: Float32Array): Float64Array => {
  const totals = new Float64Array(graph.members);
  for (let member = 0; member < graph.members; member++) {
    let sum = 0;
    for (let at = graph.from(member); at < graph.to(member); at++) sum += strength[at] ?? 0;
    // A member whose ties have all faded deals out little.
    totals[member] = sum + 0.1;
  }
  return totals;
};

const latelyOf = (graph: Graph, made: Float64Array, kept: Float64Array): Lately => {
  const column = (fill: number): Float64Array => new Float64Array(graph.members).fill(fill);
  const lately = { seen: column(1), newest: column(1), oldest: column(0), fresh: FRESH.map(() => column(0)), active: column(0) };
  for (let member = 0; member < graph.members; member++) for (let at = graph.from(member); at < graph.to(member); at++) {
    const [age, last] = [made[at] ?? 1, kept[at] ?? 1];
    lately.seen[member] = Math.min(lately.seen[member] ?? 1, last);
    lately.newest[member] = Math.min(lately.newest[member] ?? 1, age);
    lately.oldest[member] = Math.max(lately.oldest[member] ?? 0, age);
    lately.fresh.forEach((count, i) => { if (age <= (FRESH[i] ?? 0)) count[member] = (count[member] ?? 0) + 1; });
    if (last <= ACTIVE) lately.active[member] = (lately.active[member] ?? 0) + 1;
  }
  return lately;
};

/** Strengths of ties by how lately they were seen, or by how often where the file has no times but repeats; nothing where it has neither. */
export const tiesOf = (graph: Graph): { readonly ties?: Ties; readonly lately?: Lately } => {
  if (graph.first !== undefined && graph.last !== undefined) {
    const sorted = graph.first.slice().sort();
    const [made, kept] = [agesOf(graph.first, sorted), agesOf(graph.last, sorted)];
    const strength = Float32Array.from(kept, (age) => Math.exp(-age / FADES));
    return { ties: { strength, totals: totalsOf(graph, strength) }, lately: latelyOf(graph, made, kept) };
  }
  const most = graph.seen.reduce((a, b) => Math.max(a, b), 0);
  if (most <= graph.seen.reduce((a, b) => Math.min(a, b), most)) return {};
  const strength = graph.seen.map((times) => Math.log1p(times) / Math.log1p(most));
  return { ties: { strength, totals: totalsOf(graph, strength) } };
};
