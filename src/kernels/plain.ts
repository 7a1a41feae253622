/**
 * The twins of the kernels in assembly/, in plain TypeScript: what they should compute, and what runs where WebAssembly does not. They read
 * the same regions, weights in panels of eight columns included, and add in doubles, so they differ from the kernels by rounding alone.
 */
import { sigmoid } from '../core/powers.ts';

/** Names of what stands between two layers; their places are what the compiled kernels know. */
export const ACTIVATIONS = ['none', 'relu', 'silu'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

const FUNCTIONS: Readonly<Record<Activation, (x: number) => number>> = {
  none: (x) => x,
  relu: (x) => Math.max(x, 0),
  silu: (x) => x * sigmoid(x),
};

/** Rows of floats, row r at r × stride + from. */
export interface Rows { readonly floats: Float32Array; readonly stride: number; readonly from: number }

/** Weights [height, columns] in panels [panels, height, 8], bias [columns]. */
export interface Dense { readonly panels: Float32Array; readonly height: number; readonly bias: Float32Array; readonly columns: number }

/** Σ row · query over `width` floats. */
const product = (rows: Rows, row: number, query: Float32Array): number => {
  let sum = 0;
  for (let i = 0, at = rows.from + row * rows.stride; i < query.length; i++, at++) sum += (rows.floats[at] ?? 0) * (query[i] ?? 0);
  return sum;
};

/** Scores of n rows, those that `numbers` names or, without it, in their order. */
export const dot = (input: { readonly table: Rows; readonly numbers?: Int32Array; readonly query: Float32Array; readonly n: number }, into: Float32Array): void => {
  for (let i = 0; i < input.n; i++) into[i] = product(input.table, input.numbers?.[i] ?? i, input.query);
};

export const firstOutside = (numbers: Int32Array, n: number, count: number): number => {
  for (let i = 0; i < n; i++) if ((numbers[i] ?? 0) < 0 || (numbers[i] ?? 0) >= count) return i;
  return -1;
};

/** One value of a layer: bias + Σ x · w, where x stands in parts one after the other. */
const sumOf = (dense: Dense, column: number, parts: readonly { readonly x: Float32Array; readonly at: number; readonly count: number }[]): number => {
  let sum = dense.bias[column] ?? 0;
  let w = (column >> 3) * dense.height * 8 + (column & 7);
  for (const { x, at, count } of parts) {
    for (let i = at; i < at + count; i++, w += 8) sum += (x[i] ?? 0) * (dense.panels[w] ?? 0);
  }
  return sum;
};

/** out [n, columns] = act(x [n, height] · w + bias). */
export const gemm = (input: { readonly x: Float32Array; readonly dense: Dense; readonly activation: Activation; readonly n: number }, out: Float32Array): void => {
  const { x, dense, n } = input;
  const act = FUNCTIONS[input.activation];
  for (let row = 0; row < n; row++) {
    const parts = [{ x, at: row * dense.height, count: dense.height }];
    for (let column = 0; column < dense.columns; column++) out[row * dense.columns + column] = act(sumOf(dense, column, parts));
  }
};

export interface Folding {
  readonly state: Float32Array;
  /** Columns of context, whose weights stand in `into.panels` already. */
  readonly context: number;
  /** Weights of state × item, of the item and of the state alone, in panels [panels, d, 8]. */
  readonly product: Float32Array;
  readonly item: Float32Array;
  readonly alone: Float32Array;
  readonly bias: Float32Array;
}

/** Makes the weights and bias of one state, [panels, d + context, 8] and [panels × 8]. */
export const fold = ({ state, context, product: crossed, item, alone, bias }: Folding, into: { readonly panels: Float32Array; readonly bias: Float32Array }): void => {
  const d = state.length;
  for (let column = 0; column < bias.length; column++) {
    const from = (column >> 3) * d * 8 + (column & 7);
    const to = (column >> 3) * (d + context) * 8 + (column & 7);
    let sum = bias[column] ?? 0;
    for (let i = 0; i < d; i++) {
      const s = state[i] ?? 0;
      into.panels[to + i * 8] = s * (crossed[from + i * 8] ?? 0) + (item[from + i * 8] ?? 0);
      sum += s * (alone[from + i * 8] ?? 0);
    }
    into.bias[column] = sum;
  }
};

export interface Heads {
  readonly table: Rows;
  readonly numbers: Int32Array;
  readonly width: number;
  /** [n, contextWidth]. */
  readonly context: Float32Array;
  readonly contextWidth: number;
  readonly first: Dense;
  readonly activation: Activation;
  readonly second: Dense;
  readonly n: number;
}

/** logits [n, second.columns] = act([item, context] · first) · second. `hidden` takes the values in between. */
export const lightHead = (input: Heads, hidden: Float32Array, out: Float32Array): void => {
  const { table, first, second, contextWidth } = input;
  const act = FUNCTIONS[input.activation];
  for (let i = 0; i < input.n; i++) {
    const parts = [
      { x: table.floats, at: table.from + (input.numbers[i] ?? 0) * table.stride, count: input.width },
      { x: input.context, at: i * contextWidth, count: contextWidth },
    ];
    for (let column = 0; column < first.columns; column++) hidden[column] = act(sumOf(first, column, parts));
    const values = [{ x: hidden, at: 0, count: first.columns }];
    for (let column = 0; column < second.columns; column++) out[i * second.columns + column] = sumOf(second, column, values);
  }
};

/** Σ over heads of value · sigmoid(logit), for each of n rows. */
export const weighAll = (input: { readonly x: Float32Array; readonly dense: Dense; readonly values: Float32Array; readonly n: number }, out: Float32Array): void => {
  const { x, dense, values } = input;
  for (let row = 0; row < input.n; row++) {
    const parts = [{ x, at: row * dense.height, count: dense.height }];
    let sum = 0;
    for (let head = 0; head < dense.columns; head++) sum += (values[head] ?? 0) * sigmoid(sumOf(dense, head, parts));
    out[row] = sum;
  }
};

/** out [n, stride] = row of a + factor · row of b, of the rows that are named. */
export const rowSums = ({ a, rowsA, b, rowsB, factor, n }: { readonly a: Rows; readonly rowsA: Int32Array; readonly b: Rows; readonly rowsB: Int32Array; readonly factor: number; readonly n: number }, out: Float32Array): void => {
  for (let row = 0, to = 0; row < n; row++) {
    const [left, right] = [a.from + (rowsA[row] ?? 0) * a.stride, b.from + (rowsB[row] ?? 0) * b.stride];
    for (let i = 0; i < a.stride; i++, to++) out[to] = (a.floats[left + i] ?? 0) + factor * (b.floats[right + i] ?? 0);
  }
};

/** out [n, stride]: the mean of the rows that stand in each bag, 0 being none. */
export const rowMeans = ({ table, bags, bag, n }: { readonly table: Rows; readonly bags: Int32Array; readonly bag: number; readonly n: number }, out: Float32Array): void => {
  for (let row = 0; row < n; row++) {
    const rows = bags.subarray(row * bag, (row + 1) * bag).filter((each) => each !== 0);
    for (let i = 0; i < table.stride; i++) {
      let sum = 0;
      for (const each of rows) sum += table.floats[table.from + each * table.stride + i] ?? 0;
      out[row * table.stride + i] = rows.length === 0 ? 0 : sum / rows.length;
    }
  }
};

/** The k highest of the first n scores, highest first, equal ones in their order; what is not a number is left out. Returns how many. */
export const topK = (scores: Float32Array, n: number, into: { readonly scores: Float32Array; readonly places: Int32Array }): number => {
  const most = into.places.length;
  let found = 0;
  for (let place = 0; place < n; place++) {
    const score = scores[place] ?? Number.NaN;
    if (Number.isNaN(score) || (found === most && score <= (into.scores[most - 1] ?? 0))) continue;
    // Lower ones move down by one; the last of a full list falls off.
    let at = found === most ? most - 1 : found++;
    for (; at > 0 && (into.scores[at - 1] ?? 0) < score; at--) {
      into.scores[at] = into.scores[at - 1] ?? 0;
      into.places[at] = into.places[at - 1] ?? 0;
    }
    into.scores[at] = score;
    into.places[at] = place;
  }
  return found;
};
