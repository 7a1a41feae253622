/** Rankers of members on career tracks: the journey model, what the recipes fit, and what counts or fades, told tracks or having learned them. */
import { systemClock } from '../../src/core/clock.ts';
import { fitJourney } from '../../src/models/journey/fit.ts';
import type { SequenceScorer } from '../../src/models/sequences/data.ts';
import { CANDIDATES } from '../../src/models/sequences/candidates.ts';
import { createScorer } from '../../src/models/sequences/scorer.ts';
import { leaveOneOut } from '../../src/models/sequences/split.ts';
import { dataOf, ITEMS, popularityOf, trackOf, TRACKS, type Life, type Told } from './careers.ts';

const HALF_LIVES = [1, 2, 4, 8, 16, 32, 64];
/** Events within which one item leads to another, where that is learned. */
const WITHIN = 10;

/** A page of each life: what is read is its events before `events[row]`, and it is asked for at the time of that event. */
export interface Pages { readonly of: readonly Life[]; readonly events: readonly number[] }
/** Scores of all items for each page, [pages, ITEMS]. */
export type Ranker = (pages: Pages) => Promise<Float32Array>;

const add = (into: Float64Array, place: number, weight: number): void => { into[place] = (into[place] ?? 0) + weight; };

/** Tracks by weight, items of a track by how popular they are. */
const spread = (out: Float32Array, row: number, weigh: { readonly weights: Float64Array; readonly popularity: (item: number) => number }): void => {
  for (let item = 0; item < ITEMS; item++) out[row * ITEMS + item] = ((weigh.weights[trackOf(item)] ?? 0) + 1e-3) * weigh.popularity(item);
};

/** Told the true track of each item. */
const byTracks = (weigh: (tracks: readonly number[], into: Float64Array) => void, popularity = popularityOf): Ranker => async ({ of, events }) => {
  const out = new Float32Array(of.length * ITEMS);
  of.forEach(({ items }, row) => {
    const weights = new Float64Array(TRACKS);
    weigh(items.slice(0, events[row]).map(trackOf), weights);
    spread(out, row, { weights, popularity });
  });
  return Promise.resolve(out);
};
/** Whoever knows the script of a member with two tracks: both evenly where they stand side by side, else the one whose time it is. */
export const knowing: Ranker = async ({ of, events }) => {
  const out = new Float32Array(of.length * ITEMS);
  of.forEach(({ script, own, other, stays }, row) => {
    const weights = new Float64Array(TRACKS);
    const event = events[row] ?? 0;
    const there = stays.some(({ from, end }) => event >= from && event < end);
    if (script === 'dual' || !there) weights[own] = 1;
    if (script === 'dual' || there) weights[other] = 1;
    spread(out, row, { weights, popularity: popularityOf });
  });
  return Promise.resolve(out);
};
const lastOf = (count: number): Ranker => byTracks((tracks, into) => { for (const track of tracks.slice(-count)) add(into, track, 1); });
const fading = (halfLife: number, popularity = popularityOf): Ranker => byTracks((tracks, into) => { tracks.forEach((track, i) => { add(into, track, 2 ** ((i + 1 - tracks.length) / halfLife)); }); }, popularity);

/** How often lives have each item. */
const countsOf = (learned: readonly Life[]): ((item: number) => number) => {
  const counts = new Float64Array(ITEMS).fill(1);
  for (const { items } of learned) for (const item of items) add(counts, item, 1);
  return (item) => counts[item] ?? 0;
};

/** Of all that followed an item within ten events in the lives learned from, the share of each other: [ITEMS, ITEMS]. */
const following = (learned: readonly Life[]): Float64Array => {
  const shares = new Float64Array(ITEMS * ITEMS);
  for (const { items } of learned) items.forEach((item, i) => { for (const next of items.slice(i + 1, i + 1 + WITHIN)) add(shares, item * ITEMS + next, 1); });
  for (let item = 0; item < ITEMS; item++) {
    const row = shares.subarray(item * ITEMS, (item + 1) * ITEMS);
    const sum = Math.max(1, row.reduce((all, each) => all + each, 0));
    row.forEach((each, other) => { row[other] = each / sum; });
  }
  return shares;
};
/** Told nothing: what follows each item of a profile that fades, as the same lives that the journey model reads have it. */
const learnedFading = (halfLife: number, shares: Float64Array): Ranker => async ({ of, events }) => {
  const out = new Float32Array(of.length * ITEMS);
  of.forEach(({ items }, row) => {
    const sums = new Float64Array(ITEMS);
    const end = events[row] ?? 0;
    items.slice(0, end).forEach((item, i) => {
      const weight = 2 ** ((i + 1 - end) / halfLife);
      if (weight > 1e-6) for (let other = 0; other < ITEMS; other++) add(sums, other, weight * (shares[item * ITEMS + other] ?? 0));
    });
    out.set(sums, row * ITEMS);
  });
  return Promise.resolve(out);
};

