/**
 * Fits the journey model to sequences: chooses the epoch on what happened after a moment, then goes on through everything for a few epochs at
 * the rate that it ended with. It goes on rather than starts anew: heads that were fitted to its states still read them afterwards.
 */
import type { Clock } from '../../core/clock.ts';
import { machineFacts } from '../../nn/machine.ts';
import { train, type TrainingEvent, type TrainingResult } from '../../nn/loop.ts';
import type { SequenceData, Split } from '../sequences/data.ts';
import { targetsOf, trainingSplit } from '../sequences/from-log.ts';
import { journeyModel } from '../sequences/model.ts';
import { askedMembers, metricsOf, rank } from '../sequences/protocol.ts';
import { createScorer } from '../sequences/scorer.ts';
import { planFor, type Plan } from '../sequences/sizes.ts';
import { createSequenceTask } from '../sequences/task.ts';
import { dataHash, identityOf, MOVES } from '../sequences/training.ts';
import { vocabularyOf } from '../sequences/vocabulary.ts';
import { PART } from './diary.ts';
import { hasRow, type Trained } from './trained.ts';

/** Events of a micro-batch. */
const TOKENS = 1024;
const PATIENCE = 8;
/** A choice between epochs needs no more members than this. */
const VALIDATED_MOST = 2000;
/** Fewer members than this after the moment choose nothing: the plan's epochs are run through. */
const VALIDATED_LEAST = 20;

export interface FitJourneyOptions {
  readonly seed: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Where checkpoints go, one folder for each of the two runs; a fit that was stopped goes on from there. */
  readonly folder?: string;
  readonly budgetMs?: number;
  /** Go on through everything once the epoch is chosen. Default: yes. */
  readonly refit?: boolean;
  /** Called with the model as it was chosen, before it goes on through everything: what learns from what it has not seen learns now. */
  readonly onChosen?: (chosen: Trained) => Promise<void>;
  /** Learn from everything for so many epochs of the plan, and choose nothing: where a model before this one has chosen. */
  readonly epochs?: number;
  /** What is learned from and what chooses; default: the last tenth of the events chooses. */
  readonly split?: Split;
}

export interface FittedJourney extends Trained {
  readonly plan: Plan;
  /** Of the run that chose the epoch. */
  readonly result: TrainingResult;
  /** Whether validation chose; where members are too few for that, the plan's epochs are run through on everything. */
  readonly chose: boolean;
  /** Whether what was chosen then went on through everything. */
  readonly refitted: boolean;
  readonly split: Split;
  /** Members who chose. */
  readonly validated: number;
  /** Of what was learned from. */
  readonly dataHash: string;
}

/** What serves is encoded anew on every event: one block, 64 wide, is what a quarter of a millisecond pays for (bench/journey.ts). */
const SERVED = { width: 64, blocks: 1 } as const;
/** Of training: what serves is fitted again and again, and stops by its own patience. */
const COURSE = { rate: 2e-3, epochs: 24, beginNear: false, aheadPercent: 0 } as const;

/** The plan of a recipe, by the same rules from the size of the data, of a model small enough to serve. */
export const planJourney = (data: SequenceData, split: Split): Plan => {
  const plan = planFor(data, split);
  return { ...plan, ...COURSE, sizes: { ...plan.sizes, ...SERVED } };
};

interface Run {
  readonly epochs: number; readonly split: Split; readonly choose: boolean; readonly folder: string | undefined; readonly plan: Plan;
  /** Weights to go on from, at the rate that a run ends with. */
  readonly from?: Float32Array;
}
/** Of the epochs that were chosen, so many more go through everything. */
const MORE = 0.2;
const FLOOR = 1e-4;
const MORE_RATE = 3e-4;

