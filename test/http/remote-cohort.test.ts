/** A cohort that is another process, with answers in a form of its own: quick, slow, killed, and out of its mind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { manualClock, SECOND } from '../../src/core/clock.ts';
import { remoteCohort, remoteCohortSchema } from '../../src/discovery/remote.ts';
import type { CohortPage, DiscoveryPage } from '../../src/http/discovery-contracts.ts';
import { COHORTS, pluginCohort } from '../../src/plugin.ts';
import { serveInProcess, spawnServer } from '../support/real-server.ts';
import { call } from '../support/requests.ts';

const [REMOTE = {}] = (JSON.parse(readFileSync('examples/remote-cohort/config.json', 'utf8')) as { readonly cohorts: readonly Record<string, unknown>[] }).cohorts;
const { cacheMs: _cacheMs, ...UNCACHED } = REMOTE;

const running: ChildProcess[] = [];
const servers: Server[] = [];
const kill = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'close');
};
afterEach(async () => {
  for (const child of running.splice(0)) await kill(child);
  for (const server of servers.splice(0)) { server.closeAllConnections(); await new Promise((resolve) => { server.close(resolve); }); }
});

interface Service { readonly url: string; readonly port: number; readonly child: ChildProcess; asked(): Promise<unknown> }

const startService = async (slowMs = 0, port = 0): Promise<Service> => {
  const child = spawn(process.execPath, ['examples/remote-cohort/service.mjs', String(port)], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, SLOW_MS: String(slowMs) } });
  running.push(child);
  const [line] = await once(child.stdout, 'data') as [Buffer];
  const url = line.toString().trim();
  return { url, port: Number(new URL(url).port), child, asked: async () => (await (await fetch(url)).json() as { readonly asked: number }).asked };
};

/** A server over HTTP that knows some events and groups. */
interface Host { readonly url: string; close(): Promise<void> }
const fill = async (host: Host): Promise<void> => {
  await call(host, '/v1/entities', { body: [
    ...['ana', 'ben'].map((id) => ({ kind: 'member', id, attributes: { topics: ['data'] } })), ...[17, 42, 23].map((id) => ({ kind: 'event', id: String(id), attributes: { title: `Event ${id}` } })),
    ...[1, 2, 3].map((id) => ({ kind: 'group', id: String(id), attributes: { name: `Circle ${id}`, topics: ['data'] } })),
  ] });
};
const pageOf = async (host: Host, member = 'ana', locale = 'en'): Promise<DiscoveryPage> => (await call(host, `/v1/members/${member}/discovery`, { headers: { 'accept-language': locale } })).json as unknown as DiscoveryPage;
const cohortOf = async (host: Host): Promise<CohortPage> => (await call(host, '/v1/members/ana/discovery/sellingFast')).json as unknown as CohortPage;
const namesOf = ({ cohorts, missing }: DiscoveryPage): readonly (readonly string[])[] => [cohorts.map(({ name }) => name), missing];

const WHOLE = [['groupsForYou', 'sellingFast'], []];
const WITHOUT = [['groupsForYou'], ['sellingFast']];

describe.each([0, 2])('a cohort that is a service of its own, with %i workers', (workers) => {
  const serverWith = async (remote: Readonly<Record<string, unknown>>): Promise<Host> => {
    const server = await spawnServer({ workers, config: { cohorts: [remote], discovery: { deadlineMs: 20_000 } } });
    await fill(server);
    return server;
  };

  test('stands in its place in the reader\'s language; slow or killed it costs itself alone, and it is asked again when it is back', async () => {
    const quick = await startService();
    const server = await serverWith({ ...UNCACHED, url: quick.url, timeoutMs: 1000 });
    const page = await pageOf(server, 'ana', 'de');
    expect(namesOf(page)).toEqual(WHOLE);
    expect(page.cohorts[1]).toMatchObject({ title: 'Bald ausverkauft', kind: 'event', template: 'large', button: { action: 'attend', label: 'Teilnehmen' }, total: 3 });
    expect(page.cohorts[1]?.items.map(({ item, slots }) => [item, slots.primary])).toEqual([['event:17', 'Event 17'], ['event:42', 'Event 42'], ['event:23', 'Event 23']]);
    expect((await cohortOf(server)).cohort?.items.map(({ item }) => item)).toEqual(['event:17', 'event:42', 'event:23']);
    await kill(quick.child);
    expect(namesOf(await pageOf(server))).toEqual(WITHOUT);
    const slow = await startService(8000, quick.port);
    expect(namesOf(await pageOf(server))).toEqual(WITHOUT);
    expect(await cohortOf(server)).toMatchObject({ missing: ['sellingFast'], cohort: { items: [] } });
    await kill(slow.child);
    await startService(0, quick.port);
    expect(namesOf(await pageOf(server))).toEqual(WHOLE);
    await server.close();
  });

  test('is asked once for those who ask at the same time, and not again while its answer holds', async () => {
    const service = await startService(300);
    const server = await serverWith({ ...REMOTE, url: service.url, timeoutMs: 2000, cacheMs: 300_000 });
    const pages = await Promise.all(Array.from({ length: 12 }, () => pageOf(server)));
    for (const page of [...pages, await pageOf(server), await pageOf(server)]) expect(namesOf(page)).toEqual(WHOLE);
    // Once in each thread at most: what one keeps is its own.
    const asked = Number(await service.asked());
    expect(asked).toBeGreaterThanOrEqual(1);
    expect(asked).toBeLessThanOrEqual(Math.max(1, workers));
    // For another member it knows nothing yet.
    await pageOf(server, 'ben');
    expect(Number(await service.asked())).toBe(asked + 1);
    await server.close();
  });
});

