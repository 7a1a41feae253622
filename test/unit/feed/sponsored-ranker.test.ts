import { expect, test } from 'vitest';
import { DAY } from '../../../src/core/clock.ts';
import { ALL_SIGNALS } from '../../../src/core/registry.ts';
import { sponsoredRanker } from '../../../src/feed/objectives/sponsored-ranker.ts';
import { SPONSORED_DEFAULTS } from '../../../src/feed/objectives/settings.ts';
import type { State } from '../../../src/platform/state.ts';
import { drop, NOW, put, ranked, stateOf, type Ranked } from '../../support/ranked.ts';

const iso = (ago: number): string => new Date(NOW - ago).toISOString();
const campaign = (id: string, item: string, changes: Readonly<Record<string, unknown>>) =>
  put(`campaign:${id}`, { item, pays: 'impressions', bid: 100, budget: 1000, currency: 'EUR', startsAt: iso(DAY), endsAt: iso(-DAY), ...changes });
const ask = async (state: State, profile = true): Promise<readonly Ranked[]> =>
  ranked(state, sponsoredRanker({ campaigns: state.campaigns, options: SPONSORED_DEFAULTS }), { member: 'ana', allowed: { ...ALL_SIGNALS, profile } });

test('of several campaigns of one item the best shows it, alone and at its own worth', async () => {
  const state = await stateOf(put('member:ana', {}), put('article:one', {}), put('article:two', {}),
    campaign('low', 'article:one', { bid: 200 }), campaign('high', 'article:one', { bid: 300 }), campaign('other', 'article:two', { bid: 250 }));
  const rows = await ask(state);
  expect(rows.map(({ item, actors, reason }) => [item, actors, reason])).toEqual([['article:one', ['campaign:high'], 'promoted'], ['article:two', ['campaign:other'], 'promoted']]);
  // A thousand impressions cost the bid, and each is paid for.
  expect(rows[0]?.score).toBeCloseTo(0.3);
});

test('what is gone, not begun, of another currency, or for others is not found', async () => {
  const records = [
    put('member:ana', { skills: ['Sewing'] }), ...['gone', 'early', 'foreign', 'others', 'own'].map((id) => put(`article:${id}`, {})), put('skill:sewing', { name: 'Sewing' }), put('skill:welding', { name: 'Welding' }),
    campaign('gone', 'article:gone', {}), campaign('early', 'article:early', { startsAt: iso(-DAY / 2) }), campaign('foreign', 'article:foreign', { currency: 'JPY' }),
    campaign('others', 'article:others', { targeting: { skills: ['Welding'] } }), campaign('own', 'article:own', { targeting: { skills: ['Sewing'] } }),
  ];
  const state = await stateOf(...records, drop('article:gone'));
  expect((await ask(state)).map(({ item }) => item)).toEqual(['article:own']);
  // Who withholds their profile is reached by campaigns for everybody alone.
  expect(await ask(state, false)).toEqual([]);
});

test('nothing is sponsored where there is nothing to sponsor with', async () => {
  const state = await stateOf(put('member:ana', {}), put('article:one', {}), campaign('one', 'article:one', {}));
  expect(await ranked(state, sponsoredRanker(), 'ana')).toEqual([]);
});
