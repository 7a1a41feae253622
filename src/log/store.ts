/** One LMDB file: a table of blocks for each partition, the ids of imports, the quarantine, and a few facts about the store. */
import { open, type Database, type RootDatabase } from 'lmdb';
import { openBlock, type RecordCursor } from './codec.ts';
import { checkDataFile } from './datafile.ts';

export type Table = Database<Buffer, Buffer>;

export interface Store {
  readonly file: string;
  readonly environment: RootDatabase<Buffer, Buffer>;
  readonly tables: readonly Table[];
  /** Table numbers, as writes name them. */
  readonly meta: number;
  readonly history: number;
  readonly quarantine: number;
  blocks(partition: number): number;
  close(): Promise<void>;
}

/** A write: which table, and what. */
export interface Put { readonly table: number; readonly key: Buffer; readonly value: Buffer }

const FIXED_TABLES = ['meta', 'history', 'quarantine'] as const;

/**
 * A commit resolves only after the flush (`overlappingSync` would resolve before it).
 * A read-only opening takes no lock and sees what another process has committed.
 */
export const openStore = (file: string, options: { readonly partitions: number; readonly readOnly?: boolean }): Store => {
  const names = [...FIXED_TABLES, ...Array.from({ length: options.partitions }, (_, partition) => `blocks-${partition}`)];
  checkDataFile(file);
  const environment = open<Buffer, Buffer>({
    path: file, noSubdir: true, overlappingSync: false, eventTurnBatching: false, readOnly: options.readOnly ?? false,
    maxDbs: names.length + 2, encoding: 'binary', cache: false,
  });
  const tables = names.map((name) => environment.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' }));
  return { file, environment, tables, meta: 0, history: 1, quarantine: 2, blocks: (partition) => FIXED_TABLES.length + partition, close: () => environment.close() };
};

/** A sequence as a key: big-endian, so that the order of bytes is the order of numbers. */
export const sequenceKey = (sequence: number): Buffer => {
  const key = Buffer.alloc(8);
  key.writeUIntBE(sequence, 2, 6);
  return key;
};

export const keySequence = (key: Buffer): number => key.readUIntBE(2, 6);

/** Starts seeing what was committed since the last look. */
export const refresh = (store: Store): void => store.environment.resetReadTxn();

export const readBlock = (store: Store, partition: number, base: number): Buffer | undefined =>
  store.tables[store.blocks(partition)]?.getBinary(sequenceKey(base));

/** Where a record would be: the first sequence of the last block that begins at or before it. */
export const blockBase = (store: Store, partition: number, sequence: number): number | undefined => {
  for (const key of store.tables[store.blocks(partition)]?.getKeys({ start: sequenceKey(sequence), reverse: true, limit: 1 }) ?? []) return keySequence(key);
  return undefined;
};

/** The first sequences of the blocks from `start` up to `end`, in order. */
export const blockBases = (store: Store, partition: number, range: { readonly start: number; readonly end: number; readonly limit?: number }): number[] => {
  const bases: number[] = [];
  const options = { start: sequenceKey(range.start), end: sequenceKey(range.end), ...(range.limit === undefined ? {} : { limit: range.limit }) };
  for (const key of store.tables[store.blocks(partition)]?.getKeys(options) ?? []) bases.push(keySequence(key));
  return bases;
};

/** The record with this sequence in a block, by its header. */
export const seek = (block: Buffer, partition: number, sequence: number): RecordCursor | undefined => {
  const cursor = openBlock(block, { partition, sequence });
  while (cursor.next()) {
    const at = cursor.sequence();
    if (at === sequence) return cursor;
    if (at > sequence) return undefined;
  }
  return undefined;
};

const endKey = (partition: number): Buffer => Buffer.from(`end-${partition}`);

/** The next sequence. A rewrite that removed the last records leaves a note of it, so that no sequence is given out twice. */
export const storedEnd = (store: Store, partition: number): number => {
  const noted = store.tables[store.meta]?.getBinary(endKey(partition));
  let end = noted === undefined ? 0 : keySequence(noted);
  for (const key of store.tables[store.blocks(partition)]?.getKeys({ reverse: true, limit: 1 }) ?? []) {
    const base = keySequence(key);
    const block = readBlock(store, partition, base);
    if (block === undefined) continue;
    const cursor = openBlock(block, { partition, sequence: base });
    while (cursor.next()) end = Math.max(end, cursor.sequence() + 1);
  }
  return end;
};

export const endNote = (store: Store, partition: number, end: number): Put => ({ table: store.meta, key: endKey(partition), value: sequenceKey(end) });
