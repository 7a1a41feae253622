import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { createArena, type ParameterSpec } from '../../../src/nn/arena.ts';

const specs: readonly ParameterSpec[] = [
  { name: 'table', shape: [100, 4], init: { kind: 'normal', deviation: 0.02 }, sparse: true },
  { name: 'weight', shape: [4, 2], init: { kind: 'xavier' }, decay: true },
  { name: 'gain', shape: [2], init: { kind: 'ones' } },
  { name: 'bias', shape: [2], init: { kind: 'constant', value: 0.5 } },
  { name: 'start', shape: [], init: { kind: 'zeros' } },
];
const arena = (of = specs, seed = 1) => createArena(of, seededRandom(seed));

describe('an arena', () => {
  test('holds every parameter in one array, dense ones first, and a gradient for those', () => {
    const { values, gradients, layout } = arena();
    expect(layout.map(({ name, offset }) => [name, offset])).toEqual([['weight', 0], ['gain', 8], ['bias', 10], ['start', 12], ['table', 13]]);
    expect([values.length, gradients.length]).toEqual([413, 13]);
  });
  test('hands out views: what is written into one is in the whole', () => {
    const one = arena();
    one.parameter('bias').value[1] = 7;
    one.parameter('bias').gradient[0] = 8;
    expect([one.values[11], one.gradients[10]]).toEqual([7, 8]);
  });
  test('initialises as asked', () => {
    const one = arena();
    expect([...one.parameter('gain').value, ...one.parameter('bias').value, ...one.parameter('start').value]).toEqual([1, 1, 0.5, 0.5, 0]);
    const limit = Math.sqrt(6 / 6);
    expect([...one.parameter('weight').value].every((value) => Math.abs(value) <= limit && value !== 0)).toBe(true);
    const table = one.parameter('table').value;
    expect(Math.sqrt(table.reduce((sum, value) => sum + value * value, 0) / table.length)).toBeCloseTo(0.02, 2);
  });
  test('starts a parameter alike whatever stands beside it, and otherwise with another seed', () => {
    const alone = arena(specs.filter(({ name }) => name === 'table'));
    expect(alone.parameter('table').value).toEqual(arena().parameter('table').value);
    expect(arena(specs, 2).parameter('table').value).not.toEqual(arena().parameter('table').value);
  });
  test('adds whole gradients, and those of rows, dense and sparse alike', () => {
    const [dense, sparse] = [false, true].map((kind) => arena([{ name: 'table', shape: [5, 2], init: { kind: 'zeros' }, sparse: kind }]).parameter('table'));
    for (const table of [dense, sparse]) {
      table?.addRows(Int32Array.of(3, 1, 3), Float32Array.of(1, 2, 3, 4, 5, 6));
      table?.addRows(Int32Array.of(1), Float32Array.of(10, 20));
    }
    expect([...dense?.gradient ?? []]).toEqual([0, 0, 13, 24, 0, 0, 6, 8, 0, 0]);
    expect(sparse?.gradient).toHaveLength(0);
    expect(sparse?.touched()).toEqual({ rows: Int32Array.of(3, 1), values: Float32Array.of(6, 8, 13, 24) });
    dense?.add(new Float32Array(10).fill(1));
    expect(dense?.gradient[2]).toBe(14);
  });
  test('keeps more touched rows than it had room for, and forgets them when cleared', () => {
    const one = arena();
    const table = one.parameter('table');
    const rows = Int32Array.from({ length: 100 }, (_, i) => 99 - i);
    for (let round = 0; round < 2; round++) {
      table.addRows(rows, Float32Array.from({ length: 400 }, (_, i) => i));
      expect(table.touched().rows).toEqual(rows);
      expect(table.touched().values[399]).toBe(399);
      one.parameter('gain').gradient.fill(3);
      one.clearGradients();
      expect(table.touched().rows).toHaveLength(0);
      expect(Math.max(...one.gradients)).toBe(0);
    }
  });
  test('names the parameter when something about it is wrong', () => {
    const of = (spec: Partial<ParameterSpec>) => () => arena([{ name: 'odd', shape: [2, 2], init: { kind: 'zeros' }, ...spec }]);
    expect(of({ shape: [2, 0] })).toThrow('parameter "odd" has shape [2, 0]');
    expect(of({ shape: [2.5] })).toThrow('parameter "odd" has shape [2.5]');
    expect(of({ shape: [3], sparse: true })).toThrow('needs rows and columns');
    expect(of({ shape: [3], init: { kind: 'xavier' } })).toThrow('xavier needs two dimensions');
    expect(() => arena([...specs, ...specs])).toThrow('parameter "table" is declared twice');
    const one = arena();
    expect(() => one.parameter('tabel')).toThrow('"tabel" does not exist; there are weight, gain');
    expect(() => { one.parameter('table').addRows(Int32Array.of(100), new Float32Array(4)); }).toThrow('"table" has rows 0 to 99, and was given a gradient of row 100');
    expect(() => { one.parameter('table').addRows(Int32Array.of(1), new Float32Array(3)); }).toThrow('"table" has rows of 4; 1 of them came with 3 values');
    expect(() => { one.parameter('table').add(new Float32Array(400)); }).toThrow('"table" is sparse');
    expect(() => { one.parameter('weight').add(new Float32Array(7)); }).toThrow('"weight" has 8 values of shape [4, 2], its gradient came with 7');
  });
});
