/**
 * Where a walker from a member may be: exactly, for all members at once. Eight walkers go side by side, so that reading the graph, which is
 * what it costs, serves all eight: 2 · edges · steps reads a block.
 */
import type { Adjacency } from './graph.ts';

export const WALKERS = 8;
/** Chance of going on rather than starting again from the member. */
const GOES_ON = 0.85;
/** Walks are followed so far; what is left of them then, a sixth, is taken to be where all walks end: at each member by its degree. */
const STEPS = 10;

/** Chances of being at a member: [members, WALKERS], good until the next walk. */
export interface Walks {
  /** After two or after three steps, added up: the superposed local random walk (Liu, Lü 2010) of those who are no neighbours. */
  readonly local: Float64Array;
  readonly fourth: Float64Array;
  /** Personalised PageRank, restarting with 0.15. */
  readonly restarting: Float64Array;
  /** Walks from up to WALKERS members. */
  from(members: ArrayLike<number>): void;
}

/** out = the chances one step later. */
const step = (graph: Adjacency, dealt: Float64Array, out: Float64Array): void => {
  const { members, data } = graph;
  for (let member = 0; member < members; member++) {
    let a = 0; let b = 0; let c = 0; let d = 0; let e = 0; let f = 0; let g = 0; let h = 0;
    for (let at = graph.from(member), end = graph.to(member); at < end; at++) {
      const from = (data[at] ?? 0) * WALKERS;
      a += dealt[from] ?? 0; b += dealt[from + 1] ?? 0; c += dealt[from + 2] ?? 0; d += dealt[from + 3] ?? 0;
      e += dealt[from + 4] ?? 0; f += dealt[from + 5] ?? 0; g += dealt[from + 6] ?? 0; h += dealt[from + 7] ?? 0;
    }
    const to = member * WALKERS;
    out[to] = a; out[to + 1] = b; out[to + 2] = c; out[to + 3] = d; out[to + 4] = e; out[to + 5] = f; out[to + 6] = g; out[to + 7] = h;
  }
};

export const createWalks = (graph: Adjacency, degrees: Int32Array): Walks => {
  const size = graph.members * WALKERS;
  const [local, fourth, restarting, dealt, now] = [new Float64Array(size), new Float64Array(size), new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  const inverse = Float64Array.from(degrees, (degree) => (degree > 0 ? 1 / degree : 0));
  const all = degrees.reduce((sum, degree) => sum + degree, 0);
  /** What each member hands to each neighbour, and what the walks' restarts make of where they are now. */
  const dealAndAdd = (share: number): void => {
    for (let member = 0, at = 0; member < graph.members; member++) {
      const part = inverse[member] ?? 0;
      for (const end = at + WALKERS; at < end; at++) {
        const chance = now[at] ?? 0;
        dealt[at] = chance * part;
        restarting[at] = (restarting[at] ?? 0) + share * chance;
      }
    }
  };
  return {
    local, fourth, restarting,
    from: (members) => {
      now.fill(0);
      restarting.fill(0);
      for (let i = 0; i < members.length; i++) now[(members[i] ?? 0) * WALKERS + i] = 1;
      let going = 1;
      for (let done = 0; done < STEPS; done++) {
        dealAndAdd((1 - GOES_ON) * going);
        step(graph, dealt, now);
        going *= GOES_ON;
        if (done === 1) local.set(now);
        if (done === 2) for (let at = 0; at < size; at++) local[at] = (local[at] ?? 0) + (now[at] ?? 0);
        if (done === 3) fourth.set(now);
      }
      dealAndAdd((1 - GOES_ON) * going);
      const rest = (going * GOES_ON) / all;
      for (let member = 0, at = 0; member < graph.members; member++) {
        const share = rest * (degrees[member] ?? 0);
        for (const end = at + WALKERS; at < end; at++) restarting[at] = (restarting[at] ?? 0) + share;
      }
    },
  };
};
