/** Runs the models of a recipe over the splits of its data: fits on what may be learned from, ranks the test events once, compares. */
import type { Random } from '../../core/random.ts';
import type { Interval } from '../metrics.ts';
import type { SequenceData } from './data.ts';
import type { Candidate, FitCard } from './fit.ts';
import { overSeeds, pairedDifference } from './paired.ts';
import { metricsOf, METRICS, rank, type Metric, type Metrics, type Ranks } from './protocol.ts';
import type { SplitAndReport, SplitReport } from './split.ts';

export const COMPARED = ['hr@10', 'ndcg@10'] as const satisfies readonly Metric[];

export type RunEvent =
  | { readonly type: 'fit'; readonly split: string; readonly model: string; readonly seed: number; readonly budgetSeconds?: number }
  | { readonly type: 'progress'; readonly split: string; readonly model: string; readonly seed: number; readonly event: unknown }
  | { readonly type: 'ranking'; readonly split: string; readonly model: string; readonly seed: number; readonly share: number }
  | { readonly type: 'ranked'; readonly split: string; readonly model: string; readonly seed: number; readonly seconds: number; readonly card: FitCard; readonly metrics: Metrics };

export interface RunOptions {
  readonly candidates: readonly Candidate[];
  /** The model that is compared with every other; the last that was fitted where it was not. */
  readonly ours: string;
  readonly seeds: readonly number[];
  /** For everything together; see `createPurse`. */
  readonly budgetSeconds?: number;
  readonly signal: AbortSignal;
  readonly report: (event: RunEvent) => void;
  /** Where the checkpoints of one fit go; absent: nowhere. */
  readonly folderOf?: (fit: { readonly split: string; readonly model: string; readonly seed: number }) => string;
  readonly now: () => number;
  /** Of the bootstrap. */
  readonly random: Random;
}

/** One model, over its seeds. */
export interface ModelRun {
  readonly model: string;
  readonly seeds: readonly number[];
  readonly cards: readonly FitCard[];
  readonly metrics: readonly Metrics[];
  readonly ranks: readonly Ranks[];
  readonly seconds: readonly number[];
}

export type Row = { readonly model: string } & Readonly<Record<Metric, Interval>>;

export interface Difference { readonly model: string; readonly minus: string; readonly metric: Metric; readonly mean: number; readonly low: number; readonly high: number }

/** What one split gave. */
export interface SplitRun {
  readonly report: SplitReport;
  readonly models: readonly ModelRun[];
  readonly rows: readonly Row[];
  readonly differences: readonly Difference[];
  /** Fits that were not begun, because the run was stopped. */
  readonly left: number;
}

interface Plan { readonly candidate: Candidate; readonly seed: number; readonly at: number }

/**
 * A budget in seconds, shared over the fits still to come by their shares: each gets (what is left) times its share over the shares of
 * all fits not yet done, so what one leaves unused goes to those after it. Fits with share 0 are not limited, and what they take is
 * taken from the rest.
 */
export const createPurse = (budgetSeconds: number | undefined, fits: readonly number[], now: () => number): { readonly take: (fit: number) => number | undefined } => {
  const begun = now();
  return {
    take: (fit) => {
      const share = fits[fit] ?? 0;
      if (budgetSeconds === undefined || share === 0) return undefined;
      const left = Math.max(0, budgetSeconds - (now() - begun) / 1000);
      return left * share / fits.slice(fit).reduce((sum, one) => sum + one, 0);
    },
  };
};

/** Seeds outside, models inside: a run that is stopped has whole seeds to compare. */
const planOf = ({ candidates, seeds }: RunOptions, data: SequenceData, splits: readonly SplitAndReport[]): readonly Plan[] =>
  splits.flatMap(({ split }, at) => seeds.flatMap((seed, turn) => candidates
    .filter((candidate) => (turn === 0 || candidate.seeded) && (candidate.fits?.(data, split) ?? true))
    .map((candidate) => ({ candidate, seed, at }))));

interface Done { readonly model: string; readonly seed: number; readonly card: FitCard; readonly metrics: Metrics; readonly ranks: Ranks; readonly seconds: number }

