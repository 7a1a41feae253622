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
 * of its first record: u32 layout, u32 crc32 of all that follows, u32 records, u32 zero, f64 time of writing, the records.
 * Readers of whole blocks check the block's sum; the record's own says which record it was, or serves who reads only one.
 */
import { crc32 } from 'node:zlib';
import { ThroughlineError } from '../core/errors.ts';
import type { MemberId, Millis } from '../core/ids.ts';
import { RECORD_TYPES, type Deduplication, type LogRecord, type Position, type StoredRecord } from './port.ts';

export const RECORD_LAYOUT = 1;
export const HEADER_BYTES = 32;
export const BLOCK_LAYOUT = 1;
export const BLOCK_HEADER_BYTES = 24;
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

/** Bytes of somebody else's buffer: no view is made, of which there would be one a record. */
export interface Span { readonly buffer: Buffer; readonly start: number; readonly end: number }

/** Writes a record at `start`, where `maximumBytes(record)` must be free. Returns where it ends. */
export const encodeRecord = (record: LogRecord, sequence: number, into: { readonly buffer: Buffer; readonly start: number }): number => {
  const { buffer, start } = into;
  const { id, member, payload } = record;
  const idStart = start + HEADER_BYTES;
  const idBytes = (buffer as unknown as Slices).utf8Write(id, idStart);
  const memberStart = idStart + idBytes;
  const memberBytes = member === undefined ? 0 : (buffer as unknown as Slices).utf8Write(member, memberStart);
  const payloadStart = memberStart + memberBytes;
  buffer.set(payload, payloadStart);
  const end = payloadStart + payload.length;
  const flags = (member === undefined ? 0 : HAS_MEMBER) | (idBytes === id.length ? ASCII_ID : 0) | (memberBytes === member?.length ? ASCII_MEMBER : 0);
  const leading = RECORD_LAYOUT | (RECORD_TYPES.indexOf(record.type) << 8) | (DEDUPLICATIONS.indexOf(record.deduplicate) << 16) | (flags << 24);
  buffer.writeInt32LE(leading, start);
  buffer.writeDoubleLE(record.at, start + 8);
  buffer.writeUInt32LE(payload.length, start + 16);
  buffer.writeUInt16LE(idBytes, start + 20);
  buffer.writeUInt16LE(memberBytes, start + 22);
  buffer.writeUInt32LE(sequence % 0x1_0000_0000, start + 24);
  buffer.writeUInt32LE(Math.floor(sequence / 0x1_0000_0000), start + 28);
  buffer.writeUInt32LE(crc32(view(buffer, start + 8, end), leading >>> 0), start + 4);
  return end;
};

/** A plain array is made faster than a Buffer. */
const view = (buffer: Buffer, start: number, end: number): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset + start, end - start);

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
  /** The whole record, its checksum verified unless its block's was. @throws server/storeCorrupt */
  record(options?: { readonly verified: boolean }): StoredRecord;
}

export const openBlock = (block: Buffer, position: Position): RecordCursor => {
  const { partition } = position;
  if (block.length < BLOCK_HEADER_BYTES) throw corrupt(position, 'its block is cut short');
  if (block.readUInt32LE(0) !== BLOCK_LAYOUT) throw newer(position, block.readUInt32LE(0));
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
    record: ({ verified } = { verified: false }) => decodeAt({ buffer: block, start, end }, partition, verified),
  };
};

