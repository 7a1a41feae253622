import { describe, expect, test } from 'vitest';
import { manualClock, MINUTE } from '../../src/core/clock.ts';
import { ALL_SIGNALS, type SignalFamilies } from '../../src/core/registry.ts';
import { decodeServed, type ServedItem } from '../../src/funnel/served.ts';
import { createSequenceColumns } from '../../src/journey/sequences.ts';
import { FEATURE_NAMES, GROUPS } from '../../src/models/features.ts';
import type { OpenPlatform } from '../../src/platform/open.ts';
import { publishJourney } from '../support/journey-model.ts';
import { openTestPlatform, page, temporaryFolder } from '../support/real-server.ts';

const START = Date.UTC(2026, 5, 1, 12);
const at = new Date(START - MINUTE).toISOString();

const others = ['ana', 'ben', 'cy'];
const ENTITIES: readonly unknown[] = [
  { kind: 'company', id: 'acme', attributes: { name: 'Acme', topics: ['topic 1'] } },
  ...others.map((id) => ({ kind: 'member', id, attributes: { name: id, connections: others.filter((other) => other !== id).map((other) => `member:${other}`) } })),
  ...Array.from({ length: 40 }, (_, n) => ({ kind: 'article', id: `a${n}`, createdAt: new Date(START - n * 20 * MINUTE).toISOString(), attributes: { topics: [`topic ${n % 4}`], author: n % 3 === 0 ? 'company:acme' : 'member:ana' } })),
  ...Array.from({ length: 10 }, (_, n) => ({ kind: 'job', id: `j${n}`, createdAt: new Date(START - n * 30 * MINUTE).toISOString(), attributes: { title: `Job ${n}`, skills: [`skill ${n % 3}`], company: 'company:acme' } })),
];
const crowd = (): unknown[] => Array.from({ length: 40 }, (_, n) => ({ type: 'action', id: `crowd-${n}`, member: `member:${others[n % 3] ?? ''}`, item: `article:a${(n * 7) % 40}`, at, action: n % 2 === 0 ? 'click' : 'like' }));

/** What the viewer does: clicks, likes and shares of some items, with impressions; what they do not want is left out (an instruction, not a signal). */
const behaviour = (taste: number): unknown[] => Array.from({ length: 25 }, (_, n) => {
  const item = `article:a${(n * taste + taste) % 40}`;
  return n % 3 === 0 ? { type: 'impression', id: `i${taste}-${n}`, member: 'member:viewer', item, at, trackingId: 'none-0', span: `s${n}`, visibleMs: 900 }
    : { type: 'action', id: `b${taste}-${n}`, member: 'member:viewer', item, at, action: ['click', 'like', 'share', 'comment', 'longView', 'save'][n % 6] ?? 'click' };
});
const relations = (whom: readonly string[]): unknown[] => whom.map((item, n) => ({ type: 'action', id: `r${n}-${item}`, member: 'member:viewer', item, at, action: item.startsWith('member:') ? 'connect' : 'follow' }));

interface Story { readonly profile?: Readonly<Record<string, unknown>>; readonly allowed: SignalFamilies; readonly before?: readonly unknown[]; readonly after?: readonly unknown[] }

/** Item by item: what was shown, why, and every frozen feature. */
const tell = async ({ profile, allowed, before, after }: Story): Promise<{ readonly shown: unknown; readonly served: readonly ServedItem[] }> => {
  const data = temporaryFolder();
  // With a journey model, so that nothing of a sequence comes in through its state either.
  await publishJourney(data, { items: Array.from({ length: 40 }, (_, n) => `article:a${n}`) });
  const platform: OpenPlatform = await openTestPlatform({ data, clock: manualClock(START) });
  await platform.putEntities([...ENTITIES, { kind: 'member', id: 'viewer', attributes: profile ?? {} }]);
  await platform.recordEvents([...crowd(), ...before ?? []], { history: false });
  await platform.setConsent('viewer', allowed);
  expect((await platform.recordEvents(after ?? [], { history: false })).rejected).toEqual([]);
  const first = await page(platform, 'viewer', { limit: 30 });
  const rest = await page(platform, 'viewer', { limit: 30, cursor: first.nextCursor });
  await platform.idle();
  const sequence = platform.state.pages.find(first.requestId);
  const { items } = decodeServed((await recordAt(platform, sequence)).payload);
  await platform.close();
  return { shown: [...first.items, ...rest.items].map(({ item, reason, position, card }) => ({ item, reason, position, card })), served: items };
};

