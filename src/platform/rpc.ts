/** Calls from a worker to the main thread: a method of `Platform` by name, answered in any order. Errors keep their code. */
import type { MessagePort, Worker } from 'node:worker_threads';
import type { LogRecord } from '../log/port.ts';
import type { Platform } from './api.ts';
import { createCalls, faultOf, type Answer } from './calls.ts';
import type { TasteAccess } from './encoder-host.ts';

/** Everything but pages, which a worker answers itself. */
export type RemoteMethod = Exclude<keyof Platform, 'feed' | 'discovery' | 'cohort' | 'close'>;

export type ToMain =
  | { readonly type: 'call'; readonly id: number; readonly method: RemoteMethod; readonly args: readonly unknown[] }
  | { readonly type: 'served'; readonly records: readonly LogRecord[] }
  | { readonly type: 'listening' }
  | { readonly type: 'flushed'; readonly id: number };
export type ToWorker =
  | Answer
  /** States and vectors may be read from now on. */
  | { readonly type: 'taste'; readonly access: TasteAccess }
  | { readonly type: 'flush'; readonly id: number }
  | { readonly type: 'close'; readonly withinMs: number };

export interface Remote { call<T>(method: RemoteMethod, ...args: readonly unknown[]): Promise<T> }

export const createRemote = (port: MessagePort): Remote => {
  const calls = createCalls<ToMain>((message) => { port.postMessage(message); });
  port.on('message', (message: ToWorker) => { if (message.type === 'answer') calls.answered(message); });
  return { call: async <T>(method: RemoteMethod, ...args: readonly unknown[]) => (await calls.call((id) => ({ type: 'call', id, method, args }))) as T };
};

/** Answers the calls of one worker. */
export const serveCalls = (worker: Worker, platform: Platform): void => {
  const answer = async (message: Extract<ToMain, { type: 'call' }>): Promise<void> => {
    const method = platform[message.method] as (...args: readonly unknown[]) => Promise<unknown>;
    const reply = await method(...message.args).then((value): ToWorker => ({ type: 'answer', id: message.id, value }), (error: unknown): ToWorker => ({ type: 'answer', id: message.id, fault: faultOf(error) }));
    worker.postMessage(reply);
  };
  worker.on('message', (message: ToMain) => {
    if (message.type === 'call') answer(message).catch((error: unknown) => { worker.emit('error', error); });
  });
};

/** Resolves when a worker has handed over every served record it held: messages of one port keep their order. */
export const createFlusher = (worker: Worker): (() => Promise<void>) => {
  const waiting = new Map<number, () => void>();
  let next = 0;
  worker.on('message', (message: ToMain) => {
    if (message.type !== 'flushed') return;
    waiting.get(message.id)?.();
    waiting.delete(message.id);
  });
  return () => new Promise((resolve) => {
    const id = next++;
    waiting.set(id, resolve);
    worker.postMessage({ type: 'flush', id } satisfies ToWorker);
  });
};

/** Deeper than any valid record; whatever lies beneath is refused all the same. */
const DEEPEST = 16;

const isDeep = (value: unknown, left: number): boolean =>
  typeof value === 'object' && value !== null && (left === 0 || Object.values(value).some((inner) => isDeep(inner, left - 1)));

const clip = (value: unknown, left: number): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (left === 0) return null;
  return Array.isArray(value) ? value.map((inner) => clip(inner, left - 1)) : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clip(inner, left - 1)]));
};

/** Records as they may be copied to another thread: copying recurses, so the depth of somebody's JSON must not decide. */
export const clonable = (records: readonly unknown[]): readonly unknown[] =>
  records.map((record) => (isDeep(record, DEEPEST) ? clip(record, DEEPEST) : record));
