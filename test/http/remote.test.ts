/** A first-pass ranker that is another process, with answers in a form of its own: quick, slow, and killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { FeedPage } from '../../src/http/contracts.ts';
import { call } from '../support/requests.ts';
import { spawnServer } from '../support/real-server.ts';

const [REMOTE] = (JSON.parse(readFileSync('examples/remote-ranker/config.json', 'utf8')) as { readonly remotes: readonly Record<string, unknown>[] }).remotes;

const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'close');
  }
});

const startService = async (slowMs = 0, port = 0): Promise<{ readonly url: string; readonly child: ChildProcess }> => {
  const child = spawn(process.execPath, ['examples/remote-ranker/service.mjs', String(port)], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, SLOW_MS: String(slowMs) } });
  running.push(child);
  const [line] = await once(child.stdout, 'data') as [Buffer];
  return { url: line.toString().trim(), child };
};

const serverWith = async (url: string, workers: number): Promise<Awaited<ReturnType<typeof spawnServer>>> => {
  const server = await spawnServer({ workers, remotes: [{ ...REMOTE, url, timeoutMs: 150 }] });
  await call(server, '/v1/entities', { body: [{ kind: 'member', id: '1', attributes: {} }, ...['a1', 'a2', 'a3'].map((id) => ({ kind: 'article', id, attributes: { title: id } }))] });
  return server;
};

interface Trace { readonly items: readonly { readonly item: string; readonly firstPass: Readonly<Record<string, number>> }[] }

describe.each([0, 2])('a ranker that is a service of its own, with %i workers', (workers) => {
  test('brings in its items; slow or killed it costs them alone, and it is asked again when it is back', async () => {
    const quick = await startService();
    const server = await serverWith(quick.url, workers);
    const feed = async (): Promise<FeedPage> => (await call(server, '/v1/members/1/feed')).json as unknown as FeedPage;
    const page = await feed();
    expect([page.items.length, page.missing]).toEqual([3, []]);
    const scores = Object.fromEntries(((await call(server, `/v1/traces/${page.requestId}`)).json as unknown as Trace).items.map(({ item, firstPass }) => [item, firstPass['picks']]));
    expect(scores).toEqual({ 'article:a1': 4, 'article:a2': 9, 'article:a3': undefined });
    quick.child.kill('SIGKILL');
    await once(quick.child, 'close');
    const without = await feed();
    expect([without.items.length, without.missing]).toEqual([3, ['picks']]);
    const port = Number(new URL(quick.url).port);
    const slow = await startService(2000, port);
    expect([(await feed()).items.length, (await feed()).missing]).toEqual([3, ['picks']]);
    slow.child.kill('SIGKILL');
    await once(slow.child, 'close');
    await startService(0, port);
    expect((await feed()).missing).toEqual([]);
    await server.close();
  });
});
