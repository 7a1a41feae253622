/** Bodies in: JSON whole and bounded, NDJSON line by line with bounded memory. Parsing waits for the handler, so that a wrong body does not cost the connection. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { MINUTE } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import type { Limits } from './contracts.ts';
import { holdsPrototypeKey, parseJson, prototypeKeyError, type ParsedJson } from './json.ts';
import type { Request } from './route.ts';

export const NDJSON = 'application/x-ndjson';
const LINE_FEED = 0x0a;
/** A stream that brings less than this in one `bodyTimeoutMs` is given up. */
const LEAST_BYTES = 1024;

const tooSlow = (): ThroughlineError => new ThroughlineError('client/timeout', 'the body did not arrive in time; send it again over a faster connection or in smaller parts');
const bytesText = (bytes: number): string => bytes % 1_048_576 === 0 ? `${bytes / 1_048_576} MiB` : `${bytes} bytes`;
const tooLarge = (limit: number): ThroughlineError => new ThroughlineError('client/tooLarge', `the body is larger than ${bytesText(limit)}; send smaller batches, or an NDJSON stream`);

const readWhole = (payload: Readable, limits: Limits, done: (error: Error | null, body?: Buffer) => void): void => {
  const chunks: Buffer[] = [];
  let size = 0;
  const settle = (error: Error | null): void => {
    clearTimeout(timer);
    payload.removeAllListeners('data').removeAllListeners('end').removeAllListeners('error').removeAllListeners('close');
    if (error !== null) payload.on('error', () => undefined).resume();
    done(error, error === null ? Buffer.concat(chunks) : undefined);
  };
  const timer = setTimeout(() => settle(tooSlow()), limits.bodyTimeoutMs);
  payload.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limits.bodyBytes) settle(tooLarge(limits.bodyBytes));
    else chunks.push(chunk);
  });
  payload.on('end', () => settle(null));
  payload.on('error', settle);
  payload.on('close', () => settle(new ThroughlineError('client/timeout', 'the connection was closed before the body had arrived; send it again')));
};

/** Own parsers in place of the framework's: UTF-8 checked, places of faults named, time bounded. */
export const addBodyParsers = (app: FastifyInstance, limits: Limits): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', (request: Request, payload, done) => {
    if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytes) done(tooLarge(limits.bodyBytes));
    else readWhole(payload as unknown as Readable, limits, done);
  });
  app.addContentTypeParser(NDJSON, (_request, payload, done) => done(null, payload));
};

const assertReadable = (request: Request): void => {
  const { 'content-encoding': encoding, 'content-type': type = '' } = request.headers;
  const [, charset] = /charset\s*=\s*"?([^";\s]+)/i.exec(type) ?? [];
  if (encoding !== undefined && encoding !== 'identity') throw new ThroughlineError('client/unsupportedMedia', 'compressed bodies are not taken; send it without Content-Encoding');
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw new ThroughlineError('client/unsupportedMedia', 'only UTF-8 is taken; send the body in that encoding');
};

