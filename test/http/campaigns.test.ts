import { describe, expect, test } from 'vitest';
import { HOUR, manualClock, MINUTE } from '../../src/core/clock.ts';
import { trackingId, type MemberId, type Millis, type RequestId } from '../../src/core/ids.ts';
import { DEFAULT_SIGNALS } from '../../src/core/registry.ts';
import { encodeServed, type Sponsored } from '../../src/funnel/served.ts';
import { createBidders } from '../../src/feed/objectives/campaigns.ts';
import { HELD_MS } from '../../src/feed/objectives/spend.ts';
import type { OpenPlatform } from '../../src/platform/open.ts';
import { openTestPlatform, temporaryFolder } from '../support/real-server.ts';

const START = Date.UTC(2026, 5, 1, 12);
const BASE = { item: 'article:a', pays: 'impressions', bid: 1000, budget: 10, currency: 'EUR', startsAt: new Date(START - HOUR).toISOString(), endsAt: new Date(START + HOUR).toISOString() };
const campaign = (id: string, changes: Readonly<Record<string, unknown>> = {}) => ({ kind: 'campaign', id, attributes: { ...BASE, ...changes } });

const bidding = ({ state: { campaigns, catalog } }: OpenPlatform, member: string, options: { readonly now?: number; readonly profile?: boolean } = {}): readonly string[] => {
  const into = createBidders(8);
  campaigns.bidders({ member: catalog.find(`member:${member}`), now: options.now ?? START, profile: options.profile ?? true, currency: 'EUR' }, into);
  return [...into.row.subarray(0, into.size)].map((row) => catalog.entities.name((campaigns.columns.entity[row] ?? 0) - 1).slice('campaign:'.length));
};

/** A page with one sponsored card, as it is recorded. */
const serve = async (platform: OpenPlatform, request: string, { at, ...sponsored }: Sponsored & { readonly at: number }): Promise<void> => {
  platform.record([{
    type: 'served', id: request, at: at as Millis, member: '1' as MemberId, deduplicate: 'never',
    payload: encodeServed({
      layer: 'mixer', surface: 'feed', sort: 'relevance', model: '', weights: '', rules: '', journey: '', featureSet: 0, assignments: {}, consent: DEFAULT_SIGNALS, eligible: 1, eligibleDigest: 0, rankers: [], trace: '{}',
      items: [{ candidate: 0, position: 0, item: 'article:a', ranker: 255, reason: 0, actors: [], propensity: 1, forced: false, scores: [], features: new Float32Array(), value: 0, finalValue: 0, sponsored }],
    }),
  }]);
  await platform.idle();
};
const report = (platform: OpenPlatform, request: string, { at, type, item = 'article:a' }: { readonly at: number; readonly type: 'impression' | 'action'; readonly item?: string }): Promise<unknown> =>
  platform.recordEvents([{ type, id: `${type}-${request}-${item}`, member: 'member:1', item, at: new Date(at).toISOString(), trackingId: trackingId(request as RequestId, 0), ...(type === 'impression' ? { span: 's', visibleMs: 900 } : { action: 'click' }) }], { history: false });