const inProcess = async (remote: Readonly<Record<string, unknown>>, clock = manualClock(Date.now())): Promise<Host> => {
  const host = await serveInProcess({ clock, cohorts: [...COHORTS, pluginCohort(remoteCohort(remoteCohortSchema.parse({ ...UNCACHED, timeoutMs: 2000, ...remote })))], discovery: { deadlineMs: 20_000 } });
  await fill(host);
  return host;
};

test('a service that was killed is left alone after five failures, tried once after ten seconds, and taken back when it answers', async () => {
  const service = await startService();
  const clock = manualClock(Date.now());
  const host = await inProcess({ url: service.url }, clock);
  expect(namesOf(await pageOf(host))).toEqual(WHOLE);
  await kill(service.child);
  for (let times = 0; times < 5; times++) expect(namesOf(await pageOf(host))).toEqual(WITHOUT);
  const back = await startService(0, service.port);
  for (let times = 0; times < 3; times++) expect(namesOf(await pageOf(host))).toEqual(WITHOUT);
  expect(await back.asked()).toBe(0);
  clock.set(clock.now() + 10 * SECOND);
  expect(namesOf(await pageOf(host))).toEqual(WHOLE);
  expect(await back.asked()).toBe(1);
  await host.close();
});

const listening = async (answer: RequestListener): Promise<string> => {
  const server = createServer((request, response) => { request.resume().once('end', () => { answer(request, response); }); });
  servers.push(server);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/suggest`;
};
const hits = (...all: readonly unknown[]): string => JSON.stringify({ data: { hits: all } });

const OUT_OF_MIND: Readonly<Record<string, RequestListener>> = {
  'something that is not JSON': (_, response) => { response.end('<html>busy</html>'); },
  'nothing': (_, response) => { response.end(); },
  'a list elsewhere': (_, response) => { response.end('{"hits":[]}'); },
  'nulls': (_, response) => { response.end(hits(null, null)); },
  'scores that are none': (_, response) => { response.end(hits({ ref: 17, relevance: 'high' })); },
  'ten megabytes': (_, response) => { response.end(JSON.stringify({ data: { hits: Array.from({ length: 250_000 }, (_each, ref) => ({ ref, relevance: 0.123456789 })) } })); },
  'an error': (_, response) => { response.writeHead(500).end(hits({ ref: 17, relevance: 1 })); },
  'half of it': (_, response) => { response.writeHead(200, { 'content-length': 1000 }).write('{"data"'); response.destroy(); },
};

describe('a service that answers', () => {
  test.each(Object.entries(OUT_OF_MIND))('%s is missing by name, and the page stands', async (_what, answer) => {
    const host = await inProcess({ url: await listening(answer) });
    expect(namesOf(await pageOf(host))).toEqual(WITHOUT);
    await host.close();
  });

  test('other kinds has nothing on the page', async () => {
    const host = await inProcess({ url: await listening((_, response) => { response.end(hits({ ref: 'member:ben', relevance: 1 }, { ref: 'group:1', relevance: 1 }, { ref: 'event:42', relevance: 0.5 })); }) });
    const page = await pageOf(host);
    expect(namesOf(page)).toEqual(WHOLE);
    expect(page.cohorts[1]?.items.map(({ item }) => item)).toEqual(['event:42']);
    await host.close();
  });

  test('a redirection is not followed', async () => {
    let followed = 0;
    const elsewhere = await listening((_, response) => { followed++; response.end(hits({ ref: 17, relevance: 1 })); });
    const host = await inProcess({ url: await listening((_, response) => { response.writeHead(302, { location: elsewhere }).end(); }) });
    expect([namesOf(await pageOf(host)), followed]).toEqual([WITHOUT, 0]);
    await host.close();
  });
});

test('an address inside the operator\'s network is not called unless that is allowed', async () => {
  let called = 0;
  const url = await listening((_, response) => { called++; response.end(hits({ ref: 17, relevance: 1 })); });
  for (const address of [url, url.replace('127.0.0.1', 'localhost')]) {
    const refused = await inProcess({ url: address, privateAddresses: false });
    expect([namesOf(await pageOf(refused)), called]).toEqual([WITHOUT, 0]);
    await refused.close();
  }
  const allowed = await inProcess({ url, privateAddresses: true });
  expect([namesOf(await pageOf(allowed)), called]).toEqual([WHOLE, 1]);
  await allowed.close();
});
