/**
 * The single writer of a store: gives out dense sequences, recognises repeats, and commits in groups. Appends that arrive while
 * one group is being flushed form the next, so a thousand callers cost one flush. Groups are committed in order, so whoever
 * repeats a record that is still on its way is answered after the original is on disk.
 */
import { ThroughlineError } from '../core/errors.ts';
import type { Millis } from '../core/ids.ts';
import { createBlockBuilder, type Block, type Draft } from './blocks.ts';
import { checkRecord, sameContent, type Span } from './codec.ts';
import type { Committer } from './commit.ts';
import { quarantineValue } from './quarantine.ts';
import { createDeduplicator, historyKey, historyValue, type Deduplicator } from './deduplicate.ts';
import type { Appended, LogRecord } from './port.ts';
import { blockBase, keySequence, readBlock, refresh, seek, sequenceKey, storedEnd, type Put, type Store } from './store.ts';

export interface Writer {
  append(partition: number, records: readonly LogRecord[]): Promise<readonly Appended[]>;
  /** The next sequence to be given out, and the next to be flushed. */
  assigned(partition: number): number;
  durable(partition: number): number;
  /** The next number of a quarantined record, those on their way included. */
  quarantineEnd(): number;
  readonly deduplicator: Deduplicator;
  /** Resolves when everything appended so far is on disk. */
  flush(): Promise<void>;
  /** Other writes, in their turn. */
  put(puts: readonly Put[]): Promise<void>;
  /** Holds the next group back while `work` runs (appends queue up); `work` may answer with the store to go on with. */
  exclusively(work: () => Promise<{ readonly store: Store; readonly committer: Committer } | undefined>): Promise<void>;
  close(): Promise<void>;
}

interface Group {
  readonly puts: Put[];
  /** Sequences of the ids of imports, by key. */
  readonly imported: Map<string, number>;
  readonly quarantined: Buffer[];
  readonly done: Promise<void>;
  settle(error?: Error): void;
}

const createGroup = (): Group => {
  let settle: (error?: Error) => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => { settle = (error) => { if (error === undefined) resolve(); else reject(error); }; });
  // Whoever appended waits for it too; a group without waiters must not count as an unhandled rejection.
  done.catch(() => undefined);
  return { puts: [], imported: new Map(), quarantined: [], done, settle };
};

export interface WriterParts {
  readonly partitions: number;
  readonly store: Store;
  readonly committer: Committer;
  readonly now: () => Millis;
  /** Called after each flush. */
  readonly onDurable: () => void;
}

