/**
 * The journey model's decoder, after HSTU (Zhai et al. 2024, arXiv 2402.17152): attention by SiLU without a softmax, divided by the true
 * number of keys, gated; a bias by distance in events, and by time where there is time. It has no absolute positions, so that a window may
 * slide.
 */
import type { ParameterSpec } from '../../nn/arena.ts';
import type { Value } from '../../nn/graph.ts';
import { GAP_BUCKETS } from './vocabulary.ts';
import { byDistance, causal, causalAttention, distances, fromHeads, linear, norm, normed, timeFirst, toHeads, type Build, type Normed } from './blocks.ts';

export interface HstuShape { readonly width: number; readonly blocks: number; readonly heads: number; readonly window: number; readonly time: boolean }

/** Of one block, [L, B, d] each; of the queries only those who ask. */
interface Parts { readonly query: Value; readonly key: Value; readonly value: Value }

/** Which events of a block ask, and what they read. */
interface Frame {
  /** The part of [L, B, d] that asks; absent: all of it. */
  readonly pick?: (x: Value) => Value;
  /** How a block's queries read: what they find, divided by how many keys they have, shaped as they are. */
  reader(name: string): (parts: Parts) => Value;
}

const distanceTable = (name: string, { window, heads }: HstuShape): ParameterSpec => ({ name: `${name}/distance`, shape: [window, heads], init: { kind: 'zeros' } });
const gapTable = (name: string): ParameterSpec => ({ name: `${name}/gap`, shape: [GAP_BUCKETS, 1], init: { kind: 'zeros' } });

/** @param x events, time first [L, B, d] @returns [L, B, d], or what the frame picks of it */
const block = (build: Build, x: Value, { name, shape, frame: { pick, reader } }: { readonly name: string; readonly shape: HstuShape; readonly frame: Frame }): Value => {
  const { g } = build;
  const all = normed(build, x, `${name}/norm`);
  const asking = pick === undefined ? all : normed(build, pick(x), `${name}/norm`);
  // Before the products: the order of parameters in a checkpoint is that of their declaration.
  const read = reader(name);
  const part = (which: string, of: Normed): Value => g.silu(linear(build, of, { name: `${name}/${which}`, to: shape.width, bias: false, deviation: 0.02 }));
  const found = read({ query: part('query', asking), key: part('key', all), value: part('value', all) });
  const gated = build.drop(g.mul(part('gate', asking), norm(build, found, `${name}/read`)), `${name}/gated`);
  return g.add(pick === undefined ? x : pick(x), linear(build, gated, { name: `${name}/out`, to: shape.width, bias: false }));
};

/** SwiGLU (Shazeer 2020, arXiv 2002.05202), twice as wide; small at first, so that a state begins as its own last event. */
const feedForward = (build: Build, x: Value, name: string): Value => {
  const { g } = build;
  const width = x.shape.at(-1) ?? 1;
  const of = normed(build, x, `${name}/norm2`);
  const part = (which: string): Value => linear(build, of, { name: `${name}/${which}`, to: 2 * width, bias: false, deviation: 0.05 });
  const inner = g.mul(g.silu(part('inner')), part('through'));
  return g.add(x, build.drop(linear(build, inner, { name: `${name}/outer`, to: width, bias: false, deviation: 0.02 }), `${name}/outer`));
};

const gapsOf = (build: Build, shape: HstuShape, { name, count }: { readonly name: string; readonly count: number }): Value | undefined =>
  (shape.time ? build.g.input(name, [count], 'int32') : undefined);

/** SiLU of it, and of anything near it, is exactly zero, and so is its gradient. */
const FUTURE = -1e4;