const recordAt = async (platform: OpenPlatform, sequence: number): Promise<{ readonly payload: Uint8Array }> => {
  const record = platform.log.get({ partition: 0, sequence });
  if (record === undefined) throw new Error('the page was not recorded');
  return record;
};

const off = (...families: readonly (keyof SignalFamilies)[]): SignalFamilies => ({ ...ALL_SIGNALS, ...Object.fromEntries(families.map((family) => [family, false])) });
const frozen = (items: readonly ServedItem[]): unknown => items.map(({ item, reason, actors, scores, features, value, finalValue }) => ({ item, reason, actors, scores, features: [...features], value, finalValue }));
const columnsOf = (family: string): readonly number[] => GROUPS.flatMap((group) => (group.family === family ? group.names.map((name) => FEATURE_NAMES.indexOf(name)) : []));

describe('with activity and sequence switched off', () => {
  test('a page is the same, to the last feature, whatever the member does', async () => {
    const quiet = await tell({ allowed: off('activity', 'sequence') });
    for (const taste of [3, 7]) {
      const busy = await tell({ allowed: off('activity', 'sequence'), after: behaviour(taste) });
      expect(busy.shown).toEqual(quiet.shown);
      expect(frozen(busy.served)).toEqual(frozen(quiet.served));
    }
  });

  test('the same behaviour does change a page where it is switched on', async () => {
    const quiet = await tell({ allowed: ALL_SIGNALS });
    const busy = await tell({ allowed: ALL_SIGNALS, after: behaviour(3) });
    expect(busy.shown).not.toEqual(quiet.shown);
    // The journey model has its part in it.
    expect(busy.served.some(({ features }) => (features[FEATURE_NAMES.indexOf('journeyFit')] ?? 0) !== 0)).toBe(true);
  });

  test('what was recorded before is not read any more', async () => {
    const { served } = await tell({ allowed: off('activity', 'sequence'), before: behaviour(3) });
    for (const column of [...columnsOf('activity'), ...columnsOf('sequence')]) expect(served.map(({ features }) => features[column])).toEqual(served.map(() => 0));
    for (const { value, finalValue } of served) expect(finalValue).toBe(value);
  });
});

describe('with the graph switched off', () => {
  test('a page is the same whomever the member connects to, follows or names as a connection', async () => {
    const alone = await tell({ allowed: off('graph') });
    const tied = await tell({ allowed: off('graph'), profile: { connections: ['member:ana', 'member:ben'], follows: ['company:acme'] }, after: relations(['member:cy', 'company:acme']) });
    expect(tied.shown).toEqual(alone.shown);
    expect(frozen(tied.served)).toEqual(frozen(alone.served));
    expect((await tell({ allowed: ALL_SIGNALS, profile: { connections: ['member:ana', 'member:ben'] } })).shown).not.toEqual((await tell({ allowed: ALL_SIGNALS })).shown);
  });
});

describe('with the profile switched off', () => {
  test('a page is the same whatever the profile says', async () => {
    const empty = await tell({ allowed: off('profile') });
    const full = await tell({ allowed: off('profile'), profile: { name: 'V', headline: 'Head', company: 'company:acme', skills: ['skill 1'], topics: ['topic 2', 'topic 1'], industry: 'Industry', place: 'Place' } });
    expect(full.shown).toEqual(empty.shown);
    expect(frozen(full.served)).toEqual(frozen(empty.served));
    expect((await tell({ allowed: ALL_SIGNALS, profile: { topics: ['topic 2'], skills: ['skill 1'] } })).shown).not.toEqual((await tell({ allowed: ALL_SIGNALS })).shown);
  });
});

