/**
 * The encoder where it runs: in a thread of its own, for arithmetic blocks its thread and a server must not wait for it. Where that thread's
 * file is not compiled (running from TypeScript sources) it runs here; same numbers.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Clock } from '../core/clock.ts';
import { createTaste, type Taste } from '../journey/taste.ts';
import { attachSpace, type SpaceHandle } from '../memory/space.ts';
import { readJourney } from '../models/journey/artefact.ts';
import { createJourneyReader, type JourneyReader } from '../models/journey/reader.ts';
import { createCalls, type Answer, type Fault } from './calls.ts';
import { createEncoder, type Changes, type Encoder, type EncoderModel } from './encoder.ts';
import type { JourneyReading } from './reading.ts';
import { createReadings } from './readings.ts';
import { openServedTaste, withLight } from './served-taste.ts';
import type { State } from './state.ts';

/** What a thread that answers requests needs to read states and to wait for them. Transfer both ports. */
export interface TasteAccess { readonly space: SpaceHandle; readonly port: MessagePort }

export interface EncoderHost extends Pick<Encoder, 'touched' | 'ask' | 'forget' | 'close'> {
  readonly taste: Taste;
  /** Resolves when this version serves. @throws what its reader throws; the one before it stays */
  serve(version: string): Promise<void>;
  /** What the model that serves reads in a member's sequence. @throws as `Readings` */
  reading(member: string): Promise<JourneyReading | undefined>;
  /** Access for one more thread. */
  share(): Promise<TasteAccess>;
}

export interface HostOptions {
  readonly data: string;
  readonly state: Pick<State, 'space' | 'catalog' | 'journey' | 'content'>;
  readonly clock: Clock;
  readonly plugins: readonly string[];
  readonly onFault: (error: unknown) => void;
}

export interface EncoderData { readonly data: string; readonly space: SpaceHandle; readonly plugins: readonly string[] }
export type ToEncoder =
  | { readonly type: 'touched'; readonly changes: Changes }
  | { readonly type: 'ask'; readonly id: number; readonly member: number }
  | { readonly type: 'serve'; readonly id: number; readonly version: string }
  | { readonly type: 'reading'; readonly id: number; readonly member: string }
  | { readonly type: 'share'; readonly id: number }
  | { readonly type: 'forget' | 'close'; readonly id: number };
export type FromEncoder = Answer | { readonly type: 'fault'; readonly fault: Fault } | { readonly type: 'ready'; readonly space: SpaceHandle };

/** @throws client/noModel and what its files deserve */
export const openVersion = async (data: string, version: string): Promise<EncoderModel> => {
  const artefact = await readJourney(data, version);
  return { ...createJourneyReader(artefact), heads: artefact.heads };
};

export const openReader = async (data: string, version: string): Promise<JourneyReader> => createJourneyReader(await readJourney(data, version));

/** Asks over a port for members' states: for threads that answer requests. */
export const createAsker = (port: MessagePort): ((member: number) => Promise<void>) => {
  const calls = createCalls<ToEncoder>((message) => { port.postMessage(message); });
  port.on('message', (message: Answer) => { calls.answered(message); });
  port.unref();
  return async (member) => { await calls.call((id) => ({ type: 'ask', id, member })); };
};

/** Answers what one thread asks. */
export const answerAsks = (port: MessagePort, encoder: Pick<Encoder, 'ask'>): void => {
  port.on('message', (message: ToEncoder) => {
    if (message.type !== 'ask') return;
    encoder.ask(message.member).then(() => { port.postMessage({ type: 'answer', id: message.id } satisfies Answer); }, () => undefined);
  });
  port.unref();
};

/** Where versions are read from, by whoever encodes and by whoever shows what is read in a sequence. */
export interface Opens { readonly encoder: (version: string) => Promise<EncoderModel>; readonly reader: (version: string) => Promise<JourneyReader> }

/** @param open reads a version; default: from the data folder */
export const encodeHere = ({ data, state, clock, onFault }: HostOptions, open: Opens = { encoder: (version) => openVersion(data, version), reader: (version) => openReader(data, version) }): EncoderHost => {
  const taste = createTaste();
  const encoder = createEncoder({ source: state, taste, clock }, onFault);
  const readings = createReadings({ source: state, taste, clock, open: open.reader });
  return {
    taste: withLight(taste), touched: encoder.touched, ask: encoder.ask, forget: encoder.forget, reading: readings.read,
    close: async () => {
      await readings.close();
      await encoder.close();
    },
    serve: (version) => encoder.serve(() => open.encoder(version)),
    share: async () => {
      const { port1, port2 } = new MessageChannel();
      answerAsks(port1, encoder);
      return { space: taste.space.share(), port: port2 };
    },
  };
};

const inThread = async (script: string, { data, state, plugins, onFault }: HostOptions): Promise<EncoderHost> => {
  const space = state.space.share();
  const worker = new Worker(script, { workerData: { data, space, plugins } satisfies EncoderData, transferList: [space.port] });
  const calls = createCalls<ToEncoder>((message) => { worker.postMessage(message); });
  const attached = await new Promise<SpaceHandle>((resolve, reject) => {
    worker.on('message', (message: FromEncoder) => {
      if (message.type === 'ready') resolve(message.space);
      else if (message.type === 'fault') onFault(calls.errorOf(message.fault));
      else calls.answered(message);
    });
    // Pages go on without states, as they do where there is no model.
    worker.once('error', (error) => { reject(error); calls.fail(error); onFault(error); });
    worker.once('exit', () => { calls.fail(new Error('the encoder has ended')); });
  });
  worker.unref();
  let waiting = 0;
  // It keeps the process alive only while somebody waits for an answer.
  const call = async (message: (id: number) => ToEncoder): Promise<unknown> => {
    if (waiting++ === 0) worker.ref();
    try { return await calls.call(message); } finally { if (--waiting === 0) worker.unref(); }
  };
  return {
    taste: openServedTaste(attachSpace(attached)),
    touched: (changes) => { worker.postMessage({ type: 'touched', changes } satisfies ToEncoder); },
    ask: async (member) => { await call((id) => ({ type: 'ask', id, member })); },
    forget: async () => { await call((id) => ({ type: 'forget', id })); },
    serve: async (version) => { await call((id) => ({ type: 'serve', id, version })); },
    reading: async (member) => (await call((id) => ({ type: 'reading', id, member }))) as JourneyReading | undefined,
    share: async () => (await call((id) => ({ type: 'share', id }))) as TasteAccess,
    close: async () => {
      await call((id) => ({ type: 'close', id })).catch(() => undefined);
      await worker.terminate();
    },
  };
};

export const startEncoder = async (options: HostOptions): Promise<EncoderHost> => {
  const script = fileURLToPath(new URL('./encoder-thread.js', import.meta.url));
  return existsSync(script) ? inThread(script, options) : encodeHere(options);
};
