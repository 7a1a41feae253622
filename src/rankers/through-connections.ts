/** What the viewer's connections are in: groups, events. */
import type { Edges } from '../catalog/graph.ts';
import type { SignalFamily } from '../core/registry.ts';
import type { Scratch } from '../memory/scratch.ts';
import type { RankedList } from './ranked-list.ts';
import type { RankRequest } from './ranker.ts';
import { reasonNumber, type ReasonCode } from './reasons.ts';

/** Connections asked, and what each is in: the newest of both. */
const CONNECTIONS_READ = 150;
const OF_EACH = 4;

export interface InThem {
  readonly edge: Edges;
  readonly reason: ReasonCode;
  /** What it is worth that one connection is in it, where they are in few others; 0: not wanted. */
  readonly worth: (item: number) => number;
}

/** Filled anew for each connection: a list copies what it is told. */
const why = { reason: 0, actor: -1 };

/** Adds what connections are in, named. Nothing where the viewer withholds their network. Cost: at most 600 look-ups. */
export const addThroughConnections = ({ viewer, views: { catalog }, context }: RankRequest, into: RankedList, { edge, reason, worth }: InThem): void => {
  if (!context.allowed.graph) return;
  const { data: friends, head: own } = catalog.edges.connected.from.view;
  const { data, head } = edge.from.view;
  const mine = own[viewer.number] ?? 0;
  const last = mine + 2 + (friends[mine] ?? 0);
  why.reason = reasonNumber(reason);
  for (let f = Math.max(mine + 2, last - CONNECTIONS_READ); f < last; f++) {
    const friend = friends[f] ?? 0;
    const block = head[friend] ?? 0;
    const count = data[block] ?? 0;
    why.actor = friend;
    for (let at = block + 2 + Math.max(0, count - OF_EACH); at < block + 2 + count; at++) {
      const item = data[at] ?? 0;
      const value = worth(item) / Math.log2(2 + count);
      if (value > 0) into.add(item, value, why);
    }
  }
};

/** Marks what the viewer is in already, so that nobody proposes it again; nothing where they withhold what put them in. */
export const markOwn = ({ viewer, views: { catalog }, context }: RankRequest, into: Scratch, { edge, signal }: { readonly edge: Edges; readonly signal: SignalFamily }): void => {
  into.clear(catalog.entities.size());
  if (!context.allowed[signal]) return;
  const { data, head } = edge.from.view;
  const block = head[viewer.number] ?? 0;
  for (let at = block + 2; at < block + 2 + (data[block] ?? 0); at++) into.set(data[at] ?? 0, 1);
};
