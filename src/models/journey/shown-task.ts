/** What a light head learns from what was shown: on top of the linear model that the second pass is, and of how likely a card was looked at in its place. */
import type { ExampleBuffer } from '../example-buffer.ts';
import { examinationAt } from '../examination.ts';
import { lineOfImpressions } from '../learn-impressions.ts';
import { sigmoid } from '../logistic.ts';
import type { HeadAction } from './head-task.ts';
import type { LightTask } from './light.ts';

/** The latest rows: more of them change little and take longer. */
const MOST_ROWS = 100_000;

export interface ShownTask {
  readonly task: LightTask;
  /** By row: what the linear model says, and the logarithm of the chance that the card was looked at, which is in the base. */
  readonly linear: Float32Array;
  readonly looks: Float32Array;
}

const LEAST = 1e-7;

/** Mean log-likelihood of the first action over the rows of requests, in nats. */
const likelihoodOf = ({ queries }: ExampleBuffer, { labels, actions }: Pick<LightTask, 'labels' | 'actions'>): LightTask['score'] => (logits, requests) => {
  let [sum, count] = [0, 0];
  for (const request of requests) {
    for (let row = queries[request] ?? 0; row < (queries[request + 1] ?? 0); row++) {
      const p = sigmoid(logits[row * actions] ?? 0);
      sum += Math.log(Math.max(LEAST, labels[row * actions] === 1 ? p : 1 - p));
      count++;
    }
  }
  return sum / Math.max(1, count);
};

const between = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);

/**
 * @param actions the first is any positive one, and what the linear model says
 * @param cuts queries before the first are learned from, those from there to the second choose
 */
export const shownTask = (rows: ExampleBuffer, actions: readonly HeadAction[], [learned, chosen]: readonly [number, number]): ShownTask => {
  const end = rows.queries[learned] ?? rows.count;
  const { score, curve } = lineOfImpressions(rows, end);
  const linear = score(rows);
  const looks = Float32Array.from({ length: rows.count }, (_, row) => Math.log(examinationAt(curve, rows.position[row] ?? 1)));
  const each = actions.length;
  const labels = new Uint8Array(rows.count * each);
  const counts = new Float64Array(each).fill(1);
  for (let row = 0; row < rows.count; row++) {
    actions.forEach(({ bit }, action) => {
      const has = ((rows.bits[row] ?? 0) & bit) === 0 ? 0 : 1;
      labels[row * each + action] = has;
      if (row < end) counts[action] = (counts[action] ?? 0) + has;
    });
  }
  // An action begins as the share that it has of all positive ones.
  const shares = counts.map((count) => Math.log(count / (counts[0] ?? 1)));
  const base = Float32Array.from(labels, (_, i) => { const row = Math.floor(i / each); return (linear[row] ?? 0) + (looks[row] ?? 0) + (shares[i % each] ?? 0); });
  const first = rows.queries.findIndex((row) => row >= end - MOST_ROWS);
  return {
    linear, looks,
    task: { actions: each, labels, base, loss: 'likelihood', requests: { learned: between(first, learned), choosing: between(learned, chosen) }, score: likelihoodOf(rows, { labels, actions: each }) },
  };
};
