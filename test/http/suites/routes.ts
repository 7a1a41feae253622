import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchAnswerSchema, entityViewSchema, feedPageSchema, healthSchema, whySchema } from '../../../src/http/contracts.ts';
import { article, call, like, type Server, type Start } from '../../support/requests.ts';

export const routeSuite = (start: Start): void => { describe('routes', () => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
    await call(server, '/v1/entities', { body: [{ kind: 'member', id: '42', attributes: { name: 'Ana' } }, ...Array.from({ length: 30 }, (_, n) => article(`a${n}`)), article('7')] });
  });
  afterAll(() => server.close());

  test('an entity is written, read, replaced and deleted', async () => {
    const written = await call(server, '/v1/entities/article/one', { method: 'PUT', body: { attributes: { title: 'First' } } });
    expect(written.status).toBe(200);
    expect(entityViewSchema.parse(written.json)).toMatchObject({ kind: 'article', id: 'one', attributes: { title: 'First' } });
    await call(server, '/v1/entities/article/one', { method: 'PUT', body: { attributes: { title: 'Second' } } });
    expect((await call(server, '/v1/entities/article/one')).json).toMatchObject({ attributes: { title: 'Second' } });
    expect((await call(server, '/v1/entities/article/one', { method: 'DELETE' })).status).toBe(204);
    expect((await call(server, '/v1/entities/article/one')).status).toBe(404);
    expect((await call(server, '/v1/entities/article/one', { method: 'DELETE' })).status).toBe(404);
  });

  test('an event is accepted once and a repeat of it is a duplicate', async () => {
    const event = like();
    const first = await call(server, '/v1/events', { body: event });
    expect([first.status, batchAnswerSchema.parse(first.json)]).toEqual([200, { accepted: 1, duplicates: 0, rejected: [] }]);
    expect((await call(server, '/v1/events', { body: [event] })).json).toEqual({ accepted: 0, duplicates: 1, rejected: [] });
  });

  test('the same event id with another payload is a conflict', async () => {
    const event = like();
    await call(server, '/v1/events', { body: event });
    const again = await call(server, '/v1/events', { body: { ...event, action: 'share' } });
    expect([again.status, again.json['code']]).toEqual([409, 'client/conflict']);
  });

  test('history takes events that the live route refuses as too old', async () => {
    const event = like({ at: '2020-01-01T00:00:00Z' });
    const live = await call(server, '/v1/events', { body: event });
    expect([live.status, live.json['code']]).toEqual([422, 'client/tooOld']);
    expect((await call(server, '/v1/events/history', { body: [event] })).json).toMatchObject({ accepted: 1 });
  });

  test('a feed page has the shape of the contract and is not cached', async () => {
    const answer = await call(server, '/v1/members/42/feed?limit=5&sort=recent');
    expect(answer.status).toBe(200);
    const page = feedPageSchema.parse(answer.json);
    expect(page.items.length).toBe(5);
    expect([page.member, page.sort, answer.headers.get('x-request-id'), answer.headers.get('cache-control')]).toEqual(['member:42', 'recent', page.requestId, 'no-store']);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test('a cursor continues where the page before ended', async () => {
    const first = feedPageSchema.parse((await call(server, '/v1/members/42/feed?limit=4&sort=recent')).json);
    const second = feedPageSchema.parse((await call(server, `/v1/members/42/feed?limit=4&sort=recent&cursor=${encodeURIComponent(first.nextCursor ?? '')}`)).json);
    expect(second.items.map((item) => item.position)).toEqual([4, 5, 6, 7]);
    const seen = new Set(first.items.map((item) => item.item));
    expect(second.items.filter((item) => seen.has(item.item))).toEqual([]);
  });

  test('a served item says why to its member, in two sentences', async () => {
    const page = feedPageSchema.parse((await call(server, '/v1/members/42/feed?limit=1')).json);
    const tracking = page.items[0]?.trackingId ?? '';
    const why = await call(server, `/v1/members/42/why/${tracking}`);
    expect(whySchema.parse(why.json).trackingId).toBe(tracking);
    expect((await call(server, `/v1/members/43/why/${tracking}`)).status).toBe(404);
  });

  test('a served request has a trace', async () => {
    const page = feedPageSchema.parse((await call(server, '/v1/members/42/feed')).json);
    expect((await call(server, `/v1/traces/${page.requestId}`)).json).toMatchObject({ requestId: page.requestId, member: 'member:42' });
    expect((await call(server, '/v1/traces/unknown')).status).toBe(404);
  });

  test('the server says that it lives and that it is ready', async () => {
    expect((await call(server, '/health/live')).json).toEqual({ live: true });
    expect(healthSchema.parse((await call(server, '/health/ready')).json)).toMatchObject({ ready: true, writable: true });
  });

  test('the metrics count requests by route and status', async () => {
    await call(server, '/v1/members/42/feed');
    const { text, headers } = await call(server, '/metrics');
    expect(headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(text).toMatch(/throughline_http_request_duration_seconds_count\{route="GET \/v1\/members\/\{id\}\/feed",status="200"\} \d+/);
  });

  test('the description lists the feed, and every problem type leads to its meaning', async () => {
    expect((await call(server, '/v1/openapi.json')).json).toMatchObject({ openapi: '3.1.0', paths: { '/v1/members/{id}/feed': {} } });
    const { json } = await call(server, '/v1/entities/article/none');
    expect((await call(server, String(json['type']))).text).toContain('There is no such thing here.');
  });

  test('HEAD answers as GET without a body', async () => {
    const answer = await call(server, '/v1/members/42/feed', { method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  test('the front page is HTML that runs nothing of another origin', async () => {
    const answer = await call(server, '/');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });
}); };
