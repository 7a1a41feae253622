/** Shape rules that several operators share. */
import type { Graph, Shape, Value } from '../graph.ts';

export const size = (shape: Shape): number => shape.reduce((product, each) => product * each, 1);

/** NumPy's rule: axes are matched from the last; sizes are equal or one of them is 1. */
export const broadcast = (a: Shape, b: Shape): Shape => {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) throw new RangeError(`cannot be broadcast: axis ${String(axis)} has ${String(left)} and ${String(right)}`);
    return Math.max(left, right);
  });
};

/** Axes of a transposition that exchanges the last two. */
export const lastExchanged = (rank: number): readonly number[] => [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2];

/** Sums the gradient of a broadcast result back to the shape of one operand. */
export const reduceTo = (g: Graph, gradient: Value, shape: Shape): Value => {
  const extra = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((each, axis) => (axis < extra || ((shape[axis - extra] ?? 1) === 1 && each !== 1) ? [axis] : []));
  const summed = axes.length === 0 ? gradient : g.sum(gradient, axes);
  return summed.shape.length === shape.length ? summed : g.reshape(summed, shape);
};

export const sameShape = (shapes: readonly Shape[]): readonly Shape[] => {
  const [first] = shapes;
  if (first === undefined) throw new RangeError('needs an input');
  return [first];
};

export const shapeAt = (shapes: readonly Shape[], index: number): Shape => {
  const shape = shapes[index];
  if (shape === undefined) throw new RangeError(`needs an input ${String(index + 1)}`);
  return shape;
};

export const valueAt = (values: readonly Value[], index: number): Value => {
  const value = values[index];
  if (value === undefined) throw new RangeError(`has no value ${String(index + 1)}`);
  return value;
};

/** A numeric attribute, or a list of them, by name. */
export const numberOf = (attributes: Readonly<Record<string, number | readonly number[]>>, name: string): number => {
  const value = attributes[name];
  if (typeof value !== 'number') throw new RangeError(`needs the number ${name}`);
  return value;
};
export const numbersOf = (attributes: Readonly<Record<string, number | readonly number[]>>, name: string): readonly number[] => {
  const value = attributes[name];
  if (value === undefined || typeof value === 'number') throw new RangeError(`needs the numbers ${name}`);
  return value;
};
