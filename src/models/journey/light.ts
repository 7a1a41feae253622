/**
 * The light head over all features of the second pass: a perceptron of [state, state × item, item, features], asked about every candidate. It learns
 * from what was shown, or from touches and what was available beside them, and what the features alone do not say in a sum: it is fitted on top of a
 * linear model, as which the second pass reads the same features again. Where no state may be used (the trunk has learned the answer, or there is none) state and
 * item are 0, so that the part that reads features learns from every request. Where they do not earn their place they are not read at all.
 */
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { TasteHead } from '../../journey/taste.ts';
import type { ExampleBuffer } from '../example-buffer.ts';
import { FEATURE_NAMES, FEATURES } from '../features.ts';
import { fitLine } from '../fit.ts';
import { scoreRow } from '../logistic.ts';
import { clusterBootstrap, drawnMetrics, mean } from '../metrics.ts';
import { storedWeights } from './trained.ts';
import { fitWith, type FitHeadOptions, type FittedHead, type HeadExamples, type HeadLoss, type HeadRequests } from './fit-head.ts';
import { fillLight, LIGHT_HIDDEN } from './inputs.ts';
import { createLight, LIGHT_MOST } from './serve-heads.ts';
import { parameterOf, type StoredHeads, type StoredWeights } from './artefact.ts';

/** All features but the head's own. */
const INPUTS: number = FEATURES - 1;
export const LIGHT_CONTEXT: readonly string[] = FEATURE_NAMES.slice(0, INPUTS);
/** What the first logit of a head is for: any positive action, on something touched and on something shown. */
export const TOUCH = 'touch';
export const ANSWER = 'answer';

/**
 * Whether a stored head fills the feature `journeyHead`: it reads the features that this version computes, and its first logit is for any positive action. So
 * the feature means one thing, what is to be added to a linear model of that, and is 0 where nothing says it.
 */
export const fillsFeature = ({ actions, context }: StoredHeads): boolean =>
  (actions[0] === TOUCH || actions[0] === ANSWER) && context.length === LIGHT_CONTEXT.length && context.every((name, i) => name === LIGHT_CONTEXT[i]);

/** Queries that choose the epoch: the latest. */
const CHOOSING_SHARE = 0.08;
/** Features reach a perceptron in deviations from their mean and at most so many: a line goes on beyond what it has seen, a perceptron should not. */
const DEVIATIONS = 3;

/** State and item vector of a row of the buffer, both or neither. */
export interface RowTaste { readonly state: Float32Array; readonly vector: Float32Array }
type TasteOf = (row: number) => RowTaste | undefined;

export interface FeatureScale { readonly mean: Float32Array; readonly inverse: Float32Array }

const measure = (buffer: ExampleBuffer): FeatureScale => {
  const [mean, square] = [new Float64Array(INPUTS), new Float64Array(INPUTS)];
  for (let row = 0; row < buffer.count; row++) {
    const values = buffer.values(row);
    for (let i = 0; i < INPUTS; i++) {
      const value = values[i] ?? 0;
      mean[i] = (mean[i] ?? 0) + value / buffer.count;
      square[i] = (square[i] ?? 0) + value * value / buffer.count;
    }
  }
  return { mean: Float32Array.from(mean), inverse: Float32Array.from(square, (value, i) => { const variance = value - (mean[i] ?? 0) ** 2; return variance > 1e-9 ? 1 / Math.sqrt(variance) : 0; }) };
};

/** Writes the INPUTS features of a row that begins at `from` as the perceptron reads them. */
const fillScaled = ({ mean, inverse }: FeatureScale, { features, from }: { readonly features: Float32Array; readonly from: number }, { out, to }: { readonly out: Float32Array; readonly to: number }): void => {
  for (let i = 0; i < INPUTS; i++) out[to + i] = Math.max(-DEVIATIONS, Math.min(DEVIATIONS, ((features[from + i] ?? 0) - (mean[i] ?? 0)) * (inverse[i] ?? 0)));
};

/** How the rows of a buffer reach the perceptron. */
export interface LightInputs { readonly count: number; readonly scale: FeatureScale; fill(row: number, out: Float32Array, to: number): void }
export const createLightInputs = (buffer: ExampleBuffer, width: number, tasteOf: TasteOf): LightInputs => {
  const scale = measure(buffer);
  return {
    count: 3 * width + INPUTS, scale,
    fill: (row, out, to) => {
      const taste = tasteOf(row);
      if (taste === undefined) out.fill(0, to, to + 3 * width); else fillLight({ ...taste, width }, out, to);
      fillScaled(scale, { features: buffer.values(row), from: 0 }, { out, to: to + 3 * width });
    },
  };
};

