import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { manualClock } from '../../../src/core/clock.ts';
import { seededRandom } from '../../../src/core/random.ts';
import { createArena } from '../../../src/nn/arena.ts';
import { createCheckpointStore } from '../../../src/nn/checkpoint.ts';
import { train, type TrainingEvent, type TrainingOptions, type TrainingResult } from '../../../src/nn/loop.ts';
import { createDropoutPool, createStream } from '../../../src/nn/stream.ts';
import type { TrainingTask } from '../../../src/nn/task.ts';
import { logisticTask, RECIPE, type LogisticOptions } from '../../support/logistic-task.mjs';

const runtime = { createArena, seededRandom, createStream, createDropoutPool };
const taskOf = (options: Partial<LogisticOptions> = {}): TrainingTask => logisticTask(runtime, { seed: 4, ...options });
const BATCHES = 12;

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'throughline-loop-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Trained extends TrainingResult { readonly values: Float32Array; readonly events: TrainingEvent[] }
/** A run of the logistic task on a clock that advances 1 s with every batch. */
const run = async (options: Partial<TrainingOptions> = {}, task = taskOf()): Promise<Trained> => {
  const events: TrainingEvent[] = [];
  const clock = manualClock(0);
  const timed = { ...task, step: (epoch: number, batch: number) => { clock.advance(1000); return task.step(epoch, batch); } };
  const result = await train({ task: timed, recipe: RECIPE, identity: { seed: 4, model: { width: 4 }, dataHash: 'd' }, epochs: 6, clock, onEvent: (event) => { events.push(event); }, ...options });
  return { ...result, values: task.arena.values.slice(), events };
};
const checkpoints = (name: string) => ({ checkpoints: { folder: join(folder, name) } });
const saved = (name: string) => createCheckpointStore(join(folder, name)).load();
/** Aborts while the batch of that number, counted over the whole run, is under way. */
const stopAt = (number: number) => {
  const stop = new AbortController();
  return { signal: stop.signal, task: taskOf({ onStep: (epoch, batch) => { if (epoch * BATCHES + batch === number) stop.abort(); } }) };
};
const ofType = <T extends TrainingEvent['type']>(events: readonly TrainingEvent[], type: T) => events.filter((event): event is Extract<TrainingEvent, { type: T }> => event.type === type);

describe('training', () => {
  test('learns, and says how it goes', async () => {
    const { events, curve, best, reason, steps } = await run({ epochs: 8 });
    expect([reason, steps, curve.length]).toEqual(['epochs', 96, 8]);
    expect(best?.metric).toBeGreaterThan(0.95);
    expect(curve[7]?.loss).toBeLessThan((curve[0]?.loss ?? 0) / 2);
    const batches = ofType(events, 'batch');
    expect(batches.map(({ epoch, batch }) => epoch * BATCHES + batch)).toEqual(Array.from({ length: 96 }, (_, i) => i));
    expect(batches[20]).toMatchObject({ epoch: 1, batch: 8, batches: BATCHES, epochs: 8, targetsPerSecond: 64, elapsedMs: 21_000 });
    expect(events.at(0)).toEqual({ type: 'start', epochs: 8, batches: BATCHES, parameters: 440, epoch: 0, batch: 0, resumed: false });
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'epochs', best });
  });
  test('leaves the best weights, averaged as they were validated', async () => {
    const task = taskOf();
    const { best } = await run({ epochs: 8 }, task);
    expect((await task.validate()).metric).toBe(best?.metric);
  });
  test('ends when patience is used up, with the weights of the best epoch', async () => {
    const task = taskOf();
    const metrics = [0.1, 0.5, 0.4, 0.5, 0.3, 0.9];
    const seen: Float32Array[] = [];
    const graded = { ...task, validate: () => { seen.push(task.arena.values.slice()); return Promise.resolve({ metric: metrics[seen.length - 1] ?? 0, details: {} }); } };
    const { reason, best, curve, values } = await run({ epochs: 20, patience: 3 }, graded);
    expect([reason, best, curve.length]).toEqual(['patience', { epoch: 1, metric: 0.5 }, 5]);
    expect(values).toEqual(seen[1]);
  });
  test('is the same whether or not it averages and writes checkpoints', async () => {
    const { average: _, ...plain } = RECIPE;
    const [bare, averaged] = [await run({ recipe: plain }), await run()];
    const losses = (events: readonly TrainingEvent[]): number[] => ofType(events, 'batch').map(({ loss }) => loss);
    expect(losses(averaged.events)).toEqual(losses(bare.events));
    expect(averaged.values).not.toEqual(bare.values);
    expect((await run({ checkpoints: { folder: join(folder, 'a'), everyMs: 2000 } })).values).toEqual(averaged.values);
  });
});

