import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/core/random.ts';
import { beginNearNeighbours } from '../../../../src/models/sequences/beginnings.ts';
import { leaveOneOut } from '../../../../src/models/sequences/split.ts';
import { ring, sequences } from './made.ts';

const WIDTH = 16;
const ITEMS = 20;
/** Two rings of items that no member touches both of, and one item that nobody touches before the end. */
const histories = [
  ...ring({ members: 12, items: ITEMS, length: 9 }),
  ...ring({ members: 12, items: ITEMS, length: 9 }).map((items) => items.map((item) => item + ITEMS)),
];
const data = sequences([...histories, [0, 1, 2 * ITEMS, 2 * ITEMS]]);
const { split } = leaveOneOut(data);

const begun = (): { readonly before: Float32Array; readonly after: Float32Array } => {
  const random = seededRandom(4);
  const before = Float32Array.from({ length: data.items * WIDTH }, () => 0.04 * (random.next() - 0.5));
  const after = before.slice();
  beginNearNeighbours(after, data, split);
  return { before, after };
};
const row = (vectors: Float32Array, item: number): Float32Array => vectors.subarray(item * WIDTH, (item + 1) * WIDTH);
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const cosine = (a: Float32Array, b: Float32Array): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('where item vectors begin', () => {
  it('is nearer to items of the same sequences than to others', () => {
    const { before, after } = begun();
    const near = (vectors: Float32Array): number => mean(Array.from({ length: ITEMS }, (_, i) => cosine(row(vectors, i), row(vectors, (i + 1) % ITEMS))));
    const far = (vectors: Float32Array): number => mean(Array.from({ length: ITEMS }, (_, i) => cosine(row(vectors, i), row(vectors, i + ITEMS))));
    expect(Math.abs(near(before) - far(before))).toBeLessThan(0.2);
    expect(near(after)).toBeGreaterThan(far(after) + 0.4);
  });

  it('is as far from zero for every item as chance was in the mean', () => {
    const { before, after } = begun();
    const length = Math.sqrt(dot(before, before) / data.items);
    for (let item = 0; item < data.items; item++) expect(Math.sqrt(dot(row(after, item), row(after, item)))).toBeCloseTo(length, 6);
  });

  it('is where chance put it for an item that nothing stood near', () => {
    const { before, after } = begun();
    expect(cosine(row(before, 2 * ITEMS), row(after, 2 * ITEMS))).toBeCloseTo(1, 6);
  });

  it('is the same for the same events, whatever comes after the events that are learned from', () => {
    const other = sequences([...histories.map((items) => [...items.slice(0, -1), 2 * ITEMS]), [0, 1, 2 * ITEMS, 2 * ITEMS]]);
    const after = begun().before;
    beginNearNeighbours(after, other, leaveOneOut(other).split);
    expect(after).toEqual(begun().after);
  });
});
