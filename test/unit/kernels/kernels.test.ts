import { describe, expect, test } from 'vitest';
import { normal, seededRandom, type Random } from '../../../src/core/random.ts';
import { createKernels, type Kernels } from '../../../src/kernels/kernels.ts';
import { ACTIVATIONS } from '../../../src/kernels/plain.ts';

const floats = (random: Random, count: number, scale = 1): Float32Array => Float32Array.from({ length: count }, () => scale * normal(random));
const upTo = (random: Random, count: number): number => Math.floor(random.next() * (count + 1));
const both = (): readonly Kernels[] => [createKernels({ backend: 'wasm' }), createKernels({ backend: 'plain' })];

/** Largest difference relative to the size of the numbers, NaN against NaN being none. */
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const [x = Number.NaN, y = Number.NaN] = [a[i], b[i]];
    if (Object.is(x, y) || (Number.isNaN(x) && Number.isNaN(y))) continue;
    worst = Math.max(worst, Math.abs(x - y) / Math.max(1, Math.abs(y)), Number.isNaN(x) !== Number.isNaN(y) ? Infinity : 0);
  }
  return worst;
};

/** Runs the same work on both backends and holds the results against each other and, where given, against sums written out here. */
const check = (work: (kernels: Kernels) => Float32Array, expected?: ArrayLike<number>): void => {
  const [wasm = new Float32Array(1), plain = new Float32Array(2)] = both().map(work);
  expect(distance(wasm, plain)).toBeLessThan(2e-5);
  if (expected !== undefined) expect(distance(wasm, expected)).toBeLessThan(2e-5);
};

/** x [n, k] · w [k, m] + b, the plain way. */
const affine = (x: Float32Array, w: Float32Array, b: Float32Array): number[] => {
  const m = b.length;
  const k = w.length / m;
  return Array.from({ length: (x.length / k) * m }, (_, at) => {
    const [row, column] = [Math.floor(at / m), at % m];
    let sum = b[column] ?? 0;
    for (let i = 0; i < k; i++) sum += (x[row * k + i] ?? 0) * (w[i * m + column] ?? 0);
    return sum;
  });
};
const relu = (x: number): number => Math.max(0, x);
const silu = (x: number): number => x / (1 + Math.exp(-x));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const SHAPES = Array.from({ length: 40 }, (_, seed) => seed);

describe('dot', () => {
  test.each(SHAPES)('gives every named row its product with the query, whatever the width and the number of rows (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const [rows, width, n] = [1 + upTo(random, 40), 1 + upTo(random, 70), upTo(random, 21)];
    const vectors = floats(random, rows * width);
    const query = floats(random, width);
    const named = Int32Array.from({ length: n }, () => Math.floor(random.next() * rows));
    check((kernels) => {
      const table = kernels.table('items', { rows, width });
      for (let row = 0; row < rows; row++) table.set(row, vectors.subarray(row * width, (row + 1) * width));
      const dot = kernels.dot('dot', { table, most: 21 });
      dot.query.floats.set(query);
      dot.rows.integers.set(named);
      dot.run(n);
      return dot.scores.floats.slice(0, n);
    }, Array.from(named, (row) => affine(vectors.subarray(row * width, (row + 1) * width), query, new Float32Array(1))[0] ?? 0));
  });

  test('scores a range of rows as it scores the same rows by name, bit for bit', () => {
    const random = seededRandom(7);
    const [kernels = createKernels()] = both();
    const table = kernels.table('items', { rows: 50, width: 13 });
    for (let row = 0; row < 50; row++) table.set(row, floats(random, 13));
    const dot = kernels.dot('dot', { table, most: 50 });
    dot.query.floats.set(floats(random, 13));
    for (let i = 0; i < 41; i++) dot.rows.integers[i] = 9 + i;
    dot.run(41);
    const named = dot.scores.floats.slice(0, 41);
    dot.range(9, 41);
    expect(dot.scores.floats.slice(0, 41)).toEqual(named);
  });

  test('scores a row alike wherever it stands among the candidates', () => {
    const random = seededRandom(8);
    const kernels = createKernels({ backend: 'wasm' });
    const table = kernels.table('items', { rows: 3, width: 31 });
    for (let row = 0; row < 3; row++) table.set(row, floats(random, 31));
    const dot = kernels.dot('dot', { table, most: 11 });
    dot.query.floats.set(floats(random, 31));
    dot.rows.integers.set([0, 1, 2, 0, 1, 2, 2, 1, 0, 1, 2]);
    dot.run(11);
    for (let i = 0; i < 11; i++) expect(dot.scores.floats[i]).toBe(dot.scores.floats[dot.rows.integers[i] ?? 0]);
  });

  test('passes on what is not a number, to the rows it concerns and no other', () => {
    check((kernels) => {
      const table = kernels.table('items', { rows: 6, width: 5 });
      for (let row = 0; row < 6; row++) table.set(row, row === 4 ? [1, Number.NaN, 1, 1, 1] : [row, 1, 1, 1, 1]);
      const dot = kernels.dot('dot', { table, most: 6 });
      dot.query.floats.fill(1);
      dot.range(0, 6);
      return dot.scores.floats.slice();
    }, [4, 5, 6, 7, Number.NaN, 9]);
  });

  test('reads a table that has grown, its rows kept and the new ones zero', () => {
    check((kernels) => {
      const table = kernels.table('items', { rows: 1, width: 2 });
      const dot = kernels.dot('dot', { table, most: 3 });
      table.set(0, [3, 4]);
      table.reserve(50_000);
      table.set(49_999, [1, 1]);
      dot.query.floats.set([1, 10]);
      dot.rows.integers.set([0, 1, 49_999]);
      dot.run(3);
      return dot.scores.floats.slice();
    }, [43, 0, 11]);
  });
});

