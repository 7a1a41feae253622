/** The order of cohorts: as the rules list them, as a model learned it, or by chance, to compare with. */
import { z } from 'zod';
import { openDocument } from '../memory/document.ts';
import type { Space } from '../memory/space.ts';
import { sigmoid } from '../models/logistic.ts';
import { COHORT_FEATURES, COHORT_FEATURE_SET } from './features.ts';
import type { DiscoveryWork } from './work.ts';

/** Two rows at the widest: more of them stand by. */
const CARDS_IN_VIEW = 8;

/** As it is stored: of a card that stands in a cohort, the log-odds that its viewer acts on it, linear in the features, with what each cohort adds. */
export const relevanceSchema = z.object({
  format: z.literal(1),
  version: z.string().min(1).max(64),
  featureSet: z.number(),
  bias: z.number(),
  /** One for each of COHORT_FEATURE_NAMES. */
  weights: z.array(z.number()),
  /** By name; cohorts that it never saw add nothing. */
  cohorts: z.record(z.string(), z.number()),
});
export type RelevanceModel = Readonly<z.infer<typeof relevanceSchema>>;

/** Whether it can be served: it was learned from the features that this version computes. */
export const isServable = ({ featureSet, weights }: RelevanceModel): boolean => featureSet === COHORT_FEATURE_SET && weights.length === COHORT_FEATURES;

/** The models there are, in shared memory: one write swaps them for every worker. */
export interface RelevanceSlot {
  /** The one that serves. */
  current(): RelevanceModel | undefined;
  /** The one of this version, whether it serves or an experiment names it. */
  by(version: string): RelevanceModel | undefined;
  /** From now on this one serves. Writer only. */
  publish(model: RelevanceModel): void;
  /** These stand beside it, and no others. Writer only. */
  keep(others: readonly RelevanceModel[]): void;
}

/** Where nothing was learned. */
export const NO_RELEVANCE: Pick<RelevanceSlot, 'current' | 'by'> = { current: () => undefined, by: () => undefined };

interface Learned { readonly serving?: RelevanceModel; readonly others: readonly RelevanceModel[] }
const NOTHING: Learned = { others: [] };

export const openRelevance = (space: Space): RelevanceSlot => {
  const document = openDocument<Learned>(space, 'relevance');
  const learned = (): Learned => document.read() ?? NOTHING;
  return {
    current: () => learned().serving,
    by: (version) => { const { serving, others } = learned(); return serving?.version === version ? serving : others.find((model) => model.version === version); },
    publish: (serving) => { document.write({ ...learned(), serving }); },
    keep: (others) => { document.write({ ...learned(), others }); },
  };
};

/** The log-odds of a card. @param row of features, from `at` on */
export const relevanceOf = ({ bias, weights, cohorts }: RelevanceModel, cohort: string, { row, at }: { readonly row: Float32Array; readonly at: number }): number => {
  let sum = bias + (cohorts[cohort] ?? 0);
  for (let f = 0; f < COHORT_FEATURES; f++) sum += (weights[f] ?? 0) * (row[at + f] ?? 0);
  return sum;
};

/** What a cohort is expected to bring where it stands: its cards on the page times the probability that one of them is acted on. */
const worthOf = (work: DiscoveryWork, number: number, model: RelevanceModel): number => {
  const { from, to, features, ruled, rules, cohorts } = work;
  const cards = Math.min((to[number] ?? 0) - (from[number] ?? 0), ruled[number]?.items ?? rules.items, CARDS_IN_VIEW);
  return cards * sigmoid(relevanceOf(model, cohorts[number]?.name ?? '', { row: features, at: number * COHORT_FEATURES }));
};

/** @param relevance without a model rules stand in for relevance, and the page says so */
export const scoreCohorts = (work: DiscoveryWork, relevance: Pick<RelevanceSlot, 'current' | 'by'>): void => {
  const { rules, ruled, value } = work;
  const learned = rules.order !== 'relevance' ? undefined : rules.model === undefined ? relevance.current() : relevance.by(rules.model);
  const random = work.context.random.fork('cohorts');
  work.model = learned?.version ?? (rules.order === 'random' ? 'random' : 'rules');
  const valueOf = (number: number): number => {
    if (learned !== undefined) return worthOf(work, number, learned);
    return rules.order === 'random' ? random.next() : -(ruled[number]?.place ?? 0);
  };
  work.cohorts.forEach((_, number) => { value[number] = valueOf(number); });
};
