import { describe, expect, test } from 'vitest';
import { normal, seededRandom } from '../../../../src/core/random.ts';
import { embed } from '../../../../src/models/people/embedding.ts';
import type { Adjacency } from '../../../../src/models/people/graph.ts';
import { ADAMIC_ADAR, CLOSING, COMMON, createTwoSteps, jaccard, NEARNESS, RESOURCE, standingOf, STRIDE, STRONGEST } from '../../../../src/models/people/measures.ts';
import { createWalks, WALKERS } from '../../../../src/models/people/walks.ts';
import { openLists } from '../../../../src/memory/structures.ts';
import { createSpace } from '../../../../src/memory/space.ts';
import { chanceGraph, graphWith, setsOf, type Edge } from './made.ts';

const MEMBERS = 25;
const graphs = [1, 2, 3, 4, 5].map((seed) => chanceGraph(MEMBERS, 0.08 * seed, seed));
const at = <Value>(values: ArrayLike<Value>, place: number): Value => { const value = values[place]; if (value === undefined) throw new Error(`nothing at ${place}`); return value; };

const clusteringOf = (sets: readonly ReadonlySet<number>[], member: number): number => {
  const near = [...at(sets, member)];
  const pairs = near.flatMap((a, i) => near.slice(i + 1).map((b) => at(sets, a).has(b)));
  return pairs.length === 0 ? 0 : pairs.filter(Boolean).length / pairs.length;
};

describe('two steps', () => {
  test.each(graphs.map((edges, i) => [i, edges] as const))('graph %i: every sum is what sets of neighbours give', (_, edges) => {
    const graph = graphWith(edges, MEMBERS);
    const sets = setsOf(edges, MEMBERS);
    const standing = standingOf(graph);
    const strength = Float32Array.from(graph.data, (other, place) => ((other + place) % 7) / 8);
    const totals = Float64Array.from({ length: MEMBERS }, (_unused, member) => 1 + member);
    const steps = createTwoSteps(graph, standing, { strength, totals });
    const strengthOf = (a: number, b: number): number => { const place = graph.data.subarray(graph.from(a), graph.to(a)).indexOf(b); return at(strength, graph.from(a) + place); };
    let worst = 0;
    const same = (found: number | undefined, wanted: number): void => { worst = Math.max(worst, Math.abs((found ?? Number.NaN) - wanted)); };
    for (let member = 0; member < MEMBERS; member++) {
      steps.from(member);
      same(standing.clustering[member], clusteringOf(sets, member));
      for (let other = 0; other < MEMBERS; other++) {
        const common = [...at(sets, member)].filter((one) => at(sets, other).has(one));
        const sum = (value: (one: number) => number): number => common.reduce((all, one) => all + value(one), 0);
        const size = (one: number): number => at(sets, one).size;
        const found = steps.sums.subarray(other * STRIDE, (other + 1) * STRIDE);
        same(found[COMMON], common.length);
        same(found[ADAMIC_ADAR], sum((one) => 1 / Math.log(Math.max(2, size(one)))));
        same(found[RESOURCE], sum((one) => 1 / size(one)));
        same(found[CLOSING], sum((one) => clusteringOf(sets, one) / size(one)));
        same(found[NEARNESS], sum((one) => strengthOf(member, one) * strengthOf(one, other) / (1 + one)));
        same(found[STRONGEST], Math.max(0, ...common.map((one) => Math.min(strengthOf(member, one), strengthOf(one, other)))));
        const union = new Set([...at(sets, member), ...at(sets, other)]).size;
        same(jaccard(common.length, size(member), size(other)), union === 0 ? 0 : common.length / union);
      }
    }
    expect(worst).toBeLessThan(1e-9);
  });

  test('lists of the catalogue serve as they are', () => {
    const edges = at(graphs, 2);
    const lists = openLists(createSpace(), 'connections');
    for (const [a, b] of edges) { lists.push(a, b); lists.push(b, a); }
    const { data, head } = lists.view;
    const served: Adjacency = { members: MEMBERS, data, from: (member) => (head[member] ?? 0) + 2, to: (member) => (head[member] ?? 0) + 2 + (data[head[member] ?? 0] ?? 0) };
    const graph = graphWith(edges, MEMBERS);
    const [plain, shared] = [createTwoSteps(graph, standingOf(graph)), createTwoSteps(served, standingOf(served))];
    for (let member = 0; member < MEMBERS; member++) {
      plain.from(member);
      shared.from(member);
      expect(Math.max(...shared.sums.map((sum, place) => Math.abs(sum - at(plain.sums, place))))).toBeLessThan(1e-12);
    }
  });
});

