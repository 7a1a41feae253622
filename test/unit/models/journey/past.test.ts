import { expect, test } from 'vitest';
import { manualClock } from '../../../../src/core/clock.ts';
import { seededRandom } from '../../../../src/core/random.ts';
import { createExampleBuffer } from '../../../../src/models/example-buffer.ts';
import { FEATURES } from '../../../../src/models/features.ts';
import { dataBefore, fitEra, type Era } from '../../../../src/models/journey/past.ts';
import { CONTENT_BUCKETS, CONTENT_WIDTH } from '../../../../src/models/sequences/content.ts';
import type { LogSequences } from '../../../../src/models/sequences/from-log.ts';

const [MEMBERS, LENGTH, ITEMS, FROM] = [30, 16, 12, 1000 + 12 * 60];

/** Each item is followed by the next round a ring; from `FROM` on by the one `later` further. */
const dataOf = (later: number): LogSequences['data'] => {
  const count = MEMBERS * LENGTH;
  const at = (event: number): number => 1000 + (event % LENGTH) * 60;
  return {
    members: MEMBERS, items: ITEMS, starts: Int32Array.from({ length: MEMBERS + 1 }, (_, m) => m * LENGTH),
    item: Int32Array.from({ length: count }, (_, event) => (Math.floor(event / LENGTH) * 5 + (event % LENGTH) * (at(event) < FROM ? 1 : later)) % ITEMS),
    seconds: Float64Array.from({ length: count }, (_, event) => at(event)),
    action: new Uint8Array(count), actions: ['view'], surface: new Uint8Array(count), surfaces: ['feed'], dwell: new Uint8Array(count),
    content: { width: CONTENT_WIDTH, buckets: CONTENT_BUCKETS, features: new Uint16Array(ITEMS * CONTENT_WIDTH) },
    memberNames: Array.from({ length: MEMBERS }, (_, m) => String(m)), itemNames: Array.from({ length: ITEMS }, (_, i) => `article:${i}`),
  };
};

const eraOf = (data: LogSequences['data']): Promise<Era> => fitEra(data, { from: FROM, until: Number.MAX_SAFE_INTEGER }, {
  seed: 1, random: seededRandom(1), clock: manualClock(0), examples: { buffer: createExampleBuffer(FEATURES), memberOf: () => -1, itemOf: () => -1 },
});

test('Only events before the moment are left, under the same numbers', () => {
  const data = dataOf(1);
  const before = dataBefore(data, FROM);
  expect(before.item.length).toBe(MEMBERS * 12);
  expect([...before.item.subarray(before.starts[2], before.starts[3])]).toEqual([...data.item.subarray(2 * LENGTH, 2 * LENGTH + 12)]);
  expect(before.items).toBe(ITEMS);
});

test('A model of the past knows nothing of what came after its moment, and states of no other moments', async () => {
  const [one, other] = [await eraOf(dataOf(1)), await eraOf(dataOf(7))];
  expect([...other.vectors]).toEqual([...one.vectors]);
  expect(one.stateAt(3, FROM)).toBeDefined();
  expect([...other.stateAt(3, FROM) ?? []]).toEqual([...one.stateAt(3, FROM) ?? []]);
  expect([...other.stateAt(3, FROM + 120) ?? []]).not.toEqual([...one.stateAt(3, FROM + 120) ?? []]);
  // A second in which nothing was done, and one before the era.
  expect(one.stateAt(3, FROM + 1)).toBeUndefined();
  expect(one.stateAt(3, FROM - 60)).toBeUndefined();
}, 120_000);
