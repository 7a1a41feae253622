/**
 * Training in a process of its own, at the lowest priority: arithmetic blocks the thread it runs on, and a server must not wait for
 * it. Where the process's file is not compiled (running from TypeScript sources) the module runs here; same numbers, same events.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock, type Clock } from '../core/clock.ts';
import { ThroughlineError, type ErrorCode, type Where } from '../core/errors.ts';
import type { TrainingEvent } from './loop.ts';

export interface TrainingHost {
  /** Aborted when the run is to write a checkpoint and return. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly onEvent: (event: TrainingEvent) => void;
}
/** What a training module exports. Options and result cross processes: plain data and typed arrays. */
export interface TrainingModule { readonly runTrainingModule: (options: unknown, host: TrainingHost) => Promise<unknown> }

export interface TrainingRequest {
  /** The module's URL, as of `new URL('./module.js', import.meta.url).href`. */
  readonly module: string;
  readonly options: unknown;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Aborted: the run writes a checkpoint and resolves with what it has. */
  readonly signal?: AbortSignal;
}

export type ToTraining = { readonly type: 'start'; readonly module: string; readonly options: unknown } | { readonly type: 'stop' };
export type FromTraining =
  | { readonly type: 'event'; readonly event: TrainingEvent }
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly message: string; readonly code?: ErrorCode; readonly where?: Where };

/** A child that is gone cannot be told anything; how it went is heard when it closes. */
const tell = (child: ChildProcess, message: ToTraining): void => { if (child.connected) child.send(message, () => undefined); };

const inProcess = async (script: string, request: TrainingRequest): Promise<unknown> => {
  // What the child prints is for people: standard output belongs to the answer of this command.
  const child = fork(script, { stdio: ['ignore', 2, 2, 'ipc'], serialization: 'advanced', execArgv: [] });
  let outcome: Exclude<FromTraining, { type: 'event' }> | undefined;
  child.on('message', (message: FromTraining) => {
    if (message.type === 'event') request.onEvent?.(message.event);
    else outcome = message;
  });
  // Over the channel and not by a signal: it waits there for a child that is still starting.
  const stop = (): void => { tell(child, { type: 'stop' }); };
  request.signal?.addEventListener('abort', stop);
  tell(child, { type: 'start', module: request.module, options: request.options });
  if (request.signal?.aborted === true) stop();
  try {
    const ended = await new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => { resolve(signal ?? `exit code ${code}`); });
    });
    if (outcome?.type === 'done') return outcome.result;
    if (outcome === undefined) throw new ThroughlineError('server/internal', `the training process ended before it was done (${ended}); its last checkpoint is whole: run the same command to go on from there`);
    throw outcome.code === undefined ? new Error(outcome.message) : new ThroughlineError(outcome.code, outcome.message, { where: outcome.where ?? {} });
  } finally {
    request.signal?.removeEventListener('abort', stop);
  }
};

/**
 * Runs `runTrainingModule` of the module and resolves with its result.
 * @throws what the module throws, a ThroughlineError with its code; server/internal where the process is killed
 */
export const runTraining = async (request: TrainingRequest): Promise<unknown> => {
  const script = fileURLToPath(new URL('./training-process.js', import.meta.url));
  if (existsSync(script)) return inProcess(script, request);
  const { runTrainingModule } = await import(request.module) as TrainingModule;
  const never = new AbortController().signal;
  return runTrainingModule(request.options, { signal: request.signal ?? never, clock: systemClock, onEvent: request.onEvent ?? (() => undefined) });
};
