import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kindKey, LIKINGS, openLikings, termKey } from '../../../src/journey/likings.ts';
import { createSpace } from '../../../src/memory/space.ts';

const told = (likings: ReturnType<typeof openLikings>, member: number): Readonly<Record<number, readonly [number, number]>> => {
  const { key, shown, liked } = likings.rows.columns;
  const first = likings.firstOf(member);
  return first < 0 ? {} : Object.fromEntries(Array.from({ length: LIKINGS }, (_, i) => first + i).filter((slot) => key[slot] !== 0).map((slot) => [key[slot], [shown[slot], liked[slot]]]));
};

describe('likings', () => {
  test('count what was shown and liked of each topic and kind, each member apart', () => {
    const likings = openLikings(createSpace());
    for (let n = 0; n < 5; n++) likings.show(2, termKey(0), 1);
    likings.like(2, termKey(0), 1);
    likings.show(2, kindKey(0), 1);
    likings.show(3, termKey(0), 1);
    expect(told(likings, 2)).toEqual({ [termKey(0)]: [5, 1], [kindKey(0)]: [1, 0] });
    expect(told(likings, 3)).toEqual({ [termKey(0)]: [1, 0] });
    likings.like(2, termKey(0), -1);
    likings.like(2, termKey(0), -1);
    expect(told(likings, 2)[termKey(0)]).toEqual([5, 0]);
    likings.forget(2);
    expect([told(likings, 2), told(likings, 3)]).toEqual([{}, { [termKey(0)]: [1, 0] }]);
  });

  test('cost nothing for whom nothing was shown to', () => {
    const likings = openLikings(createSpace());
    likings.show(900_000, termKey(0), 1);
    expect(told(likings, 900_000)).toEqual({ [termKey(0)]: [1, 0] });
    expect([likings.firstOf(5), likings.firstOf(-1), likings.firstOf(1e7)]).toEqual([-1, -1, -1]);
    expect(likings.rows.columns.key.length).toBeLessThanOrEqual(1024);
  });

  test('have room for topics that are seldom shown beside skills that are met once', () => {
    const likings = openLikings(createSpace());
    // Each day some fresh skills of jobs and people, a few cards of two dozen topics, one of them seldom.
    for (let day = 0; day < 30; day++) {
      for (let skill = 0; skill < 6; skill++) likings.show(1, termKey(1000 + (day * 6 + skill) % 50), 1);
      for (let topic = 0; topic < 24; topic++) likings.show(1, termKey(topic), topic === 7 ? 0.2 : 1);
    }
    expect(told(likings, 1)[termKey(7)]?.[0]).toBeCloseTo(6, 4);
  });

  test('keep what is shown most when there is more than fits, and halve what is shown without end', () => {
    const likings = openLikings(createSpace());
    for (let n = 0; n < 1000; n++) likings.show(0, termKey(7), 1);
    for (let term = 100; term < 100 + 3 * LIKINGS; term++) likings.show(0, termKey(term), 1);
    const kept = told(likings, 0);
    expect(Object.keys(kept)).toHaveLength(LIKINGS);
    expect(kept[termKey(7)]?.[0]).toBeGreaterThan(60);
    expect(kept[termKey(7)]?.[0]).toBeLessThan(200);
  });

  test('never count less than nothing, whatever comes in whichever order', () => {
    const step = fc.record({ member: fc.nat(2), key: fc.integer({ min: -3, max: 40 }).filter((key) => key !== 0), what: fc.constantFrom('show', 'like', 'unlike') });
    fc.assert(fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const likings = openLikings(createSpace());
      for (const { member, key, what } of steps) if (what === 'show') likings.show(member, key, 1); else likings.like(member, key, what === 'like' ? 1 : -1);
      const { shown, liked, key: keys } = likings.rows.columns;
      const ownKeys = (first: number): number[] => (first < 0 ? [] : [...keys.subarray(first, first + LIKINGS)].filter((key) => key !== 0));
      expect([...shown, ...liked].every((count) => count >= 0 && Number.isFinite(count))).toBe(true);
      for (let member = 0; member < 3; member++) { const own = ownKeys(likings.firstOf(member)); expect(new Set(own).size).toBe(own.length); }
    }), { seed: 2, numRuns: 60 });
  });
});
