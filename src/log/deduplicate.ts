/**
 * Tells repeats apart. Ids of the last 30 days are in memory, whichever way they came; ids of imports are also in an index on
 * disk, for ever. A digest only says where to look: the stored record decides.
 */
import { randomBytes } from 'node:crypto';
import type { MemberId, Millis } from '../core/ids.ts';
import { DAY } from '../core/clock.ts';
import type { Draft } from './blocks.ts';
import { HEADER_BYTES, blockWrittenAt, idEnd, openBlock, sameId, type RecordCursor, type Span } from './codec.ts';
import { createIdTable, digestBytes, type IdDigest } from './ids.ts';
import { DEDUPLICATION_WINDOW_MS } from './port.ts';
import { keySequence, readBlock, sequenceKey, type Store } from './store.ts';

/** The earlier record under an id; `span` is undefined where it has been retired since. */
export interface Known { readonly sequence: number; readonly span: Span | undefined }

export interface Deduplicator {
  /** The record that came before under this id; if there is none, the draft's id is taken from now on. */
  findOrTake(partition: number, draft: Draft): Known | undefined;
  /** Takes the ids of records that are on disk already. */
  recall(store: Store, partition: number): void;
  /** Frees the id of an erased record. */
  forget(erased: ErasedId): void;
  readonly size: number;
}

export interface ErasedId { readonly partition: number; readonly id: Buffer; readonly sequence: number }

export interface DeduplicatorParts {
  readonly partitions: number;
  readonly now: () => Millis;
  /** The encoded record with this sequence, on disk or on its way. */
  readonly encoded: (partition: number, sequence: number) => Span | undefined;
  /** The sequence under which an import brought this id, on disk or on its way. */
  readonly imported: (key: Buffer) => number | undefined;
}

// Clocks differ a little and are set back now and then; a day more of reading at open costs little.
const RECALL_MARGIN_MS = DAY;

export const createDeduplicator = (parts: DeduplicatorParts): Deduplicator => {
  const since = (): Millis => (parts.now() - DEDUPLICATION_WINDOW_MS) as Millis;
  const tables = Array.from({ length: parts.partitions }, () => createIdTable(since));
  const random = randomBytes(8);
  const seed: IdDigest = { low: random.readInt32LE(0), high: random.readInt32LE(4) };
  const digestAt = (bytes: Buffer, cursor: RecordCursor): IdDigest => digestBytes(bytes, { start: cursor.idStart(), end: cursor.idEnd() }, seed);

  const recent = (partition: number, draft: Draft, digest: IdDigest): Known | undefined => {
    for (const sequence of tables[partition]?.find(digest, since()) ?? []) {
      const span = parts.encoded(partition, sequence);
      if (span === undefined || sameId(span, draft)) return { sequence, span };
    }
    return undefined;
  };

  return {
    findOrTake: (partition, draft) => {
      const { deduplicate, at, id } = draft.record;
      if (deduplicate === 'never') return undefined;
      const digest = digestBytes(draft.buffer, { start: draft.start + HEADER_BYTES, end: idEnd(draft) }, seed);
      const known = recent(partition, draft, digest);
      if (known !== undefined) return known;
      if (deduplicate === 'history') {
        const imported = parts.imported(historyKey(partition, id));
        if (imported !== undefined) return { sequence: imported, span: parts.encoded(partition, imported) };
      }
      if (at >= since()) tables[partition]?.add(digest, draft.sequence, at);
      return undefined;
    },
    recall: (store, partition) => {
      const oldest = since() - RECALL_MARGIN_MS;
      for (const key of store.tables[store.blocks(partition)]?.getKeys({ reverse: true }) ?? []) {
        const base = keySequence(key);
        const block = readBlock(store, partition, base);
        if (block === undefined) continue;
        if (blockWrittenAt(block) < oldest) break;
        const cursor = openBlock(block, { partition, sequence: base });
        while (cursor.next()) {
          if (cursor.deduplicate() !== 'never' && cursor.at() >= since()) tables[partition]?.add(digestAt(block, cursor), cursor.sequence(), cursor.at() as Millis);
        }
      }
    },
    forget: ({ partition, id, sequence }) => tables[partition]?.remove(digestBytes(id, { start: 0, end: id.length }, seed), sequence),
    get size() { return tables.reduce((sum, table) => sum + table.size, 0); },
  };
};

export const historyKey = (partition: number, id: string): Buffer => {
  const key = Buffer.alloc(2 + Buffer.byteLength(id));
  key.writeUInt16BE(partition, 0);
  key.write(id, 2);
  return key;
};

/** The sequence, and a digest of the member so that erasure finds the entry even where its record has been retired. */
export const historyValue = (sequence: number, member: MemberId | undefined): Buffer => Buffer.concat([sequenceKey(sequence), memberDigest(member)]);

export const historyMember = (value: Buffer): Buffer => value.subarray(8);

/** Stored on disk: the seed never changes. */
export const memberDigest = (member: MemberId | undefined): Buffer => {
  const digest = Buffer.alloc(8);
  if (member === undefined) return digest;
  const bytes = Buffer.from(member);
  const { low, high } = digestBytes(bytes, { start: 0, end: bytes.length }, { low: 0x811c9dc5, high: 0x9747b28c });
  digest.writeInt32LE(low, 0);
  digest.writeInt32LE(high, 4);
  return digest;
};
