/** The embedded log: LMDB in one folder, one writer, any number of readers in other processes. */
import { rmSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { lockFolder } from '../core/lock.ts';
import { createCommitter, takeEpoch } from './commit.ts';
import { memberRemoval, parseErasure, ERASURE_KEY, erasureMark, policyRemoval, type Erasure } from './erasure.ts';
import { STORE_FORMAT, dataFile, guarded, makeFolder, readManifest, removeOtherGenerations, writeManifest } from './folder.ts';
import type { Redactor, RetentionPolicy } from './port.ts';
import { listQuarantined, type LmdbLog } from './quarantine.ts';
import { getRecord, readLog } from './read.ts';
import { openReader } from './reader.ts';
import { countRemoved, createRewrite, type Removal } from './rewrite.ts';
import { createSignal, createTurns } from './signal.ts';
import { openStore } from './store.ts';
import { createWriter, type Target, type Writer } from './writer.ts';

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

/**
 * @throws server/storeInUse, server/storeNewer, server/storeCorrupt, server/storeUnwritable, client/invalidConfig;
 * client/noData where a folder to be read does not hold a store
 */
export const openLmdbLog = async (options: LmdbLogOptions): Promise<LmdbLog> => {
  if (options.readOnly === true) return openReader(options.folder);
  const release = guarded(options.folder, () => {
    makeFolder(options.folder);
    return lockFolder(options.folder, { name: 'writer', held: (pid) => `${options.folder} is in use by process ${pid}; stop it, or give this one another folder with --data` });
  });
  try {
    return await openWriter(options, release);
  } catch (error) {
    release();
    throw error;
  }
};

/** The store that is being written, and how to go on in another file. */
interface Home {
  readonly partitions: number;
  readonly redactor: Redactor | undefined;
  readonly target: () => Target;
  readonly writer: Writer;
  /** Goes on in a new file without what must go. */
  rewrite(removal: Removal): Promise<void>;
}

const openHome = (options: LmdbLogOptions, onDurable: () => void): Home => {
  const { folder, clock } = options;
  const manifest = readManifest(folder);
  const partitions = manifest?.partitions ?? options.partitions ?? 1;
  if (options.partitions !== undefined && options.partitions !== partitions) throw new ThroughlineError('client/invalidConfig', `${folder} has ${partitions} partitions, not ${options.partitions}; the number is fixed when the folder is created`);
  let generation = manifest?.generation ?? 1;
  const begin = (file: string): Target => guarded(folder, () => {
    const store = openStore(file, { partitions });
    return { store, committer: createCommitter(store, { partitions, epoch: takeEpoch(store) }) };
  });
  let target = begin(dataFile(folder, generation));
  if (manifest === undefined) writeManifest(folder, { format: STORE_FORMAT, partitions, generation });
  removeOtherGenerations(folder, generation);
  const writer = createWriter({ partitions, target, now: () => clock.now(), onDurable });
  const durable = (): number[] => Array.from({ length: partitions }, (_, partition) => writer.durable(partition));

  const rewrite = async (removal: Removal): Promise<void> => {
    const old = target;
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
        target = fresh;
        return fresh;
      });
    } catch (error) {
      await closeTarget(fresh);
      throw error;
    }
    await closeTarget(old);
    removeOtherGenerations(folder, generation);
  };
  return { partitions, redactor: options.redactor, target: () => target, writer, rewrite };
};

const closeTarget = async ({ store, committer }: Target): Promise<void> => {
  await committer.close();
  await store.close();
};

const erase = async (home: Home, erasure: Erasure): Promise<number> => {
  const { writer, partitions } = home;
  await writer.flush();
  const { removal, ids } = memberRemoval(erasure, home.redactor);
  const { records, anything } = await countRemoved({ from: home.target().store, partitions, removal });
  if (!anything) return 0;
  const erased = ids();
  // From here on an interrupted erasure is done again at the next opening.
  await writer.put([erasureMark(home.target().store, erasure)]);
  await home.rewrite(removal);
  for (const id of erased) writer.intake.deduplicator.forget(id);
  return records;
};

const retain = async (home: Home, policy: RetentionPolicy): Promise<number> => {
  const removal = policyRemoval(policy);
  const { records, anything } = await countRemoved({ from: home.target().store, partitions: home.partitions, removal });
  if (anything) await home.rewrite(removal);
  return records;
};

const openWriter = async (options: LmdbLogOptions, release: () => void): Promise<LmdbLog> => {
  const changed = createSignal();
  const home = openHome(options, () => changed.notify());
  const { partitions, target, writer } = home;
  const perPartition = (of: (partition: number) => number): number[] => Array.from({ length: partitions }, (_, partition) => of(partition));
  // Rewrites take turns: each copies what the one before left.
  const inTurn = createTurns();
  let closed = false;

  const unfinished = target().store.tables[target().store.meta]?.getBinary(ERASURE_KEY);
  if (unfinished !== undefined) await home.rewrite(memberRemoval(parseErasure(unfinished), home.redactor).removal);

  return {
    folder: options.folder,
    partitions,
    append: (partition, records) => writer.append(partition, records),
    read: (from, readOptions = {}) => readLog({ store: () => target().store, end: (partition) => writer.durable(partition), changed: (signal) => changed.wait(signal), closed: () => closed }, from, readOptions),
    get: (position) => (position.sequence < writer.durable(position.partition) ? getRecord(target().store, position) : undefined),
    end: () => perPartition((partition) => writer.durable(partition)).map((sequence, partition) => ({ partition, sequence })),
    erase: (member) => {
      const erasure = { member, ends: perPartition((partition) => writer.intake.next(partition)), quarantined: writer.intake.quarantineEnd() };
      return inTurn(() => erase(home, erasure));
    },
    retain: (policy) => inTurn(() => retain(home, policy)),
    quarantined: () => listQuarantined(target().store),
    close: async () => {
      if (closed) return;
      closed = true;
      changed.notify();
      await inTurn(() => writer.close());
      await target().store.close();
      release();
    },
  };
};
