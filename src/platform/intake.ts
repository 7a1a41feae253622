/** What comes in: validated one by one, stored together, and each told what became of it. */
import { ThroughlineError } from '../core/errors.ts';
import type { Millis } from '../core/ids.ts';
import type { Appended, LogRecord } from '../log/port.ts';
import type { Projector } from '../log/projector.ts';
import type { BatchOutcome, Rejection } from './api.ts';

/** When and under which id the server writes a record of its own. */
export interface Stamp { readonly now: Millis; readonly recordId: string }

export interface Intake {
  /** Resolves when on disk and applied. @throws server/storeUnwritable, server/notReady */
  submit(records: readonly LogRecord[]): Promise<readonly Appended[]>;
  /**
   * Served records: nobody waits for them, and a log that takes nothing does not keep a page from being served. They are gathered
   * for a moment, so that many pages cost one flush, and go ahead of whatever is submitted after them: whoever is told that an action
   * is on disk knows the page behind it to be there, too.
   */
  record(records: readonly LogRecord[]): void;
  storeBatch(values: readonly unknown[], toRecord: (value: unknown) => LogRecord): Promise<BatchOutcome>;
  /** False once a write failed: nothing is acknowledged until the store is opened again. */
  readonly writable: boolean;
  /** Resolves when everything taken so far is on disk and applied. */
  idle(): Promise<void>;
  /** Takes nothing more; what was gathered is on its way. */
  stop(): void;
  readonly stopped: boolean;
}

/** How long served records are gathered, and how many. */
const GATHER_MS = 10;
const GATHERED_AT_MOST = 256;

const rejection = (error: unknown, index: number): Rejection => {
  if (!(error instanceof ThroughlineError)) throw error;
  return { index, code: error.code, detail: error.message, where: { ...error.where, index } };
};

const conflict = (id: string): ThroughlineError =>
  new ThroughlineError('client/conflict', `the event id "${id}" came before with another content; that one stands and this one is quarantined. Give each event an id of its own`, { where: { field: 'id' } });

const outcomeOf = (appended: readonly Appended[], rejected: readonly Rejection[]): BatchOutcome => {
  const count = (wanted: Appended['outcome']): number => appended.filter(({ outcome }) => outcome === wanted).length;
  return { accepted: count('stored'), duplicates: count('duplicate'), rejected: rejected.toSorted((a, b) => a.index - b.index) };
};

export const createIntake = (projector: Projector): Intake => {
  let writable = true;
  let stopped = false;
  let gathered: LogRecord[] = [];
  let timer: NodeJS.Timeout | undefined;
  const append = async (records: readonly LogRecord[]): Promise<readonly Appended[]> => {
    try { return await projector.submit(0, records); } catch (error) {
      if (error instanceof ThroughlineError && error.code === 'server/storeUnwritable') writable = false;
      throw error;
    }
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const records = gathered;
    gathered = [];
    // A page that was not recorded is a page that nobody learns from; `writable` says so.
    if (records.length > 0) append(records).catch(() => undefined);
  };
  const submit = async (records: readonly LogRecord[]): Promise<readonly Appended[]> => {
    if (stopped) throw new ThroughlineError('server/notReady', 'the server is stopping; send it again in a moment');
    if (records.length === 0) return [];
    flush();
    return append(records);
  };
  return {
    submit,
    record: (records) => {
      if (!writable || stopped) return;
      gathered.push(...records);
      if (gathered.length >= GATHERED_AT_MOST) flush();
      else timer ??= setTimeout(flush, GATHER_MS);
    },
    idle: () => { flush(); return projector.idle(); },
    storeBatch: async (values, toRecord) => {
      const records: LogRecord[] = [];
      const indices: number[] = [];
      const rejected: Rejection[] = [];
      values.forEach((value, index) => {
        try { records.push(toRecord(value)); indices.push(index); } catch (error) { rejected.push(rejection(error, index)); }
      });
      const appended = await submit(records);
      appended.forEach(({ outcome }, i) => { if (outcome === 'quarantined') rejected.push(rejection(conflict(records[i]?.id ?? ''), indices[i] ?? 0)); });
      return outcomeOf(appended, rejected);
    },
    get writable() { return writable; },
    stop: () => { flush(); stopped = true; },
    get stopped() { return stopped; },
  };
};
