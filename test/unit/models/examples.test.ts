import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { createExampleBuffer, type ExampleBuffer } from '../../../src/models/example-buffer.ts';
import { actionBit, enoughImpressions } from '../../../src/models/examples.ts';
import { FEATURE_NAMES, FEATURES } from '../../../src/models/features.ts';
import { learnImpressions } from '../../../src/models/learn-impressions.ts';
import { sigmoid } from '../../../src/models/logistic.ts';

const seen = (cards: number, liked: number, action = 'like'): ExampleBuffer => {
  const buffer = createExampleBuffer(1);
  for (let card = 0; card < cards; card++) buffer.push(Float32Array.of(0), 0, { bits: card < liked ? actionBit(action) : 0, at: card, member: 0, position: 1 });
  return buffer;
};

describe('impressions are enough', () => {
  test('where there are many cards and many of them were liked', () => expect(enoughImpressions(seen(3000, 200))).toBe(true));
  test('not where few were liked, however many were seen', () => expect(enoughImpressions(seen(20_000, 199))).toBe(false));
  test('not where few were seen', () => expect(enoughImpressions(seen(2999, 1000))).toBe(false));
  test('not where members did nothing but hide them', () => expect(enoughImpressions(seen(3000, 1000, 'hide'))).toBe(false));
});

test('a second pass from impressions learns what to make of what a light head said', () => {
  const random = seededRandom(4);
  const [signal, head] = [FEATURE_NAMES.indexOf('people'), FEATURE_NAMES.indexOf('journeyHead')];
  const buffer = createExampleBuffer(FEATURES);
  for (let card = 0; card < 6000; card++) {
    const values = new Float32Array(FEATURES);
    values[signal] = random.next();
    values[head] = 2 * random.next() - 1;
    const z = (values[signal] ?? 0) + 3 * (values[head] ?? 0) - 1;
    buffer.push(values, 0, { bits: random.next() < sigmoid(z) ? actionBit('click') : 0, at: card * 1000, member: card % 50, position: 1 + card % 5 });
  }
  const { heads } = learnImpressions(buffer, { random: seededRandom(1) });
  expect(heads.map(({ name }) => name)).toEqual(['interact', 'click']);
  for (const { head: { weights } } of heads) {
    expect(weights[head]).toBeGreaterThan(weights[signal] ?? 0);
    expect(weights[signal]).toBeGreaterThan(0);
  }
});
