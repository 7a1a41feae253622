import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FEATURE_NAMES } from '../../src/models/features.ts';
import { featureSetHash, type ServingModel } from '../../src/feed/second-pass.ts';
import type { FeedPage } from '../../src/http/contracts.ts';
import { ALL_SIGNALS } from '../../src/core/registry.ts';
import { namesOf, openTestPlatform, page, serveInProcess, spawnServer, temporaryFolder, type InProcess, type Spawned } from '../support/real-server.ts';
import { call, type Answer, type Sent } from '../support/requests.ts';

/** A model by which the newest are liked and the oldest are shared, so that tables of values disagree on the order. */
const byAge = (name: string, weight: number): ServingModel['heads'][number] => ({ name, bias: 0, weights: FEATURE_NAMES.map((feature) => (feature === 'logAgeHours' ? weight : 0)) });
const MODEL: ServingModel = { version: 'by-age', featureSetHash: featureSetHash(), heads: [byAge('like', -1), byAge('share', 1)] };
const [NEW, OLD] = [{ version: 'likes', actions: { like: 1 } }, { version: 'shares', actions: { share: 1 } }];
const experiment = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  ({ parameter: 'feedValues', variants: [{ name: 'new', weight: 0.5, value: NEW }, { name: 'old', weight: 0.5, value: OLD }], ...changes });
const ENTITIES = [
  ...['ana', 'ben', 'cleo'].map((id) => ({ kind: 'member', id, attributes: { locale: id === 'ana' ? 'de' : 'en', skills: ['SQL'] } })),
  ...Array.from({ length: 12 }, (_, n) => ({ kind: 'article', id: `a${n}`, createdAt: new Date(Date.now() - 2 ** (11 - n) * 3_600_000).toISOString(), attributes: { title: `Title ${n}` } })),
];

