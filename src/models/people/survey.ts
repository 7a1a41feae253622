/**
 * Everything that is measured about a member and the others of one graph: what the known scores say of anyone, who the candidates for a list
 * are, and the features of a pair. Members are walked from in blocks of WALKERS and then looked at one by one.
 */
import type { Random } from '../../core/random.ts';
import { closeness, embed, type Embedding } from './embedding.ts';
import { OF_DIRECTIONS, OF_EVERY_GRAPH, OF_TIES, OF_TIMES, type Feature } from './features.ts';
import type { Graph } from './graph.ts';
import { tiesOf, type Lately } from './lately.ts';
import { ADAMIC_ADAR, CLOSING, COMMON, createTwoSteps, jaccard, NEARNESS, RESOURCE, standingOf, STRIDE, STRONGEST, type Standing, type Ties, type TwoSteps } from './measures.ts';
import { createTop, type Top } from './top.ts';
import { createWalks, WALKERS, type Walks } from './walks.ts';

/** Candidates taken from each list. */
const LISTED = 80;
const BY_DEGREE = 20;

export interface Survey {
  readonly graph: Graph;
  readonly features: readonly Feature[];
  /** Walks from a block of up to WALKERS members. */
  block(members: readonly number[]): void;
  /** Looks at the member at this place of the block. */
  look(place: number): void;
  /** Neither the member looked at nor a neighbour of it. */
  isCandidate(other: number): boolean;
  /** All candidates there are, and those of them within two steps; good until the next look. */
  readonly everyone: Selected;
  readonly within: Selected;
  /** Those worth ranking for the member looked at: the first of each list, and the best known. */
  readonly candidates: Selected;
  /** Known scores of the member looked at, by name. */
  readonly scores: KnownScores;
  /** Writes the features of the pair of the member looked at and another from `at` on. */
  write(other: number, into: Float32Array, at: number): void;
}

/** The first `count` of `members`. */
export interface Selected { readonly members: Int32Array; readonly count: number }

/** The scores that ours is compared with; each may be asked about any candidate. */
export type KnownScores = Readonly<Record<KnownName, (other: number) => number>>;
export const KNOWN = ['common neighbours', 'Jaccard', 'Adamic-Adar', 'resource allocation', 'preferential attachment', 'personalised PageRank', 'local random walk'] as const;
export type KnownName = (typeof KNOWN)[number];
/** Known scores that are 0 beyond two steps: only who is reached needs a look. */
export const WITHIN_TWO_STEPS: readonly KnownName[] = ['common neighbours', 'Jaccard', 'Adamic-Adar', 'resource allocation'];

/** Everything of one graph that members are looked at with. */
interface Parts {
  readonly graph: Graph;
  readonly standing: Standing;
  readonly ties?: Ties | undefined;
  readonly lately?: Lately | undefined;
  readonly embedding: Embedding;
  readonly steps: TwoSteps;
  readonly walks: Walks;
  /** Mean log degree of each member's neighbours. */
  readonly around: Float64Array;
}

/** Who is looked at, and the values of the candidates of each list, highest first. */
interface Look { member: number; place: number; degree: number }
interface Lists { readonly common: Top; readonly walk: Top; readonly restarting: Top; readonly near: Top; readonly expected: Top }

const aroundOf = ({ members, data, from, to }: Graph, { degrees }: Standing): Float64Array => Float64Array.from({ length: members }, (_, member) => {
  let sum = 0;
  for (let at = from(member); at < to(member); at++) sum += Math.log(degrees[data[at] ?? 0] ?? 1);
  return sum / Math.max(degrees[member] ?? 0, 1);
});

