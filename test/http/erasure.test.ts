import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ALL_SIGNALS, DEFAULT_SIGNALS } from '../../src/core/registry.ts';
import { createSequenceColumns } from '../../src/journey/sequences.ts';
import type { OpenPlatform } from '../../src/platform/open.ts';
import { namesOf, openTestPlatform, page, serveInProcess, spawnServer, temporaryFolder } from '../support/real-server.ts';
import { call, type Answer } from '../support/requests.ts';

/** Texts that stand nowhere else. The posts' own ids say nothing of their author. */
const ID = 'canary7f3a91';
const CANARIES: readonly string[] = [ID, 'Kanarienvogel', 'Yellow-headline', 'Songs-about-me', 'zwitschern-skill', 'zwitschern-topic', 'earlier-skill', 'Posted-words', 'Old-posted-words', 'Posted-topic', 'Companyname-of-canary'];
const ME = `member:${ID}`;

const now = (): string => new Date().toISOString();
const action = (id: string, member: string, rest: Readonly<Record<string, unknown>>): unknown => ({ type: 'action', id, member, at: now(), ...rest });

/** As many posts as make the lists that keep the newest alone forget the first. */
const POSTS = 200;
const post = (n: number): unknown => ({ kind: 'post', id: `p${n}`, attributes: { text: `${n === 0 ? 'Old-posted-words' : 'Posted-words'} ${n}`, author: ME, topics: ['Posted-topic'] } });

const accepted = async (answer: Promise<Answer>): Promise<void> => { expect([(await answer).status, (await answer).json['rejected']]).toEqual([200, []]); };

/** A life of the member: told by themselves, by others, by what was served, and by what was refused. */
const live = async (server: { readonly url: string }): Promise<readonly string[]> => {
  const send = (path: string, body: unknown): Promise<void> => accepted(call(server, path, { body }));
  await send('/v1/entities', [
    { kind: 'member', id: ID, attributes: { name: 'Kanarienvogel', skills: ['earlier-skill'] } },
    { kind: 'member', id: ID, attributes: { name: 'Kanarienvogel', headline: 'Yellow-headline', about: 'Songs-about-me', skills: ['zwitschern-skill'], topics: ['zwitschern-topic'], industry: 'Companyname-of-canary', connections: ['member:ana'] } },
    { kind: 'member', id: 'ana', attributes: { name: 'Ana', connections: [ME, 'member:ben'], follows: [ME] } },
    { kind: 'member', id: 'ben', attributes: { name: 'Ben' } },
    { kind: 'member', id: 'friend', attributes: { connections: ['member:ben'] } },
    ...Array.from({ length: 30 }, (_, n) => ({ kind: 'article', id: `a${n}`, attributes: { title: `Article ${n}`, ...(n === 1 ? { author: ME } : {}) } })),
    ...Array.from({ length: POSTS }, (_, n) => post(n)),
  ]);
  await send('/v1/events', [
    action('like-1', ME, { item: 'article:a2', action: 'like' }), action('view-1', ME, { item: 'article:a3', action: 'click' }),
    action(`by-${ID}`, ME, { item: 'article:a4', action: 'share' }),
    action('join-1', ME, { item: 'group:g1', action: 'join' }), action('search-1', ME, { item: 'topic:t1', action: 'search' }), action('message-1', ME, { item: 'member:ben', action: 'message' }),
    { type: 'impression', id: 'seen-1', member: ME, item: 'article:a5', at: now(), trackingId: 'x-0', span: 's', visibleMs: 900 },
    action('connect-1', 'member:ben', { item: ME, action: 'connect' }), action('follow-1', 'member:friend', { item: ME, action: 'follow' }),
    action('like-2', 'member:ben', { item: 'post:p3', action: 'like' }),
  ]);
  // Quarantined: the same id with another content.
  expect((await call(server, '/v1/events', { body: [action('like-1', ME, { item: 'article:a9', action: 'comment' })] })).status).toBe(409);
  await send('/v1/events/history', [{ ...action('history-1', ME, { item: 'article:a6', action: 'view' }) as object, at: '2020-01-01T00:00:00Z' }]);
  expect((await call(server, `/v1/members/${ID}/consent`, { method: 'PUT', body: { ...ALL_SIGNALS, sequence: false } })).status).toBe(200);
  const table = (version: string): unknown => ({ version, actions: { like: 1 } });
  expect((await call(server, '/v1/experiments/named', { method: 'PUT', body: { parameter: 'feedValues', variants: [{ name: 'a', weight: 0.5, value: table('a') }, { name: 'b', weight: 0.5, value: table('b') }], overrides: { [ID]: 'a', ana: 'b' } } })).status).toBe(200);
  const requests: string[] = [];
  for (const viewer of [ID, 'ana', 'ben', 'friend']) {
    const { json } = await call(server, `/v1/members/${viewer}/feed?limit=100`);
    requests.push(String(json['requestId']));
  }
  return requests;
};

const filesUnder = (folder: string): string[] => readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));