/** @throws client/invalidJson, client/unsupportedMedia */
const wholeJson = (request: Request): ParsedJson => {
  assertReadable(request);
  if (request.body instanceof Readable) throw new ThroughlineError('client/unsupportedMedia', 'this path takes no stream; send application/json');
  return parseJson(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
};

/** One JSON value. @throws client/invalidJson, client/invalidRequest, client/unsupportedMedia */
export const jsonBody = (request: Request): unknown => {
  const { value, suspect } = wholeJson(request);
  if (suspect && holdsPrototypeKey(value)) throw prototypeKeyError();
  return value;
};

/** One record of a batch, or why it cannot be one. */
export interface BatchEntry { readonly value?: unknown; readonly line?: number; readonly bytes?: number; readonly error?: ThroughlineError }

const entryOf = (value: unknown, suspect: boolean, line?: number): BatchEntry =>
  ({ ...(suspect && holdsPrototypeKey(value) ? { error: prototypeKeyError() } : { value }), ...(line === undefined ? {} : { line }) });

const jsonEntries = (request: Request, limits: Limits): readonly BatchEntry[] => {
  const { value, suspect } = wholeJson(request);
  const records: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (records.length > limits.batchRecords) throw new ThroughlineError('client/tooLarge', `the batch has ${records.length} records, at most ${limits.batchRecords} are taken; send several batches, or an NDJSON stream`);
  return records.map((record) => entryOf(record, suspect));
};

const lineEntry = (bytes: Buffer, line: number): BatchEntry | undefined => {
  try {
    if (bytes.length === 0 || (bytes.length === 1 && bytes[0] === 0x0d)) return undefined;
    const { value, suspect } = parseJson(bytes, line - 1);
    return { ...entryOf(value, suspect, line), bytes: bytes.length };
  } catch (error) {
    if (error instanceof ThroughlineError) return { error, line };
    throw error;
  }
};

/** Cuts a stream into lines; a line longer than the limit is dropped as it comes and told of once. */
const createLineCutter = (limits: Limits): { push(chunk: Buffer): readonly BatchEntry[]; end(): readonly BatchEntry[] } => {
  let parts: Buffer[] = [];
  let size = 0;
  let line = 1;
  const take = (): BatchEntry | undefined => {
    const entry = size > limits.lineBytes
      ? { line, error: new ThroughlineError('client/tooLarge', `line ${line} is longer than ${bytesText(limits.lineBytes)}; make the record smaller`, { where: { line } }) }
      : lineEntry(parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts), line);
    parts = []; size = 0; line++;
    return entry;
  };
  const add = (piece: Buffer): void => {
    size += piece.length;
    if (size > limits.lineBytes) parts = [];
    else if (piece.length > 0) parts.push(piece);
  };
  return {
    push: (chunk) => {
      const entries: BatchEntry[] = [];
      let start = 0;
      for (let feed = chunk.indexOf(LINE_FEED); feed >= 0; feed = chunk.indexOf(LINE_FEED, start)) {
        add(chunk.subarray(start, feed));
        const entry = take();
        if (entry !== undefined) entries.push(entry);
        start = feed + 1;
      }
      add(chunk.subarray(start));
      return entries;
    },
    end: () => {
      const entry = size > 0 ? take() : undefined;
      return entry === undefined ? [] : [entry];
    },
  };
};

/** Destroys a stream that has nearly stopped, so that it cannot hold its place for ever. */
const watchPace = (stream: Readable, everyMs: number): { count(bytes: number): void; pause(paused: boolean): void; stop(): void } => {
  let bytes = 0;
  let paused = false;
  const timer = setInterval(() => {
    if (!paused && bytes < LEAST_BYTES) stream.destroy(tooSlow());
    bytes = 0;
  }, Math.min(everyMs, MINUTE));
  return { count: (more) => { bytes += more; }, pause: (state) => { paused = state; bytes = LEAST_BYTES; }, stop: () => clearInterval(timer) };
};

async function* streamEntries(stream: Readable, limits: Limits): AsyncGenerator<readonly BatchEntry[]> {
  const cutter = createLineCutter(limits);
  const pace = watchPace(stream, limits.bodyTimeoutMs);
  try {
    for await (const chunk of stream) {
      pace.count((chunk as Buffer).length);
      const entries = cutter.push(chunk as Buffer);
      if (entries.length === 0) continue;
      pace.pause(true);
      yield entries;
      pace.pause(false);
    }
    yield cutter.end();
  } finally {
    pace.stop();
  }
}

/**
 * The records of a batch in pieces: one object, a list, or a stream of lines.
 * @throws client/invalidJson, client/tooLarge, client/unsupportedMedia for the batch as a whole; a fault of one record is its entry's
 */
export async function* batchEntries(request: Request, limits: Limits): AsyncGenerator<readonly BatchEntry[]> {
  if (!(request.body instanceof Readable)) { yield jsonEntries(request, limits); return; }
  assertReadable(request);
  yield* streamEntries(request.body, limits);
}
