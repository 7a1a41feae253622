/** Products and everything that sums over an axis. */
import type { Graph, Node, Operator, Shape, Value } from '../graph.ts';
import { MICROSOFT, type OnnxNode } from '../onnx.ts';
import { broadcast, lastExchanged, numbersOf, reduceTo, shapeAt, size, valueAt } from './shapes.ts';

const EPSILON = 1e-6;
const last = (shape: Shape): number => {
  const found = shape.at(-1);
  if (found === undefined) throw new RangeError('has no last axis');
  return found;
};
const lastAxis = (value: Value): readonly number[] => [value.shape.length - 1];
/** Σ a·b over the last axis, kept. */
const rowDot = (g: Graph, a: Value, b: Value): Value => g.sum(g.mul(a, b), lastAxis(a));

/** Adds up every axis but the last: [.., n] → [n]; one matrix product, which is quicker than a reduction here. */
const columnSums = (g: Graph, a: Value): Value => {
  const columns = last(a.shape);
  const rows = size(a.shape) / columns;
  return g.reshape(g.matmul(g.constant(new Float32Array(rows).fill(1), [1, rows]), g.reshape(a, [rows, columns])), [columns]);
};

/** The last two axes exchanged. */
const turned = (g: Graph, a: Value): Value => g.transpose(a, lastExchanged(a.shape.length));

/** What a product reads, and how: last two axes exchanged, the first axis moved before the last. */
interface Operand { readonly value: Value; readonly turned: 0 | 1; readonly batch: 0 | 1 }

/**
 * ONNX Runtime's product reads a transposed operand in place, which is quick for all but the columns of the first: taken from memory, they
 * cost more than their transposition.
 */
const operandOf = (value: Value, index: number, other: Value): Operand => {
  const [inner] = value.node?.op === 'transpose' ? value.node.inputs : [];
  const rank = value.shape.length;
  if (value.node === undefined || inner === undefined) return { value, turned: 0, batch: 0 };
  const axes = numbersOf(value.node.attributes, 'axes');
  const is = (wanted: readonly number[]): boolean => wanted.every((axis, at) => axes[at] === axis);
  const places = Array.from({ length: rank - 2 }, (_, at) => at);
  const moved = places.map((at) => at + 1);
  if (index === 1 && is(lastExchanged(rank))) return { value: inner, turned: 1, batch: 0 };
  // It moves the first axis only where both operands have one.
  const isBatch = rank > 2 && other.shape.length === rank;
  if (isBatch && is([...moved, 0, rank - 1])) return { value: inner, turned: 0, batch: 1 };
  if (index === 1 && isBatch && is([...moved, rank - 1, 0])) return { value: inner, turned: 1, batch: 1 };
  return { value, turned: 0, batch: 0 };
};

const operandsOf = ({ inputs }: Node): readonly [Operand, Operand] => {
  const [a, b] = [valueAt(inputs, 0), valueAt(inputs, 1)];
  return [operandOf(a, 0, b), operandOf(b, 1, a)];
};

/** Gradient of the second operand of a · b. */
const ofSecond = (g: Graph, [a, b]: readonly [Value, Value], dOut: Value): Value => {
  if (b.shape.length === 2 && a.shape.length > 2) {
    // One flat product instead of many small ones that would then be summed.
    const rows = size(a.shape) / last(a.shape);
    const flat = g.transpose(g.reshape(a, [rows, last(a.shape)]), [1, 0]);
    return g.matmul(flat, g.reshape(dOut, [rows, last(dOut.shape)]));
  }
  // aᵀ · dOut or (dOutᵀ · a)ᵀ: whichever turns fewer numbers.
  const dB = last(dOut.shape) < last(a.shape) ? turned(g, g.matmul(turned(g, dOut), a)) : g.matmul(turned(g, a), dOut);
  return reduceTo(g, dB, b.shape);
};

/** The nodes of a · b. */
const emitProduct = ([a, b]: readonly [Operand, Operand], out: string): OnnxNode => {
  const [inputs, outputs] = [[a.value.name, b.value.name], [out]];
  const attributes = { transA: { int: a.turned }, transB: { int: b.turned }, transBatchA: { int: a.batch }, transBatchB: { int: b.batch } };
  return a.turned + b.turned + a.batch + b.batch === 0 ? { op: 'MatMul', inputs, outputs } : { op: 'FusedMatMul', domain: MICROSOFT, inputs, outputs, attributes };
};

const productShape = (inputs: readonly Shape[]): Shape => {
  const [a, b] = [shapeAt(inputs, 0), shapeAt(inputs, 1)];
  if (a.length < 2 || b.length < 2 || last(a) !== b.at(-2)) throw new RangeError('cannot be multiplied: the last axis of the first must be the next-to-last of the second');
  return [...broadcast(a.slice(0, -2), b.slice(0, -2)), a.at(-2) ?? 0, last(b)];
};