describe('top', () => {
  test.each(SHAPES)('finds the highest scores, equal ones in their order, without what is not a number (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const n = upTo(random, 60);
    const most = 1 + upTo(random, 24);
    // Few different scores, so that many are equal.
    const scores = Float32Array.from({ length: n }, () => (random.next() < 0.1 ? Number.NaN : random.next() < 0.05 ? -Infinity : upTo(random, 12) - 6));
    const expected = Array.from(scores, (score, place) => ({ score, place })).filter(({ score }) => !Number.isNaN(score))
      .sort((a, b) => (a.score === b.score ? a.place - b.place : b.score - a.score)).slice(0, most);
    for (const kernels of both()) {
      const table = kernels.table('items', { rows: 60, width: 1 });
      const dot = kernels.dot('dot', { table, most: 60 });
      const top = kernels.top('top', { of: dot.scores, most });
      dot.scores.floats.set(scores);
      const found = top.run(n);
      expect([...top.places.integers.subarray(0, found)]).toEqual(expected.map(({ place }) => place));
      expect([...top.scores.floats.subarray(0, found)]).toEqual(expected.map(({ score }) => score));
    }
  });
});

describe('a layer', () => {
  test.each(SHAPES)('multiplies, adds and activates, whatever its shape (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const [n, k, m] = [upTo(random, 19), 1 + upTo(random, 40), 1 + upTo(random, 27)];
    const activation = ACTIVATIONS[seed % 3] ?? 'none';
    const [x, w, b] = [floats(random, n * k), floats(random, k * m), floats(random, m, 3)];
    const act = { none: (value: number) => value, relu, silu }[activation];
    check((kernels) => {
      const layer = kernels.layer('layer', { inputs: k, outputs: m, activation, most: 19 });
      layer.load(w, b);
      layer.input.floats.set(x);
      layer.run(n);
      return layer.output.floats.slice(0, n * m);
    }, affine(x, w, b).map(act));
  });

  test('feeds the next one from its output', () => {
    const random = seededRandom(3);
    const [x, w1, b1, w2, b2] = [floats(random, 7 * 5), floats(random, 5 * 9), floats(random, 9), floats(random, 9), floats(random, 1)];
    check((kernels) => {
      const first = kernels.layer('first', { inputs: 5, outputs: 9, activation: 'relu', most: 7 });
      const second = kernels.layer('second', { inputs: 9, outputs: 1, most: 7, input: first.output });
      first.load(w1, b1);
      second.load(w2, b2);
      first.input.floats.set(x);
      first.run(7);
      second.run(7);
      return second.output.floats.slice();
    }, affine(Float32Array.from(affine(x, w1, b1), relu), w2, b2));
  });

  test('activates large values without overflow', () => {
    check((kernels) => {
      const layer = kernels.layer('layer', { inputs: 1, outputs: 1, activation: 'silu', most: 6 });
      layer.load(Float32Array.of(1), Float32Array.of(0));
      layer.input.floats.set([-1000, -90, -1, 0, 90, 1e30]);
      layer.run(6);
      return layer.output.floats.slice();
    }, [0, 0, silu(-1), 0, 90, Math.fround(1e30)]);
  });

  test.each(ACTIVATIONS)('passes on what is not a number through %s, to the rows it concerns and no other', (activation) => {
    check((kernels) => {
      const layer = kernels.layer('layer', { inputs: 2, outputs: 3, activation, most: 5 });
      layer.load(Float32Array.of(1, 0, 0, 0, 1, 0), Float32Array.of(0, 0, 0));
      layer.input.floats.set([0, 0, Number.NaN, 0, 0, 0, 0, 0, 0, 0]);
      layer.run(5);
      return layer.output.floats.slice();
    }, Array.from({ length: 15 }, (_, i) => (i >= 3 && i < 6 ? Number.NaN : 0)));
  });
});

