import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, like, type Server, type Start } from '../../support/requests.ts';

/** Sends bytes as they are and returns all that comes until the server ends the connection, or until `until` is seen. */
export const rawExchange = (url: string, bytes: string, until?: RegExp): Promise<string> => new Promise((resolve, reject) => {
  const { hostname, port } = new URL(url);
  let text = '';
  const socket = connect(Number(port), hostname, () => { socket.write(bytes); });
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (until?.test(text) === true) { socket.destroy(); resolve(text); }
  });
  socket.on('end', () => { socket.end(); resolve(text); });
  socket.on('error', (error) => { if (text === '') reject(error); else resolve(text); });
});

export const protocolSuite = (start: Start): void => { describe('protocol', () => {
  let server: Server;
  beforeAll(async () => { server = await start(); });
  afterAll(() => server.close());

  test.each([
    ['POST', '/v1/members/42/feed', 'GET, HEAD'],
    ['PATCH', '/v1/entities/article/7', 'PUT, GET, HEAD, DELETE'],
    ['GET', '/v1/events', 'POST'],
    ['OPTIONS', '/v1/events', 'POST'],
    ['DELETE', '/metrics', 'GET, HEAD'],
  ])('%s %s is answered 405 with Allow: %s', async (method, path, allow) => {
    const answer = await call(server, path, { method });
    expect([answer.status, answer.headers.get('allow'), answer.json['code']]).toEqual([405, allow, 'client/methodNotAllowed']);
  });

  test('headers above the limit are answered 431', async () => {
    const text = await rawExchange(server.url, `GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
    expect(text).toContain('client/headersTooLarge');
  });

  test('what is not HTTP is answered 4xx and the server goes on', async () => {
    const text = await rawExchange(server.url, 'HELLO\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(text).toContain('application/problem+json');
    expect((await call(server, '/health/live')).status).toBe(200);
  });

  test('a malformed body does not cost the connection', async () => {
    const body = '{oops';
    const request = `POST /v1/events HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const text = await rawExchange(server.url, request + 'GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n', /"live":true/);
    expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*HTTP\/1\.1 200 /);
  });

  test('a name that only resolves to loopback is refused where no credentials are needed', async () => {
    const text = await rawExchange(server.url, 'GET /v1/members/42/feed HTTP/1.1\r\nhost: attacker.example:80\r\nconnection: close\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 403 /);
  });

  test('a page of another origin may not write where no credentials are needed', async () => {
    for (const origin of ['https://attacker.example', 'null', 'http://localhost:1']) {
      expect((await call(server, '/v1/events', { body: like(), headers: { origin } })).status).toBe(403);
    }
    expect((await call(server, '/v1/events', { body: [], headers: { origin: server.url } })).status).toBe(200);
  });

  test('no answer invites another origin to read it', async () => {
    const answer = await call(server, '/v1/members/42/consent', { headers: { origin: 'https://attacker.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });
}); };
