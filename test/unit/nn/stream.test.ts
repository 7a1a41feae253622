import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDropoutPool, createStream, shuffledOrder } from '../../../src/nn/stream.ts';

const key = { seed: 7, label: 'negatives', epoch: 3, batch: 11 };
const bits = (of: Parameters<typeof createStream>[0], count = 64): Uint32Array => {
  const into = new Uint32Array(count);
  createStream(of).bits(into);
  return into;
};
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe('a stream', () => {
  test('follows from its key alone', () => {
    expect(bits(key)).toEqual(bits({ ...key }));
    for (const other of [{ seed: 8 }, { seed: 7 + 2 ** 32 }, { label: 'order' }, { epoch: 4 }, { batch: 12 }, { epoch: 11, batch: 3 }]) expect(bits({ ...key, ...other })).not.toEqual(bits(key));
  });
  test('starts differently in each of 40,000 batches', () => {
    const firsts = new Set<string>();
    for (let epoch = 0; epoch < 40; epoch++) for (let batch = 0; batch < 1000; batch++) firsts.add(bits({ seed: 1, label: 'negatives', epoch, batch }, 2).join());
    expect(firsts.size).toBe(40_000);
  });
  test('begins as evenly over neighbouring batches as it goes on within one', () => {
    const firsts = Array.from({ length: 20_000 }, (_, batch) => createStream({ ...key, batch }).integer(1000));
    expect(mean(firsts)).toBeGreaterThan(490);
    expect(mean(firsts)).toBeLessThan(509);
  });
  test('goes on where it was, whatever the size of the pieces', () => {
    const stream = createStream(key);
    const pieces = [1, 1023, 1024, 1025, 7].map((length) => {
      const piece = new Uint32Array(length);
      stream.bits(piece);
      return [...piece];
    });
    expect(pieces.flat()).toEqual([...bits(key, 3080)]);
  });
  test('draws whole numbers evenly below their limit', () => {
    const drawn = new Int32Array(120_000);
    createStream(key).below(drawn, 12);
    const counts = Array.from({ length: 12 }, (_, value) => drawn.filter((one) => one === value).length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(120_000);
    // Five standard deviations of a count of 10,000.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
  test('stays below any limit', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer(), (limit, seed) => {
      const drawn = new Int32Array(50);
      createStream({ seed, label: 'x' }).below(drawn, limit);
      return drawn.every((value) => value >= 0 && value < limit);
    }), { seed: 3 });
  });
  test('shuffles: everything is there once, each place as likely', () => {
    expect([...shuffledOrder(5000, key)].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 5000 }, (_, i) => i));
    const firsts = Array.from({ length: 6000 }, (_, batch) => shuffledOrder(3, { ...key, batch }).join(''));
    for (const order of ['012', '021', '102', '120', '201', '210']) expect(Math.abs(firsts.filter((one) => one === order).length - 1000)).toBeLessThan(150);
    expect([shuffledOrder(0, key), shuffledOrder(1, key)]).toEqual([new Int32Array(0), Int32Array.of(0)]);
  });
});

describe('a dropout pool', () => {
  test('answers zero and what keeps the mean, in the shares asked for', () => {
    const masks = createDropoutPool(1, 2 ** 17).batch(0, 0);
    for (const rate of [0, 0.2, 0.5]) {
      const mask = masks(2 ** 16, rate);
      expect(new Set(mask)).toEqual(new Set(rate === 0 ? [1] : [0, Math.fround(1 / (1 - rate))]));
      expect(mean(mask)).toBeCloseTo(1, 1);
    }
  });
  test('copies nothing, and answers other windows from batch to batch', () => {
    const pool = createDropoutPool(1, 2 ** 16);
    const [first, second] = [pool.batch(2, 5)(500, 0.3), pool.batch(2, 6)(500, 0.3)];
    expect(first.buffer).toBe(second.buffer);
    expect(first.byteOffset).not.toBe(second.byteOffset);
  });
  test('draws the same for a batch whatever was asked for before', () => {
    const [straight, resumed] = [createDropoutPool(1, 2 ** 12), createDropoutPool(1, 2 ** 12)];
    for (let batch = 0; batch < 4; batch++) straight.batch(1, batch)(64, 0.1);
    expect([...straight.batch(2, 3)(100, 0.2)]).toEqual([...resumed.batch(2, 3)(100, 0.2)]);
    expect([...straight.batch(1, 3)(100, 0.2)]).toEqual([...resumed.batch(1, 3)(100, 0.2)]);
    expect([...straight.batch(3, 3)(100, 0.2)]).not.toEqual([...straight.batch(2, 3)(100, 0.2)]);
  });
  test('refuses what it cannot answer', () => {
    const masks = createDropoutPool(1, 64).batch(0, 0);
    expect(masks(64, 0.5)).toHaveLength(64);
    expect(() => masks(65, 0.5)).toThrow('65 floats does not fit a pool of 64');
    expect(() => masks(6, 1)).toThrow('rate is 1');
    expect(() => createDropoutPool(1, 100)).toThrow('100 floats; a power of two');
  });
});
