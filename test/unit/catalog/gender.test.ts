import { expect, test } from 'vitest';
import { genderOf } from '../../../src/catalog/catalog.ts';
import type { MemberId } from '../../../src/core/ids.ts';
import { drop, put, stateOf } from '../../support/ranked.ts';

test('a grammatical gender is what a member states last, and goes with them', async () => {
  const gender = (state: Awaited<ReturnType<typeof stateOf>>, id: string): string | undefined => genderOf(state.catalog, state.catalog.find(`member:${id}`));
  const state = await stateOf(
    put('member:sara', { grammaticalGender: 'feminine' }), put('member:ali', { grammaticalGender: 'masculine' }), put('member:kim', {}),
    put('member:back', { grammaticalGender: 'feminine' }), put('member:back', {}), put('member:gone', { grammaticalGender: 'masculine' }), drop('member:gone'),
  );
  expect(['sara', 'ali', 'kim', 'back', 'gone', 'nobody'].map((id) => gender(state, id))).toEqual(['feminine', 'masculine', undefined, undefined, undefined, undefined]);
  const sara = state.catalog.find('member:sara');
  state.forget('sara' as MemberId);
  expect(state.catalog.items.columns.gender[sara]).toBe(0);
});
