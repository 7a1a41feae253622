/**
 * What was touched lately, mixed into a model of tastes: probability^trust · (touches lately)^weight / (touches ever)^against. A model learns from a
 * whole history, in which each item's share of all touches stands for its appeal at any time; where items come and go, what is asked for now
 * differs from that (label shift: Saerens, Latinne, Decaestecker 2002). Where it says little about who is asked, as of members of whom it has learned
 * nothing, it is trusted less (a logarithmic pool of opinions: Genest, Zidek 1986). Only for a split by time: all who are asked then share one clock.
 */
import type { SequenceData, SequenceScorer } from './data.ts';

export interface LatelySettings { readonly halfLifeDays: number; readonly weight: number; readonly against: number }
/** What validation chooses from; a weight of 0 is the model alone. */
export const LATELY: readonly LatelySettings[] = [
  { halfLifeDays: 1, weight: 0, against: 0 },
  ...[0.5, 2, 7, 14, 30].flatMap((halfLifeDays) => [0.25, 0.5, 1, 2].flatMap((weight) => [0, 0.5].map((share) => ({ halfLifeDays, weight, against: share * weight })))),
];
/** And how far a model is trusted. */
export const TRUSTS: readonly number[] = [1, 0.5, 0.25, 0.1];

const DAY_SECONDS = 86_400;
/** An item that nobody touched lately counts as this many touches, and one that nobody touched at all as one. */
const LATELY_LEAST = 0.02;
const EVER_LEAST = 1;

/** @param ends events that may be counted, by member. @param cutoff seconds as of which touches fade. @returns a factor for each item */
export const latelyFactors = (data: SequenceData, { ends, cutoff }: { readonly ends: Int32Array; readonly cutoff: number }, { halfLifeDays, weight, against }: LatelySettings): Float64Array => {
  const lately = new Float64Array(data.items).fill(LATELY_LEAST);
  const ever = new Float64Array(data.items).fill(EVER_LEAST);
  for (let m = 0; m < data.members; m++) {
    for (let e = data.starts[m] ?? 0; e < (ends[m] ?? 0); e++) {
      const item = data.item[e] ?? 0;
      lately[item] = (lately[item] ?? 0) + 2 ** (((data.seconds?.[e] ?? cutoff) - cutoff) / (halfLifeDays * DAY_SECONDS));
      ever[item] = (ever[item] ?? 0) + 1;
    }
  }
  return lately.map((count, item) => count ** weight / (ever[item] ?? 1) ** against);
};

/** @param model scores are probabilities: 0 and more */
export const trusted = (model: SequenceScorer, trust: number): SequenceScorer => (trust === 1 ? model : {
  name: model.name,
  score: async (data, queries, out) => {
    await model.score(data, queries, out);
    for (let at = 0; at < out.length; at++) out[at] = (out[at] ?? 0) ** trust;
  },
});

/** @param model scores are probabilities, or anything else that may be multiplied: 0 and more */
export const lately = (name: string, model: SequenceScorer, factors: Float64Array): SequenceScorer => ({
  name,
  score: async (data, queries, out) => {
    await model.score(data, queries, out);
    for (let at = 0; at < out.length; at += data.items) for (let item = 0; item < data.items; item++) out[at + item] = (out[at + item] ?? 0) * (factors[item] ?? 1);
  },
});

/** The scores of a model as it gave them the first time it was asked for these members: for choices that ask about the same ones again and again. */
export const remembering = (model: SequenceScorer): SequenceScorer => {
  const rows = new Map<number, Float32Array>();
  return {
    name: model.name,
    score: async (data, queries, out) => {
      if (queries.members.some((member) => !rows.has(member))) {
        await model.score(data, queries, out);
        queries.members.forEach((member, row) => { rows.set(member, out.slice(row * data.items, (row + 1) * data.items)); });
        return;
      }
      queries.members.forEach((member, row) => { out.set(rows.get(member) ?? [], row * data.items); });
    },
  };
};
