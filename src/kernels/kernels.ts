/**
 * The arithmetic of serving: WebAssembly SIMD kernels over memory laid out by hand, each with a twin in plain TypeScript. A kernel is made once
 * for its shape, with regions for its inputs and outputs; a call then reads, computes and writes there and allocates nothing.
 *
 *     const kernels = createKernels();
 *     const items = kernels.table('items', { rows: 10_000, width: 64 });
 *     const near = kernels.dot('near', { table: items, most: 10_000 });
 *     const best = kernels.top('best', { of: near.scores, most: 200 });
 *     near.query.floats.set(state);
 *     near.range(0, 10_000);
 *     const found = best.run(10_000);   // best.places.integers[0 … found)
 *
 * One instance belongs to one thread.
 */
import { ThroughlineError } from '../core/errors.ts';
import { createDot, type Dot } from './dot.ts';
import { createLayer, type Layer, type LayerShape } from './layer.ts';
import { createLightHead, type LightHead, type LightHeadShape } from './light-head.ts';
import { createLogistic, type Logistic, type LogisticShape } from './logistic.ts';
import { plainRuntime, wasmRuntime, type Runtime } from './runtime.ts';
import type { Region } from './arena.ts';
import { createRowMeans, type RowMeans, type RowMeansShape } from './row-means.ts';
import { createRowSums, type RowSums, type RowSumsShape } from './row-sums.ts';
import { createTable, type Table } from './table.ts';
import { createTop, type Top } from './top.ts';

export type Backend = 'wasm' | 'plain';

export interface Kernels {
  readonly backend: Backend;
  /** Rows that kernels read by number. Every name is used once, until what bears it is released. */
  table(name: string, shape: { readonly rows: number; readonly width: number }): Table;
  /** scores [n] = rows [n, d] · query [d] */
  dot(name: string, shape: { readonly table: Table; readonly most: number }): Dot;
  /** The highest of scores [n]. */
  top(name: string, shape: { readonly of: Region; readonly most: number }): Top;
  /** out [n, m] = act(x [n, k] · w [k, m] + b [m]) */
  layer(name: string, shape: LayerShape): Layer;
  /** logits [n, a] of candidates for a member's state [d]. */
  lightHead(name: string, shape: LightHeadShape): LightHead;
  /** values [n] of features [n, f]. */
  logistic(name: string, shape: LogisticShape): Logistic;
  /** means [n, d] of the rows in each bag [n, k] */
  rowMeans(name: string, shape: RowMeansShape): RowMeans;
  /** sums [n, d] = row of a + factor · row of b */
  rowSums(name: string, shape: RowSumsShape): RowSums;
  /** Bytes in use, by table and kernel. */
  sizes(): ReadonlyMap<string, number>;
}

const runtimeFor = (backend: Backend | undefined): Runtime => {
  const native = backend === 'plain' ? undefined : wasmRuntime();
  if (native === undefined && backend === 'wasm') throw new ThroughlineError('server/internal', 'this Node runs no WebAssembly with SIMD: start it without --jitless, or ask for the backend "plain"');
  return native ?? plainRuntime();
};

/** `backend`: 'wasm' where it runs and 'plain' elsewhere, unless said. */
export const createKernels = (options: { readonly backend?: Backend } = {}): Kernels => {
  const runtime = runtimeFor(options.backend);
  return {
    backend: runtime.native === undefined ? 'plain' : 'wasm',
    table: (name, shape) => createTable(runtime, name, shape),
    dot: (name, shape) => createDot(runtime, name, shape),
    top: (name, shape) => createTop(runtime, name, shape),
    layer: (name, shape) => createLayer(runtime, name, shape),
    lightHead: (name, shape) => createLightHead(runtime, name, shape),
    logistic: (name, shape) => createLogistic(runtime, name, shape),
    rowMeans: (name, shape) => createRowMeans(runtime, name, shape),
    rowSums: (name, shape) => createRowSums(runtime, name, shape),
    sizes: runtime.arena.sizes,
  };
};
