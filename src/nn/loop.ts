/**
 * The training loop: batches, clipping, the optimiser, the average of weights, validation after each epoch, the best weights, and
 * checkpoints from which a run goes on bit for bit. Events come out as data; time and the wish to stop come in.
 */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { createAverage } from './average.ts';
import { createCheckpointStore, type CheckpointStore, type EpochFigures, type MachineFacts, type RunIdentity, type TrainingProgress } from './checkpoint.ts';
import { clipScale, gradientNorm } from './clip.ts';
import { createAdam, type AdamOptions } from './optimiser.ts';
import { arraysOf, assertSameRun, machineDifferences, restore, type TrainedState } from './resume.ts';
import { rateAt, type Schedule } from './schedule.ts';
import type { TrainingTask } from './task.ts';
import { lockTraining } from './training-lock.ts';

/** How weights move. It is part of what a run is: another recipe does not go on from the same checkpoint. */
export interface TrainingRecipe {
  readonly schedule: Schedule;
  readonly adam?: AdamOptions;
  /** The largest norm of all gradients together. */
  readonly clip?: number;
  /** What the average of weights keeps of itself at each step, as .999; without it the weights themselves are validated and kept. */
  readonly average?: number;
}

export interface TrainingOptions {
  readonly task: TrainingTask;
  readonly recipe: TrainingRecipe;
  readonly identity: Omit<RunIdentity, 'recipe'>;
  readonly epochs: number;
  /** Epochs without a better metric after which the run ends. */
  readonly patience?: number;
  /** One is written after each epoch, unless the last is younger than `leastMs`, and within an epoch when `everyMs` have passed since the last. */
  readonly checkpoints?: { readonly folder: string; readonly everyMs?: number; readonly leastMs?: number };
  /** What bits depend on besides: version of ONNX Runtime, processor, micro-batch. */
  readonly machine?: MachineFacts;
  /** Wall-clock time for the whole run, what it took before it was resumed included. */
  readonly budgetMs?: number;
  /** Aborted: the batch is finished, a checkpoint is written, and the run returns. */
  readonly signal?: AbortSignal;
  readonly clock: Clock;
  readonly onEvent?: (event: TrainingEvent) => void;
}

export type StopReason = 'epochs' | 'patience' | 'budget' | 'stopped';
/** Epochs and batches count from 0; losses are means over targets. */
export type TrainingEvent =
  /** `part`: of a model that is fitted in several runs, which of them this is. */
  | { readonly type: 'start'; readonly part?: string; readonly epochs: number; readonly batches: number; readonly parameters: number; readonly epoch: number; readonly batch: number; readonly resumed: boolean }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'batch'; readonly epoch: number; readonly batch: number; readonly batches: number; readonly epochs: number; readonly loss: number; readonly rate: number; readonly norm: number; readonly targetsPerSecond: number; readonly elapsedMs: number }
  /** `partial`: the budget ended within the epoch. */
  | ({ readonly type: 'epoch'; readonly best: boolean; readonly partial: boolean } & EpochFigures)
  | { readonly type: 'checkpoint'; readonly epoch: number; readonly batch: number; readonly folder: string }
  | { readonly type: 'end'; readonly reason: StopReason; readonly best: TrainingProgress['best']; readonly elapsedMs: number };