describe('the light head', () => {
  test.each(SHAPES)('is the perceptron over [state, state × item, item, context], whatever its shape (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const [rows, n, d, c, h, a] = [1 + upTo(random, 30), upTo(random, 17), 1 + upTo(random, 20), upTo(random, 7), 1 + upTo(random, 20), 1 + upTo(random, 10)];
    const activation = seed % 2 === 0 ? 'relu' : 'silu';
    const withState = seed % 3 !== 0;
    const vectors = floats(random, rows * d);
    const named = Int32Array.from({ length: n }, () => Math.floor(random.next() * rows));
    const context = floats(random, n * c);
    const weights = { product: floats(random, d * h, 0.3), item: floats(random, d * h, 0.3), context: floats(random, c * h, 0.3), bias: floats(random, h), out: floats(random, h * a, 0.3), outBias: floats(random, a) };
    const alone = withState ? floats(random, d * h, 0.3) : new Float32Array(d * h);
    const states = [floats(random, d), floats(random, d)];
    const expected = states.flatMap((state) => {
      const x = Float32Array.from([...named].flatMap((row, i) => {
        const item = [...vectors.subarray(row * d, (row + 1) * d)];
        return [...state, ...item.map((value, j) => value * (state[j] ?? 0)), ...item, ...context.subarray(i * c, (i + 1) * c)];
      }));
      const first = Float32Array.from([...alone, ...weights.product, ...weights.item, ...weights.context]);
      return affine(Float32Array.from(affine(x, first, weights.bias), activation === 'relu' ? relu : silu), weights.out, weights.outBias);
    });
    check((kernels) => {
      const table = kernels.table('items', { rows, width: d });
      for (let row = 0; row < rows; row++) table.set(row, vectors.subarray(row * d, (row + 1) * d));
      const head = kernels.lightHead('head', { table, context: c, hidden: h, actions: a, activation, most: 17 });
      head.load(withState ? { ...weights, state: alone } : weights);
      head.rows.integers.set(named);
      head.context.floats.set(context);
      return Float32Array.from(states.flatMap((state) => {
        head.take(state);
        head.run(n);
        return [...head.logits.floats.subarray(0, n * a)];
      }));
    }, expected);
  });

  test('takes up other weights, and forgets those of the state where the new ones have none', () => {
    const ones = (count: number): Float32Array => new Float32Array(count).fill(1);
    check((kernels) => {
      const table = kernels.table('items', { rows: 1, width: 2 });
      table.set(0, [1, 2]);
      const head = kernels.lightHead('head', { table, context: 0, hidden: 1, actions: 1, most: 1 });
      const rest = { product: ones(2), item: ones(2), context: ones(0), bias: ones(1), out: ones(1), outBias: ones(1) };
      return Float32Array.from([{ ...rest, state: ones(2) }, rest].map((weights) => {
        head.load(weights);
        head.take(Float32Array.of(10, 20));
        head.run(1);
        return head.logits.floats[0] ?? 0;
      }));
    }, [10 + 20 + 10 + 40 + 1 + 2 + 1 + 1, 10 + 40 + 1 + 2 + 1 + 1]);
  });
});

