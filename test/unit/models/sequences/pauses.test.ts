import { expect, test } from 'vitest';
import { pauseOf, vocabularyOf } from '../../../../src/models/sequences/vocabulary.ts';
import { sequences } from './made.ts';

test('a pause has seven steps, from under a minute to a week and more, and one that goes back in time is the shortest', () => {
  const edges: readonly (readonly [seconds: number, step: number])[] = [
    [-5, 1], [0, 1], [59, 1], [60, 2], [599, 2], [600, 3], [3599, 3], [3600, 4], [14_399, 4], [14_400, 5], [86_399, 5], [86_400, 6], [604_799, 6], [604_800, 7], [1e9, 7],
  ];
  for (const [seconds, step] of edges) expect(pauseOf(seconds), String(seconds)).toBe(step);
});

test('recipes read no pauses; what serves does, where there are times', () => {
  const timed = sequences([[0, 1, 2]], [[10, 20, 30]]);
  expect(vocabularyOf(timed).attributes.pause).toBeUndefined();
  expect(vocabularyOf(timed, { pauses: true }).attributes.pause).toBeGreaterThan(7);
  expect(vocabularyOf(sequences([[0, 1, 2]]), { pauses: true }).attributes.pause).toBeUndefined();
});