const fitOnce = async (data: SequenceData, run: Run, options: FitJourneyOptions): Promise<{ readonly trained: Trained; readonly result: TrainingResult }> => {
  const { plan, split, choose, epochs, folder } = run;
  const { seed, clock, signal, onEvent, budgetMs } = options;
  const model = journeyModel(plan.sizes, vocabularyOf(data, { pauses: true }));
  const known = Uint8Array.from(data.itemNames, (name) => Number(hasRow(name)));
  const task = createSequenceTask(model, { data, split }, { seed, batch: plan.batch, tokens: TOKENS, negatives: plan.negatives, targets: targetsOf(data), known });
  if (run.from !== undefined) task.arena.values.set(run.from);
  const scorer = createScorer(model, task.arena, task.facts);
  const validate = async (): Promise<{ readonly metric: number; readonly details: Readonly<Record<string, number>> }> => {
    await scorer.refresh();
    const metrics = metricsOf(await rank(scorer, { data, split }, { stage: 'validation', membersMax: VALIDATED_MOST }));
    return { metric: metrics['ndcg@10'], details: { 'hr@10': metrics['hr@10'] } };
  };
  // Where nothing chooses, the latest weights count as the best.
  let latest = 0;
  const later = async (): Promise<{ readonly metric: number; readonly details: Readonly<Record<string, number>> }> => Promise.resolve({ metric: latest, details: {} });
  const step: typeof task.step = async (epoch, batch) => { latest = epoch; return task.step(epoch, batch); };
  const told = (event: TrainingEvent): void => {
    if (event.type === 'start') latest = event.epoch;
    onEvent?.(event.type === 'start' ? { ...event, part: choose ? PART.choosing : PART.everything } : event);
  };
  try {
    const result = await train({
      task: { ...task, step, validate: choose ? validate : later },
      recipe: {
        schedule: run.from === undefined ? { kind: 'cosine', rate: plan.rate, floor: FLOOR, steps: plan.epochs * task.batches, warmUpSteps: Math.min(100, task.batches * 2) }
          : { kind: 'cosine', rate: MORE_RATE, floor: FLOOR, steps: epochs * task.batches, warmUpSteps: Math.min(50, task.batches) },
        ...MOVES,
      },
      identity: identityOf(model, plan, { seed, data, split }),
      epochs, clock, onEvent: told, machine: machineFacts(TOKENS),
      ...(choose ? { patience: PATIENCE } : {}),
      ...(folder === undefined ? {} : { checkpoints: { folder, everyMs: 60_000, leastMs: 15_000 } }),
      ...(signal === undefined ? {} : { signal }), ...(budgetMs === undefined ? {} : { budgetMs }),
    });
    return { trained: { model, arena: task.arena, facts: task.facts, itemNames: data.itemNames }, result };
  } finally {
    await task.close();
    await scorer.close();
  }
};

const everything = (data: SequenceData, split: Split): Split => ({ ...split, trainEnds: data.starts.slice(1), validation: new Int32Array(data.members).fill(-1) });

/**
 * @returns the model as of the chosen epoch, or fitted anew to everything; where the signal ended it, as far as it came (`result.reason`)
 * @throws as `train` in nn/loop.ts
 */
export const fitJourney = async (data: SequenceData, options: FitJourneyOptions): Promise<FittedJourney> => {
  const split = options.split ?? trainingSplit(data);
  const plan = planJourney(data, split);
  const validated = askedMembers(split, { stage: 'validation', membersMax: VALIDATED_MOST }).length;
  const choose = options.epochs === undefined && validated >= VALIDATED_LEAST;
  const folderOf = (name: string): string | undefined => (options.folder === undefined ? undefined : `${options.folder}/${name}`);
  const first = await fitOnce(data, { epochs: options.epochs ?? plan.epochs, split: choose ? split : everything(data, split), choose, folder: folderOf('chosen'), plan }, options);
  const { result } = first;
  const hash = dataHash(data, split);
  const stopped = result.reason === 'stopped' || result.reason === 'budget' || options.signal?.aborted === true;
  if (choose && options.refit === false && !stopped) await options.onChosen?.(first.trained);
  if (!choose || options.refit === false || stopped || result.best === null) return { ...first.trained, plan, result, chose: choose, refitted: false, split, validated, dataHash: hash };
  await options.onChosen?.(first.trained);
  const from = Float32Array.from(first.trained.arena.values);
  const epochs = Math.max(1, Math.round((result.best.epoch + 1) * MORE));
  const second = await fitOnce(data, { epochs, split: everything(data, split), choose: false, folder: folderOf('whole'), plan, from }, options);
  const whole = second.result.reason === 'epochs';
  return { ...(whole ? second : first).trained, plan, result: whole ? result : { ...result, reason: second.result.reason }, chose: true, refitted: whole, split, validated, dataHash: hash };
};
