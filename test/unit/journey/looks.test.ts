import { describe, expect, test } from 'vitest';
import { trackingId, type MemberId, type Millis, type RequestId } from '../../../src/core/ids.ts';
import { answeredRecord } from '../../../src/funnel/answered.ts';
import { decodePublished, encodePublished } from '../../../src/funnel/published.ts';
import { createLooks, type Looks } from '../../../src/journey/looks.ts';
import type { LogRecord, StoredRecord } from '../../../src/log/port.ts';

const stored = (record: LogRecord): StoredRecord => ({ ...record, sequence: 0 });
const answer = (looks: Looks, request: string, { surface = 'feed', first = 0 } = {}): void => {
  const cards = Array.from({ length: 20 }, (_, place) => ({ candidate: 100 + 3 * place, position: first + place }));
  looks.apply(stored(answeredRecord({ requestId: request as RequestId, member: '1', at: 0 as Millis, surface }, cards)));
};
const publish = (looks: Looks, examination?: readonly number[]): void => {
  looks.apply({ type: 'model', id: 'm', at: 0 as Millis, deduplicate: 'never', member: '' as MemberId, sequence: 0, payload: encodePublished({ version: 'v', ...(examination === undefined ? {} : { examination }) }) });
};
const lookAt = (looks: Looks, request: string, place: number): number => looks.of(trackingId(request as RequestId, 100 + 3 * place));
const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

describe('how much of a look an impression is', () => {
  test('follows from the place that its page gave it, by the discount of DCG until a model knows better', () => {
    const looks = createLooks();
    answer(looks, 'first');
    answer(looks, 'second', { first: 20 });
    expect(lookAt(looks, 'first', 0)).toBe(1);
    expect(lookAt(looks, 'first', 2)).toBe(0.5);
    expect(lookAt(looks, 'second', 10)).toBeCloseTo(1 / Math.log2(32), 12);
  });

  test('follows the curve of the model that serves, its last number beyond the end, and the discount again where a model has none', () => {
    const looks = createLooks();
    answer(looks, 'first');
    publish(looks, [1, 0.75, 0.5]);
    expect([0, 1, 2, 19].map((place) => lookAt(looks, 'first', place))).toEqual([1, 0.75, 0.5, 0.5]);
    // The order of cohorts is a model too, and says nothing about places of a feed.
    publish(looks);
    expect(lookAt(looks, 'first', 1)).toBe(0.75);
    publish(looks, []);
    expect(lookAt(looks, 'first', 2)).toBe(0.5);
  });

  test('is the average of a page where nobody knows where it stood', () => {
    const looks = createLooks();
    answer(looks, 'first');
    answer(looks, 'cohorts', { surface: 'discovery' });
    const average = mean(Array.from({ length: 20 }, (_, place) => lookAt(looks, 'first', place)));
    for (const trackingId of ['', 'elsewhere-1', 'no id at all', 'first-zz', 'cohorts-2s']) expect(looks.of(trackingId), trackingId).toBeCloseTo(average, 12);
    publish(looks, [1, 0]);
    expect(looks.of('')).toBeCloseTo(1 / 20, 12);
  });

  test('forgets the oldest of very many pages', () => {
    const looks = createLooks();
    for (let page = 0; page <= 65_536; page++) answer(looks, `r${page}`);
    expect(lookAt(looks, 'r0', 0)).toBe(looks.of(''));
    expect(lookAt(looks, 'r1', 0)).toBe(1);
    expect(lookAt(looks, 'r65536', 0)).toBe(1);
  });
});

describe('what is written down of a model that serves from now on', () => {
  test('is its version, and its curve where it has one', () => {
    expect(decodePublished(encodePublished({ version: 'a model', examination: [1, 0.5] }))).toEqual({ version: 'a model', examination: [1, 0.5] });
    expect(decodePublished(encodePublished({ version: 'an order' }))).toEqual({ version: 'an order' });
  });

  test('is read as it was before curves were written', () => expect(decodePublished(Uint8Array.of(1, 118, 49))).toEqual({ version: 'v1' }));

  test('is refused where it is cut short or newer', () => {
    expect(() => decodePublished(encodePublished({ version: 'v', examination: [1] }).subarray(0, 6))).toThrow(RangeError);
    expect(() => decodePublished(Uint8Array.of(3, 0))).toThrow('published layout 3 is newer than this version reads (2)');
  });
});
