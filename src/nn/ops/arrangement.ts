/** Operators that move numbers and compute none. */
import type { Operator, Shape } from '../graph.ts';
import { numberOf, numbersOf, shapeAt, size, valueAt } from './shapes.ts';

const axisOf = (shape: Shape, axis: number): number => {
  const found = shape[axis];
  if (found === undefined) throw new RangeError(`has no axis ${String(axis)}`);
  return found;
};
const withAxis = (shape: Shape, axis: number, length: number): Shape => shape.map((each, index) => (index === axis ? length : each));

const transpose: Operator = {
  shape: ([shape = []], attributes) => {
    const axes = numbersOf(attributes, 'axes');
    if (axes.toSorted((a, b) => a - b).some((axis, index) => axis !== index) || axes.length !== shape.length) throw new RangeError(`cannot be transposed by [${axes.join(', ')}]`);
    return [axes.map((axis) => axisOf(shape, axis))];
  },
  emit: ({ node }) => [{
    op: 'Transpose', inputs: [valueAt(node.inputs, 0).name], outputs: [valueAt(node.outputs, 0).name],
    attributes: { perm: { ints: numbersOf(node.attributes, 'axes') } },
  }],
  gradient: (g, node, dOut) => {
    const axes = numbersOf(node.attributes, 'axes');
    return [g.transpose(dOut, axes.map((_, axis) => axes.indexOf(axis)))];
  },
};

const reshape: Operator = {
  shape: ([shape = []], attributes) => {
    const to = numbersOf(attributes, 'shape');
    if (size(to) !== size(shape)) throw new RangeError(`cannot be reshaped to [${to.join(', ')}]: ${String(size(shape))} numbers against ${String(size(to))}`);
    return [to];
  },
  emit: ({ node, integers }) => [{
    op: 'Reshape', inputs: [valueAt(node.inputs, 0).name, integers(numbersOf(node.attributes, 'shape'))], outputs: [valueAt(node.outputs, 0).name],
  }],
  gradient: (g, node, dOut) => [g.reshape(dOut, valueAt(node.inputs, 0).shape)],
};

const concat: Operator = {
  shape: (inputs, attributes) => {
    const axis = numberOf(attributes, 'axis');
    const first = shapeAt(inputs, 0);
    for (const shape of inputs) {
      if (shape.length !== first.length || shape.some((each, index) => index !== axis && each !== first[index])) throw new RangeError(`cannot be joined along axis ${String(axis)}`);
    }
    return [withAxis(first, axis, inputs.reduce((sum, shape) => sum + axisOf(shape, axis), 0))];
  },
  emit: ({ node }) => [{
    op: 'Concat', inputs: node.inputs.map(({ name }) => name), outputs: [valueAt(node.outputs, 0).name],
    attributes: { axis: { int: numberOf(node.attributes, 'axis') } },
  }],
  gradient: (g, node, dOut) => {
    const axis = numberOf(node.attributes, 'axis');
    let from = 0;
    return node.inputs.map(({ shape }) => {
      const to = from + axisOf(shape, axis);
      const part = g.slice(dOut, axis, [from, to]);
      from = to;
      return part;
    });
  },
};

const slice: Operator = {
  shape: ([shape = []], attributes) => {
    const [axis, from, to] = [numberOf(attributes, 'axis'), numberOf(attributes, 'from'), numberOf(attributes, 'to')];
    if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= axisOf(shape, axis))) throw new RangeError(`has no range ${String(from)} to ${String(to)} on axis ${String(axis)}`);
    return [withAxis(shape, axis, to - from)];
  },
  emit: ({ node, integers }) => {
    const { attributes } = node;
    const bounds = ['from', 'to', 'axis'].map((name) => integers([numberOf(attributes, name)]));
    return [{ op: 'Slice', inputs: [valueAt(node.inputs, 0).name, ...bounds], outputs: [valueAt(node.outputs, 0).name] }];
  },
  gradient: (g, node, dOut) => {
    const [axis, from, to] = [numberOf(node.attributes, 'axis'), numberOf(node.attributes, 'from'), numberOf(node.attributes, 'to')];
    return [valueAt(g.apply('pad', [dOut], { axis, before: from, after: axisOf(valueAt(node.inputs, 0).shape, axis) - to }), 0)];
  },
};

/** Zeros before and after along one axis: the gradient of a slice. */
const pad: Operator = {
  shape: ([shape = []], attributes) => {
    const axis = numberOf(attributes, 'axis');
    return [withAxis(shape, axis, axisOf(shape, axis) + numberOf(attributes, 'before') + numberOf(attributes, 'after'))];
  },
  emit: ({ node, integers }) => {
    const input = valueAt(node.inputs, 0);
    const axis = numberOf(node.attributes, 'axis');
    const only = (value: number): readonly number[] => input.shape.map((_, index) => (index === axis ? value : 0));
    const amounts = [...only(numberOf(node.attributes, 'before')), ...only(numberOf(node.attributes, 'after'))];
    return [{ op: 'Pad', inputs: [input.name, integers(amounts)], outputs: [valueAt(node.outputs, 0).name] }];
  },
  gradient: (g, node, dOut) => {
    const axis = numberOf(node.attributes, 'axis');
    const from = numberOf(node.attributes, 'before');
    return [g.slice(dOut, axis, [from, from + axisOf(valueAt(node.inputs, 0).shape, axis)])];
  },
};

/** No gradient flows into the table here: scatter of rows is cheaper outside the graph, and sparse by nature. */
const gather: Operator = {
  shape: (inputs) => [[...shapeAt(inputs, 1), ...shapeAt(inputs, 0).slice(1)]],
  emit: ({ node }) => [{ op: 'Gather', inputs: node.inputs.map(({ name }) => name), outputs: [valueAt(node.outputs, 0).name], attributes: { axis: { int: 0 } } }],
};

export const ARRANGEMENT: Readonly<Record<'transpose' | 'reshape' | 'concat' | 'slice' | 'pad' | 'gather', Operator>> = { transpose, reshape, concat, slice, pad, gather };