const knownScores = ({ standing: { degrees }, steps: { sums }, walks }: Parts, look: Look): KnownScores => ({
  'common neighbours': (other) => sums[other * STRIDE + COMMON] ?? 0,
  'Jaccard': (other) => jaccard(sums[other * STRIDE + COMMON] ?? 0, look.degree, degrees[other] ?? 0),
  'Adamic-Adar': (other) => sums[other * STRIDE + ADAMIC_ADAR] ?? 0,
  'resource allocation': (other) => sums[other * STRIDE + RESOURCE] ?? 0,
  'preferential attachment': (other) => look.degree * (degrees[other] ?? 0),
  'personalised PageRank': (other) => walks.restarting[other * WALKERS + look.place] ?? 0,
  'local random walk': (other) => look.degree * (walks.local[other * WALKERS + look.place] ?? 0),
});

const best = (top: Top): number => Math.max(top.values[0] ?? 0, 1e-30);

/** How many of a sorted list are above a value, as a logarithm. */
const placeIn = ({ values, count }: Top, value: number): number => {
  let [low, high] = [0, count];
  while (low < high) { const middle = (low + high) >> 1; if ((values[middle] ?? 0) > value) low = middle + 1; else high = middle; }
  return Math.log1p(low);
};

/** Writes one row of features, in the order of features.ts. */
const writer = (parts: Parts, look: Look, lists: Lists): Survey['write'] => {
  const { graph, standing: { degrees, clustering }, ties, lately, embedding, steps: { sums }, walks, around } = parts;
  return (other, into, start) => {
    const [from, walked] = [other * STRIDE, other * WALKERS + look.place];
    const [own, degree] = [look.degree, Math.max(degrees[other] ?? 0, 1)];
    const [common, resource] = [sums[from + COMMON] ?? 0, sums[from + RESOURCE] ?? 0];
    const three = own * (walks.local[walked] ?? 0) - resource;
    const restarting = walks.restarting[walked] ?? 0;
    const [product, cosine] = closeness(embedding, look.member, other);
    const expected = product * Math.sqrt(own * degree);
    let at = start;
    into[at++] = common; into[at++] = sums[from + ADAMIC_ADAR] ?? 0; into[at++] = resource; into[at++] = sums[from + CLOSING] ?? 0;
    into[at++] = jaccard(common, own, degree); into[at++] = common / Math.min(own, degree); into[at++] = common / Math.max(own, degree); into[at++] = resource / degree;
    into[at++] = three; into[at++] = three / degree; into[at++] = three / Math.sqrt(degree); into[at++] = own * (walks.fourth[walked] ?? 0);
    into[at++] = restarting; into[at++] = restarting * own / degree; into[at++] = restarting * (1 + own / degree);
    into[at++] = expected; into[at++] = product; into[at++] = cosine;
    into[at++] = own * (walks.local[walked] ?? 0); into[at++] = own; into[at++] = degree; into[at++] = own * degree; into[at++] = clustering[look.member] ?? 0; into[at++] = clustering[other] ?? 0; into[at++] = around[look.member] ?? 0; into[at++] = around[other] ?? 0;
    into[at++] = resource / best(lists.common); into[at++] = (walks.local[walked] ?? 0) / best(lists.walk); into[at++] = restarting / best(lists.restarting); into[at++] = expected / best(lists.expected);
    into[at++] = placeIn(lists.common, resource); into[at++] = placeIn(lists.walk, walks.local[walked] ?? 0); into[at++] = placeIn(lists.expected, expected);
    if (ties !== undefined) {
      const near = sums[from + NEARNESS] ?? 0;
      into[at++] = near; into[at++] = sums[from + STRONGEST] ?? 0; into[at++] = near / best(lists.near); into[at++] = ties.totals[look.member] ?? 0; into[at++] = ties.totals[other] ?? 0;
    }
    if (lately !== undefined) for (const column of [lately.seen, lately.newest, lately.oldest, ...lately.fresh, lately.active]) { into[at++] = column[look.member] ?? 0; into[at++] = column[other] ?? 0; }
    if (graph.begun !== undefined) { into[at++] = graph.begun[look.member] ?? 0; into[at++] = graph.begun[other] ?? 0; }
  };
};

type Growing = { -readonly [K in keyof Selected]: Selected[K] };
const selection = (most: number): Growing => ({ members: new Int32Array(most), count: 0 });

