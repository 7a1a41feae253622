import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { UNASSIGNED, type Parameter, type Subject } from '../../../src/core/context.ts';
import type { MemberId, Millis } from '../../../src/core/ids.ts';
import { readExperiment, type ExperimentInput, type Setting } from '../../../src/experiments/experiment.ts';
import { openExperiments, type Experiments } from '../../../src/experiments/experiments.ts';
import { decodeExperiment, encodeExperiment, experimentRecord, redactExperiment, type ExperimentChange } from '../../../src/experiments/records.ts';
import type { StoredRecord } from '../../../src/log/port.ts';
import { attachSpace, createSpace } from '../../../src/memory/space.ts';

const parameter = (name: string): Parameter<number> => ({ name, about: '', schema: z.number(), default: 0 });
const [SIZE, COLOUR] = [parameter('size'), parameter('colour')];
const SETTING: Setting = { parameters: [SIZE, COLOUR], attributes: ['locale'] };
const VARIANTS: ExperimentInput['variants'] = [{ name: 'a', weight: 0.5, value: 1 }, { name: 'b', weight: 0.5, value: 2 }];
const NOW = 1_764_000_000_000 as Millis;

const stored = (change: ExperimentChange): StoredRecord => ({ ...experimentRecord(change, { now: NOW, recordId: 'r' }), sequence: 0 });
const put = (experiments: Experiments, key: string, input: Partial<ExperimentInput> = {}): void => {
  experiments.apply(stored({ key, experiment: readExperiment(key, { parameter: 'size', variants: VARIANTS, ...input }, SETTING) }));
  experiments.settle();
};
const remove = (experiments: Experiments, key: string): void => { experiments.apply(stored({ key, experiment: null })); experiments.settle(); };
const subject = (member: string): Subject => ({ member, attributes: () => ({}) });

describe('a request', () => {
  test('costs nothing and exposes nobody where no experiment runs', () => {
    const experiments = openExperiments(createSpace(), SETTING);
    expect(experiments.assign(subject('1'))).toBe(UNASSIGNED);
    put(experiments, 'sizes', { status: 'stopped' });
    expect(experiments.assign(subject('1'))).toBe(UNASSIGNED);
    expect(UNASSIGNED.variant(SIZE)).toBe(0);
  });
  test('exposes a member to what was asked for, and to nothing else', () => {
    const experiments = openExperiments(createSpace(), SETTING);
    put(experiments, 'sizes', { overrides: { 1: 'b' } });
    put(experiments, 'colours', { parameter: 'colour', overrides: { 1: 'a' } });
    const assigned = experiments.assign(subject('1'));
    expect(assigned.assignments).toEqual({});
    expect(assigned.variant(SIZE)).toBe(2);
    expect(assigned.variant(SIZE)).toBe(2);
    expect(assigned.assignments).toEqual({ sizes: 'b' });
    expect(assigned.variant(COLOUR)).toBe(1);
    expect(assigned.assignments).toEqual({ sizes: 'b', colours: 'a' });
  });
  test('of a member who is in no experiment has the default, and shows none', () => {
    const experiments = openExperiments(createSpace(), SETTING);
    put(experiments, 'sizes', { coverage: 0 });
    const assigned = experiments.assign(subject('1'));
    expect([assigned.variant({ ...SIZE, default: 7 }), assigned.variant(COLOUR), assigned.assignments]).toEqual([7, 0, {}]);
  });
  test('goes where the member is named, though their bucket is another experiment\'s', () => {
    const experiments = openExperiments(createSpace(), SETTING);
    put(experiments, 'first', { layer: 'l', range: { from: 0, to: 9999 } });
    put(experiments, 'second', { layer: 'l', range: { from: 9999, to: 10_000 }, overrides: { 1: 'b' } });
    const assigned = experiments.assign(subject('1'));
    expect([assigned.variant(SIZE), assigned.assignments]).toEqual([2, { second: 'b' }]);
  });
  test('keeps what it was given when the experiment is stopped meanwhile; the next has the default', () => {
    const experiments = openExperiments(createSpace(), SETTING);
    put(experiments, 'sizes', { overrides: { 1: 'b' } });
    const assigned = experiments.assign(subject('1'));
    put(experiments, 'sizes', { overrides: { 1: 'b' }, status: 'stopped' });
    expect(assigned.variant(SIZE)).toBe(2);
    expect(experiments.assign(subject('1')).variant(SIZE)).toBe(0);
  });
});

