import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../../src/core/clock.ts';
import { seededRandom } from '../../../../src/core/random.ts';
import { createExampleBuffer } from '../../../../src/models/example-buffer.ts';
import { FEATURE_NAMES, FEATURES } from '../../../../src/models/features.ts';
import { fitLight, lightAlone, openLight } from '../../../../src/models/journey/light.ts';

const [QUERIES, CANDIDATES, WIDTH] = [600, 8, 4];
const columnOf = (name: string): number => FEATURE_NAMES.indexOf(name);
const [OLD, POPULAR, WEEKEND, HEAD] = [columnOf('logAgeHours'), columnOf('people'), columnOf('weekend'), columnOf('journeyHead')];

/** Popular is good. On a weekend old is good, on other days new is: no sum over the features of a candidate says that. */
const made = () => {
  const random = seededRandom(5);
  const buffer = createExampleBuffer(FEATURES);
  for (let query = 0; query < QUERIES; query++) {
    const weekend = query % 2;
    const rows = Array.from({ length: CANDIDATES }, () => {
      const values = new Float32Array(FEATURES);
      values[OLD] = 4 * random.next();
      values[POPULAR] = 4 * random.next();
      values[WEEKEND] = weekend;
      return { values, worth: (values[POPULAR] ?? 0) + 3 * (weekend === 1 ? 1 : -1) * (values[OLD] ?? 0) };
    }).toSorted((a, b) => b.worth - a.worth);
    rows.forEach(({ values }, row) => { buffer.push(values, 0, { bits: row === 0 ? 1 : 0, at: query * 1000, member: 0, position: 0 }); });
    buffer.endQuery();
  }
  return buffer;
};

/** How many of the queries from `from` on have the touched row, their first, on top. */
const found = (scores: Float32Array, from: number): number => {
  let count = 0;
  for (let query = from; query < QUERIES; query++) {
    const own = scores.subarray(query * CANDIDATES, (query + 1) * CANDIDATES);
    if (own.indexOf(Math.max(...own)) === 0) count++;
  }
  return count / (QUERIES - from);
};

describe('the light head on top of a linear model', async () => {
  const buffer = made();
  const fitted = await fitLight(buffer, { seed: 1, random: seededRandom(1), clock: manualClock(0), width: WIDTH, tasteOf: () => undefined, cuts: [400, 480] });
  const head = openLight(lightAlone(fitted.weights), WIDTH, () => new Float32Array());
  const ask = (values: Float32Array, size: number): Float32Array => {
    const features = values.slice();
    head.run({ size, item: new Int32Array(size), features, stride: FEATURES, state: undefined }, features, HEAD);
    return Float32Array.from({ length: size }, (_, row) => features[row * FEATURES + HEAD] ?? 0);
  };

  it('finds what depends on the moment, which the linear model cannot', () => {
    expect(found(fitted.linear, 480)).toBeLessThan(0.5);
    expect(found(fitted.together, 480)).toBeGreaterThan(0.65);
  });

  it('serves what it adds, as it was fitted', () => {
    const rows = 2 * CANDIDATES;
    const served = ask(Float32Array.from({ length: rows * FEATURES }, (_, i) => buffer.values(Math.floor(i / FEATURES))[i % FEATURES] ?? 0), rows);
    served.forEach((value, row) => { expect(value).toBeCloseTo((fitted.together[row] ?? 0) - (fitted.linear[row] ?? 0), 3); });
  });

  it('does not go on beyond what it has seen', () => {
    const row = (old: number): Float32Array => { const values = new Float32Array(FEATURES); values[OLD] = old; values[WEEKEND] = 1; return values; };
    expect([...ask(row(1e6), 1)]).toEqual([...ask(row(1e3), 1)]);
    expect([...ask(row(4), 1)]).not.toEqual([...ask(row(0), 1)]);
  });
});
