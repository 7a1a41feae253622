/** The second pass: logistic regression over frozen features, one head per action; an item's value is a weighted sum of the heads. */
import { attentionBy } from '../funnel/published.ts';
import { FEATURE_NAMES, FEATURE_SET_HASH, FEATURES } from '../models/features.ts';
import { sigmoid } from '../core/powers.ts';
import { INTERACT } from '../models/learned.ts';
import { DEFAULT_VALUES, type ActionValues } from './values.ts';
import { createKernels, type Kernels } from '../kernels/kernels.ts';
import type { Logistic, LogisticWeights } from '../kernels/logistic.ts';
import { openDocument } from '../memory/document.ts';
import type { Space } from '../memory/space.ts';

/** The serving form of a model; shape of models/<version>/model.json, less what serving does not need. */
export interface ServingModel {
  readonly version: string;
  readonly featureSetHash: string;
  readonly heads: readonly { readonly name: string; readonly weights: readonly number[]; readonly bias: number; readonly floor?: number }[];
  /** How much each place is looked at; absent or empty where that was not learned. */
  readonly examination?: readonly number[];
}

export interface SecondPass {
  readonly version: string;
  /** Version of the table of values that scores follow. */
  readonly values: string;
  readonly heads: readonly string[];
  /** How much each place is looked at, its last number beyond the end. */
  readonly attention: ArrayLike<number>;
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
    name: INTERACT, bias: -3,
    weights: FEATURE_NAMES.map((name) => (name.startsWith('score:') ? 0.5 : name === 'logAgeHours' ? -0.2 : name === 'impressions' ? -0.5 : 0)),
  }],
};

/** A head, and what it is worth. */
type Head = ServingModel['heads'][number] & { readonly value: number };

/** Sums what the heads are worth, without the constant that all rows share. */
type Sums = (features: Float32Array, size: number, into: Float32Array) => void;

/** value × (floor + (1 − floor)·p): the floor is the same for every candidate, the rest scales the head. */
const worthOf = ({ value, floor = 0 }: Head): number => value * (1 - floor);

/** Scores by a SIMD kernel; models that serve one after the other share its memory, and whoever scores loads their weights if another did before. */
export interface Scorer { sums(heads: readonly Head[]): Sums | undefined }

export const createScorer = (kernels: Kernels): Scorer => {
  interface Shaped { readonly kernel: Logistic; readonly most: number; loaded: LogisticWeights | undefined }
  /** By number of heads: tables of an experiment that value other heads take turns. */
  const shaped = new Map<number, Shaped>();
  const ready = (weights: LogisticWeights, size: number): Logistic => {
    const heads = weights.values.length;
    let ours = shaped.get(heads);
    if (ours === undefined || ours.most < size) {
      ours?.kernel.release();
      ours = { kernel: kernels.logistic(`second pass of ${heads} heads`, { features: FEATURES, heads, most: size }), most: size, loaded: undefined };
      shaped.set(heads, ours);
    }
    if (ours.loaded !== weights) ours.kernel.load(weights);
    ours.loaded = weights;
    return ours.kernel;
  };
  return {
    sums: (heads) => {
      // Without SIMD the loop below is faster than the kernel's twin.
      if (kernels.backend === 'plain') return undefined;
      const weights = {
        weights: Float32Array.from({ length: FEATURES * heads.length }, (_weight, at) => heads[at % heads.length]?.weights[Math.floor(at / heads.length)] ?? 0),
        bias: Float32Array.from(heads, ({ bias }) => bias), values: Float32Array.from(heads, worthOf),
      };
      return (features, size, into) => {
        const { features: rows, values, run } = ready(weights, size);
        rows.floats.set(features.subarray(0, size * FEATURES));
        run(size);
        into.set(values.floats.subarray(0, size));
      };
    },
  };
};

/** Heads summed side by side: one alone would wait for each of its additions. */
const BLOCK = 5;

