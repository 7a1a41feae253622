/**
 * Ranking figures of requests, of which one item is relevant or several, and intervals that resample people rather than requests. Ties are
 * answered by the expected value over a random order of the tied items, so a ranker that scores everything alike is no better than chance.
 */
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

/** What a relevant item earns at a place counted from 0. */
const discount = (place: number): number => 1 / Math.log2(place + 2);

/** NDCG@k, recall@k and AUC of one relevant item among `count`. */
export const rankMetrics = (above: number, equal: number, options: { readonly count: number; readonly k: number }): RankMetrics => {
  let ndcg = 0;
  let recall = 0;
  for (let place = above + 1; place <= Math.min(above + equal + 1, options.k); place++) {
    ndcg += discount(place - 1);
    recall += 1;
  }
  const others = options.count - 1;
  return {
    ndcg: ndcg / (equal + 1),
    recall: recall / (equal + 1),
    auc: others > 0 ? (others - above - equal / 2) / others : 0.5,
  };
};

/**
 * The same of the first among items that were drawn: each other counts `times[i]` times, as many as it stands for, so that the figures are of the
 * whole list and not of what was drawn from it.
 */
export const drawnMetrics = (scores: ArrayLike<number>, times: ArrayLike<number>, k: number): RankMetrics => {
  const own = scores[0] ?? Number.NEGATIVE_INFINITY;
  let [above, equal, count] = [0, 0, times[0] ?? 1];
  for (let i = 1; i < scores.length; i++) {
    const score = scores[i] ?? Number.NEGATIVE_INFINITY;
    const each = times[i] ?? 1;
    count += each;
    if (score > own) above += each;
    else if (score === own) equal += each;
  }
  return rankMetrics(Math.round(above), Math.round(equal), { count: Math.round(count), k });
};

/** NDCG@k where any number of items is relevant: gain 1, of the others 0. @returns 0 where none is */
export const ndcg = (scores: ArrayLike<number>, gains: ArrayLike<number>, k: number): number => {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  let [sum, best, relevant] = [0, 0, 0];
  for (let start = 0; start < order.length;) {
    let [end, gain] = [start, 0];
    const score = scores[order[start] ?? 0];
    do gain += gains[order[end++] ?? 0] ?? 0; while (end < order.length && scores[order[end] ?? 0] === score);
    for (let place = start; place < Math.min(end, k); place++) sum += gain / (end - start) * discount(place);
    relevant += gain;
    start = end;
  }
  for (let place = 0; place < Math.min(relevant, k); place++) best += discount(place);
  return best === 0 ? 0 : sum / best;
};

/** 0 of no values. */
export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

/** Rows of several requests: those of request q are [queries[q], queries[q + 1]), with a gain of 0 or 1 each. */
export interface GainedRows { readonly queries: ArrayLike<number>; readonly gains: Uint8Array }

/** Mean NDCG@k of those requests that have both a relevant row and another. */
export const meanNdcg = ({ queries, gains }: GainedRows, { requests, k }: { readonly requests: readonly number[]; readonly k: number }, scoreOf: (row: number) => number): number =>
  mean(requests.flatMap((request) => {
    const [from = 0, to = 0] = [queries[request], queries[request + 1]];
    const own = gains.subarray(from, to);
    return own.includes(0) && own.includes(1) ? [ndcg(Float64Array.from(own, (_, i) => scoreOf(from + i)), own, k)] : [];
  }));

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

export interface BootstrapOptions { readonly random: Random; readonly resamples?: number }

/**
 * Sum of `above` over sum of `below`, with a 95 % percentile interval, resampling whole clusters (people): a person's queries are not
 * independent of each other. `cluster[i]` is the dense number of the person of value i.
 */
export const clusterRatio = (above: ArrayLike<number>, below: ArrayLike<number>, { cluster, random, resamples = 1000 }: BootstrapOptions & { readonly cluster: ArrayLike<number> }): Interval => {
  let clusters = 0;
  for (let i = 0; i < above.length; i++) clusters = Math.max(clusters, (cluster[i] ?? 0) + 1);
  const [sums, counts] = [new Float64Array(clusters), new Float64Array(clusters)];
  let [total, all] = [0, 0];
  for (let i = 0; i < above.length; i++) {
    const c = cluster[i] ?? 0;
    sums[c] = (sums[c] ?? 0) + (above[i] ?? 0);
    counts[c] = (counts[c] ?? 0) + (below[i] ?? 0);
    total += above[i] ?? 0;
    all += below[i] ?? 0;
  }
  const ratios = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < clusters; draw++) {
      const c = Math.floor(random.next() * clusters);
      sum += sums[c] ?? 0;
      count += counts[c] ?? 0;
    }
    ratios[r] = count === 0 ? 0 : sum / count;
  }
  ratios.sort();
  return { mean: total / all, low: quantile(ratios, 0.025), high: quantile(ratios, 0.975) };
};

/** The same for the mean of `values`. */
export const clusterBootstrap = (values: ArrayLike<number>, cluster: ArrayLike<number>, options: BootstrapOptions): Interval =>
  clusterRatio(values, new Float64Array(values.length).fill(1), { ...options, cluster });

/** Linear interpolation between the closest ranks of sorted values. */
export const quantile = (sorted: ArrayLike<number>, at: number): number => {
  const place = at * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  return low + (place - below) * ((sorted[Math.min(below + 1, sorted.length - 1)] ?? low) - low);
};
