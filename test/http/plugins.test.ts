import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FeedPage } from '../../src/http/contracts.ts';
import { spawnServer, temporaryFolder } from '../support/real-server.ts';
import { call } from '../support/requests.ts';

const PLUGIN = resolve('test/fixtures/plugins/podcasts.mjs');

describe.each([0, 2])('a plug-in named in the configuration, with %i workers', (workers) => {
  test('adds a kind, an action and a ranker, which survive a restart', async () => {
    const data = temporaryFolder();
    let server = await spawnServer({ data, workers, plugins: [PLUGIN] });
    const at = new Date().toISOString();
    const put = await call(server, '/v1/entities', { body: [
      { kind: 'member', id: '1', attributes: {} }, { kind: 'podcast', id: 'p1', attributes: { title: 'First', minutes: 12 } }, { kind: 'podcast', id: 'p2', attributes: { title: 'Second', minutes: 'many' } },
    ] });
    expect(put.json).toMatchObject({ accepted: 2, rejected: [{ index: 2, field: 'attributes.minutes' }] });
    expect((await call(server, '/v1/events', { body: { type: 'action', id: 'e1', member: 'member:1', item: 'podcast:p1', action: 'listen', at } })).json).toMatchObject({ accepted: 1 });
    expect((await call(server, '/v1/events', { body: { type: 'action', id: 'e2', member: 'member:1', item: 'member:1', action: 'listen', at } })).status).toBe(422);
    const first = async (): Promise<FeedPage> => (await call(server, '/v1/members/1/feed')).json as unknown as FeedPage;
    const shown = { item: 'podcast:p1', kind: 'podcast', card: { title: 'First' }, viewer: { actions: ['listen'] } };
    const page = await first();
    expect(page.items).toMatchObject([shown]);
    expect((await call(server, `/v1/traces/${page.requestId}`)).json).toMatchObject({ items: [{ firstPass: { podcasts: 2 } }] });
    await server.close();
    server = await spawnServer({ data, workers, plugins: [PLUGIN] });
    expect((await first()).items).toMatchObject([shown]);
    await server.close();
    // Without the plug-in the store opens all the same; what it brought is there and says so.
    server = await spawnServer({ data, workers });
    expect((await call(server, '/health/ready')).status).toBe(200);
    await server.close();
  });
});
