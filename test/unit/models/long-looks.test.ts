import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { LONG_LOOK_MS } from '../../../src/journey/sequences.ts';
import { createLookScale } from '../../../src/models/long-looks.ts';

const SECOND = 1000;

test('a look is long where it is longer than nine in ten at the same kind on the same surface', () => {
  const random = seededRandom(3);
  const scale = createLookScale();
  const [reads, glances] = [[] as number[], [] as number[]];
  for (let n = 0; n < 4000; n++) {
    const read = 20 * SECOND * random.next(); reads.push(read); scale.add('article', 'feed', read);
    const glance = 4 * SECOND * random.next(); glances.push(glance); scale.add('member', 'feed', glance);
    scale.add('article', 'search', 6 * SECOND * random.next());
  }
  const long = (looks: readonly number[], threshold: number): number => looks.filter((ms) => ms >= threshold).length / looks.length;
  expect(long(reads, scale.threshold('article', 'feed'))).toBeCloseTo(0.1, 1);
  expect(long(glances, scale.threshold('member', 'feed'))).toBeCloseTo(0.1, 1);
  expect(scale.threshold('article', 'feed')).toBeGreaterThan(4 * scale.threshold('member', 'feed'));
  expect(scale.threshold('article', 'search')).toBeLessThan(7 * SECOND);
});

test('where there are few on a surface the kind decides, and where there are few of a kind a fixed time; a glance is never long', () => {
  const scale = createLookScale();
  for (let n = 0; n < 500; n++) scale.add('job', 'jobs', 30 * SECOND);
  for (let n = 0; n < 500; n++) scale.add('company', 'feed', 300);
  scale.add('job', 'feed', SECOND);
  scale.add('event', 'feed', 60 * SECOND);
  expect(scale.threshold('job', 'feed')).toBeGreaterThan(29 * SECOND);
  expect(scale.threshold('event', 'feed')).toBe(LONG_LOOK_MS);
  expect(scale.threshold('company', 'feed')).toBe(2 * SECOND);
});
