/**
 * Graphs of tensors with static shapes. A graph is built by calling its words, `g.silu(g.matmul(x, w))`; every word checks shapes on the
 * spot. A word is a row of the table in ops/: its shape, its ONNX nodes, its gradient.
 */
import { ThroughlineError } from '../core/errors.ts';
import type { ElementType, OnnxNode } from './onnx.ts';
import { OPERATORS, type OperatorName } from './ops/index.ts';
import { lastExchanged, numbersOf } from './ops/shapes.ts';

export type Shape = readonly number[];
export type Attributes = Readonly<Record<string, number | readonly number[]>>;

/** A tensor of the graph. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
  /** What computes it; absent for inputs and constants. */
  readonly node?: Node;
  /** Contents, where the value is a constant. */
  readonly data?: Float32Array | Int32Array;
}
export interface Node {
  readonly op: OperatorName;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
}

/** What emission may ask for besides its inputs: fresh names and small constants of any type. */
export interface Emission {
  readonly node: Node;
  /** Whether anything reads an output: what only gradients want is not computed where there are none. */
  isRead(output: Value): boolean;
  /** A name for something between two ONNX nodes. */
  temporary(): string;
  /** Adds an integer constant (ONNX wants axes and shapes as int64 inputs). @returns its name */
  integers(values: readonly number[]): string;
  /** Adds a float32 scalar constant. @returns its name */
  scalar(value: number): string;
}

/** One operator: a row of the table. */
export interface Operator {
  /** Shapes of the outputs. @throws a sentence about what does not fit */
  shape(inputs: readonly Shape[], attributes: Attributes): readonly Shape[];
  /** The plain ONNX nodes that compute the outputs. */
  emit(emission: Emission): readonly OnnxNode[];
  /** What those nodes read, where it is not the inputs. */
  reads?(node: Node): readonly Value[];
  /**
   * Vector-Jacobian product: from the gradient of the first output to the gradient of each input, undefined for an input that has none.
   * Absent where no gradient flows (gathers: ask for the gradient of the gathered rows, and scatter them outside the graph).
   */
  gradient?(g: Graph, node: Node, dOut: Value): readonly (Value | undefined)[];
}

export interface Graph {
  input(name: string, shape: Shape, type?: ElementType): Value;
  constant(data: Float32Array | Int32Array, shape: Shape): Value;
  scalar(value: number): Value;
  apply(op: OperatorName, inputs: readonly Value[], attributes?: Attributes): readonly Value[];
  /** Sum, difference, product, quotient, broadcast as in NumPy. */
  add(a: Value, b: Value): Value;
  sub(a: Value, b: Value): Value;
  mul(a: Value, b: Value): Value;
  div(a: Value, b: Value): Value;
  scale(a: Value, factor: number): Value;
  /** Product over the last two axes, the axes before them broadcast. */
  matmul(a: Value, b: Value): Value;
  /** a · bᵀ over the last two axes. */
  matmulT(a: Value, b: Value): Value;
  transpose(a: Value, axes: readonly number[]): Value;
  reshape(a: Value, shape: Shape): Value;
  concat(parts: readonly Value[], axis: number): Value;
  slice(a: Value, axis: number, range: readonly [from: number, to: number]): Value;
  /** Equal parts along the last axis. */
  split(a: Value, parts: number): readonly Value[];
  /** Rows of `table` [n, ...] by index: [...ids.shape, ...]. */
  gather(table: Value, ids: Value): Value;
  /** Repeats along axes of size 1. */
  expand(a: Value, shape: Shape): Value;
  sum(a: Value, axes: readonly number[]): Value;
  mean(a: Value, axes: readonly number[]): Value;
  relu(a: Value): Value;
  silu(a: Value): Value;
  sigmoid(a: Value): Value;
  tanh(a: Value): Value;
  exp(a: Value): Value;
  log(a: Value): Value;
  /** log(1 + exp(a)), without overflow. */
  softplus(a: Value): Value;
  /** softmax of scores over their last axis · values. */
  softmaxMatmul(scores: Value, values: Value): Value;
  /** log Σ exp over the last axis, which stays with size 1. */
  logSumExp(a: Value): Value;
  /** log Σⱼ exp(aᵢ · bⱼ) of rows a [n, d] and b [m, d]: [n, 1]. */
  logSumExpProducts(a: Value, b: Value): Value;
  /** Zero mean and unit variance over the last axis, then gain and shift of that axis. */
  layerNorm(a: Value, gain: Value, shift: Value): Value;
  /** Zero mean and unit variance over the last axis. */
  standardise(a: Value): Value;
  /** Unit Euclidean length over the last axis. */
  l2Normalise(a: Value): Value;
}

