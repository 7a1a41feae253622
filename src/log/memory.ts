/** The log in memory, written the plain way: for tests and simulations, and as the twin that the embedded log must agree with. */
import { ThroughlineError } from '../core/errors.ts';
import type { Clock } from '../core/clock.ts';
import type { MemberId } from '../core/ids.ts';
import { checkRecord } from './codec.ts';
import { DEDUPLICATION_WINDOW_MS, type Appended, type Log, type LogBlock, type LogRecord, type Position, type Redactor, type StoredRecord } from './port.ts';
import type { Quarantined } from './quarantine.ts';
import { createSignal, type Signal } from './signal.ts';

export interface MemoryLog extends Log { quarantined(): readonly Quarantined[] }

const BLOCK_RECORDS = 1000;

interface Partition {
  readonly records: Map<number, StoredRecord>;
  next: number;
  /** The last record of each id, live or imported. */
  readonly ids: Map<string, StoredRecord>;
  readonly imported: Map<string, StoredRecord>;
}

export const createMemoryLog = (options: { readonly partitions: number; readonly clock: Clock; readonly redactor?: Redactor }): MemoryLog => {
  const { clock } = options;
  const partitions: readonly Partition[] = Array.from({ length: options.partitions }, () => ({ records: new Map(), next: 0, ids: new Map(), imported: new Map() }));
  let quarantine: Quarantined[] = [];
  const changed = createSignal();
  let closed = false;

  const earlier = (partition: Partition, record: LogRecord): StoredRecord | undefined => {
    if (record.deduplicate === 'never') return undefined;
    const recent = partition.ids.get(record.id);
    if (recent !== undefined && recent.at >= clock.now() - DEDUPLICATION_WINDOW_MS) return recent;
    return record.deduplicate === 'history' ? partition.imported.get(record.id) : undefined;
  };

  const appendOne = (number: number, record: LogRecord): Appended => {
    const partition = partitionOf(partitions, number);
    const known = earlier(partition, record);
    if (known !== undefined) {
      const same = sameContent(known, record);
      if (!same) quarantine.push({ partition: number, record: { ...record, payload: record.payload.slice() } });
      return { outcome: same ? 'duplicate' : 'quarantined', position: { partition: number, sequence: known.sequence } };
    }
    const { envelopeBytes: _, ...kept } = record;
    const stored = { ...kept, payload: record.payload.slice(), sequence: partition.next++ };
    partition.records.set(stored.sequence, stored);
    if (record.deduplicate !== 'never') partition.ids.set(record.id, stored);
    if (record.deduplicate === 'history') partition.imported.set(record.id, stored);
    return { outcome: 'stored', position: { partition: number, sequence: stored.sequence } };
  };

  const removeWhere = (gone: (record: StoredRecord) => boolean): number => {
    let removed = 0;
    for (const { records } of partitions) for (const [sequence, record] of records) if (gone(record) && records.delete(sequence)) removed++;
    return removed;
  };

  const redactOthers = (member: MemberId): void => {
    for (const { records } of partitions) {
      for (const record of records.values()) {
        const left = options.redactor?.(record, member) ?? 'keep';
        if (left === 'drop') records.delete(record.sequence);
        else if (typeof left === 'object') records.set(record.sequence, { ...record, payload: left.payload });
      }
    }
  };

  return {
    partitions: options.partitions,
    append: (partition, records) => {
      try {
        records.forEach(checkRecord);
        const appended = records.map((record) => appendOne(partition, record));
        changed.notify();
        return Promise.resolve(appended);
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
    },
    read: (from, readOptions = {}) => readPartitions({ partitions, changed, closed: () => closed }, from, readOptions),
    get: (position) => partitions[position.partition]?.records.get(position.sequence),
    end: () => partitions.map(({ next }, partition) => ({ partition, sequence: next })),
    erase: (member: MemberId) => {
      const set = quarantine.length;
      quarantine = quarantine.filter(({ record }) => record.member !== member);
      for (const { ids, imported } of partitions) for (const map of [ids, imported]) for (const [id, record] of map) if (record.member === member) map.delete(id);
      const own = removeWhere((record) => record.member === member);
      redactOthers(member);
      return Promise.resolve(set - quarantine.length + own);
    },
    retain: (policy) => Promise.resolve(removeWhere((record) => policy.types.includes(record.type) && record.at < policy.before)),
    quarantined: () => quarantine,
    close: () => {
      closed = true;
      changed.notify();
      return Promise.resolve();
    },
  };
};

const readPartitions = async function* (log: { readonly partitions: readonly Partition[]; readonly changed: Signal; closed(): boolean }, from: readonly Position[], options: { readonly follow?: boolean; readonly signal?: AbortSignal }): AsyncGenerator<LogBlock> {
  const { follow = false, signal } = options;
  const cursors = from.map((position) => ({ ...position, end: follow ? Infinity : partitionOf(log.partitions, position.partition).next }));
  while (signal?.aborted !== true && !log.closed()) {
    let found = false;
    for (const cursor of cursors) {
      const records = nextBlock(partitionOf(log.partitions, cursor.partition), cursor);
      if (records.length === 0) continue;
      found = true;
      yield { partition: cursor.partition, records };
    }
    if (!found && !follow) return;
    if (!found) await log.changed.wait(signal);
  }
};

const partitionOf = (partitions: readonly Partition[], number: number): Partition => {
  const partition = partitions[number];
  if (partition === undefined) throw new ThroughlineError('server/internal', `there is no partition ${number}; this log has ${partitions.length}`);
  return partition;
};

const nextBlock = ({ records, next }: Partition, cursor: { sequence: number; readonly end: number }): StoredRecord[] => {
  const block: StoredRecord[] = [];
  for (; cursor.sequence < Math.min(next, cursor.end) && block.length < BLOCK_RECORDS; cursor.sequence++) {
    const record = records.get(cursor.sequence);
    if (record !== undefined) block.push(record);
  }
  return block;
};

const sameContent = (a: LogRecord, b: LogRecord): boolean =>
  a.type === b.type && a.member === b.member && Buffer.compare(a.payload.subarray(b.envelopeBytes ?? 0), b.payload.subarray(b.envelopeBytes ?? 0)) === 0
  && a.payload.length === b.payload.length;
