import { describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../../../src/core/clock.ts';
import { seededRandom } from '../../../src/core/random.ts';
import { dayCurve, paceOf, plannedShare, SLACK } from '../../../src/feed/objectives/pacing.ts';

const START = Date.UTC(2026, 5, 1);
/** Few come at night, most in the evening. */
const VISITS = Array.from({ length: 24 }, (_, hour) => 20_000 * (1 + 0.9 * Math.sin(((hour - 12) / 24) * 2 * Math.PI)));

describe('the pace of a budget', () => {
  test('plans as visits are spread over the day, whatever the hour it starts', () => {
    const curve = dayCurve(VISITS);
    const oneDay = { startsAt: START + 7 * HOUR, endsAt: START + DAY + 7 * HOUR };
    expect(plannedShare(curve, oneDay, START)).toBe(0);
    expect(plannedShare(curve, oneDay, START + 2 * DAY)).toBe(1);
    const total = VISITS.reduce((sum, each) => sum + each + 50, 0);
    for (const hours of [1, 5, 17, 23]) {
      const past = Array.from({ length: hours }, (_, h) => (VISITS[(7 + h) % 24] ?? 0) + 50).reduce((sum, each) => sum + each, 0);
      expect(plannedShare(curve, oneDay, START + (7 + hours) * HOUR)).toBeCloseTo(past / total, 9);
    }
    expect(plannedShare(dayCurve([]), { startsAt: START, endsAt: START + 30 * DAY }, START + 7.25 * DAY)).toBeCloseTo(7.25 / 30, 9);
  });

  test('leaves the bid alone up to the plan and takes it all a little above', () => {
    expect(paceOf({ taken: 40, budget: 100, planned: 0.4 })).toBe(1);
    expect(paceOf({ taken: 10, budget: 100, planned: 0.4 })).toBe(1);
    expect(paceOf({ taken: 40 + 50 * SLACK, budget: 100, planned: 0.4 })).toBeCloseTo(0.5, 9);
    expect(paceOf({ taken: 40 + 100 * SLACK, budget: 100, planned: 0.4 })).toBeCloseTo(0, 9);
    expect(paceOf({ taken: 90, budget: 100, planned: 0.4 })).toBe(0);
  });

  test('keeps a campaign that could spend its budget by noon on its plan all day long', () => {
    const random = seededRandom(4);
    const curve = dayCurve(VISITS);
    const campaign = { startsAt: START, endsAt: START + DAY };
    const [budget, bid] = [100, 0.01];
    const total = VISITS.reduce((sum, each) => sum + each, 0);
    let [spent, now, unpaced] = [0, START, 0];
    const furthest = { ahead: 0, behind: 0 };
    while (now < START + DAY) {
      now += (DAY / 24 / (VISITS[Math.floor(((now - START) % DAY) / HOUR)] ?? 1)) * -Math.log(1 - random.next()) * (total / 40_000);
      const planned = plannedShare(curve, campaign, now);
      const pace = paceOf({ taken: spent, budget, planned });
      // The higher it bids, the likelier it wins against what else wants the place.
      if (random.next() < pace) spent += bid * pace;
      unpaced += bid;
      furthest.ahead = Math.max(furthest.ahead, spent / budget - planned);
      furthest.behind = Math.max(furthest.behind, planned - spent / budget);
    }
    expect(furthest.ahead).toBeLessThanOrEqual(SLACK + bid / budget);
    expect(furthest.behind).toBeLessThan(0.02);
    expect(unpaced).toBeGreaterThan(3 * budget);
    expect(spent).toBeLessThanOrEqual(budget * (1 + SLACK));
  });
});
