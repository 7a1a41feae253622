import { describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../../../src/core/clock.ts';
import { seededRandom } from '../../../src/core/random.ts';
import { parameters } from '../../../src/world/parameters.ts';
import { createPresence } from '../../../src/world/presence.ts';
import { leaveProbability, NOTHING, returnProbability, satisfactionOf, tally } from '../../../src/world/satisfaction.ts';
import { createWorld } from '../../../src/world/world.ts';

const AT = Date.parse('2026-11-09T12:00:00Z');
const values = parameters({ members: 24 });
const [person] = createWorld(values).people;
if (person === undefined) throw new Error('nobody is there');

describe('a session', () => {
  test('counts a card once however much was done to it, and what annoyed apart', () => {
    const after = [['click', 'like'], [], ['hide'], ['report', 'click']] as const;
    expect(after.reduce((sum, responses) => tally(sum, responses), NOTHING)).toEqual({ cards: 4, acted: 2, annoyed: 2 });
  });

  test('satisfies more with each card acted on, less with each hidden, from nothing to nearly all', () => {
    const of = (acted: number, annoyed = 0): number => satisfactionOf({ acted, annoyed }, values);
    expect([of(0), of(0, 5)]).toEqual([0, 0]);
    expect(of(2) > of(1) && of(2, 1) < of(2) && of(60) > 0.99 && of(60) <= 1).toBe(true);
    expect(of(values.satisfactionScale)).toBeCloseTo(1 - 1 / Math.E, 12);
  });

  test('brings its member back by the stated logistic rule', () => {
    const z = values.returnBias + values.returnSatisfaction * (0.7 - 0.5) + values.returnHabit * Math.log(person.inner.activity);
    expect(returnProbability(person, 0.7, values)).toBeCloseTo(1 / (1 + Math.exp(-z)), 12);
    expect([leaveProbability(0.5, values), leaveProbability(0, values), leaveProbability(1, values)]).toEqual([values.leaves, 2 * values.leaves, 0]);
  });
});

describe('presence', () => {
  const DRAWS = 4000;
  const back = (acted: number): number => {
    let returned = 0;
    for (let draw = 0; draw < DRAWS; draw++) {
      const presence = createPresence({ ...values, leaves: 0 });
      presence.ended(person, { at: AT, tally: { cards: 20, acted, annoyed: 0 }, random: seededRandom(draw) });
      expect(presence.isAbout(person.ref, AT + HOUR) && presence.isAbout(person.ref, AT + 2 * DAY)).toBe(true);
      if (presence.isAbout(person.ref, AT + DAY)) returned++;
    }
    return returned / DRAWS;
  };

  test.each([0, 4, 20])('keeps a member who acted on %i cards away for the next day, and that day alone, as often as the rule says', (acted) => {
    const p = returnProbability(person, satisfactionOf({ acted, annoyed: 0 }, values), values);
    expect(Math.abs(back(acted) - p)).toBeLessThan(4 * Math.sqrt(p * (1 - p) / DRAWS));
  });

  test('lets the last session of a day decide, and who has left never comes back', () => {
    const never = createPresence({ ...values, returnBias: -50 });
    never.ended(person, { at: AT, tally: NOTHING, random: seededRandom(1) });
    expect(never.isAbout(person.ref, AT + DAY)).toBe(false);
    const gone = createPresence({ ...values, leaves: 0.5 });
    gone.ended(person, { at: AT, tally: NOTHING, random: seededRandom(1) });
    expect([gone.isAbout(person.ref, AT + 40 * DAY), gone.gone.has(person.ref)]).toEqual([false, true]);
    const again = createPresence({ ...values, returnBias: 50, leaves: 0 });
    again.ended(person, { at: AT, tally: NOTHING, random: seededRandom(1) });
    expect(again.isAbout(person.ref, AT + DAY)).toBe(true);
  });
});
