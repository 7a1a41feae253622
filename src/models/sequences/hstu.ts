/**
 * The journey model's decoder, after HSTU (Zhai et al. 2024, arXiv 2402.17152): attention by SiLU without a softmax, divided by the true
 * number of keys, gated; a bias by distance in events, and by time where there is time. It has no absolute positions, so that a window may
 * slide.
 */
import type { Value } from '../../nn/graph.ts';
import { causal, distances, fromHeads, linear, norm, toHeads, type Build } from './blocks.ts';

export interface HstuShape { readonly width: number; readonly blocks: number; readonly heads: number; readonly window: number }

const block = (build: Build, x: Value, { name, shape, mask }: { readonly name: string; readonly shape: HstuShape; readonly mask: Value }): Value => {
  const { g, w } = build;
  const { heads, width, window } = shape;
  const [, length = 1] = x.shape;
  const normed = norm(build, x, `${name}/norm`);
  const part = (which: string): Value => g.silu(linear(build, normed, { name: `${name}/${which}`, to: width, bias: false }));
  const table = { name: `${name}/distance`, shape: [window, heads], init: { kind: 'normal', deviation: 0.02 } } as const;
  const bias = g.transpose(g.reshape(w.rows(table, distances(g, length)), [length, length, heads]), [2, 0, 1]);
  const scores = g.add(g.matmulT(toHeads(g, part('query'), heads), toHeads(g, part('key'), heads)), bias);
  const read = fromHeads(g, g.matmul(g.mul(g.silu(scores), mask), toHeads(g, part('value'), heads)));
  const gated = build.drop(g.mul(part('gate'), norm(build, read, `${name}/read`)), `${name}/gated`);
  return g.add(x, linear(build, gated, { name: `${name}/out`, to: width }));
};

/** @param x events [B, L, d] @returns states [B, L, d] */
export const hstu = (build: Build, x: Value, shape: HstuShape): Value => {
  const [, length = 1] = x.shape;
  const mask = causal(build.g, length, { past: (i) => 1 / (i + 1), future: 0 });
  let h = build.drop(x, 'input');
  for (let index = 0; index < shape.blocks; index++) h = block(build, h, { name: `block${String(index)}`, shape, mask });
  return norm(build, h, 'final');
};