describe('a run that was stopped', () => {
  // The middle of an epoch, its first and its last batch, the very first batch, and the last of all.
  for (const number of [17, 24, 23, 0, 71]) {
    test(`during batch ${number} goes on to the same bits`, async () => {
      const straight = await run(checkpoints('straight'));
      const { signal, task } = stopAt(number);
      const first = await run({ ...checkpoints('stopped'), signal }, task);
      expect([first.reason, first.steps]).toEqual(['stopped', number + 1]);
      const second = await run(checkpoints('stopped'));
      expect(ofType(second.events, 'start')[0]).toMatchObject({ resumed: true, epoch: Math.floor(number / BATCHES), batch: number % BATCHES + 1 });
      expect(second.values).toEqual(straight.values);
      const [a, b] = [await saved('straight'), await saved('stopped')];
      expect(Object.keys(a?.arrays ?? {}).toSorted()).toEqual(['averaged.f32', 'best.f32', 'moments.f32', 'rows.i32', 'weights.f32']);
      expect(b?.arrays).toEqual(a?.arrays);
      const timeless = (progress: NonNullable<typeof a>['progress'] | undefined) => ({ ...progress, elapsedMs: 0, curve: progress?.curve.map((point) => ({ ...point, elapsedMs: 0 })) });
      expect(timeless(b?.progress)).toEqual(timeless(a?.progress));
    });
  }
  test('again and again goes on to the same bits', async () => {
    const straight = await run(checkpoints('straight'));
    for (const number of [3, 4, 13, 30, 50]) {
      const { signal, task } = stopAt(number);
      await run({ ...checkpoints('stopped'), signal }, task);
    }
    expect((await run(checkpoints('stopped'))).values).toEqual(straight.values);
    expect((await saved('stopped'))?.arrays).toEqual((await saved('straight'))?.arrays);
  });
  test('by an error goes on from its last checkpoint', async () => {
    const straight = await run(checkpoints('straight'));
    const failing = taskOf({ onStep: (epoch, batch) => { if (epoch === 2 && batch === 9) throw new Error('the power went'); } });
    await expect(run({ checkpoints: { folder: join(folder, 'stopped'), everyMs: 5000 } }, failing)).rejects.toThrow('the power went');
    const second = await run(checkpoints('stopped'));
    expect(ofType(second.events, 'start')[0]).toMatchObject({ epoch: 2, batch: 5 });
    expect(second.values).toEqual(straight.values);
  });
  test('has nothing left to do when it was done, and still has its best weights', async () => {
    const first = await run(checkpoints('a'));
    const again = await run(checkpoints('a'));
    expect([again.steps, again.values, again.best]).toEqual([first.steps, first.values, first.best]);
    expect(ofType(again.events, 'batch')).toEqual([]);
    expect(ofType((await run({ ...checkpoints('a'), epochs: 7 })).events, 'batch')).toHaveLength(BATCHES);
  });
  test('is of one run at a time: a second in its folder is told who has it, and a killed one holds nothing', async () => {
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a', 'training-3.lock'), '1 1 another-boot');
    let second: Promise<unknown> | undefined;
    await run({ ...checkpoints('a'), onEvent: () => { second ??= run(checkpoints('a')).catch((error: unknown) => error); } });
    expect(await second).toMatchObject({ code: 'server/storeInUse', message: expect.stringContaining(`process ${process.pid} is training in ${join(folder, 'a')}`) as string });
  });
  test('keeps one checkpoint on disk', async () => {
    await run({ checkpoints: { folder: join(folder, 'a'), everyMs: 3000 } });
    expect(readdirSync(join(folder, 'a')).filter((name) => !name.endsWith('.lock')).toSorted()).toEqual(['current.json', 'epoch-0006-batch-000000']);
  });
});

