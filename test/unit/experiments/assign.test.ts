import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Attributes, Parameter, Subject } from '../../../src/core/context.ts';
import { assign, makeReady, type ReadyExperiment } from '../../../src/experiments/assign.ts';
import { assertRoomBeside, readExperiment, type ExperimentInput, type Setting } from '../../../src/experiments/experiment.ts';
import { hash } from '../../../src/experiments/hash.ts';
import { chiSquareTail } from '../../support/chi-square.ts';

const SIZE: Parameter<number> = { name: 'size', about: 'how large', schema: z.number().min(0).max(10), default: 1 };
const RULES: Parameter<{ version: string }> = { name: 'rules', about: 'what holds', schema: z.strictObject({ version: z.string(), most: z.number().optional() }), default: { version: 'rules-1' } };
const SETTING: Setting = { parameters: [SIZE, RULES], attributes: ['locale', 'creator'] };

const HALVES: ExperimentInput['variants'] = [{ name: 'control', weight: 0.5, value: 1 }, { name: 'large', weight: 0.5, value: 2 }];
const read = (changes: Partial<ExperimentInput> = {}, key = 'sizes') => readExperiment(key, { parameter: 'size', variants: HALVES, ...changes }, SETTING);
const ready = (changes: Partial<ExperimentInput> = {}, key?: string): ReadyExperiment => makeReady(read(changes, key), SETTING);
const member = (id: string, attributes: Attributes = {}): Subject => ({ member: id, attributes: () => attributes });
const outcome = (experiment: ReadyExperiment, subject: Subject): readonly [string | undefined, string] => { const { variant, reason } = assign(experiment, subject); return [variant?.name, reason]; };
const IDS = Array.from({ length: 20_000 }, (_, n) => `m${n}`);
const inIt = (experiment: ReadyExperiment): ReadonlyMap<string, string> => new Map(IDS.flatMap((id) => { const { variant } = assign(experiment, member(id)); return variant === undefined ? [] : [[id, variant.name] as const]; }));

describe('an assignment', () => {
  test('is what GrowthBook\'s clients come to for the same experiment', () => {
    const experiment = ready({ seed: 'foo', coverage: 0.99 });
    expect(outcome(experiment, member('1'))).toEqual(['large', 'SPLIT']);
    for (const id of IDS.slice(0, 200)) expect(outcome(experiment, member(id))[0]).toBe(hash('foo', id, 2) < 0.495 ? 'control' : hash('foo', id, 2) >= 0.5 && hash('foo', id, 2) < 0.995 ? 'large' : undefined);
    expect(outcome(ready({ hashVersion: 1 }, 'feature'), member('123'))).toEqual(['large', 'SPLIT']);
  });
  test.each<[string, Partial<ExperimentInput>, string]>([
    ['two halves', {}, '100111010'],
    ['a tenth and the rest', { variants: [0.1, 0.9].map((weight, n) => ({ name: String(n), weight, value: n })) }, '110111011'],
    ['two halves at a coverage of .4', { coverage: 0.4 }, '-00-1-01-'],
    ['three thirds', { variants: [0, 1, 2].map((n) => ({ name: String(n), weight: 1 / 3, value: n })) }, '200212010'],
    ['a namespace that holds member 1', { namespace: { name: 'namespace', from: 0.1, to: 1 } }, '1'],
    ['a part of it that does not', { namespace: { name: 'namespace', from: 0, to: 0.1 } }, '-'],
  ])('is the published one for members 1 to 9 and %s', (_name, changes, published) => {
    const halves = [0, 1].map((n) => ({ name: String(n), weight: 0.5, value: n }));
    const experiment = ready({ hashVersion: 1, variants: halves, ...changes }, 'my-test');
    expect(Array.from(published, (_each, n) => outcome(experiment, member(String(n + 1)))[0] ?? '-').join('')).toBe(published);
  });
  test('is the same whenever it is asked for, and by whomever', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (id, coverage) => {
      expect(outcome(ready({ coverage }), member(id))).toEqual(outcome(ready({ coverage }), member(id)));
    }), { seed: 2, numRuns: 100 });
  });
  test('says why: override, condition, hash, not in it, stopped', () => {
    const experiment = ready({ condition: { locale: 'de' }, overrides: { boss: 'large' }, range: { from: 0, to: 10_000 } });
    expect(outcome(experiment, member('boss'))).toEqual(['large', 'OVERRIDE']);
    expect(outcome(experiment, member('1', { locale: 'de' }))[1]).toBe('TARGETING_MATCH');
    expect(outcome(experiment, member('1', { locale: 'en' }))).toEqual([undefined, 'DEFAULT']);
    expect(outcome(ready(), member('1'))[1]).toBe('SPLIT');
    expect(outcome(ready({ coverage: 0 }), member('1'))).toEqual([undefined, 'DEFAULT']);
    expect(outcome(ready({ status: 'stopped', overrides: { boss: 'large' } }), member('boss'))).toEqual([undefined, 'DISABLED']);
  });
  test('gives the value that the schema of its parameter reads', () => {
    expect(assign(ready({ overrides: { a: 'large' } }), member('a')).variant?.value).toBe(2);
  });
  test('asks for attributes only where a condition is to be met', () => {
    let asked = 0;
    const curious: Subject = { member: '1', attributes: () => { asked++; return {}; } };
    assign(ready(), curious);
    expect(asked).toBe(0);
    assign(ready({ condition: { creator: true } }), curious);
    expect(asked).toBe(1);
  });
  test('follows the weights', () => {
    const counts = [0.2, 0.3, 0.5].map((weight) => ({ weight, count: 0 }));
    const experiment = ready({ variants: counts.map(({ weight }, n) => ({ name: String(n), weight, value: n })) });
    for (const variant of inIt(experiment).values()) { const one = counts[Number(variant)]; if (one !== undefined) one.count++; }
    const statistic = counts.reduce((sum, { weight, count }) => sum + (count - weight * IDS.length) ** 2 / (weight * IDS.length), 0);
    expect(chiSquareTail(statistic, 2)).toBeGreaterThan(0.001);
  });
  test('keeps everybody who is in where they are while coverage grows', () => {
    fc.assert(fc.property(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), fc.constantFrom(...IDS), ([one, other], id) => {
      const before = outcome(ready({ coverage: Math.min(one, other) }), member(id))[0];
      if (before !== undefined) expect(outcome(ready({ coverage: Math.max(one, other) }), member(id))[0]).toBe(before);
    }), { seed: 3, numRuns: 500 });
    expect(inIt(ready({ coverage: 0.1 })).size / IDS.length).toBeCloseTo(0.1, 1);
  });
  test('takes part of a namespace alone, and two parts share nobody', () => {
    const [one, other] = [{ from: 0, to: 0.3 }, { from: 0.3, to: 1 }].map((part) => inIt(ready({ namespace: { name: 'front page', ...part } })));
    expect((one?.size ?? 0) + (other?.size ?? 0)).toBe(IDS.length);
    expect([...one?.keys() ?? []].some((id) => other?.has(id) === true)).toBe(false);
  });
});