const SCALE = 'light/scale';
/** A fitted light head as it is stored: with the scale of its features. */
export const storedLight = ({ layout, values }: StoredWeights, { mean, inverse }: FeatureScale): StoredWeights => {
  const all = new Float32Array(values.length + 2 * INPUTS);
  all.set(values);
  all.set(mean, values.length);
  all.set(inverse, values.length + INPUTS);
  return { values: all, layout: [...layout.map((entry) => ({ ...entry, name: `light/${entry.name}` })), { name: SCALE, shape: [2, INPUTS], offset: values.length }] };
};

/** Mean NDCG@10 of queries by logits. How a row was drawn is in them; the order is without it. */
const createJudge = (buffer: ExampleBuffer): ((logits: Float32Array, asked: readonly number[]) => number) => {
  const offsets = buffer.offset.subarray(0, buffer.count);
  const times = Float64Array.from(offsets, Math.exp);
  return (logits, asked) => mean(asked.map((query) => {
    const [from = 0, to = 0] = [buffer.queries[query], buffer.queries[query + 1]];
    const scores = Float64Array.from(offsets.subarray(from, to), (offset, i) => (logits[from + i] ?? 0) - offset);
    return drawnMetrics(scores, times.subarray(from, to), 10).ndcg;
  }));
};

interface LightParts { readonly seed: number; readonly random: Random; readonly clock: Clock; readonly signal?: AbortSignal; readonly width: number; readonly tasteOf: TasteOf }
export interface LightOptions extends LightParts {
  /** Queries before the first are learned from, those from there to the second choose; default: the latest choose, and none are left. */
  readonly cuts?: readonly [number, number];
}
/** What a light head is fitted to: of each row of a buffer, by action. */
export interface LightTask {
  readonly actions: number;
  /** [rows · actions] of 0 and 1. */
  readonly labels: Uint8Array;
  /** [rows · actions]: what the logits are added to. */
  readonly base: Float32Array;
  readonly loss: HeadLoss;
  /** Queries of the buffer. */
  readonly requests: HeadRequests;
  readonly score: FitHeadOptions['score'];
}
/** A head, and by row what it comes to with the base, [rows · actions]. */
interface LightFit {
  /** The head that was kept, and one that reads features alone; the same where states did not earn their place. */
  readonly weights: StoredWeights;
  readonly plainWeights: StoredWeights;
  /** Whether state and item earned their place: they are read where that ranks the queries that choose better, by more than chance. */
  readonly readsState: boolean;
  readonly plain: Float32Array;
  readonly together: Float32Array;
}
export interface FittedLight extends LightFit {
  /** By row: the linear model alone; `plain` and `together` are with it, and without what says how a row was drawn. */
  readonly linear: Float32Array;
}

/** What the linear model underneath says of each row, from the rows of the same queries. */
const lineUnder = (buffer: ExampleBuffer, { random, cuts: [learned, chosen] }: { readonly random: Random; readonly cuts: readonly [number, number] }): Float32Array => {
  const rowOf = (query: number): number => buffer.queries[query] ?? buffer.count;
  const { head } = fitLine({ learned: buffer.slice(0, rowOf(learned), 1), choosing: buffer.slice(rowOf(learned), rowOf(chosen), 1) }, { random });
  const { values, count } = buffer.slice(0, buffer.count, 1);
  return Float32Array.from({ length: count }, (_, row) => scoreRow(head, values, row));
};

const INNER = 'head/inner/weight';
/** A perceptron of features alone as one of [state, state × item, item, features] that gives nothing for the first three. */
const widened = ({ layout, values }: StoredWeights, width: number): StoredWeights => {
  const added = 3 * width * LIGHT_HIDDEN;
  const at = layout.find(({ name }) => name === INNER)?.offset ?? 0;
  const all = new Float32Array(values.length + added);
  all.set(values.subarray(0, at));
  all.set(values.subarray(at), at + added);
  return {
    values: all,
    layout: layout.map((entry) => ({ ...entry, shape: entry.name === INNER ? [3 * width + INPUTS, LIGHT_HIDDEN] : entry.shape, offset: entry.offset > at ? entry.offset + added : entry.offset })),
  };
};

/** Whether gains of requests lie above zero, 95 % over members: +.0008 [−.007, +.009] was once taken for better, and cost .04 of NDCG on what came after. */
const earned = (gains: readonly number[], over: { readonly cluster: Int32Array; readonly random: Random }): boolean =>
  gains.length > 0 && clusterBootstrap(gains, over.cluster, over).low > 0;

