import { expect, test } from 'vitest';
import { MINUTE } from '../../../src/core/clock.ts';
import { seededRandom } from '../../../src/core/random.ts';
import { createSessions, SESSION_GAP_MS } from '../../../src/funnel/sessions.ts';

const numbers = (...minutes: readonly number[]): readonly number[] => {
  const sessions = createSessions();
  return minutes.map((minute) => sessions.of('ana', minute * MINUTE));
};

test('thirty minutes without anything end a session', () => {
  expect(numbers(0, 30, 60, 91, 92, 300)).toEqual([1, 1, 1, 2, 2, 3]);
});

test('what comes late goes into the session it falls into, before or behind it, or makes one of its own', () => {
  expect(numbers(100, 300, 120, 80, 290, 200)).toEqual([1, 2, 1, 1, 2, 3]);
});

test('what comes late between two sessions makes them one', () => {
  const sessions = createSessions();
  expect([0, 50, 25, 60].map((minute) => sessions.of('ana', minute * MINUTE))).toEqual([1, 2, 1, 1]);
  expect(sessions.count()).toBe(1);
});

test('members have sessions of their own', () => {
  const sessions = createSessions();
  expect([sessions.of('ana', 0), sessions.of('bo', 0), sessions.of('ana', 100 * MINUTE), sessions.of('bo', MINUTE)]).toEqual([1, 1, 2, 1]);
  expect([sessions.count(), sessions.members()]).toEqual([3, 2]);
});

test('with times a little out of order it counts what sorting them first would count', () => {
  const random = seededRandom(5);
  for (let round = 0; round < 50; round++) {
    const times = Array.from({ length: 200 }, () => Math.floor(random.next() * 4000) * MINUTE).toSorted((a, b) => a - b);
    const expected = 1 + times.filter((at, i) => at - (times[i - 1] ?? at) > SESSION_GAP_MS).length;
    const keys = new Map(times.map((at, i) => [i, at + random.next() * 60 * MINUTE]));
    const order = [...keys.keys()].toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
    const sessions = createSessions();
    for (const i of order) sessions.of('ana', times[i] ?? 0);
    expect(sessions.count()).toBe(expected);
  }
});
