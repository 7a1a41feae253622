/**
 * Every parameter of a model in one Float32Array, and a gradient beside it. Views into it go to ONNX Runtime without a copy; the
 * optimiser, the average of weights and a checkpoint each see one array and one layout.
 *
 * A table so large that a batch touches few of its rows is declared `sparse`: it keeps the gradient of the touched rows alone.
 */
import { ThroughlineError } from '../core/errors.ts';
import { normal, type Random } from '../core/random.ts';

/** How a parameter begins. `xavier` is uniform within sqrt(6 / (fan in + fan out)) of the last two dimensions (Glorot, Bengio 2010). */
export type Initialisation =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly limit: number }
  | { readonly kind: 'xavier'; readonly gain?: number };

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: Initialisation;
  /** Whether weight decay applies: to matrices, usually not to biases, gains and tables. */
  readonly decay?: boolean;
  /** No dense gradient; only rows given to `addRows` have one. Worth it above about 20,000 rows. */
  readonly sparse?: boolean;
}

/** Rows of a sparse table with a gradient, in the order of their first touch: `values` is [rows.length, width]. */
export interface TouchedRows { readonly rows: Int32Array; readonly values: Float32Array }

export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Where it begins in `arena.values`, in floats; that of a dense gradient in `arena.gradients` is the same. */
  readonly offset: number;
  readonly decay: boolean;
  readonly sparse: boolean;
  /** A view into `arena.values`, row-major. */
  readonly value: Float32Array;
  /** A view into `arena.gradients`; of length 0 where the parameter is sparse. */
  readonly gradient: Float32Array;
  /** Adds a whole gradient, shaped as the value. @throws server/internal for a sparse parameter or another length */
  add(gradient: Float32Array): void;
  /** Adds the gradient of rows, of the first dimension; a row may come more than once. `values` is [rows.length, the rest]. @throws server/internal */
  addRows(rows: Int32Array, values: Float32Array): void;
  /** Views that hold until the next `addRows` or `clearGradients`; no rows where the parameter is dense. */
  touched(): TouchedRows;
}

/** What tells whether two arenas hold the same model. */
export interface LayoutEntry { readonly name: string; readonly shape: readonly number[]; readonly offset: number }

export interface Arena {
  /** Dense parameters first, in the order of their specs, then the sparse ones. */
  readonly values: Float32Array;
  /** Of the dense parameters; as long as they are. */
  readonly gradients: Float32Array;
  readonly parameters: readonly Parameter[];
  readonly layout: readonly LayoutEntry[];
  /** @throws server/internal where there is none of that name */
  parameter(name: string): Parameter;
  clearGradients(): void;
}

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
const wrong = (name: string, what: string): ThroughlineError => new ThroughlineError('server/internal', `parameter "${name}" ${what}`, { where: { field: name } });

/** `into[to…] += from[at…]`, four at a time: a batch scatters ten thousands of rows. */
const addInto = ({ into, to, from, at, length }: { readonly into: Float32Array; readonly to: number; readonly from: Float32Array; readonly at: number; readonly length: number }): void => {
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    const [target, source] = [to + i, at + i];
    into[target] = (into[target] ?? 0) + (from[source] ?? 0);
    into[target + 1] = (into[target + 1] ?? 0) + (from[source + 1] ?? 0);
    into[target + 2] = (into[target + 2] ?? 0) + (from[source + 2] ?? 0);
    into[target + 3] = (into[target + 3] ?? 0) + (from[source + 3] ?? 0);
  }
  for (; i < length; i++) into[to + i] = (into[to + i] ?? 0) + (from[at + i] ?? 0);
};

/** A gradient of touched rows that grows with them; `slots` finds a row's place in it, or -1. */
const createRowGradients = (rows: number, width: number): { add(row: number, from: Float32Array, at: number): void; touched(): TouchedRows; clear(): void } => {
  const slots = new Int32Array(rows).fill(-1);
  let touched = new Int32Array(64);
  let values = new Float32Array(64 * width);
  let count = 0;
  const slotOf = (row: number): number => {
    const known = slots[row] ?? -1;
    if (known >= 0) return known;
    if (count === touched.length) {
      const [moreRows, moreValues] = [new Int32Array(count * 2), new Float32Array(count * 2 * width)];
      moreRows.set(touched);
      moreValues.set(values);
      [touched, values] = [moreRows, moreValues];
    }
    touched[count] = row;
    values.fill(0, count * width, (count + 1) * width);
    slots[row] = count;
    return count++;
  };
  return {
    add: (row, from, at) => {
      const slot = slotOf(row);
      addInto({ into: values, to: slot * width, from, at, length: width });
    },
    touched: () => ({ rows: touched.subarray(0, count), values: values.subarray(0, count * width) }),
    clear: () => {
      for (let i = 0; i < count; i++) slots[touched[i] ?? 0] = -1;
      count = 0;
    },
  };
};

