import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { judgeAlpha, solveDual, type Sample, type SampledRequest } from '../../../src/feed/objectives/duals.ts';

const RULES = { version: 'test', topSlot: 1, minGap: 3, most: 4, hideCeiling: 0.5 };
const ATTENTION = Array.from({ length: 12 }, (_, place) => 1 / Math.log2(place + 2));

/** Members of class 1 like advertisements less. */
const draw = (requests: number, seed = 3): Sample => {
  const random = seededRandom(seed);
  return {
    rules: RULES, byWorth: false, attention: ATTENTION,
    requests: Array.from({ length: requests }, (_, r): SampledRequest => ({
      group: r % 2, organicSize: 20, sponsoredSize: 6, hide: new Float64Array(6),
      organic: Float64Array.from({ length: 20 }, () => random.next()).sort().reverse(),
      utility: Float64Array.from({ length: 6 }, () => (0.6 - 0.4 * (r % 2)) * random.next()),
      revenue: Float64Array.from({ length: 6 }, () => random.next() ** 3),
    })),
  };
};

describe('the multiplier of a floor', () => {
  test('brings the most revenue that keeps the engagement: a little more of it would not', () => {
    const sample = { ...draw(400), requests: draw(400).requests.filter(({ group }) => group === 1) };
    const solved = solveDual(sample, { engagementFloor: 0.95 }).get(1);
    expect(solved?.engagement.mean).toBeGreaterThanOrEqual(0.95);
    expect(judgeAlpha(sample, (solved?.alpha ?? 0) * 1.01).engagement.mean).toBeLessThan(0.95);
    expect(solved?.engagement.mean).toBeLessThan(0.955);
  });

  test('is the least that brings the revenue asked for', () => {
    const sample = draw(400);
    const [first] = solveDual({ ...sample, requests: sample.requests.map((request) => ({ ...request, group: 7 })) }, { revenueFloor: 0.7 }).entries();
    const most = judgeAlpha(sample, 8e6).revenue.mean;
    expect(first?.[0]).toBe(7);
    expect(first?.[1].revenue.mean).toBeGreaterThanOrEqual(0.7 * most);
    expect(judgeAlpha(sample, (first?.[1].alpha ?? 0) * 0.99).revenue.mean).toBeLessThan(0.7 * most);
  });

  test('is another for a class of requests that likes advertisements less', () => {
    const solved = solveDual(draw(600), { engagementFloor: 0.93 });
    expect([...solved.keys()]).toEqual([0, 1]);
    expect(solved.get(0)?.alpha).toBeGreaterThan(1.2 * (solved.get(1)?.alpha ?? 0));
    for (const { engagement } of solved.values()) expect(engagement.mean).toBeGreaterThanOrEqual(0.93);
  });

  test('comes out the same each time, with intervals that hold what a larger sample says', () => {
    expect(solveDual(draw(300), { engagementFloor: 0.95 })).toEqual(solveDual(draw(300), { engagementFloor: 0.95 }));
    const truth = judgeAlpha(draw(20_000, 99), 0.5);
    let held = 0;
    for (let seed = 0; seed < 40; seed++) {
      const { revenue, engagement } = judgeAlpha(draw(200, seed), 0.5);
      if (revenue.low <= truth.revenue.mean && truth.revenue.mean <= revenue.high) held++;
      if (engagement.low <= truth.engagement.mean && truth.engagement.mean <= engagement.high) held++;
    }
    // 95 % of 80 is 76; the rest is room for chance.
    expect(held).toBeGreaterThanOrEqual(70);
  });

  test('is nothing where the floor leaves no room, and all there is where no floor binds', () => {
    const sample = draw(100);
    const liked = { ...sample, requests: sample.requests.map((request) => ({ ...request, group: 0, utility: request.utility.length === 0 ? request.utility : new Float64Array(6).fill(-1) })) };
    expect(solveDual(liked, { engagementFloor: 1 }).get(0)).toMatchObject({ revenue: { mean: 0 }, sponsored: { mean: 0 }, engagement: { mean: 1 } });
    expect(solveDual(liked, { engagementFloor: 0 }).get(0)).toEqual(judgeAlpha(liked, Math.exp(16)));
    expect(solveDual(liked, { revenueFloor: 0 }).get(0)?.alpha).toBe(0);
  });

  test('is not nought where the least one there is brings the revenue asked for, and none does not', () => {
    const { rules } = draw(1);
    const organic = new Float64Array(20).fill(0.5);
    const request = { organic, organicSize: 20, utility: new Float64Array([0.5 - 1e-7]), revenue: new Float64Array([500]), hide: new Float64Array(1), sponsoredSize: 1 };
    const { alpha, revenue } = solveDual({ requests: [request], rules, byWorth: true, attention: new Float64Array(20).fill(1) }, { revenueFloor: 0.9 }).get(0) ?? { alpha: 0, revenue: { mean: 0 } };
    expect([alpha > 0, revenue.mean]).toEqual([true, 500]);
  });

  test('earns more at the same floor where advertisements come in the order of their worth', () => {
    const sample = draw(400);
    const revenue = (byWorth: boolean): number => solveDual({ ...sample, byWorth, requests: sample.requests.map((request) => ({ ...request, group: 0 })) }, { engagementFloor: 0.95 }).get(0)?.revenue.mean ?? 0;
    expect(revenue(true)).toBeGreaterThan(1.05 * revenue(false));
  });

  test('refuses a sample without requests and a floor that is no share', () => {
    expect(() => solveDual({ ...draw(1), requests: [] }, { engagementFloor: 0.9 })).toThrow('the sample has none');
    expect(() => solveDual(draw(1), { engagementFloor: 95 })).toThrow('a share from 0 to 1, not 95');
  });
});