describe('campaigns', () => {
  test('bid for members who match an entry of every list, and for nobody by a profile that may not be used', async () => {
    const platform = await openTestPlatform({ clock: manualClock(START) });
    await platform.putEntities([
      { kind: 'article', id: 'a', attributes: {} }, { kind: 'member', id: '1', attributes: { skills: ['Type  Systems'], place: 'Berlin', company: 'company:x' } }, { kind: 'member', id: '2', attributes: { place: 'berlin' } },
      campaign('all'), campaign('berlin', { targeting: { places: ['Berlin', 'Graz'] } }), campaign('both', { targeting: { skills: ['type systems'], places: ['berlin'] } }),
      campaign('other', { targeting: { skills: ['type systems'], places: ['Oslo'] } }), campaign('company', { targeting: { companies: ['company:x'] } }), campaign('nobody', { targeting: { topics: [] } }),
      campaign('dollars', { currency: 'USD' }), campaign('past', { startsAt: new Date(START - 2 * HOUR).toISOString(), endsAt: new Date(START).toISOString() }),
    ]);
    expect([...bidding(platform, '1')].sort()).toEqual(['all', 'berlin', 'both', 'company']);
    expect([...bidding(platform, '2')].sort()).toEqual(['all', 'berlin']);
    expect(bidding(platform, '1', { profile: false })).toEqual(['all']);
    await platform.putEntities([campaign('berlin', { targeting: { places: ['Oslo'] } })]);
    await platform.deleteEntity('campaign', 'all');
    expect(bidding(platform, '2')).toEqual([]);
    await platform.close();
  });

  test('come by what they bid, and pay for a thousand impressions or for a click', async () => {
    const platform = await openTestPlatform({ clock: manualClock(START) });
    await platform.putEntities([{ kind: 'member', id: '1', attributes: {} }, campaign('thousand', { bid: 3000 }), campaign('click', { pays: 'click', bid: 5, item: 'article:b' }), campaign('rich', { bid: 4000 })]);
    // Of a hundred cards that nobody saw yet one click is expected.
    expect(bidding(platform, '1')).toEqual(['rich', 'thousand', 'click']);
    const { campaigns, catalog } = platform.state;
    expect(campaigns.prices(START)(campaigns.rowOf(catalog.find('campaign:thousand')))).toBe(3);
    expect(campaigns.prices(START)(campaigns.rowOf(catalog.find('campaign:click')))).toBe(5);
    await platform.close();
  });

  test('spend what is reported in time, once a card, for what they pay for; and get back what is not', async () => {
    const clock = manualClock(START);
    const data = temporaryFolder();
    let platform = await openTestPlatform({ clock, data });
    await platform.putEntities([{ kind: 'article', id: 'a', attributes: {} }, { kind: 'member', id: '1', attributes: {} }, campaign('c', { pays: 'click' })]);
    const standing = (): readonly number[] => { const { campaigns, catalog } = platform.state; const row = campaigns.rowOf(catalog.find('campaign:c')); return [campaigns.spend.spent(row), campaigns.spend.left(row)]; };
    for (const request of ['r1', 'r2', 'r3']) await serve(platform, request, { campaign: 'campaign:c', pays: 'click', price: 2, at: START });
    expect(standing()).toEqual([0, 4]);
    await report(platform, 'r1', { at: START, type: 'impression' });
    await report(platform, 'r1', { at: START, type: 'action', item: 'article:other' });
    expect(standing()).toEqual([0, 4]);
    await report(platform, 'r1', { at: START, type: 'action' });
    await platform.recordEvents([{ type: 'action', id: 'again', member: 'member:1', item: 'article:a', at: new Date(START).toISOString(), trackingId: trackingId('r1' as RequestId, 0), action: 'click' }], { history: false });
    expect(standing()).toEqual([2, 4]);
    clock.advance(HELD_MS + MINUTE);
    await serve(platform, 'r4', { campaign: 'campaign:c', pays: 'click', price: 1, at: clock.now() });
    expect(standing()).toEqual([2, 7]);
    await report(platform, 'r2', { at: START, type: 'action' });
    expect(standing()).toEqual([2, 7]);
    await platform.close();
    platform = await openTestPlatform({ clock, data });
    expect(standing()).toEqual([2, 7]);
    await platform.close();
  });

  test('promise in flight no more than is left, and give back what was not served', async () => {
    const platform = await openTestPlatform({ clock: manualClock(START) });
    await platform.putEntities([campaign('c', { budget: 1 })]);
    const { campaigns: { spend, rowOf }, catalog } = platform.state;
    const row = rowOf(catalog.find('campaign:c'));
    expect([1, 2, 3, 4].map(() => spend.reserve(row, 0.3))).toEqual([true, true, true, false]);
    expect(spend.left(row)).toBeCloseTo(0.1, 9);
    spend.release(row, 0.3);
    expect([spend.reserve(row, 0.4), spend.reserve(row, 0.4)]).toEqual([true, false]);
    await platform.close();
  });

  test('leave no word of a member who is erased', async () => {
    const platform = await openTestPlatform({ clock: manualClock(START) });
    await platform.putEntities([{ kind: 'member', id: '1', attributes: { place: 'Zzyzx' } }, { kind: 'member', id: '2', attributes: { place: 'Graz' } }, campaign('c', { targeting: { places: ['Graz'] } })]);
    const isThere = (word: string): boolean => { const view = Buffer.concat([...platform.state.space.share().buffers].filter(([name]) => name.startsWith('targeting.words')).map(([, buffer]) => Buffer.from(new Uint8Array(buffer)))); return view.includes(word); };
    expect(isThere('zzyzx')).toBe(true);
    await platform.erase('1');
    expect([isThere('zzyzx'), isThere('graz')]).toEqual([false, true]);
    expect(bidding(platform, '2')).toEqual(['c']);
    await platform.close();
  });
});
