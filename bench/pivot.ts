// Does the journey model tell a change of career from a passing fancy? Members with known tracks, against rankers that count or fade.
import { systemClock } from '../src/core/clock.ts';
import { seededRandom } from '../src/core/random.ts';
import { auc, clusterBootstrap, mean, quantile } from '../src/models/metrics.ts';
import { fitJourney } from '../src/models/journey/fit.ts';
import type { SequenceScorer } from '../src/models/sequences/data.ts';
import { CANDIDATES } from '../src/models/sequences/candidates.ts';
import { createScorer } from '../src/models/sequences/scorer.ts';
import { leaveOneOut } from '../src/models/sequences/split.ts';
import { createLife, dataOf, ITEMS, popularityOf, trackOf, TRACKS, TURN, type Life, type Script, type Told } from './lib/careers.ts';
import { machine } from './lib/machine.ts';

const [members = '1800', tested = '300', seed = '1', only = ''] = process.argv.slice(2);
const TOP = 20;
const BEFORE = 40;
const AFTER = 20;
const HALF_LIVES = [1, 2, 4, 8, 16, 32, 64];
/** Events within which one item leads to another, where that is learned. */
const WITHIN = 10;
const random = seededRandom(Number(seed));
const lives = (script: Script, count: number, stream: string): Life[] => {
  const chance = random.fork(stream);
  return Array.from({ length: count }, () => createLife(chance, { script, before: stream === 'learned' ? 15 + Math.floor(chance.next() * 40) : BEFORE, after: AFTER }));
};

const learned = [...lives('stable', Math.round(Number(members) * 0.6), 'learned'), ...lives('blip', Math.round(Number(members) * 0.2), 'learned'), ...lives('pivot', Math.round(Number(members) * 0.2), 'learned')];
const asked: Readonly<Record<Script, readonly Life[]>> = { stable: lives('stable', Number(tested), 'stable'), blip: lives('blip', Number(tested), 'blip'), pivot: lives('pivot', Number(tested), 'pivot') };

/** Scores of all items for each life read up to `events` of it. */
type Ranker = (of: readonly Life[], events: number) => Promise<Float32Array>;

const add = (into: Float64Array, place: number, weight: number): void => { into[place] = (into[place] ?? 0) + weight; };

/** How popular an item is: as it truly is, which no ranker that learns can know better, or as the lives learned from have it. */
const counts = new Float64Array(ITEMS).fill(1);
for (const { items } of learned) for (const item of items) add(counts, item, 1);
const counted = (item: number): number => counts[item] ?? 0;

/** Told the true track of each item. */
const byTracks = (weigh: (tracks: readonly number[], into: Float64Array) => void, popularity = popularityOf): Ranker => async (of, events) => {
  const out = new Float32Array(of.length * ITEMS);
  of.forEach(({ items }, row) => {
    const weights = new Float64Array(TRACKS);
    weigh(items.slice(0, events).map(trackOf), weights);
    for (let item = 0; item < ITEMS; item++) out[row * ITEMS + item] = ((weights[trackOf(item)] ?? 0) + 1e-3) * popularity(item);
  });
  return Promise.resolve(out);
};
const lastOf = (count: number): Ranker => byTracks((tracks, into) => { for (const track of tracks.slice(-count)) add(into, track, 1); });
const fading = (halfLife: number, popularity = popularityOf): Ranker => byTracks((tracks, into) => { tracks.forEach((track, i) => { add(into, track, 2 ** ((i + 1 - tracks.length) / halfLife)); }); }, popularity);

/** Of all that followed an item within ten events in the lives learned from, the share of each other: [ITEMS, ITEMS]. */
const following = (): Float64Array => {
  const shares = new Float64Array(ITEMS * ITEMS);
  for (const { items } of learned) items.forEach((item, i) => { for (const next of items.slice(i + 1, i + 1 + WITHIN)) add(shares, item * ITEMS + next, 1); });
  for (let item = 0; item < ITEMS; item++) {
    const row = shares.subarray(item * ITEMS, (item + 1) * ITEMS);
    const sum = Math.max(1, row.reduce((all, each) => all + each, 0));
    row.forEach((each, other) => { row[other] = each / sum; });
  }
  return shares;
};
let followed: Float64Array | undefined;
/** Told nothing: what follows each item of a profile that fades, as the same lives that the journey model reads have it. */
const learnedFading = (halfLife: number): Ranker => async (of, events) => {
  const shares = followed ??= following();
  const out = new Float32Array(of.length * ITEMS);
  of.forEach(({ items }, row) => {
    const sums = new Float64Array(ITEMS);
    items.slice(0, events).forEach((item, i) => {
      const weight = 2 ** ((i + 1 - events) / halfLife);
      if (weight > 1e-6) for (let other = 0; other < ITEMS; other++) add(sums, other, weight * (shares[item * ITEMS + other] ?? 0));
    });
    out.set(sums, row * ITEMS);
  });
  return Promise.resolve(out);
};