describe('a budget', () => {
  test('ends the run within an epoch with the best model so far, that of the part epoch included', async () => {
    const { reason, steps, curve, best, events } = await run({ budgetMs: 20_000, epochs: 100 });
    expect([reason, steps, curve.length]).toEqual(['budget', 20, 2]);
    expect(ofType(events, 'epoch').map(({ partial }) => partial)).toEqual([false, true]);
    expect(best?.metric).toBe(Math.max(...curve.map(({ metric }) => metric)));
  });
  test('counts what the run took before, and more of it goes on to the same bits', async () => {
    await run({ ...checkpoints('a'), budgetMs: 20_000 });
    expect((await run({ ...checkpoints('a'), budgetMs: 20_000 })).steps).toBe(20);
    expect((await run({ ...checkpoints('a'), budgetMs: 30_000 })).steps).toBe(30);
    expect((await run(checkpoints('a'))).values).toEqual((await run()).values);
  });
  test('leaves time for the validation', async () => {
    const clock = manualClock(0);
    const task = taskOf();
    const slow = { ...task, step: (epoch: number, batch: number) => { clock.advance(1000); return task.step(epoch, batch); }, validate: () => { clock.advance(5000); return task.validate(); } };
    const { elapsedMs, reason } = await train({ task: slow, recipe: RECIPE, identity: { seed: 4, model: {}, dataHash: 'd' }, epochs: 9, clock, budgetMs: 27_000 });
    expect([reason, elapsedMs]).toEqual(['budget', 27_000]);
  });
});

describe('a checkpoint of another run', () => {
  test('is refused, and what differs is named', async () => {
    await run(checkpoints('a'));
    const refuse = async (options: Partial<TrainingOptions>, task?: TrainingTask): Promise<string> => {
      const values = (task ?? taskOf()).arena.values.slice();
      const one = task ?? taskOf();
      const error = await run({ ...checkpoints('a'), ...options }, one).then(() => 'accepted', (refused: unknown) => refused);
      expect(error).toMatchObject({ code: 'client/invalidConfig' });
      expect(one.arena.values).toEqual(values);
      return error instanceof Error ? error.message : String(error);
    };
    const identity = { seed: 4, model: { width: 4 }, dataHash: 'd' };
    expect(await refuse({}, taskOf({ width: 5 }))).toContain('parameter "member" has shape [60, 4] there and has shape [60, 5] in this model');
    expect(await refuse({ identity: { ...identity, seed: 5 } })).toContain('"seed" is 4 there and 5 here');
    expect(await refuse({ identity: { ...identity, dataHash: 'e' } })).toContain('"dataHash" is "d" there and "e" here');
    expect(await refuse({ identity: { ...identity, model: { width: 4, heads: 2 } } })).toContain('"heads" is not set there and 2 here');
    expect(await refuse({ recipe: { ...RECIPE, clip: 1 } })).toContain('"clip" is 0.5 there and 1 here');
  });
  test('from another machine is taken up, with a word about the bits', async () => {
    const { signal, task } = stopAt(20);
    await run({ ...checkpoints('a'), signal, machine: { cpu: 'one', microBatch: 4 } }, task);
    const { events } = await run({ ...checkpoints('a'), machine: { cpu: 'two', microBatch: 4 } });
    expect(ofType(events, 'note')).toEqual([{ type: 'note', text: 'the run goes on, but not to the same bits: cpu was one and is two' }]);
  });
});

describe('numbers that are not finite', () => {
  test('end the run with a code of its own, epoch, batch and parameter named, and what to do', async () => {
    const task = taskOf();
    const broken = (step: TrainingTask['step']): TrainingTask => ({ ...task, step });
    await expect(run({}, broken(() => Promise.resolve({ loss: Number.NaN, targets: 1 })))).rejects.toMatchObject({ code: 'server/diverged', message: 'in epoch 1, batch 1, the loss is NaN: the training diverged, and the model being served stays; begin anew with another seed (--fresh --seed), or lower the rate' });
    await expect(run({}, broken(async (epoch, batch) => {
      const outcome = await task.step(epoch, batch);
      task.arena.parameter('bias').gradient[3] = Number.POSITIVE_INFINITY;
      return outcome;
    }))).rejects.toMatchObject({ code: 'server/diverged', message: expect.stringContaining('in epoch 1, batch 1, the gradient of parameter "bias" is not finite') as string, where: { field: 'bias' } });
    await expect(run({}, { ...task, validate: () => Promise.resolve({ metric: Number.NaN, details: {} }) })).rejects.toMatchObject({ code: 'server/diverged', message: expect.stringContaining('the metric of validation is NaN') as string });
  });
});
