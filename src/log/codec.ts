/**
 * The bytes of a record. Little-endian:
 *
 *     0 u8  layout        8 f64 at             24 u48 sequence
 *     1 u8  type         16 u32 payload bytes  30 u16 zero
 *     2 u8  deduplicate  20 u16 id bytes       32 id, member, payload
 *     3 u8  flags        22 u16 member bytes
 *     4 u32 crc32 of bytes 8 to the end, seeded with bytes 0 to 3
 *
 * The header is read without touching the payload. A block is a run of records of one partition, stored under the sequence
 * of its first record: u8 layout, three zeros, u32 records, f64 time of writing, then the records.
 */
import { crc32 } from 'node:zlib';
import { ThroughlineError } from '../core/errors.ts';
import type { MemberId, Millis } from '../core/ids.ts';
import { RECORD_TYPES, type Deduplication, type LogRecord, type Position, type StoredRecord } from './port.ts';

export const RECORD_LAYOUT = 1;
export const HEADER_BYTES = 32;
export const BLOCK_LAYOUT = 1;
export const BLOCK_HEADER_BYTES = 16;
/** A record larger than this is refused: it would stall everybody who reads past it. */
export const PAYLOAD_MAX_BYTES: number = 16 * 1024 * 1024;
const TEXT_MAX_BYTES = 1024;

const DEDUPLICATIONS: readonly Deduplication[] = ['live', 'history', 'never'];
const HAS_MEMBER = 1;
// ASCII text decodes several times faster as latin1; the flag spares the reader from looking.
const ASCII_ID = 2;
const ASCII_MEMBER = 4;

/** An upper bound, cheap to compute: UTF-16 units take at most three bytes of UTF-8. */
export const maximumBytes = (record: LogRecord): number =>
  HEADER_BYTES + 3 * (record.id.length + (record.member?.length ?? 0)) + record.payload.length;

/** @throws client/tooLarge, client/invalidRequest */
export const checkRecord = (record: LogRecord, index: number): void => {
  if (record.payload.length > PAYLOAD_MAX_BYTES) throw new ThroughlineError('client/tooLarge', `the record's payload has ${record.payload.length} bytes; at most ${PAYLOAD_MAX_BYTES} fit`, { where: { index } });
  if (record.id.length > TEXT_MAX_BYTES / 3 || (record.member?.length ?? 0) > TEXT_MAX_BYTES / 3) throw new ThroughlineError('client/tooLarge', `the record's id or member is longer than ${Math.floor(TEXT_MAX_BYTES / 3)} characters`, { where: { index } });
  if (record.id.length === 0 && record.deduplicate !== 'never') throw new ThroughlineError('client/invalidRequest', 'the record has an empty id; only records that are never deduplicated may have one', { where: { index, field: 'id' } });
  if (!RECORD_TYPES.includes(record.type) || !Number.isFinite(record.at)) throw new ThroughlineError('client/invalidRequest', `the record's type or time is not valid: ${record.type}, ${record.at}`, { where: { index } });
};

/** Writes a record at `offset`, where `maximumBytes(record)` must be free. Returns where it ends. */
export const encodeRecord = (record: StoredRecord, into: Buffer, offset: number): number => {
  const { id, member, payload, sequence } = record;
  const idStart = offset + HEADER_BYTES;
  const idBytes = into.write(id, idStart, 'utf8');
  const memberStart = idStart + idBytes;
  const memberBytes = member === undefined ? 0 : into.write(member, memberStart, 'utf8');
  const payloadStart = memberStart + memberBytes;
  into.set(payload, payloadStart);
  const end = payloadStart + payload.length;
  const flags = (member === undefined ? 0 : HAS_MEMBER) | (idBytes === id.length ? ASCII_ID : 0) | (memberBytes === member?.length ? ASCII_MEMBER : 0);
  const leading = RECORD_LAYOUT | (RECORD_TYPES.indexOf(record.type) << 8) | (DEDUPLICATIONS.indexOf(record.deduplicate) << 16) | (flags << 24);
  into.writeInt32LE(leading, offset);
  into.writeDoubleLE(record.at, offset + 8);
  into.writeUInt32LE(payload.length, offset + 16);
  into.writeUInt16LE(idBytes, offset + 20);
  into.writeUInt16LE(memberBytes, offset + 22);
  into.writeUInt32LE(sequence % 0x1_0000_0000, offset + 24);
  into.writeUInt32LE(Math.floor(sequence / 0x1_0000_0000), offset + 28);
  into.writeUInt32LE(crc32(into.subarray(offset + 8, end), leading >>> 0), offset + 4);
  return end;
};

/** Walks the records of a block by their headers; nothing is copied or decoded until asked for. */
export interface RecordCursor {
  /** Moves to the next record; false at the end. @throws server/storeCorrupt, server/storeNewer */
  next(): boolean;
  readonly start: number;
  readonly end: number;
  sequence(): number;
  at(): number;
  type(): number;
  deduplicate(): Deduplication;
  idStart(): number;
  idEnd(): number;
  /** The member's bytes run from `idEnd` to here. */
  memberEnd(): number;
  /** The whole record, its checksum verified. @throws server/storeCorrupt */
  record(): StoredRecord;
}