/** Looks at members of a graph. */
export const createSurvey = (graph: Graph, random: Random): Survey => {
  const standing = standingOf(graph);
  const { ties, lately } = tiesOf(graph);
  const parts: Parts = {
    graph, standing, ties, lately, embedding: embed(graph, standing.degrees, random), around: aroundOf(graph, standing),
    steps: createTwoSteps(graph, standing, ties), walks: createWalks(graph, standing.degrees),
  };
  const { steps, walks, embedding } = parts;
  const look: Look = { member: 0, place: 0, degree: 0 };
  const lists: Lists = { common: createTop(LISTED), walk: createTop(LISTED), restarting: createTop(LISTED), near: createTop(LISTED), expected: createTop(graph.members) };
  const popular = [standing.degrees, lately?.fresh[1] ?? standing.degrees].map((column) => Array.from(graph.present).sort((a, b) => (column[b] ?? 0) - (column[a] ?? 0) || a - b));
  const [everyone, within, candidates] = [selection(graph.members), selection(graph.members), selection(graph.members)];
  const known = new Int32Array(graph.members).fill(-1);
  const taken = new Int32Array(graph.members).fill(-1);
  let [turn, walkers] = [0, [] as readonly number[]];
  const isCandidate = (other: number): boolean => known[other] !== turn;
  const offerAll = (): void => {
    for (const top of Object.values(lists) as Top[]) top.clear();
    within.count = 0;
    for (let i = 0; i < steps.count; i++) {
      const other = steps.reached[i] ?? 0;
      if (!isCandidate(other)) continue;
      within.members[within.count++] = other;
      lists.common.offer(steps.sums[other * STRIDE + RESOURCE] ?? 0, other);
      if (ties !== undefined) lists.near.offer(steps.sums[other * STRIDE + NEARNESS] ?? 0, other);
    }
    everyone.count = 0;
    for (const other of graph.present) {
      if (!isCandidate(other)) continue;
      everyone.members[everyone.count++] = other;
      const at = other * WALKERS + look.place;
      if ((walks.local[at] ?? 0) > 0) lists.walk.offer(walks.local[at] ?? 0, other);
      lists.restarting.offer(walks.restarting[at] ?? 0, other);
    }
    for (const top of [lists.common, lists.walk, lists.restarting, lists.near]) top.sort();
  };
  const choose = (): void => {
    candidates.count = 0;
    const take = (other: number): void => {
      if (taken[other] === turn) return;
      taken[other] = turn;
      candidates.members[candidates.count++] = other;
      lists.expected.offer(closeness(embedding, look.member, other)[0] * Math.sqrt(look.degree * (standing.degrees[other] ?? 0)), other);
    };
    for (const { members, count } of [lists.common, lists.walk, lists.restarting, lists.near]) for (let i = 0; i < count; i++) take(members[i] ?? 0);
    for (const order of popular) for (let i = 0, left = BY_DEGREE; i < order.length && left > 0; i++) if (isCandidate(order[i] ?? 0)) { take(order[i] ?? 0); left--; }
    lists.expected.sort();
  };
  return {
    graph, isCandidate, everyone, within, candidates, write: writer(parts, look, lists), scores: knownScores(parts, look),
    features: [...OF_EVERY_GRAPH, ...(ties === undefined ? [] : OF_TIES), ...(lately === undefined ? [] : OF_TIMES), ...(graph.begun === undefined ? [] : OF_DIRECTIONS)],
    block: (members) => { walkers = members; walks.from(members); },
    look: (place) => {
      turn++;
      Object.assign(look, { place, member: walkers[place] ?? 0, degree: standing.degrees[walkers[place] ?? 0] ?? 0 });
      known[look.member] = turn;
      for (let at = graph.from(look.member); at < graph.to(look.member); at++) known[graph.data[at] ?? 0] = turn;
      steps.from(look.member);
      offerAll();
      choose();
    },
  };
};
