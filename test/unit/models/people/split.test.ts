import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/random.ts';
import { graphOf, pairsOf, tied, type Graph } from '../../../../src/models/people/graph.ts';
import { splitOf, type Task } from '../../../../src/models/people/split.ts';
import { allOf, chanceGraph, eventsOf, graphWith, setsOf, type Edge } from './made.ts';

const pairsIn = (graph: Graph): string[] => Array.from({ length: graph.members }, (_, member) => [...graph.data.subarray(graph.from(member), graph.to(member))].filter((other) => other > member).map((other) => `${member}-${other}`)).flat();
const shared = (a: Graph, b: Graph): string[] => { const other = new Set(pairsIn(b)); return pairsIn(a).filter((pair) => other.has(pair)); };
const noneTwice = ({ graph, hidden }: Task): void => { expect(shared(graph, hidden)).toEqual([]); };

describe('a graph', () => {
  test('holds each pair once from both ends, ascending, however often and in whatever order the file says it', () => {
    const edges = chanceGraph(30, 0.2, 1);
    const said = edges.flatMap(([a, b], i): Edge[] => (i % 3 === 0 ? [[a, b], [b, a]] : i % 3 === 1 ? [[b, a]] : [[a, b], [a, b]]));
    const graph = graphWith(said.toReversed(), 30);
    setsOf(edges, 30).forEach((near, member) => { expect([...graph.data.subarray(graph.from(member), graph.to(member))]).toEqual([...near].toSorted((a, b) => a - b)); });
    expect(graph.edges).toBe(edges.length);
    expect(tied(graph, edges[0]?.[0] ?? 0, edges[0]?.[1] ?? 0)).toBe(true);
    expect(graph.seen.reduce((sum, times) => sum + times, 0)).toBe(2 * said.length);
  });

  test('knows nothing of what is dated later', () => {
    const pairs = pairsOf(eventsOf([[0, 1, 10], [1, 0, 50], [1, 2, 20], [0, 1, 30]]));
    const graph = graphOf(pairs, allOf(pairs), 40);
    expect([graph.seen[0], graph.first?.[0], graph.last?.[0]]).toEqual([2, 10, 30]);
  });
});

describe('hiding by chance', () => {
  const edges = chanceGraph(60, 0.3, 2);
  const split = splitOf(pairsOf(eventsOf(edges)), { learnTasks: 3, random: seededRandom(1) });
  const test10 = split.test();

  test('hides a tenth and leaves the rest', () => {
    expect(test10.hidden.edges).toBe(Math.round(edges.length * 0.1));
    expect(test10.graph.edges).toBe(edges.length - Math.round(edges.length * 0.1));
    noneTwice(test10);
  });

  test('lets nothing of the test into what is learned from, and hides other ties each time', () => {
    const tasks = split.learn.map((make) => make());
    expect(tasks).toHaveLength(3);
    for (const task of tasks) {
      noneTwice(task);
      expect(shared(task.graph, test10.hidden)).toEqual([]);
      expect(shared(task.hidden, test10.hidden)).toEqual([]);
      expect(shared(task.hidden, test10.graph)).toHaveLength(task.hidden.edges);
    }
    expect(shared(tasks[0]?.hidden ?? test10.hidden, tasks[1]?.hidden ?? test10.hidden)).toEqual([]);
  });

  test('another seed hides others, the same seed the same', () => {
    const other = splitOf(pairsOf(eventsOf(edges)), { learnTasks: 1, random: seededRandom(2) }).test();
    const again = splitOf(pairsOf(eventsOf(edges)), { learnTasks: 1, random: seededRandom(1) }).test();
    expect(pairsIn(again.hidden)).toEqual(pairsIn(test10.hidden));
    expect(pairsIn(other.hidden)).not.toEqual(pairsIn(test10.hidden));
  });
});

describe('hiding by time', () => {
  const random = seededRandom(3);
  const edges = chanceGraph(60, 0.3, 4).map(([a, b]): Edge => [a, b, Math.floor(random.next() * 10_000)]);
  // Some are seen again, late.
  const said: Edge[] = [...edges, ...edges.slice(0, 100).map(([a, b]): Edge => [b, a, 9_990])];
  const firstOf = new Map(edges.map(([a, b, at]) => [`${a}-${b}`, at ?? 0]));
  const split = splitOf(pairsOf(eventsOf(said)), { learnTasks: 3, random: seededRandom(1) });
  const latest = (graph: Graph): number => Math.max(...graph.last ?? []);
  const earliest = (graph: Graph): number => Math.min(...pairsIn(graph).map((pair) => firstOf.get(pair) ?? 0));

  test('hides the last tenth of the pairs, and whatever is said from then on', () => {
    const { graph, hidden } = split.test();
    expect(hidden.edges / edges.length).toBeCloseTo(0.1, 1);
    noneTwice({ graph, hidden });
    expect(latest(graph)).toBeLessThan(earliest(hidden));
  });

  test('learns from windows before, of which each knows only what was before it', () => {
    const tasks = split.learn.map((make) => make());
    expect(tasks.length).toBeGreaterThan(1);
    let from = earliest(split.test().hidden);
    for (const { graph, hidden } of tasks) {
      noneTwice({ graph, hidden });
      expect(latest(graph)).toBeLessThan(earliest(hidden));
      expect(Math.max(...pairsIn(hidden).map((pair) => firstOf.get(pair) ?? 0))).toBeLessThan(from);
      from = earliest(hidden);
    }
  });

  test('falls back on chance where the times are too coarse to cut', () => {
    const coarse = edges.map(([a, b], i): Edge => [a, b, i % 2]);
    expect(splitOf(pairsOf(eventsOf(coarse)), { learnTasks: 1, random: seededRandom(1) }).protocol).toMatch(/by chance/u);
  });
});

test('a tie whose end has no other tie is not looked for, since nobody could find it', () => {
  const star: Edge[] = Array.from({ length: 40 }, (_, i) => [0, i + 1]);
  const { hidden } = splitOf(pairsOf(eventsOf(star)), { learnTasks: 1, random: seededRandom(1) }).test();
  expect(hidden.edges).toBe(0);
});

test('a file of few pairs is refused with what is missing', () => {
  expect(() => splitOf(pairsOf(eventsOf([[0, 1], [1, 2]])), { learnTasks: 1, random: seededRandom(1) })).toThrow(/2 distinct pairs.*at least 30/u);
});
