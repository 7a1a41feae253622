import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey, type KeyRecord } from '../../../src/http/auth.ts';
import { SCOPES, type Scope } from '../../../src/core/scopes.ts';
import { call, like, type Answer, type Sent, type Server, type Start } from '../../support/requests.ts';

const makeKeys = (): { readonly records: readonly KeyRecord[]; readonly of: ReadonlyMap<Scope, string> } => {
  const of = new Map<Scope, string>();
  const records = SCOPES.map((scope) => {
    const { key, hash } = createKey();
    of.set(scope, key);
    return { name: scope, hash, scopes: [scope] };
  });
  return { records, of };
};

const bearer = (credential: string | undefined, sent: Sent = {}): Sent => ({ ...sent, headers: { ...sent.headers, authorization: `Bearer ${credential ?? ''}` } });

/** Route by route: the scope that opens it, whether a token of member 42 reaches it, and what it then answers where that is no success. */
const ROUTES: readonly { readonly path: string; readonly sent?: () => Sent; readonly scope: Scope; readonly own: boolean; readonly other?: string; readonly answers?: number }[] = [
  { path: '/v1/entities/article/7', sent: () => ({ method: 'PUT', body: { attributes: {} } }), scope: 'entities:write', own: false },
  { path: '/v1/entities/article/7', scope: 'entities:read', own: false },
  { path: '/v1/entities', sent: () => ({ body: [] }), scope: 'entities:write', own: false },
  { path: '/v1/events', sent: () => ({ body: like() }), scope: 'events:write', own: true },
  { path: '/v1/events/history', sent: () => ({ body: [] }), scope: 'events:write', own: false },
  { path: '/v1/members/42/feed', scope: 'feed:read', own: true, other: '/v1/members/9/feed' },
  { path: '/members/42', scope: 'feed:read', own: true, other: '/members/9' },
  { path: '/v1/members/42/consent', scope: 'entities:read', own: true, other: '/v1/members/9/consent' },
  { path: '/v1/members/42/consent', sent: () => ({ method: 'PUT', body: { profile: true, activity: true, graph: true, sequence: true } }), scope: 'entities:write', own: true, other: '/v1/members/9/consent' },
  { path: '/v1/experiments/order', sent: () => ({ method: 'PUT', body: { parameter: 'feedValues', variants: ['a', 'b'].map((name) => ({ name, weight: 0.5, value: { version: name, actions: { like: 1 } } })) } }), scope: 'experiments:write', own: false },
  { path: '/v1/experiments', scope: 'experiments:read', own: false },
  { path: '/v1/experiments/order', scope: 'experiments:read', own: false },
  { path: '/v1/experiments/order/preview?member=42', scope: 'experiments:read', own: false },
  { path: '/v1/experiments/order', sent: () => ({ method: 'DELETE' }), scope: 'experiments:write', own: false },
  { path: '/v1/models', scope: 'admin', own: false },
  { path: '/console/models', scope: 'admin', own: false },
  { path: '/members/42/journey', scope: 'traces:read', own: true, other: '/members/9/journey' },
  // Whoever may ask is told that there is no model.
  { path: '/v1/members/42/journey', scope: 'traces:read', own: true, other: '/v1/members/9/journey', answers: 409 },
  { path: '/v1/tokens', sent: () => ({ body: { member: 'member:42' } }), scope: 'tokens:write', own: false },
  { path: '/v1/members/42', sent: () => ({ method: 'DELETE' }), scope: 'members:erase', own: true, other: '/v1/members/9' },
  { path: '/v1/entities/article/7', sent: () => ({ method: 'DELETE' }), scope: 'entities:write', own: false },
];

