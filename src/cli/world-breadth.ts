/**
 * What a ranking opens up, by the truth: what members act on outside the topics of their past, the niche creators who are found by those who care for
 * what they write about, how evenly creators are looked at, and whether a sponsored card that its viewer would likely hide ever stood.
 */
import { clusterRatio, mean, quantile, type Interval } from '../models/metrics.ts';
import type { Random } from '../core/random.ts';
import type { FeedCard } from '../world/client.ts';
import type { Person } from '../world/people.ts';
import { matchOf } from '../world/truth.ts';
import type { World } from '../world/world.ts';
import type { Pool } from './world-policies.ts';

/** What the truth says of one request besides what its cards are worth. */
export interface Lens {
  /** By card: the share of its topics that lies outside the member's past. */
  readonly outside: ArrayLike<number>;
  /** By card: the number of the creator who made it, -1 where it was none. */
  readonly creatorOf: ArrayLike<number>;
  /** By creator: 1 where few follow them, the member cares for what they write about and does not know them, and something of theirs can be shown. */
  readonly wanted: Uint8Array;
}

/** One request under one order. */
export interface Opened {
  /** Cards acted on, and those of them outside the past, as shares of cards. */
  readonly acted: number;
  readonly outside: number;
  /** Wanted creators of whom a card is looked at. */
  readonly reached: number;
  /** Looks at cards of each creator. */
  readonly exposure: Float64Array;
}

/** Interest in what a creator writes about, from which on they are wanted. */
const CARED_FOR = 0.5;

/** How each place of a page is looked at. */
interface Looks { readonly places: number; examination(place: number): number }

export const openedBy = ({ worth }: Pick<Pool, 'worth'>, order: ArrayLike<number>, { lens: { outside, creatorOf, wanted }, page }: { readonly lens: Lens; readonly page: Looks }): Opened => {
  const exposure = new Float64Array(wanted.length);
  const missed = new Float64Array(wanted.length).fill(1);
  let [acted, beyond] = [0, 0];
  for (let place = 0; place < Math.min(page.places, order.length); place++) {
    const card = order[place] ?? 0;
    const looks = page.examination(place);
    acted += looks * (worth[card] ?? 0);
    beyond += looks * (worth[card] ?? 0) * (outside[card] ?? 0);
    const creator = creatorOf[card] ?? -1;
    if (creator < 0) continue;
    exposure[creator] = (exposure[creator] ?? 0) + looks;
    missed[creator] = (missed[creator] ?? 1) * (1 - looks);
  }
  return { acted, outside: beyond, exposure, reached: missed.reduce((sum, none, creator) => sum + (wanted[creator] === 1 ? 1 - none : 0), 0) };
};

/** 0 where all have the same, near 1 where one has everything; 0 of nothing. */
export const giniOf = (values: ArrayLike<number>): number => {
  const sorted = Float64Array.from(values).sort();
  const all = sorted.reduce((sum, each) => sum + each, 0);
  return all === 0 ? 0 : sorted.reduce((sum, each, i) => sum + (2 * (i + 1) - sorted.length - 1) * each, 0) / (sorted.length * all);
};

/** Who writes for an audience, and who of them few follow: no more than the half of creators whom the fewest do. */
export interface Creators { readonly people: readonly Person[]; readonly niche: Uint8Array; numberOf(ref: string): number }

export const creatorsOf = ({ people: everyone }: Pick<World, 'people'>): Creators => {
  const people = everyone.filter(({ creator }) => creator);
  const numbers = new Map(people.map(({ ref }, number) => [ref, number]));
  const followers = new Float64Array(people.length);
  for (const { attributes: { follows } } of everyone) {
    for (const ref of Array.isArray(follows) ? follows as readonly string[] : []) {
      const number = numbers.get(ref);
      if (number !== undefined) followers[number] = (followers[number] ?? 0) + 1;
    }
  }
  const middle = quantile(followers.toSorted(), 0.5);
  return { people, niche: Uint8Array.from(followers, (count) => Number(count <= middle)), numberOf: (ref) => numbers.get(ref) ?? -1 };
};