/** One step of chances, the plain way. */
const stepped = (sets: readonly ReadonlySet<number>[], chances: readonly number[]): number[] =>
  sets.map((near) => [...near].reduce((sum, one) => sum + at(chances, one) / at(sets, one).size, 0));

describe('walks', () => {
  test.each([[at(graphs, 2)], [at(graphs, 4)]])('are where single steps lead, for every member of a block', (edges: Edge[]) => {
    const graph = graphWith(edges, MEMBERS);
    const sets = setsOf(edges, MEMBERS);
    const walks = createWalks(graph, standingOf(graph).degrees);
    const members = [3, 0, 11];
    walks.from(members);
    members.forEach((member, place) => {
      let chances: number[] = Array.from({ length: MEMBERS }, (_, one) => (one === member ? 1 : 0));
      const restarting = chances.map((chance) => 0.15 * chance);
      const history = Array.from({ length: 200 }, (_, done) => {
        chances = stepped(sets, chances);
        chances.forEach((chance, one) => { restarting[one] = at(restarting, one) + 0.15 * 0.85 ** (done + 1) * chance; });
        return chances;
      });
      for (let one = 0; one < MEMBERS; one++) {
        expect(walks.local[one * WALKERS + place]).toBeCloseTo(at(at(history, 1), one) + at(at(history, 2), one), 12);
        expect(walks.fourth[one * WALKERS + place]).toBeCloseTo(at(at(history, 3), one), 12);
        // The walk is ended early: what is left then is said to be where all walks end, which on a small graph it nearly is.
        expect(Math.abs(at(walks.restarting, one * WALKERS + place) - at(restarting, one))).toBeLessThan(0.01);
      }
      const total = Array.from({ length: MEMBERS }, (_, one) => at(walks.restarting, one * WALKERS + place)).reduce((a, b) => a + b, 0);
      expect(total).toBeCloseTo(1, 9);
    });
  });

  test('are the same both ways once the degrees are counted', () => {
    const graph = graphWith(at(graphs, 3), MEMBERS);
    const { degrees } = standingOf(graph);
    const walks = createWalks(graph, degrees);
    walks.from([4, 9]);
    for (const of of [walks.local, walks.fourth, walks.restarting]) expect(at(degrees, 4) * at(of, 9 * WALKERS)).toBeCloseTo(at(degrees, 9) * at(of, 4 * WALKERS + 1), 9);
  });
});

describe('the embedding', () => {
  const graph = graphWith(chanceGraph(60, 0.2, 7), 60);
  const { degrees } = standingOf(graph);
  const { width, points, stretch } = embed(graph, degrees, seededRandom(1));

  test('has orthonormal directions that the graph stretches by what is said', () => {
    for (let i = 0; i < width; i++) for (let j = 0; j <= i; j++) {
      let dot = 0;
      for (let member = 0; member < 60; member++) dot += at(points, member * width + i) * at(points, member * width + j);
      expect(dot).toBeCloseTo(i === j ? 1 : 0, 8);
    }
    // The first direction of a connected graph is known: the roots of the degrees, kept as they are.
    expect(at(stretch, 0)).toBeCloseTo(1, 4);
    const all = degrees.reduce((a, b) => a + b, 0);
    for (let member = 0; member < 60; member++) expect(Math.abs(at(points, member * width))).toBeCloseTo(Math.sqrt(at(degrees, member) / all), 2);
  });

  test('explains the graph better than points by chance do', () => {
    const explained = (of: Float64Array): number => {
      let sum = 0;
      for (let member = 0; member < 60; member++) for (let place = graph.from(member); place < graph.to(member); place++) {
        const other = at(graph.data, place);
        let dot = 0;
        for (let i = 0; i < width; i++) dot += at(of, member * width + i) * at(of, other * width + i) * at(stretch, i);
        sum += dot / Math.sqrt(at(degrees, member) * at(degrees, other));
      }
      return sum;
    };
    const random = seededRandom(2);
    const chance = Float64Array.from(points, () => normal(random) / Math.sqrt(60));
    expect(explained(points)).toBeGreaterThan(2 * explained(chance));
  });
});
