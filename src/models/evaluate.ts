/**
 * Second pass against baselines on the past. Split at the 80th percentile of time; each later event that is a person's first
 * touch of an article already seen by someone is one query at its own time; candidates are all articles whose first event is
 * earlier, minus those the person touched. Rankers read every event before the query; parameters are fitted before the split.
 */
import { ThroughlineError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import { decodeEvent } from '../funnel/codec.ts';
import type { Log } from '../log/port.ts';
import { BASELINES, createBaselines, type Baseline, type Baselines } from './baselines.ts';
import { createExampleBuffer } from './example-buffer.ts';
import { createTouchSampler, isTouch, queriesIn, type TouchQuery } from './examples.ts';
import { FEATURES } from './features.ts';
import { fitTouches } from './fit.ts';
import { scoreRow, type LinearHead } from './logistic.ts';
import { clusterBootstrap, rankMetrics, rivals, type RankMetrics } from './metrics.ts';
import { createReplay, moments, type Moment, type Replay } from './replay.ts';

export type Ranker = 'second-pass' | Baseline;
export interface RankerFigures { readonly 'ndcg@10': number; readonly 'recall@10': number; readonly auc: number }
/** Second-pass minus `ranker`, 95 % over people. */
export interface Difference { readonly ranker: Baseline; readonly metric: 'ndcg@10' | 'recall@10' | 'auc'; readonly low: number; readonly high: number }
export interface Evaluation { readonly rankers: Readonly<Record<Ranker, RankerFigures>>; readonly differences: readonly Difference[] }

export interface EvaluateOptions {
  readonly random: Random;
  readonly onProgress?: (share: number, doing: string) => void;
}

const RANKERS: readonly Ranker[] = ['second-pass', ...BASELINES];
const METRICS = { 'ndcg@10': 'ndcg', 'recall@10': 'recall', auc: 'auc' } as const satisfies Record<string, keyof RankMetrics>;
const METRIC_NAMES = ['ndcg@10', 'recall@10', 'auc'] as const;
const K = 10;
const SPLIT = 0.8;
const LEAST_EVENTS = 500;
/** Parameters are fitted on what comes after this share of the log, before which everything looks new. */
const WARM_UP = 0.05;

interface Answers { readonly people: number[]; readonly metrics: Record<Ranker, RankMetrics[]> }

/** When the first `share` of all touches is over. */
const timeAt = async (log: Log, shares: readonly number[]): Promise<readonly number[]> => {
  const times: number[] = [];
  for await (const { records } of moments(log)) for (const record of records) if (isTouch(record)) times.push(record.at);
  if (times.length < LEAST_EVENTS) throw new ThroughlineError('client/noData', `the store holds ${times.length} touches of articles; evaluation needs at least ${LEAST_EVENTS}. Import more, for example with "throughline import deskdrop <folder>"`);
  times.sort((a, b) => a - b);
  return shares.map((share) => times[Math.floor(times.length * share)] ?? 0);
};

interface Judge { ask(query: TouchQuery, replay: Replay, head: LinearHead): void }

/** Ranks all candidates of a query by every ranker, features in blocks so that memory stays small. */
const createJudge = (baselines: Baselines, answers: Answers): Judge => {
  let items = new Int32Array(1024);
  let features = new Float32Array();
  let scores = new Float64Array(1024);
  const note = (ranker: Ranker, relevant: number, size: number): void => {
    const { above, equal } = rivals(scores, relevant, size);
    answers.metrics[ranker].push(rankMetrics(above, equal, { count: size, k: K }));
  };
  return {
    ask: ({ viewer, item, at }, replay, head) => {
      const entities = replay.views.catalog.entities.size();
      if (items.length < entities) { items = new Int32Array(entities * 2); scores = new Float64Array(entities * 2); }
      const { touches } = replay.views.journey.counters.columns;
      const size = replay.available(viewer, at, items);
      let candidates = 0;
      for (let i = 0; i < size; i++) if ((touches[items[i] ?? 0] ?? 0) > 0) items[candidates++] = items[i] ?? 0;
      const relevant = items.subarray(0, candidates).indexOf(item);
      if (relevant < 0 || candidates < 2) return;
      if (features.length < candidates * FEATURES) features = new Float32Array(candidates * FEATURES * 2);
      replay.features({ viewer, at, items, size: candidates }, features);
      for (let row = 0; row < candidates; row++) scores[row] = scoreRow(head, features, row);
      answers.people.push(viewer);
      note('second-pass', relevant, candidates);
      for (const baseline of BASELINES) {
        baselines.score(baseline, { viewer, at, items, size: candidates }, scores);
        note(baseline, relevant, candidates);
      }
    },
  };
};

const applyMoment = ({ records }: Moment, replay: Replay, baselines: Baselines): void => {
  for (const record of records) {
    if (isTouch(record) && record.member !== undefined) {
      const member = replay.views.catalog.intern(`member:${record.member}`);
      const item = replay.views.catalog.intern(decodeEvent(record.payload).item);
      baselines.touch({ member, item, at: record.at, isFirst: !replay.hasTouched(member, item) });
    }
    replay.apply(record);
  }
};

/** Dense numbers for the people who asked. */
const clusters = (people: readonly number[]): Int32Array => {
  const numbers = new Map<number, number>();
  return Int32Array.from(people, (person) => {
    const number = numbers.get(person) ?? numbers.size;
    numbers.set(person, number);
    return number;
  });
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

const summarise = ({ people, metrics }: Answers, random: Random): Evaluation => {
  const column = (ranker: Ranker, metric: (typeof METRIC_NAMES)[number]): number[] => metrics[ranker].map((row) => row[METRICS[metric]]);
  const figures = (ranker: Ranker): RankerFigures => ({ 'ndcg@10': mean(column(ranker, 'ndcg@10')), 'recall@10': mean(column(ranker, 'recall@10')), auc: mean(column(ranker, 'auc')) });
  const cluster = clusters(people);
  const differences = BASELINES.flatMap((ranker) => METRIC_NAMES.map((metric): Difference => {
    const theirs = column(ranker, metric);
    const { low, high } = clusterBootstrap(column('second-pass', metric).map((own, i) => own - (theirs[i] ?? 0)), cluster, { random: random.fork(`${ranker} ${metric}`) });
    return { ranker, metric, low, high };
  }));
  return { rankers: Object.fromEntries(RANKERS.map((ranker) => [ranker, figures(ranker)])) as Record<Ranker, RankerFigures>, differences };
};

/** @throws client/noData where the log holds too little to split */
export const evaluate = async (log: Log, { random, onProgress }: EvaluateOptions): Promise<Evaluation> => {
  const [warm = 0, split = 0] = await timeAt(log, [WARM_UP, SPLIT]);
  const replay = createReplay();
  const baselines = createBaselines();
  const buffer = createExampleBuffer(FEATURES);
  const sample = createTouchSampler(buffer, random.fork('negatives'));
  const answers: Answers = { people: [], metrics: { 'second-pass': [], recent: [], 'popular-7d': [], popular: [], 'item-neighbours': [] } };
  const judge = createJudge(baselines, answers);
  let head: LinearHead | undefined;
  for await (const moment of moments(log, (share) => onProgress?.(share, head === undefined ? 'gathering examples' : 'ranking held-out touches'))) {
    const { at } = moment;
    const queries = at < warm ? [] : queriesIn(moment, replay);
    if (at >= split) {
      head ??= fitTouches(buffer, { random: random.fork('fit'), onEpoch: (epoch) => onProgress?.(SPLIT, `fitting, epoch ${epoch}`) }).head;
      for (const query of queries) judge.ask(query, replay, head);
    } else for (const query of queries) sample(query, replay);
    applyMoment(moment, replay, baselines);
  }
  if (answers.people.length === 0) throw new ThroughlineError('client/noData', 'nobody touched an article for the first time after the split; there is nothing to evaluate on');
  return summarise(answers, random.fork('bootstrap'));
};
