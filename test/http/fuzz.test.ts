import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../../src/http/routes/index.ts';
import { startServer, type TestServer } from '../support/http-server.ts';
import { article, like, ndjson } from '../support/requests.ts';

let server: TestServer;
beforeAll(async () => { server = await startServer(); });
afterAll(() => server.close());

const segment = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('42', 'article', 'member', '..', '%', '%00', 'constructor', '__proto__'));
const record = fc.oneof(
  fc.jsonValue(), fc.constant(null),
  fc.dictionary(fc.constantFrom('id', 'at', 'member', 'item', 'type', 'action', 'of', 'kind', 'attributes', 'constructor', 'toString'), fc.jsonValue()).map((changes) => like(changes)),
  fc.dictionary(fc.constantFrom('title', 'url', 'topics', 'hasOwnProperty'), fc.jsonValue()).map((attributes) => article('7', attributes)),
);
const body = fc.oneof(
  record.map((value) => JSON.stringify(value)), fc.array(record, { maxLength: 4 }).map((values) => JSON.stringify(values)), fc.array(record, { maxLength: 4 }).map(ndjson),
  fc.string({ unit: 'binary', maxLength: 60 }), fc.json().map((text) => text.slice(0, -1)),
);
const request = fc.record({
  route: fc.constantFrom(...ROUTES), method: fc.option(fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS'), { freq: 8 }),
  segments: fc.array(segment, { minLength: 2, maxLength: 2 }), query: fc.option(fc.webQueryParameters(), { freq: 3 }),
  type: fc.constantFrom('application/json', 'application/x-ndjson', 'text/plain', 'application/json; charset=utf-16', '*/*'), body,
});

test('whatever comes, the answer is a success or a problem that says what to do, never a failure inside', async () => {
  await fc.assert(fc.asyncProperty(request, async ({ route, method, segments, query, type, body: payload }) => {
    let place = 0;
    const path = route.path.replace(/\{\w+\}/g, () => encodeURIComponent(Buffer.from(segments[place++ % 2] ?? '').toString('utf8')) || 'x');
    const verb = method ?? route.method;
    const withBody = verb === 'PUT' || verb === 'POST' || verb === 'PATCH';
    const answer = await server.app.inject({
      method: verb, url: path + (query === null ? '' : `?${query}`),
      headers: { host: '127.0.0.1', ...(withBody ? { 'content-type': type } : {}) }, ...(withBody ? { payload } : {}),
    });
    expect(answer.statusCode).toBeLessThan(500);
    if (answer.statusCode < 400) return;
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const problem = answer.json<{ readonly status: number; readonly detail: string }>();
    expect(problem.status).toBe(answer.statusCode);
    expect(problem.detail).toMatch(/^[^\p{Cc}]+[.!?…]$/u);
  }), { seed: 11, numRuns: 1500 });
});
