/**
 * Boosted regression trees on a logistic loss (Friedman 2001), grown level by level on histograms of at most 32 bins, with second-order
 * leaves and a ridge on them (Chen, Guestrin 2016). A feature may be declared to never count against a pair the more there is of it.
 */
import type { Random } from '../../core/random.ts';
import { sigmoid } from '../logistic.ts';

export interface TreeRows {
  readonly width: number;
  readonly count: number;
  /** [count, width] */
  readonly values: Float32Array;
  /** 1 where it happened. */
  readonly labels: Uint8Array;
  /** [count]: log-odds known before, which the trees go on from. */
  readonly before?: Float64Array;
}

/** A tree as a heap: the children of node i are 2i + 1 (below the threshold) and 2i + 2; a feature of −1 marks a leaf. */
export interface Tree { readonly features: Int32Array; readonly thresholds: Float32Array; readonly leaves: Float64Array }
export interface Trees {
  readonly bias: number;
  readonly trees: readonly Tree[];
  /** By feature: how much its splits took off the loss. */
  readonly gains: Float64Array;
}

export interface TreeOptions {
  readonly random: Random;
  /** By feature: +1 where more may not count against, −1 where more may not count for, 0 where either may be. */
  readonly directions: readonly number[];
  readonly trees: number;
  readonly depth: number;
  readonly rate: number;
  /** Held against each leaf, in units of the loss's curvature (a quarter of an observation at even odds). */
  readonly ridge: number;
  /** Least curvature in a leaf. */
  readonly leafMin: number;
  /** Share of features that each tree may look at. */
  readonly featureShare: number;
}

const BINS = 32;
const SAMPLED = 20_000;
const ROWS_A_TREE = 25_000;

/** Borders between bins of each feature: quantiles of what it takes, each once. */
const bordersOf = ({ values, count, width }: TreeRows): Float32Array[] => Array.from({ length: width }, (_, feature) => {
  const every = Math.max(1, Math.ceil(count / SAMPLED));
  const seen = Float32Array.from({ length: Math.ceil(count / every) }, (_unused, i) => values[i * every * width + feature] ?? 0).sort();
  const borders: number[] = [];
  for (let bin = 1; bin < BINS; bin++) {
    const border = seen[Math.floor((bin * seen.length) / BINS)] ?? 0;
    if (border > (borders.at(-1) ?? seen[0] ?? 0)) borders.push(border);
  }
  return Float32Array.from(borders);
});

/** How many borders are at or below a value. */
const binOf = (borders: Float32Array, value: number): number => {
  let [low, high] = [0, borders.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((borders[middle] ?? 0) <= value) low = middle + 1; else high = middle;
  }
  return low;
};

interface Binned { readonly borders: readonly Float32Array[]; /** By feature, [count] */ readonly bins: readonly Uint8Array[] }

const binned = (rows: TreeRows): Binned => {
  const borders = bordersOf(rows);
  return { borders, bins: borders.map((own, feature) => Uint8Array.from({ length: rows.count }, (_, row) => binOf(own, rows.values[row * rows.width + feature] ?? 0))) };
};

interface Slopes { readonly gradient: Float64Array; readonly curvature: Float64Array }
interface Split { readonly feature: number; readonly bin: number; readonly gain: number; readonly middle: number }
/** Between which values the leaves below a node must stay, so that what was promised above them holds. */
interface Bounds { readonly low: Float64Array; readonly high: Float64Array }