interface Asked { readonly data: SequenceData; readonly split: SplitAndReport; readonly budgetSeconds: number | undefined; /** Whether another seed of the model is done. */ readonly isRepeat: boolean }

/** @returns undefined where the run was stopped in the midst of it and another seed stands for the model: half a fit would spoil their mean */
const fitAndRank = async (plan: Plan, asked: Asked, options: RunOptions): Promise<Done | undefined> => {
  const { candidate, seed } = plan;
  const { data, split: { split, report: { name } }, budgetSeconds } = asked;
  const about = { split: name, model: candidate.name, seed };
  const begun = options.now();
  options.report({ type: 'fit', ...about, ...(budgetSeconds === undefined ? {} : { budgetSeconds }) });
  const scorer = await candidate.fit(data, split, {
    seed, signal: options.signal,
    report: (event) => { options.report({ type: 'progress', ...about, event }); },
    ...(budgetSeconds === undefined ? {} : { budgetSeconds }),
    ...(options.folderOf === undefined ? {} : { folder: options.folderOf(about) }),
  });
  const seconds = (options.now() - begun) / 1000;
  try {
    if (options.signal.aborted && asked.isRepeat) return undefined;
    // The only place where test events are looked at, after everything was chosen.
    const ranks = await rank(scorer, { data, split }, { stage: 'test', onProgress: (share) => { options.report({ type: 'ranking', ...about, share }); } });
    const done: Done = { model: candidate.name, seed, card: scorer.card, metrics: metricsOf(ranks), ranks, seconds };
    options.report({ type: 'ranked', ...about, seconds, card: done.card, metrics: done.metrics });
    return done;
  } finally { await scorer.close?.(); }
};

const modelRuns = (done: readonly Done[]): ModelRun[] => [...new Set(done.map(({ model }) => model))].map((model) => {
  const own = done.filter((one) => one.model === model);
  return { model, seeds: own.map(({ seed }) => seed), cards: own.map(({ card }) => card), metrics: own.map(({ metrics }) => metrics), ranks: own.map(({ ranks }) => ranks), seconds: own.map(({ seconds }) => seconds) };
});

const rowOf = ({ model, metrics }: ModelRun): Row =>
  ({ model, ...(Object.fromEntries(METRICS.map((metric) => [metric, overSeeds(metrics.map((one) => one[metric]))])) as Record<Metric, Interval>) });

const differencesOf = (models: readonly ModelRun[], options: RunOptions): Difference[] => {
  const ours = models.find(({ model }) => model === options.ours) ?? models.at(-1);
  if (ours === undefined) return [];
  return models.filter((other) => other !== ours).flatMap((other) => COMPARED.map((metric) => {
    const { mean, low, high } = pairedDifference(metric, { a: ours.ranks, b: other.ranks }, options.random.fork(`${ours.model} ${other.model} ${metric}`));
    return { model: ours.model, minus: other.model, metric, mean, low, high };
  }));
};

/**
 * Fits and ranks every model on every split.
 * @returns one result a split; where the signal was aborted, what was done until then
 */
export const run = async (data: SequenceData, splits: readonly SplitAndReport[], options: RunOptions): Promise<readonly SplitRun[]> => {
  const plan = planOf(options, data, splits);
  const purse = createPurse(options.budgetSeconds, plan.map(({ candidate }) => candidate.share), options.now);
  const done: (Done & { readonly at: number })[] = [];
  for (const [i, one] of plan.entries()) {
    const split = splits[one.at];
    if (split === undefined || options.signal.aborted) break;
    const isRepeat = done.some(({ at, model }) => at === one.at && model === one.candidate.name);
    const result = await fitAndRank(one, { data, split, budgetSeconds: purse.take(i), isRepeat }, options);
    if (result !== undefined) done.push({ at: one.at, ...result });
  }
  return splits.map(({ report }, at) => {
    const models = modelRuns(done.filter((one) => one.at === at));
    const left = plan.filter((one) => one.at === at).length - done.filter((one) => one.at === at).length;
    return { report, models, rows: models.map(rowOf), differences: differencesOf(models, options), left };
  });
};
