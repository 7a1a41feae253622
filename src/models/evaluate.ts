/**
 * Second pass against baselines on the past. Split at the 80th percentile of time; each later event that is a person's first
 * touch of an article already seen by someone is one query at its own time; candidates are all articles whose first event is
 * earlier, minus those the person touched. Rankers read every event before the query; parameters are fitted before the split.
 */
import { ThroughlineError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import { decodeEvent } from '../funnel/codec.ts';
import type { Clock } from '../core/clock.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Log } from '../log/port.ts';
import { BASELINES, createBaselines, type Baselines } from './baselines.ts';
import { createExampleBuffer, type ExampleBuffer } from './example-buffer.ts';
import { createTouchSampler, isTouch, queriesIn, type TouchQuery } from './examples.ts';
import { FEATURES, JOURNEY_COLUMNS } from './features.ts';
import { fitTouches, withLight } from './fit.ts';
import { scoreRow, type LinearHead } from './logistic.ts';
import { clusterBootstrap, mean, rankMetrics, rivals, type RankMetrics } from './metrics.ts';
import type { TasteHead } from '../journey/taste.ts';
import { openLight } from './journey/light.ts';
import { createPastTaste, fitEra, memberOf, type Era, type PastTaste } from './journey/past.ts';
import { createReplay, moments, type Moment, type Replay } from './replay.ts';
import { readSequences, type LogSequences } from './sequences/from-log.ts';

/** The second pass is told what the journey model says; the rivals are it without that, with a light head of features alone, what comes next by the model's retrieval, and the baselines. */
const JOURNEY_RIVALS = ['without-journey', 'without-states', 'journey'] as const;
export const RIVALS = [...JOURNEY_RIVALS, ...BASELINES] as const;
export type Rival = (typeof RIVALS)[number];
export type Ranker = 'second-pass' | Rival;
export interface RankerFigures { readonly 'ndcg@10': number; readonly 'recall@10': number; readonly auc: number }
/** Second-pass minus `ranker`, 95 % over people. */
export interface Difference { readonly ranker: Rival; readonly metric: 'ndcg@10' | 'recall@10' | 'auc'; readonly low: number; readonly high: number }
export interface Evaluation { readonly rankers: Readonly<Record<Ranker, RankerFigures>>; readonly queries: number; readonly people: number; readonly differences: readonly Difference[]; /** Whether the light head reads the member's state, or features alone. */ readonly readsState: boolean }

export interface EvaluateOptions {
  readonly random: Random;
  readonly seed: number;
  readonly clock: Clock;
  readonly onProgress?: (share: number, doing: string) => void;
}

const RANKERS: readonly Ranker[] = ['second-pass', ...RIVALS];
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

interface Judge { ask(query: TouchQuery, replay: Replay, heads: SecondPasses): void }
/** One linear model, which the light head is added to in one of them. */
interface SecondPasses { readonly withJourney: LinearHead; readonly without: LinearHead; readonly plain: TasteHead | undefined }

const [FIT = 0, HEAD = 0] = JOURNEY_COLUMNS;
const NO_VECTORS = new Float32Array();

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
    ask: ({ viewer, item, at }, replay, heads) => {
      const entities = replay.views.catalog.entities.size();
      if (items.length < entities) { items = new Int32Array(entities * 2); scores = new Float64Array(entities * 2); }
      const { columns: { touches }, words } = replay.views.journey.counters;
      const size = replay.available(viewer, at, items);
      let candidates = 0;
      for (let i = 0; i < size; i++) if ((touches[(items[i] ?? 0) * words] ?? 0) > 0) items[candidates++] = items[i] ?? 0;
      const relevant = items.subarray(0, candidates).indexOf(item);
      if (relevant < 0 || candidates < 2) return;
      if (features.length < candidates * FEATURES) features = new Float32Array(candidates * FEATURES * 2);
      replay.features({ viewer, at, items, size: candidates }, features);
      const by = (ranker: Ranker, scoreOf: (row: number) => number): void => {
        for (let row = 0; row < candidates; row++) scores[row] = scoreOf(row);
        note(ranker, relevant, candidates);
      };
      answers.people.push(viewer);
      by('second-pass', (row) => scoreRow(heads.withJourney, features, row));
      by('without-journey', (row) => scoreRow(heads.without, features, row));
      by('journey', (row) => features[row * FEATURES + FIT] ?? 0);
      heads.plain?.run({ size: candidates, item: items, features, stride: FEATURES, state: undefined }, features, HEAD);
      by('without-states', (row) => scoreRow(heads.withJourney, features, row));
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

const summarise = ({ people, metrics }: Answers, random: Random): Omit<Evaluation, 'readsState'> => {
  const column = (ranker: Ranker, metric: (typeof METRIC_NAMES)[number]): number[] => metrics[ranker].map((row) => row[METRICS[metric]]);
  const figures = (ranker: Ranker): RankerFigures => ({ 'ndcg@10': mean(column(ranker, 'ndcg@10')), 'recall@10': mean(column(ranker, 'recall@10')), auc: mean(column(ranker, 'auc')) });
  const cluster = clusters(people);
  const differences = RIVALS.flatMap((ranker) => METRIC_NAMES.map((metric): Difference => {
    const theirs = column(ranker, metric);
    const { low, high } = clusterBootstrap(column('second-pass', metric).map((own, i) => own - (theirs[i] ?? 0)), cluster, { random: random.fork(`${ranker} ${metric}`) });
    return { ranker, metric, low, high };
  }));
  return { rankers: Object.fromEntries(RANKERS.map((ranker) => [ranker, figures(ranker)])) as Record<Ranker, RankerFigures>, differences, queries: people.length, people: cluster.reduce((most, person) => Math.max(most, person + 1), 0) };
};

/** The journey model as of the split, from what came before it. */
const eraFrom = async (sequences: LogSequences, split: number, { buffer, catalog, options }: { readonly buffer: ExampleBuffer; readonly catalog: Catalog; readonly options: EvaluateOptions }): Promise<Era> => {
  const { random, seed, clock, onProgress } = options;
  const nameOf = (entity: number): string => catalog.entities.name(entity);
  return fitEra(sequences.data, { from: Math.floor(split / 1000), until: Number.MAX_SAFE_INTEGER }, {
    examples: { buffer, memberOf: (entity) => memberOf(sequences, nameOf(entity)), itemOf: (entity) => sequences.itemOf(nameOf(entity)) },
    seed, clock, random: random.fork('era'), onProgress: (_, doing) => onProgress?.(SPLIT, doing),
  });
};

/** @throws client/noData where the log holds too little to split */
export const evaluate = async (log: Log, options: EvaluateOptions): Promise<Evaluation> => {
  const { random, onProgress } = options;
  const [warm = 0, split = 0] = await timeAt(log, [WARM_UP, SPLIT]);
  const sequences = await readSequences(log);
  let taste: PastTaste | undefined;
  const replay = createReplay((catalog) => (taste = createPastTaste(sequences, catalog)));
  const tasteNow = (): PastTaste => taste ?? createPastTaste(sequences, replay.views.catalog);
  const baselines = createBaselines();
  const buffer = createExampleBuffer(FEATURES);
  const sample = createTouchSampler(buffer, random.fork('negatives'));
  const answers: Answers = { people: [], metrics: Object.fromEntries(RANKERS.map((ranker): [Ranker, RankMetrics[]] => [ranker, []])) as Record<Ranker, RankMetrics[]> };
  const judge = createJudge(baselines, answers);
  let heads: SecondPasses | undefined;
  let plain: ReturnType<typeof openLight> | undefined;
  let readsState = false;
  for await (const moment of moments(log, (share) => onProgress?.(share, heads === undefined ? 'gathering examples' : 'ranking held-out touches'))) {
    const { at } = moment;
    const queries = at < warm ? [] : queriesIn(moment, replay);
    if (at >= split) {
      if (heads === undefined) {
        const without = fitTouches(buffer, { random: random.fork('fit'), onEpoch: (epoch) => onProgress?.(SPLIT, `fitting, epoch ${epoch}`) }).head;
        const era = await eraFrom(sequences, split, { buffer, catalog: replay.views.catalog, options });
        plain = era.plain && openLight(era.plain, era.width, () => NO_VECTORS);
        heads = { without, withJourney: withLight(without), plain };
        readsState = era.readsState;
        tasteNow().enter(era);
      }
      for (const query of queries) judge.ask(query, replay, heads);
    } else for (const query of queries) sample(query, replay);
    applyMoment(moment, replay, baselines);
  }
  tasteNow().release();
  plain?.release();
  if (answers.people.length === 0) throw new ThroughlineError('client/noData', 'nobody touched an article for the first time after the split; there is nothing to evaluate on');
  return { ...summarise(answers, random.fork('bootstrap')), readsState };
};
