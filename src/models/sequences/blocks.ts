/**
 * The layers of sequence models over [B, L, d], padded on the right: with causal attention padding then never reaches a real event.
 */
import type { Graph, Value } from '../../nn/graph.ts';
import type { Weights } from '../../nn/weights.ts';

/** What a forward pass is built in: the graph, its weights, and what is dropped where (nothing when serving). */
export interface Build {
  readonly g: Graph;
  readonly w: Weights;
  /** Multiplies by a mask of dropout while training; the site names the mask. */
  drop(x: Value, site: string): Value;
}

/** A normalised [.., d] before its gain [d, 1] and shift [1, d], for layers that take both into their weights, which are fewer numbers. */
export interface Normed { readonly standard: Value; readonly gain: Value; readonly shift: Value }

interface LinearShape {
  readonly name: string;
  readonly to: number;
  readonly bias?: boolean;
  /** Of the weights at first; absent: Xavier's. */
  readonly deviation?: number;
  /** A factor of the result. */
  readonly scale?: number;
}

export const linear = ({ g, w }: Build, x: Value | Normed, { name, to, bias = true, deviation, scale = 1 }: LinearShape): Value => {
  const isNormed = 'standard' in x;
  const from = (isNormed ? x.standard : x).shape.at(-1) ?? 0;
  const scaled = (weight: Value): Value => (scale === 1 ? weight : g.scale(weight, scale));
  const weight = scaled(w.dense({ name: `${name}/weight`, shape: [from, to], init: deviation === undefined ? { kind: 'xavier' } : { kind: 'normal', deviation }, decay: true }));
  const own = bias ? scaled(w.dense({ name: `${name}/bias`, shape: [to], init: { kind: 'zeros' } })) : undefined;
  const plus = (product: Value, term: Value | undefined): Value => (term === undefined ? product : g.add(product, term));
  if (!isNormed) return plus(g.matmul(x, weight), own);
  // (z·gain + shift) · W = z · (gain·W) + shift · W
  return g.add(g.matmul(x.standard, g.mul(x.gain, weight)), plus(g.reshape(g.matmul(x.shift, weight), [to]), own));
};

const normWeights = ({ w }: Build, width: number, name: string): readonly [gain: Value, shift: Value] =>
  [w.dense({ name: `${name}/gain`, shape: [width], init: { kind: 'ones' } }), w.dense({ name: `${name}/shift`, shape: [width], init: { kind: 'zeros' } })];

/** For anything but a linear layer. */
export const norm = (build: Build, x: Value, name: string): Value => build.g.layerNorm(x, ...normWeights(build, x.shape.at(-1) ?? 0, name));

/** For linear layers. */
export const normed = (build: Build, x: Value, name: string): Normed => {
  const { g } = build;
  const width = x.shape.at(-1) ?? 0;
  const [gain, shift] = normWeights(build, width, name);
  return { standard: g.standardise(x), gain: g.reshape(gain, [width, 1]), shift: g.reshape(shift, [1, width]) };
};

/** [L, B, d] → [L, B, heads, d / heads] */
const inHeads = (g: Graph, x: Value, heads: number): Value => {
  const [length = 1, batch = 1, width = 1] = x.shape;
  return g.reshape(x, [length, batch, heads, width / heads]);
};

/** [B, L, d] → [B, heads, L, d / heads] */
export const toHeads = (g: Graph, x: Value, heads: number): Value => {
  const [batch = 1, length = 1, width = 1] = x.shape;
  const split = g.reshape(x, [batch, length, heads, width / heads]);
  return heads === 1 ? g.reshape(x, [batch, 1, length, width]) : g.transpose(split, [0, 2, 1, 3]);
};

/** [B, heads, L, e] → [B, L, heads · e] */
export const fromHeads = (g: Graph, x: Value): Value => {
  const [batch = 1, heads = 1, length = 1, width = 1] = x.shape;
  return g.reshape(heads === 1 ? x : g.transpose(x, [0, 2, 1, 3]), [batch, length, heads * width]);
};

/** Rows of queries that are multiplied together: the more parts, the less is multiplied with the future only to be masked. */
const PART = 100;

/**
 * Causal attention part by part of the queries, each with the keys up to its own last alone. Time is the first axis, so that a part is one
 * stretch of memory, and a product reads all heads where they stand.
 * @param parts query, key and value [L, B, d]
 * @param read reads the values [B, heads, keys, e] by the scores [B, heads, part, keys] of a part; `cut` cuts a mask [.., L, L] as the scores are
 * @returns [L, B, d]
 */
export const causalAttention = (g: Graph, { query, key, value, heads }: { readonly query: Value; readonly key: Value; readonly value: Value; readonly heads: number }, read: (scores: Value, values: Value, cut: (mask: Value) => Value) => Value): Value => {
  const [length = 1] = query.shape;
  const part = (of: Value, from: number, to: number): Value => g.transpose(inHeads(g, g.slice(of, 0, [from, to]), heads), [1, 2, 0, 3]);
  const parts: Value[] = [];
  for (let from = 0; from < length;) {
    const to = length - from < 2 * PART ? length : from + PART;
    const cut = (mask: Value): Value => g.slice(g.slice(mask, mask.shape.length - 2, [from, to]), mask.shape.length - 1, [0, to]);
    const scores = g.matmulT(part(query, from, to), part(key, 0, to));
    parts.push(g.transpose(read(scores, part(value, 0, to), cut), [2, 0, 1, 3]));
    from = to;
  }
  const [first] = parts;
  return g.reshape(parts.length === 1 && first !== undefined ? first : g.concat(parts, 0), query.shape);
};

/** [B, L, d] → [L, B, d], and back. */
export const timeFirst = (g: Graph, x: Value): Value => g.transpose(x, [1, 0, 2]);

/** [L, L]: what `past(i, j)` says where j is not after i, `future` elsewhere. */
export const causal = (g: Graph, length: number, { past, future }: { past(i: number, j: number): number; readonly future: number }): Value => {
  const data = new Float32Array(length * length).fill(future);
  for (let i = 0; i < length; i++) for (let j = 0; j <= i; j++) data[i * length + j] = past(i, j);
  return g.constant(data, [length, length]);
};

/**
 * [L + 1]: numbers that, repeated row under row and then read L at a time, make a matrix with i − j at query i and key j, for j not after i
 * (what stands in the future is of no meaning). So a table of relative positions is looked up L times rather than L · L, and its gradient
 * is a sum of columns.
 */
export const distances = (g: Graph, length: number): Value =>
  g.constant(Int32Array.from({ length: length + 1 }, (_, at) => (at === 0 ? 0 : Math.min(length - 1, length + 1 - at))), [length + 1]);

/** Numbers by distance, [L + 1, heads] in the order of `distances` → [heads, L, L] */
export const byDistance = (g: Graph, rows: Value): Value => {
  const [across = 1, heads = 1] = rows.shape;
  const length = across - 1;
  const repeated = g.expand(g.reshape(g.transpose(rows, [1, 0]), [heads, 1, across]), [heads, length, across]);
  return g.reshape(g.slice(g.reshape(repeated, [heads, length * across]), 1, [0, length * length]), [heads, length, length]);
};