/** @param at milliseconds since the epoch: what a member cares for changes */
export const lensOf = (cards: readonly FeedCard[], { people, niche, numberOf }: Creators, { person, at }: { readonly person: Person; readonly at: number }): Lens => {
  const creatorOf = Int32Array.from(cards, ({ card: { author } }) => (author === null ? -1 : numberOf(author.ref)));
  const there = new Set(creatorOf);
  const isWanted = (creator: Person, number: number): boolean => there.has(number) && niche[number] === 1 && creator !== person && !person.inner.ties.has(creator.ref) && matchOf(person, { topics: creator.declared, at }).interest >= CARED_FOR;
  return {
    creatorOf, outside: Float64Array.from(cards, ({ card: { topics } }) => matchOf(person, { topics, at }).outside),
    wanted: Uint8Array.from(people, (creator, number) => Number(isWanted(creator, number))),
  };
};

/** Sponsored cards that were served, and the chances that their viewers hide them as the model that served them had it. */
export interface SponsoredServed { readonly ceiling: number; readonly predicted: readonly number[] }

/** One world, by request. */
export interface Breadth {
  readonly wanted: readonly number[];
  readonly opened: ReadonlyMap<string, readonly Opened[]>;
  readonly sponsored: SponsoredServed;
}

/** What a policy opens up, and the difference of ours to it, request by request. */
interface BreadthRow {
  readonly name: string;
  /** Of what is acted on, the share outside the past. */
  readonly serendipity: Interval;
  /** Of the cards that ours has acted on per page, those outside the past; of a policy with pages mixed in until as many are acted on. */
  readonly outsideAtEqualEngagement: Interval;
  /** Of wanted niche creators, the share of whom a card is looked at. */
  readonly reach: Interval;
  /** Of looks at creators' cards; in each world, and the mean over worlds. */
  readonly gini: Interval;
}
export interface BreadthReport {
  readonly rows: readonly BreadthRow[];
  /** Pairs of a request and a wanted niche creator. */
  readonly wanted: number;
  readonly creators: number;
  readonly sponsored: { readonly cards: number; readonly ceiling: number; readonly aboveCeiling: number; readonly highest: number };
}

const RESAMPLES = 400;
const NONE: Interval = { mean: 0, low: 0, high: 0 };

/** A figure of requests that each count so many times, of all of them once and of members drawn with repetition. */
const resampledInterval = (figure: (times: ArrayLike<number>) => number, { cluster, random }: { readonly cluster: ArrayLike<number>; readonly random: Random }): Interval => {
  const clusters = Math.max(0, ...Array.from(cluster)) + 1;
  const draws = Float64Array.from({ length: RESAMPLES }, () => {
    const drawn = new Float64Array(clusters);
    for (let draw = 0; draw < clusters; draw++) { const member = Math.floor(random.next() * clusters); drawn[member] = (drawn[member] ?? 0) + 1; }
    return figure(Float64Array.from(cluster, (member) => drawn[member] ?? 0));
  }).sort();
  return { mean: figure(new Float64Array(cluster.length).fill(1)), low: quantile(draws, 0.025), high: quantile(draws, 0.975) };
};

/** Requests of each world: [from, to) of all. */
const worldsOf = (runs: readonly Breadth[]): readonly { readonly from: number; readonly run: Breadth }[] => {
  let from = 0;
  return runs.map((run) => { const world = { from, run }; from += run.wanted.length; return world; });
};

const giniOver = (runs: readonly Breadth[], name: string) => (times: ArrayLike<number>): number => mean(worldsOf(runs).map(({ from, run: { opened } }) => {
  const pages = opened.get(name) ?? [];
  const sum = new Float64Array(pages[0]?.exposure.length ?? 0);
  pages.forEach(({ exposure }, request) => { exposure.forEach((looks, creator) => { sum[creator] = (sum[creator] ?? 0) + looks * (times[from + request] ?? 0); }); });
  return giniOf(sum);
}));

/** Who fills up a policy to the engagement of ours: who engages more than that, or, where the policy itself does, who engages less. */
interface Fillers { readonly ours: string; readonly more: string; readonly less: string }

