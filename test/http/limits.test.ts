import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { closeGracefully } from '../../src/http/server.ts';
import { startServer, type TestServer } from '../support/http-server.ts';
import { article, call, like, ndjson } from '../support/requests.ts';
import { rawExchange } from './suites/protocol.ts';

const withServer = async (options: Parameters<typeof startServer>[0], use: (server: TestServer) => Promise<void>): Promise<void> => {
  const server = await startServer(options);
  try { await use(server); } finally { await server.close(); }
};

const inFlight = async (server: TestServer, wanted: number): Promise<void> => {
  for (let tries = 0; tries < 200; tries++) {
    if ((await call(server, '/metrics')).text.includes(`throughline_http_requests_in_flight ${wanted}\n`)) return;
    await sleep(5);
  }
  throw new Error(`never saw ${wanted} requests in flight`);
};

describe('requests in flight', () => {
  test('the surplus is answered 503 with Retry-After, events last, health never, and all is taken again afterwards', () => withServer({ limits: { requestsInFlight: 8 } }, async (server) => {
    const release = server.platform.holdFeeds();
    const held = Array.from({ length: 7 }, () => call(server, '/v1/members/42/feed'));
    await inFlight(server, 7);
    const shed = await call(server, '/v1/members/42/feed');
    expect([shed.status, shed.json['code'], shed.headers.get('retry-after')]).toEqual([503, 'server/overloaded', '1']);
    expect((await call(server, '/v1/events', { body: like() })).status).toBe(200);
    expect((await call(server, '/health/live')).status).toBe(200);
    release();
    expect((await Promise.all(held)).map((answer) => answer.status)).toEqual(Array.from({ length: 7 }, () => 200));
    expect((await call(server, '/v1/members/42/feed')).status).toBe(200);
    expect((await call(server, '/metrics')).text).toContain('throughline_http_requests_shed_total 1');
  }));

  test('a caller that goes away gives its place back', () => withServer({}, async (server) => {
    const release = server.platform.holdFeeds();
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write('GET /v1/members/42/feed HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await inFlight(server, 1);
    socket.destroy();
    await inFlight(server, 0);
    release();
  }));
});

describe('slow callers', () => {
  test('a body that does not come is answered 408', () => withServer({ limits: { bodyTimeoutMs: 100 } }, async (server) => {
    const text = await rawExchange(server.url, 'POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"type"');
    expect(text).toMatch(/^HTTP\/1\.1 408 [\s\S]*client\/timeout/);
  }));

  test('headers that do not come are answered 408', () => withServer({ limits: { headersTimeoutMs: 200 } }, async (server) => {
    expect(await rawExchange(server.url, 'GET /health/live HTTP/1.1\r\nhost: local')).toMatch(/^HTTP\/1\.1 408 [\s\S]*client\/timeout/);
  }));

  test('a stream that stops is given up, and what it brought is kept', () => withServer({ limits: { bodyTimeoutMs: 100 } }, async (server) => {
    const lines = ndjson(Array.from({ length: 1000 }, (_, n) => article(`s${n}`)));
    await rawExchange(server.url, `POST /v1/entities HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\ncontent-length: 100000000\r\n\r\n${lines}\n`).catch(() => '');
    expect(server.platform.entities.size).toBe(1000);
    expect((await call(server, '/health/live')).status).toBe(200);
  }));
});

describe('sizes', () => {
  test('a body longer than its limit is refused by what it says of itself and by what it is', () => withServer({ limits: { bodyBytes: 1000 } }, async (server) => {
    const body = JSON.stringify(Array.from({ length: 10 }, () => like()));
    const declared = await call(server, '/v1/events', { raw: body });
    expect([declared.status, declared.json['code']]).toEqual([413, 'client/tooLarge']);
    const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    expect(await rawExchange(server.url, `POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`)).toMatch(/^HTTP\/1\.1 413 [\s\S]*client\/tooLarge/);
  }));

  test('a line longer than its limit is refused alone', () => withServer({ limits: { lineBytes: 300 } }, async (server) => {
    const { json } = await call(server, '/v1/entities', { raw: ndjson([article('x'), article('y', { title: 'y'.repeat(290) }), article('z')]), type: 'application/x-ndjson' });
    expect(json).toMatchObject({ accepted: 2, rejected: [{ index: 1, line: 2, code: 'client/tooLarge' }] });
  }));

  test('rejections beyond those listed are counted', () => withServer({ limits: { listedRejections: 2 } }, async (server) => {
    const { json } = await call(server, '/v1/entities', { raw: ndjson([article('x'), '{', '{', '{', '{']), type: 'application/x-ndjson' });
    expect(json).toMatchObject({ accepted: 1, rejected: [{ index: 1 }, { index: 2 }], rejectedUnlisted: 2 });
  }));

  test('a stream waits for the store: what has not been written is not read', () => withServer({ limits: { bodyBytes: 1000 } }, async (server) => {
    const block = Buffer.from(`${JSON.stringify(article('same', { title: 't'.repeat(200), summary: 's'.repeat(2000) }))}\n`.repeat(100));
    const blocks = Math.ceil(64 * 1024 * 1024 / block.length);
    const release = server.platform.holdWrites();
    const sending = request(`${server.url}/v1/entities`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson', 'content-length': block.length * blocks } });
    const answer = once(sending, 'response') as Promise<[IncomingMessage]>;
    let sent = 0;
    const pump = (): void => {
      while (sent++ < blocks) if (!sending.write(block)) { sending.once('drain', pump); return; }
      sending.end();
    };
    pump();
    await sleep(500);
    // What the kernel holds of a loopback connection, the framework's buffers and one chunk.
    expect(sent * block.length).toBeLessThan(24 * 1024 * 1024);
    release();
    const [response] = await answer;
    expect(JSON.parse(await text(response))).toEqual({ accepted: blocks * 100, duplicates: 0, rejected: [] });
  }));
});

describe('a store that cannot be written', () => {
  test('is answered 503 with Retry-After, and reads go on', () => withServer({}, async (server) => {
    server.platform.failWrites();
    const answer = await call(server, '/v1/events', { body: like() });
    expect([answer.status, answer.json['code'], answer.headers.get('retry-after')]).toEqual([503, 'server/storeUnwritable', '30']);
    expect((await call(server, '/v1/members/42/feed')).status).toBe(200);
  }));

  test('in the middle of a stream says how much of it is stored', () => withServer({}, async (server) => {
    const records = Array.from({ length: 1500 }, (_, n) => article(`m${n}`));
    server.platform.failWrites({ after: 1 });
    const { status, json } = await call(server, '/v1/entities', { raw: ndjson(records), type: 'application/x-ndjson' });
    expect([status, json]).toMatchObject([503, { code: 'server/storeUnwritable', accepted: 1000, duplicates: 0 }]);
  }));
});

describe('closing', () => {
  test('finishes what is in flight on a kept connection and then lets it go', async () => {
    const server = await startServer();
    const release = server.platform.holdFeeds();
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    socket.write('GET /v1/members/42/feed HTTP/1.1\r\nhost: localhost\r\nconnection: keep-alive\r\n\r\n');
    await inFlight(server, 1);
    const closed = closeGracefully(server.app, { withinMs: 5000 });
    await sleep(20);
    release();
    await Promise.all([closed, once(socket, 'close')]);
    expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*"member":"member:42"/);
    await expect(fetch(`${server.url}/health/live`)).rejects.toThrow();
  });

  test('a request on a kept connection while closing is answered and its connection closed', async () => {
    const server = await startServer();
    const release = server.platform.holdFeeds();
    const get = 'GET /v1/members/42/feed HTTP/1.1\r\nhost: localhost\r\n\r\n';
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    socket.write(get);
    await inFlight(server, 1);
    const closed = closeGracefully(server.app, { withinMs: 5000 });
    await sleep(20);
    socket.write(get);
    await sleep(20);
    release();
    await Promise.all([closed, once(socket, 'close')]);
    expect(text.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
    expect(text.toLowerCase()).toContain('connection: close');
  });

  test('gives up on a caller that does not end', async () => {
    const server = await startServer();
    server.platform.holdFeeds();
    const hanging = call(server, '/v1/members/42/feed').catch(() => 'cut off');
    await inFlight(server, 1);
    await closeGracefully(server.app, { withinMs: 100 });
    expect(await hanging).toBe('cut off');
  });
});
