import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { auc, clusterBootstrap, quantile, rankMetrics, rivals } from '../../../src/models/metrics.ts';

const check = (scores: readonly number[], k: number): { ndcg: number; recall: number; auc: number } => {
  const { above, equal } = rivals(scores, 0);
  return rankMetrics(above, equal, { count: scores.length, k });
};

describe('one relevant item among many', () => {
  test('at the top it earns everything', () => expect(check([3, 1, 2], 10)).toEqual({ ndcg: 1, recall: 1, auc: 1 }));
  test('in third place it earns half the gain', () => expect(check([1, 3, 2], 10)).toEqual({ ndcg: 0.5, recall: 1, auc: 0 }));
  test('beyond k it earns nothing but its pairs', () => expect(check([1, 3, 2, 0, 0], 2)).toEqual({ ndcg: 0, recall: 0, auc: 0.5 }));
  test('a tie earns the mean of the places it may take', () => {
    const expected = (1 + 1 / Math.log2(3)) / 4;
    expect(check([7, 7, 7, 7], 2).ndcg).toBeCloseTo(expected, 12);
    expect(check([7, 7, 7, 7], 2)).toMatchObject({ recall: 0.5, auc: 0.5 });
  });
});

test('AUC over rows counts ties half', () => {
  expect(auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBeCloseTo(0.75, 12);
  expect(auc([1, 1, 1], [0, 1, 0])).toBeCloseTo(0.5, 12);
});

test('quantiles interpolate between ranks', () => expect(quantile([0, 1, 2, 3], 0.5)).toBe(1.5));

test('the interval resamples people: many queries of one person say no more than that person', () => {
  const random = seededRandom(1);
  const values = Float64Array.from({ length: 2000 }, (_, i) => (i < 1000 ? 1 : 0));
  const twoPeople = Float64Array.from({ length: 2000 }, (_, i) => (i < 1000 ? 0 : 1));
  const everybody = Float64Array.from({ length: 2000 }, (_, i) => i);
  const wide = clusterBootstrap(values, twoPeople, { random });
  const narrow = clusterBootstrap(values, everybody, { random });
  expect([wide.low, wide.mean, wide.high]).toEqual([0, 0.5, 1]);
  expect(narrow.high - narrow.low).toBeLessThan(0.06);
  expect(clusterBootstrap(values, everybody, { random: seededRandom(4) })).toEqual(clusterBootstrap(values, everybody, { random: seededRandom(4) }));
});