const shapeError = (op: string, inputs: readonly Value[], why: string): ThroughlineError =>
  new ThroughlineError('client/invalidGraph', `${op}(${inputs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ')}) ${why}.`);

/** What a transposition of a transposition is one of, and by which axes. */
const transposed = (a: Value, axes: readonly number[]): readonly [Value, readonly number[]] => {
  const [inner] = a.node?.op === 'transpose' ? a.node.inputs : [];
  if (a.node === undefined || inner === undefined) return [a, axes];
  const first = numbersOf(a.node.attributes, 'axes');
  return [inner, axes.map((axis) => first[axis] ?? axis)];
};

export const createGraph = (): Graph => {
  let count = 0;
  const inputs = new Set<string>();
  const apply = (op: OperatorName, values: readonly Value[], attributes: Attributes = {}): readonly Value[] => {
    let shapes: readonly Shape[];
    try { shapes = OPERATORS[op].shape(values.map(({ shape }) => shape), attributes); } catch (error) {
      throw shapeError(op, values, error instanceof Error ? error.message : String(error));
    }
    const outputs: Value[] = [];
    const node: Node = { op, inputs: values, attributes, outputs };
    for (const shape of shapes) outputs.push({ name: `${op}${String(count++)}`, shape, type: 'float32', node });
    return outputs;
  };
  const one = (op: OperatorName, values: readonly Value[], attributes?: Attributes): Value => {
    const [out] = apply(op, values, attributes);
    if (out === undefined) throw new RangeError(`${op} has no output`);
    return out;
  };
  const constant = (data: Float32Array | Int32Array, shape: Shape): Value => {
    const value: Value = { name: `constant${String(count++)}`, shape, type: data instanceof Float32Array ? 'float32' : 'int32', data };
    if (data.length !== shape.reduce((a, b) => a * b, 1)) throw shapeError('constant', [value], `holds ${String(data.length)} numbers`);
    return value;
  };
  const scalar = (value: number): Value => constant(Float32Array.of(value), []);
  const transpose = (a: Value, axes: readonly number[]): Value => {
    const [from, order] = transposed(a, axes);
    return order.every((axis, index) => axis === index) ? from : one('transpose', [from], { axes: order });
  };
  const slice = (a: Value, axis: number, [from, to]: readonly [number, number]): Value => (from === 0 && to === a.shape[axis] ? a : one('slice', [a], { axis, from, to }));
  return {
    input: (name, shape, type = 'float32') => {
      const value: Value = { name, shape, type };
      if (inputs.has(name)) throw shapeError('input', [value], 'is there already');
      inputs.add(name);
      return value;
    },
    constant, scalar, apply,
    add: (a, b) => one('add', [a, b]),
    sub: (a, b) => one('sub', [a, b]),
    mul: (a, b) => one('mul', [a, b]),
    div: (a, b) => one('div', [a, b]),
    scale: (a, factor) => one('mul', [a, scalar(factor)]),
    matmul: (a, b) => one('matmul', [a, b]),
    matmulT: (a, b) => one('matmul', [a, transpose(b, lastExchanged(b.shape.length))]),
    transpose,
    reshape: (a, shape) => one('reshape', [a], { shape }),
    concat: (parts, axis) => one('concat', parts, { axis }),
    slice,
    split: (a, parts) => {
      const axis = a.shape.length - 1;
      const size = (a.shape[axis] ?? 0) / parts;
      return Array.from({ length: parts }, (_, part) => slice(a, axis, [part * size, (part + 1) * size]));
    },
    gather: (table, ids) => one('gather', [table, ids]),
    expand: (a, shape) => one('expand', [a], { shape }),
    sum: (a, axes) => one('sum', [a], { axes }),
    mean: (a, axes) => {
      const size = axes.reduce((product, axis) => product * (a.shape[axis] ?? 1), 1);
      return one('mul', [one('sum', [a], { axes }), scalar(1 / size)]);
    },
    relu: (a) => one('relu', [a]),
    silu: (a) => one('silu', [a]),
    sigmoid: (a) => one('sigmoid', [a]),
    tanh: (a) => one('tanh', [a]),
    exp: (a) => one('exp', [a]),
    log: (a) => one('log', [a]),
    softplus: (a) => one('softplus', [a]),
    softmaxMatmul: (scores, values) => one('softmaxMatmul', [scores, values]),
    logSumExp: (a) => one('logSumExp', [a]),
    logSumExpProducts: (a, b) => one('logSumExpProducts', [a, b]),
    layerNorm: (a, gain, shift) => one('layerNorm', [a, gain, shift]),
    standardise: (a) => one('standardise', [a, constant(new Float32Array(a.shape.at(-1) ?? 0).fill(1), a.shape.slice(-1))]),
    l2Normalise: (a) => one('l2Normalise', [a]),
  };
};
