import { describe, expect, test } from 'vitest';
import { leaveOneOut, timeSplit, type SplitAndReport } from '../../../../src/models/sequences/split.ts';
import { sequences } from './made.ts';

const splitOf = (items: readonly (readonly number[])[]): { readonly train: number[]; readonly validation: number[]; readonly test: number[] } => {
  const { split } = leaveOneOut(sequences(items));
  return { train: [...split.trainEnds], validation: [...split.validation], test: [...split.test] };
};

describe('leave-one-out', () => {
  test('keeps the last event for the test and the one before it for validation', () => {
    expect(splitOf([[0, 1, 2, 3], [3, 2, 1]])).toEqual({ train: [2, 5], validation: [2, 5], test: [3, 6] });
  });

  test('only learns from members with fewer than three events', () => {
    expect(splitOf([[0, 1], [2], [0, 1, 2]])).toEqual({ train: [2, 3, 4], validation: [-1, -1, 4], test: [-1, -1, 5] });
    expect(leaveOneOut(sequences([[0, 1], [2], [0, 1, 2]])).report).toMatchObject({ tested: 1, validated: 1, untested: 2 });
  });

  test('predicts what is new to the member: a repeat is in nobody\'s ranking', () => {
    const { report } = leaveOneOut(sequences([[0, 1, 2, 2, 3, 0, 3]]));
    expect(splitOf([[0, 1, 2, 2, 3, 0, 3]])).toEqual({ train: [2], validation: [2], test: [4] });
    expect(report.protocol).toContain('new to them');
  });

  test('counts members whose test event shares its time with the event before it', () => {
    expect(leaveOneOut(sequences([[0, 1, 2], [0, 1, 2]], [[1, 2, 2], [1, 2, 3]])).report.tied).toBe(1);
  });

  test('says so when nobody can be tested', () => {
    expect(() => leaveOneOut(sequences([[0, 1], [1, 1]]))).toThrow(/nobody has events on 3 different items/u);
  });
});

describe('a split by time', () => {
  // Twenty events, one a second: the cut-offs are where 80 % and 90 % of them have happened, 16 and 18 (rounded up from 15.2 and 17.1).
  const items = [[0, 1, 2, 0, 1, 4, 3, 0], [0, 1, 2, 3, 0, 1, 2, 5], [5, 6], [7, 0]];
  const seconds = [[0, 1, 2, 3, 4, 16, 18, 19], [5, 6, 7, 8, 9, 10, 11, 17], [12, 13], [14, 15]];
  const made = (): SplitAndReport => {
    const split = timeSplit(sequences(items, seconds));
    if ('none' in split) throw new Error(split.none);
    return split;
  };

  test('learns before one moment, validates to the next, tests from there on', () => {
    expect(made().split.cutoffs).toEqual({ validation: 16, test: 18 });
    expect([...made().split.trainEnds]).toEqual([5, 15, 18, 20]);
    expect([...made().split.finalEnds ?? []]).toEqual([6, 16, 18, 20]);
  });

  test('predicts the first event that is new to its member and known to somebody', () => {
    // Item 4 of member 0 is nobody's before the cut-off, so it validates nothing; items 5 of member 1 and 3 of member 0 are new and known.
    expect([...made().split.validation]).toEqual([-1, 15, -1, -1]);
    expect([...made().split.test]).toEqual([6, -1, -1, -1]);
  });

  test('ranks only what had been touched before the cut-off', () => {
    expect([...made().split.candidates?.validation ?? []]).toEqual([1, 1, 1, 1, 0, 1, 1, 1]);
    expect([...made().split.candidates?.test ?? []]).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  test.each([
    ['there are no times', sequences([[0, 1, 2]]), /no times/u],
    ['all times are one', sequences([[0, 1, 2]], [[5, 5, 5]]), /one and the same time/u],
    ['nobody was there before', sequences(Array.from({ length: 10 }, () => [0, 1]), Array.from({ length: 10 }, (_, m) => [m, m + 0.5])), /nobody has one event before/u],
  ])('says why there is none where %s', (_, data, why) => { expect(timeSplit(data)).toEqual({ none: expect.stringMatching(why) }); });
});