/**
 * Pages of a policy mixed with pages of a filler, in such shares that as many cards are acted on as of ours: of those, cards outside the past. What knows the
 * truth fills up what engages less, so that the comparison favours the baseline.
 */
const atEqualEngagement = (pages: (name: string) => readonly Opened[], name: string, { ours, more, less }: Fillers) => (times: ArrayLike<number>): number => {
  const sum = (of: string, figure: 'acted' | 'outside'): number => pages(of).reduce((all, page, request) => all + page[figure] * (times[request] ?? 0), 0);
  const count = Array.from(times).reduce((all, each) => all + each, 0);
  const [own, goal] = [sum(name, 'acted'), sum(ours, 'acted')];
  if (count === 0) return 0;
  if (name === ours || own === goal) return sum(name, 'outside') / count;
  const filler = own < goal ? more : less;
  const share = (goal - own) / (sum(filler, 'acted') - own);
  return ((1 - share) * sum(name, 'outside') + share * sum(filler, 'outside')) / count;
};

/** @param cluster the member of each request, over all runs */
export const breadthReport = (runs: readonly Breadth[], fillers: Fillers, { cluster, random }: { readonly cluster: Int32Array; readonly random: Random }): BreadthReport => {
  const pages = (name: string): readonly Opened[] => runs.flatMap(({ opened }) => opened.get(name) ?? []);
  const wanted = runs.flatMap((run) => run.wanted);
  const asked = wanted.reduce((sum, each) => sum + each, 0);
  const predicted = runs.flatMap(({ sponsored }) => sponsored.predicted);
  const ceiling = runs[0]?.sponsored.ceiling ?? 0;
  const row = (name: string): BreadthRow => {
    const drawing = (figure: string): { readonly cluster: Int32Array; readonly random: Random } => ({ cluster, random: random.fork(`${figure} ${name}`) });
    const own = pages(name);
    return {
      name,
      serendipity: clusterRatio(own.map(({ outside }) => outside), own.map(({ acted }) => acted), drawing('serendipity')),
      outsideAtEqualEngagement: resampledInterval(atEqualEngagement(pages, name, fillers), drawing('outside')),
      reach: asked === 0 ? NONE : clusterRatio(own.map(({ reached }) => reached), wanted, drawing('reach')),
      gini: resampledInterval(giniOver(runs, name), drawing('gini')),
    };
  };
  return {
    rows: [...(runs[0]?.opened.keys() ?? [])].map(row), wanted: asked,
    creators: runs.reduce((sum, { opened }) => sum + ([...opened.values()][0]?.[0]?.exposure.length ?? 0), 0),
    sponsored: { cards: predicted.length, ceiling, aboveCeiling: predicted.filter((hide) => !(hide <= ceiling)).length, highest: predicted.reduce((most, hide) => Math.max(most, hide), 0) },
  };
};

const text = ({ mean: value, low, high }: Interval, digits: number, factor = 1): string => `${(factor * value).toFixed(digits)}  [${(factor * low).toFixed(digits)}, ${(factor * high).toFixed(digits)}]`;

export const breadthText = ({ rows, wanted, creators, sponsored }: BreadthReport): readonly string[] => [
  `  ${'acted on outside past topics'.padEnd(30)}${'share, %'.padEnd(22)}${'cards a page, at our engagement'.padEnd(34)}${'niche creators reached, %'.padEnd(28)}Gini of creators`,
  ...rows.map(({ name, serendipity, outsideAtEqualEngagement, reach, gini }) => `    ${name.padEnd(28)}${text(serendipity, 1, 100).padEnd(22)}${text(outsideAtEqualEngagement, 3).padEnd(34)}${text(reach, 1, 100).padEnd(28)}${text(gini, 3)}`),
  `    ${creators} creators; ${wanted} times one of the half with the fewest followers could be shown to a stranger who cares for what they write about`,
  `  sponsored cards served: ${sponsored.cards}; predicted to be hidden above the ceiling of ${sponsored.ceiling}: ${sponsored.aboveCeiling}, at most ${sponsored.highest.toFixed(4)}`,
];