export const openBlock = (block: Buffer, position: Position): RecordCursor => {
  const { partition } = position;
  if (block.length < BLOCK_HEADER_BYTES) throw corrupt(position, 'its block is cut short');
  if (block[0] !== BLOCK_LAYOUT) throw newer(position, block[0] ?? 0);
  let start = BLOCK_HEADER_BYTES;
  let end = BLOCK_HEADER_BYTES;
  const sequence = (): number => block.readUInt32LE(start + 24) + block.readUInt16LE(start + 28) * 0x1_0000_0000;
  const idEnd = (): number => start + HEADER_BYTES + block.readUInt16LE(start + 20);
  const memberEnd = (): number => idEnd() + block.readUInt16LE(start + 22);
  return {
    get start() { return start; },
    get end() { return end; },
    next: () => {
      if (end >= block.length) return false;
      start = end;
      if (start + HEADER_BYTES > block.length) throw corrupt(position, 'a record of its block is cut short');
      if (block[start] !== RECORD_LAYOUT) throw newer({ partition, sequence: sequence() }, block[start] ?? 0);
      end = memberEnd() + block.readUInt32LE(start + 16);
      if (end > block.length) throw corrupt({ partition, sequence: sequence() }, 'it is longer than its block');
      return true;
    },
    sequence,
    at: () => block.readDoubleLE(start + 8),
    type: () => block[start + 1] ?? 0,
    deduplicate: () => DEDUPLICATIONS[block[start + 2] ?? 0] ?? 'never',
    idStart: () => start + HEADER_BYTES,
    idEnd,
    memberEnd,
    record: () => decodeAt(block, { start, end, partition }),
  };
};

const decodeAt = (block: Buffer, place: { readonly start: number; readonly end: number; readonly partition: number }): StoredRecord => {
  const { start, end } = place;
  const leading = block.readUInt32LE(start);
  const sequence = block.readUInt32LE(start + 24) + block.readUInt16LE(start + 28) * 0x1_0000_0000;
  if (crc32(block.subarray(start + 8, end), leading) !== block.readUInt32LE(start + 4)) throw corrupt({ partition: place.partition, sequence }, 'its checksum does not match');
  const flags = leading >>> 24;
  const type = RECORD_TYPES[(leading >>> 8) & 0xff];
  const deduplicate = DEDUPLICATIONS[(leading >>> 16) & 0xff];
  if (type === undefined || deduplicate === undefined) throw newer({ partition: place.partition, sequence }, RECORD_LAYOUT);
  const idStart = start + HEADER_BYTES;
  const idEnd = idStart + block.readUInt16LE(start + 20);
  const memberEnd = idEnd + block.readUInt16LE(start + 22);
  const id = text(block, idStart, { end: idEnd, ascii: (flags & ASCII_ID) !== 0 });
  const at = block.readDoubleLE(start + 8) as Millis;
  const payload = block.subarray(memberEnd, end);
  if ((flags & HAS_MEMBER) === 0) return { sequence, type, id, at, deduplicate, payload };
  const member = text(block, idEnd, { end: memberEnd, ascii: (flags & ASCII_MEMBER) !== 0 }) as MemberId;
  return { sequence, type, id, at, member, deduplicate, payload };
};

const text = (block: Buffer, start: number, span: { readonly end: number; readonly ascii: boolean }): string =>
  span.ascii ? (block as unknown as Slices).latin1Slice(start, span.end) : (block as unknown as Slices).utf8Slice(start, span.end);

/** What `toString` calls after looking the encoding up; half the time of replay went into that. Missing from the types of Node. */
interface Slices { latin1Slice(start: number, end: number): string; utf8Slice(start: number, end: number): string }

/** A record that stands alone. @throws server/storeCorrupt */
export const decodeRecord = (bytes: Buffer, partition: number): StoredRecord => decodeAt(bytes, { start: 0, end: bytes.length, partition });

/** Fills in the header of a block whose records begin `BLOCK_HEADER_BYTES` further on. */
export const writeBlockHeader = (block: Buffer, records: number, writtenAt: Millis): void => {
  block.writeUInt32LE(BLOCK_LAYOUT, 0);
  block.writeUInt32LE(records, 4);
  block.writeDoubleLE(writtenAt, 8);
};

export const blockRecords = (block: Buffer): number => block.readUInt32LE(4);
export const blockWrittenAt = (block: Buffer): Millis => block.readDoubleLE(8) as Millis;

/** Do two encoded records carry the same type, id, member and payload? Their times and sequences may differ. */
export const sameContent = (a: Buffer, b: Buffer): boolean =>
  a.length === b.length && a[1] === b[1] && a[3] === b[3]
  && a.compare(b, 16, 24, 16, 24) === 0 && a.compare(b, HEADER_BYTES, b.length, HEADER_BYTES, a.length) === 0;

const place = (position: Position): string => `record ${position.sequence} of partition ${position.partition}`;
const corrupt = (position: Position, how: string): ThroughlineError =>
  new ThroughlineError('server/storeCorrupt', `${place(position)} cannot be read: ${how}; restore the folder from a copy`);
const newer = (position: Position, layout: number): ThroughlineError =>
  new ThroughlineError('server/storeNewer', `${place(position)} has layout ${layout}, and this version reads layout ${RECORD_LAYOUT}; use a newer version of Throughline`);
