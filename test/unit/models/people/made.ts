/** Small graphs that these tests make. */
import { seededRandom } from '../../../../src/core/random.ts';
import type { EdgeEvents } from '../../../../src/models/people/edges.ts';
import { graphOf, pairsOf, type Graph, type Pairs } from '../../../../src/models/people/graph.ts';

export type Edge = readonly [number, number, number?];

export const eventsOf = (edges: readonly Edge[], members: number = Math.max(0, ...edges.flatMap(([a, b]) => [a + 1, b + 1]))): EdgeEvents => ({
  members, from: Int32Array.from(edges, ([a]) => a), to: Int32Array.from(edges, ([, b]) => b),
  ...(edges.some(([, , at]) => at !== undefined) ? { seconds: Float64Array.from(edges, ([, , at]) => at ?? 0) } : {}),
});

export const allOf = (pairs: Pairs): Uint8Array => new Uint8Array(pairs.count).fill(1);

export const graphWith = (edges: readonly Edge[], members?: number): Graph => {
  const pairs = pairsOf(eventsOf(edges, members));
  return graphOf(pairs, allOf(pairs));
};

/** Every pair a tie with the same chance. */
export const chanceGraph = (members: number, share: number, seed: number): Edge[] => {
  const random = seededRandom(seed);
  const edges: Edge[] = [];
  for (let a = 0; a < members; a++) for (let b = a + 1; b < members; b++) if (random.next() < share) edges.push([a, b]);
  return edges;
};

/** Communities of `size`, dense within and thin between. */
export const communities = (groups: number, size: number, seed: number): Edge[] => {
  const random = seededRandom(seed);
  const edges: Edge[] = [];
  for (let a = 0; a < groups * size; a++) for (let b = a + 1; b < groups * size; b++) {
    const same = Math.floor(a / size) === Math.floor(b / size);
    if (random.next() < (same ? 0.4 : 0.01)) edges.push([a, b]);
  }
  return edges;
};

/** Whom each member is tied to, the plain way. */
export const setsOf = (edges: readonly Edge[], members: number): ReadonlySet<number>[] => {
  const sets = Array.from({ length: members }, () => new Set<number>());
  for (const [a, b] of edges) { sets[a]?.add(b); sets[b]?.add(a); }
  return sets;
};
