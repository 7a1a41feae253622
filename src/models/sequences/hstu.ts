/**
 * The journey model's decoder, after HSTU (Zhai et al. 2024, arXiv 2402.17152): attention by SiLU without a softmax, divided by the true
 * number of keys, gated; a bias by distance in events, and by time where there is time. It has no absolute positions, so that a window may
 * slide.
 */
import type { Value } from '../../nn/graph.ts';
import { GAP_BUCKETS } from './vocabulary.ts';
import { causal, distances, fromHeads, linear, norm, toHeads, type Build } from './blocks.ts';

export interface HstuShape { readonly width: number; readonly blocks: number; readonly heads: number; readonly window: number; readonly time: boolean }

const block = (build: Build, x: Value, { name, shape, mask, gaps }: { readonly name: string; readonly shape: HstuShape; readonly mask: Value; readonly gaps: Value | undefined }): Value => {
  const { g, w } = build;
  const { heads, width, window } = shape;
  const [, length = 1] = x.shape;
  const normed = norm(build, x, `${name}/norm`);
  const part = (which: string): Value => g.silu(linear(build, normed, { name: `${name}/${which}`, to: width, bias: false, deviation: 0.02 }));
  const table = { name: `${name}/distance`, shape: [window, heads], init: { kind: 'zeros' } } as const;
  const bias = g.transpose(g.reshape(w.rows(table, distances(g, length)), [length, length, heads]), [2, 0, 1]);
  const [batch = 1] = x.shape;
  const byTime = gaps === undefined ? undefined : g.reshape(w.rows({ name: `${name}/gap`, shape: [GAP_BUCKETS, 1], init: { kind: 'zeros' } }, gaps), [batch, 1, length, length]);
  const scores = g.add(g.matmulT(toHeads(g, part('query'), heads), toHeads(g, part('key'), heads)), byTime === undefined ? bias : g.add(byTime, bias));
  const read = fromHeads(g, g.matmul(g.mul(g.silu(scores), mask), toHeads(g, part('value'), heads)));
  const gated = build.drop(g.mul(part('gate'), norm(build, read, `${name}/read`)), `${name}/gated`);
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
  const mask = causal(build.g, length, { past: (i) => 1 / (i + 1), future: 0 });
  let h = build.drop(x, 'input');
  for (let index = 0; index < shape.blocks; index++) {
    const name = `block${String(index)}`;
    h = feedForward(build, block(build, h, { name, shape, mask, gaps }), name);
  }
  return norm(build, h, 'final');
};
