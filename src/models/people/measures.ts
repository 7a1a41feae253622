/**
 * What two members have in common, for every member within two steps of one: a single pass over the neighbours of neighbours, which costs
 * the sum of their degrees and allocates nothing.
 */
import type { Adjacency } from './graph.ts';

/** How near each tie is, beside the neighbours that it leads to: how often or how lately it was seen, from 0 to 1. */
export interface Ties { readonly strength: Float32Array; readonly totals: Float64Array }

/** What a pass adds up for each member that it reaches, side by side so that one line of the cache holds all. */
export const COMMON = 0;
/** Σ 1 / log degree of the common neighbours (Adamic, Adar 2003). */
export const ADAMIC_ADAR = 1;
/** Σ 1 / degree of the common neighbours (Zhou, Lü, Zhang 2009): what reaches one if the other deals itself out twice. */
export const RESOURCE = 2;
/** The same, counting common neighbours whose neighbours know each other. */
export const CLOSING = 3;
/** Σ of the products of both ties' strengths, each common neighbour dealing out one; 0 where ties are not told apart. */
export const NEARNESS = 4;
/** The strongest chain of two ties, by the weaker of the two. */
export const STRONGEST = 5;
export const STRIDE = 8;

export interface TwoSteps {
  /** [members, STRIDE]; good until the next pass. */
  readonly sums: Float64Array;
  /** Members reached, the member itself and its neighbours among them; `count` of them. */
  readonly reached: Int32Array;
  readonly count: number;
  /** One pass from a member. */
  from(member: number): void;
}

export interface Standing {
  readonly degrees: Int32Array;
  /** Share of a member's pairs of neighbours that are tied, 0 to 1. */
  readonly clustering: Float64Array;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Two passes share nothing but what they read; one object serves one caller at a time. */
export const createTwoSteps = (graph: Adjacency, { degrees, clustering }: Standing, ties?: Ties): TwoSteps => {
  const sums = new Float64Array(graph.members * STRIDE);
  const reached = new Int32Array(graph.members);
  const inverseLog = Float64Array.from(degrees, (degree) => 1 / Math.log(Math.max(degree, 2)));
  const clear = (): void => { for (let i = 0; i < steps.count; i++) { const at = (reached[i] ?? 0) * STRIDE; sums.fill(0, at, at + STRIDE); } };
  const from = (member: number): void => {
    clear();
    const { data } = graph;
    let count = 0;
    for (let near = graph.from(member), nearEnd = graph.to(member); near < nearEnd; near++) {
      const middle = data[near] ?? 0;
      const degree = degrees[middle] ?? 1;
      const [log, share, strength] = [inverseLog[middle] ?? 0, 1 / degree, ties?.strength[near] ?? 0];
      const closing = share * (clustering[middle] ?? 0);
      const dealt = ties === undefined ? 0 : strength / (ties.totals[middle] ?? 1);
      for (let far = graph.from(middle), end = graph.to(middle); far < end; far++) {
        const to = data[far] ?? 0;
        const at = to * STRIDE;
        const common = sums[at] ?? 0;
        if (common === 0) reached[count++] = to;
        sums[at] = common + 1;
        sums[at + ADAMIC_ADAR] = (sums[at + ADAMIC_ADAR] ?? 0) + log;
        sums[at + RESOURCE] = (sums[at + RESOURCE] ?? 0) + share;
        sums[at + CLOSING] = (sums[at + CLOSING] ?? 0) + closing;
        if (ties === undefined) continue;
        const other = ties.strength[far] ?? 0;
        sums[at + NEARNESS] = (sums[at + NEARNESS] ?? 0) + dealt * other;
        sums[at + STRONGEST] = Math.max(sums[at + STRONGEST] ?? 0, Math.min(strength, other));
      }
    }
    steps.count = count;
  };
  const steps: Mutable<TwoSteps> = { sums, reached, count: 0, from };
  return steps;
};

/** Jaccard's share of two members' neighbours that are common. */
export const jaccard = (common: number, degreeA: number, degreeB: number): number => (common > 0 ? common / (degreeA + degreeB - common) : 0);

/** Each triangle is found once, at its member of lowest degree: Σ over edges of the smaller ends' higher neighbours. */
const triangles = (graph: Adjacency, degrees: Int32Array): Float64Array => {
  const { members, data } = graph;
  const above = (a: number, b: number): boolean => { const [x, y] = [degrees[a] ?? 0, degrees[b] ?? 0]; return y > x || (y === x && b > a); };
  const starts = new Int32Array(members + 1);
  const higher = new Int32Array(data.length);
  let size = 0;
  for (let member = 0; member < members; member++) {
    for (let at = graph.from(member), end = graph.to(member); at < end; at++) { const other = data[at] ?? 0; if (above(member, other)) higher[size++] = other; }
    starts[member + 1] = size;
  }
  const found = new Float64Array(members);
  const mark = new Int32Array(members).fill(-1);
  for (let member = 0; member < members; member++) {
    const [first, end] = [starts[member] ?? 0, starts[member + 1] ?? 0];
    for (let at = first; at < end; at++) mark[higher[at] ?? 0] = member;
    for (let at = first; at < end; at++) {
      const second = higher[at] ?? 0;
      for (let next = starts[second] ?? 0, last = starts[second + 1] ?? 0; next < last; next++) {
        const third = higher[next] ?? 0;
        if (mark[third] !== member) continue;
        for (const corner of [member, second, third]) found[corner] = (found[corner] ?? 0) + 1;
      }
    }
  }
  return found;
};

/** Degrees and clustering of every member (Watts, Strogatz 1998). */
export const standingOf = (graph: Adjacency): Standing => {
  const degrees = Int32Array.from({ length: graph.members }, (_, member) => graph.to(member) - graph.from(member));
  const found = triangles(graph, degrees);
  return { degrees, clustering: found.map((count, member) => { const degree = degrees[member] ?? 0; return degree > 1 ? (2 * count) / (degree * (degree - 1)) : 0; }) };
};
