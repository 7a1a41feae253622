import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/core/random.ts';
import { checkGradients } from '../../../src/nn/check.ts';
import { gradients } from '../../../src/nn/gradients.ts';
import { createGraph, type Graph, type Value } from '../../../src/nn/graph.ts';
import { OPERATORS, type OperatorName } from '../../../src/nn/ops/index.ts';
import { compile, type Feed } from '../../../src/nn/session.ts';

const random = seededRandom(7);
const numbers = (length: number): Float32Array => Float32Array.from({ length }, () => normal(random));
/** Away from zero, so that a difference does not cross a kink, and positive, so that logarithms exist. */
const positive = (length: number): Float32Array => numbers(length).map((x) => Math.abs(x) + 0.5);

interface Case { readonly shapes: readonly (readonly number[])[]; readonly positive?: boolean; build(g: Graph, inputs: readonly Value[]): Value }
const at = (inputs: readonly Value[], index: number): Value => {
  const value = inputs[index];
  if (value === undefined) throw new RangeError('no such input');
  return value;
};
const CASES: Readonly<Record<OperatorName, readonly Case[]>> = {
  add: [{ shapes: [[2, 3], [3]], build: (g, v) => g.add(at(v, 0), at(v, 1)) }, { shapes: [[2, 1, 3], [4, 1]], build: (g, v) => g.add(at(v, 0), at(v, 1)) }],
  sub: [{ shapes: [[2, 3], [2, 1]], build: (g, v) => g.sub(at(v, 0), at(v, 1)) }],
  mul: [{ shapes: [[2, 3], []], build: (g, v) => g.mul(at(v, 0), at(v, 1)) }, { shapes: [[2, 3], [2, 3]], build: (g, v) => g.mul(at(v, 0), at(v, 1)) }],
  div: [{ shapes: [[2, 3], [3]], positive: true, build: (g, v) => g.div(at(v, 0), at(v, 1)) }],
  relu: [{ shapes: [[2, 5]], positive: true, build: (g, v) => g.sub(g.relu(at(v, 0)), g.relu(g.scale(at(v, 0), -1))) }],
  nonZero: [],
  sigmoid: [{ shapes: [[2, 3]], build: (g, v) => g.sigmoid(at(v, 0)) }],
  tanh: [{ shapes: [[2, 3]], build: (g, v) => g.tanh(at(v, 0)) }],
  exp: [{ shapes: [[2, 3]], build: (g, v) => g.exp(at(v, 0)) }],
  log: [{ shapes: [[2, 3]], positive: true, build: (g, v) => g.log(at(v, 0)) }],
  softplus: [{ shapes: [[2, 3]], build: (g, v) => g.softplus(at(v, 0)) }],
  silu: [{ shapes: [[2, 3]], build: (g, v) => g.silu(at(v, 0)) }],
  transpose: [{ shapes: [[2, 3, 4]], build: (g, v) => g.transpose(at(v, 0), [2, 0, 1]) }],
  reshape: [{ shapes: [[2, 6]], build: (g, v) => g.reshape(at(v, 0), [3, 4]) }],
  concat: [{ shapes: [[2, 3], [2, 1]], build: (g, v) => g.concat([at(v, 0), at(v, 1)], 1) }],
  slice: [
    { shapes: [[2, 5]], build: (g, v) => g.mul(g.slice(at(v, 0), 1, [1, 3]), g.slice(at(v, 0), 1, [2, 4])) },
    { shapes: [[5, 2]], build: (g, v) => g.concat([g.slice(at(v, 0), 0, [3, 5]), g.slice(at(v, 0), 0, [1, 3])], 0) },
    { shapes: [[4, 4]], build: (g, v) => g.mul(g.mul(g.slice(at(v, 0), 0, [0, 2]), g.slice(at(v, 0), 0, [2, 4])), g.mul(g.slice(g.slice(at(v, 0), 0, [0, 3]), 0, [1, 3]), g.reshape(g.slice(at(v, 0), 1, [0, 2]), [2, 4]))) },
  ],
  pad: [{ shapes: [[2, 2]], build: (g, v) => at(g.apply('pad', [at(v, 0)], { axis: 1, before: 1, after: 2 }), 0) }],
  gather: [],
  matmul: [
    { shapes: [[2, 3], [3, 4]], build: (g, v) => g.matmul(at(v, 0), at(v, 1)) },
    { shapes: [[2, 2, 3], [3, 4]], build: (g, v) => g.matmul(at(v, 0), at(v, 1)) },
    { shapes: [[2, 2, 3], [2, 4, 3]], build: (g, v) => g.matmulT(at(v, 0), at(v, 1)) },
    { shapes: [[3, 2], [3, 4]], build: (g, v) => g.matmul(g.transpose(at(v, 0), [1, 0]), at(v, 1)) },
    { shapes: [[3, 2, 4], [5, 2, 4]], build: (g, v) => g.matmulT(g.transpose(at(v, 0), [1, 0, 2]), g.transpose(at(v, 1), [1, 0, 2])) },
    { shapes: [[2, 3], [3, 2, 4]], build: (g, v) => g.matmul(at(v, 0), g.transpose(at(v, 1), [1, 0, 2])) },
    { shapes: [[5, 2, 2, 3], [4, 2, 2, 5]], build: (g, v) => g.matmul(g.transpose(at(v, 1), [1, 2, 0, 3]), g.transpose(at(v, 0), [1, 2, 0, 3])) },
  ],
  sum: [{ shapes: [[2, 3, 2]], build: (g, v) => g.mul(g.sum(at(v, 0), [0, 2]), at(v, 0)) }],
  expand: [{ shapes: [[2, 1]], build: (g, v) => at(g.apply('expand', [at(v, 0)], { shape: [2, 3] }), 0) }],
  softmaxMatmul: [
    { shapes: [[2, 4], [4, 3]], build: (g, v) => g.softmaxMatmul(at(v, 0), at(v, 1)) },
    { shapes: [[2, 3, 4], [4, 2, 5]], build: (g, v) => g.softmaxMatmul(at(v, 0), g.transpose(at(v, 1), [1, 0, 2])) },
  ],
  logSumExpProducts: [{ shapes: [[3, 4], [5, 4]], build: (g, v) => g.logSumExpProducts(at(v, 0), at(v, 1)) }],
  logSumExp: [{ shapes: [[2, 4]], build: (g, v) => g.logSumExp(at(v, 0)) }],
  layerNorm: [{ shapes: [[2, 2, 4], [4], [4]], build: (g, v) => g.layerNorm(at(v, 0), at(v, 1), at(v, 2)) }],
  standardise: [{ shapes: [[2, 2, 4]], build: (g, v) => g.standardise(at(v, 0)) }],
  l2Normalise: [{ shapes: [[2, 4]], build: (g, v) => g.l2Normalise(at(v, 0)) }],
};
const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** A loss that weighs every number of the result differently, so that no error can cancel out. */
const lossOf = (g: Graph, value: Value): Value => {
  const weighted = g.mul(value, g.constant(numbers(size(value.shape)), value.shape));
  return g.sum(g.reshape(weighted, [size(value.shape)]), [0]);
};

