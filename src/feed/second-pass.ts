/** The second pass: logistic regression over frozen features, one head per action; an item's value is a weighted sum of the heads. */
import { FEATURE_NAMES, FEATURE_SET_HASH, FEATURES } from '../models/features.ts';
import { sigmoid } from '../core/powers.ts';
import type { Space } from '../memory/space.ts';

/** The serving form of a model; shape of models/<version>/model.json, less what serving does not need. */
export interface ServingModel {
  readonly version: string;
  readonly featureSetHash: string;
  readonly heads: readonly { readonly name: string; readonly weights: readonly number[]; readonly bias: number; readonly value: number }[];
}

export interface SecondPass {
  readonly version: string;
  readonly heads: readonly string[];
  /** Probability of head h for a row of features. */
  predict(features: Float32Array, row: number, head: number): number;
  /** Scores `size` rows. Each candidate is scored alone, so a score can be cached; list effects belong to the re-ranker. */
  score(features: Float32Array, size: number, into: Float32Array): void;
  /** What each feature adds to the logit of a head. */
  contributions(features: Float32Array, head: number): readonly { readonly feature: string; readonly value: number; readonly contribution: number }[];
}

export const featureSetHash = (): string => FEATURE_SET_HASH;

/** Until a model is trained: what the rankers found, newest first. Readable, and honest about being no model. */
export const UNTRAINED: ServingModel = {
  version: 'untrained', featureSetHash: featureSetHash(),
  heads: [{
    name: 'click', value: 1, bias: -3,
    weights: FEATURE_NAMES.map((name) => (name.startsWith('score:') ? 0.5 : name === 'logAgeHours' ? -0.2 : name === 'impressions' ? -0.5 : 0)),
  }],
};

/** Rows scored side by side. */
const BLOCK = 4;

export const createSecondPass = (model: ServingModel): SecondPass => {
  const heads = model.heads.length;
  const weights = new Float64Array(heads * FEATURES);
  model.heads.forEach((head, h) => { weights.set(head.weights, h * FEATURES); });
  const biases = Float64Array.from(model.heads, ({ bias }) => bias);
  const values = Float64Array.from(model.heads, ({ value }) => value);
  const logit = (features: Float32Array, row: number, head: number): number => {
    let z = biases[head] ?? 0;
    const from = row * FEATURES;
    const to = head * FEATURES;
    for (let f = 0; f < FEATURES; f++) z += (features[from + f] ?? 0) * (weights[to + f] ?? 0);
    return z;
  };
  const sums = new Float64Array(BLOCK);
  /** The same sums as `logit`, for rows side by side: one alone would wait for each of its additions. The matrix has rows to spare. */
  const addHead = (features: Float32Array, row: number, head: number): void => {
    const bias = biases[head] ?? 0;
    const value = values[head] ?? 0;
    let [a, b, c, d] = [bias, bias, bias, bias];
    const to = head * FEATURES;
    let from = row * FEATURES;
    for (let f = 0; f < FEATURES; f++, from++) {
      const weight = weights[to + f] ?? 0;
      a += (features[from] ?? 0) * weight;
      b += (features[from + FEATURES] ?? 0) * weight;
      c += (features[from + 2 * FEATURES] ?? 0) * weight;
      d += (features[from + 3 * FEATURES] ?? 0) * weight;
    }
    sums[0] = (sums[0] ?? 0) + value * sigmoid(a);
    sums[1] = (sums[1] ?? 0) + value * sigmoid(b);
    sums[2] = (sums[2] ?? 0) + value * sigmoid(c);
    sums[3] = (sums[3] ?? 0) + value * sigmoid(d);
  };
  return {
    version: model.version,
    heads: model.heads.map(({ name }) => name),
    predict: (features, row, head) => sigmoid(logit(features, row, head)),
    score: (features, size, into) => {
      for (let row = 0; row < size; row += BLOCK) {
        sums.fill(0);
        for (let head = 0; head < heads; head++) if (values[head] !== 0) addHead(features, row, head);
        // A score that is not a number sinks; it does not sink the page.
        for (let i = 0; i < BLOCK && row + i < size; i++) into[row + i] = Number.isFinite(sums[i]) ? (sums[i] ?? 0) : -1;
      }
    },
    contributions: (features, head) => FEATURE_NAMES.map((feature, f) => ({ feature, value: features[f] ?? 0, contribution: (features[f] ?? 0) * (weights[head * FEATURES + f] ?? 0) })),
  };
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The model being served, in shared memory: one write swaps it for every worker. */
export interface ModelSlot { readonly current: SecondPass; publish(model: ServingModel): void }

const toBuffer = (model: ServingModel): SharedArrayBuffer => {
  const bytes = encoder.encode(JSON.stringify(model));
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
};

export const openModelSlot = (space: Space): ModelSlot => {
  let current = createSecondPass(UNTRAINED);
  space.bind('model', 0, (buffer) => {
    if (buffer.byteLength === 0) return;
    current = createSecondPass(JSON.parse(decoder.decode(new Uint8Array(buffer).slice())) as ServingModel);
  });
  return {
    get current() { return current; },
    publish: (model) => { space.replace(new Map([['model', toBuffer(model)]])); },
  };
};
