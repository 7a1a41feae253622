/** Logistic regression, several heads at once: the value of a row of features is Σ over heads of value · sigmoid(features · weights + bias). */
import type { Region } from './arena.ts';
import { weighAll } from './plain.ts';
import { dimension, fits, pack, panelsOf, present, regionsOf, within, type Runtime } from './runtime.ts';

export interface LogisticShape { readonly features: number; readonly heads: number; readonly most: number }

export interface LogisticWeights {
  /** [features, heads] */
  readonly weights: Float32Array;
  /** [heads] */
  readonly bias: Float32Array;
  /** What a probability of 1 is worth, [heads]. */
  readonly values: Float32Array;
}

export interface Logistic {
  /** [most, features] */
  readonly features: Region;
  /** [most]: values of the last call. */
  readonly values: Region;
  load(weights: LogisticWeights): void;
  run(n: number): void;
  release(): void;
}

/** Throws for a shape that is none. No heads at all are allowed: every row is then worth 0. */
export const createLogistic = (runtime: Runtime, name: string, shape: LogisticShape): Logistic => {
  const width = dimension(shape.features, `the number of features of the logistic kernel "${name}"`);
  const heads = dimension(shape.heads, `the number of heads of the logistic kernel "${name}"`, 0);
  const most = dimension(shape.most, `the "most" of the logistic kernel "${name}"`, 0);
  const panels = panelsOf(heads);
  const regions = regionsOf(runtime, name);
  const features = regions.make('features', most * width);
  const values = regions.make('values', most);
  const weights = regions.make('weights', panels * width * 8);
  const bias = regions.make('bias', panels * 8);
  const worth = regions.make('worth', panels * 8);
  const sums = regions.make('sums', 32);
  const dense = { panels: weights.floats, height: width, bias: bias.floats, columns: heads };
  const { native } = runtime;
  let loaded = false;
  return {
    features, values,
    load: (given) => {
      fits(given.weights, width * heads, `the weights of the logistic kernel "${name}"`);
      fits(given.bias, heads, `the bias of the logistic kernel "${name}"`);
      fits(given.values, heads, `the values of the logistic kernel "${name}"`);
      pack(given.weights, heads, { panels: weights.floats, height: width });
      bias.floats.set(given.bias);
      worth.floats.set(given.values);
      loaded = true;
    },
    run: (n) => {
      within(name, n, most);
      present(loaded, `the logistic kernel "${name}" has no weights yet: load them first`);
      if (native === undefined) weighAll({ x: features.floats, dense, values: worth.floats, n }, values.floats);
      else native.weighAll(features.address, width, weights.address, bias.address, worth.address, panels, n, values.address, sums.address);
    },
    release: regions.release,
  };
};