/** Lives are read up to the event, at the time of the next. */
const reading = (scorer: SequenceScorer, told: Told): Ranker => async ({ of, events }) => {
  const data = dataOf(of, told);
  const { starts, seconds } = data;
  const out = new Float32Array(of.length * ITEMS);
  const ends = Int32Array.from(of, (_, m) => (starts[m] ?? 0) + (events[m] ?? 0));
  await scorer.score(data, { members: Int32Array.from(of.keys()), ends, ...(seconds === undefined ? {} : { seconds: Float64Array.from(ends, (end) => seconds[end] ?? seconds[end - 1] ?? 0) }) }, out);
  return out;
};

interface Past { readonly learned: readonly Life[]; readonly seed: number }

/** Fitted as what serves is: the epoch is chosen on the last tenth, then it goes on through everything. */
const journey = async ({ learned, seed }: Past, told: Told): Promise<Ranker> => {
  const from = process.cpuUsage();
  const fitted = await fitJourney(dataOf(learned, told), { seed, clock: systemClock, onEvent: (event) => { if (event.type === 'epoch') process.stderr.write(`epoch ${event.epoch + 1}: loss ${event.loss.toFixed(3)}\n`); } });
  const { user, system } = process.cpuUsage(from);
  process.stderr.write(`fitted in ${((user + system) / 1e6).toFixed(0)} s of processor time, epoch ${fitted.result.best?.epoch ?? 0} chosen\n`);
  const scorer = createScorer(fitted.model, fitted.arena, fitted.facts);
  await scorer.refresh();
  return reading(scorer, told);
};

/** A model of the recipes' tables, as they fit it: chosen on each life's last event but one. Items are numbers alone. */
const fromRecipes = async (name: string, { learned, seed }: Past): Promise<Ranker> => {
  const told: Told = { surfaces: false, times: true, tracks: false };
  const candidate = CANDIDATES.find((one) => one.name === name);
  if (candidate === undefined) throw new Error(`the recipes have no ${name}`);
  const data = dataOf(learned, told);
  const fitted = await candidate.fit(data, leaveOneOut(data).split, { seed, signal: new AbortController().signal, report: () => undefined });
  process.stderr.write(`${name}: ${fitted.card.chosen} chosen\n`);
  return reading(fitted, told);
};

const RECIPES = ['popularity of the last days', 'recent-items neighbours'];

/** Every ranker by name, fitted when it is opened. */
export const rankersOf = (past: Past): readonly (readonly [string, () => Promise<Ranker>])[] => {
  // As items truly are popular, which no ranker that learns can know better, or as the lives learned from have it.
  const counted = countsOf(past.learned);
  let shares: Float64Array | undefined;
  return [
    ['journey', () => journey(past, { surfaces: true, times: true, tracks: true })],
    ['journey, items as numbers alone', () => journey(past, { surfaces: true, times: true, tracks: false })],
    ['journey, blind to surfaces', () => journey(past, { surfaces: false, times: true, tracks: true })],
    ['journey, blind to surfaces and time', () => journey(past, { surfaces: false, times: false, tracks: true })],
    ['SASRec', () => fromRecipes('sasrec', past)],
    ...RECIPES.map((name) => [name, () => fromRecipes(name, past)] as const),
    ['last item, told', async () => Promise.resolve(lastOf(1))],
    ...[5, 10, 20].map((count) => [`last ${count}, told`, async () => Promise.resolve(lastOf(count))] as const),
    ...HALF_LIVES.map((halfLife) => [`fading, half-life ${halfLife}, told`, async () => Promise.resolve(fading(halfLife))] as const),
    ...HALF_LIVES.map((halfLife) => [`fading, half-life ${halfLife}, told tracks`, async () => Promise.resolve(fading(halfLife, counted))] as const),
    ...HALF_LIVES.map((halfLife) => [`fading, half-life ${halfLife}, learned`, async () => Promise.resolve(learnedFading(halfLife, shares ??= following(past.learned)))] as const),
  ];
};
