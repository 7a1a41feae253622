/** The second pass: logistic regression over frozen features, one head per action; an item's value is a weighted sum of the heads. */
import { FEATURE_NAMES, FEATURE_SET_HASH, FEATURES } from '../models/features.ts';
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

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

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
  return {
    version: model.version,
    heads: model.heads.map(({ name }) => name),
    predict: (features, row, head) => sigmoid(logit(features, row, head)),
    score: (features, size, into) => {
      for (let row = 0; row < size; row++) {
        let value = 0;
        for (let head = 0; head < heads; head++) if (values[head] !== 0) value += (values[head] ?? 0) * sigmoid(logit(features, row, head));
        // A score that is not a number sinks; it does not sink the page.
        into[row] = Number.isFinite(value) ? value : -1;
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
