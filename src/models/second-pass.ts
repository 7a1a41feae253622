/** The second-pass ranker in service: a readable linear model. value = Σ over heads of head.value · σ(w·x + b). */
import { ThroughlineError } from '../core/errors.ts';
import { FEATURES, FEATURE_NAMES, FEATURE_SET } from './features.ts';
import { sigmoid } from './logistic.ts';
import { MODEL_FORMAT, type ModelFile } from './store.ts';

export interface SecondPass {
  readonly version: string;
  readonly heads: readonly string[];
  /** Values of `size` rows of features (size × FEATURES). */
  score(features: Float32Array, size: number, out: Float32Array): void;
  /** P(action | examined) of one row, one per head. */
  predict(features: Float32Array, row: number): Float64Array;
  /** weight × feature of the first head, in the order of FEATURE_NAMES: they sum, with its bias, to its logit. */
  contributions(features: Float32Array, row: number): Float64Array;
}

/** How the name of this code's feature set is written in models. */
export const FEATURE_SET_HASH: string = FEATURE_SET.toString(16).padStart(8, '0');

/** @throws server/storeNewer where the model was made for other features */
export const openSecondPass = (model: ModelFile): SecondPass => {
  if (model.featureSetHash !== FEATURE_SET_HASH) {
    throw new ThroughlineError('server/storeNewer', `model ${model.version} was trained on feature set ${model.featureSetHash}, this version computes ${FEATURE_SET_HASH}; the model being served stays. Run "throughline train"`);
  }
  const heads = model.heads.map((head) => ({ weights: Float64Array.from(head.weights), bias: head.bias, value: head.value }));
  const valued = heads.filter((head) => head.value !== 0);
  const logitOf = (head: (typeof heads)[number], features: Float32Array, row: number): number => {
    let z = head.bias;
    for (let i = 0, at = row * FEATURES; i < FEATURES; i++) z += (head.weights[i] ?? 0) * (features[at + i] ?? 0);
    return z;
  };
  return {
    version: model.version,
    heads: model.heads.map((head) => head.name),
    score: (features, size, out) => {
      for (let row = 0; row < size; row++) {
        let value = 0;
        for (const head of valued) value += head.value * sigmoid(logitOf(head, features, row));
        out[row] = value;
      }
    },
    predict: (features, row) => Float64Array.from(heads, (head) => sigmoid(logitOf(head, features, row))),
    contributions: (features, row) => Float64Array.from({ length: FEATURES }, (_, i) => (heads[0]?.weights[i] ?? 0) * (features[row * FEATURES + i] ?? 0)),
  };
};

/** What serves before anything was learned: newer, more touched and higher-scored first. */
const COLD_WEIGHTS: Readonly<Record<string, number>> = {
  fresh36h: 1, logNewer: -0.15, touches1d: 0.2, declaredTopics: 0.6, recentTopics: 0.4, recentMaker: 0.4, tiedToMaker: 0.8, impressions: -0.8,
  'score:network': 0.3, 'score:news': 0.2, 'score:jobs': 0.2, 'score:people': 0.2,
};

export const coldStartModel = (): ModelFile => ({
  format: MODEL_FORMAT, model: 'second-pass', version: 'cold-start', featureSetHash: FEATURE_SET_HASH, features: [...FEATURE_NAMES],
  heads: [{ name: 'interact', weights: FEATURE_NAMES.map((name) => COLD_WEIGHTS[name] ?? 0), bias: -2.5, value: 1 }], examination: [],
});