/** The same in plain TypeScript. */
const plainSums = (heads: readonly Head[]): Sums => {
  // Heads come in blocks, the last filled up with heads of nothing.
  const blocks = Math.ceil(heads.length / BLOCK);
  /** Weight of feature f in head i of block b at (b × FEATURES + f) × BLOCK + i. */
  const weights = new Float64Array(blocks * FEATURES * BLOCK);
  const biases = new Float64Array(blocks * BLOCK);
  const values = new Float64Array(blocks * BLOCK);
  heads.forEach((head, h) => {
    const first = Math.floor(h / BLOCK) * FEATURES * BLOCK + (h % BLOCK);
    head.weights.forEach((weight, f) => { weights[first + f * BLOCK] = weight; });
    biases[h] = head.bias;
    values[h] = worthOf(head);
  });
  const scoreBlock = (features: Float32Array, row: number, block: number): number => {
    const head = block * BLOCK;
    let a = biases[head] ?? 0; let b = biases[head + 1] ?? 0; let c = biases[head + 2] ?? 0; let d = biases[head + 3] ?? 0; let e = biases[head + 4] ?? 0;
    let at = head * FEATURES;
    const end = (row + 1) * FEATURES;
    for (let f = row * FEATURES; f < end; f++, at += BLOCK) {
      const x = features[f] ?? 0;
      // About half of a row is nothing: other kinds, rankers that did not return it, counts of what nobody did.
      if (x === 0) continue;
      a += x * (weights[at] ?? 0);
      b += x * (weights[at + 1] ?? 0);
      c += x * (weights[at + 2] ?? 0);
      d += x * (weights[at + 3] ?? 0);
      e += x * (weights[at + 4] ?? 0);
    }
    return (values[head] ?? 0) * sigmoid(a) + (values[head + 1] ?? 0) * sigmoid(b) + (values[head + 2] ?? 0) * sigmoid(c) + (values[head + 3] ?? 0) * sigmoid(d) + (values[head + 4] ?? 0) * sigmoid(e);
  };
  return (features, size, into) => {
    for (let row = 0; row < size; row++) {
      let value = 0;
      for (let block = 0; block < blocks; block++) value += scoreBlock(features, row, block);
      into[row] = value;
    }
  };
};

/** With a scorer, by its kernel; else, and where it has none, by the loop. They differ by rounding to float32. */
export const createSecondPass = (model: ServingModel, { scorer, values = DEFAULT_VALUES }: { readonly scorer?: Scorer; readonly values?: ActionValues } = {}): SecondPass => {
  // Heads without value decide nothing.
  const valued = model.heads.map((head): Head => ({ ...head, value: values.actions[head.name] ?? 0 })).filter(({ value }) => value !== 0);
  const constant = valued.reduce((sum, { value, floor = 0 }) => sum + value * floor, 0);
  const sums = scorer?.sums(valued) ?? plainSums(valued);
  const logit = (features: Float32Array, row: number, head: number): number => {
    const { weights: own = [], bias = 0 } = model.heads[head] ?? {};
    let z = bias;
    for (let f = 0; f < FEATURES; f++) z += (features[row * FEATURES + f] ?? 0) * (own[f] ?? 0);
    return z;
  };
  return {
    version: model.version, values: values.version,
    heads: model.heads.map(({ name }) => name),
    attention: attentionBy(model.examination ?? []),
    predict: (features, row, head) => {
      const floor = model.heads[head]?.floor ?? 0;
      return floor + (1 - floor) * sigmoid(logit(features, row, head));
    },
    score: (features, size, into) => {
      sums(features, size, into);
      for (let row = 0; row < size; row++) {
        const value = constant + (into[row] ?? 0);
        // A score that is not a number sinks; it does not sink the page. What is worth less than nothing is worth nothing: discounts multiply.
        into[row] = Number.isFinite(value) ? Math.max(0, value) : -1;
      }
    },
    contributions: (features, head) => FEATURE_NAMES.map((feature, f) => ({ feature, value: features[f] ?? 0, contribution: (features[f] ?? 0) * (model.heads[head]?.weights[f] ?? 0) })),
  };
};

/** The model being served, in shared memory: one write swaps it for every worker. */
export interface ModelSlot { readonly version: string; by(values: ActionValues): SecondPass; publish(model: ServingModel): void }

export const openModelSlot = (space: Space): ModelSlot => {
  const scorer = createScorer(createKernels());
  const document = openDocument<ServingModel>(space, 'model');
  let current = UNTRAINED;
  /** By table: one, and those of an experiment. A table that nobody holds any more takes its pass with it. */
  let passes = new WeakMap<ActionValues, SecondPass>();
  const serving = (): ServingModel => {
    const model = document.read() ?? UNTRAINED;
    if (model === current) return current;
    current = model;
    passes = new WeakMap();
    return current;
  };
  return {
    get version() { return serving().version; },
    by: (values) => {
      const model = serving();
      const known = passes.get(values);
      if (known !== undefined) return known;
      const pass = createSecondPass(model, { scorer, values });
      passes.set(values, pass);
      return pass;
    },
    publish: document.write,
  };
};
