/**
 * Copies a store into a new file without the records that must go. Deleting in place would leave their bytes in free pages
 * (LMDB never clears nor returns them, and its own compacting copy keeps the slack of each page); a new file has none.
 * Most of the copy runs while appends go on in the old file; only the last part holds them back.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BLOCK_HEADER_BYTES, blockWrittenAt, encodeRecord, maximumBytes, openBlock, writeBlockHeader, type RecordCursor } from './codec.ts';
import type { Committer } from './commit.ts';
import type { Redaction, StoredRecord } from './port.ts';
import { blockBases, endNote, keySequence, readBlock, refresh, sequenceKey, type Put, type Store } from './store.ts';

/** What must go. `bytes` is the block, or the quarantined record, that the cursor stands in. */
export interface Removal {
  /** What is left of a record that does not go; absent: everything. */
  readonly redact?: (record: StoredRecord) => Redaction;
  record(partition: number, bytes: Buffer, cursor: RecordCursor): boolean;
  quarantined(number: number, bytes: Buffer): boolean;
  importedBy(value: Buffer, partition: number): boolean;
}

export interface RewriteParts { readonly from: Store; readonly partitions: number; readonly removal: Removal }

const CHUNK_BYTES: number = 1024 * 1024;
const SCAN_BLOCKS = 64;
const EVER: number = 2 ** 48 - 1;

/** Calls back for each block in order, letting others have a turn now and then. */
const eachBlock = async (store: Store, range: { readonly partition: number; readonly start: number; readonly end: number }, visit: (base: number, block: Buffer) => Promise<void> | void): Promise<void> => {
  for (let start = range.start; ;) {
    refresh(store);
    const bases = blockBases(store, range.partition, { start, end: range.end, limit: SCAN_BLOCKS });
    for (const base of bases) {
      const block = readBlock(store, range.partition, base);
      if (block !== undefined) await visit(base, block);
    }
    const last = bases.at(-1);
    if (last === undefined) return;
    start = last + 1;
    await nextTurn();
  }
};

/** How many records and quarantined records would go, and whether anything at all would. */
export const countRemoved = async (parts: RewriteParts): Promise<{ readonly records: number; readonly anything: boolean }> => {
  const { from, removal } = parts;
  let records = 0;
  let redacted = 0;
  for (let partition = 0; partition < parts.partitions; partition++) {
    await eachBlock(from, { partition, start: 0, end: EVER }, (base, block) => {
      const cursor = openBlock(block, { partition, sequence: base });
      while (cursor.next()) {
        if (removal.record(partition, block, cursor)) records++;
        else if (removal.redact !== undefined && removal.redact(cursor.record()) !== 'keep') redacted++;
      }
    });
  }
  for (const { key, value } of from.tables[from.quarantine]?.getRange({}) ?? []) if (removal.quarantined(keySequence(key), value)) records++;
  if (records > 0 || redacted > 0) return { records, anything: true };
  for (const { key, value } of from.tables[from.history]?.getRange({}) ?? []) if (removal.importedBy(value, key.readUInt16BE(0))) return { records, anything: true };
  return { records, anything: false };
};

export interface Rewrite {
  /** Copies the blocks before these sequences; appends may go on meanwhile. */
  copyBlocks(ends: readonly number[]): Promise<void>;
  /** Copies everything else. Nothing may be written to the old file any more. */
  finish(ends: readonly number[]): Promise<void>;
}

export const createRewrite = (parts: RewriteParts, to: { readonly store: Store; readonly committer: Committer }): Rewrite => {
  const { from, removal, partitions } = parts;
  const copied = Array.from({ length: partitions }, () => 0);
  let puts: Put[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (puts.length > 0) await to.committer.commit(puts);
    puts = [];
    bytes = 0;
  };
  const write = async (put: Put): Promise<void> => {
    puts.push(put);
    bytes += put.key.length + put.value.length;
    if (bytes > CHUNK_BYTES) await flush();
  };

  const copyBlocks = async (ends: readonly number[]): Promise<void> => {
    for (let partition = 0; partition < partitions; partition++) {
      const end = ends[partition] ?? 0;
      await eachBlock(from, { partition, start: copied[partition] ?? 0, end }, async (base, block) => {
        const kept = without(block, base, { partition, removal });
        if (kept !== undefined) await write({ table: to.store.blocks(partition), key: sequenceKey(base), value: kept });
      });
      copied[partition] = end;
    }
    await flush();
  };
  const copyTable = async (table: number, keep: (key: Buffer, value: Buffer) => boolean): Promise<void> => {
    for (const { key, value } of from.tables[table]?.getRange({}) ?? []) {
      if (keep(key, value)) await write({ table, key: Buffer.from(key), value: Buffer.from(value) });
    }
  };
  return {
    copyBlocks,
    finish: async (ends) => {
      await copyBlocks(ends);
      await copyTable(from.history, (key, value) => !removal.importedBy(value, key.readUInt16BE(0)));
      await copyTable(from.quarantine, (key, value) => !removal.quarantined(keySequence(key), value));
      for (const [partition, end] of ends.entries()) await write(endNote(to.store, partition, end));
      await flush();
    },
  };
};

/** The block without what must go: the same bytes where nothing goes, undefined where nothing stays. */
const without = (block: Buffer, base: number, options: { readonly partition: number; readonly removal: Removal }): Buffer | undefined => {
  const { partition, removal } = options;
  const kept: Buffer[] = [];
  let isSame = true;
  const cursor = openBlock(block, { partition, sequence: base });
  while (cursor.next()) {
    const bytes = removal.record(partition, block, cursor) ? undefined : redacted(block.subarray(cursor.start, cursor.end), cursor, removal);
    isSame &&= bytes?.buffer === block.buffer;
    if (bytes !== undefined) kept.push(bytes);
  }
  if (isSame) return block;
  if (kept.length === 0) return undefined;
  const rest = Buffer.concat([Buffer.alloc(BLOCK_HEADER_BYTES), ...kept]);
  writeBlockHeader(rest, kept.length, blockWrittenAt(block));
  return rest;
};

/** A record's bytes after redaction: the same view where nothing changes, undefined where nothing stays. */
const redacted = (bytes: Buffer, cursor: RecordCursor, { redact }: Removal): Buffer | undefined => {
  if (redact === undefined) return bytes;
  const record = cursor.record();
  const left = redact(record);
  if (left === 'keep') return bytes;
  if (left === 'drop') return undefined;
  const changed = { ...record, payload: left.payload };
  const buffer = Buffer.alloc(maximumBytes(changed));
  return buffer.subarray(0, encodeRecord(changed, record.sequence, { buffer, start: 0 }));
};
