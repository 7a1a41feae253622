/** People you may know, measured on any graph: hides ties, learns, looks for them with every method, and compares. */
import type { Random } from '../../core/random.ts';
import { clusterBootstrap, type Interval } from '../metrics.ts';
import type { EdgeEvents } from './edges.ts';
import { evaluate, FIRST, METHODS, OURS, type Evaluation, type Method } from './evaluate.ts';
import { pairsOf } from './graph.ts';
import { addExamples, createExamples, learn, type Examples, type Learned } from './learn.ts';
import { sizesFor, type Sizes } from './sizes.ts';
import { splitOf, type Split } from './split.ts';
import { createSurvey } from './survey.ts';

export const METRICS = ['recall@10', 'auc'] as const;
export type Metric = (typeof METRICS)[number];

/** Ours minus another, over the same members: the mean of what each member says, with a 95 % interval. */
export interface Difference extends Interval { readonly minus: Method; readonly metric: Metric }

export interface PeopleRun {
  readonly seed: number;
  readonly protocol: string;
  readonly figures: readonly ({ readonly method: Method } & Readonly<Record<Metric, number>>)[];
  readonly differences: readonly Difference[];
  readonly counts: { readonly members: number; readonly pairs: number; readonly tested: number; readonly hiddenTies: number; readonly strangers: number; readonly listExamples: number; readonly pairExamples: number };
  readonly learned: Learned;
}

export interface PeopleOptions {
  readonly seed: number;
  readonly random: Random;
  /** Told of members looked at: how many of how many. */
  readonly onProgress: (stage: 'learn' | 'test', done: number, total: number) => void;
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** AUC over pairs and the interval over members: a member's hidden ties are not independent of each other. */
const compared = ({ outcomes, memberOf }: Evaluation, random: Random): Difference[] => {
  const ours = outcomes.find(({ method }) => method === OURS);
  if (ours === undefined) return [];
  return outcomes.filter((other) => other !== ours).flatMap((other) => METRICS.map((metric): Difference => {
    const [mine, theirs] = metric === 'auc' ? [ours.wins, other.wins] : [ours.recalls, other.recalls];
    const differences = mine.map((value, i) => value - (theirs[i] ?? 0));
    return { minus: other.method, metric, ...clusterBootstrap(differences, metric === 'auc' ? memberOf : Int32Array.from(differences.keys()), { random: random.fork(`${other.method} ${metric}`) }) };
  }));
};

/** Looks at every task once and keeps only what it shows: one graph is held at a time. */
const examplesOf = (split: Split, sizes: Sizes, options: PeopleOptions): { readonly examples: Examples; readonly learned: Learned } => {
  const tasks = split.learn.length;
  const [members, strangers] = [Math.ceil(sizes.learned / tasks), Math.ceil(sizes.learnedStrangers / tasks)];
  let examples: Examples | undefined;
  let features: Learned['features'] = [];
  let done = 0;
  const total = tasks * (members + strangers);
  split.learn.forEach((make, i) => {
    const random = options.random.fork(`learn ${i}`);
    const task = make();
    const survey = createSurvey(task.graph, random.fork('embedding'));
    ({ features } = survey);
    examples ??= createExamples(features.length);
    done = i * (members + strangers);
    addExamples(examples, { task, survey }, { members, strangers, each: sizes.each, random, onMember: () => { options.onProgress('learn', ++done, total); } });
  });
  examples ??= createExamples(0);
  return { examples, learned: learn(features, examples, options.random.fork('trees')) };
};

/**
 * @throws client/noData for a graph too small to hide anything of it
 */
export const runPeople = (events: EdgeEvents, options: PeopleOptions): PeopleRun => {
  const { random } = options;
  const pairs = pairsOf(events);
  const sizes = sizesFor(pairs);
  const split = splitOf(pairs, { learnTasks: sizes.learnTasks, random: random.fork('hide') });
  const { examples, learned } = examplesOf(split, sizes, options);
  const task = split.test();
  const survey = createSurvey(task.graph, random.fork('embedding'));
  let done = 0;
  const total = Math.min(sizes.tested, task.hidden.present.length) + Math.min(sizes.strangers, task.graph.present.length);
  const found = evaluate(task, { survey, learned }, { members: sizes.tested, strangers: sizes.strangers, each: sizes.each, random: random.fork('test'), onMember: () => { options.onProgress('test', ++done, total); } });
  return {
    seed: options.seed, protocol: split.protocol, learned,
    figures: METHODS.map((method, i) => ({ method, 'recall@10': mean(found.outcomes[i]?.recalls ?? new Float64Array()), 'auc': mean(found.outcomes[i]?.wins ?? new Float64Array()) })),
    differences: compared(found, random.fork('bootstrap')),
    counts: { members: task.graph.present.length, pairs: pairs.count, tested: found.tested, hiddenTies: found.hiddenTies, strangers: found.strangers, listExamples: examples.list.rows().count, pairExamples: examples.pair.rows().count },
  };
};

export { FIRST, METHODS, OURS };