export const authSuite = (start: Start): void => {
  describe('a server with keys', () => {
    const keys = makeKeys();
    let server: Server;
    const admin = (path: string, sent: Sent = {}): Promise<Answer> => call(server, path, bearer(keys.of.get('admin'), sent));
    const token = async (member: string): Promise<string> => String((await call(server, '/v1/tokens', bearer(keys.of.get('tokens:write'), { body: { member: `member:${member}` } }))).json['token']);
    beforeAll(async () => {
      server = await start({ keys: keys.records });
      await admin('/v1/entities', { body: [{ kind: 'member', id: '42', attributes: {} }, { kind: 'member', id: '9', attributes: {} }, { kind: 'article', id: '7', attributes: {} }] });
    });
    afterAll(() => server.close());

    test.each(ROUTES.map((route) => [`${route.sent?.().method ?? (route.sent === undefined ? 'GET' : 'POST')} ${route.path}`, route] as const))('%s: 401 without credentials, 403 with every other scope and others\' tokens, open to its scope', async (_name, { path, sent, scope, own, other, answers }) => {
      const anonymous = await call(server, path, sent?.() ?? {});
      expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      for (const wrong of SCOPES) {
        if (wrong === scope || wrong === 'admin') continue;
        expect([wrong, (await call(server, path, bearer(keys.of.get(wrong), sent?.()))).status]).toEqual([wrong, 403]);
      }
      const mine = await token('42');
      if (other !== undefined) expect((await call(server, other, bearer(mine, sent?.()))).status).toBe(403);
      if (!own) expect((await call(server, path, bearer(mine, sent?.()))).status).toBe(403);
      for (const credential of [...(own ? [mine] : []), keys.of.get(scope), keys.of.get('admin')]) {
        if (sent?.().method === 'DELETE' && credential !== keys.of.get(scope)) continue;
        expect(answers === undefined ? [200, 204] : [answers]).toContain((await call(server, path, bearer(credential, sent?.()))).status);
      }
    });

    test('a member token may erase its own member', async () => {
      await admin('/v1/entities', { body: [{ kind: 'member', id: '77', attributes: {} }] });
      expect((await call(server, '/v1/members/77', bearer(await token('77'), { method: 'DELETE' }))).status).toBe(200);
    });

    test('a member token sees its own traces and reasons; another\'s are as if they were not there', async () => {
      const page = (await admin('/v1/members/9/feed')).json;
      const path = `/v1/traces/${String(page['requestId'])}`;
      const [mine, theirs, none] = [await call(server, path, bearer(await token('9'))), await call(server, path, bearer(await token('42'))), await call(server, '/v1/traces/none', bearer(await token('42')))];
      expect([mine.status, theirs.status, theirs.text]).toEqual([200, 404, none.text]);
      const [item] = page['items'] as readonly { readonly trackingId: string }[];
      if (item !== undefined) {
        expect((await call(server, `/v1/members/42/why/${item.trackingId}`, bearer(await token('42')))).status).toBe(404);
        expect((await call(server, `/v1/members/9/why/${item.trackingId}`, bearer(await token('42')))).status).toBe(403);
      }
    });

    test('an event of another member is refused to a token, the token\'s own beside it is kept', async () => {
      const { status, json } = await call(server, '/v1/events', bearer(await token('42'), { body: [like({ member: 'member:9' }), like()] }));
      expect([status, json]).toMatchObject([200, { accepted: 1, rejected: [{ index: 0, code: 'client/forbidden', field: 'member' }] }]);
      expect((await call(server, '/v1/events', bearer(await token('42'), { body: like({ member: 'member:9' }) }))).status).toBe(403);
    });

    test('health and the description are open, metrics take any key and no token', async () => {
      for (const path of ['/health/live', '/health/ready', '/v1/openapi.json', '/']) expect((await call(server, path)).status).toBe(200);
      expect((await call(server, '/metrics')).status).toBe(401);
      expect((await call(server, '/metrics', bearer(await token('42')))).status).toBe(403);
      expect((await call(server, '/metrics', bearer(keys.of.get('feed:read')))).status).toBe(200);
    });

    test.each([
      ['a mistyped key', () => `${(keys.of.get('admin') ?? '').slice(0, -1)}!`, 'mistyped'],
      ['a key of another server', () => createKey().key, 'not one of this server'],
      ['a token nobody signed', () => 'eyJhbGciOiJub25lIn0.eyJzdWIiOiI0MiJ9.', 'not valid'],
    ])('%s is refused with 401', async (_name, credential, says) => {
      const answer = await call(server, '/v1/members/42/feed', bearer(credential()));
      expect([answer.status, answer.json['code']]).toEqual([401, 'client/unauthorized']);
      expect(answer.json['detail']).toContain(says);
    });
  });

  describe('a server on loopback without keys', () => {
    let server: Server;
    beforeAll(async () => { server = await start(); });
    afterAll(() => server.close());

    test('needs no credentials, mints tokens, and enforces those presented', async () => {
      expect((await call(server, '/v1/members/42/consent')).status).toBe(200);
      const { json } = await call(server, '/v1/tokens', { body: { member: 'member:42' } });
      expect((await call(server, '/v1/members/42/consent', bearer(String(json['token'])))).status).toBe(200);
      expect((await call(server, '/v1/members/9/consent', bearer(String(json['token'])))).status).toBe(403);
      expect((await call(server, '/v1/members/42/consent', bearer('nonsense'))).status).toBe(401);
    });
  });
};
