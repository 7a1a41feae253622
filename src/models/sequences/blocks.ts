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

export const linear = ({ g, w }: Build, x: Value, { name, to, bias = true, deviation }: { readonly name: string; readonly to: number; readonly bias?: boolean; readonly deviation?: number }): Value => {
  const from = x.shape.at(-1) ?? 0;
  const product = g.matmul(x, w.dense({ name: `${name}/weight`, shape: [from, to], init: deviation === undefined ? { kind: 'xavier' } : { kind: 'normal', deviation }, decay: true }));
  return bias ? g.add(product, w.dense({ name: `${name}/bias`, shape: [to], init: { kind: 'zeros' } })) : product;
};

export const norm = ({ g, w }: Build, x: Value, name: string): Value => {
  const width = x.shape.at(-1) ?? 0;
  return g.layerNorm(x, w.dense({ name: `${name}/gain`, shape: [width], init: { kind: 'ones' } }), w.dense({ name: `${name}/shift`, shape: [width], init: { kind: 'zeros' } }));
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
 * Causal attention part by part of the queries, each with the keys up to its own last alone. `weights` turns scores [B, heads, part, keys]
 * into weights; its mask [.., L, L] is cut as the scores are.
 */
export const causalAttention = (g: Graph, { query, key, value }: { readonly query: Value; readonly key: Value; readonly value: Value }, weights: (scores: Value, cut: (mask: Value) => Value) => Value): Value => {
  const length = query.shape[2] ?? 1;
  const parts: Value[] = [];
  for (let from = 0; from < length; from += PART) {
    const to = length - from < 2 * PART ? length : from + PART;
    const cut = (mask: Value): Value => g.slice(g.slice(mask, mask.shape.length - 2, [from, to]), mask.shape.length - 1, [0, to]);
    const scores = g.matmulT(g.slice(query, 2, [from, to]), g.slice(key, 2, [0, to]));
    parts.push(g.matmul(weights(scores, cut), g.slice(value, 2, [0, to])));
    if (to === length) break;
  }
  return parts.length === 1 ? parts[0] ?? query : g.concat(parts, 2);
};

/** [L, L]: what `past(i, j)` says where j is not after i, `future` elsewhere. */
export const causal = (g: Graph, length: number, { past, future }: { past(i: number, j: number): number; readonly future: number }): Value => {
  const data = new Float32Array(length * length).fill(future);
  for (let i = 0; i < length; i++) for (let j = 0; j <= i; j++) data[i * length + j] = past(i, j);
  return g.constant(data, [length, length]);
};

/** How far key j lies behind query i, at most window − 1: [L · L] row numbers for a table of relative positions. */
export const distances = (g: Graph, length: number): Value => {
  const data = new Int32Array(length * length);
  for (let i = 0; i < length; i++) for (let j = 0; j <= i; j++) data[i * length + j] = i - j;
  return g.constant(data, [length * length]);
};