describe('the projection', () => {
  test('shows a change to readers with their next refresh', () => {
    const space = createSpace();
    const writer = openExperiments(space, SETTING);
    const readerSpace = attachSpace(space.share());
    const reader = openExperiments(readerSpace, SETTING);
    put(writer, 'sizes', { overrides: { 1: 'b' } });
    expect(reader.assign(subject('1')).variant(SIZE)).toBe(0);
    readerSpace.refresh();
    expect(reader.assign(subject('1')).variant(SIZE)).toBe(2);
    remove(writer, 'sizes');
    readerSpace.refresh();
    expect([reader.assign(subject('1')), reader.all()]).toEqual([UNASSIGNED, []]);
  });
  test('lists experiments by key, with when they were written', () => {
    const experiments = openExperiments(createSpace(), SETTING);
    put(experiments, 'b');
    put(experiments, 'a', { status: 'stopped' });
    expect(experiments.all().map(({ experiment: { key }, updatedAt }) => [key, updatedAt])).toEqual([['a', NOW], ['b', NOW]]);
  });
  test('leaves out an experiment whose parameter is gone, says why, and runs the others', () => {
    const space = createSpace();
    const before = openExperiments(space, SETTING);
    put(before, 'colours', { parameter: 'colour' });
    put(before, 'sizes', { overrides: { 1: 'b' } });
    const after = openExperiments(space, { ...SETTING, parameters: [SIZE] });
    expect(after.get('colours')?.fault).toContain('nothing is called "colour"');
    expect(after.preview('colours', subject('1'))).toBeUndefined();
    expect(after.assign(subject('1')).variant(SIZE)).toBe(2);
  });
  test('previews what a member gets without exposing them', () => {
    const experiments = openExperiments(createSpace(), SETTING);
    put(experiments, 'sizes', { overrides: { 1: 'b' } });
    expect(experiments.preview('sizes', subject('1'))).toMatchObject({ reason: 'OVERRIDE', value: 2, variant: { name: 'b' } });
    put(experiments, 'sizes', { status: 'stopped' });
    expect(experiments.preview('sizes', subject('1'))).toEqual({ reason: 'DISABLED', value: 0, variant: undefined });
    expect(experiments.preview('none', subject('1'))).toBeUndefined();
  });
  test('forgets a member whom it names, and nobody else', () => {
    const experiments = openExperiments(createSpace(), SETTING);
    put(experiments, 'one', { overrides: { ana: 'a', ben: 'b' } });
    put(experiments, 'two', { status: 'stopped', overrides: { ana: 'a' } });
    experiments.forget('ana' as MemberId);
    expect(experiments.get('one')?.experiment.overrides).toEqual({ ben: 'b' });
    expect(experiments.get('two')?.experiment).not.toHaveProperty('overrides');
  });
});

describe('the record of an experiment', () => {
  const layout1 = readFileSync(new URL('../../fixtures/log/experiment-1.bin', import.meta.url));
  const change: ExperimentChange = { key: 'farbe', experiment: {
    key: 'farbe', about: 'Überblick', parameter: 'feedValues', status: 'running', coverage: 0.5, hashVersion: 2, range: { from: 0, to: 5000 }, layer: 'feed', seed: 'farbe',
    variants: [{ name: 'a', weight: 0.5, value: { version: 'values-1', actions: { interact: 1 } } }, { name: 'b', weight: 0.5, value: { version: 'values-2', actions: { interact: 2 } } }],
    condition: { locale: { $in: ['de'] } }, namespace: { name: 'n', from: 0, to: 0.5 }, overrides: { 'мария': 'b' },
  } };
  test('of layout 1, as it was first written, is read for ever', () => {
    expect(decodeExperiment(layout1)).toEqual(change);
    expect(Buffer.from(encodeExperiment(change)).equals(layout1)).toBe(true);
  });
  test('of a newer layout asks for a newer version', () => {
    expect(() => decodeExperiment(Uint8Array.of(2, 123))).toThrow(RangeError);
  });
  test('loses an erased member and nothing else', () => {
    const redacted = redactExperiment(stored(change), 'мария' as MemberId);
    const { overrides: _overrides, ...rest } = change.experiment ?? {};
    expect(redacted === 'keep' || redacted === 'drop' ? redacted : decodeExperiment(redacted.payload)).toEqual({ key: 'farbe', experiment: rest });
    expect(redactExperiment(stored(change), 'ana' as MemberId)).toBe('keep');
    expect(redactExperiment(stored({ key: 'farbe', experiment: null }), 'ana' as MemberId)).toBe('keep');
  });
});