/** Lives are read up to the event, at the time of the next. */
const reading = (scorer: SequenceScorer, told: Told): Ranker => async (of, events) => {
  const data = dataOf(of, told);
  const { starts, seconds } = data;
  const out = new Float32Array(of.length * ITEMS);
  const ends = Int32Array.from(of, (_, m) => (starts[m] ?? 0) + events);
  await scorer.score(data, { members: Int32Array.from(of.keys()), ends, ...(seconds === undefined ? {} : { seconds: Float64Array.from(ends, (end) => seconds[end] ?? seconds[end - 1] ?? 0) }) }, out);
  return out;
};

/** Fitted as what serves is: the epoch is chosen on the last tenth, then it goes on through everything. */
const journey = async (told: Told): Promise<Ranker> => {
  const from = process.cpuUsage();
  const fitted = await fitJourney(dataOf(learned, told), { seed: Number(seed), clock: systemClock, onEvent: (event) => { if (event.type === 'epoch') process.stderr.write(`epoch ${event.epoch + 1}: loss ${event.loss.toFixed(3)}\n`); } });
  const { user, system } = process.cpuUsage(from);
  process.stderr.write(`fitted in ${((user + system) / 1e6).toFixed(0)} s of processor time, epoch ${fitted.result.best?.epoch ?? 0} chosen\n`);
  const scorer = createScorer(fitted.model, fitted.arena, fitted.facts);
  await scorer.refresh();
  return reading(scorer, told);
};

/** A model of the recipes' tables, as they fit it: chosen on each life's last event but one. Items are numbers alone. */
const fromRecipes = async (name: string): Promise<Ranker> => {
  const told: Told = { surfaces: false, times: true, tracks: false };
  const candidate = CANDIDATES.find((one) => one.name === name);
  if (candidate === undefined) throw new Error(`the recipes have no ${name}`);
  const data = dataOf(learned, told);
  const fitted = await candidate.fit(data, leaveOneOut(data).split, { seed: Number(seed), signal: new AbortController().signal, report: () => undefined });
  process.stderr.write(`${name}: ${fitted.card.chosen} chosen\n`);
  return reading(fitted, told);
};

/** What was just met does not come next, and stands on no page. */
const ranked = async (ranker: Ranker, of: readonly Life[], events: number): Promise<Float32Array> => {
  const scores = await ranker(of, events);
  of.forEach(({ items }, row) => { scores[row * ITEMS + (items[events - 1] ?? 0)] = Number.NEGATIVE_INFINITY; });
  return scores;
};

/** Share of the other track among the top 20 of each life. */
const shares = async (ranker: Ranker, of: readonly Life[], events: number): Promise<Float64Array> => {
  const scores = await ranked(ranker, of, events);
  return Float64Array.from(of, ({ other }, row) => {
    const order = Array.from({ length: ITEMS }, (_, item) => item).sort((a, b) => (scores[row * ITEMS + b] ?? 0) - (scores[row * ITEMS + a] ?? 0));
    return order.slice(0, TOP).filter((item) => trackOf(item) === other).length / TOP;
  });
};

/** NDCG@10 of the next item of stable members. */
const stableNdcg = async (ranker: Ranker): Promise<Float64Array> => {
  const sums = new Float64Array(asked.stable.length);
  for (let events = BEFORE; events < BEFORE + 10; events++) {
    const scores = await ranked(ranker, asked.stable, events);
    asked.stable.forEach(({ items }, row) => {
      const own = scores[row * ITEMS + (items[events] ?? 0)] ?? 0;
      let above = 0;
      for (let item = 0; item < ITEMS; item++) if ((scores[row * ITEMS + item] ?? 0) > own) above++;
      sums[row] = (sums[row] ?? 0) + (above < 10 ? 1 / Math.log2(above + 2) : 0) / 10;
    });
  }
  return sums;
};

/** Shares of the other track by event from BEFORE on, [events][lives]. */
interface Seen { readonly pivots: readonly Float64Array[]; readonly blips: readonly Float64Array[]; readonly base: Float64Array }
interface Figures { readonly lag: number; readonly overshoot: number; readonly halfLife: number; readonly discrimination: number; readonly elasticity: number }

/** The figures of the lives that are picked, with repetition or without. */
const figuresOf = ({ pivots, blips, base }: Seen, pick: readonly number[]): Figures => {
  const of = (values: Float64Array | undefined): number => mean(pick.map((life) => values?.[life] ?? 0));
  const none = of(base);
  const rises = blips.map((values) => of(values) - none);
  // Who knew the script would fill the page with the new track: half of that is the mark.
  const lag = pivots.findIndex((values) => of(values) >= 0.5);
  const after = rises.slice(TURN);
  const overshoot = Math.max(...after);
  const peak = after.indexOf(overshoot);
  const halved = after.findIndex((share, i) => i >= peak && share <= overshoot / 2);
  const [turned, strayed] = [pick.map((life) => (pivots[TURN]?.[life] ?? 0) - (pivots[0]?.[life] ?? 0)), pick.map((life) => (blips[TURN]?.[life] ?? 0) - (base[life] ?? 0))];
  return {
    lag: lag < 0 ? Number.POSITIVE_INFINITY : lag, overshoot, halfLife: halved < 0 ? Number.POSITIVE_INFINITY : halved - peak,
    discrimination: auc([...turned, ...strayed], [...turned.map(() => 1), ...strayed.map(() => 0)]), elasticity: rises[1] ?? 0,
  };
};

