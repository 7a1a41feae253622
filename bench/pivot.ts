// Does the journey model tell a change of career from a passing fancy? Members with known tracks, against rankers that count or fade.
import { systemClock } from '../src/core/clock.ts';
import { seededRandom } from '../src/core/random.ts';
import { auc, clusterBootstrap } from '../src/models/metrics.ts';
import { fitJourney } from '../src/models/journey/fit.ts';
import type { SequenceData } from '../src/models/sequences/data.ts';
import { createScorer } from '../src/models/sequences/scorer.ts';
import { createLife, dataOf, ITEMS, popularityOf, trackOf, TRACKS, TURN, type Life, type Script, type Told } from './lib/careers.ts';
import { machine } from './lib/machine.ts';

const [members = '900', epochs = '12', tested = '150', seed = '1'] = process.argv.slice(2);
const TOP = 20;
const BEFORE = 40;
const AFTER = 20;
const random = seededRandom(Number(seed));
const lives = (script: Script, count: number, stream: string): Life[] => {
  const chance = random.fork(stream);
  return Array.from({ length: count }, () => createLife(chance, { script, before: stream === 'learned' ? 15 + Math.floor(chance.next() * 40) : BEFORE, after: AFTER }));
};

const learned = [...lives('stable', Math.round(Number(members) * 0.6), 'learned'), ...lives('blip', Math.round(Number(members) * 0.2), 'learned'), ...lives('pivot', Math.round(Number(members) * 0.2), 'learned')];
const asked: Readonly<Record<Script, readonly Life[]>> = { stable: lives('stable', Number(tested), 'stable'), blip: lives('blip', Number(tested), 'blip'), pivot: lives('pivot', Number(tested), 'pivot') };

/** Scores of all items for each life read up to `events` of it. */
type Ranker = (of: readonly Life[], events: number) => Promise<Float32Array>;

const byTracks = (weigh: (tracks: readonly number[], into: Float64Array) => void): Ranker => async (of, events) => {
  const out = new Float32Array(of.length * ITEMS);
  of.forEach(({ items }, row) => {
    const weights = new Float64Array(TRACKS);
    weigh(items.slice(0, events).map(trackOf), weights);
    for (let item = 0; item < ITEMS; item++) out[row * ITEMS + item] = ((weights[trackOf(item)] ?? 0) + 1e-3) * popularityOf(item);
  });
  return Promise.resolve(out);
};
const add = (into: Float64Array, track: number, weight: number): void => { into[track] = (into[track] ?? 0) + weight; };
const lastOf = (count: number): Ranker => byTracks((tracks, into) => { for (const track of tracks.slice(-count)) add(into, track, 1); });
const fading = (halfLife: number): Ranker => byTracks((tracks, into) => { tracks.forEach((track, i) => { add(into, track, 2 ** ((i + 1 - tracks.length) / halfLife)); }); });

const journey = async (told: Told): Promise<Ranker> => {
  const fitted = await fitJourney(dataOf(learned, told), { seed: Number(seed), clock: systemClock, epochs: Number(epochs), onEvent: (event) => { if (event.type === 'epoch') process.stderr.write(`epoch ${event.epoch + 1} of ${epochs}: loss ${event.loss.toFixed(3)}\n`); } });
  const scorer = createScorer(fitted.model, fitted.arena, fitted.facts);
  await scorer.refresh();
  return async (of, events) => {
    const data: SequenceData = dataOf(of, told);
    const out = new Float32Array(of.length * ITEMS);
    const ends = Int32Array.from(of, (_, m) => (data.starts[m] ?? 0) + events);
    await scorer.score(data, { members: Int32Array.from(of.keys()), ends, ...(data.seconds === undefined ? {} : { seconds: Float64Array.from(ends, (end) => data.seconds?.[end] ?? data.seconds?.[end - 1] ?? 0) }) }, out);
    return out;
  };
};

/** Share of the other track among the top 20 of each life. */
const shares = async (ranker: Ranker, of: readonly Life[], events: number): Promise<Float64Array> => {
  const scores = await ranker(of, events);
  return Float64Array.from(of, ({ other }, row) => {
    const order = Array.from({ length: ITEMS }, (_, item) => item).sort((a, b) => (scores[row * ITEMS + b] ?? 0) - (scores[row * ITEMS + a] ?? 0));
    return order.slice(0, TOP).filter((item) => trackOf(item) === other).length / TOP;
  });
};
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** NDCG@10 of the next item of stable members. */
const stableNdcg = async (ranker: Ranker): Promise<Float64Array> => {
  const sums = new Float64Array(asked.stable.length);
  for (let events = BEFORE; events < BEFORE + 10; events++) {
    const scores = await ranker(asked.stable, events);
    asked.stable.forEach(({ items }, row) => {
      const own = scores[row * ITEMS + (items[events] ?? 0)] ?? 0;
      let above = 0;
      for (let item = 0; item < ITEMS; item++) if ((scores[row * ITEMS + item] ?? 0) > own) above++;
      sums[row] = (sums[row] ?? 0) + (above < 10 ? 1 / Math.log2(above + 2) : 0) / 10;
    });
  }
  return sums;
};