export interface TrainingResult {
  readonly reason: StopReason;
  readonly best: TrainingProgress['best'];
  /** One entry for each epoch. */
  readonly curve: readonly EpochFigures[];
  readonly steps: number;
  readonly elapsedMs: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Run {
  readonly options: TrainingOptions;
  readonly identity: RunIdentity;
  readonly state: TrainedState;
  readonly store: CheckpointStore | undefined;
  readonly progress: Mutable<Omit<TrainingProgress, 'elapsedMs'>>;
  elapsedMs(): number;
  /** How long the last validation took: time to keep free of a budget. */
  validationMs: number;
  savedAtMs: number;
}

const emit = (run: Run, event: TrainingEvent): void => { run.options.onEvent?.(event); };

const save = async (run: Run): Promise<void> => {
  const { options, identity, state, store, progress } = run;
  if (store === undefined) return;
  const folder = await store.save({ identity, machine: options.machine ?? {}, layout: state.arena.layout, progress: { ...progress, elapsedMs: run.elapsedMs() }, arrays: arraysOf(state) });
  run.savedAtMs = run.elapsedMs();
  emit(run, { type: 'checkpoint', epoch: progress.epoch, batch: progress.batch, folder });
};

/** A run at its beginning, or where its checkpoint left it. @throws server/storeCorrupt, server/storeNewer, client/invalidConfig */
const begin = async (options: TrainingOptions): Promise<Run> => {
  const { task: { arena, batches }, recipe, clock, checkpoints, epochs } = options;
  const state: TrainedState = { arena, optimiser: createAdam(arena, recipe.adam), average: recipe.average === undefined ? undefined : createAverage(arena, recipe.average), best: undefined };
  // As it will be read back: a checkpoint holds JSON.
  const identity = JSON.parse(JSON.stringify({ ...options.identity, recipe })) as RunIdentity;
  const store = checkpoints === undefined ? undefined : createCheckpointStore(checkpoints.folder);
  const saved = await store?.load();
  if (saved !== undefined && checkpoints !== undefined) {
    assertSameRun(checkpoints.folder, saved, { identity, layout: arena.layout });
    restore(checkpoints.folder, saved, state);
  }
  const startedAt = clock.now();
  const earlierMs = saved?.progress.elapsedMs ?? 0;
  const run: Run = {
    options, identity, state, store,
    progress: saved?.progress ?? { epoch: 0, batch: 0, step: 0, loss: 0, targets: 0, best: null, curve: [] },
    elapsedMs: () => earlierMs + clock.now() - startedAt,
    validationMs: 0, savedAtMs: earlierMs,
  };
  emit(run, { type: 'start', epochs, batches, parameters: arena.values.length, epoch: run.progress.epoch, batch: run.progress.batch, resumed: saved !== undefined });
  const differences = saved === undefined ? [] : machineDifferences(saved.machine, options.machine ?? {});
  if (differences.length > 0) emit(run, { type: 'note', text: `the run goes on, but not to the same bits: ${differences.join('; ')}` });
  return run;
};

/** Where a run went wrong, and what is left to do: from the same seed and checkpoint it would go wrong again. */
const diverged = ({ progress: { epoch, batch }, options: { task: { batches } } }: Run, what: string, cause?: unknown): ThroughlineError =>
  new ThroughlineError('server/diverged', `in epoch ${epoch + 1}, batch ${Math.min(batch + 1, batches)}, ${what}: the training diverged, and the model being served stays; begin anew with another seed (--fresh --seed), or lower the rate`, { ...(cause instanceof ThroughlineError ? { where: cause.where } : {}), cause });

/** @throws server/diverged with the place in the run */
const normOf = (run: Run): number => {
  try {
    return gradientNorm(run.state.arena);
  } catch (error) {
    throw error instanceof ThroughlineError ? diverged(run, error.message, error) : error;
  }
};

/** One batch: gradients, clipping, a step. Only whole batches change anything. */
const trainBatch = async (run: Run): Promise<{ readonly loss: number; readonly targets: number; readonly rate: number; readonly norm: number }> => {
  const { options: { task, recipe }, state: { arena, optimiser, average }, progress } = run;
  arena.clearGradients();
  const { loss, targets } = await task.step(progress.epoch, progress.batch);
  if (!Number.isFinite(loss)) throw diverged(run, `the loss is ${loss}`);
  const norm = normOf(run);
  const rate = rateAt(recipe.schedule, progress.step);
  average?.before();
  optimiser.step(rate, clipScale(norm, recipe.clip));
  average?.after();
  progress.step++;
  progress.batch++;
  progress.loss += loss;
  progress.targets += targets;
  return { loss, targets, rate, norm };
};

const isOver = ({ options: { budgetMs }, elapsedMs, validationMs }: Run): boolean => budgetMs !== undefined && elapsedMs() + validationMs >= budgetMs;

/** The rest of an epoch. @returns why it ended early, if it did */
const trainEpoch = async (run: Run): Promise<'budget' | 'stopped' | undefined> => {
  const { options: { task, epochs, signal, checkpoints }, progress } = run;
  const { everyMs = Number.POSITIVE_INFINITY } = checkpoints ?? {};
  const beganMs = run.elapsedMs();
  let seen = 0;
  while (progress.batch < task.batches) {
    if (signal?.aborted === true) return 'stopped';
    if (isOver(run)) return 'budget';
    const { epoch, batch } = progress;
    const { loss, targets, rate, norm } = await trainBatch(run);
    seen += targets;
    const elapsedMs = run.elapsedMs();
    emit(run, { type: 'batch', epoch, batch, batches: task.batches, epochs, loss: loss / Math.max(1, targets), rate, norm, targetsPerSecond: seen / Math.max(1, elapsedMs - beganMs) * 1000, elapsedMs });
    if (elapsedMs - run.savedAtMs >= everyMs && progress.batch < task.batches) await save(run);
    // Arithmetic that never waits would keep signals and messages from being heard.
    await setImmediate();
  }
  return signal?.aborted === true ? 'stopped' : undefined;
};

/** Validates the weights that would be served, and keeps them where they are the best so far. */
const validateEpoch = async (run: Run, partial: boolean): Promise<void> => {
  const { options: { task }, state, progress } = run;
  const beganMs = run.elapsedMs();
  state.average?.swap();
  try {
    const { metric, details } = await task.validate();
    if (!Number.isFinite(metric)) throw diverged(run, `the metric of validation is ${metric}`);
    run.validationMs = run.elapsedMs() - beganMs;
    const isBest = progress.best === null || metric > progress.best.metric;
    if (isBest) {
      progress.best = { epoch: progress.epoch, metric };
      state.best ??= new Float32Array(state.arena.values.length);
      state.best.set(state.arena.values);
    }
    const figures: EpochFigures = { epoch: progress.epoch, loss: progress.loss / Math.max(1, progress.targets), metric, details: { ...details }, elapsedMs: run.elapsedMs() };
    progress.curve = [...progress.curve, figures];
    emit(run, { type: 'epoch', best: isBest, partial, ...figures });
  } finally {
    state.average?.swap();
  }
};

/** Epoch by epoch until something ends it; the checkpoint then is where the run would go on. */
const trainEpochs = async (run: Run): Promise<StopReason> => {
  const { options: { epochs, patience = Number.POSITIVE_INFINITY, checkpoints }, progress } = run;
  const { leastMs = 0 } = checkpoints ?? {};
  while (progress.epoch < epochs) {
    if (progress.best !== null && progress.epoch - 1 - progress.best.epoch >= patience) return 'patience';
    const early = await trainEpoch(run);
    if (early !== undefined) {
      await save(run);
      // After the save: a run that is given more time goes on as if it had not been validated here.
      if (early === 'budget' && progress.batch > 0) await validateEpoch(run, true);
      return early;
    }
    await validateEpoch(run, false);
    Object.assign(progress, { epoch: progress.epoch + 1, batch: 0, loss: 0, targets: 0 });
    if (run.elapsedMs() - run.savedAtMs >= leastMs) await save(run);
  }
  return 'epochs';
};

/**
 * Trains until the epochs, the patience or the budget are used up or the signal says stop, going on from the checkpoint in
 * `checkpoints.folder` where there is one. Afterwards the arena holds the best weights validated so far (averaged ones, where there is an average), or
 * the last ones where none were validated.
 * @throws client/invalidConfig where the checkpoint is of another run; server/storeCorrupt, server/storeNewer where it cannot be read;
 * server/storeUnwritable where one cannot be written; server/storeInUse where another process trains in that folder; server/diverged where the
 * loss, a gradient or the metric is not finite
 */
export const train = async (options: TrainingOptions): Promise<TrainingResult> => {
  const release = options.checkpoints === undefined ? undefined : await lockTraining(options.checkpoints.folder);
  try {
    return await trainLocked(options);
  } finally {
    release?.();
  }
};

const trainLocked = async (options: TrainingOptions): Promise<TrainingResult> => {
  const run = await begin(options);
  const reason = await trainEpochs(run);
  const { state: { arena, best: weights }, progress: { best, curve, step } } = run;
  if (weights !== undefined) arena.values.set(weights);
  const elapsedMs = run.elapsedMs();
  emit(run, { type: 'end', reason, best, elapsedMs });
  return { reason, best, curve, steps: step, elapsedMs };
};
