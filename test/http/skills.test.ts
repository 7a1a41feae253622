import { expect, test } from 'vitest';
import type { FeedItem } from '../../src/http/contracts.ts';
import { openTestPlatform, page, serveInProcess } from '../support/real-server.ts';
import { call } from '../support/requests.ts';

const member = (id: string, ...skills: readonly string[]): object => ({ kind: 'member', id, attributes: { name: `Name of ${id}`, skills } });
const job = (id: string, ...skills: readonly string[]): object => ({ kind: 'job', id, attributes: { title: `Title of ${id}`, skills } });

/** Databases go together, and so does metal; Ana has one of the databases, under another name than the jobs ask for it. */
const NETWORK = [
  ...Array.from({ length: 12 }, (_, i) => [job(`db${i}`, 'postgresql', 'mysql'), job(`weld${i}`, 'welding', 'soldering'), member(`d${i}`, 'postgresql', 'mysql'), member(`w${i}`, 'welding', 'soldering')]).flat(),
  job('wanted', 'mysql', 'my own skill'),
  member('ana', 'Postgres', 'my own skill'),
  { kind: 'skill', id: 'pg', attributes: { name: 'PostgreSQL', aliases: ['postgres'] } },
  { kind: 'skill', id: 'my', attributes: { name: 'MySQL' } },
];

const expectCarried = ({ reason }: FeedItem): void => {
  expect(reason).toEqual({ code: 'adjacentSkill', text: 'Your PostgreSQL carries over to MySQL', actors: [], skills: ['PostgreSQL', 'MySQL'] });
};

test('a job found through an adjacent skill says which known skill carried over: on the page, when asked why, and in the trace', async () => {
  const server = await serveInProcess();
  expect((await server.platform.putEntities([...NETWORK.slice(0, -3), job('mysql-only', 'mysql'), ...NETWORK.slice(-3)])).rejected).toEqual([]);
  const served = await page(server.platform, 'ana', { limit: 100 });
  const found = served.items.find(({ item }) => item === 'job:mysql-only');
  if (found === undefined) throw new Error('the job was not found');
  expectCarried(found);
  const { json } = await call(server, `/v1/members/ana/why/${found.trackingId}`);
  expect(json['sentences']).toEqual([expect.stringContaining('Your PostgreSQL carries over to MySQL'), expect.any(String)]);
  const trace = (await call(server, `/v1/traces/${served.requestId}`)).json['items'] as readonly { readonly item: string; readonly actors: unknown; readonly skills: unknown }[];
  expect(trace.find(({ item }) => item === 'job:mysql-only')).toMatchObject({ actors: [], skills: ['postgresql', 'mysql'] });
  await server.close();
});

test('a job that asks for a skill of the viewer says that, and nothing carries over between what never stands together', async () => {
  const platform = await openTestPlatform();
  await platform.putEntities(NETWORK);
  const { items } = await page(platform, 'ana', { limit: 100 });
  expect(items.find(({ item }) => item === 'job:wanted')?.reason).toMatchObject({ code: 'jobMatchesSkills' });
  expect(items.filter(({ reason }) => reason.skills?.some((skill) => /welding|soldering/u.test(skill)))).toEqual([]);
  await platform.close();
});

test('a person found through an adjacent skill says which, and one who is known already is not found', async () => {
  const platform = await openTestPlatform();
  await platform.putEntities([...NETWORK, member('maria', 'mysql'), { kind: 'member', id: 'ana', attributes: { skills: ['postgres'], connections: ['member:d11'] } }]);
  const { items } = await page(platform, 'ana', { limit: 100 });
  const people = items.filter(({ kind }) => kind === 'member');
  expect(people.find(({ item }) => item === 'member:maria')?.reason).toEqual({ code: 'adjacentSkillOf', text: 'Knows MySQL, close to your PostgreSQL', actors: [], skills: ['PostgreSQL', 'MySQL'] });
  expect(people.filter(({ item }) => item === 'member:d11' || item.startsWith('member:w'))).toEqual([]);
  await platform.close();
});

test('nothing is found through skills that the viewer withholds', async () => {
  const platform = await openTestPlatform();
  await platform.putEntities([...NETWORK, member('maria', 'mysql')]);
  await platform.setConsent('ana', { profile: false, activity: true, graph: true, sequence: true, messages: false });
  const { items } = await page(platform, 'ana', { limit: 100 });
  expect(items.filter(({ reason }) => reason.code.startsWith('adjacentSkill'))).toEqual([]);
  await platform.close();
});