const matmul: Operator = {
  shape: (inputs) => [productShape(inputs)],
  emit: ({ node }) => [emitProduct(operandsOf(node), valueAt(node.outputs, 0).name)],
  reads: (node) => operandsOf(node).map(({ value }) => value),
  gradient: (g, node, dOut) => {
    const [a, b] = [valueAt(node.inputs, 0), valueAt(node.inputs, 1)];
    return [reduceTo(g, g.matmulT(dOut, b), a.shape), ofSecond(g, [a, b], dOut)];
  },
};

const sum: Operator = {
  shape: ([shape = []], attributes) => {
    const axes = numbersOf(attributes, 'axes');
    if (axes.some((axis) => shape[axis] === undefined)) throw new RangeError(`has no axes [${axes.join(', ')}]`);
    return [shape.map((each, axis) => (axes.includes(axis) ? 1 : each))];
  },
  emit: ({ node, integers }) => [{
    op: 'ReduceSum', inputs: [valueAt(node.inputs, 0).name, integers(numbersOf(node.attributes, 'axes'))], outputs: [valueAt(node.outputs, 0).name],
  }],
  gradient: (g, node, dOut) => g.apply('expand', [dOut], { shape: valueAt(node.inputs, 0).shape }),
};

/** Repeats along axes of size 1: the gradient of a sum. */
const expand: Operator = {
  shape: ([shape = []], attributes) => {
    const to = numbersOf(attributes, 'shape');
    if (size(broadcast(shape, to)) !== size(to)) throw new RangeError(`cannot be repeated to [${to.join(', ')}]`);
    return [to];
  },
  emit: ({ node, integers }) => [{
    op: 'Expand', inputs: [valueAt(node.inputs, 0).name, integers(numbersOf(node.attributes, 'shape'))], outputs: [valueAt(node.outputs, 0).name],
  }],
  gradient: (g, node, dOut) => [reduceTo(g, dOut, valueAt(node.inputs, 0).shape)],
};

/** softmax(scores) · values. Its gradient sums the products of a row of the result where that of a softmax alone would sum those of a row of scores. */
const softmaxMatmul: Operator = {
  shape: (inputs) => [productShape(inputs), shapeAt(inputs, 0)],
  emit: ({ node }) => {
    const [out, weights] = [valueAt(node.outputs, 0), valueAt(node.outputs, 1)];
    return [
      { op: 'Softmax', inputs: [valueAt(node.inputs, 0).name], outputs: [weights.name], attributes: { axis: { int: -1 } } },
      emitProduct([{ value: weights, turned: 0, batch: 0 }, operandOf(valueAt(node.inputs, 1), 1, weights)], out.name),
    ];
  },
  reads: ({ inputs }) => [valueAt(inputs, 0), operandOf(valueAt(inputs, 1), 1, valueAt(inputs, 0)).value],
  gradient: (g, node, dOut) => {
    const [scores, values] = [valueAt(node.inputs, 0), valueAt(node.inputs, 1)];
    const [out, weights] = [valueAt(node.outputs, 0), valueAt(node.outputs, 1)];
    const slopes = g.sub(g.matmulT(dOut, values), rowDot(g, dOut, out));
    return [reduceTo(g, g.mul(weights, slopes), scores.shape), ofSecond(g, [weights, values], dOut)];
  },
};

/** Through the softmax, which the gradient needs anyhow: max(x) − log(max(softmax(x))) is exact where exp(x) would overflow. */
const emitLogSumExp = ([x, out, probabilities]: readonly [string, string, string], temporary: () => string): readonly OnnxNode[] => {
  const [highest, likeliest, logLikeliest] = [temporary(), temporary(), temporary()];
  const attributes = { axes: { ints: [-1] }, keepdims: { int: 1 } };
  return [
    { op: 'Softmax', inputs: [x], outputs: [probabilities], attributes: { axis: { int: -1 } } },
    { op: 'ReduceMax', inputs: [x], outputs: [highest], attributes },
    { op: 'ReduceMax', inputs: [probabilities], outputs: [likeliest], attributes },
    { op: 'Log', inputs: [likeliest], outputs: [logLikeliest] },
    { op: 'Sub', inputs: [highest, logLikeliest], outputs: [out] },
  ];
};

const logSumExp: Operator = {
  shape: (inputs) => {
    const shape = shapeAt(inputs, 0);
    last(shape);
    return [[...shape.slice(0, -1), 1], shape];
  },
  emit: ({ node, temporary }) => emitLogSumExp([valueAt(node.inputs, 0).name, valueAt(node.outputs, 0).name, valueAt(node.outputs, 1).name], temporary),
  gradient: (g, node, dOut) => [g.mul(valueAt(node.outputs, 1), dOut)],
};

/** Its gradient weighs the n × d numbers of the rows where that of a product and its logSumExp would weigh n × m. */
const logSumExpProducts: Operator = {
  shape: (inputs) => {
    const [a, b] = [shapeAt(inputs, 0), shapeAt(inputs, 1)];
    if (a.length !== 2 || b.length !== 2 || last(a) !== last(b)) throw new RangeError('needs two tables of rows of one length');
    return [[a[0] ?? 0, 1], [a[0] ?? 0, b[0] ?? 0]];
  },
  emit: ({ node, temporary }) => {
    const products = temporary();
    return [
      { op: 'FusedMatMul', domain: MICROSOFT, inputs: node.inputs.map(({ name }) => name), outputs: [products], attributes: { transB: { int: 1 } } },
      ...emitLogSumExp([products, valueAt(node.outputs, 0).name, valueAt(node.outputs, 1).name], temporary),
    ];
  },
  gradient: (g, node, dOut) => {
    const [a, b, probabilities] = [valueAt(node.inputs, 0), valueAt(node.inputs, 1), valueAt(node.outputs, 1)];
    return [g.mul(g.matmul(probabilities, b), dOut), turned(g, g.matmul(turned(g, g.mul(a, dOut)), probabilities))];
  },
};