interface Growing {
  readonly data: Binned;
  readonly options: TreeOptions;
  readonly slopes: Slopes;
  /** Rows that this tree is grown on, and the node that each of them has come to. */
  readonly chosen: Int32Array;
  readonly nodes: Int32Array;
  readonly features: readonly number[];
  readonly gains: Float64Array;
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** The best split of each node of a level, from one histogram a feature. */
const bestSplits = (growing: Growing, level: { readonly first: number; readonly size: number; readonly gradients: Float64Array; readonly curvatures: Float64Array; readonly bounds: Bounds }): (Split | undefined)[] => {
  const { data, options: { ridge, leafMin, directions }, slopes: { gradient, curvature }, nodes, chosen } = growing;
  const { first, size, gradients, curvatures, bounds } = level;
  const best: (Split | undefined)[] = Array.from({ length: size }, () => undefined);
  // Slope and curvature side by side.
  const histogram = new Float64Array(2 * size * BINS);
  const value = (g: number, h: number, node: number): number => clamp(g / (h + ridge), bounds.low[first + node] ?? 0, bounds.high[first + node] ?? 0);
  /** What a leaf of that value gains over one of nothing. */
  const worth = (g: number, h: number, v: number): number => 2 * g * v - (h + ridge) * v * v;
  for (const feature of growing.features) {
    const [bins = new Uint8Array(), borders = new Float32Array(), direction = 0] = [data.bins[feature], data.borders[feature], directions[feature]];
    if (borders.length === 0) continue;
    histogram.fill(0);
    for (let i = 0; i < chosen.length; i++) {
      const node = (nodes[i] ?? 0) - first;
      if (node < 0) continue;
      const row = chosen[i] ?? 0;
      const at = 2 * (node * BINS + (bins[row] ?? 0));
      histogram[at] = (histogram[at] ?? 0) + (gradient[row] ?? 0);
      histogram[at + 1] = (histogram[at + 1] ?? 0) + (curvature[row] ?? 0);
    }
    for (let node = 0; node < size; node++) {
      const [g, h] = [gradients[node] ?? 0, curvatures[node] ?? 0];
      if (h < 2 * leafMin) continue;
      const whole = worth(g, h, value(g, h, node));
      let [left, leftWeight] = [0, 0];
      for (let bin = 0; bin < borders.length; bin++) {
        left += histogram[2 * (node * BINS + bin)] ?? 0;
        leftWeight += histogram[2 * (node * BINS + bin) + 1] ?? 0;
        if (leftWeight < leafMin) continue;
        if (h - leftWeight < leafMin) break;
        const [below, above] = [value(left, leftWeight, node), value(g - left, h - leftWeight, node)];
        if (direction !== 0 && (above - below) * direction < 0) continue;
        const gain = worth(left, leftWeight, below) + worth(g - left, h - leftWeight, above) - whole;
        if (gain > (best[node]?.gain ?? 1e-9)) best[node] = { feature, bin, gain, middle: (below + above) / 2 };
      }
    }
  }
  return best;
};

const growTree = (growing: Growing): Tree => {
  const { chosen, data, options: { depth, rate, ridge, directions }, slopes: { gradient, curvature }, nodes } = growing;
  const most = 2 ** (depth + 1) - 1;
  const tree: Tree = { features: new Int32Array(most).fill(-1), thresholds: new Float32Array(most), leaves: new Float64Array(most) };
  const bounds: Bounds = { low: new Float64Array(most).fill(Number.NEGATIVE_INFINITY), high: new Float64Array(most).fill(Number.POSITIVE_INFINITY) };
  nodes.fill(0);
  for (let level = 0; level <= depth; level++) {
    const [first, size] = [2 ** level - 1, 2 ** level];
    const [gradients, curvatures] = [new Float64Array(size), new Float64Array(size)];
    for (let i = 0; i < chosen.length; i++) {
      const node = (nodes[i] ?? 0) - first;
      if (node < 0) continue;
      const row = chosen[i] ?? 0;
      gradients[node] = (gradients[node] ?? 0) + (gradient[row] ?? 0);
      curvatures[node] = (curvatures[node] ?? 0) + (curvature[row] ?? 0);
    }
    for (let node = 0; node < size; node++) tree.leaves[first + node] = rate * clamp((gradients[node] ?? 0) / ((curvatures[node] ?? 0) + ridge), bounds.low[first + node] ?? 0, bounds.high[first + node] ?? 0);
    if (level === depth) break;
    const splits = bestSplits(growing, { first, size, gradients, curvatures, bounds });
    splits.forEach((split, node) => {
      if (split === undefined) return;
      const at = first + node;
      tree.features[at] = split.feature;
      growing.gains[split.feature] = (growing.gains[split.feature] ?? 0) + split.gain;
      tree.thresholds[at] = data.borders[split.feature]?.[split.bin] ?? 0;
      const direction = directions[split.feature] ?? 0;
      for (const [child, side] of [[2 * at + 1, -1], [2 * at + 2, 1]] as const) {
        bounds.low[child] = direction * side > 0 ? split.middle : bounds.low[at] ?? 0;
        bounds.high[child] = direction * side < 0 ? split.middle : bounds.high[at] ?? 0;
      }
    });
    if (splits.every((split) => split === undefined)) break;
    for (let i = 0; i < chosen.length; i++) {
      const at = nodes[i] ?? 0;
      const split = at < first ? undefined : splits[at - first];
      if (split !== undefined) nodes[i] = 2 * at + ((data.bins[split.feature]?.[chosen[i] ?? 0] ?? 0) > split.bin ? 2 : 1);
    }
  }
  return tree;
};

/** All rows, or so many by chance (Friedman 2002). */
const chosenRows = (count: number, random: Random): Int32Array => {
  const all = Int32Array.from({ length: count }, (_, row) => row);
  return count <= ROWS_A_TREE ? all : all.filter(() => random.next() < ROWS_A_TREE / count);
};

const leafOf = ({ features, thresholds, leaves }: Tree, values: Float32Array, at: number): number => {
  let node = 0;
  for (let feature = features[0] ?? -1; feature >= 0; feature = features[node] ?? -1) node = 2 * node + ((values[at + feature] ?? 0) < (thresholds[node] ?? 0) ? 1 : 2);
  return leaves[node] ?? 0;
};

/** Fits trees one after the other, each to what those before it leave. Cost: rows (of a tree, at most ROWS_A_TREE) · features · depth · trees steps. */
export const fitTrees = (rows: TreeRows, options: TreeOptions): Trees => {
  const { count, width, values, labels, before } = rows;
  const happened = labels.reduce((sum, label) => sum + label, 0);
  const bias = before === undefined ? Math.log((happened + 0.5) / (count - happened + 0.5)) : 0;
  const scores = before?.slice() ?? new Float64Array(count).fill(bias);
  const slopes: Slopes = { gradient: new Float64Array(count), curvature: new Float64Array(count) };
  const nodes = new Int32Array(count);
  const data = binned(rows);
  const trees: Tree[] = [];
  const gains = new Float64Array(width);
  for (let i = 0; i < options.trees; i++) {
    for (let row = 0; row < count; row++) {
      const p = sigmoid(scores[row] ?? 0);
      slopes.gradient[row] = (labels[row] ?? 0) - p;
      slopes.curvature[row] = Math.max(p * (1 - p), 1e-6);
    }
    const features = Array.from({ length: width }, (_, feature) => feature).filter(() => options.random.next() < options.featureShare);
    const chosen = chosenRows(count, options.random);
    const tree = growTree({ data, options, slopes, chosen, nodes, features, gains });
    for (let row = 0; row < count; row++) scores[row] = (scores[row] ?? 0) + leafOf(tree, values, row * width);
    trees.push(tree);
  }
  return { bias, trees, gains };
};

/** The log-odds of one row of features, which begins at `at`. */
export const treesScore = ({ bias, trees }: Trees, values: Float32Array, at: number): number => {
  let sum = bias;
  for (const tree of trees) sum += leafOf(tree, values, at);
  return sum;
};
