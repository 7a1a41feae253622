/** The order of cohorts: as the rules list them, as a model learned it, or by chance, to compare with. */
import { COHORT_FEATURES } from './features.ts';
import type { DiscoveryWork } from './work.ts';

/** Of a card that stands on a shelf: log-odds that its viewer acts on it, linear in the features, with what each cohort adds. */
export interface RelevanceModel {
  readonly version: string;
  readonly bias: number;
  /** [COHORT_FEATURES] */
  readonly weights: Float32Array;
  /** By name; cohorts that it never saw add nothing. */
  readonly cohorts: Readonly<Record<string, number>>;
}

const relevance = (work: DiscoveryWork, number: number, { bias, weights, cohorts }: RelevanceModel): number => {
  let sum = bias + (cohorts[work.cohorts[number]?.name ?? ''] ?? 0);
  for (let f = 0; f < COHORT_FEATURES; f++) sum += (weights[f] ?? 0) * (work.features[number * COHORT_FEATURES + f] ?? 0);
  return 1 / (1 + Math.exp(-sum));
};

/** @param model absent: rules stand in for relevance, and the page says so */
export const scoreCohorts = (work: DiscoveryWork, model: RelevanceModel | undefined): void => {
  const { rules, ruled, value } = work;
  const learned = rules.order === 'relevance' ? model : undefined;
  const random = work.context.random.fork('cohorts');
  work.model = learned?.version ?? (rules.order === 'random' ? 'random' : 'rules');
  work.cohorts.forEach((_, number) => {
    const place = ruled[number]?.place ?? 0;
    value[number] = learned !== undefined ? relevance(work, number, learned) : rules.order === 'random' ? random.next() : -place;
  });
};
