import { describe, expect, test } from 'vitest';
import { packReferences, unpackReferences } from '../../../src/catalog/packed.ts';
import { decodeEntity, encodeEntity, namesPacked, type StoredEntity } from '../../../src/catalog/records.ts';
import type { MemberId, Millis } from '../../../src/core/ids.ts';
import type { StoredRecord } from '../../../src/log/port.ts';
import { redact } from '../../../src/privacy/redact.ts';
import { seededRandom } from '../../../src/core/random.ts';

const again = (references: readonly string[]): readonly string[] => unpackReferences({ bytes: packReferences(references), at: 0 });
const numbered = (count: number, among: number): string[] => {
  const random = seededRandom(count);
  return Array.from({ length: count }, () => Math.floor(random.next() * among)).sort((a, b) => a - b).map((number) => `member:g-${number}`);
};

describe('packed lists', () => {
  test.each([
    ['numbers in order', numbered(200, 1e6)], ['numbers in no order', ['member:9', 'member:1', 'member:1000000', 'member:0', 'member:7']], ['one', ['member:1']], ['none', []],
    ['words', ['member:ada', 'member:adam', 'member:bo', 'company:bo', 'member:日本', 'member:é']], ['zeros before numbers', ['member:007', 'member:7', 'member:08']],
    ['numbers too large to be exact', ['member:99999999999999999999', 'member:4503599627370497', 'member:2251799813685248']], ['several beginnings', ['member:a1', 'member:b1', 'member:a2']],
    ['repeats', ['member:5', 'member:5', 'member:5']], ['a beginning alone', ['member:', 'member:1']],
  ])('of %s are the same again', (_, references) => { expect(again(references)).toEqual(references); });

  test('of a hundred among a million members take less than three bytes each', () => {
    expect(packReferences(numbered(100, 1e6)).length).toBeLessThan(300);
  });

  test('that are cut off or of another form say so', () => {
    const bytes = packReferences(numbered(20, 1e6));
    for (let end = 0; end < bytes.length; end++) expect(() => unpackReferences({ bytes: bytes.subarray(0, end), at: 0 })).toThrow(RangeError);
    expect(() => unpackReferences({ bytes: Uint8Array.of(9, 1, 1), at: 0 })).toThrow(/form 9/u);
  });
});

describe('an entity with long lists', () => {
  const entity = (attributes: StoredEntity['attributes']): StoredEntity => ({ kind: 'member', id: 'ana', createdAt: 5 as Millis, attributes });
  const full = entity({ name: 'Ana', connections: numbered(60, 1000), follows: ['company:acme'], skills: Array.from({ length: 20 }, (_, i) => `skill ${i}`), words: numbered(10, 9).map((each) => `${each}x`) });

  test('is the same again, and what is short stays as it was', () => {
    expect(decodeEntity(encodeEntity(full))).toEqual(full);
    expect(encodeEntity(full)[0]).toBe(2);
    expect(encodeEntity(entity({ name: 'Ana', connections: ['member:1'] }))[0]).toBe(1);
  });

  test('tells whom its packed lists name, and nobody else', () => {
    const payload = encodeEntity(full);
    for (let number = 0; number < 1000; number++) expect(namesPacked(payload, `member:g-${number}`)).toBe(numbered(60, 1000).includes(`member:g-${number}`));
    for (const stranger of ['member:g-', 'member:g-01', 'member:1', 'member:ana', 'member:g-0x']) expect(namesPacked(payload, stranger)).toBe(numbered(10, 9).map((each) => `${each}x`).includes(stranger));
  });

  test('of somebody erased holds nothing any more, and of the others all', () => {
    const record = (payload: Uint8Array): StoredRecord => ({ type: 'entity', id: 'r', at: 5 as Millis, member: 'ana' as MemberId, deduplicate: 'never', sequence: 1, payload });
    const [gone = ''] = full.attributes['connections'] as readonly string[];
    const left = redact(record(encodeEntity(full)), gone.slice('member:'.length) as MemberId);
    if (typeof left === 'string') throw new Error(`expected a payload, not ${left}`);
    expect(namesPacked(left.payload, gone)).toBe(false);
    expect(decodeEntity(left.payload).attributes).toEqual({ ...full.attributes, connections: numbered(60, 1000).filter((each) => each !== gone) });
    expect(redact(record(encodeEntity(full)), 'g-stranger' as MemberId)).toBe('keep');
  });
});