export const createWriter = (parts: WriterParts): Writer => {
  const { partitions } = parts;
  let { store, committer } = parts;
  const builders = Array.from({ length: partitions }, () => createBlockBuilder(parts.now));
  const next = builders.map((_, partition) => storedEnd(store, partition));
  const durable = [...next];
  const flying: (readonly Block[])[] = builders.map(() => []);
  let quarantineNext = nextQuarantined(store);
  let open = createGroup();
  let committing: Group | undefined;
  let wanted = false;
  let pumping: Promise<void> | undefined;
  let failure: ThroughlineError | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  /** One at a time, in the order asked for. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  /** The encoded record, wherever it is by now; undefined where it was erased or retired. */
  const encoded = (partition: number, sequence: number): Span | undefined => {
    const waiting = [...(flying[partition] ?? []), builders[partition]?.open()].findLast((block) => block !== undefined && block.base <= sequence);
    const bytes = waiting?.bytes ?? cachedBlock(partition, sequence);
    if (bytes === undefined) return undefined;
    const cursor = seek(bytes, partition, sequence);
    return cursor === undefined ? undefined : { buffer: bytes, start: cursor.start, end: cursor.end };
  };
  // Repeats come in the order of the originals; one block answers for hundreds of them.
  let cached: { readonly partition: number; readonly base: number; readonly bytes: Buffer | undefined } | undefined;
  const cachedBlock = (partition: number, sequence: number): Buffer | undefined => {
    const base = blockBase(store, partition, sequence);
    if (base === undefined) return undefined;
    if (cached?.partition !== partition || cached.base !== base) cached = { partition, base, bytes: readBlock(store, partition, base) };
    return cached.bytes;
  };

  const imported = (key: Buffer): number | undefined => {
    const name = key.toString('latin1');
    const onItsWay = open.imported.get(name) ?? committing?.imported.get(name);
    if (onItsWay !== undefined) return onItsWay;
    const value = store.tables[store.history]?.getBinary(key);
    return value === undefined ? undefined : keySequence(value);
  };
  const deduplicator = createDeduplicator({ partitions, now: parts.now, encoded, imported });
  for (let partition = 0; partition < partitions; partition++) deduplicator.recall(store, partition);

  const admit = (partition: number, record: LogRecord, builder: ReturnType<typeof createBlockBuilder>): Appended => {
    const sequence = next[partition] ?? 0;
    const draft: Draft = builder.draft(record, sequence);
    const known = deduplicator.findOrTake(partition, draft);
    if (known !== undefined) {
      const same = known.span === undefined || sameContent(known.span, draft, record.envelopeBytes ?? 0);
      if (!same) open.quarantined.push(quarantineValue(partition, draft.buffer.subarray(draft.start, draft.end)));
      return { outcome: same ? 'duplicate' : 'quarantined', position: { partition, sequence: known.sequence } };
    }
    builder.keep(draft);
    next[partition] = sequence + 1;
    if (record.deduplicate === 'history') {
      const key = historyKey(partition, record.id);
      open.imported.set(key.toString('latin1'), sequence);
      open.puts.push({ table: store.history, key, value: historyValue(sequence, record.member) });
    }
    return { outcome: 'stored', position: { partition, sequence } };
  };

  const collect = (group: Group): Put[] => {
    const puts = group.puts;
    for (const [partition, builder] of builders.entries()) {
      const blocks = builder.take();
      flying[partition] = blocks;
      for (const { base, bytes } of blocks) puts.push({ table: store.blocks(partition), key: sequenceKey(base), value: bytes });
    }
    for (const value of group.quarantined) puts.push({ table: store.quarantine, key: sequenceKey(quarantineNext++), value });
    return puts;
  };

  const fail = (cause: unknown): void => {
    failure ??= cause instanceof ThroughlineError ? cause : new ThroughlineError('server/storeUnwritable', `${store.file} could not be written; nothing new is accepted until a restart`, { cause });
  };

  const commitGroup = async (): Promise<void> => {
    const group = open;
    open = createGroup();
    committing = group;
    wanted = false;
    const ends = [...next];
    const puts = collect(group);
    try {
      if (failure !== undefined) throw failure;
      if (puts.length > 0) await committer.commit(puts);
    } catch (error) {
      fail(error);
      group.settle(failure);
      return;
    }
    refresh(store);
    ends.forEach((end, partition) => { durable[partition] = end; flying[partition] = []; });
    committing = undefined;
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
    deduplicator,
    assigned: (partition) => next[partition] ?? 0,
    durable: (partition) => durable[partition] ?? 0,
    quarantineEnd: () => quarantineNext + open.quarantined.length,
    append: async (partition, records) => {
      if (failure !== undefined) throw failure;
      const builder = builders[partition];
      if (builder === undefined) throw new ThroughlineError('server/internal', `there is no partition ${partition}; this store has ${partitions}`);
      records.forEach(checkRecord);
      if (records.length === 0) return [];
      const appended = records.map((record) => admit(partition, record, builder));
      await join();
      return appended;
    },
    flush: () => join(),
    put: (puts) => {
      open.puts.push(...puts);
      return join();
    },
    exclusively: (work) => inTurn(async () => {
      const replacement = await work();
      if (replacement === undefined) return;
      ({ store, committer } = replacement);
      cached = undefined;
      quarantineNext = nextQuarantined(store);
    }),
    close: async () => {
      await pumping;
      await committer.close();
    },
  };
};

/** The next number of a quarantined record. */
export const nextQuarantined = (store: Store): number => {
  for (const key of store.tables[store.quarantine]?.getKeys({ reverse: true, limit: 1 }) ?? []) return keySequence(key) + 1;
  return 0;
};