describe('experiments over HTTP', () => {
  let server: InProcess;
  beforeAll(async () => {
    server = await serveInProcess();
    await server.platform.putEntities(ENTITIES);
    await server.platform.publish(MODEL);
  });
  afterAll(() => server.close());
  const put = (key: string, body: unknown): Promise<Answer> => call(server, `/v1/experiments/${key}`, { method: 'PUT', body });
  const clear = async (): Promise<void> => {
    for (const { key } of (await call(server, '/v1/experiments')).json['experiments'] as { readonly key: string }[]) await call(server, `/v1/experiments/${key}`, { method: 'DELETE' });
  };
  const feed = async (member: string, query = 'limit=12'): Promise<FeedPage> => (await call(server, `/v1/members/${member}/feed?${query}`)).json as unknown as FeedPage;
  const served = async (requestId: string): Promise<readonly unknown[]> => { const { json } = await call(server, `/v1/traces/${requestId}`); return [json['weights'], json['assignments']]; };

  test('are written, read, listed and removed', async () => {
    await clear();
    const written = await put('order', experiment({ about: 'Old things are good things' }));
    expect([written.status, written.json]).toMatchObject([200, { key: 'order', layer: 'order', seed: 'order', status: 'running', coverage: 1, hashVersion: 2, range: { from: 0, to: 10_000 } }]);
    expect((await call(server, '/v1/experiments/order')).json).toEqual(written.json);
    expect((await call(server, '/v1/experiments')).json).toEqual({ experiments: [written.json] });
    expect((await call(server, '/v1/experiments/order', { method: 'DELETE' })).status).toBe(204);
    expect((await call(server, '/v1/experiments/order')).json['code']).toBe('client/notFound');
    expect((await call(server, '/v1/experiments/order', { method: 'DELETE' })).status).toBe(404);
    expect((await call(server, '/v1/experiments')).json).toEqual({ experiments: [] });
  });

  test('decide the table of values that a page follows; the page says which, and to what its viewer was exposed', async () => {
    await clear();
    const before = await feed('ana');
    expect(await served(before.requestId)).toEqual(['values-1', {}]);
    await put('order', experiment({ overrides: { ana: 'old', ben: 'new' } }));
    const [old, young] = [await feed('ana'), await feed('ben')];
    expect(namesOf(old.items)[0]).toBe('article:a0');
    expect(namesOf(young.items)[0]).toBe('article:a11');
    expect(await served(old.requestId)).toEqual(['shares', { order: 'old' }]);
    expect(await served(young.requestId)).toEqual(['likes', { order: 'new' }]);
    // A later page too: its order was decided by the variant.
    const first = await feed('ana', 'limit=5');
    expect(await served((await feed('ana', `limit=5&cursor=${first.nextCursor ?? ''}`)).requestId)).toEqual(['shares', { order: 'old' }]);
  });

  test('expose nobody where nothing depends on them: a page by time, a preview, a member who is not in it', async () => {
    await clear();
    await put('order', experiment({ coverage: 0, overrides: { ana: 'old' } }));
    expect(await served((await feed('ana', 'sort=recent')).requestId)).toEqual(['values-1', {}]);
    expect(await served((await feed('ben')).requestId)).toEqual(['values-1', {}]);
  });

  test('are previewed for one member, with the reason', async () => {
    await clear();
    const preview = async (member: string): Promise<unknown> => (await call(server, `/v1/experiments/order/preview?member=${member}`)).json;
    await put('order', experiment({ condition: { locale: 'de' }, overrides: { cleo: 'new' } }));
    expect(await preview('cleo')).toEqual({ experiment: 'order', member: 'member:cleo', parameter: 'feedValues', variant: 'new', reason: 'OVERRIDE', value: NEW });
    expect(await preview('ana')).toMatchObject({ reason: 'TARGETING_MATCH', variant: expect.stringMatching(/^(?:new|old)$/u) as unknown });
    expect(await preview('ben')).toMatchObject({ reason: 'DEFAULT', variant: null, value: { version: 'values-1' } });
    await put('order', experiment());
    expect(await preview('ben')).toMatchObject({ reason: 'SPLIT' });
    await put('order', experiment({ status: 'stopped' }));
    expect(await preview('ben')).toMatchObject({ reason: 'DISABLED', variant: null });
  });

  test('look at nothing that a member withholds', async () => {
    await clear();
    await put('order', experiment({ condition: { locale: 'de', skills: { $elemMatch: { $eq: 'SQL' } } } }));
    const reason = async (): Promise<unknown> => (await call(server, '/v1/experiments/order/preview?member=ana')).json['reason'];
    expect(await reason()).toBe('TARGETING_MATCH');
    await call(server, '/v1/members/ana/consent', { method: 'PUT', body: { ...ALL_SIGNALS, profile: false } });
    expect(await reason()).toBe('DEFAULT');
    await call(server, '/v1/members/ana/consent', { method: 'PUT', body: ALL_SIGNALS });
  });

  test('are stopped by the next request', async () => {
    await clear();
    await put('order', experiment({ overrides: { ana: 'old' } }));
    expect(await served((await feed('ana')).requestId)).toEqual(['shares', { order: 'old' }]);
    await put('order', experiment({ overrides: { ana: 'old' }, status: 'stopped' }));
    expect(await served((await feed('ana')).requestId)).toEqual(['values-1', {}]);
  });

  test.each<[string, unknown, string, string]>([
    ['weights that do not add up', experiment({ variants: [{ name: 'new', weight: 0.5, value: NEW }, { name: 'old', weight: 0.2, value: OLD }] }), 'variants', 'The weights of the variants add up to 0.7 and must add up to 1'],
    ['an unknown parameter', experiment({ parameter: 'colour' }), 'parameter', 'parameters: feedValues'],
    ['a table with an action that nobody predicts', experiment({ variants: [{ name: 'new', weight: 0.5, value: NEW }, { name: 'old', weight: 0.5, value: { version: 'x', actions: { applaud: 1 } } }] }), 'variants', '"applaud"'],
    ['a table that is none', experiment({ variants: [{ name: 'new', weight: 0.5, value: NEW }, { name: 'old', weight: 0.5, value: [1, 2] }] }), 'variants', 'the variant "old" is none for feedValues'],
    ['two tables of one version', experiment({ variants: [{ name: 'new', weight: 0.5, value: NEW }, { name: 'old', weight: 0.5, value: { ...OLD, version: 'likes' } }] }), 'variants', 'different values of the version "likes"'],
    ['an unknown attribute', experiment({ condition: { colour: 'red' } }), 'condition', 'known: company'],
    ['an expression that may take for ever', experiment({ condition: { place: { $regex: '(a+)+$' } } }), 'condition', 'repeats a group'],
    ['a variant that is not there', experiment({ overrides: { ana: 'odd' } }), 'overrides', '"odd"'],
    ['an unknown field', experiment({ trafic: 0.5 }), 'trafic', 'Unknown field "trafic"'],
    ['a list', [experiment()], '', 'must be an object'],
    ['a value of a thousand levels', experiment({ variants: [{ name: 'new', weight: 0.5, value: NEW }, { name: 'old', weight: 0.5, value: JSON.parse(`${'['.repeat(1000)}${']'.repeat(1000)}`) as unknown }] }), 'variants', 'the variant "old" is none'],
  ])('with %s are refused in one sentence', async (...[, body, field, says]) => {
    await clear();
    const { status, json } = await put('order', body);
    expect([status, json['code'], json['field'] ?? '']).toEqual([422, 'client/invalidRequest', field]);
    expect(json['detail']).toContain(says);
    expect((await call(server, '/v1/experiments')).json).toEqual({ experiments: [] });
  });

  test('that would overlap are refused, naming both', async () => {
    await clear();
    await put('first', experiment({ layer: 'feed', range: { from: 0, to: 6000 } }));
    const overlapping = await put('second', experiment({ layer: 'feed', range: { from: 5000, to: 10_000 } }));
    expect([overlapping.status, overlapping.json['field'], overlapping.json['detail']]).toEqual([422, 'range', 'The ranges of two running experiments overlap in the layer "feed": "second" from 5000 to 10000, "first" from 0 to 6000; move one, or stop one.']);
    expect((await put('second', experiment({ layer: 'other', range: { from: 6000, to: 10_000 } }))).json['detail']).toContain('"second" and the running "first" both vary feedValues in different layers');
    expect((await put('second', experiment({ layer: 'feed', range: { from: 6000, to: 10_000 } }))).status).toBe(200);
    // At the same time, as two operators would: one of them comes second.
    await clear();
    const both = await Promise.all(['first', 'second'].map((key) => put(key, experiment({ layer: 'feed' }))));
    expect(both.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 422]));
  });

  test('of a wrong key, member or query are refused', async () => {
    await clear();
    expect((await put('a%20b', experiment())).json['code']).toBe('client/invalidReference');
    expect((await put('-a', experiment())).json).toMatchObject({ code: 'client/invalidRequest', field: 'key' });
    expect((await put('order', experiment())).status).toBe(200);
    expect((await call(server, '/v1/experiments/order/preview')).json).toMatchObject({ code: 'client/invalidRequest', field: 'member' });
    expect((await call(server, '/v1/experiments/order/preview?member=nobody')).json).toMatchObject({ code: 'client/notFound', detail: expect.stringContaining('"nobody"') as unknown });
    expect((await call(server, '/v1/experiments/none/preview?member=ana')).json).toMatchObject({ code: 'client/notFound', detail: expect.stringContaining('"none"') as unknown });
  });
});

