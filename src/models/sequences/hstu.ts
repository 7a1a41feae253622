/**
 * The journey model's decoder, after HSTU (Zhai et al. 2024, arXiv 2402.17152): attention by SiLU without a softmax, divided by the true
 * number of keys, gated; a bias by distance in events, and by time where there is time. It has no absolute positions, so that a window may
 * slide.
 */
import type { Value } from '../../nn/graph.ts';
import { GAP_BUCKETS } from './vocabulary.ts';
import { byDistance, causal, causalAttention, distances, linear, norm, timeFirst, type Build } from './blocks.ts';

export interface HstuShape { readonly width: number; readonly blocks: number; readonly heads: number; readonly window: number; readonly time: boolean }

interface Masks {
  /** [L, L]: FUTURE where a key lies after the query. */
  readonly future: Value;
  /** [L, 1, 1]: one divided by how many keys a query has. */
  readonly share: Value;
}
/** SiLU of it, and of anything near it, is exactly zero, and so is its gradient. */
const FUTURE = -1e4;

const block = (build: Build, x: Value, { name, shape, masks, gaps }: { readonly name: string; readonly shape: HstuShape; readonly masks: Masks; readonly gaps: Value | undefined }): Value => {
  const { g, w } = build;
  const { heads, width, window } = shape;
  const [length = 1, batch = 1] = x.shape;
  const normed = norm(build, x, `${name}/norm`);
  const part = (which: string): Value => g.silu(linear(build, normed, { name: `${name}/${which}`, to: width, bias: false, deviation: 0.02 }));
  const table = { name: `${name}/distance`, shape: [window, heads], init: { kind: 'zeros' } } as const;
  const bias = g.add(byDistance(g, w.rows(table, distances(g, length))), masks.future);
  const byTime = gaps === undefined ? undefined : g.reshape(w.rows({ name: `${name}/gap`, shape: [GAP_BUCKETS, 1], init: { kind: 'zeros' } }, gaps), [batch, 1, length, length]);
  const [query, key, value] = [part('query'), part('key'), part('value')];
  const read = causalAttention(g, { query, key, value, heads }, (scores, cut) => {
    const placed = g.add(scores, cut(bias));
    return g.silu(byTime === undefined ? placed : g.add(placed, cut(byTime)));
  });
  const gated = build.drop(g.mul(part('gate'), norm(build, g.mul(read, masks.share), `${name}/read`)), `${name}/gated`);
  return g.add(x, linear(build, gated, { name: `${name}/out`, to: width, bias: false }));
};

/** SwiGLU (Shazeer 2020, arXiv 2002.05202), twice as wide; small at first, so that a state begins as its own last event. */
const feedForward = (build: Build, x: Value, name: string): Value => {
  const { g } = build;
  const width = x.shape.at(-1) ?? 1;
  const normed = norm(build, x, `${name}/norm2`);
  const part = (which: string): Value => linear(build, normed, { name: `${name}/${which}`, to: 2 * width, bias: false, deviation: 0.05 });
  const inner = g.mul(g.silu(part('inner')), part('through'));
  return g.add(x, build.drop(linear(build, inner, { name: `${name}/outer`, to: width, bias: false, deviation: 0.02 }), `${name}/outer`));
};

/** @param x events [B, L, d] @returns states [B, L, d] */
export const hstu = (build: Build, x: Value, shape: HstuShape): Value => {
  const [batch = 1, length = 1] = x.shape;
  const gaps = shape.time ? build.g.input('gaps', [batch * length * length], 'int32') : undefined;
  const masks: Masks = {
    future: causal(build.g, length, { past: () => 0, future: FUTURE }),
    share: build.g.constant(Float32Array.from({ length }, (_, i) => 1 / (i + 1)), [length, 1, 1]),
  };
  let h = build.drop(timeFirst(build.g, x), 'input');
  for (let index = 0; index < shape.blocks; index++) {
    const name = `block${String(index)}`;
    h = feedForward(build, block(build, h, { name, shape, masks, gaps }), name);
  }
  return timeFirst(build.g, norm(build, h, 'final'));
};