interface Measured { readonly name: string; readonly whole: Figures; readonly resampled: readonly Figures[]; readonly stable: Float64Array }
const RESAMPLES = 400;

const measure = async (name: string, ranker: Ranker): Promise<Measured> => {
  const seen = { pivots: [] as Float64Array[], blips: [] as Float64Array[], base: await shares(ranker, asked.blip, BEFORE) };
  for (let events = BEFORE; events <= BEFORE + TURN + AFTER - 1; events++) {
    seen.pivots.push(await shares(ranker, asked.pivot, events));
    seen.blips.push(await shares(ranker, asked.blip, events));
  }
  const chance = random.fork(`resampled ${name}`);
  const everyone = Array.from({ length: Number(tested) }, (_, life) => life);
  return { name, whole: figuresOf(seen, everyone), resampled: Array.from({ length: RESAMPLES }, () => figuresOf(seen, everyone.map(() => Math.floor(chance.next() * everyone.length)))), stable: await stableNdcg(ranker) };
};

const events = (value: number): string => (Number.isFinite(value) ? String(Math.round(value)) : 'never');
const interval = ({ whole, resampled }: Measured, figure: keyof Figures, text: (value: number) => string): string => {
  const sorted = resampled.map((one) => one[figure]).sort((a, b) => a - b);
  // Events are whole, or never come: of those there is nothing between.
  const at = (share: number): number => (text === events ? sorted[Math.round(share * (sorted.length - 1))] ?? 0 : quantile(sorted, share));
  return `${text(whole[figure])} [${text(at(0.025))}, ${text(at(0.975))}]`;
};
const share = (value: number): string => value.toFixed(3);

process.stdout.write(`${machine()}\n${learned.length} members learned from (60 % stable, 20 % blip, 20 % pivot), ${tested} of each script asked, ${ITEMS} items of ${TRACKS} tracks, seed ${seed}\n\n`);
process.stdout.write('| ranker | pivot lag | blip overshoot | recovery | pivot against blip, AUC | one event | stable NDCG@10 | journey minus it |\n|---|---|---|---|---|---|---|---|\n');
const rankers: readonly (readonly [string, () => Promise<Ranker>])[] = [
  ['journey', () => journey({ surfaces: true, times: true, tracks: true })],
  ['journey, items as numbers alone', () => journey({ surfaces: true, times: true, tracks: false })],
  ['journey, blind to surfaces', () => journey({ surfaces: false, times: true, tracks: true })],
  ['journey, blind to surfaces and time', () => journey({ surfaces: false, times: false, tracks: true })],
  ['SASRec', () => fromRecipes('sasrec')],
  ['popularity of the last days', () => fromRecipes('popularity of the last days')],
  ['recent-items neighbours', () => fromRecipes('recent-items neighbours')],
  ['last item, told', async () => Promise.resolve(lastOf(1))],
  ...[5, 10, 20].map((count) => [`last ${count}, told`, async () => Promise.resolve(lastOf(count))] as const),
  ...HALF_LIVES.map((halfLife) => [`fading, half-life ${halfLife}, told`, async () => Promise.resolve(fading(halfLife))] as const),
  ...HALF_LIVES.map((halfLife) => [`fading, half-life ${halfLife}, told tracks`, async () => Promise.resolve(fading(halfLife, counted))] as const),
  ...HALF_LIVES.map((halfLife) => [`fading, half-life ${halfLife}, learned`, async () => Promise.resolve(learnedFading(halfLife))] as const),
];
const all: Measured[] = [];
for (const [name, open] of rankers.filter(([name]) => only === '' || only.split(';').includes(name))) {
  const own = await measure(name, await open());
  all.push(own);
  const first = all[0] ?? own;
  const { mean: less, low, high } = clusterBootstrap(own.stable.map((value, i) => (first.stable[i] ?? 0) - value), own.stable.map((_, i) => i), { random: random.fork(name) });
  process.stdout.write(`| ${name} | ${interval(own, 'lag', events)} | ${interval(own, 'overshoot', share)} | ${interval(own, 'halfLife', events)} | ${interval(own, 'discrimination', share)} | ${interval(own, 'elasticity', share)} | ${mean([...own.stable]).toFixed(4)} | ${own === first ? '' : `${less.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`} |\n`);
}
