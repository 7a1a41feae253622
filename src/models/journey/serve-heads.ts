/** The ranking heads where pages are made: the light head by kernels over plain arrays, the finalists' head as a perceptron in plain arithmetic. */
import { ThroughlineError } from '../../core/errors.ts';
import { createKernels, type Backend } from '../../kernels/kernels.ts';
import { parameterOf, type StoredHeads } from './artefact.ts';
import { fillFinalist, scalesOf } from './inputs.ts';

/** Candidates of one call. */
export const LIGHT_MOST = 1024;

export interface LightHead {
  /** What each logit of a candidate is for. */
  readonly actions: readonly string[];
  /** Names of the columns of context. */
  readonly context: readonly string[];
  /** Unit vectors of candidates, each at its number × `stride`; and their context [LIGHT_MOST, context]. Both are written before a call. */
  readonly vectors: Float32Array;
  readonly stride: number;
  readonly values: Float32Array;
  /**
   * Logits [n, actions] of the first n ≤ LIGHT_MOST candidates, good until the next call. Synchronous; nothing is allocated.
   * @param state [width], unit; zeros for a member without events
   */
  run(state: Float32Array, n: number): Float32Array;
  release(): void;
}

const scaled = (values: Float32Array, factor: number): Float32Array => values.map((value) => value * factor);

/** The factors that scale a head's inputs go into its weights. */
export const createLight = (heads: StoredHeads, width: number, backend?: Backend): LightHead => {
  const { hidden, actions, context } = heads;
  const kernels = createKernels(backend === undefined ? {} : { backend });
  const table = kernels.table('candidates', { rows: LIGHT_MOST, width });
  const head = kernels.lightHead('light', { table, context: context.length, hidden, actions: actions.length, most: LIGHT_MOST });
  const inner = parameterOf(heads, 'light/head/inner/weight');
  const rowsOf = (from: number, to: number): Float32Array => inner.subarray(from * hidden, to * hidden);
  const scale = scalesOf(width);
  head.load({
    state: scaled(rowsOf(0, width), scale.vector), product: scaled(rowsOf(width, 2 * width), scale.product), item: scaled(rowsOf(2 * width, 3 * width), scale.vector),
    context: rowsOf(3 * width, 3 * width + context.length), bias: parameterOf(heads, 'light/head/inner/bias'),
    out: parameterOf(heads, 'light/head/outer/weight'), outBias: parameterOf(heads, 'light/head/outer/bias'),
  });
  for (let row = 0; row < LIGHT_MOST; row++) head.rows.integers[row] = row;
  return {
    actions, context, vectors: table.floats, stride: table.stride, values: head.context.floats,
    run: (state, n) => {
      if (n > LIGHT_MOST) throw new ThroughlineError('server/internal', `the light head was asked for ${n} candidates at once; it takes ${LIGHT_MOST}`);
      head.take(state);
      head.run(n);
      return head.logits.floats;
    },
    release: () => { head.release(); table.release(); },
  };
};

export interface FinalistHead {
  /** Adds to `logits` [n, actions] what the candidates' own states [n, width] say. */
  add(asked: { readonly state: Float32Array; readonly vectors: Float32Array; readonly own: Float32Array; readonly n: number }, logits: Float32Array): void;
}

export const createFinalist = (heads: StoredHeads, width: number): FinalistHead => {
  const inner = { weight: parameterOf(heads, 'finalists/head/inner/weight'), bias: parameterOf(heads, 'finalists/head/inner/bias') };
  const outer = { weight: parameterOf(heads, 'finalists/head/outer/weight'), bias: parameterOf(heads, 'finalists/head/outer/bias') };
  const hidden = inner.bias.length;
  const actions = heads.actions.length;
  const x = new Float32Array(3 * width);
  const h = new Float32Array(hidden);
  return {
    add: ({ state, vectors, own, n }, logits) => {
      for (let row = 0; row < n; row++) {
        fillFinalist({ state, vector: vectors.subarray(row * width, (row + 1) * width), own: own.subarray(row * width, (row + 1) * width), width }, x, 0);
        h.set(inner.bias);
        for (let i = 0; i < x.length; i++) {
          const value = x[i] ?? 0;
          for (let to = 0; to < hidden; to++) h[to] = (h[to] ?? 0) + value * (inner.weight[i * hidden + to] ?? 0);
        }
        for (let a = 0; a < actions; a++) {
          let sum = outer.bias[a] ?? 0;
          for (let i = 0; i < hidden; i++) sum += Math.max(0, h[i] ?? 0) * (outer.weight[i * actions + a] ?? 0);
          logits[row * actions + a] = (logits[row * actions + a] ?? 0) + sum;
        }
      }
    },
  };
};