const decodeAt = (span: Span, partition: number, verified: boolean): StoredRecord => {
  const { buffer: block, start, end } = span;
  const leading = block.readUInt32LE(start);
  const sequence = block.readUInt32LE(start + 24) + block.readUInt16LE(start + 28) * 0x1_0000_0000;
  if (!verified && crc32(view(block, start + 8, end), leading) !== block.readUInt32LE(start + 4)) throw corrupt({ partition, sequence }, 'its checksum does not match');
  const flags = leading >>> 24;
  const type = RECORD_TYPES[(leading >>> 8) & 0xff];
  const deduplicate = DEDUPLICATIONS[(leading >>> 16) & 0xff];
  if (type === undefined || deduplicate === undefined) throw newer({ partition, sequence }, RECORD_LAYOUT);
  const idStart = start + HEADER_BYTES;
  const idEnd = idStart + block.readUInt16LE(start + 20);
  const memberEnd = idEnd + block.readUInt16LE(start + 22);
  const id = text(block, idStart, { end: idEnd, ascii: (flags & ASCII_ID) !== 0 });
  const at = block.readDoubleLE(start + 8) as Millis;
  const payload = view(block, memberEnd, end);
  if ((flags & HAS_MEMBER) === 0) return { sequence, type, id, at, deduplicate, payload };
  const member = text(block, idEnd, { end: memberEnd, ascii: (flags & ASCII_MEMBER) !== 0 }) as MemberId;
  return { sequence, type, id, at, member, deduplicate, payload };
};

const text = (block: Buffer, start: number, span: { readonly end: number; readonly ascii: boolean }): string =>
  span.ascii ? (block as unknown as Slices).latin1Slice(start, span.end) : (block as unknown as Slices).utf8Slice(start, span.end);

/** What `toString` and `write` call after looking the encoding up; half the time of replay went into that. Missing from the types of Node. */
interface Slices {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
  utf8Write(text: string, start: number): number;
}

/** A record that stands alone. @throws server/storeCorrupt */
export const decodeRecord = (bytes: Buffer, partition: number): StoredRecord => decodeAt({ buffer: bytes, start: 0, end: bytes.length }, partition, false);

/** Fills in the header of a block whose records begin `BLOCK_HEADER_BYTES` further on. */
export const writeBlockHeader = (block: Buffer, records: number, writtenAt: Millis): void => {
  block.writeUInt32LE(BLOCK_LAYOUT, 0);
  block.writeUInt32LE(records, 8);
  block.writeUInt32LE(0, 12);
  block.writeDoubleLE(writtenAt, 16);
  block.writeUInt32LE(crc32(view(block, 8, block.length)), 4);
};

/** Does the block's checksum match? */
export const isSound = (block: Buffer): boolean => crc32(view(block, 8, block.length)) === block.readUInt32LE(4);
export const blockWrittenAt = (block: Buffer): Millis => block.readDoubleLE(16) as Millis;

/** Where the id of an encoded record ends; it begins behind the header. */
export const idEnd = ({ buffer, start }: Span): number => start + HEADER_BYTES + buffer.readUInt16LE(start + 20);

export const sameId = (a: Span, b: Span): boolean => a.buffer.compare(b.buffer, b.start + HEADER_BYTES, idEnd(b), a.start + HEADER_BYTES, idEnd(a)) === 0;

/** Do two encoded records carry the same type, id, member and payload after its envelope? Times and sequences may differ. */
export const sameContent = (a: Span, b: Span, envelopeBytes: number): boolean => {
  const same = (from: number, to: number): boolean => a.buffer.compare(b.buffer, b.start + from, b.start + to, a.start + from, a.start + to) === 0;
  const length = a.end - a.start;
  if (length !== b.end - b.start || !same(1, 2) || !same(3, 4) || !same(16, 24)) return false;
  const payload = idEnd(a) - a.start + a.buffer.readUInt16LE(a.start + 22);
  return same(HEADER_BYTES, payload) && same(Math.min(payload + envelopeBytes, length), length);
};

const place = (position: Position): string => `record ${position.sequence} of partition ${position.partition}`;
const corrupt = (position: Position, how: string): ThroughlineError =>
  new ThroughlineError('server/storeCorrupt', `${place(position)} cannot be read: ${how}; restore the folder from a copy`);
const newer = (position: Position, layout: number): ThroughlineError =>
  new ThroughlineError('server/storeNewer', `${place(position)} has layout ${layout}, and this version reads layout ${RECORD_LAYOUT}; use a newer version of Throughline`);
