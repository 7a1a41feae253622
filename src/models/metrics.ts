/** Ranking figures for queries with one relevant item, and intervals that resample people rather than queries. */
import type { Random } from '../core/random.ts';

export interface RankMetrics { readonly ndcg: number; readonly recall: number; readonly auc: number }
export const RANK_METRICS = ['ndcg', 'recall', 'auc'] as const;

/** How many of the `count` first scores beat the relevant one, and how many equal it (itself not counted). */
export const rivals = (scores: ArrayLike<number>, relevant: number, count: number = scores.length): { readonly above: number; readonly equal: number } => {
  const own = scores[relevant] ?? Number.NEGATIVE_INFINITY;
  let above = 0;
  let equal = -1;
  for (let i = 0; i < count; i++) {
    const score = scores[i] ?? Number.NEGATIVE_INFINITY;
    if (score > own) above++;
    else if (score === own) equal++;
  }
  return { above, equal };
};

/**
 * NDCG@k, recall@k and AUC of one relevant item among `count`. Ties are answered by the expected value over a random order
 * of the tied items, so a ranker that scores everything alike is no better than chance.
 */
export const rankMetrics = (above: number, equal: number, options: { readonly count: number; readonly k: number }): RankMetrics => {
  let ndcg = 0;
  let recall = 0;
  for (let place = above + 1; place <= Math.min(above + equal + 1, options.k); place++) {
    ndcg += 1 / Math.log2(place + 1);
    recall += 1;
  }
  const others = options.count - 1;
  return {
    ndcg: ndcg / (equal + 1),
    recall: recall / (equal + 1),
    auc: others > 0 ? (others - above - equal / 2) / others : 0.5,
  };
};

/** AUC of a score against binary labels over many rows, ties counted half. @returns NaN where one class is missing. */
export const auc = (scores: ArrayLike<number>, labels: ArrayLike<number>): number => {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let tied = 0;
    const value = scores[order[start] ?? 0];
    while (end < order.length && scores[order[end] ?? 0] === value) tied += (labels[order[end++] ?? 0] ?? 0) > 0 ? 1 : 0;
    positives += tied;
    rankSum += tied * ((start + 1 + end) / 2);
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (order.length - positives));
};

export interface Interval { readonly mean: number; readonly low: number; readonly high: number }

/**
 * A 95 % percentile interval of the mean of `values`, resampling whole clusters (people): a person's queries are not
 * independent of each other. `cluster[i]` is the dense number of the person of value i.
 */
export const clusterBootstrap = (values: ArrayLike<number>, cluster: ArrayLike<number>, options: { readonly random: Random; readonly resamples?: number }): Interval => {
  const resamples = options.resamples ?? 1000;
  let clusters = 0;
  for (let i = 0; i < values.length; i++) clusters = Math.max(clusters, (cluster[i] ?? 0) + 1);
  const sums = new Float64Array(clusters);
  const counts = new Float64Array(clusters);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const c = cluster[i] ?? 0;
    sums[c] = (sums[c] ?? 0) + (values[i] ?? 0);
    counts[c] = (counts[c] ?? 0) + 1;
    total += values[i] ?? 0;
  }
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < clusters; draw++) {
      const c = Math.floor(options.random.next() * clusters);
      sum += sums[c] ?? 0;
      count += counts[c] ?? 0;
    }
    means[r] = count > 0 ? sum / count : 0;
  }
  means.sort();
  return { mean: total / values.length, low: quantile(means, 0.025), high: quantile(means, 0.975) };
};

/** Linear interpolation between the closest ranks of sorted values. */
export const quantile = (sorted: ArrayLike<number>, at: number): number => {
  const place = at * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  return low + (place - below) * ((sorted[Math.min(below + 1, sorted.length - 1)] ?? low) - low);
};
