/** A batch answered record by record: one bad record never sinks the good ones. */
import { Readable } from 'node:stream';
import { ThroughlineError } from '../core/errors.ts';
import type { BatchOutcome, Rejection } from '../platform/api.ts';
import { batchEntries, type BatchEntry } from './body.ts';
import type { BatchAnswer, Limits } from './contracts.ts';
import type { Reply, Request } from './route.ts';
import { asThroughlineError, BatchFailure, problemOf } from './problems.ts';

/** Records handed on together: one flush of the log covers them. */
const CHUNK_RECORDS = 1000;
/** And at most so much text of a stream waits to be handed on. */
const CHUNK_BYTES = 4 * 1024 * 1024;

export interface BatchWork {
  /** Refuses a record before it is handed on. */
  readonly refuse?: (record: unknown) => ThroughlineError | undefined;
  readonly store: (records: readonly unknown[]) => Promise<BatchOutcome>;
}

type ListedRejection = BatchAnswer['rejected'][number];

interface Tally { accepted: number; duplicates: number; unlisted: number; readonly rejected: ListedRejection[]; first?: ThroughlineError }

const reject = (tally: Tally, error: ThroughlineError, options: { readonly index: number; readonly line: number | undefined; readonly most: number }): void => {
  const { field } = error.where;
  tally.first ??= error;
  if (tally.rejected.length >= options.most) { tally.unlisted++; return; }
  tally.rejected.push({
    index: options.index, ...(options.line === undefined ? {} : { line: options.line }),
    code: error.code, detail: problemOf(error).detail, ...(field === undefined ? {} : { field }),
  });
};

const answerOf = (tally: Tally): BatchAnswer => ({
  accepted: tally.accepted, duplicates: tally.duplicates,
  rejected: tally.rejected.sort((a, b) => a.index - b.index),
  ...(tally.unlisted > 0 ? { rejectedUnlisted: tally.unlisted } : {}),
});

const rejectionError = (rejection: Rejection): ThroughlineError =>
  new ThroughlineError(rejection.code, rejection.detail, rejection.where === undefined ? {} : { where: rejection.where });

const storeChunk = async (entries: readonly BatchEntry[], offset: number, parts: { readonly work: BatchWork; readonly tally: Tally; readonly most: number }): Promise<void> => {
  const { work, tally, most } = parts;
  const places: number[] = [];
  const records: unknown[] = [];
  entries.forEach((entry, place) => {
    const error = entry.error ?? work.refuse?.(entry.value);
    if (error !== undefined) { reject(tally, error, { index: offset + place, line: entry.line, most }); return; }
    places.push(place);
    records.push(entry.value);
  });
  if (records.length === 0) return;
  const outcome = await work.store(records);
  tally.accepted += outcome.accepted;
  tally.duplicates += outcome.duplicates;
  for (const rejection of outcome.rejected) {
    const place = places[rejection.index] ?? rejection.index;
    reject(tally, rejectionError(rejection), { index: offset + place, line: entries[place]?.line, most });
  }
};

const run = async (request: Request, limits: Limits, parts: { readonly work: BatchWork; readonly tally: Tally; readonly most: number }): Promise<void> => {
  let index = 0;
  let waiting: BatchEntry[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const chunk = waiting;
    waiting = [];
    bytes = 0;
    await storeChunk(chunk, index, parts);
    index += chunk.length;
  };
  for await (const entries of batchEntries(request, limits)) {
    for (const entry of entries) {
      waiting.push(entry);
      bytes += entry.bytes ?? 0;
      if (waiting.length >= CHUNK_RECORDS || bytes >= CHUNK_BYTES) await flush();
    }
  }
  await flush();
};

/** Answers 200 with counts when something was accepted or there already, else the problem of the first rejection with all of them listed. */
export const answerBatch = async (request: Request, reply: Reply, options: { readonly limits: Limits; readonly work: BatchWork }): Promise<Reply> => {
  const { limits, work } = options;
  const tally: Tally = { accepted: 0, duplicates: 0, unlisted: 0, rejected: [] };
  try {
    await run(request, limits, { work, tally, most: limits.listedRejections });
  } catch (thrown) {
    // The rest of a stream stays unread; the connection cannot carry another request.
    if (request.body instanceof Readable) reply.header('connection', 'close');
    throw tally.accepted + tally.duplicates > 0 ? new BatchFailure(asThroughlineError(thrown), answerOf(tally)) : thrown;
  }
  const answer = answerOf(tally);
  if (tally.first === undefined || tally.accepted + tally.duplicates > 0) return reply.send(answer);
  const [first] = answer.rejected;
  throw new BatchFailure(tally.first, { ...answer, ...(first === undefined ? {} : { index: first.index, ...(first.line === undefined ? {} : { line: first.line }) }) });
};
