/** Builds the blocks of one partition: records are encoded in place, one after the other, into buffers that are never reused. */
import type { Millis } from '../core/ids.ts';
import { BLOCK_HEADER_BYTES, encodeRecord, maximumBytes, writeBlockHeader, type Span } from './codec.ts';
import type { LogRecord } from './port.ts';

/** Where a block is closed: large enough to make a record cheap, small enough that reading one record costs little. */
export const BLOCK_BYTES: number = 64 * 1024;
const ARENA_BYTES: number = 256 * 1024;

export interface Block { readonly base: number; readonly bytes: Buffer }

export interface BlockBuilder {
  /** Encodes a record behind the others; it counts only once kept. */
  draft(record: LogRecord, sequence: number): Draft;
  keep(draft: Draft): void;
  /** The block being built, as far as it has come. */
  open(): Block | undefined;
  /** Closed blocks and the open one, and a fresh start. */
  take(): Block[];
}
/** An encoded record, and where. */
export interface Draft extends Span { readonly record: LogRecord; readonly sequence: number }

export const createBlockBuilder = (now: () => Millis): BlockBuilder => {
  let arena = Buffer.alloc(0);
  let closed: Block[] = [];
  let start = 0;
  let end = 0;
  let records = 0;
  let base = 0;

  const finished = (): Block => {
    const bytes = arena.subarray(start, end);
    writeBlockHeader(bytes, records, now());
    return { base, bytes };
  };
  const close = (): void => {
    if (records > 0) closed.push(finished());
    start = end;
    records = 0;
  };
  const makeRoom = (bytes: number): void => {
    if (records > 0 && end - start + bytes > BLOCK_BYTES) close();
    const needed = bytes + (records === 0 ? BLOCK_HEADER_BYTES : 0);
    if (end + needed <= arena.length) return;
    close();
    arena = Buffer.allocUnsafeSlow(Math.max(ARENA_BYTES, BLOCK_HEADER_BYTES + bytes));
    start = 0;
    end = 0;
  };

  return {
    draft: (record, sequence) => {
      makeRoom(maximumBytes(record));
      const from = records === 0 ? start + BLOCK_HEADER_BYTES : end;
      return { record, sequence, buffer: arena, start: from, end: encodeRecord(record, sequence, { buffer: arena, start: from }) };
    },
    keep: (draft) => {
      if (records === 0) base = draft.sequence;
      records++;
      end = draft.end;
    },
    open: () => (records === 0 ? undefined : finished()),
    take: () => {
      close();
      const taken = closed;
      closed = [];
      return taken;
    },
  };
};