/** A head that reads state, item and features where that ranks the requests that choose better, by more than chance; else one that reads features alone. */
export const fitOnBase = async (buffer: ExampleBuffer, { labels, base, actions, loss, requests, score }: LightTask, { seed, random, clock, signal, width, tasteOf }: LightParts): Promise<LightFit> => {
  const queries = Int32Array.from(buffer.queries);
  const fit = async (inputs: number, fill: HeadExamples['fill']): Promise<FittedHead> => fitWith({ queries, labels, base, fill }, { inputs, hidden: LIGHT_HIDDEN, actions }, {
    seed, random: random.fork('head'), clock, loss, requests, score, ...(signal === undefined ? {} : { signal }),
  });
  const inputs = createLightInputs(buffer, width, tasteOf);
  const plain = await fit(INPUTS, (row, out, to) => { fillScaled(inputs.scale, { features: buffer.values(row), from: 0 }, { out, to }); });
  const hasState = labels.some((label, i) => label === 1 && i % actions === 0 && tasteOf(i / actions) !== undefined);
  const full = hasState ? await fit(inputs.count, inputs.fill) : undefined;
  const byPlain = await plain.logits();
  const byState = await full?.logits();
  const readsState = byState !== undefined && earned(requests.choosing.map((query) => score(byState, [query]) - score(byPlain, [query])), {
    cluster: Int32Array.from(requests.choosing, (query) => buffer.member[buffer.queries[query] ?? 0] ?? 0), random: random.fork('gain'),
  });
  const plainWeights = storedLight(widened(storedWeights(plain.arena), width), inputs.scale);
  return {
    readsState, plainWeights, plain: byPlain, together: readsState && byState !== undefined ? byState : byPlain,
    weights: readsState && full !== undefined ? storedLight(storedWeights(full.arena), inputs.scale) : plainWeights,
  };
};

/** @param buffer touches as `createTouchSampler` gathers them: the touched row of a query comes first */
export const fitLight = async (buffer: ExampleBuffer, { cuts, ...parts }: LightOptions): Promise<FittedLight> => {
  const count = buffer.queries.length - 1;
  const [learned, chosen] = cuts ?? [Math.floor(count * (1 - CHOOSING_SHARE)), count];
  const linear = lineUnder(buffer, { random: parts.random.fork('line'), cuts: [learned, chosen] });
  const all = Array.from({ length: chosen }, (_, query) => query);
  const fitted = await fitOnBase(buffer, {
    labels: Uint8Array.from({ length: buffer.count }, (_, row) => (buffer.bits[row] ?? 0) & 1), actions: 1,
    base: linear.map((score, row) => score + (buffer.offset[row] ?? 0)),
    loss: 'choice', requests: { learned: all.slice(0, learned), choosing: all.slice(learned) }, score: createJudge(buffer),
  }, parts);
  const undrawn = (logits: Float32Array): Float32Array => logits.map((logit, row) => logit - (buffer.offset[row] ?? 0));
  return { ...fitted, linear, plain: undrawn(fitted.plain), together: undrawn(fitted.together) };
};

/** A light head alone, as a model of the past has it. */
export const lightAlone = (weights: StoredWeights): StoredHeads => ({ actions: [TOUCH], context: LIGHT_CONTEXT, hidden: LIGHT_HIDDEN, ...weights });

/** Asks a stored head from touches over the vectors of entities, [entities, width]; an entity beyond their end has zeros. */
export const openLight = (heads: StoredHeads, width: number, vectorsNow: () => Float32Array): TasteHead & { release(): void } => {
  const light = createLight(heads, width);
  const stored = parameterOf(heads, SCALE);
  const scale: FeatureScale = { mean: stored.subarray(0, INPUTS), inverse: stored.subarray(INPUTS) };
  const { vectors, stride: vectorStride, values } = light;
  const nobody = new Float32Array(width);
  // Beyond the end an entity has no vector, and without a state there is no item either: so it was learned.
  const writeVector = (c: number, all: Float32Array, at: number): void => { for (let i = 0, to = c * vectorStride; i < width; i++) vectors[to + i] = all[at + i] ?? 0; };
  return {
    release: light.release,
    run: ({ size, item, features, stride, state }, out, column) => {
      const all = vectorsNow();
      for (let from = 0; from < size; from += LIGHT_MOST) {
        const n = Math.min(LIGHT_MOST, size - from);
        for (let c = 0; c < n; c++) {
          writeVector(c, state === undefined ? nobody : all, state === undefined ? 0 : (item[from + c] ?? 0) * width);
          fillScaled(scale, { features, from: (from + c) * stride }, { out: values, to: c * INPUTS });
        }
        const logits = light.run(state ?? nobody, n);
        for (let c = 0; c < n; c++) out[(from + c) * stride + column] = logits[c * heads.actions.length] ?? 0;
      }
    },
  };
};
