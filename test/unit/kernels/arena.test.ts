import { describe, expect, test } from 'vitest';
import { createKernels, type Kernels } from '../../../src/kernels/kernels.ts';

const BACKENDS = ['wasm', 'plain'] as const;

describe.each(BACKENDS)('the memory of the %s kernels', (backend) => {
  test('names what it holds, in whole cache lines', () => {
    const kernels = createKernels({ backend });
    const table = kernels.table('items', { rows: 5, width: 3 });
    kernels.dot('near', { table, most: 40 });
    expect(Object.fromEntries(kernels.sizes())).toEqual({ items: 128, 'near.query': 64, 'near.rows': 192, 'near.scores': 192 });
  });

  test('keeps the views of old regions good when it grows', () => {
    const kernels = createKernels({ backend });
    const first = kernels.table('first', { rows: 4, width: 4 });
    const { floats } = first;
    kernels.table('second', { rows: 200_000, width: 16 });
    floats[3] = 7;
    expect(first.floats[3]).toBe(7);
  });

  test('gives released room out again, zeroed, and the name with it', () => {
    const kernels = createKernels({ backend });
    const before = kernels.table('items', { rows: 1000, width: 64 });
    before.floats.fill(5);
    const { address } = before;
    kernels.table('after', { rows: 1, width: 1 });
    before.release();
    const [one, two] = [kernels.table('items', { rows: 400, width: 64 }), kernels.table('more', { rows: 600, width: 64 })];
    expect([one.address, two.address]).toEqual(backend === 'wasm' ? [address, address + 400 * 64 * 4] : [0, 0]);
    expect(one.floats.every((value) => value === 0) && two.floats.every((value) => value === 0)).toBe(true);
  });

  test('joins neighbours that are released one after the other', () => {
    const kernels = createKernels({ backend });
    const parts = ['a', 'b', 'c'].map((name) => kernels.table(name, { rows: 10, width: 16 }));
    const [first] = parts;
    kernels.table('end', { rows: 1, width: 1 });
    for (const index of [0, 2, 1]) parts[index]?.release();
    expect(kernels.table('all', { rows: 30, width: 16 }).address).toBe(first?.address);
  });

  test('lets a table grow again and again, and gives back the room it left', () => {
    const kernels = createKernels({ backend });
    const table = kernels.table('items', { rows: 1, width: 3 });
    for (let row = 0; row < 5000; row++) {
      table.reserve(row + 1);
      table.set(row, [row, row, row]);
    }
    expect(Array.from({ length: 5000 }, (_, row) => table.floats[row * table.stride + 2])).toEqual(Array.from({ length: 5000 }, (_, row) => row));
    expect([...kernels.sizes().keys()]).toEqual(['items']);
  });
});