describe('layers', () => {
  test('experiments of one layer share no member, whatever their ranges', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 9999 }), fc.constantFrom(...IDS), (cut, id) => {
      const [first, second] = [ready({ layer: 'l', range: { from: 0, to: cut } }, 'a'), ready({ layer: 'l', range: { from: cut, to: 10_000 } }, 'b')];
      expect([first, second].filter((experiment) => assign(experiment, member(id)).variant !== undefined)).toHaveLength(1);
    }), { seed: 5, numRuns: 300 });
  });
  test('half of a layer is half of the members, and its variants divide that half evenly', () => {
    // The layer and the seed have the same name: they must not divide members alike.
    const half = inIt(ready({ layer: 'sizes', range: { from: 0, to: 5000 } }));
    expect(half.size / IDS.length).toBeCloseTo(0.5, 1);
    const large = [...half.values()].filter((variant) => variant === 'large').length;
    expect(chiSquareTail((2 * (large - half.size / 2) ** 2) / (half.size / 2), 1)).toBeGreaterThan(0.001);
  });
  test('experiments of different layers are independent', () => {
    const [first, second] = [inIt(ready({ layer: 'one', range: { from: 0, to: 5000 } }, 'a')), inIt(ready({ layer: 'two', range: { from: 0, to: 5000 } }, 'b'))];
    const both = [...first.keys()].filter((id) => second.has(id)).length;
    const expected = (first.size * second.size) / IDS.length;
    expect(chiSquareTail((both - expected) ** 2 / (expected * 0.5 * 0.5), 1)).toBeGreaterThan(0.001);
  });
  test('running experiments that overlap in a layer are refused, naming both', () => {
    const first = read({ layer: 'l', range: { from: 0, to: 6000 } }, 'first');
    const check = (changes: Partial<ExperimentInput>) => () => { assertRoomBeside(read({ layer: 'l', range: { from: 5999, to: 10_000 }, ...changes }, 'second'), [first]); };
    expect(check({})).toThrow('"second" from 5999 to 10000, "first" from 0 to 6000');
    expect(check({ range: { from: 6000, to: 10_000 } })).not.toThrow();
    expect(check({ status: 'stopped' })).not.toThrow();
  });
  test('one parameter is varied in one layer alone, others in any', () => {
    const first = read({ layer: 'l', range: { from: 0, to: 5000 } }, 'first');
    expect(() => { assertRoomBeside(read({ range: { from: 5000, to: 10_000 } }, 'second'), [first]); }).toThrow('"second" and the running "first" both vary size in different layers');
    const rules = [{ name: 'a', weight: 0.5, value: { version: 'rules-1' } }, { name: 'b', weight: 0.5, value: { version: 'rules-2' } }];
    expect(() => { assertRoomBeside(read({ parameter: 'rules', variants: rules }, 'second'), [first]); }).not.toThrow();
    expect(() => { assertRoomBeside(read({}, 'first'), [first]); }).not.toThrow();
  });
});

