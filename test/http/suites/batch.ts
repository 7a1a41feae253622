import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { article, call, like, ndjson, type Server, type Start } from '../../support/requests.ts';

const stream = (records: readonly unknown[]): { readonly raw: string; readonly type: string } => ({ raw: ndjson(records), type: 'application/x-ndjson' });

export const batchSuite = (start: Start): void => { describe('batches', () => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
    await call(server, '/v1/entities', { body: [{ kind: 'member', id: '42', attributes: {} }, article('7')] });
  });
  afterAll(() => server.close());

  test('one bad record of a list is named by index and the good ones are kept', async () => {
    const { status, json } = await call(server, '/v1/events', { body: [like(), like({ at: 'yesterday' }), like()] });
    expect(status).toBe(200);
    expect(json).toEqual({ accepted: 2, duplicates: 0, rejected: [{ index: 1, code: 'client/invalidRequest', field: 'at', detail: 'At must be an ISO 8601 time with a zone, such as 2026-11-21T09:30:00Z.' }] });
  });

  test('a bad line in the middle of a stream is named by index and line, the good ones are kept', async () => {
    const { status, json } = await call(server, '/v1/events', stream([like(), '', '{"type": "action",, }', like()]));
    expect(status).toBe(200);
    expect(json).toMatchObject({ accepted: 2, rejected: [{ index: 1, line: 3, code: 'client/invalidJson' }] });
    expect(JSON.stringify(json)).toContain('line 3, column 19');
  });

  test('a stream may end without a line feed, use carriage returns and hold letters of any script', async () => {
    const records = [article('crlf-1', { title: 'Überblick' }), article('crlf-2', { title: '概要' })];
    expect((await call(server, '/v1/entities', { raw: records.map((record) => JSON.stringify(record)).join('\r\n'), type: 'application/x-ndjson' })).json).toMatchObject({ accepted: 2, rejected: [] });
    expect((await call(server, '/v1/entities/article/crlf-2')).json).toMatchObject({ attributes: { title: '概要' } });
  });

  test('a stream of thousands is accepted whole and indexes run through it', async () => {
    const records = Array.from({ length: 3500 }, (_, n) => n === 3333 ? article('bad id') : article(`many-${n}`));
    const { json } = await call(server, '/v1/entities', stream(records));
    expect(json).toMatchObject({ accepted: 3499, rejected: [{ index: 3333, line: 3334, field: 'id' }] });
  });

  test('a line that is not UTF-8 is refused and the next is taken', async () => {
    const raw = Buffer.concat([Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a]), Buffer.from(JSON.stringify(article('after-latin')))]);
    const { json } = await call(server, '/v1/entities', { raw: new Uint8Array(raw), type: 'application/x-ndjson' });
    expect(json).toMatchObject({ accepted: 1, rejected: [{ index: 0, line: 1, code: 'client/invalidJson' }] });
  });

  test('a batch in which nothing is good is the problem of the first, with all listed', async () => {
    const { status, headers, json } = await call(server, '/v1/events', { body: [like({ action: 'teleport' }), like({ colour: 'red' })] });
    expect([status, headers.get('content-type')]).toEqual([422, 'application/problem+json; charset=utf-8']);
    expect(json).toMatchObject({ code: 'client/unknownKind', index: 0, rejected: [{ index: 0 }, { index: 1, field: 'colour' }] });
  });

  test('an empty list is nothing accepted and no error', async () => {
    expect((await call(server, '/v1/events', { body: [] })).json).toEqual({ accepted: 0, duplicates: 0, rejected: [] });
  });

  test('a list longer than the limit is refused with the number taken', async () => {
    const { status, json } = await call(server, '/v1/events', { raw: `[${'0,'.repeat(10_000)}0]` });
    expect([status, json['code']]).toEqual([413, 'client/tooLarge']);
    expect(json['detail']).toContain('10001 records, at most 10000');
  });

  test('a field that reaches for the prototype is refused, in a list for its record alone', async () => {
    const bad = JSON.stringify(like()).replace('{', '{"__proto__":{"admin":true},');
    const escaped = JSON.stringify(like()).replace('{', '{"\\u005f_proto\\u005f_":1,');
    const { json } = await call(server, '/v1/events', { raw: `[${bad},${JSON.stringify(like())},${escaped}]` });
    expect(json).toMatchObject({ accepted: 1, rejected: [{ index: 0, field: '__proto__' }, { index: 2, field: '__proto__' }] });
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });
}); };
