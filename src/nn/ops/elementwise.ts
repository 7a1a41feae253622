/** Operators that work number by number. Names in ONNX, and gradients. */
import type { Graph, Node, Operator, Value } from '../graph.ts';
import { MICROSOFT, TYPES } from '../onnx.ts';
import { broadcast, reduceTo, sameShape, shapeAt, valueAt } from './shapes.ts';

type Binary = (g: Graph, dOut: Value, operands: readonly [Value, Value]) => readonly [Value, Value];

const names = (node: Node): { readonly inputs: readonly string[]; readonly outputs: readonly string[] } =>
  ({ inputs: node.inputs.map(({ name }) => name), outputs: node.outputs.map(({ name }) => name) });

const binary = (onnx: string, gradient: Binary): Operator => ({
  shape: (inputs) => [broadcast(shapeAt(inputs, 0), shapeAt(inputs, 1))],
  emit: ({ node }) => [{ op: onnx, ...names(node) }],
  gradient: (g, node, dOut) => {
    const a = valueAt(node.inputs, 0);
    const b = valueAt(node.inputs, 1);
    const [dA, dB] = gradient(g, dOut, [a, b]);
    return [a.data === undefined ? reduceTo(g, dA, a.shape) : undefined, b.data === undefined ? reduceTo(g, dB, b.shape) : undefined];
  },
});

/** The gradient is made from the operand `x` and the result `y`, whichever is cheaper. */
const unary = (onnx: string, gradient: (g: Graph, dOut: Value, at: { readonly x: Value; readonly y: Value }) => Value): Operator => ({
  shape: sameShape,
  emit: ({ node }) => [{ op: onnx, ...names(node) }],
  gradient: (g, node, dOut) => [gradient(g, dOut, { x: valueAt(node.inputs, 0), y: valueAt(node.outputs, 0) })],
});

const one = (g: Graph): Value => g.scalar(1);

type Name = 'add' | 'sub' | 'mul' | 'div' | 'relu' | 'nonZero' | 'sigmoid' | 'tanh' | 'exp' | 'log' | 'softplus' | 'silu';

export const ELEMENTWISE: Readonly<Record<Name, Operator>> = {
  add: binary('Add', (_, dOut) => [dOut, dOut]),
  sub: binary('Sub', (g, dOut) => [dOut, g.scale(dOut, -1)]),
  mul: binary('Mul', (g, dOut, [a, b]) => [g.mul(dOut, b), g.mul(dOut, a)]),
  div: binary('Div', (g, dOut, [a, b]) => {
    const dA = g.div(dOut, b);
    return [dA, g.scale(g.div(g.mul(dA, a), b), -1)];
  }),
  relu: unary('Relu', (g, dOut, { y }) => g.mul(dOut, valueAt(g.apply('nonZero', [y]), 0))),
  /** 1 where there is a number other than 0; only ever part of a gradient, for it is flat almost everywhere. */
  nonZero: {
    shape: sameShape,
    emit: ({ node, temporary }) => {
      const { inputs, outputs } = names(node);
      const truth = temporary();
      return [{ op: 'Cast', inputs, outputs: [truth], attributes: { to: { int: TYPES.bool } } }, { op: 'Cast', inputs: [truth], outputs, attributes: { to: { int: TYPES.float32 } } }];
    },
  },
  sigmoid: unary('Sigmoid', (g, dOut, { y }) => g.mul(dOut, g.mul(y, g.sub(one(g), y)))),
  tanh: unary('Tanh', (g, dOut, { y }) => g.mul(dOut, g.sub(one(g), g.mul(y, y)))),
  exp: unary('Exp', (g, dOut, { y }) => g.mul(dOut, y)),
  log: unary('Log', (g, dOut, { x }) => g.div(dOut, x)),
  softplus: unary('Softplus', (g, dOut, { x }) => g.mul(dOut, g.sigmoid(x))),
  /** x·sigmoid(x); where the gradient s·(1 + x·(1 − s)) = s + y·(1 − s) is wanted the sigmoid is kept, as a second output. */
  silu: {
    shape: (inputs) => [shapeAt(inputs, 0), shapeAt(inputs, 0)],
    emit: ({ node, isRead }) => {
      const x = valueAt(node.inputs, 0).name;
      const [y, s] = [valueAt(node.outputs, 0).name, valueAt(node.outputs, 1).name];
      // One pass over the numbers instead of two: ONNX Runtime's name for x·sigmoid(alpha·x).
      if (!isRead(valueAt(node.outputs, 1))) return [{ op: 'QuickGelu', domain: MICROSOFT, inputs: [x], outputs: [y], attributes: { alpha: { float: 1 } } }];
      return [{ op: 'Sigmoid', inputs: [x], outputs: [s] }, { op: 'Mul', inputs: [x, s], outputs: [y] }];
    },
    gradient: (g, node, dOut) => {
      const [y, s] = [valueAt(node.outputs, 0), valueAt(node.outputs, 1)];
      return [g.mul(dOut, g.add(s, g.mul(y, g.sub(one(g), s))))];
    },
  },
};