const initialise = (spec: ParameterSpec, value: Float32Array, random: Random): void => {
  const { init, shape } = spec;
  const uniform = (limit: number): void => { for (let i = 0; i < value.length; i++) value[i] = (random.next() * 2 - 1) * limit; };
  switch (init.kind) {
    case 'zeros': return;
    case 'ones': value.fill(1); return;
    case 'constant': value.fill(init.value); return;
    case 'uniform': uniform(init.limit); return;
    case 'normal':
      for (let i = 0; i < value.length; i++) value[i] = normal(random) * init.deviation;
      return;
    case 'xavier': {
      const [fanIn, fanOut] = shape.slice(-2);
      if (fanIn === undefined || fanOut === undefined) throw wrong(spec.name, `has shape [${shape.join(', ')}]; xavier needs two dimensions`);
      uniform((init.gain ?? 1) * Math.sqrt(6 / (fanIn + fanOut)));
    }
  }
};

const createParameter = (spec: ParameterSpec, offset: number, stores: { readonly values: Float32Array; readonly gradients: Float32Array }): { readonly parameter: Parameter; clear(): void } => {
  const { name, shape, decay = false, sparse = false } = spec;
  const length = size(shape);
  const rowCount = shape[0] ?? 1;
  const width = length / rowCount;
  const value = stores.values.subarray(offset, offset + length);
  const gradient = sparse ? new Float32Array(0) : stores.gradients.subarray(offset, offset + length);
  const rowGradients = createRowGradients(sparse ? rowCount : 0, width);
  const addRow = sparse ? rowGradients.add : (row: number, from: Float32Array, at: number): void => {
    addInto({ into: gradient, to: row * width, from, at, length: width });
  };
  const add = (from: Float32Array): void => {
    if (sparse) throw wrong(name, 'is sparse: it takes gradients of rows, by addRows');
    if (from.length !== length) throw wrong(name, `has ${length} values of shape [${shape.join(', ')}], its gradient came with ${from.length}`);
    addInto({ into: gradient, to: 0, from, at: 0, length });
  };
  const addRows = (rows: Int32Array, from: Float32Array): void => {
    if (from.length !== rows.length * width) throw wrong(name, `has rows of ${width}; ${rows.length} of them came with ${from.length} values`);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? -1;
      if (row < 0 || row >= rowCount) throw wrong(name, `has rows 0 to ${rowCount - 1}, and was given a gradient of row ${row}`);
      addRow(row, from, i * width);
    }
  };
  return { parameter: { name, shape, offset, decay, sparse, value, gradient, add, addRows, touched: rowGradients.touched }, clear: rowGradients.clear };
};

/**
 * Lays the parameters out and initialises each from a stream of its own, `random.fork(name)`: adding one changes no other.
 * @throws server/internal for a name that comes twice or a shape that is not of positive whole numbers
 */
export const createArena = (specs: readonly ParameterSpec[], random: Random): Arena => {
  const names = new Set<string>();
  for (const { name, shape, sparse = false } of specs) {
    if (names.has(name)) throw wrong(name, 'is declared twice');
    names.add(name);
    if (!shape.every((length) => Number.isSafeInteger(length) && length > 0)) throw wrong(name, `has shape [${shape.join(', ')}]; every dimension must be a positive whole number`);
    if (sparse && shape.length < 2) throw wrong(name, `has shape [${shape.join(', ')}]; a sparse one needs rows and columns`);
  }
  const ordered = [...specs.filter(({ sparse = false }) => !sparse), ...specs.filter(({ sparse = false }) => sparse)];
  const total = (counted: readonly ParameterSpec[]): number => counted.reduce((sum, { shape }) => sum + size(shape), 0);
  const values = new Float32Array(total(ordered));
  const gradients = new Float32Array(total(ordered.filter(({ sparse = false }) => !sparse)));
  let offset = 0;
  const made = ordered.map((spec) => {
    const one = createParameter(spec, offset, { values, gradients });
    offset += one.parameter.value.length;
    initialise(spec, one.parameter.value, random.fork(spec.name));
    return one;
  });
  const parameters = made.map(({ parameter }) => parameter);
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  return {
    values, gradients, parameters,
    layout: parameters.map(({ name, shape, offset: at }) => ({ name, shape, offset: at })),
    parameter: (name) => {
      const found = byName.get(name);
      if (found === undefined) throw wrong(name, `does not exist; there are ${[...byName.keys()].join(', ')}`);
      return found;
    },
    clearGradients: () => {
      gradients.fill(0);
      for (const { clear } of made) clear();
    },
  };
};
