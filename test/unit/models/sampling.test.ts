import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { createExampleBuffer } from '../../../src/models/example-buffer.ts';
import { drawnOffset } from '../../../src/models/examples.ts';
import { fitLogistic } from '../../../src/models/logistic.ts';

test('An item stands for as many as the chance of drawing it says', () => {
  const [size, trials, draws] = [50, 4000, 20];
  const random = seededRandom(3);
  const found = new Int32Array(size);
  for (let trial = 0; trial < trials; trial++) {
    const drawn = new Set<number>();
    for (let i = 0; i < draws; i++) {
      drawn.add(Math.floor(random.next() * size));
      drawn.add(Math.floor(size ** random.next()) - 1);
    }
    for (const back of drawn) found[back] = (found[back] ?? 0) + 1;
  }
  for (const back of [0, 1, 5, 20, 49]) expect((found[back] ?? 0) / trials).toBeCloseTo(Math.exp(-drawnOffset(back, size)), 1);
});

/** Choices among 100 options by softmax of their feature; of the options that were not chosen a few are kept, large features far more often. */
const choices = (offsets: boolean): ReturnType<typeof createExampleBuffer> => {
  const random = seededRandom(11);
  const buffer = createExampleBuffer(1);
  for (let query = 0; query < 3000; query++) {
    const options = Array.from({ length: 100 }, () => random.next());
    const sum = options.reduce((total, x) => total + Math.exp(2 * x), 0);
    let left = random.next() * sum;
    const chosen = options.findIndex((x) => (left -= Math.exp(2 * x)) <= 0);
    buffer.push(Float32Array.of(options[chosen] ?? 0), 0, { bits: 1, at: query, member: query, position: 0 });
    options.forEach((x, i) => {
      const chance = x > 0.5 ? 0.4 : 0.05;
      if (i !== chosen && random.next() < chance) buffer.push(Float32Array.of(x), 0, { bits: 0, at: query, member: query, position: 0, offset: offsets ? -Math.log(chance) : 0 });
    });
    buffer.endQuery();
  }
  return buffer;
};

test('Weights fitted to sampled rows are those of the whole list, whatever was sampled more often', () => {
  const fit = (offsets: boolean): number => { const buffer = choices(offsets); return fitLogistic(buffer.slice(0, buffer.count, 1), undefined, { random: seededRandom(1), loss: 'listwise' }).head.weights[0] ?? 0; };
  expect(Math.abs(fit(true) - 2)).toBeLessThan(0.25);
  expect(fit(false)).toBeLessThan(1);
});

test('A column that is left out weighs nothing', () => {
  const buffer = choices(true);
  expect(fitLogistic(buffer.slice(0, buffer.count, 1), undefined, { random: seededRandom(1), loss: 'listwise', without: [0] }).head.weights[0]).toBe(0);
});
