import { expect, test } from 'vitest';
import { ALL_SIGNALS } from '../../../src/core/registry.ts';
import { CHANGES, type Taste } from '../../../src/journey/taste.ts';
import type { State } from '../../../src/platform/state.ts';
import { people } from '../../../src/rankers/pool/people.ts';
import { saysNothing } from '../../../src/models/journey/profile.ts';
import { featuresOf } from '../../support/journey-model.ts';
import { smallNetwork } from '../../support/small-network.ts';
import { itemsOf, put, ranked, stateOf, type Ranked } from '../../support/ranked.ts';

const at = (company: string): Readonly<Record<string, unknown>> => ({ positions: [{ title: 'Something', company: `company:${company}` }] });

/** Ana knows Bo, who knows two who are alike in everything but their vectors, and one who works where Ana works. */
const NETWORK = [
  put('company:acme', { name: 'Acme' }), put('member:ana', { connections: ['member:bo'], ...at('acme') }),
  put('member:bo', { connections: ['member:like', 'member:unlike', 'member:colleague'] }),
  put('member:unlike', {}), put('member:like', {}), put('member:colleague', at('acme')), put('member:stranger', {}),
];
const VECTORS = { 'member:ana': [1, 0], 'member:like': [0.96, 0.28], 'member:unlike': [0.6, 0.8], 'member:colleague': [0.8, 0.6], 'member:stranger': [1, 0] };

/** A model that says this of members, as far as anybody asks the state of one. */
const withVectors = (state: State, by: Readonly<Record<string, readonly number[]>>): State => {
  const vectors = new Float32Array(2 * state.catalog.entities.size());
  for (const [reference, vector] of Object.entries(by)) vectors.set(vector, 2 * state.catalog.find(reference));
  const taste: Taste = {
    model: 'drawn', width: 2, vectors, changed: new Int32Array(1 + CHANGES), read: (_member, _wanted, into) => { into.set([0, 1]); return 'fresh'; },
    basisOf: () => 1, sequenceOf: () => 1, count: () => undefined, counted: () => 0, refresh: () => undefined,
  };
  return { ...state, taste };
};
const scoreOf = (rows: readonly Ranked[], item: string): number => rows.find((row) => row.item === item)?.score ?? 0;

test('of two who have as much in common with the viewer, the one whose vector is like theirs stands above the other', async () => {
  const state = await stateOf(...NETWORK);
  const without = await ranked(state, people, 'ana');
  const rows = await ranked(withVectors(state, VECTORS), people, 'ana');
  const swapped = await ranked(withVectors(state, { ...VECTORS, 'member:like': VECTORS['member:unlike'], 'member:unlike': VECTORS['member:like'] }), people, 'ana');
  const among = (list: readonly Ranked[]): readonly string[] => itemsOf(list).filter((item) => item !== 'member:colleague');
  expect(scoreOf(without, 'member:like')).toBe(scoreOf(without, 'member:unlike'));
  expect([among(rows), among(swapped)]).toEqual([['member:like', 'member:unlike'], ['member:unlike', 'member:like']]);
  expect(scoreOf(rows, 'member:like')).toBeGreaterThan(scoreOf(without, 'member:like'));
  expect(scoreOf(rows, 'member:unlike')).toBeLessThan(scoreOf(without, 'member:unlike'));
});

test('nobody whom something in common has found falls below those whom an adjacent skill alone finds', async () => {
  const state = await stateOf(
    ...NETWORK, put('skill:sql', { name: 'SQL', related: ['skill:postgres'] }), put('skill:postgres', { name: 'Postgres' }),
    put('member:ana', { connections: ['member:bo'], skills: ['SQL'], ...at('acme') }), put('member:skilled', { skills: ['Postgres'] }),
  );
  const far = { ...VECTORS, 'member:unlike': [-1, 0], 'member:like': [1, 0], 'member:colleague': [1, 0] };
  const rows = await ranked(withVectors(state, far), people, 'ana');
  expect(scoreOf(rows, 'member:skilled')).toBeGreaterThan(0);
  expect(scoreOf(rows, 'member:unlike')).toBeGreaterThanOrEqual(scoreOf(rows, 'member:skilled'));
  expect(scoreOf(rows, 'member:unlike')).toBeLessThan(scoreOf(await ranked(state, people, 'ana'), 'member:unlike'));
});

test('profiles that say nothing have no vector to be alike by', async () => {
  expect([saysNothing(featuresOf({ kind: 'member', id: 'a', attributes: { name: 'Ada' } })), saysNothing(featuresOf({ kind: 'member', id: 'a', attributes: { headline: 'Welder' } })), saysNothing(featuresOf({ kind: 'job', id: 'j', attributes: {} }))]).toEqual([true, false, false]);
  const { platform } = await smallNetwork();
  const { catalog, taste } = platform.state;
  const length = (reference: string): number => {
    const width = taste?.width ?? 0;
    return Math.hypot(...(taste?.vectors.subarray(catalog.find(reference) * width, (catalog.find(reference) + 1) * width) ?? []));
  };
  expect([length('member:dee'), length('member:ana')]).toEqual([0, expect.closeTo(1, 3)]);
  await platform.close();
});

test('a vector finds nobody, removes nobody and gives no reason', async () => {
  const state = await stateOf(...NETWORK);
  const why = (rows: readonly Ranked[]): ReadonlyMap<string, unknown> => new Map(rows.map(({ item, reason, actors }) => [item, { reason, actors }]));
  const without = await ranked(state, people, 'ana');
  expect(itemsOf(without).toSorted()).toEqual(['member:colleague', 'member:like', 'member:unlike']);
  // As far apart as vectors can be.
  expect(why(await ranked(withVectors(state, { ...VECTORS, 'member:unlike': [-1, 0], 'member:like': [-1, 0] }), people, 'ana'))).toEqual(why(without));
});

test('without a model, without vectors, and for who withholds profile, activity or sequence, nothing is weighed by vectors', async () => {
  const state = await stateOf(...NETWORK);
  expect(await ranked(withVectors(state, {}), people, 'ana')).toEqual(await ranked(state, people, 'ana'));
  expect(await ranked(withVectors(state, { 'member:ana': [1, 0] }), people, 'ana')).toEqual(await ranked(state, people, 'ana'));
  for (const family of ['profile', 'activity', 'sequence'] as const) {
    const who = { member: 'ana', allowed: { ...ALL_SIGNALS, [family]: false } };
    expect(await ranked(withVectors(state, VECTORS), people, who), family).toEqual(await ranked(state, people, who));
  }
});

test('who has no vector keeps what is in common', async () => {
  const state = await stateOf(...NETWORK);
  const { 'member:unlike': _none, ...others } = VECTORS;
  expect(scoreOf(await ranked(withVectors(state, others), people, 'ana'), 'member:unlike')).toBe(scoreOf(await ranked(state, people, 'ana'), 'member:unlike'));
});
