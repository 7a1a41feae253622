/** Calls from a worker to the main thread: a method of `Platform` by name, answered in any order. Errors keep their code. */
import type { MessagePort, Worker } from 'node:worker_threads';
import { ThroughlineError, type ErrorCode, type Where } from '../core/errors.ts';
import type { LogRecord } from '../log/port.ts';
import type { Platform } from './api.ts';

/** Everything but the feed, which a worker answers itself. */
export type RemoteMethod = Exclude<keyof Platform, 'feed' | 'close'>;

interface Fault { readonly code: ErrorCode; readonly detail: string; readonly where: Where }
export type ToMain =
  | { readonly type: 'call'; readonly id: number; readonly method: RemoteMethod; readonly args: readonly unknown[] }
  | { readonly type: 'served'; readonly records: readonly LogRecord[] }
  | { readonly type: 'listening' }
  | { readonly type: 'flushed'; readonly id: number };
export type ToWorker =
  | { readonly type: 'answer'; readonly id: number; readonly value?: unknown; readonly fault?: Fault }
  | { readonly type: 'flush'; readonly id: number }
  | { readonly type: 'close'; readonly withinMs: number };

export interface Remote { call<T>(method: RemoteMethod, ...args: readonly unknown[]): Promise<T> }

const faultOf = (error: unknown): Fault =>
  error instanceof ThroughlineError ? { code: error.code, detail: error.message, where: error.where }
    : { code: 'server/internal', detail: error instanceof Error ? error.message : String(error), where: {} };

export const createRemote = (port: MessagePort): Remote => {
  const waiting = new Map<number, { readonly resolve: (value: never) => void; readonly reject: (error: Error) => void }>();
  let next = 0;
  port.on('message', (message: ToWorker) => {
    if (message.type !== 'answer') return;
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.fault === undefined) call?.resolve(message.value as never);
    else call?.reject(new ThroughlineError(message.fault.code, message.fault.detail, { where: message.fault.where }));
  });
  return {
    call: <T>(method: RemoteMethod, ...args: readonly unknown[]) => new Promise<T>((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      port.postMessage({ type: 'call', id, method, args } satisfies ToMain);
    }),
  };
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
