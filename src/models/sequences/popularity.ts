/** Popularity: the same list for everybody, over all that is learned from, or over its last days. */
import type { Queries, SequenceData, Split } from './data.ts';
import type { Candidate, FitCard, FittedScorer } from './fit.ts';
import { latelyFactors } from './lately.ts';
import { metricsOf, rank } from './protocol.ts';

const DAY_SECONDS = 86_400;
/** Spans tried; validation chooses. */
const DAYS: readonly number[] = [1, 2, 3, 7, 14, 30, 60, 90, 180, 365];
const CHOICE_MEMBERS = 4_000;

const validationOf = async (scorer: FittedScorer, data: SequenceData, split: Split): Promise<{ readonly 'ndcg@10': number; readonly 'hr@10': number }> => {
  const metrics = metricsOf(await rank(scorer, { data, split }, { stage: 'validation', membersMax: CHOICE_MEMBERS }));
  return { 'ndcg@10': metrics['ndcg@10'], 'hr@10': metrics['hr@10'] };
};

/** How often each item occurs up to `ends`. */
export const countItems = (data: SequenceData, ends: Int32Array): Float32Array => {
  const counts = new Float32Array(data.items);
  for (let m = 0; m < data.members; m++) for (let e = data.starts[m] ?? 0; e < (ends[m] ?? 0); e++) { const item = data.item[e] ?? 0; counts[item] = (counts[item] ?? 0) + 1; }
  return counts;
};

const fixed = (name: string, counts: Float32Array, card: FitCard): FittedScorer => ({
  name, card,
  score: (data, queries, out) => { for (let row = 0; row < queries.members.length; row++) out.set(counts, row * data.items); },
});

/** Most events of all that may be learned from. */
export const popularity: Candidate = {
  name: 'popularity', seeded: false, share: 0,
  fit: async (data, split) => {
    const blank: FitCard = { chosen: 'nothing to choose', validation: {}, parameters: data.items };
    const validation = await validationOf(fixed('popularity', countItems(data, split.trainEnds), blank), data, split);
    return fixed('popularity', countItems(data, split.finalEnds ?? split.trainEnds), { ...blank, validation });
  },
};

/** Events that may be learned from, in time order. */
interface Stream { readonly seconds: Float64Array; readonly items: Int32Array }

const streamOf = (data: SequenceData, seconds: Float64Array, ends: Int32Array): Stream => {
  const events: number[] = [];
  for (let m = 0; m < data.members; m++) for (let e = data.starts[m] ?? 0; e < (ends[m] ?? 0); e++) events.push(e);
  const order = Int32Array.from(events).sort((a, b) => (seconds[a] ?? 0) - (seconds[b] ?? 0) || a - b);
  return { seconds: Float64Array.from(order, (e) => seconds[e] ?? 0), items: order.map((e) => data.item[e] ?? 0) };
};

interface Recent { readonly stream: Stream; readonly days: number; readonly cutoff: number }

/** Slides the window over the rows in order of time, so a block costs one pass over the stream. What was popular before breaks ties. */
const scoreRecent = ({ stream, days, cutoff }: Recent, queries: Queries, into: { readonly items: number; readonly out: Float32Array }): void => {
  const asOf = Float64Array.from(queries.members, (_, row) => Math.min(queries.seconds?.[row] ?? cutoff, cutoff));
  const rows = Int32Array.from(asOf.keys()).sort((a, b) => (asOf[a] ?? 0) - (asOf[b] ?? 0));
  const counts = new Float32Array(into.items);
  const all = new Float32Array(into.items);
  let added = 0;
  let dropped = 0;
  for (const row of rows) {
    const until = asOf[row] ?? cutoff;
    for (; added < stream.items.length && (stream.seconds[added] ?? 0) < until; added++) { const item = stream.items[added] ?? 0; counts[item] = (counts[item] ?? 0) + 1; all[item] = (all[item] ?? 0) + 1; }
    for (; dropped < added && (stream.seconds[dropped] ?? 0) < until - days * DAY_SECONDS; dropped++) { const item = stream.items[dropped] ?? 0; counts[item] = (counts[item] ?? 0) - 1; }
    for (let item = 0; item < into.items; item++) into.out[row * into.items + item] = (counts[item] ?? 0) + (all[item] ?? 0) / (added + 1);
  }
};

