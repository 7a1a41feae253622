/** Whether a checkpoint is of the run that wants to go on from it, and taking it up where it is. */
import { isDeepStrictEqual } from 'node:util';
import { ThroughlineError } from '../core/errors.ts';
import type { Arena, LayoutEntry } from './arena.ts';
import type { Average } from './average.ts';
import type { Checkpoint, CheckpointArrays, MachineFacts, RunIdentity } from './checkpoint.ts';
import type { Optimiser } from './optimiser.ts';

/** All that a batch changes. `best` holds the values that validated best, and nothing yet before the first validation. */
export interface TrainedState { readonly arena: Arena; readonly optimiser: Optimiser; readonly average: Average | undefined; best: Float32Array | undefined }

const other = (folder: string, what: string): ThroughlineError =>
  new ThroughlineError('client/invalidConfig', `the checkpoint in ${folder} is of another run: ${what}. Train into another folder, or remove this one to start anew`, { where: { file: folder } });

const described = (entry: LayoutEntry | undefined): string => (entry === undefined ? 'does not exist' : `has shape [${entry.shape.join(', ')}]`);

const assertSameLayout = (folder: string, saved: readonly LayoutEntry[], wanted: readonly LayoutEntry[]): void => {
  for (const { name } of [...wanted, ...saved]) {
    const [before, now] = [saved, wanted].map((layout) => layout.find((entry) => entry.name === name));
    if (!isDeepStrictEqual(before?.shape, now?.shape)) throw other(folder, `parameter "${name}" ${described(before)} there and ${described(now)} in this model`);
    // Same shapes in another order, or dense where it was sparse: the bytes would land elsewhere.
    if (before?.offset !== now?.offset) throw other(folder, `parameter "${name}" begins at ${before?.offset} there and at ${now?.offset} in this model`);
  }
};

const assertSameValues = (folder: string, saved: Readonly<Record<string, unknown>>, wanted: Readonly<Record<string, unknown>>): void => {
  for (const key of new Set([...Object.keys(wanted), ...Object.keys(saved)])) {
    if (!isDeepStrictEqual(saved[key], wanted[key])) throw other(folder, `"${key}" is ${JSON.stringify(saved[key]) ?? 'not set'} there and ${JSON.stringify(wanted[key]) ?? 'not set'} here`);
  }
};

/** @throws client/invalidConfig naming the first thing that differs: a parameter with both shapes, a setting with both values */
export const assertSameRun = (folder: string, saved: Checkpoint, wanted: { readonly identity: RunIdentity; readonly layout: readonly LayoutEntry[] }): void => {
  assertSameLayout(folder, saved.layout, wanted.layout);
  const { model, recipe, ...plain } = wanted.identity;
  const { model: savedModel, recipe: savedRecipe, ...savedPlain } = saved.identity;
  assertSameValues(folder, savedModel, model);
  assertSameValues(folder, savedRecipe, recipe);
  assertSameValues(folder, savedPlain, plain);
};

/** What keeps the numbers from being the same to the last bit; empty where nothing does. */
export const machineDifferences = (saved: MachineFacts, now: MachineFacts): string[] =>
  [...new Set([...Object.keys(saved), ...Object.keys(now)])].filter((key) => saved[key] !== now[key]).map((key) => `${key} was ${saved[key] ?? 'unknown'} and is ${now[key] ?? 'unknown'}`);

const joined = (first: Int32Array, second: Int32Array): Int32Array => {
  const both = new Int32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
};

/** The arrays of a checkpoint, by file; views, so nothing may train before they are written. */
export const arraysOf = ({ arena, optimiser, average, best }: TrainedState): CheckpointArrays => ({
  'weights.f32': arena.values,
  'moments.f32': optimiser.moments,
  ...(average === undefined ? {} : { 'averaged.f32': average.values }),
  ...(best === undefined ? {} : { 'best.f32': best }),
  ...(optimiser.rowSteps.length === 0 ? {} : { 'rows.i32': joined(optimiser.rowSteps, average?.rowSteps ?? new Int32Array(0)) }),
});

/** Takes up what `arraysOf` saved after `step` steps. @throws server/storeCorrupt where an array is missing or has another length */
export const restore = (folder: string, saved: Checkpoint, state: TrainedState): void => {
  const take = (name: string, length: number): Float32Array | Int32Array => {
    const array = saved.arrays[name];
    if (array?.length !== length) throw new ThroughlineError('server/storeCorrupt', `${name} of the checkpoint in ${folder} has ${array?.length ?? 'no'} numbers where ${length} belong; the run cannot go on from it: remove the folder, or train into another`, { where: { file: folder } });
    return array;
  };
  const { arena, optimiser, average } = state;
  const { step, best } = saved.progress;
  arena.values.set(take('weights.f32', arena.values.length));
  optimiser.moments.set(take('moments.f32', optimiser.moments.length));
  optimiser.resume(step);
  average?.values.set(take('averaged.f32', arena.values.length));
  average?.resume(step);
  if (best !== null) state.best = new Float32Array(take('best.f32', arena.values.length));
  const rows = optimiser.rowSteps.length;
  if (rows > 0) {
    const counts = take('rows.i32', rows + (average?.rowSteps.length ?? 0));
    optimiser.rowSteps.set(counts.subarray(0, rows));
    average?.rowSteps.set(counts.subarray(rows));
  }
};
