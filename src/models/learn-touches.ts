/** Learning from a log without impressions: touches against what was available. */
import { correct, fitCorrection } from './calibration.ts';
import type { ExampleBuffer } from './example-buffer.ts';
import { fitLine, fitTouches, validationStart, withLight } from './fit.ts';
import { INTERACT, type Learned, type LearnOptions } from './learned.ts';
import { scoreRow, type Examples, type LinearHead } from './logistic.ts';
import { clusterBootstrap, drawnMetrics, mean, type RankMetrics } from './metrics.ts';

interface QueryFigures { readonly loss: number; readonly metrics: RankMetrics }

/** −log of the first row's share of the softmax, in nats. */
const lossOf = (scores: Float64Array, times: Float64Array): number => {
  const top = scores.reduce((best, score) => Math.max(best, score), Number.NEGATIVE_INFINITY);
  const total = scores.reduce((sum, score, row) => sum + (times[row] ?? 1) * Math.exp(score - top), 0);
  return Math.log(total) + top - (scores[0] ?? 0);
};

/** Loss and ranking figures of each query, of the whole list: its first row is the touched one, and each other counts as many times as it stands for. */
const judge = (head: LinearHead, examples: Examples): readonly QueryFigures[] => {
  const queries = examples.queries ?? Int32Array.of(0, examples.count);
  return Array.from({ length: queries.length - 1 }, (_, q) => {
    const start = queries[q] ?? 0;
    const scores = Float64Array.from({ length: (queries[q + 1] ?? 0) - start }, (_, row) => scoreRow(head, examples.values, start + row));
    const times = scores.map((_, row) => Math.exp(examples.offsets?.[start + row] ?? 0));
    return { loss: lossOf(scores, times), metrics: drawnMetrics(scores, times, 10) };
  });
};

/** The bias that makes the scores probabilities among touched and sampled rows; the order stays. */
const calibrate = (head: LinearHead, examples: Examples): LinearHead =>
  correct(head, fitCorrection({ logits: Float64Array.from({ length: examples.count }, (_, row) => scoreRow(head, examples.values, row)), labels: examples.labels }));

export const learnTouches = (buffer: ExampleBuffer, { random, onProgress }: LearnOptions): Learned => {
  const cut = validationStart(buffer);
  const everything = buffer.slice(0, buffer.count, 1);
  const heldOut = buffer.slice(cut, buffer.count, 1);
  const measured = fitTouches(buffer, { random: random.fork('measure'), onEpoch: (epoch) => onProgress?.(epoch / 16, `fitting, epoch ${epoch}`) });
  const own = judge(measured.head, heldOut);
  const final = fitLine({ learned: everything }, { random: random.fork('fit'), epochs: measured.epochs, onEpoch: (epoch) => onProgress?.(0.5 + epoch / 16, `fitting on everything, epoch ${epoch}`) });
  const firstRows = Int32Array.from(heldOut.queries ?? [0]).subarray(0, -1);
  const cluster = Float64Array.from(firstRows, (row) => buffer.member[cut + row] ?? 0);
  return {
    heads: [{ name: INTERACT, head: calibrate(withLight(final.head), everything) }],
    examination: [], examples: buffer.count,
    figures: {
      auc: mean(own.map(({ metrics }) => metrics.auc)), 'ndcg@10': mean(own.map(({ metrics }) => metrics.ndcg)), 'recall@10': mean(own.map(({ metrics }) => metrics.recall)),
      logLoss: mean(own.map(({ loss }) => loss)), touches: (everything.queries?.length ?? 1) - 1, epochs: measured.epochs,
    },
    positionCorrection: 'off',
    positionCorrectionWhy: 'the log has too few impressions to say what was shown where; negatives are sampled from what was available at the time of each touch',
    from: buffer.at[0] ?? 0, to: buffer.at[buffer.count - 1] ?? 0,
    compare: (other) => {
      const theirs = judge(other, heldOut);
      const difference = (figure: (query: QueryFigures) => number, label: string): ReturnType<typeof clusterBootstrap> =>
        clusterBootstrap(own.map((query, q) => figure(query) - figure(theirs[q] ?? query)), cluster, { random: random.fork(label) });
      return { logLoss: difference(({ loss }) => loss, 'loss'), ndcg: difference(({ metrics }) => metrics.ndcg, 'ndcg') };
    },
  };
};
