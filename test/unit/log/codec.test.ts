import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MemberId, Millis } from '../../../src/core/ids.ts';
import { createBlockBuilder } from '../../../src/log/blocks.ts';
import { BLOCK_HEADER_BYTES, isSound, openBlock } from '../../../src/log/codec.ts';
import type { LogRecord, StoredRecord } from '../../../src/log/port.ts';

const NOW = 1_760_000_000_000 as Millis;
const record = (changes: Partial<LogRecord> = {}): LogRecord =>
  ({ type: 'event', id: 'e1', at: NOW, deduplicate: 'live', payload: new Uint8Array([1, 2, 3]), ...changes });

const blockOf = (records: readonly LogRecord[], first = 0): Buffer => {
  const builder = createBlockBuilder(() => NOW);
  records.forEach((one, i) => builder.keep(builder.draft(one, first + i)));
  return Buffer.concat(builder.take().map(({ bytes }) => bytes));
};
const decode = (block: Buffer): StoredRecord[] => {
  const cursor = openBlock(block, { partition: 0, sequence: 0 });
  const records: StoredRecord[] = [];
  while (cursor.next()) records.push(cursor.record());
  return records;
};

/** One record of each type and way of deduplication, with and without a member, in ASCII and beyond. */
const FIXTURE: readonly LogRecord[] = [
  record({ type: 'entity', id: 'member:1', deduplicate: 'history', member: '1' as MemberId }),
  record({ type: 'entityDeleted', id: 'job:7' }),
  record({ type: 'event', id: 'ereignis-ü', member: 'мария' as MemberId }),
  record({ type: 'served', id: '', deduplicate: 'never', payload: new Uint8Array(300).fill(7) }),
  record({ type: 'consent', id: 'c', member: 'é' as MemberId, payload: new Uint8Array() }),
  record({ type: 'erasure', id: 'x', at: 0 as Millis }),
  record({ type: 'model', id: 'm', at: 0.5 as Millis, deduplicate: 'never' }),
];
const LARGE_SEQUENCE = 2 ** 40 + 5;

describe('the layout of records', () => {
  test('layout 1, as it was first written, is read for ever', () => {
    const file = new URL('../../fixtures/log/layout-1.bin', import.meta.url);
    const bytes = readFileSync(file);
    expect(decode(bytes)).toEqual(FIXTURE.map((one, i) => ({ ...one, sequence: LARGE_SEQUENCE + i })));
    expect(isSound(bytes)).toBe(true);
    expect(blockOf(FIXTURE, LARGE_SEQUENCE).equals(bytes)).toBe(true);
  });
  test('what goes in comes out, and the same records make the same bytes', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    const some = fc.array(fc.record({
      type: fc.constantFrom('event' as const, 'served' as const, 'entity' as const), id: text, at: fc.integer({ min: 0, max: 4e12 }).map((at) => at as Millis),
      member: text.map((member) => member as MemberId), deduplicate: fc.constantFrom('live' as const, 'history' as const, 'never' as const), payload: fc.uint8Array({ maxLength: 2000 }),
    }), { maxLength: 30, minLength: 1 });
    fc.assert(fc.property(some, (records) => {
      const block = blockOf(records, 9);
      expect(decode(block)).toEqual(records.map((one, i) => ({ ...one, sequence: 9 + i })));
      expect(blockOf(records, 9).equals(block)).toBe(true);
    }), { seed: 7, numRuns: 60 });
  });
  test('a flipped bit anywhere in a record is noticed, and the position is named', () => {
    const block = blockOf([record({ member: 'm' as MemberId })], 41);
    for (let byte = BLOCK_HEADER_BYTES; byte < block.length; byte++) {
      const broken = Buffer.from(block);
      broken.writeUInt8((broken[byte] ?? 0) ^ 4, byte);
      expect(isSound(broken)).toBe(false);
      expect(() => decode(broken), `byte ${byte}`).toThrow(/record \d+ of partition 0/);
    }
  });
  test('a block that is cut short says so', () => {
    const block = blockOf([record(), record()]);
    expect(() => decode(block.subarray(0, block.length - 1))).toThrow(expect.objectContaining({ code: 'server/storeCorrupt' }));
  });
  test('a record of a newer layout asks for a newer version', () => {
    const block = blockOf([record()]);
    block[BLOCK_HEADER_BYTES] = 2;
    expect(() => decode(block)).toThrow(expect.objectContaining({ code: 'server/storeNewer' }));
  });
});
