import { describe, expect, test } from 'vitest';
import { bucketRanges } from '../../../src/experiments/assign.ts';
import { hash, LAYER_BUCKETS, layerBucket, namespacePlace, type HashVersion } from '../../../src/experiments/hash.ts';
import { chiSquareTail } from '../../support/chi-square.ts';

/** Seed, value, version and result, as GrowthBook publishes them for the authors of its clients. */
const PUBLISHED: readonly (readonly [string, string, HashVersion, number])[] = [
  ['', 'a', 1, 0.22], ['', 'b', 1, 0.077], ['b', 'a', 1, 0.946], ['ef', 'd', 1, 0.652], ['asdf', '8952klfjas09ujk', 1, 0.549], ['', '123', 1, 0.011], ['', '___)((*":&', 1, 0.563],
  ['seed', 'a', 2, 0.0505], ['seed', 'b', 2, 0.2696], ['foo', 'ab', 2, 0.2575], ['foo', 'def', 2, 0.2019], ['89123klj', '8952klfjas09ujkasdf', 2, 0.124],
  ['90850943850283058242805', '123', 2, 0.7516], ['()**(%$##$%#$#', '___)((*":&', 2, 0.0128],
];
/** Member, namespace, from, to, and whether it holds the member. */
const NAMESPACES: readonly (readonly [string, string, number, number, boolean])[] = [
  ['1', 'namespace1', 0, 0.4, false], ['1', 'namespace1', 0.4, 1, true], ['1', 'namespace2', 0, 0.4, false], ['2', 'namespace1', 0.4, 1, true],
  ['3', 'namespace1', 0, 0.4, false], ['3', 'namespace2', 0, 0.4, true], ['3', 'namespace2', 0.4, 1, false], ['4', 'namespace1', 0.4, 1, true], ['4', 'namespace2', 0, 0.4, true],
];
/** Weights, coverage, and each variant's part. */
const RANGES: readonly (readonly [readonly number[], number, readonly (readonly [number, number])[]])[] = [
  [[0.5, 0.5], 1, [[0, 0.5], [0.5, 1]]], [[0.5, 0.5], 0.5, [[0, 0.25], [0.5, 0.75]]], [[0.5, 0.5], 0, [[0, 0], [0.5, 0.5]]], [[0.4, 0.6], 1, [[0, 0.4], [0.4, 1]]],
  [[0.2, 0.3, 0.5], 1, [[0, 0.2], [0.2, 0.5], [0.5, 1]]], [[0.2, 0.3, 0.5], 0.2, [[0, 0.04], [0.2, 0.26], [0.5, 0.6]]], [[0.4, 0.5999], 1, [[0, 0.4], [0.4, 0.9999]]],
];

describe('GrowthBook\'s hash', () => {
  test.each(PUBLISHED)('seed %j and value %j by version %i come to %d', (...[seed, value, version, expected]) => {
    expect(hash(seed, value, version)).toBe(expected);
  });
  test('reads texts as UTF-8', () => {
    // FNV-1a of the bytes c3 a9, by hand: ((offset ^ c3) · prime ^ a9) · prime.
    const step = (state: number, byte: number): number => Math.imul(state ^ byte, 0x01000193) >>> 0;
    expect(hash('', 'é', 1)).toBe((step(step(0x811c9dc5, 0xc3), 0xa9) % 1000) / 1000);
  });
  test.each(NAMESPACES)('member %s and %s from %d to %d: %s', (...[member, namespace, from, to, isIn]) => {
    const place = namespacePlace(namespace, member);
    expect(place >= from && place < to).toBe(isIn);
  });
  test.each(RANGES)('weights %j at a coverage of %d take %j', (weights, coverage, expected) => {
    bucketRanges(weights, coverage).forEach(({ from, to }, place) => {
      expect(from).toBeCloseTo(expected[place]?.[0] ?? NaN, 8);
      expect(to).toBeCloseTo(expected[place]?.[1] ?? NaN, 8);
    });
  });
});

/** Chi-square of counts against equal ones, as the probability of as much or more. */
const uniform = (counts: ArrayLike<number>, total: number): number => {
  const expected = total / counts.length;
  const statistic = Array.from(counts).reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return chiSquareTail(statistic, counts.length - 1);
};

test('these tests would notice a split that is off: the tail is that of the tables, and half a percent too many show', () => {
  // Critical values as tables print them.
  for (const [statistic, degrees, tail] of [[3.8415, 1, 0.05], [18.307, 10, 0.05], [29.588, 10, 0.001], [1105.92, 999, 0.01]] as const) expect(chiSquareTail(statistic, degrees)).toBeCloseTo(tail, 3);
  expect(uniform([502_500, 497_500], 1_000_000)).toBeLessThan(0.001);
});

describe('over a million members', () => {
  const MEMBERS = 1_000_000;
  test.each([['numbers', (n: number) => String(n)], ['names', (n: number) => `member-${(n * 7919).toString(36)}`]])('the buckets of a layer are equally full (%s)', (_kind, idOf) => {
    const counts = new Int32Array(LAYER_BUCKETS);
    for (let n = 0; n < MEMBERS; n++) { const bucket = layerBucket('feed', idOf(n)); counts[bucket] = (counts[bucket] ?? 0) + 1; }
    expect(uniform(counts, MEMBERS)).toBeGreaterThan(0.001);
  });
  test('the hash of an experiment falls equally into a hundred parts', () => {
    const counts = new Int32Array(100);
    for (let n = 0; n < MEMBERS; n++) { const part = Math.floor(hash('new-weights', String(n), 2) * 100); counts[part] = (counts[part] ?? 0) + 1; }
    expect(uniform(counts, MEMBERS)).toBeGreaterThan(0.001);
  });
});

test('fifty seeds divide members independently of one another: of all pairs at most one in a hundred looks otherwise at .01', () => {
  const [seeds, members, parts] = [50, 20_000, 10];
  const places = Array.from({ length: seeds }, (_, seed) => Uint8Array.from({ length: members }, (_each, n) => Math.floor(hash(`experiment-${seed}`, `m${n}`, 2) * parts)));
  let suspicious = 0;
  let pairs = 0;
  for (let a = 0; a < seeds; a++) {
    for (let b = 0; b < a; b++) {
      const [first, second] = [places[a] ?? new Uint8Array(), places[b] ?? new Uint8Array()];
      const cells = new Int32Array(parts * parts);
      for (let n = 0; n < members; n++) { const cell = (first[n] ?? 0) * parts + (second[n] ?? 0); cells[cell] = (cells[cell] ?? 0) + 1; }
      if (independence(cells, parts) < 0.01) suspicious++;
      pairs++;
    }
  }
  expect(pairs).toBe(1225);
  expect(suspicious / pairs).toBeLessThanOrEqual(0.01);
});

/** Chi-square of a square table against the product of its margins. */
const independence = (cells: Int32Array, parts: number): number => {
  const total = cells.reduce((sum, count) => sum + count, 0);
  const rows = Array.from({ length: parts }, (_, row) => cells.subarray(row * parts, (row + 1) * parts).reduce((sum, count) => sum + count, 0));
  const columns = Array.from({ length: parts }, (_, column) => rows.reduce((sum, _count, row) => sum + (cells[row * parts + column] ?? 0), 0));
  let statistic = 0;
  cells.forEach((count, cell) => {
    const expected = ((rows[Math.floor(cell / parts)] ?? 0) * (columns[cell % parts] ?? 0)) / total;
    statistic += (count - expected) ** 2 / expected;
  });
  return chiSquareTail(statistic, (parts - 1) ** 2);
};
