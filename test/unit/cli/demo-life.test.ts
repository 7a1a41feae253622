import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { curlOf, describe as told, runDemo, stateOf } from '../../../src/cli/demo-life.ts';
import type { DemoFacts, OpenHouse } from '../../../src/cli/demo-life.ts';
import { createProgress } from '../../../src/cli/progress.ts';
import { parameters } from '../../../src/world/parameters.ts';
import { createFakeFeed } from '../world/fake-feed.ts';
import type { FakeFeed } from '../world/fake-feed.ts';

/** A house whose platform answers random pages; everything around it, HTTP included, is real. */
const createFakeHouse = (): { readonly open: OpenHouse; readonly feed: FakeFeed; readonly steps: string[] } => {
  const feed = createFakeFeed(9);
  const steps: string[] = [];
  const listen = (): Promise<Server> => new Promise((resolve) => {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => { body += String(chunk); });
      request.on('end', () => {
        void feed.transport({ method: request.method as 'GET', path: request.url ?? '/', ...(body === '' ? {} : { body }) }).then((answer) => { response.writeHead(answer.status).end(answer.body); });
      });
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
  const open: OpenHouse = () => {
    steps.push('open');
    let server: Server | undefined;
    return Promise.resolve({
      transport: feed.transport,
      listen: async () => { server = await listen(); const address = server.address(); return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`; },
      train: () => { steps.push('train'); return Promise.resolve('nothing to learn'); },
      trainJourney: (signal) => new Promise((resolve) => {
        steps.push('train journey');
        signal.addEventListener('abort', () => { steps.push('journey stopped'); resolve(undefined); });
      }),
      close: () => { steps.push('close'); server?.closeAllConnections(); server?.close(); return Promise.resolve(); },
    });
  };
  return { open, feed, steps };
};

const VALUES = parameters({ members: 24, historyDays: 1 });
let data = '';
beforeEach(async () => { data = join(await mkdtemp(join(tmpdir(), 'throughline-demo-')), 'demo'); });
afterEach(() => rm(join(data, '..'), { recursive: true, force: true }));

/** Runs a demo and stops it a moment after it is up. */
const demo = async (house: ReturnType<typeof createFakeHouse>, upForMs: number): Promise<DemoFacts> => {
  const stop = new AbortController();
  let facts: DemoFacts | undefined;
  await runDemo({
    data, values: VALUES, open: house.open, progress: createProgress({ quiet: true }), signal: stop.signal,
    ready: (up) => { facts = up; setTimeout(() => stop.abort(), upForMs); },
  });
  if (facts === undefined) throw new Error('the demo never came up');
  return facts;
};

describe('the demo', () => {
  test('first makes a history and models, then serves with its members beside it, and stops cleanly', async () => {
    const house = createFakeHouse();
    const facts = await demo(house, 3000);
    expect(house.steps).toEqual(['open', ...Array.from({ length: VALUES.trainings }, () => 'train'), 'close', 'open', 'train journey', 'journey stopped', 'close']);
    expect(facts.firstRun).toBe(true);
    expect(house.feed.entities.length).toBeGreaterThan(300);
    expect(house.feed.requests.filter((request) => request.path.includes('/feed?')).length).toBeGreaterThan(20);
    const ids = house.feed.events.map((event) => event.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await stateOf(data)).toBe('ready');
  });
  test('later starts where it was', async () => {
    await demo(createFakeHouse(), 0);
    const again = createFakeHouse();
    expect((await demo(again, 0)).firstRun).toBe(false);
    expect(again.steps).toEqual(['open', 'train journey', 'journey stopped', 'close']);
  });
  test('begins anew when its history was cut short', async () => {
    const house = createFakeHouse();
    const stop = new AbortController();
    let opened = 0;
    const open: OpenHouse = (options) => { if (++opened === 1) setTimeout(() => stop.abort(), 1); return house.open(options); };
    await runDemo({ data, values: parameters({ members: 40, historyDays: 14 }), open, progress: createProgress({ quiet: true }), signal: stop.signal, ready: () => { throw new Error('there is nothing to serve'); } });
    expect(house.steps.at(-1)).toBe('close');
    expect(await stateOf(data)).toBe('unfinished');
    expect((await demo(createFakeHouse(), 0)).firstRun).toBe(true);
  });
  test('never touches a folder that is not its own', async () => {
    const folder = join(data, '..');
    await writeFile(join(folder, 'thesis.txt'), 'years of work');
    await expect(stateOf(folder)).rejects.toThrow(/is not a demo; name another folder/);
    expect(await readFile(join(folder, 'thesis.txt'), 'utf8')).toBe('years of work');
  });
  test('says where it is, where its data lives, and quotes the request for a shell', () => {
    const curl = curlOf('http://127.0.0.1:7700', '1');
    expect(curl).toBe("curl -s 'http://127.0.0.1:7700/v1/members/1/feed?limit=5'");
    const text = told({ url: 'http://127.0.0.1:7700', data: '/tmp/demo', curl, firstRun: true, seconds: 31.25 });
    for (const part of ['http://127.0.0.1:7700 ', '/tmp/demo', curl, 'http://127.0.0.1:7700/console/models', 'Ctrl-C']) expect(text).toContain(part);
  });
});
