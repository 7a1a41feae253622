/**
 * The single writer of a store: commits in groups. Appends that arrive while one group is being flushed form the next, so a
 * thousand callers cost one flush. Groups are committed in order, so whoever repeats a record that is still on its way is
 * answered after the original is on disk.
 */
import { ThroughlineError } from '../core/errors.ts';
import type { Millis } from '../core/ids.ts';
import { checkRecord } from './codec.ts';
import type { Committer } from './commit.ts';
import { createIntake, type Intake } from './intake.ts';
import type { Appended, LogRecord } from './port.ts';
import { createTurns } from './signal.ts';
import { refresh, type Put, type Store } from './store.ts';

export interface Writer {
  append(partition: number, records: readonly LogRecord[]): Promise<readonly Appended[]>;
  /** The sequence before which everything is on disk. */
  durable(partition: number): number;
  readonly intake: Intake;
  /** Resolves when everything appended so far is on disk. */
  flush(): Promise<void>;
  /** Other writes, in their turn. */
  put(puts: readonly Put[]): Promise<void>;
  /** Holds the next group back while `work` runs (appends queue up); `work` answers with the store to go on with. */
  exclusively(work: () => Promise<Target>): Promise<void>;
  close(): Promise<void>;
}

export interface Target { readonly store: Store; readonly committer: Committer }

interface Group { readonly done: Promise<void>; settle(error?: Error): void }

const createGroup = (): Group => {
  let settle: (error?: Error) => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => { settle = (error) => { if (error === undefined) resolve(); else reject(error); }; });
  // Whoever appended waits for it too; a group without waiters must not count as an unhandled rejection.
  done.catch(() => undefined);
  return { done, settle };
};

export interface WriterParts {
  readonly partitions: number;
  readonly target: Target;
  readonly now: () => Millis;
  /** Called after each flush. */
  readonly onDurable: () => void;
}

export const createWriter = (parts: WriterParts): Writer => {
  let { target } = parts;
  const intake = createIntake({ partitions: parts.partitions, store: () => target.store, now: parts.now });
  const ends = (): number[] => Array.from({ length: parts.partitions }, (_, partition) => intake.next(partition));
  let durable = ends();
  let open = createGroup();
  let wanted = false;
  let pumping: Promise<void> | undefined;
  let failure: Error | undefined;
  const inTurn = createTurns();

  const commitGroup = async (): Promise<void> => {
    const group = open;
    open = createGroup();
    wanted = false;
    const reached = ends();
    const puts = intake.depart();
    try {
      if (failure !== undefined) throw failure;
      if (puts.length > 0) await target.committer.commit(puts);
      refresh(target.store);
    } catch (error) {
      // For ever: after a failed flush nobody knows what is on disk, so nothing may be acknowledged on top of it.
      failure = error instanceof Error ? error : new Error(String(error));
      group.settle(failure);
      return;
    }
    durable = reached;
    intake.landed();
    parts.onDurable();
    group.settle();
  };

  const pump = async (): Promise<void> => {
    // One turn of the event loop gathers what is arriving right now into the first group.
    await new Promise((resolve) => { setImmediate(resolve); });
    while (wanted) await inTurn(commitGroup);
    pumping = undefined;
  };

  const join = (): Promise<void> => {
    wanted = true;
    pumping ??= pump();
    return open.done;
  };

  return {
    intake,
    durable: (partition) => durable[partition] ?? 0,
    append: async (partition, records) => {
      if (failure !== undefined) throw failure;
      records.forEach(checkRecord);
      const appended = intake.admit(partition, records);
      if (appended === undefined) throw new ThroughlineError('server/internal', `there is no partition ${partition}; this store has ${parts.partitions}`);
      if (records.length > 0) await join();
      return appended;
    },
    flush: () => join(),
    put: (puts) => {
      intake.add(puts);
      return join();
    },
    exclusively: (work) => inTurn(async () => {
      target = await work();
      intake.moved();
    }),
    close: async () => {
      await pumping;
      await target.committer.close();
    },
  };
};
