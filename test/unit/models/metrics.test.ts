import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { auc, clusterBootstrap, drawnMetrics, meanNdcg, ndcg, quantile, rankMetrics, rivals } from '../../../src/models/metrics.ts';

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

describe('any number of relevant items', () => {
  test('of one, is what the figures of one relevant item say, ties included', () => {
    for (const scores of [[3, 1, 2], [1, 3, 2], [7, 7, 7, 7], [0, 2, 0, 1, 0]]) expect(ndcg(scores, scores.map((_, i) => Number(i === 0)), 10)).toBeCloseTo(check(scores, 10).ndcg, 12);
  });
  test('earn everything above all others, up to k of them', () => {
    expect(ndcg([5, 4, 1], [1, 1, 0], 10)).toBe(1);
    expect(ndcg([5, 4, 1], [1, 1, 1], 2)).toBe(1);
    expect(ndcg([5, 4, 1], [0, 0, 0], 2)).toBe(0);
  });
  test('earn no more at the front of a tie than at its end', () => {
    expect(ndcg([1, 1, 1], [1, 0, 0], 10)).toBe(ndcg([1, 1, 1], [0, 0, 1], 10));
    expect(ndcg([2, 1, 1], [1, 1, 0], 10)).toBeCloseTo((1 + (1 / Math.log2(3) + 0.5) / 2) / (1 + 1 / Math.log2(3)), 12);
  });
  test('count in the mean where something is relevant and something is not', () => {
    const rows = { queries: [0, 2, 4, 6], gains: Uint8Array.of(1, 0, 1, 1, 0, 0) };
    expect(meanNdcg(rows, { requests: [0, 1, 2], k: 10 }, (row) => -row)).toBe(1);
    expect(meanNdcg(rows, { requests: [1, 2], k: 10 }, (row) => -row)).toBe(0);
  });
});

test('a drawn item that stands for three is three rivals', () => {
  expect(drawnMetrics([1, 2, 0], [1, 3, 1], 10)).toEqual(rankMetrics(3, 0, { count: 5, k: 10 }));
  expect(drawnMetrics([1, 1, 0], [1, 3, 1], 10)).toEqual(rankMetrics(0, 3, { count: 5, k: 10 }));
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
