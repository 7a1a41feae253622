import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock, MINUTE } from '../../src/core/clock.ts';
import { actionNumber } from '../../src/core/registry.ts';
import type { FeedItem } from '../../src/http/contracts.ts';
import type { OpenPlatform } from '../../src/platform/open.ts';
import { namesOf, openTestPlatform, page } from '../support/real-server.ts';

const START = Date.UTC(2026, 5, 1, 12);
const clock = manualClock(START);
let platform: OpenPlatform;
let events = 0;

const act = async (member: string, action: string, target: { readonly item: string; readonly of?: string }): Promise<string> => {
  clock.advance(1234);
  const id = `event-${events++}`;
  const event = { type: 'action', id, member: `member:${member}`, item: target.item, at: new Date(clock.now()).toISOString(), action, ...(target.of === undefined ? {} : { of: target.of }) };
  expect((await platform.recordEvents([event], { history: false })).accepted).toBe(1);
  return id;
};
const feed = async (member: string): Promise<readonly FeedItem[]> => (await page(platform, member, { limit: 100 })).items;
const on = async (member: string, item: string): Promise<FeedItem | undefined> => (await feed(member)).find((one) => one.item === item);

beforeAll(async () => {
  platform = await openTestPlatform({ clock });
  await platform.putEntities([
    { kind: 'member', id: 'ana', attributes: { name: 'Ana' } }, { kind: 'member', id: 'ben', attributes: { name: 'Ben', connections: ['member:ana'] } },
    { kind: 'member', id: 'cy', attributes: { name: 'Cy' } }, { kind: 'company', id: 'acme', attributes: { name: 'Acme' } },
    { kind: 'article', id: 'acme-news', createdAt: new Date(START - MINUTE).toISOString(), attributes: { author: 'company:acme', title: 'News' } },
    ...Array.from({ length: 20 }, (_, n) => ({ kind: 'article', id: `a${n}`, createdAt: new Date(START - n * MINUTE).toISOString(), attributes: { topics: [`topic ${n}`] } })),
  ]);
});
afterAll(() => platform.close());

test('a like undone is no longer told to connections, counts no longer, and shows on the member\'s own card no longer', async () => {
  const reasonBefore = (await on('ben', 'article:a3'))?.reason;
  const liked = await act('ana', 'like', { item: 'article:a3' });
  expect((await on('ben', 'article:a3'))?.reason).toMatchObject({ code: 'networkLiked', actors: ['member:ana'] });
  expect((await on('ana', 'article:a3'))?.viewer.actions).toEqual(['like']);
  await act('ana', 'like', { item: 'article:a3', of: liked });
  expect((await on('ben', 'article:a3'))?.reason).toEqual(reasonBefore);
  expect((await on('ana', 'article:a3'))?.viewer.actions).toEqual([]);
  expect((await on('cy', 'article:a3'))?.reason.code).toBe('recent');
  const item = platform.state.catalog.find('article:a3');
  const { columns: { touches, people, touches7d, strong1d }, words } = platform.state.journey.counters;
  const row = item * words;
  expect([touches[row], people[row]]).toEqual([0, 0]);
  expect([touches7d[row], strong1d[row]].map((value) => Math.round((value ?? 1) * 1000))).toEqual([0, 0]);
});

test('undoing one of two actions leaves the other', async () => {
  const liked = await act('ana', 'like', { item: 'article:a5' });
  await act('ana', 'share', { item: 'article:a5' });
  await act('ana', 'like', { item: 'article:a5', of: liked });
  expect((await on('ana', 'article:a5'))?.viewer.actions).toEqual(['share']);
  expect((await on('ben', 'article:a5'))?.reason).toMatchObject({ code: 'networkShared', actors: ['member:ana'] });
  const item = platform.state.catalog.find('article:a5');
  const { columns: { touches, people }, words } = platform.state.journey.counters;
  expect([touches[item * words], people[item * words]]).toEqual([1, 1]);
});

test('an undo sent twice takes back once', async () => {
  const liked = await act('ana', 'like', { item: 'article:a6' });
  await act('ben', 'like', { item: 'article:a6' });
  await act('ana', 'like', { item: 'article:a6', of: liked });
  await act('ana', 'like', { item: 'article:a6', of: liked });
  const { columns: { touches }, words } = platform.state.journey.counters;
  expect(touches[platform.state.catalog.find('article:a6') * words]).toBe(1);
});

test.each(['hide', 'notInterested'])('%s takes the item away and its undo brings it back', async (action) => {
  const hidden = await act('cy', action, { item: 'article:a7' });
  expect(await on('cy', 'article:a7')).toBeUndefined();
  await act('cy', action, { item: 'article:a7', of: hidden });
  expect(await on('cy', 'article:a7')).toBeDefined();
});

test('a follow brings posts in with its reason and an unfollow takes the reason away', async () => {
  const followed = await act('cy', 'follow', { item: 'company:acme' });
  expect((await on('cy', 'article:acme-news'))?.reason).toMatchObject({ code: 'networkPosted', actors: ['company:acme'] });
  await act('cy', 'follow', { item: 'company:acme', of: followed });
  expect((await on('cy', 'article:acme-news'))?.reason.code).not.toBe('networkPosted');
});

test('a connection works both ways, and so does its end', async () => {
  await act('ana', 'comment', { item: 'article:a9' });
  const connected = await act('cy', 'connect', { item: 'member:ana' });
  expect((await on('cy', 'article:a9'))?.reason.code).toBe('networkCommented');
  expect(namesOf(await feed('cy'))).toContain('member:ben');
  await act('cy', 'connect', { item: 'member:ana', of: connected });
  expect((await on('cy', 'article:a9'))?.reason.code).not.toBe('networkCommented');
  expect(namesOf(await feed('cy'))).not.toContain('member:ben');
  expect(platform.state.catalog.edges.connected.from.length(platform.state.catalog.find('member:cy'))).toBe(0);
});

test('what cannot be undone is refused with the field', async () => {
  const { rejected } = await platform.recordEvents([{ type: 'action', id: 'no', member: 'member:cy', item: 'article:a1', at: new Date(clock.now()).toISOString(), action: 'click', of: 'event-0' }], { history: false });
  expect(rejected).toMatchObject([{ index: 0, code: 'client/invalidRequest', where: { field: 'of' } }]);
});

const CARDS = [['connect', 'member:dan'], ['follow', 'company:acme'], ['join', 'group:g1'], ['subscribe', 'newsletter:n1'], ['attend', 'event:v1'], ['apply', 'job:j1'], ['view', 'job:j1'], ['dismiss', 'job:j1'], ['save', 'job:j1']] as const;
test.each(CARDS)('what the button of a card does can be taken back: %s', async (action, item) => {
  const event = { type: 'action', member: 'member:cy', item, at: new Date(clock.now()).toISOString(), action, surface: 'discovery' };
  const { rejected } = await platform.recordEvents([{ ...event, id: `did-${action}` }, { ...event, id: `undid-${action}`, of: `did-${action}` }], { history: false });
  expect(rejected).toEqual([]);
  const { catalog, journey } = platform.state;
  const row = journey.seen.find(catalog.find('member:cy'), catalog.find(item));
  expect((journey.seen.columns.actions[row] ?? 0) & (1 << actionNumber(action))).toBe(0);
});