const recentScorer = (recent: Recent, card: FitCard): FittedScorer => ({
  name: 'popularity of the last days', card,
  score: (data, queries, out) => { scoreRecent(recent, queries, { items: data.items, out }); },
});

/**
 * Most events in the last days before the page is asked for, or before the cut-off of a split by time; validation chooses how many days.
 * Only for files with times.
 */
export const recentPopularity: Candidate = {
  name: 'popularity of the last days', seeded: false, share: 0,
  fits: (data) => data.seconds !== undefined,
  fit: async (data, split) => {
    const seconds = data.seconds ?? new Float64Array(data.item.length);
    const stream = streamOf(data, seconds, split.trainEnds);
    const cutoff = split.cutoffs?.validation ?? Number.POSITIVE_INFINITY;
    let best: { readonly days: number; readonly validation: Readonly<Record<string, number>>; readonly ndcg: number } | undefined;
    for (const days of DAYS) {
      const validation = await validationOf(recentScorer({ stream, days, cutoff }, { chosen: '', validation: {}, parameters: 0 }), data, split);
      if (best === undefined || validation['ndcg@10'] > best.ndcg) best = { days, validation, ndcg: validation['ndcg@10'] };
    }
    const days = best?.days ?? 7;
    const card: FitCard = { chosen: days === 1 ? '1 day' : `${days} days`, validation: best?.validation ?? {}, parameters: data.items, usesTime: split.cutoffs === undefined };
    const final = streamOf(data, seconds, split.finalEnds ?? split.trainEnds);
    return recentScorer({ stream: final, days, cutoff: split.cutoffs?.test ?? Number.POSITIVE_INFINITY }, card);
  },
};

/** Half-lives tried, in days; validation chooses. */
const HALF_LIVES: readonly number[] = [0.25, 0.5, 1, 2, 4, 7, 14, 30, 60, 120];

/** Events of all that may be learned from, each counting for less the older it is: what is touched lately, without a border. Only for a split by time. */
export const fadingPopularity: Candidate = {
  name: 'fading popularity', seeded: false, share: 0,
  fits: (data, { cutoffs }) => data.seconds !== undefined && cutoffs !== undefined,
  fit: async (data, split) => {
    const counted = (halfLifeDays: number, { ends, cutoff }: { readonly ends: Int32Array; readonly cutoff: number }): Float32Array =>
      Float32Array.from(latelyFactors(data, { ends, cutoff }, { halfLifeDays, weight: 1, against: 0 }));
    const card: FitCard = { chosen: '', validation: {}, parameters: data.items };
    let best: { readonly halfLifeDays: number; readonly validation: Readonly<Record<string, number>>; readonly ndcg: number } | undefined;
    for (const halfLifeDays of HALF_LIVES) {
      const counts = counted(halfLifeDays, { ends: split.trainEnds, cutoff: split.cutoffs?.validation ?? 0 });
      const validation = await validationOf(fixed('fading popularity', counts, card), data, split);
      if (best === undefined || validation['ndcg@10'] > best.ndcg) best = { halfLifeDays, validation, ndcg: validation['ndcg@10'] };
    }
    const halfLifeDays = best?.halfLifeDays ?? 7;
    const counts = counted(halfLifeDays, { ends: split.finalEnds ?? split.trainEnds, cutoff: split.cutoffs?.test ?? 0 });
    return fixed('fading popularity', counts, { ...card, chosen: `half-life ${halfLifeDays} ${halfLifeDays === 1 ? 'day' : 'days'}`, validation: best?.validation ?? {} });
  },
};
