import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../../src/core/clock.ts';
import { seededRandom } from '../../../../src/core/random.ts';
import { createExampleBuffer } from '../../../../src/models/example-buffer.ts';
import { actionBit, POSITIVE_BITS } from '../../../../src/models/examples.ts';
import { FEATURE_NAMES, FEATURES } from '../../../../src/models/features.ts';
import { ANSWER, fillsFeature, fitOnBase, lightAlone, openLight } from '../../../../src/models/journey/light.ts';
import { shownTask } from '../../../../src/models/journey/shown-task.ts';
import { sigmoid } from '../../../../src/models/logistic.ts';

const [PAGES, CARDS, WIDTH] = [1200, 10, 4];
const columnOf = (name: string): number => FEATURE_NAMES.indexOf(name);
const [OLD, POPULAR, WEEKEND, HEAD] = [columnOf('logAgeHours'), columnOf('people'), columnOf('weekend'), columnOf('journeyHead')];
const ACTIONS = [{ name: ANSWER, bit: POSITIVE_BITS, sign: 1 }, { name: 'like', bit: actionBit('like'), sign: 0 }];

/** Popular is good; on a weekend old is good, on other days new is. Who looks at a place is a matter of the place. */
const shown = () => {
  const random = seededRandom(6);
  const buffer = createExampleBuffer(FEATURES);
  for (let page = 0; page < PAGES; page++) {
    const weekend = page % 2;
    for (let card = 0; card < CARDS; card++) {
      const values = new Float32Array(FEATURES);
      values[OLD] = 4 * random.next();
      values[POPULAR] = 2 * random.next();
      values[WEEKEND] = weekend;
      const chance = sigmoid((values[POPULAR] ?? 0) + 1.5 * (weekend === 1 ? 1 : -1) * ((values[OLD] ?? 0) - 2) - 1) / (1 + 0.3 * card);
      const bits = random.next() < chance ? (random.next() < 0.3 ? actionBit('like') : actionBit('click')) : 0;
      buffer.push(values, 0, { bits, at: page * 1000, member: page % 40, position: card + 1 });
    }
    buffer.endQuery();
  }
  return buffer;
};

describe('a light head from what was shown', async () => {
  const rows = shown();
  const { task, linear, looks } = shownTask(rows, ACTIONS, [900, 1050]);
  const fitted = await fitOnBase(rows, task, { seed: 1, random: seededRandom(1), clock: manualClock(0), width: WIDTH, tasteOf: () => undefined });
  const later = Array.from({ length: PAGES - 1050 }, (_, i) => 1050 + i);

  it('says of later pages what a sum over features cannot', () => {
    expect(task.score(fitted.together, later)).toBeGreaterThan(task.score(task.base, later) + 0.02);
  });

  it('leaves to the place what belongs to the place', () => {
    expect(looks[0]).toBe(0);
    expect(looks[CARDS - 1]).toBeLessThan(-0.7);
    const first = later.map((page) => page * CARDS);
    const mean = (at: number): number => first.reduce((sum, row) => sum + (fitted.together[(row + at) * 2] ?? 0) - (looks[row + at] ?? 0), 0) / first.length;
    expect(Math.abs(mean(0) - mean(CARDS - 1))).toBeLessThan(0.4);
  });

  it('fills the feature with what is to be added for any positive action', () => {
    const heads = { ...lightAlone(fitted.weights), actions: ACTIONS.map(({ name }) => name) };
    expect(fillsFeature(heads)).toBe(true);
    expect(fillsFeature({ ...heads, actions: ['click', ANSWER] })).toBe(false);
    const out = Float32Array.from({ length: CARDS * FEATURES }, (_, i) => rows.values(Math.floor(i / FEATURES))[i % FEATURES] ?? 0);
    openLight(heads, WIDTH, () => new Float32Array()).run({ size: CARDS, item: new Int32Array(CARDS), features: out.slice(), stride: FEATURES, state: undefined }, out, HEAD);
    for (let row = 0; row < CARDS; row++) expect(out[row * FEATURES + HEAD]).toBeCloseTo((fitted.together[row * 2] ?? 0) - (linear[row] ?? 0) - (looks[row] ?? 0), 3);
  });
});
