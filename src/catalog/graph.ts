/** Who and what is connected: one row per kind of edge, kept from both ends. */
import type { Space } from '../memory/space.ts';
import { openLists, type Lists } from '../memory/structures.ts';

interface EdgeKind {
  /** True where it holds both ways: each end then stands in the other's list, and there is no other list. */
  readonly both?: true;
  /** Actions that make it; undone, they take it away. An edge without any follows from what an entity says of itself. */
  readonly actions?: readonly string[];
}

/**
 * Edges between entities. What a member or a job says of skills and topics are terms (`termsOf`, `under`), and who wrote what stands in
 * `authored`.
 */
export const EDGES = {
  /** member – member. An invitation accepted connects as well as connecting does. */
  connected: { both: true, actions: ['connect', 'accept'] },
  /** member → member, company, group, hashtag, newsletter */
  follows: { actions: ['follow'] },
  /** member → group */
  belongsTo: { actions: ['join'] },
  /** member → event */
  attends: { actions: ['attend'] },
  /** member → newsletter */
  subscribesTo: { actions: ['subscribe'] },
  /** member → company, now or before */
  workedAt: {},
  /** member → school */
  studiedAt: {},
  /** article, post → whoever it names */
  mentions: {},
} as const satisfies Record<string, EdgeKind>;
export type EdgeName = keyof typeof EDGES;
export const EDGE_NAMES: readonly EdgeName[] = Object.keys(EDGES) as EdgeName[];

/** The kind of edge that an action makes between who does it and what it is done to. */
export const edgeMadeBy = (action: string): EdgeName | undefined => EDGE_NAMES.find((name) => (EDGES[name] as EdgeKind).actions?.includes(action));

/** Ends that an entity is pointed at from, at most: of a company that a million follow the newest are enough to show and to count with. */
const POINTED_AT_MOST = 4096;

/** Lists of one kind of edge; where it holds both ways `from` and `to` are one. */
export interface Edges {
  /** From each end to those it points at. */
  readonly from: Lists;
  /** From each end to those that point at it, the newest. */
  readonly to: Lists;
}

export interface Graph {
  readonly edges: Readonly<Record<EdgeName, Edges>>;
  /** Adds an edge that is not there, or takes away one that is. Writer only. */
  relate(name: EdgeName, edge: { readonly from: number; readonly to: number; readonly undo: boolean }): void;
  /** All edges of this kind from here are these from now on. Writer only. */
  relateAll(name: EdgeName, from: number, targets: readonly number[]): void;
  /** Takes an entity out of everybody's lists. @param entities how many there are */
  forget(number: number, entities: number): void;
}

const openEdges = (space: Space, name: EdgeName): Edges => {
  const kind: EdgeKind = EDGES[name];
  const from = openLists(space, name);
  return { from, to: kind.both === true ? from : openLists(space, `${name}.to`, { keep: POINTED_AT_MOST }) };
};

const forgetIn = ({ from, to }: Edges, number: number, entities: number): void => {
  for (const target of from.values(number)) to.remove(target, number);
  // Where more point here than are kept, the others are found by asking everybody.
  const sources = to.length(number) < POINTED_AT_MOST ? to.values(number) : Int32Array.from({ length: entities }, (_, source) => source);
  for (const source of sources) from.remove(source, number);
  from.clear(number);
  to.clear(number);
};

export const openGraph = (space: Space): Graph => {
  const edges = Object.fromEntries(EDGE_NAMES.map((name) => [name, openEdges(space, name)])) as Record<EdgeName, Edges>;
  const relate: Graph['relate'] = (name, { from, to, undo }) => {
    const { from: pointing, to: pointedAt } = edges[name];
    // What one end knows the other knows too: only the shorter list is searched.
    if (from === to || pointing.has(from, to) !== undo) return;
    if (undo) { pointing.remove(from, to); pointedAt.remove(to, from); } else { pointing.push(from, to); pointedAt.push(to, from); }
  };
  return {
    edges, relate,
    relateAll: (name, from, targets) => {
      const before = edges[name].from.values(from);
      for (const to of before) if (!targets.includes(to)) relate(name, { from, to, undo: true });
      for (const to of targets) relate(name, { from, to, undo: false });
    },
    forget: (number, entities) => { for (const name of EDGE_NAMES) forgetIn(edges[name], number, entities); },
  };
};
