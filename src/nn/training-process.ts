/**
 * The process that trains: is told by its parent which module to run, and sends what happens and what comes of it. It yields to
 * whoever serves on this machine: at nice 19 a server on the same core keeps its tail latency, at nice 0 it does not.
 *
 * A signal, the parent's word or the parent's death all mean the same: finish the batch, write a checkpoint, end.
 */
import { constants, setPriority } from 'node:os';
import { systemClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import type { FromTraining, ToTraining, TrainingModule } from './child.ts';
import type { TrainingEvent } from './loop.ts';

/** Batches can be milliseconds long; nobody watches faster than this. */
const BATCH_EVENT_MS = 200;

setPriority(constants.priority.PRIORITY_LOW);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { stop.abort(); });
process.once('disconnect', () => { stop.abort(); });

/** Resolves when it is on its way; a parent that is gone needs no answer. */
const send = (message: FromTraining): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, undefined, () => { resolve(); });
  });

let batchSentAt = Number.NEGATIVE_INFINITY;
const onEvent = (event: TrainingEvent): void => {
  if (event.type === 'batch') {
    if (systemClock.now() - batchSentAt < BATCH_EVENT_MS && event.batch < event.batches - 1) return;
    batchSentAt = systemClock.now();
  }
  void send({ type: 'event', event });
};

const run = async (message: Extract<ToTraining, { type: 'start' }>): Promise<void> => {
  try {
    const { runTrainingModule } = await import(message.module) as TrainingModule;
    const result = await runTrainingModule(message.options, { signal: stop.signal, clock: systemClock, onEvent });
    await send({ type: 'done', result });
  } catch (error) {
    const described = error instanceof ThroughlineError ? { code: error.code, where: error.where } : {};
    await send({ type: 'failed', message: error instanceof Error ? error.message : String(error), ...described });
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
};

process.on('message', (message: ToTraining) => {
  if (message.type === 'stop') stop.abort();
  else void run(message);
});
