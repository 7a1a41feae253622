/**
 * SASRec (Kang, McAuley 2018, arXiv 1808.09781): learned positions, causal softmax attention, a feed-forward layer, pre-normalised. The
 * plain twin that the journey model is measured against, with the same loss.
 */
import type { Value } from '../../nn/graph.ts';
import { causal, causalAttention, linear, norm, normed, timeFirst, type Build } from './blocks.ts';

export interface SasrecShape { readonly width: number; readonly blocks: number; readonly heads: number; readonly window: number }

const attention = (build: Build, h: Value, { name, heads, mask }: { readonly name: string; readonly heads: number; readonly mask: Value }): Value => {
  const { g } = build;
  const width = h.shape.at(-1) ?? 1;
  const x = normed(build, h, `${name}/norm1`);
  const part = (which: string, scale = 1): Value => linear(build, x, { name: `${name}/${which}`, to: width, scale });
  const query = part('query', Math.sqrt(heads / width));
  const read = causalAttention(g, { query, key: part('key'), value: part('value'), heads }, (scores, values, cut) => g.softmaxMatmul(g.add(scores, cut(mask)), values));
  return linear(build, read, { name: `${name}/out`, to: width });
};

/** @param x events [B, L, d] @returns states [B, L, d] */
export const sasrec = (build: Build, x: Value, shape: SasrecShape): Value => {
  const { g, w } = build;
  const [, length = 1] = x.shape;
  const places = g.constant(Int32Array.from({ length }, (_, at) => at), [length]);
  const positions = w.rows({ name: 'positions', shape: [shape.window, shape.width], init: { kind: 'normal', deviation: 0.02 } }, places);
  const mask = causal(g, length, { past: () => 0, future: -1e9 });
  let h = build.drop(timeFirst(g, g.add(x, positions)), 'input');
  for (let block = 0; block < shape.blocks; block++) {
    const name = `block${String(block)}`;
    h = g.add(h, build.drop(attention(build, h, { name, heads: shape.heads, mask }), `${name}/attention`));
    const inner = build.drop(g.relu(linear(build, normed(build, h, `${name}/norm2`), { name: `${name}/inner`, to: shape.width })), `${name}/inner`);
    h = g.add(h, build.drop(linear(build, inner, { name: `${name}/outer`, to: shape.width }), `${name}/outer`));
  }
  return timeFirst(g, norm(build, h, 'final'));
};