describe('an experiment', () => {
  test('fills in what is left out', () => {
    expect(read()).toMatchObject({ key: 'sizes', status: 'running', layer: 'sizes', seed: 'sizes', range: { from: 0, to: 10_000 }, coverage: 1, hashVersion: 2 });
  });
  test.each<[string, Record<string, unknown>, string, string]>([
    ['weights below 1', { variants: [{ name: 'a', weight: 0.5, value: 1 }, { name: 'b', weight: 0.4, value: 1 }] }, 'variants', 'add up to 0.9 and must add up to 1'],
    ['weights above 1', { variants: [{ name: 'a', weight: 0.9, value: 1 }, { name: 'b', weight: 0.4, value: 1 }] }, 'variants', 'add up to 1.3'],
    ['a negative weight', { variants: [{ name: 'a', weight: -0.5, value: 1 }, { name: 'b', weight: 1, value: 1 }] }, 'variants[0].weight', 'at least 0'],
    ['one variant', { variants: [{ name: 'a', weight: 1, value: 1 }] }, 'variants', 'at least 2 entries'],
    ['two variants of one name', { variants: [{ name: 'a', weight: 0.5, value: 1 }, { name: 'a', weight: 0.5, value: 2 }] }, 'variants', 'two variants are called "a"'],
    ['a value that is none', { variants: [{ name: 'a', weight: 0.5, value: 1 }, { name: 'b', weight: 0.5, value: 11 }] }, 'variants', 'the variant "b" is none for size'],
    ['a value left out', { variants: [{ name: 'a', weight: 0.5, value: 1 }, { name: 'b', weight: 0.5 }] }, 'variants[1].value', 'variants[1].value is missing; it must be given'],
    ['an unknown parameter', { parameter: 'colour' }, 'parameter', 'nothing is called "colour" that an experiment could vary; parameters: size, rules'],
    ['a range of nothing', { range: { from: 7, to: 7 } }, 'range', 'holds no bucket'],
    ['a range beyond the layer', { range: { from: 0, to: 10_001 } }, 'range.to', 'at most 10000'],
    ['coverage above 1', { coverage: 1.5 }, 'coverage', 'at most 1'],
    ['a hash that is not published', { hashVersion: 3 }, 'hashVersion', 'hashVersion'],
    ['a namespace of nobody', { namespace: { name: 'n', from: 0.5, to: 0.5 } }, 'namespace', 'holds nobody'],
    ['an override to no variant', { overrides: { ana: 'huge' } }, 'overrides', 'gives the member "ana" the variant "huge"'],
    ['an override of no member', { overrides: { 'member 1': 'large' } }, 'overrides', 'no id of a member'],
    ['an unknown field', { weights: [0.5, 0.5] }, 'weights', 'unknown field "weights"'],
    ['an unknown state', { status: 'paused' }, 'status', '"running", "stopped"'],
    ['a layer with a space', { layer: 'a b' }, 'layer', 'letters, digits'],
  ])('with %s is refused in one sentence', (...[, changes, field, says]) => {
    expect(() => readExperiment('sizes', { parameter: 'size', variants: HALVES, ...changes }, SETTING)).toThrow(expect.objectContaining({ code: 'client/invalidRequest', where: { field }, message: expect.stringContaining(says) as unknown }));
  });
  test('of a key that could not be a path or a column is refused', () => {
    for (const key of ['', 'a b', '__proto__', 'a/b', 'x'.repeat(65)]) expect(() => read({}, key)).toThrow('cannot be the key');
  });
  test('of more bytes than every worker should hold is refused', () => {
    expect(() => read({ overrides: Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`member-${n}`, 'large'])) })).toThrow(expect.objectContaining({ code: 'client/tooLarge' }));
  });
  test('may not give two values one version, for pages say which version they followed', () => {
    const rules = (...values: readonly object[]) => () => readExperiment('r', { parameter: 'rules', variants: values.map((value, n) => ({ name: `v${n}`, weight: 0.5, value })) }, SETTING);
    expect(rules({ version: 'rules-1' }, { version: 'rules-2', most: 2 })).not.toThrow();
    expect(rules({ version: 'rules-1' }, { version: 'rules-1', most: 2 })).toThrow('the default and the variant "v1" have different values of the version "rules-1"');
    expect(rules({ version: 'rules-2', most: 1 }, { version: 'rules-2', most: 2 })).toThrow('the variant "v0" and the variant "v1"');
  });
});