/** Every event asks, of itself and those before it. @param x [L, B, d] */
const everyEvent = (build: Build, x: Value, shape: HstuShape): Frame => {
  const { g, w } = build;
  const [length = 1, batch = 1] = x.shape;
  const future = causal(g, length, { past: () => 0, future: FUTURE });
  const share = g.constant(Float32Array.from({ length }, (_, i) => 1 / (i + 1)), [length, 1, 1]);
  const gaps = gapsOf(build, shape, { name: 'gaps', count: batch * length * length });
  return {
    reader: (name) => {
      const bias = g.add(byDistance(g, w.rows(distanceTable(name, shape), distances(g, length))), future);
      const byTime = gaps === undefined ? undefined : g.reshape(w.rows(gapTable(name), gaps), [batch, 1, length, length]);
      const read = (scores: Value, values: Value, cut: (mask: Value) => Value): Value => {
        const placed = g.add(scores, cut(bias));
        return g.matmul(g.silu(byTime === undefined ? placed : g.add(placed, cut(byTime))), values);
      };
      return (parts) => g.mul(causalAttention(g, { ...parts, heads: shape.heads }, read), share);
    },
  };
};

/** @param x events [B, L, d] @returns states [B, L, d] */
export const hstu = (build: Build, x: Value, shape: HstuShape): Value => {
  const events = timeFirst(build.g, x);
  const frame = everyEvent(build, events, shape);
  let h = build.drop(events, 'input');
  for (let index = 0; index < shape.blocks; index++) {
    const name = `block${String(index)}`;
    h = feedForward(build, block(build, h, { name, shape, frame }), name);
  }
  return timeFirst(build.g, norm(build, h, 'final'));
};

/** The tables of a block's bias, [window, heads] by distance and [GAP_BUCKETS, 1] by time: whoever feeds `last/bias` looks them up. */
export const biasTables = (block: number): { readonly distance: string; readonly gap: string } => ({ distance: `block${String(block)}/distance`, gap: `block${String(block)}/gap` });

/** One event asks alone, of one sequence [1, L, d]. */
const lastEvent = (build: Build, length: number, { heads, width }: HstuShape): Frame => {
  const { g } = build;
  const bias = g.input('last/bias', [heads + 2, length]);
  const row = (from: number, to: number): Value => g.slice(bias, 0, [from, to]);
  const [near, share, pick] = [g.reshape(row(0, heads), [heads, 1, length]), row(heads, heads + 1), row(heads + 1, heads + 2)];
  const apart = (x: Value): Value => g.reshape(x, [length, heads, width / heads]);
  return {
    pick: (all) => g.matmul(pick, all),
    reader: () => ({ query, key, value }) => {
      // One query a head: its products read keys and values where they stand.
      const scores = g.matmul(g.reshape(query, [heads, 1, width / heads]), g.transpose(apart(key), [1, 2, 0]));
      const weights = g.mul(g.silu(g.add(scores, near)), share);
      return g.reshape(g.matmul(weights, g.transpose(apart(value), [1, 0, 2])), [1, 1, width]);
    },
  };
};

/**
 * The same for one state, that after the last event of one sequence: in the last block only that event asks. The input `last/bias`
 * [heads + 2, L] has in a row for each head the bias of each event in the last block (`biasTables`); then 1 / events at each event and 0
 * behind; then 1 at the last event and 0 elsewhere. An input costs more than six of these operators, hence one of all.
 * @param x events [1, L, d] @returns [1, 1, d]
 */
export const hstuLast = (build: Build, x: Value, shape: HstuShape): Value => {
  const [, length = 1] = x.shape;
  const last = lastEvent(build, length, shape);
  const after = (h: Value, index: number, frame: Frame): Value => {
    const name = `block${String(index)}`;
    return feedForward(build, block(build, h, { name, shape, frame }), name);
  };
  let h = x;
  if (shape.blocks > 1) {
    h = build.g.reshape(h, [length, 1, shape.width]);
    const all = everyEvent(build, h, shape);
    for (let index = 0; index < shape.blocks - 1; index++) h = after(h, index, all);
    h = build.g.reshape(h, x.shape);
  }
  return norm(build, after(h, shape.blocks - 1, last), 'final');
};