describe('sums of rows', () => {
  test.each(SHAPES)('add a multiple of a row of one table to a row of another, whatever their width (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const [width, n, factor] = [1 + upTo(random, 40), upTo(random, 9), normal(random)];
    const [left, right] = [floats(random, 4 * width), floats(random, 6 * width)];
    const pairs = Array.from({ length: n }, () => [upTo(random, 3), upTo(random, 5)] as const);
    check((kernels) => {
      const [a, b] = [kernels.table('a', { rows: 4, width }), kernels.table('b', { rows: 6, width })];
      const { rowsA, rowsB, sums, run } = kernels.rowSums('sums', { a, b, factor, most: 9 });
      for (let row = 0; row < 4; row++) a.set(row, left.subarray(row * width, (row + 1) * width));
      for (let row = 0; row < 6; row++) b.set(row, right.subarray(row * width, (row + 1) * width));
      // A table may move when it grows.
      b.reserve(5000);
      rowsA.integers.set(pairs.map(([row]) => row));
      rowsB.integers.set(pairs.map(([, row]) => row));
      run(n);
      return Float32Array.from(pairs.flatMap((_, i) => [...sums.floats.subarray(i * a.stride, i * a.stride + width)]));
    }, pairs.flatMap(([a, b]) => Array.from({ length: width }, (_, i) => (left[a * width + i] ?? 0) + factor * (right[b * width + i] ?? 0))));
  });

  test('name a row that is not there, and refuse tables of two widths', () => {
    for (const kernels of both()) {
      const [a, b] = [kernels.table('a', { rows: 2, width: 3 }), kernels.table('b', { rows: 1, width: 3 })];
      const { rowsA, rowsB, run } = kernels.rowSums('sums', { a, b, factor: 1, most: 2 });
      rowsA.integers.set([0, 2]);
      expect(() => { run(2); }).toThrow('row 2 at place 1, and its table "a" has 2 rows');
      rowsA.integers.set([1, 1]);
      rowsB.integers.set([0, -1]);
      expect(() => { run(2); }).toThrow('row -1 at place 1, and its table "b" has 1 rows');
      expect(() => { run(3); }).toThrow('asked for 3 rows');
      expect(() => kernels.rowSums('others', { a, b: kernels.table('c', { rows: 1, width: 4 }), factor: 1, most: 1 })).toThrow('"a" and "c", 3 and 4 wide');
    }
  });
});

describe('means of rows', () => {
  test.each(SHAPES)('are those of the rows in each bag, 0 being none, whatever their width (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const [width, n, bag] = [1 + upTo(random, 40), upTo(random, 9), 1 + upTo(random, 6)];
    const rows = floats(random, 8 * width);
    const bags = Int32Array.from({ length: n * bag }, () => (seed % 5 === 0 ? 0 : upTo(random, 7)));
    const expected = Array.from({ length: n * width }, (_, at) => {
      const named = [...bags.subarray(Math.floor(at / width) * bag, (Math.floor(at / width) + 1) * bag)].filter((row) => row !== 0);
      return named.reduce((sum, row) => sum + (rows[row * width + at % width] ?? 0) / named.length, 0);
    });
    check((kernels) => {
      const table = kernels.table('table', { rows: 8, width });
      const kernel = kernels.rowMeans('means', { table, bag, most: 9 });
      for (let row = 0; row < 8; row++) table.set(row, rows.subarray(row * width, (row + 1) * width));
      // What was there before is not added to.
      kernel.bags.integers.fill(7);
      kernel.run(9);
      kernel.bags.integers.set(bags);
      kernel.run(n);
      return Float32Array.from(Array.from({ length: n }, (_, i) => [...kernel.means.floats.subarray(i * table.stride, i * table.stride + width)]).flat());
    }, expected);
  });

  test('name a row that is not there', () => {
    for (const kernels of both()) {
      const kernel = kernels.rowMeans('means', { table: kernels.table('table', { rows: 4, width: 3 }), bag: 2, most: 2 });
      kernel.bags.integers.set([3, 0, 1, 4]);
      expect(() => { kernel.run(2); }).toThrow('row 4 at place 3, and its table "table" has 4 rows');
      expect(() => { kernel.run(3); }).toThrow('asked for 3 rows');
    }
  });
});

describe('logistic regression', () => {
  test.each(SHAPES)('adds what each head is worth, whatever the number of heads and features (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const [n, width, heads] = [upTo(random, 19), 1 + upTo(random, 60), upTo(random, 18)];
    const [x, weights, bias, values] = [floats(random, n * width), floats(random, width * heads, 0.3), floats(random, heads), floats(random, heads)];
    const logits = heads === 0 ? [] : affine(x, weights, bias);
    check((kernels) => {
      const logistic = kernels.logistic('logistic', { features: width, heads, most: 19 });
      logistic.load({ weights, bias, values });
      logistic.features.floats.set(x);
      logistic.run(n);
      return logistic.values.floats.slice(0, n);
    }, Array.from({ length: n }, (_, row) => values.reduce((sum, value, head) => sum + value * sigmoid(logits[row * heads + head] ?? 0), 0)));
  });
});
