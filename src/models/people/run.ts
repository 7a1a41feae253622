/** People you may know, measured on any graph: hides ties, learns, looks for them with every method, and compares. */
import { ThroughlineError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { clusterBootstrap, type Interval } from '../metrics.ts';
import type { EdgeEvents } from './edges.ts';
import { evaluate, FIRST, METHODS, OURS, type Evaluation, type Method } from './evaluate.ts';
import { pairsOf, type Pairs } from './graph.ts';
import { addExamples, createExamples, type Examples } from './examples.ts';
import { learn, type Learned } from './learn.ts';
import { sizesFor, type Sizes } from './sizes.ts';
import { splitOf, type Split, type Task } from './split.ts';
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
    addExamples(examples, { task, survey }, { task: i, members, strangers, each: sizes.each, random, onMember: () => { options.onProgress('learn', ++done, total); } });
  });
  examples ??= createExamples(0);
  return { examples, learned: learn(features, examples, options.random.fork('trees')) };
};

interface Round { readonly split: Split; readonly found: Evaluation; readonly learned: Learned; readonly examples: Examples; readonly task: Task }

/** Hides, learns and looks once. */
const round = (split: Split, sizes: Sizes, options: PeopleOptions): Round => {
  const { random } = options;
  const { examples, learned } = examplesOf(split, sizes, options);
  const task = split.test();
  if (task.hidden.present.length === 0) throw new ThroughlineError('client/noData', 'nothing can be looked for: each of the ties that were hidden was the only one of a member; a graph whose members have several ties each is needed');
  const survey = createSurvey(task.graph, random.fork('embedding'));
  let done = 0;
  const total = Math.min(sizes.tested, task.hidden.present.length) + Math.min(sizes.strangers, task.graph.present.length);
  const found = evaluate(task, { survey, learned }, { members: sizes.tested, strangers: sizes.strangers, each: sizes.each, random: random.fork('test'), onMember: () => { options.onProgress('test', ++done, total); } });
  if (found.strangers === 0) throw new ThroughlineError('client/noData', 'nothing can be told apart: every member is tied to every other; a graph with pairs that are not tied is needed');
  return { split, found, learned, examples, task };
};

const joined = (parts: readonly Float64Array[]): Float64Array => Float64Array.from(parts.flatMap((part) => Array.from(part)));

/** What several rounds found, as if one had found it: a member is another in each. */
const pooled = (all: readonly Evaluation[]): Evaluation => {
  let before = 0;
  const memberOf = all.flatMap((one) => { const own = Array.from(one.memberOf, (place) => place + before); before += one.tested; return own; });
  const sum = (of: (one: Evaluation) => number): number => all.reduce((total, one) => total + of(one), 0);
  return {
    outcomes: METHODS.map((method, i) => ({ method, recalls: joined(all.map((one) => one.outcomes[i]?.recalls ?? new Float64Array())), wins: joined(all.map((one) => one.outcomes[i]?.wins ?? new Float64Array())) })),
    memberOf: Int32Array.from(memberOf), tested: sum(({ tested }) => tested), hiddenTies: sum(({ hiddenTies }) => hiddenTies), strangers: sum(({ strangers }) => strangers),
  };
};

/** All rounds: one, or on a small graph several, each with other ties hidden, for a handful of ties tells little. */
const roundsOf = (pairs: Pairs, sizes: Sizes, options: PeopleOptions): readonly Round[] => {
  const splitAt = (random: Random): Split => splitOf(pairs, { learnTasks: sizes.learnTasks, random: random.fork('hide') });
  const split = splitAt(options.random);
  if (!split.byChance || sizes.rounds === 1) return [round(split, sizes, options)];
  return Array.from({ length: sizes.rounds }, (_, i) => {
    const random = options.random.fork(`round ${i}`);
    const one = round(splitAt(random), sizes, { ...options, random, onProgress: () => undefined });
    options.onProgress('test', i + 1, sizes.rounds);
    return one;
  });
};

/**
 * @throws client/noData for a graph too small to hide anything of it, or in which nothing hidden can be found or told apart
 */
export const runPeople = (events: EdgeEvents, options: PeopleOptions): PeopleRun => {
  const pairs = pairsOf(events);
  const rounds = roundsOf(pairs, sizesFor(pairs), options);
  const [first] = rounds;
  if (first === undefined) throw new ThroughlineError('client/noData', 'the file joins nobody');
  const found = pooled(rounds.map((one) => one.found));
  const { examples, learned, task } = first;
  return {
    seed: options.seed, learned,
    protocol: rounds.length === 1 ? first.split.protocol : `${first.split.protocol}; ${rounds.length} times over, each time with others hidden`,
    figures: METHODS.map((method, i) => ({ method, 'recall@10': mean(found.outcomes[i]?.recalls ?? new Float64Array()), 'auc': mean(found.outcomes[i]?.wins ?? new Float64Array()) })),
    differences: compared(found, options.random.fork('bootstrap')),
    counts: { members: task.graph.present.length, pairs: pairs.count, tested: found.tested, hiddenTies: found.hiddenTies, strangers: found.strangers, listExamples: examples.list.rows, pairExamples: examples.pair.rows },
  };
};

export { FIRST, METHODS, OURS };
