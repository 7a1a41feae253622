/**
 * The two ranking heads on a frozen trunk. The light head answers for every candidate of a page, from [state, state × item, item, features]; the
 * head of finalists adds to its logits what it reads in the states of at most FINALISTS candidates that have each read the history.
 *
 * Both learn from requests after the moment that the trunk was trained to: a state that had learned the answers would promise too much.
 */
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { JourneyExamples } from '../sequences/ranking-examples.ts';
import type { StoredHeads, StoredWeights } from './artefact.ts';
import { fitFinalists, type FittedFinalists } from './finalists.ts';
import { headTask, worth, type HeadTask } from './head-task.ts';
import { meanNdcg } from '../metrics.ts';
import { LIGHT_HIDDEN } from './inputs.ts';
import { fitLight, fitOnBase, LIGHT_CONTEXT, type RowTaste } from './light.ts';
import type { JourneyReader } from './reader.ts';
import { shownTask } from './shown-task.ts';
import { askTrunk, type Trunk } from './trunk.ts';

const TOP = 10;

export interface HeadFigures {
  /** Mean NDCG@10 of the last requests, which chose nothing: by state · item, by the light head, by both heads; and how many there were. */
  readonly state: number; readonly light: number; readonly finalists: number; readonly requests: number;
  /** The same of the linear model that the light head adds to, and of that with a head that reads features alone. */
  readonly linear: number; readonly plain: number;
}
export interface TrainedHeads { readonly heads: StoredHeads; readonly figures: HeadFigures }

interface FitOptions { readonly seed: number; readonly random: Random; readonly clock: Clock; readonly signal?: AbortSignal }
export interface HeadOptions extends FitOptions { /** Seconds: requests before it are not learned from. */ readonly after: number }

interface Asked { readonly journeys: JourneyExamples; readonly task: HeadTask; readonly trunk: Trunk; readonly judge: (requests: readonly number[], scoreOf: (place: number) => number) => number }
/** By place: logits [places · actions], the linear model underneath, which is in them, and the same logits with a head of features alone. */
interface Light { readonly weights: StoredWeights; readonly logits: Float32Array; readonly linear: Float32Array; readonly plain: Float32Array }

/** State and vector of the rows that stand in the task; of the others the trunk has learned the answer. */
const tastes = ({ task: { rowOf }, trunk: { stateOf, vectorOf } }: Asked): ((row: number) => RowTaste | undefined) => {
  const placeOf = new Map(Array.from(rowOf, (row, place) => [row, place]));
  return (row) => {
    const place = placeOf.get(row);
    return place === undefined ? undefined : { state: stateOf(place), vector: vectorOf(place) };
  };
};

/** Queries of the examples before the first are learned from, those from there to the second choose. */
const cutsOf = ({ journeys: { examples: { rows } }, task: { queries, rowOf, parts } }: Asked): readonly [number, number] => {
  const queryOf = (request = 0): number => rows.queries.indexOf(rowOf[queries[request] ?? 0] ?? 0);
  return [queryOf(parts.choosing[0]), queryOf(parts.told[0])];
};

/** From all touches, those that the trunk had learned without a state; on top of the linear model that the second pass is where nothing was shown. */
const lightOfTouches = async (asked: Asked, options: FitOptions): Promise<Light> => {
  const { journeys: { examples: { rows } }, task: { rowOf }, trunk: { width } } = asked;
  const fitted = await fitLight(rows, { ...options, width, tasteOf: tastes(asked), cuts: cutsOf(asked) });
  const byPlace = (byRow: Float32Array): Float32Array => Float32Array.from(rowOf, (row) => byRow[row] ?? 0);
  return { weights: fitted.weights, logits: byPlace(fitted.together), linear: byPlace(fitted.linear), plain: byPlace(fitted.plain) };
};

/** From all that was shown, as above: one logit for any positive action and one for each that is frequent. */
const lightOfImpressions = async (asked: Asked, options: FitOptions): Promise<Light> => {
  const { journeys: { examples: { rows } }, task: { actions, rowOf }, trunk: { width } } = asked;
  const { task, linear, looks } = shownTask(rows, actions, cutsOf(asked));
  const fitted = await fitOnBase(rows, task, { ...options, width, tasteOf: tastes(asked) });
  const each = actions.length;
  // How likely a card is looked at belongs to its place and not to it.
  const byPlace = (byRow: Float32Array): Float32Array => Float32Array.from({ length: rowOf.length * each }, (_, i) => {
    const row = rowOf[Math.floor(i / each)] ?? 0;
    return (byRow[row * each + i % each] ?? 0) - (looks[row] ?? 0);
  });
  return { weights: fitted.weights, logits: byPlace(fitted.together), linear: Float32Array.from(rowOf, (row) => linear[row] ?? 0), plain: byPlace(fitted.plain) };
};

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/** What each step is worth on the requests that chose nothing. */
const figuresOf = ({ task: { actions, parts: { told } }, trunk: { stateOf, vectorOf }, judge }: Asked, light: Light, finalists: FittedFinalists): HeadFigures => {
  const { linear, plain, logits } = light;
  return {
    state: judge(told, (place) => dot(stateOf(place), vectorOf(place))),
    linear: judge(told, (place) => linear[place] ?? 0), plain: judge(told, (place) => worth(actions, plain, place)),
    light: judge(told, (place) => worth(actions, logits, place)),
    finalists: judge(told, finalists.scoreOf),
    requests: told.length,
  };
};

/** Both heads in one array, each under its name. */
const storedHeads = (light: StoredWeights, finalists: StoredWeights, actions: readonly string[]): StoredHeads => {
  const values = new Float32Array(light.values.length + finalists.values.length);
  values.set(light.values);
  values.set(finalists.values, light.values.length);
  return {
    actions, context: LIGHT_CONTEXT, hidden: LIGHT_HIDDEN, values,
    layout: [...light.layout, ...finalists.layout.map((entry) => ({ ...entry, name: `finalists/${entry.name}`, offset: entry.offset + light.values.length }))],
  };
};

/** @returns undefined where there are too few requests to learn from */
export const trainHeads = async (reader: JourneyReader, journeys: JourneyExamples, { after, random, ...fit }: HeadOptions): Promise<TrainedHeads | undefined> => {
  const task = headTask(journeys.examples, after);
  if (task === undefined) return undefined;
  const asked: Asked = { journeys, task, trunk: await askTrunk(reader, journeys, task), judge: (requests, scoreOf) => meanNdcg(task, { requests, k: TOP }, scoreOf) };
  const fitLightHead = journeys.examples.source === 'touches' ? lightOfTouches : lightOfImpressions;
  const light = await fitLightHead(asked, { ...fit, random: random.fork('light') });
  const finalists = await fitFinalists({ ...asked, light: light.logits }, { ...fit, random: random.fork('finalists') });
  return { heads: storedHeads(light.weights, finalists.weights, task.actions.map(({ name }) => name)), figures: figuresOf(asked, light, finalists) };
};