describe.each(BACKENDS)('a wrong use of the %s kernels', (backend) => {
  const table = (kernels: Kernels) => kernels.table('items', { rows: 10, width: 4 });
  const head = (kernels: Kernels) => kernels.lightHead('head', { table: table(kernels), context: 2, hidden: 3, actions: 5, most: 4 });
  const weights = { product: new Float32Array(12), item: new Float32Array(12), context: new Float32Array(6), bias: new Float32Array(3), out: new Float32Array(15), outBias: new Float32Array(5) };
  const cases: readonly (readonly [string, (kernels: Kernels) => unknown, string])[] = [
    ['more rows than it was made for', (kernels) => { kernels.dot('near', { table: table(kernels), most: 4 }).run(5); }, 'the kernel "near" was asked for 5 rows and was made for 0 to 4: make it with a larger "most"'],
    ['half a row', (kernels) => { kernels.dot('near', { table: table(kernels), most: 4 }).run(1.5); }, 'the kernel "near" was asked for 1.5 rows'],
    ['a row beyond the table', (kernels) => { const dot = kernels.dot('near', { table: table(kernels), most: 4 }); dot.rows.integers.set([0, 9, 10]); dot.run(3); }, 'the kernel "near" was asked for row 10 at place 2, and its table "items" has 10 rows: ask for rows that exist'],
    ['a row before the table', (kernels) => { const dot = kernels.dot('near', { table: table(kernels), most: 4 }); dot.rows.integers[0] = -1; dot.run(1); }, 'row -1 at place 0'],
    ['a range beyond the table', (kernels) => { kernels.dot('near', { table: table(kernels), most: 40 }).range(8, 3); }, 'the kernel "near" was asked for rows 8 to 11'],
    ['a table without width', (kernels) => kernels.table('items', { rows: 1, width: 0 }), 'the width of the table "items" is 0: it must be a whole number, at least 1'],
    ['a vector of another width', (kernels) => { table(kernels).set(0, [1, 2, 3]); }, 'a row for the table "items": 3 values where the shape needs 4'],
    ['a row that the table does not have', (kernels) => { table(kernels).set(10, [1, 2, 3, 4]); }, 'the table "items" has 10 rows and was asked to write row 10: reserve more rows first'],
    ['a name twice', (kernels) => { table(kernels); table(kernels); }, 'the kernels\' memory already has a region "items"'],
    ['weights of another shape', (kernels) => { kernels.layer('mlp', { inputs: 3, outputs: 2, most: 1 }).load(new Float32Array(5), new Float32Array(2)); }, 'the weights of the layer "mlp": 5 values where the shape needs 6'],
    ['an input of another shape', (kernels) => { const one = kernels.layer('one', { inputs: 3, outputs: 2, most: 4 }); kernels.layer('two', { inputs: 3, outputs: 1, most: 4, input: one.output }); }, 'the input of the layer "two": 8 values where the shape needs 12'],
    ['a layer without weights', (kernels) => { kernels.layer('mlp', { inputs: 3, outputs: 2, most: 1 }).run(1); }, 'the layer "mlp" has no weights yet: load them first'],
    ['head weights of another shape', (kernels) => { head(kernels).load({ ...weights, item: new Float32Array(11) }); }, 'the weights of the item of the light head "head", [4, 3]: 11 values where the shape needs 12'],
    ['a head before its member', (kernels) => { const one = head(kernels); one.load(weights); one.run(1); }, 'the light head "head" has no member\'s state for its weights: take one first'],
    ['a head of new weights with the old member', (kernels) => { const one = head(kernels); one.load(weights); one.take(new Float32Array(4)); one.load(weights); one.run(1); }, 'take one first'],
    ['a state of another width', (kernels) => { const one = head(kernels); one.load(weights); one.take(new Float32Array(3)); }, 'a state for the light head "head": 3 values where the shape needs 4'],
    ['a candidate that the table does not have', (kernels) => { const one = head(kernels); one.load(weights); one.take(new Float32Array(4)); one.rows.integers[3] = 10; one.run(4); }, 'the kernel "head" was asked for row 10 at place 3'],
    ['features of another shape', (kernels) => { kernels.logistic('second pass', { features: 3, heads: 2, most: 1 }).load({ weights: new Float32Array(6), bias: new Float32Array(1), values: new Float32Array(2) }); }, 'the bias of the logistic kernel "second pass": 1 values where the shape needs 2'],
  ];
  test.each(cases)('is one clear error: %s', (_what, work, sentence) => {
    expect(() => work(createKernels({ backend }))).toThrow(sentence);
  });
});

test('kernels too large for any memory say so, and the memory stays in use', () => {
  const kernels = createKernels({ backend: 'wasm' });
  expect(() => kernels.table('vast', { rows: 20_000_000, width: 64 })).toThrow('the kernels\' memory has no room for the 5120000000 bytes of "vast"');
  const table = kernels.table('small', { rows: 2, width: 2 });
  table.set(1, [1, 2]);
  expect([...table.floats]).toEqual([0, 0, 0, 0, 1, 2, 0, 0]);
});

test('kernels take WebAssembly where it runs', () => {
  expect(createKernels().backend).toBe('wasm');
});