describe('with the sequence switched off', () => {
  test('no event enters it, on any surface, and none that was there before is read', async () => {
    const elsewhere = (id: string): unknown[] => [
      { type: 'action', id: `${id}s`, member: 'member:viewer', item: 'topic:rust', at, action: 'search' },
      { type: 'action', id: `${id}g`, member: 'member:viewer', item: 'group:g1', at, action: 'join' },
      { type: 'action', id: `${id}h`, member: 'member:viewer', item: 'article:a1', at, action: 'hide' },
      { type: 'impression', id: `${id}i`, member: 'member:viewer', item: 'article:a2', at, trackingId: 'none-0', span: id, visibleMs: 9000 },
    ];
    const platform = await openTestPlatform({ clock: manualClock(START) });
    await platform.putEntities([...ENTITIES, { kind: 'member', id: 'viewer', attributes: {} }]);
    const { catalog, journey: { sequences } } = platform.state;
    const columns = createSequenceColumns();
    const count = (): readonly [number, number] => {
      const viewer = catalog.find('member:viewer');
      sequences.read(viewer, catalog.allowed(viewer), columns);
      return [sequences.lists.length(viewer) / 3, columns.count];
    };
    await platform.recordEvents(elsewhere('a'), { history: false });
    expect(count()).toEqual([4, 4]);
    await platform.setConsent('viewer', off('sequence'));
    await platform.recordEvents(elsewhere('b'), { history: false });
    expect(count()).toEqual([4, 0]);
    await platform.setConsent('viewer', off('graph'));
    await platform.recordEvents(elsewhere('c'), { history: false });
    // The joined group is of the graph: not taken up, and not read where it stands. The second look at the card is one with the first.
    expect(count()).toEqual([6, 5]);
    await platform.close();
  });
});

describe('messages', () => {
  const message = (id: string): unknown => ({ type: 'action', id, member: 'member:viewer', item: 'member:ana', at, action: 'message' });
  const open = async (): Promise<OpenPlatform> => {
    const platform = await openTestPlatform({ clock: manualClock(START) });
    await platform.putEntities([...ENTITIES, { kind: 'member', id: 'viewer', attributes: {} }]);
    return platform;
  };
  const read = (platform: OpenPlatform): { readonly kept: number; readonly read: number } => {
    const { catalog, journey: { sequences } } = platform.state;
    const viewer = catalog.find('member:viewer');
    const columns = createSequenceColumns();
    sequences.read(viewer, catalog.allowed(viewer), columns);
    return { kept: sequences.lists.length(viewer), read: columns.count };
  };

  test('are off until the member switches them on, and no text comes with them', async () => {
    const platform = await open();
    expect((await platform.getConsent('viewer')).messages).toBe(false);
    await platform.recordEvents([message('m1')], { history: false });
    expect(read(platform)).toEqual({ kept: 0, read: 0 });
    const withText = { ...message('m2') as object, text: 'Hello' };
    expect((await platform.recordEvents([withText], { history: false })).rejected).toMatchObject([{ code: 'client/invalidRequest', where: { field: 'text' } }]);
    await platform.setConsent('viewer', ALL_SIGNALS);
    await platform.recordEvents([message('m3')], { history: false });
    expect(read(platform)).toEqual({ kept: 3, read: 1 });
    await platform.setConsent('viewer', off('messages'));
    expect(read(platform)).toEqual({ kept: 3, read: 0 });
    await platform.close();
  });

  test('change no count that anybody else could be shown', async () => {
    const shownTo = async (messages: readonly unknown[]): Promise<unknown> => {
      const platform = await open();
      await platform.setConsent('viewer', ALL_SIGNALS);
      await platform.recordEvents([...crowd(), ...messages], { history: false });
      const shown = await page(platform, 'ben', { limit: 30 });
      await platform.idle();
      const { items } = decodeServed((await recordAt(platform, platform.state.pages.find(shown.requestId))).payload);
      await platform.close();
      return frozen(items);
    };
    expect(await shownTo(Array.from({ length: 20 }, (_, n) => message(`m${n}`)))).toEqual(await shownTo([]));
  });
});

describe('with anything switched off', () => {
  test('the served record says what was allowed, and dismissals are obeyed all the same', async () => {
    const nothing = off('profile', 'activity', 'graph', 'sequence', 'messages');
    const platform = await openTestPlatform({ clock: manualClock(START) });
    await platform.putEntities([...ENTITIES, { kind: 'member', id: 'viewer', attributes: {} }]);
    await platform.setConsent('viewer', nothing);
    const before = await page(platform, 'viewer', { limit: 10 });
    const item = before.items[0]?.item ?? '';
    await platform.recordEvents([{ type: 'action', id: 'hide', member: 'member:viewer', item, at, action: 'hide' }], { history: false });
    const after = await page(platform, 'viewer', { limit: 10 });
    expect(after.items.map((one) => one.item)).not.toContain(item);
    expect((await platform.trace(after.requestId)) as { readonly consent: unknown }).toMatchObject({ consent: nothing });
    await platform.close();
  });
});