describe('operators', () => {
  it('has a case for every row of the table that has a gradient', () => {
    const without = Object.entries(OPERATORS).filter(([name, { gradient }]) => gradient !== undefined && CASES[name as OperatorName].length === 0);
    expect(without).toEqual([]);
  });

  for (const [name, cases] of Object.entries(CASES)) {
    for (const [index, { shapes, positive: isPositive, build }] of cases.entries()) {
      it(`has the gradient of ${name} that finite differences give (${String(index + 1)})`, async () => {
        const g = createGraph();
        const inputs = shapes.map((shape, i) => g.input(`x${String(i)}`, shape));
        const feeds: Record<string, Feed> = {};
        for (const [i, shape] of shapes.entries()) feeds[`x${String(i)}`] = isPositive === true ? positive(size(shape)) : numbers(size(shape));
        const report = await checkGradients({ g, loss: lossOf(g, build(g, inputs)), wanted: inputs }, feeds);
        expect(report).toHaveLength(shapes.length);
        for (const { worst } of report) expect(worst).toBeLessThan(5e-3);
      });
    }
  }

  it('gives the gradient of gathered rows, to be scattered outside', async () => {
    const g = createGraph();
    const rows = g.gather(g.input('table', [4, 2]), g.input('ids', [3], 'int32'));
    const [gradient] = gradients(g, g.sum(g.mul(rows, rows), [0, 1]), [rows]);
    if (gradient === undefined) throw new RangeError('no gradient');
    const session = await compile({ gradient });
    session.bind('table', Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    session.bind('ids', Int32Array.of(3, 0, 3));
    await session.run();
    expect([...session.outputs.gradient]).toEqual([14, 16, 2, 4, 14, 16]);
  });

  it.each<readonly [string, (g: Graph, x: Value) => Value]>([
    ['silu', (g, x) => g.silu(x)],
    ['layerNorm', (g, x) => g.layerNorm(x, g.constant(numbers(30), [30]), g.constant(numbers(30), [30]))],
  ])('computes the same %s whether or not a gradient wants what comes with it', async (_, build) => {
    const g = createGraph();
    const x = g.input('x', [10, 30]);
    const y = build(g, x);
    const [gradient = y] = gradients(g, lossOf(g, y), [x]);
    const [alone, beside] = [await compile({ y }), await compile({ y, gradient })];
    for (const session of [alone, beside]) {
      session.bind('x', Float32Array.from({ length: 300 }, (__, i) => (i - 150) / 7));
      await session.run();
    }
    expect(Math.hypot(...alone.outputs.y)).toBeGreaterThan(1);
    expect([...alone.outputs.y]).toEqual([...beside.outputs.y]);
  });

  it('refuses shapes that do not fit when the graph is built, naming the operator and its operands', () => {
    const g = createGraph();
    expect(() => g.matmul(g.input('a', [2, 3]), g.input('b', [2, 3]))).toThrow(/matmul\(a \[2, 3\], b \[2, 3\]\) cannot be multiplied/u);
    expect(() => g.add(g.input('c', [2, 3]), g.input('d', [2, 4]))).toThrow(/add\(c \[2, 3\], d \[2, 4\]\) cannot be broadcast/u);
    expect(() => g.reshape(g.input('e', [2, 3]), [5])).toThrow(/6 numbers against 5/u);
    expect(() => g.input('a', [1])).toThrow(/is there already/u);
  });

  it('refuses to bind what does not fill an input', async () => {
    const g = createGraph();
    const session = await compile({ y: g.relu(g.input('x', [2, 3])) });
    expect(() => { session.bind('x', new Float32Array(5)); }).toThrow(/x has the shape \[2, 3\], which 5 numbers do not fill/u);
    expect(() => { session.bind('z', new Float32Array(6)); }).toThrow(/no input z/u);
    await expect(session.run()).rejects.toThrow(/Nothing is bound to the input x/u);
  });
});
