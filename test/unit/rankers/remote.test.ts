import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { isInside } from '../../../src/rankers/remote/addresses.ts';
import { createBreaker } from '../../../src/rankers/remote/breaker.ts';
import { remoteRanker, remoteSchema } from '../../../src/rankers/remote/ranker.ts';
import type { PluginCandidate, PluginRequest } from '../../../src/rankers/ranker.ts';

const open: Server[] = [];
afterEach(() => { for (const server of open.splice(0)) { server.closeAllConnections(); server.close(); } });

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;
const serviceAt = async (handler: Handler): Promise<{ readonly url: string; readonly calls: () => number }> => {
  let calls = 0;
  const server = createServer((request, response) => {
    calls++;
    let body = '';
    request.on('data', (part: Buffer) => { body += part.toString(); });
    request.on('end', () => { handler(request, response, body); });
  });
  open.push(server);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rank`, calls: () => calls };
};
const says = (answer: unknown): Handler => (_request, response) => { response.end(typeof answer === 'string' ? answer : JSON.stringify(answer)); };

const asked = (over: Partial<PluginRequest> = {}): PluginRequest => ({ viewer: { kind: 'member', id: 'ana' }, limit: 10, now: 1000, locale: 'en', signal: AbortSignal.timeout(5000), ...over });
const optionsOf = (over: Readonly<Record<string, unknown>>): Parameters<typeof remoteRanker>[0] => remoteSchema.parse({ name: 'courses', kinds: ['course'], privateAddresses: true, ...over });
const rank = async (over: Readonly<Record<string, unknown>>, request = asked()): Promise<readonly PluginCandidate[]> => {
  const ranker = remoteRanker(optionsOf(over));
  return ranker.transform(await ranker.fetch(request), request);
};

describe('a remote ranker', () => {
  test('tells the service who asks, and reads an answer in our form', async () => {
    const heard: unknown[] = [];
    const { url } = await serviceAt((request, response, body) => { heard.push(request.headers['x-key'], JSON.parse(body)); says({ candidates: [{ item: 'course:7', score: 2, reason: 'fitsProfile' }, { item: 'course:8', score: 1 }] })(request, response, body); });
    expect(await rank({ url, headers: { 'x-key': 'secret' } })).toEqual([{ item: { kind: 'course', id: '7' }, score: 2, reason: 'fitsProfile' }, { item: { kind: 'course', id: '8' }, score: 1, reason: 'popularNow' }]);
    expect(heard).toEqual(['secret', { member: { kind: 'member', id: 'ana' }, limit: 10, now: 1000, locale: 'en' }]);
  });

  test('reads an answer in a form of its own', async () => {
    const { url } = await serviceAt(says({ result: { hits: [{ doc: { id: 12 }, fit: 0.5 }] } }));
    expect(await rank({ url, reason: 'topicOfYours', answer: { list: 'result.hits', item: 'doc.id', score: 'fit' } })).toEqual([{ item: { kind: 'course', id: '12' }, score: 0.5, reason: 'topicOfYours' }]);
  });

  test('is asked once more where it broke off, and not where it answered nonsense', async () => {
    let first = true;
    const { url, calls } = await serviceAt((request, response, body) => { if (first) { first = false; request.socket.destroy(); } else says({ candidates: [] })(request, response, body); });
    expect(await rank({ url })).toEqual([]);
    expect(calls()).toBe(2);
    const nonsense = await serviceAt(says('<html>'));
    await expect(rank({ url: nonsense.url })).rejects.toMatchObject({ code: 'plugin/invalidAnswer', message: 'the service of "courses" answered something that is not JSON' });
    expect(nonsense.calls()).toBe(1);
  });

  test.each<readonly [string, Handler, { readonly code: string; readonly sentence: string }]>([
    ['that has no list', says({ jobs: [] }), { code: 'plugin/invalidAnswer', sentence: 'answered no list at "candidates"' }],
    ['with an entry without an item', says({ candidates: [{ score: 1 }] }), { code: 'plugin/invalidAnswer', sentence: 'answered an entry without an item' }],
    ['without end', (_request, response) => { const more = (): void => { if (response.write('x'.repeat(65_536))) setImmediate(more); else response.once('drain', more); }; more(); }, { code: 'plugin/invalidAnswer', sentence: 'answered more than 262144 bytes' }],
    ['that leads elsewhere', (_request, response) => { response.writeHead(302, { location: 'http://169.254.169.254/' }).end(); }, { code: 'plugin/failed', sentence: 'answered 302 instead of 200' }],
    ['with an error', (_request, response) => { response.writeHead(500).end(); }, { code: 'plugin/failed', sentence: 'answered 500 instead of 200' }],
  ])('refuses an answer %s', async (_what, handler, { code, sentence }) => {
    const { url } = await serviceAt(handler);
    await expect(rank({ url })).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) as string });
  });

  test('gives up with the signal of the page, and does not ask again', async () => {
    const { url, calls } = await serviceAt(() => undefined);
    await expect(rank({ url }, asked({ signal: AbortSignal.timeout(50) }))).rejects.toThrow(/timeout/u);
    expect(calls()).toBe(1);
  });

  test('does not reach into the operator\'s network unless it may', async () => {
    const { url, calls } = await serviceAt(says({ candidates: [] }));
    await expect(rank({ url, privateAddresses: false })).rejects.toThrow('inside the operator\'s network');
    await expect(rank({ url: url.replace('127.0.0.1', 'localhost'), privateAddresses: false })).rejects.toThrow('inside the operator\'s network');
    expect(calls()).toBe(0);
  });

  test('is left alone after five failures in a row, then tried once', async () => {
    let down = true;
    const { url, calls } = await serviceAt((request, response, body) => { if (down) response.writeHead(503).end(); else says({ candidates: [] })(request, response, body); });
    const ranker = remoteRanker(optionsOf({ url }));
    for (let n = 0; n < 5; n++) await expect(ranker.fetch(asked())).rejects.toThrow('answered 503');
    const before = calls();
    await expect(ranker.fetch(asked({ now: 5000 }))).rejects.toThrow('is left alone');
    expect(calls()).toBe(before);
    down = false;
    await ranker.fetch(asked({ now: 20_000 }));
    await ranker.fetch(asked({ now: 20_001 }));
    expect(calls()).toBe(before + 2);
  });

  test.each([[{ url: 'ftp://x' }], [{ url: 'http://x', kinds: [] }], [{ url: 'http://x', name: 'Two words' }], [{ url: 'http://x', timeoutMs: 0 }]])('is not described by %j', (over) => {
    expect(() => optionsOf(over)).toThrow();
  });
});

test('a breaker opens after failures in a row, lets one try after the pause, and closes when that succeeds', () => {
  const breaker = createBreaker({ failures: 2, pauseMs: 100 });
  breaker.failed(0); breaker.succeeded(); breaker.failed(1);
  expect(breaker.mayCall(2)).toBe(true);
  breaker.failed(2);
  expect([breaker.mayCall(50), breaker.mayCall(102), breaker.mayCall(103)]).toEqual([false, true, false]);
  breaker.failed(110);
  expect([breaker.mayCall(150), breaker.mayCall(211)]).toEqual([false, true]);
  breaker.succeeded();
  expect([breaker.mayCall(212), breaker.mayCall(213)]).toEqual([true, true]);
});

test.each([
  ['127.0.0.1', true], ['10.1.2.3', true], ['192.168.0.9', true], ['172.20.0.1', true], ['169.254.169.254', true], ['::1', true], ['fd00::1', true], ['fe80::1', true], ['::ffff:10.0.0.1', true], ['0.0.0.0', true], ['nonsense', true],
  ['8.8.8.8', false], ['172.32.0.1', false], ['2606:4700::1111', false], ['::ffff:8.8.8.8', false],
])('%s is inside: %j', (address, inside) => { expect(isInside(address)).toBe(inside); });