/** What candidates read: of each the gap between the request and every event [L], the distance of every event [L], and its weight [1, L]. */
interface Ahead { readonly mask: Value; readonly distances: Value; readonly gaps: Value | undefined; readonly own: Value; readonly ownDistance: Value; readonly ownGap: Value | undefined }

const aheadOf = (build: Build, length: number, shape: HstuShape): Ahead => {
  const { g } = build;
  const nought = g.constant(Int32Array.of(0), [1]);
  return {
    mask: g.input('ahead/mask', [1, length]), distances: g.input('ahead/distances', [length], 'int32'), gaps: gapsOf(build, shape, { name: 'ahead/gaps', count: length }),
    own: g.input('ahead/own', [1, 1]), ownDistance: nought, ownGap: shape.time ? nought : undefined,
  };
};

/** One block for candidates [C, d]: each reads the events [1, L, d], and itself, and no other candidate. */
const candidateBlock = (build: Build, candidates: Value, { name, shape, events, ahead }: { readonly name: string; readonly shape: HstuShape; readonly events: Value; readonly ahead: Ahead }): Value => {
  const { g, w } = build;
  const { heads, width } = shape;
  const [count = 1] = candidates.shape;
  const [, length = 1] = events.shape;
  const [past, own] = [normed(build, events, `${name}/norm`), normed(build, candidates, `${name}/norm`)];
  const part = (which: string, of: Normed): Value => g.silu(linear(build, of, { name: `${name}/${which}`, to: width, bias: false, deviation: 0.02 }));
  const apart = (x: Value): Value => toHeads(g, g.reshape(x, [1, x.shape.at(-2) ?? 1, width]), heads);
  const bias = (distance: Value, gap: Value | undefined, to: readonly number[]): Value => {
    const near = g.reshape(g.transpose(w.rows(distanceTable(name, shape), distance), [1, 0]), [heads, ...to]);
    return gap === undefined ? near : g.add(near, g.reshape(w.rows(gapTable(name), gap), [1, ...to]));
  };
  const query = apart(part('query', own));
  const toEvents = g.silu(g.add(g.matmulT(query, apart(part('key', past))), bias(ahead.distances, ahead.gaps, [1, length])));
  const toOwn = g.silu(g.add(g.sum(g.mul(query, apart(part('key', own))), [3]), bias(ahead.ownDistance, ahead.ownGap, [1, 1])));
  const read = g.add(g.matmul(g.mul(toEvents, ahead.mask), apart(part('value', past))), g.mul(g.mul(toOwn, ahead.own), apart(part('value', own))));
  const gated = g.mul(part('gate', own), norm(build, g.reshape(fromHeads(g, read), [count, width]), `${name}/read`));
  return g.add(candidates, linear(build, gated, { name: `${name}/out`, to: width, bias: false }));
};

/**
 * States of candidates that stand behind the last event, each as if it alone did: the same weights, read with the events before it. Inputs:
 * `ahead/mask` [1, L] is 1 / (events + 1) at each event and 0 behind, `ahead/own` [1, 1] the same number, `ahead/distances` [L], `ahead/gaps` [L].
 * @param x events [1, L, d] @param candidates [C, d] @returns [C, d]
 */
export const hstuCandidates = (build: Build, x: Value, { candidates, shape }: { readonly candidates: Value; readonly shape: HstuShape }): Value => {
  const [, length = 1] = x.shape;
  const ahead = aheadOf(build, length, shape);
  let h = timeFirst(build.g, x);
  const frame = everyEvent(build, h, shape);
  let c = candidates;
  for (let index = 0; index < shape.blocks; index++) {
    const name = `block${String(index)}`;
    c = candidateBlock(build, c, { name, shape, events: timeFirst(build.g, h), ahead });
    c = feedForward(build, c, name);
    // What the last block makes of the events is read by nobody.
    if (index < shape.blocks - 1) h = feedForward(build, block(build, h, { name, shape, frame }), name);
  }
  return norm(build, c, 'final');
};