/** Which canaries a folder still holds, in any file, as UTF-8 or UTF-16. */
const found = (folder: string): string[] => filesUnder(folder).flatMap((file) => {
  const bytes = readFileSync(file);
  return CANARIES.filter((text) => bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'))).map((text) => `${file}: ${text}`);
});

/** The same of every shared buffer. */
const foundInMemory = (platform: OpenPlatform): string[] => {
  const names: string[] = [];
  for (const [name] of platform.state.space.sizes()) {
    platform.state.space.bind(name, 0, (buffer) => {
      const bytes = Buffer.from(buffer);
      names.push(...CANARIES.filter((text) => bytes.includes(text) || bytes.includes(text.toLowerCase())).map((text) => `${name}: ${text}`));
    });
  }
  return names;
};

const assertForgotten = async (platform: OpenPlatform): Promise<void> => {
  for (const viewer of ['ana', 'ben', 'friend']) {
    for (const sort of ['relevance', 'recent'] as const) {
      const served = await page(platform, viewer, { limit: 100, sort });
      const text = JSON.stringify(served);
      expect(CANARIES.filter((canary) => text.includes(canary))).toEqual([]);
      expect(namesOf(served.items).filter((item) => item.startsWith('post:') || item === ME)).toEqual([]);
    }
  }
};

test('erasing a member leaves no byte of them: not in a file, not in memory, not on a page, and not after a restart', async () => {
  const data = temporaryFolder();
  const server = await serveInProcess({ data });
  const [own = '', others = ''] = await live(server);
  await server.platform.idle();
  // Everything is there before, or nothing would be proved.
  const before = new Set([...found(data), ...foundInMemory(server.platform)].map((line) => line.slice(line.lastIndexOf(' ') + 1)));
  expect([...before].sort()).toEqual([...CANARIES].sort());
  const trace = await call(server, `/v1/traces/${others}`);
  expect(trace.text).toContain(ID);

  const receipt = await call(server, `/v1/members/${ID}`, { method: 'DELETE' });
  expect([receipt.status, receipt.json['member']]).toEqual([200, ME]);
  expect(receipt.json['records']).toBeGreaterThan(POSTS + 8);
  expect(found(data)).toEqual([]);
  expect(foundInMemory(server.platform)).toEqual([]);
  await assertForgotten(server.platform);
  expect((await call(server, `/v1/entities/member/${ID}`)).status).toBe(404);
  expect((await call(server, '/v1/entities/post/p3')).status).toBe(404);
  expect((await call(server, `/v1/members/${ID}/feed`)).status).toBe(404);
  expect((await call(server, `/v1/traces/${own}`)).status).toBe(404);
  const kept = await call(server, `/v1/traces/${others}`);
  expect([kept.status, kept.text.includes(ID)]).toEqual([200, false]);
  expect((await call(server, '/v1/entities/member/ana')).json).toMatchObject({ attributes: { name: 'Ana', connections: ['member:ben'], follows: [] } });
  await server.close();

  const again = await openTestPlatform({ data });
  await assertForgotten(again);
  expect(found(data)).toEqual([]);
  expect(foundInMemory(again)).toEqual([]);
  expect(await again.getEntity('member', ID)).toBeUndefined();
  // The id may be somebody's again: they begin with nothing.
  await again.putEntities([{ kind: 'member', id: ID, attributes: {} }]);
  expect(await again.getConsent(ID)).toEqual(DEFAULT_SIGNALS);
  const { catalog, journey: { sequences } } = again.state;
  const number = catalog.find(ME);
  expect(sequences.read(number, catalog.allowed(number), createSequenceColumns())).toBe(0);
  expect((await page(again, ID, { limit: 50 })).items.filter(({ viewer }) => viewer.actions.length > 0)).toEqual([]);
  await again.close();
});

test('an erasure at workers reaches pages that they have just served', async () => {
  const server = await spawnServer({ workers: 2 });
  await live(server);
  let erased = false;
  const reading = Array.from({ length: 4 }, async () => {
    while (!erased) await call(server, '/v1/members/ana/feed?limit=50', { headers: { connection: 'close' } });
  });
  await sleep(50);
  expect((await call(server, `/v1/members/${ID}`, { method: 'DELETE' })).status).toBe(200);
  erased = true;
  await Promise.all(reading);
  expect(found(server.data)).toEqual([]);
  for (let n = 0; n < 10; n++) {
    const { text } = await call(server, '/v1/members/ana/feed?limit=100', { headers: { connection: 'close' } });
    expect(CANARIES.filter((canary) => text.includes(canary))).toEqual([]);
  }
  await server.close();
  expect(found(server.data)).toEqual([]);
});

test('an erasure cut short by kill -9 is done when the folder is opened again', async () => {
  let cut = 0;
  for (const delayMs of [0, 2, 6]) {
    const server = await spawnServer();
    await live(server);
    // Enough that taking the member out takes a while.
    for (const batch of [0, 1]) await accepted(call(server, '/v1/entities', { body: Array.from({ length: 5000 }, (_, n) => ({ kind: 'article', id: `x${batch}-${n}`, attributes: { title: 'Title '.repeat(40) } })) }));
    let status: number | undefined;
    const answer = call(server, `/v1/members/${ID}`, { method: 'DELETE' }).then((done) => { status = done.status; }, () => undefined);
    // A second data file: the erasure is noted, and under way.
    while (status === undefined && !readdirSync(join(server.data, 'log')).includes('log-2.mdb')) await sleep(1);
    await sleep(delayMs);
    await server.stop('SIGKILL');
    await answer;
    if (status !== 200) cut++;
    const reopened = await openTestPlatform({ data: server.data });
    expect(found(server.data)).toEqual([]);
    await assertForgotten(reopened);
    expect(await reopened.getEntity('article', 'x1-4999')).toBeDefined();
    await reopened.close();
  }
  expect(cut).toBeGreaterThan(0);
});
