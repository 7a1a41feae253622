import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Millis } from '../../../src/core/ids.ts';
import { createIdTable, digestBytes } from '../../../src/log/ids.ts';

test('the table agrees with a plain map, collisions and removals included', () => {
  const step = fc.record({ digest: fc.record({ low: fc.integer({ min: 0, max: 3 }), high: fc.integer({ min: 0, max: 40 }) }), remove: fc.boolean() });
  fc.assert(fc.property(fc.array(step, { maxLength: 3000 }), (steps) => {
    const table = createIdTable(() => 0 as Millis);
    const plain = new Map<string, number[]>();
    steps.forEach(({ digest, remove }, sequence) => {
      const key = `${digest.low}:${digest.high}`;
      const known = plain.get(key) ?? [];
      expect(table.find(digest, 0 as Millis).toSorted((a, b) => a - b)).toEqual(known);
      if (remove && known.length > 0) {
        table.remove(digest, known[0] ?? 0);
        plain.set(key, known.slice(1));
      } else {
        table.add(digest, sequence, 1 as Millis);
        plain.set(key, [...known, sequence]);
      }
    });
    expect(table.size).toBe([...plain.values()].flat().length);
  }), { seed: 3, numRuns: 20 });
});

test('ids that have expired are dropped when the table grows, and not found before', () => {
  let since = 0;
  const table = createIdTable(() => since as Millis);
  for (let i = 0; i < 600; i++) table.add({ low: i, high: 1 }, i, 10 as Millis);
  since = 20;
  expect(table.find({ low: 5, high: 1 }, 20 as Millis)).toEqual([]);
  for (let i = 600; i < 1000; i++) table.add({ low: i, high: 1 }, i, 30 as Millis);
  expect(table.size).toBe(400);
});

test('digests spread: a hundred thousand similar ids do not meet', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 100_000; i++) {
    const bytes = Buffer.from(`event-${i}`);
    const { low, high } = digestBytes(bytes, { start: 0, end: bytes.length }, { low: 1, high: 2 });
    seen.add(`${low}:${high}`);
  }
  expect(seen.size).toBe(100_000);
});
