/** Reads blocks of records in order, a chunk at a time; between chunks nothing is held open, so a rewrite may swap the file. */
import { isSound, openBlock } from './codec.ts';
import type { LogBlock, Position, StoredRecord } from './port.ts';
import { blockBase, blockBases, readBlock, seek, type Store } from './store.ts';

export interface ReadParts {
  store(): Store;
  /** The sequence before which everything is on disk. */
  end(partition: number): number;
  /** Resolves when there may be more. */
  changed(signal: AbortSignal | undefined): Promise<void>;
  closed(): boolean;
}

/** Enough to make the work for a block small beside that for its records. */
const CHUNK_RECORDS = 1000;
const CHUNK_BLOCKS = 1000;

interface Cursor {
  readonly partition: number;
  sequence: number;
  /** The block that was read to its end, which need not be looked at again. */
  done: number;
  readonly until: number;
}

export async function* readLog(parts: ReadParts, from: readonly Position[], options: { readonly follow?: boolean; readonly signal?: AbortSignal }): AsyncGenerator<LogBlock> {
  const { follow = false, signal } = options;
  const cursors: readonly Cursor[] = from.map(({ partition, sequence }) => ({ partition, sequence, done: -1, until: follow ? Infinity : parts.end(partition) }));
  const stopped = (): boolean => signal?.aborted === true || parts.closed();
  while (!stopped()) {
    let found = false;
    for (const cursor of cursors) {
      const records = nextRecords(parts, cursor);
      if (records.length === 0) continue;
      found = true;
      yield { partition: cursor.partition, records };
      if (stopped()) return;
    }
    if (!found && !follow) return;
    if (!found) await parts.changed(signal);
  }
}

const nextRecords = (parts: ReadParts, cursor: Cursor): StoredRecord[] => {
  const store = parts.store();
  const { partition } = cursor;
  const end = Math.min(parts.end(partition), cursor.until);
  const records: StoredRecord[] = [];
  if (cursor.sequence >= end) return records;
  const containing = cursor.done >= 0 ? cursor.done + 1 : blockBase(store, partition, cursor.sequence) ?? 0;
  for (const base of blockBases(store, partition, { start: containing, end, limit: CHUNK_BLOCKS })) {
    const bytes = readBlock(store, partition, base);
    if (bytes === undefined) continue;
    const block = openBlock(bytes, { partition, sequence: base });
    const checked = { verified: isSound(bytes) };
    while (block.next()) {
      const sequence = block.sequence();
      if (sequence < cursor.sequence) continue;
      records.push(block.record(checked));
      cursor.sequence = sequence + 1;
    }
    cursor.done = base;
    if (records.length >= CHUNK_RECORDS) break;
  }
  return records;
};

export const getRecord = (store: Store, position: Position): StoredRecord | undefined => {
  const base = blockBase(store, position.partition, position.sequence);
  const bytes = base === undefined ? undefined : readBlock(store, position.partition, base);
  return bytes === undefined ? undefined : seek(bytes, position.partition, position.sequence)?.record();
};

