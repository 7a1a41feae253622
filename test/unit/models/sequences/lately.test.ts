import { expect, test } from 'vitest';
import { LATELY, lately, latelyFactors, remembering, trusted, TRUSTS } from '../../../../src/models/sequences/lately.ts';
import { metricsOf, rank } from '../../../../src/models/sequences/protocol.ts';
import { saying, sequences } from './made.ts';

const DAY = 86_400;
/** Item 0 was touched often and long ago, item 1 twice today, item 2 never before the cut-off. */
const data = sequences([[0, 3, 2], [0, 1], [0, 1], [3, 0]], [[0, DAY, 101 * DAY], [0, 100 * DAY], [0, 100 * DAY], [0, DAY]]);
const ends = Int32Array.from([2, 5, 7, 9]);
const cutoff = 100 * DAY;

test('What was touched lately outweighs what was touched often and long ago', () => {
  const factors = latelyFactors(data, { ends, cutoff }, { halfLifeDays: 2, weight: 1, against: 0 });
  expect(factors[1]).toBeCloseTo(2.02, 2);
  expect(factors[0]).toBeCloseTo(0.02, 2);
});

test('Events behind the ends are not counted', () => {
  const factors = latelyFactors(data, { ends, cutoff: 101 * DAY }, { halfLifeDays: 7, weight: 1, against: 0 });
  expect(factors[2]).toBe(0.02);
});

test('Touches of all times can count against an item', () => {
  const with0 = latelyFactors(data, { ends, cutoff }, { halfLifeDays: 2, weight: 1, against: 0 });
  const with1 = latelyFactors(data, { ends, cutoff }, { halfLifeDays: 2, weight: 1, against: 1 });
  expect(with1[0]).toBeCloseTo((with0[0] ?? 0) / 5, 6);
});

test('A weight of 0 leaves the order to the model', async () => {
  const [none] = LATELY;
  expect(none?.weight).toBe(0);
  const model = saying(() => [0.1, 0.2, 0.3, 0.4]);
  const out = new Float32Array(4);
  await lately('x', model, latelyFactors(data, { ends, cutoff }, none ?? { halfLifeDays: 1, weight: 0, against: 0 })).score(data, { members: Int32Array.of(0), ends: Int32Array.of(2) }, out);
  expect([...out]).toEqual([...Float32Array.of(0.1, 0.2, 0.3, 0.4)]);
});

test('A model is asked once for members that are ranked again and again', async () => {
  let asked = 0;
  const held = remembering(saying((member) => { asked++; return [member, 1, 2, 3]; }));
  const split = { protocol: '', trainEnds: ends, validation: Int32Array.of(2, -1, -1, -1), test: new Int32Array(4).fill(-1) };
  const first = metricsOf(await rank(held, { data, split }, { stage: 'validation' }));
  const second = metricsOf(await rank(lately('x', held, Float64Array.of(1, 1, 1, 1)), { data, split }, { stage: 'validation' }));
  expect(second).toEqual(first);
  expect(asked).toBe(1);
});

test('A model that is trusted less says the same more quietly, and what it rules out stays out', async () => {
  const out = new Float32Array(4);
  await trusted(saying(() => [0.01, 0.16, 0, 0.81]), 0.5).score(data, { members: Int32Array.of(0), ends: Int32Array.of(2) }, out);
  [0.1, 0.4, 0, 0.9].forEach((value, item) => { expect(out[item]).toBeCloseTo(value, 6); });
  const model = saying(() => [1, 2, 3, 4]);
  expect(trusted(model, TRUSTS[0] ?? 0)).toBe(model);
});
