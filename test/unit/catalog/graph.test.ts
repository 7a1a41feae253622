import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openGraph, EDGE_NAMES, type EdgeName } from '../../../src/catalog/graph.ts';
import { createSpace } from '../../../src/memory/space.ts';

const ENTITIES = 9;
const edge = fc.record({ name: fc.constantFrom(...EDGE_NAMES), from: fc.nat(ENTITIES - 1), to: fc.nat(ENTITIES - 1), undo: fc.boolean() });

/** The same as a set of "name from to". */
const model = (edges: readonly { readonly name: EdgeName; readonly from: number; readonly to: number; readonly undo: boolean }[]): ReadonlySet<string> => {
  const there = new Set<string>();
  for (const { name, from, to, undo } of edges) {
    if (from === to) continue;
    for (const key of name === 'connected' ? [`${name} ${from} ${to}`, `${name} ${to} ${from}`] : [`${name} ${from} ${to}`]) if (undo) there.delete(key); else there.add(key);
  }
  return there;
};
const told = (graph: ReturnType<typeof openGraph>): { readonly from: ReadonlySet<string>; readonly to: ReadonlySet<string> } => {
  const [from, to] = [new Set<string>(), new Set<string>()];
  for (const name of EDGE_NAMES) {
    for (let entity = 0; entity < ENTITIES; entity++) {
      for (const other of graph.edges[name].from.values(entity)) from.add(`${name} ${entity} ${other}`);
      for (const other of graph.edges[name].to.values(entity)) to.add(`${name} ${other} ${entity}`);
    }
  }
  return { from, to };
};

describe('the graph', () => {
  test('holds each edge once, and tells it from both ends', () => {
    fc.assert(fc.property(fc.array(edge, { maxLength: 80 }), (edges) => {
      const graph = openGraph(createSpace());
      for (const { name, ...rest } of edges) graph.relate(name, rest);
      const { from, to } = told(graph);
      expect(from).toEqual(model(edges));
      expect(to).toEqual(from);
    }), { seed: 3, numRuns: 80 });
  });

  test('forgets an entity at every end', () => {
    fc.assert(fc.property(fc.array(edge, { maxLength: 80 }), fc.nat(ENTITIES - 1), (edges, gone) => {
      const graph = openGraph(createSpace());
      for (const { name, ...rest } of edges) graph.relate(name, rest);
      graph.forget(gone, ENTITIES);
      const left = new Set([...model(edges)].filter((key) => !key.split(' ').slice(1).includes(String(gone))));
      expect(told(graph)).toEqual({ from: left, to: left });
    }), { seed: 4, numRuns: 80 });
  });

  test('forgets who points at somebody that more point at than are kept', () => {
    const graph = openGraph(createSpace());
    const followers = 9000;
    for (let follower = 1; follower <= followers; follower++) graph.relate('follows', { from: follower, to: 0, undo: false });
    expect(graph.edges.follows.to.length(0)).toBeLessThan(followers);
    graph.forget(0, followers + 1);
    for (let follower = 1; follower <= followers; follower++) expect(graph.edges.follows.from.length(follower)).toBe(0);
  });

  test('takes what an entity says of itself for all there is', () => {
    const graph = openGraph(createSpace());
    graph.relateAll('workedAt', 1, [5, 6]);
    graph.relateAll('workedAt', 1, [6, 7]);
    expect(new Set(graph.edges.workedAt.from.values(1))).toEqual(new Set([6, 7]));
    expect(graph.edges.workedAt.to.values(5)).toHaveLength(0);
    expect([...graph.edges.workedAt.to.values(7)]).toEqual([1]);
  });
});
