import { expect, test } from 'vitest';
import { createTaste, CHANGES } from '../../../src/journey/taste.ts';
import { createNewest, NEWEST, type Stretch } from '../../../src/rankers/newest.ts';
import type { ViewerTaste } from '../../../src/rankers/viewer.ts';

const ITEMS = 20_000;
const WANTED = 150;
const everything = (): boolean => true;

/** A list begins anywhere in its heap; what stands before and behind it is no part of it. */
const FIRST = 7;
const listOf = (items: readonly number[]): Stretch => ({ data: Int32Array.from([...Array.from({ length: FIRST }, () => 3), ...items, 5, 5]), first: FIRST, end: FIRST + items.length });

const withModel = (width: number) => {
  const writer = createTaste();
  writer.replace({ model: 'one', width, vectors: Float32Array.from({ length: ITEMS * width }, (_value, i) => Math.sin(i * i)), light: new Uint8Array() });
  const state = Float32Array.from({ length: width }, (_value, i) => Math.cos(i));
  const taste = (): ViewerTaste => ({ model: writer.model, width: writer.width, state, vectors: writer.vectors, changed: writer.changed, isProfile: false });
  return { newest: createNewest(), writer, taste };
};

const product = ({ vectors, width }: ViewerTaste, of: ArrayLike<number>, item: number): number => Array.from(of).reduce((sum, value, i) => sum + value * (vectors[item * width + i] ?? 0), 0);
const vectorOf = ({ vectors, width }: ViewerTaste, item: number): Float32Array => vectors.subarray(item * width, (item + 1) * width);

/** What is found is what the definition finds, in its order. */
const expectBest = ({ newest, taste }: Pick<ReturnType<typeof withModel>, 'newest' | 'taste'>, items: readonly number[], isEligible: (item: number) => boolean = everything): readonly number[] => {
  const now = taste();
  newest.read(now, listOf(items));
  const size = newest.best(WANTED, isEligible);
  const found = [...newest.items.subarray(0, size)];
  const scores = items.slice(-NEWEST).filter(isEligible).map((item) => product(now, now.state, item)).filter((score) => score > 1e-4).toSorted((a, b) => b - a);
  expect(size).toBeGreaterThanOrEqual(Math.min(WANTED, scores.length));
  expect(new Set(found).size).toBe(size);
  expect(found.filter((item) => !isEligible(item) || !items.slice(-NEWEST).includes(item))).toEqual([]);
  const apart = found.map((item, i) => Math.max(Math.abs(product(now, now.state, item) - (newest.scores[i] ?? Number.NaN)), Math.abs((scores[i] ?? Number.NaN) - (newest.scores[i] ?? Number.NaN))));
  expect(Math.max(0, ...apart)).toBeLessThan(1e-4);
  return found;
};

const upTo = (n: number): number[] => Array.from({ length: n }, (_value, i) => (i * 7919) % ITEMS);

test.each([
  { title: 'of none', n: 0 }, { title: 'of a few', n: 5 }, { title: 'of as many as are read', n: NEWEST }, { title: 'of the newest of more', n: NEWEST + 1000 },
])('finds the best $title', ({ n }) => {
  expectBest(withModel(64), upTo(n));
});

test.each([
  { title: 'the best hundred', isEligible: (place: number) => place >= 100 }, { title: 'the best two thousand', isEligible: (place: number) => place >= 2000 },
  { title: 'all but a few', isEligible: (place: number) => place % 1000 === 7 }, { title: 'everything', isEligible: () => false },
])('what is not eligible makes room: $title', ({ isEligible }) => {
  const model = withModel(16);
  const items = upTo(NEWEST);
  const now = model.taste();
  const ranked = items.map((item) => ({ item, score: product(now, now.state, item) })).toSorted((a, b) => b.score - a.score);
  const eligible = new Set(ranked.filter((_each, place) => isEligible(place)).map(({ item }) => item));
  expectBest(model, items, (item) => eligible.has(item));
});

test('likeness is the cosine with any item, whether it is one of the newest or not', () => {
  const model = withModel(16);
  const found = expectBest(model, upTo(1000));
  const now = model.taste();
  for (const other of [found[3] ?? 0, ITEMS - 1]) {
    const likeness = model.newest.alike(other, found.length);
    expect(Math.max(...found.map((item, i) => Math.abs(product(now, vectorOf(now, other), item) - (likeness[i] ?? Number.NaN))))).toBeLessThan(1e-4);
  }
});

test('a list that grows, loses an item and is put in another order is read anew', () => {
  const model = withModel(8);
  const items = upTo(NEWEST + 3);
  for (const next of [items.slice(0, 100), items.slice(0, 101), items, [...items, 11, 12], items.filter((_item, i) => i !== 4000), items.toReversed()]) expectBest(model, next);
});

test.each([1, CHANGES, CHANGES + 1, 500])('%i vectors written since the last page are taken up', (written) => {
  const model = withModel(8);
  const items = upTo(600);
  const before = expectBest(model, items);
  for (const item of before.slice(0, 1)) model.writer.writeVector(item, new Float32Array(8).fill(-1));
  for (const item of items.slice(1, written)) model.writer.writeVector(item, new Float32Array(8).fill(item / ITEMS));
  expect(expectBest(model, items)).not.toEqual(before);
});

test('a wiped vector is found no more', () => {
  const model = withModel(8);
  const [first = -1] = expectBest(model, upTo(50));
  model.writer.wipeVector(first);
  expect(expectBest(model, upTo(50))).not.toContain(first);
});

test('an item that came after the vectors were taken is found once it has one', () => {
  const model = withModel(8);
  const late = 3 * ITEMS;
  expect(expectBest(model, [1, late])).not.toContain(late);
  model.writer.writeVector(late, Float32Array.from(model.taste().state));
  expect(expectBest(model, [1, late])).toContain(late);
});

test('another model, of another width, takes the place of the one before', () => {
  const model = withModel(8);
  expectBest(model, [1, 2, 3]);
  model.writer.replace({ model: 'two', width: 12, vectors: Float32Array.from({ length: ITEMS * 12 }, (_value, i) => Math.sin(i)), light: new Uint8Array() });
  const next = { ...model.taste(), state: new Float32Array(12).fill(1) };
  expectBest({ newest: model.newest, taste: () => next }, [1, 2, 3]);
  expectBest({ ...withModel(8), newest: model.newest }, [1, 2, 3]);
});
