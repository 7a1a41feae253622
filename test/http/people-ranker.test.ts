import { expect, test } from 'vitest';
import type { FeedItem } from '../../src/http/contracts.ts';
import { WEIGHTS } from '../../src/rankers/pool/people.ts';
import { openTestPlatform, page } from '../support/real-server.ts';

const member = (id: string, attributes: object = {}): object => ({ kind: 'member', id, attributes: { name: `Name of ${id}`, ...attributes } });
const friends = (...ids: readonly string[]): { readonly connections: readonly string[] } => ({ connections: ids.map((id) => `member:${id}`) });
const at = (company: string): object => ({ positions: [{ title: 'Something', company: `company:${company}` }] });
const of = (school: string): object => ({ education: [{ school: `school:${school}` }] });

/** Ana knows Bo, whom few know, and Hub, whom everybody knows. */
const NETWORK = [
  { kind: 'company', id: 'acme', attributes: { name: 'Acme' } }, { kind: 'school', id: 'north', attributes: { name: 'North' } }, { kind: 'group', id: 'makers', attributes: { name: 'Makers' } },
  member('ana', { ...friends('bo', 'hub'), ...at('acme'), ...of('north') }),
  member('bo', friends('cy')), member('cy'), member('hub', friends(...Array.from({ length: 40 }, (_, i) => `far${i}`))),
  ...Array.from({ length: 40 }, (_, i) => member(`far${i}`)),
  member('colleague', at('acme')), member('fellow', of('north')), member('maker'), member('nobody', { ...at('other'), ...of('south') }),
];
const joining = (id: string): object => ({ type: 'action', id: `${id}-joins`, member: `member:${id}`, item: 'group:makers', action: 'join', at: new Date(Date.now() - 1000).toISOString() });

const peopleOf = async (consent?: Parameters<Awaited<ReturnType<typeof openTestPlatform>>['setConsent']>[1]): Promise<ReadonlyMap<string, FeedItem>> => {
  const platform = await openTestPlatform();
  expect((await platform.putEntities(NETWORK)).rejected).toEqual([]);
  expect((await platform.recordEvents(['ana', 'maker'].map(joining), { history: false })).rejected).toEqual([]);
  if (consent !== undefined) await platform.setConsent('ana', consent);
  const { items } = await page(platform, 'ana', { limit: 100 });
  await platform.close();
  return new Map(items.filter(({ kind }) => kind === 'member').map((item) => [item.item, item]));
};
const EVERYTHING = { profile: true, activity: true, graph: true, sequence: true, messages: false };

test('people are found through friends, an employer, a school and a group, and each says through which', async () => {
  const found = await peopleOf();
  const reason = (id: string): string | undefined => found.get(`member:${id}`)?.reason.text;
  expect([reason('cy'), reason('colleague'), reason('fellow'), reason('maker')]).toEqual(['Connected to Name of bo', 'Works where you work', 'Studied where you studied', 'In a group of yours']);
  for (const known of ['ana', 'bo', 'hub', 'nobody']) expect(found.has(`member:${known}`), known).toBe(false);
});

test('a friend in common whom few know counts for more than one whom many know, and for more than an adjacent skill', () => {
  const worth = (degree: number): number => WEIGHTS.friend / Math.log2(2 + degree) + WEIGHTS.closeFriend / (1 + degree);
  expect(worth(2)).toBeGreaterThan(WEIGHTS.employer);
  expect(worth(10)).toBeGreaterThan(WEIGHTS.adjacentSkill);
  expect(worth(1000)).toBeLessThan(WEIGHTS.group);
});

test('nobody is found through what the viewer withholds', async () => {
  const withoutProfile = await peopleOf({ ...EVERYTHING, profile: false });
  expect([withoutProfile.has('member:colleague'), withoutProfile.has('member:fellow'), withoutProfile.has('member:maker'), withoutProfile.has('member:cy')]).toEqual([false, false, true, true]);
  const withoutGraph = await peopleOf({ ...EVERYTHING, graph: false });
  expect([...withoutGraph.keys()].filter((item) => ['member:maker', 'member:cy', 'member:colleague'].includes(item))).toEqual([]);
});