test('experiments survive a restart, and an erased member is in none of them', async () => {
  const data = temporaryFolder();
  const first = await openTestPlatform({ data });
  await first.putEntities(ENTITIES);
  await first.putExperiment('order', experiment({ overrides: { ana: 'old', ben: 'old' } }));
  await first.putExperiment('over', experiment({ status: 'stopped' }));
  await first.deleteExperiment('over');
  await first.erase('ana');
  expect((await first.getExperiment('order'))?.overrides).toEqual({ ben: 'old' });
  const before = await first.experiments();
  await first.close();
  const second = await openTestPlatform({ data });
  expect(await second.experiments()).toEqual(before);
  const { requestId } = await page(second, 'ben');
  expect(await second.trace(requestId)).toMatchObject({ weights: 'shares', assignments: { order: 'old' } });
  await second.close();
});

describe('with two workers', () => {
  let server: Spawned;
  beforeAll(async () => {
    server = await spawnServer({ workers: 2 });
    await call(server, '/v1/entities', { body: ENTITIES });
  });
  afterAll(() => server.close());
  /** A connection of its own, so that either worker may take it. */
  const ask = (path: string, sent: Sent = {}): Promise<Answer> => call(server, path, { ...sent, headers: { ...sent.headers, connection: 'close' } });

  test('an experiment begins, and is stopped or removed, with the next request of either', async () => {
    const put = async (status: string): Promise<void> => { expect((await ask('/v1/experiments/order', { method: 'PUT', body: experiment({ status, overrides: { ana: 'old' } }) })).status).toBe(200); };
    const assigned = async (): Promise<unknown> => {
      const { json } = await ask('/v1/members/ana/feed?limit=1');
      return (await ask(`/v1/traces/${String(json['requestId'])}`)).json['assignments'];
    };
    for (let round = 0; round < 15; round++) {
      await put('running');
      expect(await Promise.all([assigned(), assigned()])).toEqual([{ order: 'old' }, { order: 'old' }]);
      if (round % 2 === 0) await put('stopped');
      else expect((await ask('/v1/experiments/order', { method: 'DELETE' })).status).toBe(204);
      expect(await Promise.all([assigned(), assigned()])).toEqual([{}, {}]);
    }
  });

  test('one that cannot run is refused by either in the same words', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask('/v1/experiments/odd', { method: 'PUT', body: experiment({ variants: [{ name: 'a', weight: 0.1, value: NEW }, { name: 'b', weight: 0.1, value: OLD }] }) })));
    expect(new Set(answers.map(({ status, json }) => `${status} ${String(json['detail'])}`)).size).toBe(1);
  });
});
