/** Parts that break in a server that runs: pages go on, full, and say what is missing. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FeedPage } from '../../src/http/contracts.ts';
import { publishJourney } from '../support/journey-model.ts';
import { spawnServer, temporaryFolder, type Spawned } from '../support/real-server.ts';
import { call } from '../support/requests.ts';

const ARTICLES = Array.from({ length: 20 }, (_, n) => `a${n}`);
const feedOf = async (server: Spawned): Promise<FeedPage> => {
  const { status, json } = await call(server, '/v1/members/1/feed');
  expect(status).toBe(200);
  return json as unknown as FeedPage;
};
const fill = async (server: Spawned): Promise<void> => {
  const { json } = await call(server, '/v1/entities', { body: [{ kind: 'member', id: '1', attributes: { topics: ['data'] } }, ...ARTICLES.map((id) => ({ kind: 'article', id, attributes: { title: id, topics: ['data'] } }))] });
  expect(json).toMatchObject({ accepted: 21 });
};
const click = async (server: Spawned, id: string): Promise<void> => {
  const { json } = await call(server, '/v1/events', { body: { type: 'action', id, member: 'member:1', item: 'article:a3', action: 'click', at: new Date().toISOString() } });
  expect(json).toMatchObject({ accepted: 1 });
};

describe.each([0, 2])('with %i workers', (workers) => {
  test('the thread that encodes states dies: pages stay full, events are accepted and count, and the fault is told', async () => {
    const data = temporaryFolder();
    await publishJourney(data, { items: ARTICLES.map((id) => `article:${id}`) });
    const plugins = [resolve('test/fixtures/plugins/encoder-dies.mjs')];
    const server = await spawnServer({ data, workers, plugins });
    let told = '';
    server.child.stderr?.on('data', (text: string) => { told += text; });
    await fill(server);
    await click(server, 'e1');
    const before = await feedOf(server);
    expect([before.items.length, before.missing]).toEqual([20, []]);
    writeFileSync(join(data, 'die'), '');
    while (!told.includes('the encoder dies')) await once(server.child.stderr ?? server.child, 'data');
    for (let n = 0; n < 3; n++) {
      await click(server, `later${n}`);
      const after = await feedOf(server);
      expect([after.items.length, new Set(after.items.map(({ item }) => item)).size]).toEqual([20, 20]);
    }
    expect((await feedOf(server)).items.find(({ item }) => item === 'article:a3')?.viewer.actions).toContain('click');
    await server.close();
  });

  test('a plug-in returns what does not exist: it is left out, what exists is kept, and the trace counts the rest', async () => {
    const server = await spawnServer({ workers, plugins: [resolve('test/fixtures/plugins/unknown-items.mjs')] });
    await fill(server);
    const page = await feedOf(server);
    expect([page.items.length, page.missing]).toEqual([20, []]);
    expect(page.items.every(({ item }) => ARTICLES.includes(item.slice('article:'.length)))).toBe(true);
    const { items, workflow } = (await call(server, `/v1/traces/${page.requestId}`)).json as unknown as { readonly items: readonly { readonly item: string; readonly firstPass: Readonly<Record<string, number>> }[]; readonly workflow: object };
    expect(items.filter(({ firstPass }) => firstPass['strangers'] !== undefined).map(({ item }) => item)).toEqual(['article:a1']);
    expect(JSON.stringify(workflow)).toMatch(/"operator":"strangers"[^{]*"removed":\{"noEntityOrScore":4\}/u);
    await server.close();
  });
});
