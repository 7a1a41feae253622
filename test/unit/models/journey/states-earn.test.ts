import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../../src/core/clock.ts';
import { normal, seededRandom } from '../../../../src/core/random.ts';
import { createExampleBuffer } from '../../../../src/models/example-buffer.ts';
import { FEATURE_NAMES, FEATURES } from '../../../../src/models/features.ts';
import { fitLight, type FittedLight, type RowTaste } from '../../../../src/models/journey/light.ts';

const [QUERIES, CANDIDATES, WIDTH, MEMBERS] = [600, 8, 4, 30];
const POPULAR = FEATURE_NAMES.indexOf('people');

/** Touches of what is popular, and as much as `worth` says of what lies close to the member's state. */
const fitted = async (worth: number, seed: number): Promise<FittedLight> => {
  const random = seededRandom(seed);
  const buffer = createExampleBuffer(FEATURES);
  const tastes: RowTaste[] = [];
  const drawn = (): Float32Array => Float32Array.from({ length: WIDTH }, () => normal(random));
  for (let query = 0; query < QUERIES; query++) {
    const state = drawn();
    const rows = Array.from({ length: CANDIDATES }, () => {
      const [values, vector] = [new Float32Array(FEATURES), drawn()];
      values[POPULAR] = 4 * random.next();
      const closeness = state.reduce((sum, each, i) => sum + each * (vector[i] ?? 0), 0);
      return { values, vector, worth: values[POPULAR] + worth * closeness + normal(random) };
    }).toSorted((a, b) => b.worth - a.worth);
    rows.forEach(({ values, vector }, row) => {
      tastes.push({ state, vector });
      buffer.push(values, 0, { bits: row === 0 ? 1 : 0, at: query * 1000, member: query % MEMBERS, position: 0 });
    });
    buffer.endQuery();
  }
  return fitLight(buffer, { seed, random: seededRandom(seed), clock: manualClock(0), width: WIDTH, tasteOf: (row) => tastes[row], cuts: [400, 500] });
};

describe('states in the light head', () => {
  it('are read where they say what is touched', async () => { expect((await fitted(2, 1)).readsState).toBe(true); });

  it('are not read where they were better by chance alone', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const { readsState, weights, plainWeights, together, plain } = await fitted(0, seed);
      expect(readsState).toBe(false);
      expect([weights, together]).toEqual([plainWeights, plain]);
    }
  });
});