const emitNorm: Operator['emit'] = ({ node, isRead }) => [{
  op: 'LayerNormalization', inputs: node.inputs.map(({ name }) => name), outputs: node.outputs.slice(0, node.outputs.findLastIndex(isRead) + 1).map(({ name }) => name),
  attributes: { axis: { int: -1 }, epsilon: { float: EPSILON } },
}];

const layerNorm: Operator = {
  shape: (inputs) => {
    const [x, gain, shift] = [shapeAt(inputs, 0), shapeAt(inputs, 1), shapeAt(inputs, 2)];
    if (gain.length !== 1 || shift.length !== 1 || last(gain) !== last(x) || last(shift) !== last(x)) throw new RangeError('needs a gain and a shift as long as the last axis');
    const one = [...x.slice(0, -1), 1];
    return [x, one, one];
  },
  emit: emitNorm,
  gradient: (g, node, dOut) => {
    const [x, gain] = [valueAt(node.inputs, 0), valueAt(node.inputs, 1)];
    const [mean, inverse] = [valueAt(node.outputs, 1), valueAt(node.outputs, 2)];
    const columns = last(x.shape);
    const rows = size(x.shape) / columns;
    const share = g.reshape(g.scale(gain, 1 / columns), [columns, 1]);
    // With u = dOut / deviation: dX = u·gain − mean(u·gain) − (x − mean)·inverse²·mean(dOut·gain·normed), arranged so that few passes go over
    // all numbers and the rest over one number a row.
    const u = g.mul(dOut, inverse);
    const ux = g.mul(u, x);
    const level = g.matmul(u, share);
    const slope = g.mul(g.sub(g.matmul(ux, share), g.mul(mean, level)), g.mul(inverse, inverse));
    const dX = g.sub(g.sub(g.mul(u, gain), g.mul(x, slope)), g.sub(level, g.mul(mean, slope)));
    const ofMeans = g.matmul(g.reshape(mean, [1, rows]), g.reshape(u, [rows, columns]));
    return [dX, g.sub(columnSums(g, ux), g.reshape(ofMeans, [columns])), columnSums(g, dOut)];
  },
};

/** Without a gain: what follows may take it into its weights. The runtime wants one all the same, a row of ones. */
const standardise: Operator = {
  shape: (inputs) => {
    const x = shapeAt(inputs, 0);
    if (last(shapeAt(inputs, 1)) !== last(x)) throw new RangeError('needs a row of ones as long as the last axis');
    const one = [...x.slice(0, -1), 1];
    return [x, one, one];
  },
  emit: emitNorm,
  gradient: (g, node, dOut) => {
    const [z, inverse] = [valueAt(node.outputs, 0), valueAt(node.outputs, 2)];
    const columns = last(z.shape);
    const share = g.constant(new Float32Array(columns).fill(1 / columns), [columns, 1]);
    const slope = g.mul(g.matmul(g.mul(dOut, z), share), inverse);
    const level = g.mul(g.matmul(dOut, share), inverse);
    return [g.sub(g.sub(g.mul(dOut, inverse), g.mul(z, slope)), level)];
  },
};

const l2Normalise: Operator = {
  shape: (inputs) => {
    const shape = shapeAt(inputs, 0);
    last(shape);
    return [shape, [...shape.slice(0, -1), 1]];
  },
  emit: ({ node, temporary, scalar }) => {
    const x = valueAt(node.inputs, 0).name;
    const [out, length] = [valueAt(node.outputs, 0).name, valueAt(node.outputs, 1).name];
    const bare = temporary();
    return [
      { op: 'ReduceL2', inputs: [x], outputs: [bare], attributes: { axes: { ints: [-1] }, keepdims: { int: 1 } } },
      { op: 'Max', inputs: [bare, scalar(EPSILON)], outputs: [length] },
      { op: 'Div', inputs: [x, length], outputs: [out] },
    ];
  },
  gradient: (g, node, dOut) => {
    const [y, length] = [valueAt(node.outputs, 0), valueAt(node.outputs, 1)];
    return [g.div(g.sub(dOut, g.mul(y, rowDot(g, dOut, y))), length)];
  },
};

type Name = 'matmul' | 'sum' | 'expand' | 'softmaxMatmul' | 'logSumExp' | 'logSumExpProducts' | 'layerNorm' | 'standardise' | 'l2Normalise';

export const REDUCTION: Readonly<Record<Name, Operator>> = { matmul, sum, expand, softmaxMatmul, logSumExp, logSumExpProducts, layerNorm, standardise, l2Normalise };
