import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createScorer, createSecondPass, openModelSlot, UNTRAINED } from '../../../src/feed/second-pass.ts';
import { checkValues, DEFAULT_VALUES } from '../../../src/feed/values.ts';
import { createKernels } from '../../../src/kernels/kernels.ts';
import { createSpace } from '../../../src/memory/space.ts';
import { FEATURES } from '../../../src/models/features.ts';
import { INTERACT } from '../../../src/models/learned.ts';

const ROWS = 7;
const number = fc.double({ min: -4, max: 4, noNaN: true });
const head = fc.record({ bias: number, value: fc.oneof(fc.constant(0), number), weights: fc.array(number, { minLength: FEATURES, maxLength: FEATURES }) });
const flat = Array.from({ length: FEATURES }, () => 0);
const table = (...values: readonly number[]) => ({ version: 'made', actions: Object.fromEntries(values.map((value, h) => [`head ${h}`, value])) });
const named = <T>(heads: readonly T[]) => heads.map((one, h) => ({ name: `head ${h}`, ...one }));

describe.each(['wasm', 'plain'] as const)('the second pass on %s', (backend) => {
  const scorer = createScorer(createKernels({ backend }));

  test('gives a row the sum of its heads by the table of values, and never less than nothing', () => {
    fc.assert(fc.property(fc.array(head, { minLength: 1, maxLength: 12 }), fc.array(number, { minLength: ROWS * FEATURES, maxLength: ROWS * FEATURES }), (heads, values) => {
      const features = Float32Array.from(values);
      const model = createSecondPass({ version: 'v', featureSetHash: '', heads: named(heads) }, { scorer, values: table(...heads.map(({ value }) => value)) });
      const scores = new Float32Array(ROWS);
      model.score(features, ROWS, scores);
      for (let row = 0; row < ROWS; row++) expect(scores[row]).toBeCloseTo(Math.max(0, heads.reduce((sum, { value }, h) => sum + value * model.predict(features, row, h), 0)), 4);
    }), { seed: 9, numRuns: 100 });
  });

  test('lets a score that is not a number sink', () => {
    const scores = new Float32Array(1);
    createSecondPass({ version: 'v', featureSetHash: '', heads: [{ name: 'head 0', bias: 0, weights: flat.map(() => 1) }] }, { scorer, values: table(1) }).score(new Float32Array(FEATURES).fill(Number.NaN), 1, scores);
    expect(scores[0]).toBe(-1);
  });

  test('adds the floors of its heads, and leaves out those that the table does not name', () => {
    const scores = new Float32Array(2);
    const heads = [{ bias: 0, floor: 0.5, weights: flat }, { bias: 9, weights: [] }];
    createSecondPass({ version: 'v', featureSetHash: '', heads: named(heads) }, { scorer, values: table(2) }).score(new Float32Array(2 * FEATURES), 2, scores);
    expect([...scores]).toEqual([1.5, 1.5]);
  });

  test('scores by the model that is asked, while another is served too', () => {
    const models = [1, 2, 3].map((count) => createSecondPass({ version: `v${count}`, featureSetHash: '', heads: named(Array.from({ length: count }, () => ({ bias: 0, weights: flat }))) }, { scorer, values: table(1, 1, 1) }));
    for (const at of [0, 1, 0, 2, 1, 0]) {
      const size = 1 + 40 * at;
      const scores = new Float32Array(size);
      models[at]?.score(new Float32Array(size * FEATURES), size, scores);
      expect(scores.every((score) => score === (at + 1) / 2)).toBe(true);
    }
  });
});

describe('a table of values', () => {
  const model = (version: string) => ({ version, featureSetHash: '', heads: [{ name: INTERACT, bias: 0, weights: flat }, { name: 'hide', bias: 0, weights: flat }] });
  const scoreOf = (slot: ReturnType<typeof openModelSlot>, values: typeof DEFAULT_VALUES): number => {
    const scores = new Float32Array(1);
    slot.by(values).score(new Float32Array(FEATURES), 1, scores);
    return scores[0] ?? Number.NaN;
  };

  test('can be another one for each request, and holds for the model that comes next', () => {
    const slot = openModelSlot(createSpace());
    slot.publish(model('one'));
    const mild = { version: 'mild', actions: { [INTERACT]: 1, hide: -0.5 } };
    expect([scoreOf(slot, DEFAULT_VALUES), scoreOf(slot, mild)]).toEqual([0, 0.25]);
    expect(slot.by(mild)).toMatchObject({ version: 'one', values: 'mild' });
    expect(slot.by(mild)).toBe(slot.by(mild));
    slot.publish(model('two'));
    expect(slot.by(mild)).toMatchObject({ version: 'two', values: 'mild' });
  });

  test('gives the rules by hand their order too, before any model is trained', () => {
    const pass = createSecondPass(UNTRAINED);
    const scores = new Float32Array(1);
    pass.score(new Float32Array(FEATURES), 1, scores);
    expect(scores[0]).toBeGreaterThan(0);
  });

  test('names actions that are there, and one of them above nothing', () => {
    expect(() => { checkValues(DEFAULT_VALUES); }).not.toThrow();
    expect(() => { checkValues({ version: 'mine', actions: { [INTERACT]: 1, applaud: 2 } }); }).toThrow('"applaud"');
    expect(() => { checkValues({ version: 'mine', actions: { hide: -1 } }); }).toThrow('nothing above 0');
  });
});