interface Figures { readonly name: string; readonly lag: number; readonly overshoot: number; readonly halfLife: number; readonly discrimination: number; readonly elasticity: number; readonly stable: Float64Array }

const measure = async (name: string, ranker: Ranker): Promise<Figures> => {
  const base = await shares(ranker, asked.blip, BEFORE);
  const pivots: number[] = [];
  const blips: number[] = [];
  for (let events = BEFORE; events <= BEFORE + TURN + AFTER - 1; events++) {
    pivots.push(mean(await shares(ranker, asked.pivot, events)));
    blips.push(mean(await shares(ranker, asked.blip, events)) - mean(base));
  }
  // Who knew the script would fill the page with the new track: half of that is the mark.
  const lag = pivots.findIndex((share) => share >= 0.5);
  const after = blips.slice(TURN);
  const overshoot = Math.max(...after);
  const peak = after.indexOf(overshoot);
  const halved = after.findIndex((share, i) => i >= peak && share <= overshoot / 2);
  const [ofPivots, ofBlips] = [await shares(ranker, asked.pivot, BEFORE + TURN), await shares(ranker, asked.blip, BEFORE + TURN)];
  const [onPivots] = [await shares(ranker, asked.pivot, BEFORE)];
  const shifts = [...ofPivots.map((share, i) => share - (onPivots[i] ?? 0)), ...ofBlips.map((share, i) => share - (base[i] ?? 0))];
  return {
    name, lag: lag < 0 ? Number.POSITIVE_INFINITY : lag, overshoot, halfLife: halved < 0 ? Number.POSITIVE_INFINITY : halved - peak,
    discrimination: auc(shifts, [...ofPivots.map(() => 1), ...ofBlips.map(() => 0)]),
    elasticity: mean(await shares(ranker, asked.blip, BEFORE + 1)) - mean(base), stable: await stableNdcg(ranker),
  };
};

process.stdout.write(`${machine()}\n${learned.length} members learned from (60 % stable, 20 % blip, 20 % pivot), ${tested} of each script asked, ${ITEMS} items of ${TRACKS} tracks, ${epochs} epochs, seed ${seed}\n\n`);
process.stdout.write('| ranker | pivot lag | blip overshoot | recovery | pivot against blip, AUC | one event | stable NDCG@10 | journey minus it |\n|---|---|---|---|---|---|---|---|\n');
const rankers: readonly (readonly [string, () => Promise<Ranker>])[] = [
  ['journey', () => journey({ surfaces: true, times: true })],
  ['journey, blind to surfaces', () => journey({ surfaces: false, times: true })],
  ['journey, blind to surfaces and time', () => journey({ surfaces: false, times: false })],
  ['last item', async () => Promise.resolve(lastOf(1))],
  ...[5, 10, 20].map((count) => [`last ${count}`, async () => Promise.resolve(lastOf(count))] as const),
  ...[1, 2, 4, 8, 16, 32, 64].map((halfLife) => [`fading, half-life ${halfLife}`, async () => Promise.resolve(fading(halfLife))] as const),
];
let ours: Figures | undefined;
for (const [name, open] of rankers) {
  const figures = await measure(name, await open());
  ours ??= figures;
  const { low, high } = clusterBootstrap(figures.stable.map((value, i) => (ours?.stable[i] ?? 0) - value), figures.stable.map((_, i) => i), { random: random.fork(name) });
  const events = (value: number): string => (Number.isFinite(value) ? String(value) : 'never');
  process.stdout.write(`| ${name} | ${events(figures.lag)} | ${figures.overshoot.toFixed(3)} | ${events(figures.halfLife)} | ${figures.discrimination.toFixed(3)} | ${figures.elasticity.toFixed(3)} | ${mean(figures.stable).toFixed(4)} | ${figures === ours ? '' : `[${low.toFixed(4)}, ${high.toFixed(4)}]`} |\n`);
}
