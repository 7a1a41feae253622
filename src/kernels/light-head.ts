/**
 * The light head: for each of several hundred candidates, how likely the member is to act, one logit per action, from a perceptron with one
 * hidden layer over [state, state × item, item, context]. The state is the same for all candidates of a page, so what it does to the first
 * layer is worked out once: state × item · W is item · (diag(state) W), and state · W is a bias.
 */
import type { Region } from './arena.ts';
import { checkRows } from './dot.ts';
import { ACTIVATIONS, fold, lightHead, type Activation } from './plain.ts';
import { dimension, fits, pack, panelsOf, present, regionsOf, within, type Regions, type Runtime } from './runtime.ts';
import type { Table } from './table.ts';

export interface LightHeadShape {
  /** Item vectors; the state is as wide as they are (d). */
  readonly table: Table;
  /** Columns of context (c); 0 for none. */
  readonly context: number;
  /** Width of the hidden layer (h). */
  readonly hidden: number;
  readonly actions: number;
  /** Of the hidden layer; 'relu' unless said. */
  readonly activation?: Activation;
  /** Candidates a call may ask for. */
  readonly most: number;
}

/** Row-major. The first layer's weights come apart by what they multiply. */
export interface LightHeadWeights {
  /** Of the state alone, [d, h]; nothing unless said. */
  readonly state?: Float32Array;
  /** Of state × item, [d, h]. */
  readonly product: Float32Array;
  /** Of the item alone, [d, h]. */
  readonly item: Float32Array;
  /** [c, h] */
  readonly context: Float32Array;
  /** [h] */
  readonly bias: Float32Array;
  /** [h, actions] */
  readonly out: Float32Array;
  /** [actions] */
  readonly outBias: Float32Array;
}

export interface LightHead {
  /** [most] numbers of rows of the table, as integers. */
  readonly rows: Region;
  /** [most, c] */
  readonly context: Region;
  /** [most, actions] of the last call. */
  readonly logits: Region;
  /** Before the first member, and again for another model; the member must then be taken anew. */
  load(weights: LightHeadWeights): void;
  /** Takes up a member's state [d]; good for any number of calls, until the next member or other weights. */
  take(state: Float32Array): void;
  /** Logits of the n candidates that `rows` names. Throws for more than `most`, and names a row that the table does not have. */
  run(n: number): void;
  release(): void;
}

interface Sizes { readonly d: number; readonly c: number; readonly h: number; readonly a: number; readonly panels: number; readonly most: number }

const sizesOf = (name: string, shape: LightHeadShape): Sizes => {
  const h = dimension(shape.hidden, `the hidden width of the light head "${name}"`);
  return {
    d: shape.table.width, h, panels: panelsOf(h),
    c: dimension(shape.context, `the context of the light head "${name}"`, 0),
    a: dimension(shape.actions, `the number of actions of the light head "${name}"`),
    most: dimension(shape.most, `the "most" of the light head "${name}"`, 0),
  };
};

const partsOf = ({ make }: Regions, { d, c, a, panels, most }: Sizes) => ({
  rows: make('rows', most),
  context: make('context', most * c),
  logits: make('logits', most * a),
  state: make('state', d),
  /** Weights as loaded, in panels [panels, d, 8]. */
  alone: make('weights of state', panels * d * 8),
  product: make('weights of product', panels * d * 8),
  item: make('weights of item', panels * d * 8),
  bias: make('bias', panels * 8),
  /** Weights of one state, and under them those of the context, which no state changes: [panels, d + c, 8]. */
  folded: make('folded weights', panels * (d + c) * 8),
  foldedBias: make('folded bias', panels * 8),
  out: make('out', panelsOf(a) * panels * 8 * 8),
  outBias: make('out bias', panelsOf(a) * 8),
  sums: make('sums', 32),
  hidden: make('hidden', 4 * panels * 8),
});

type Parts = ReturnType<typeof partsOf>;

const loadWeights = (name: string, weights: LightHeadWeights, { sizes: { d, c, h, a, panels }, parts }: { readonly sizes: Sizes; readonly parts: Parts }): void => {
  const take = (values: Float32Array, shape: readonly [number, number], what: string): Float32Array => {
    fits(values, shape[0] * shape[1], `${what} of the light head "${name}", [${shape.join(', ')}]`);
    return values;
  };
  if (weights.state === undefined) parts.alone.floats.fill(0);
  else pack(take(weights.state, [d, h], 'the weights of the state'), h, { panels: parts.alone.floats, height: d });
  pack(take(weights.product, [d, h], 'the weights of state × item'), h, { panels: parts.product.floats, height: d });
  pack(take(weights.item, [d, h], 'the weights of the item'), h, { panels: parts.item.floats, height: d });
  pack(take(weights.context, [c, h], 'the weights of the context'), h, { panels: parts.folded.floats, height: d + c, at: d });
  parts.bias.floats.set(take(weights.bias, [1, h], 'the bias'));
  pack(take(weights.out, [h, a], 'the last weights'), a, { panels: parts.out.floats, height: panels * 8 });
  parts.outBias.floats.set(take(weights.outBias, [1, a], 'the last bias'));
};

/** Throws for a shape that is none. */
export const createLightHead = (runtime: Runtime, name: string, shape: LightHeadShape): LightHead => {
  const sizes = sizesOf(name, shape);
  const { d, c, h, a, panels, most } = sizes;
  const { table, activation = 'relu' } = shape;
  const regions = regionsOf(runtime, name);
  const parts = partsOf(regions, sizes);
  const first = { panels: parts.folded.floats, height: d + c, bias: parts.foldedBias.floats, columns: h };
  const second = { panels: parts.out.floats, height: panels * 8, bias: parts.outBias.floats, columns: a };
  const { native } = runtime;
  const kind = ACTIVATIONS.indexOf(activation);
  let loaded = false;
  let taken = false;
  return {
    rows: parts.rows, context: parts.context, logits: parts.logits,
    load: (weights) => {
      loadWeights(name, weights, { sizes, parts });
      loaded = true;
      taken = false;
    },
    take: (state) => {
      present(loaded, `the light head "${name}" has no weights yet: load them first`);
      fits(state, d, `a state for the light head "${name}"`);
      parts.state.floats.set(state);
      if (native === undefined) fold({ state: parts.state.floats, context: c, product: parts.product.floats, item: parts.item.floats, alone: parts.alone.floats, bias: parts.bias.floats }, { panels: first.panels, bias: first.bias });
      else native.fold(parts.state.address, d, c, panels, parts.product.address, parts.item.address, parts.alone.address, parts.bias.address, parts.folded.address, parts.foldedBias.address);
      taken = true;
    },
    run: (n) => {
      within(name, n, most);
      present(taken, `the light head "${name}" has no member's state for its weights: take one first`);
      checkRows(runtime, name, { rows: parts.rows, table, n });
      if (native === undefined) lightHead({ table: { floats: table.floats, stride: table.stride, from: 0 }, numbers: parts.rows.integers, width: d, context: parts.context.floats, contextWidth: c, first, activation, second, n }, parts.hidden.floats, parts.logits.floats);
      else native.lightHead(table.address, table.stride, parts.rows.address, n, d, parts.context.address, c, parts.folded.address, parts.foldedBias.address, panels, kind, parts.out.address, parts.outBias.address, a, parts.logits.address, parts.sums.address, parts.hidden.address);
    },
    release: regions.release,
  };
};
