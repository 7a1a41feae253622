/** The embedded log: LMDB in one folder, one writer, any number of readers in other processes. */
import { rmSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { createCommitter, takeEpoch, type Committer } from './commit.ts';
import { memberRemoval, parseErasure, ERASURE_KEY, erasureMark, policyRemoval, type Erasure } from './erasure.ts';
import { STORE_FORMAT, dataFile, guarded, makeFolder, readManifest, removeOtherGenerations, writeManifest } from './folder.ts';
import { lockFolder } from './lock.ts';
import type { Log, LogRecord, Position, Redactor } from './port.ts';
import { listQuarantined, type Quarantined } from './quarantine.ts';
import { getRecord, readLog } from './read.ts';
import { openReader } from './reader.ts';
import { countRemoved, createRewrite, type Removal } from './rewrite.ts';
import { createSignal } from './signal.ts';
import { openStore, type Store } from './store.ts';
import { createWriter, type Writer } from './writer.ts';

export interface LmdbLogOptions {
  readonly folder: string;
  /** Fixed when the folder is created; may be left out afterwards. */
  readonly partitions?: number;
  readonly clock: Clock;
  /** What an erasure takes out of other members' records. */
  readonly redactor?: Redactor;
  /** Takes no lock, writes nothing, and sees what another process writes. */
  readonly readOnly?: boolean;
}

export interface LmdbLog extends Log {
  readonly folder: string;
  /** Records whose id came before with another content. */
  quarantined(): readonly Quarantined[];
}

/**
 * @throws server/storeInUse, server/storeNewer, server/storeCorrupt, server/storeUnwritable, client/invalidConfig;
 * client/noData where a folder to be read does not hold a store
 */
export const openLmdbLog = async (options: LmdbLogOptions): Promise<LmdbLog> => {
  if (options.readOnly === true) return openReader(options.folder);
  const release = guarded(options.folder, () => {
    makeFolder(options.folder);
    return lockFolder(options.folder);
  });
  try {
    return await openWriter(options, release);
  } catch (error) {
    release();
    throw error;
  }
};

const openWriter = async (options: LmdbLogOptions, release: () => void): Promise<LmdbLog> => {
  const { folder, clock } = options;
  const manifest = readManifest(folder);
  const partitions = manifest?.partitions ?? options.partitions ?? 1;
  if (options.partitions !== undefined && options.partitions !== partitions) throw new ThroughlineError('client/invalidConfig', `${folder} has ${partitions} partitions, not ${options.partitions}; the number is fixed when the folder is created`);
  let generation = manifest?.generation ?? 1;
  const begin = (file: string): { readonly store: Store; readonly committer: Committer } => guarded(folder, () => {
    const opened = openStore(file, { partitions });
    return { store: opened, committer: createCommitter(opened, { partitions, epoch: takeEpoch(opened) }) };
  });
  let current = begin(dataFile(folder, generation));
  if (manifest === undefined) writeManifest(folder, { format: STORE_FORMAT, partitions, generation });
  removeOtherGenerations(folder, generation);
  const changed = createSignal();
  let closed = false;
  const writer: Writer = createWriter({ partitions, ...current, now: () => clock.now(), onDurable: () => changed.notify() });
  const durable = (): number[] => Array.from({ length: partitions }, (_, partition) => writer.durable(partition));

  /** Goes on in a new file without what must go. */
  const rewrite = async (removal: Removal): Promise<void> => {
    const old = current;
    const file = dataFile(folder, generation + 1);
    for (const leftover of [file, `${file}-lock`]) rmSync(leftover, { force: true });
    const fresh = begin(file);
    try {
      const copy = createRewrite({ from: old.store, partitions, removal }, fresh);
      await copy.copyBlocks(durable());
      await writer.exclusively(async () => {
        await copy.finish(durable());
        writeManifest(folder, { format: STORE_FORMAT, partitions, generation: generation + 1 });
        generation++;
        current = fresh;
        return fresh;
      });
    } catch (error) {
      await fresh.committer.close();
      await fresh.store.close();
      throw error;
    }
    await old.committer.close();
    await old.store.close();
    removeOtherGenerations(folder, generation);
  };

  const erase = async (erasure: Erasure): Promise<number> => {
    await writer.flush();
    const { removal, ids } = memberRemoval(erasure, options.redactor);
    const { records, anything } = await countRemoved({ from: current.store, partitions, removal });
    if (!anything) return 0;
    const erased = ids();
    // From here on an interrupted erasure is done again at the next opening.
    await writer.put([erasureMark(current.store, erasure)]);
    await rewrite(removal);
    for (const id of erased) writer.deduplicator.forget(id);
    return records;
  };

  // Rewrites take turns: each copies what the one before left.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  const unfinished = current.store.tables[current.store.meta]?.getBinary(ERASURE_KEY);
  if (unfinished !== undefined) await rewrite(memberRemoval(parseErasure(unfinished), options.redactor).removal);

  return {
    folder,
    partitions,
    append: (partition: number, records: readonly LogRecord[]) => writer.append(partition, records),
    read: (from, readOptions = {}) => readLog({ store: () => current.store, end: (partition) => writer.durable(partition), changed: (signal) => changed.wait(signal), closed: () => closed }, from, readOptions),
    get: (position: Position) => (position.sequence < writer.durable(position.partition) ? getRecord(current.store, position) : undefined),
    end: () => durable().map((sequence, partition) => ({ partition, sequence })),
    erase: (member) => {
      const erasure = { member, ends: durable().map((_, partition) => writer.assigned(partition)), quarantined: writer.quarantineEnd() };
      return inTurn(() => erase(erasure));
    },
    retain: (policy) => inTurn(async () => {
      const removal = policyRemoval(policy);
      const { records, anything } = await countRemoved({ from: current.store, partitions, removal });
      if (anything) await rewrite(removal);
      return records;
    }),
    quarantined: () => listQuarantined(current.store),
    close: async () => {
      if (closed) return;
      closed = true;
      changed.notify();
      await turn;
      await writer.close();
      await current.store.close();
      release();
    },
  };
};
