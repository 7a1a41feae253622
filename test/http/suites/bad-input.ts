import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROBLEMS } from '../../../src/http/problems.ts';
import { call, like, type Sent, type Server, type Start } from '../../support/requests.ts';

interface Case { readonly path: string; readonly sent?: Sent; readonly code: keyof typeof PROBLEMS; readonly says: string; readonly field?: string }

const put = (body: unknown): Sent => ({ method: 'PUT', body });
const json = (raw: string): Sent => ({ raw, method: 'POST' });
const future = (): string => new Date(Date.now() + 400 * 86_400_000).toISOString();

const CASES: Readonly<Record<string, Case>> = {
  'malformed JSON is placed by line and column': { path: '/v1/events', sent: json('{\n  "type": "action",\n  oops\n}'), code: 'client/invalidJson', says: 'line 3, column 3' },
  'a trailing comma is placed': { path: '/v1/events', sent: json('[1,\n2,]'), code: 'client/invalidJson', says: 'line 2, column 3' },
  'a cut-off body is said to be cut off': { path: '/v1/events', sent: json('{"type":"action"'), code: 'client/invalidJson', says: 'ends before a bracket is closed' },
  'an empty body is said to be empty': { path: '/v1/events', sent: json(''), code: 'client/invalidJson', says: 'empty' },
  'a body that is not UTF-8 is said not to be': { path: '/v1/events', sent: { raw: new Uint8Array([0x7b, 0xff, 0x7d]) }, code: 'client/invalidJson', says: 'UTF-8' },
  'an unknown field is named': { path: '/v1/events', sent: { body: like({ colour: 'red' }) }, code: 'client/invalidRequest', says: 'unknown field "colour"', field: 'colour' },
  'an unknown attribute is named': { path: '/v1/entities/article/x', sent: put({ attributes: { colour: 'red' } }), code: 'client/invalidRequest', says: 'colour' },
  'an attribute of the wrong type is named': { path: '/v1/entities/article/x', sent: put({ attributes: { title: 7 } }), code: 'client/invalidRequest', says: 'must be a string' },
  'an unknown field beside the attributes is named': { path: '/v1/entities/article/x', sent: put({ attributes: {}, name: 'x' }), code: 'client/invalidRequest', says: 'unknown field "name"', field: 'name' },
  'a field of the wrong type is named': { path: '/v1/events', sent: { body: like({ at: 17 }) }, code: 'client/invalidRequest', says: 'must be', field: 'at' },
  'a missing field is named': { path: '/v1/events', sent: { body: like({ item: undefined }) }, code: 'client/invalidRequest', says: 'missing', field: 'item' },
  'an unknown type of event is told the known ones': { path: '/v1/events', sent: { body: like({ type: 'dream' }) }, code: 'client/invalidRequest', says: '"impression", "action"', field: 'type' },
  'an id with a control character in a body': { path: '/v1/events', sent: { body: like({ id: 'a\u0007b' }) }, code: 'client/invalidRequest', says: 'control characters', field: 'id' },
  'a reference with a control character in a body': { path: '/v1/events', sent: { body: like({ member: 'member:4\u0000' }) }, code: 'client/invalidRequest', says: 'member', field: 'member' },
  'an id with a control character in a path': { path: '/v1/members/4%002/feed', code: 'client/invalidReference', says: 'control characters', field: 'id' },
  'an id with a space in a path': { path: '/v1/entities/article/a%20b', code: 'client/invalidReference', says: 'spaces', field: 'id' },
  'an id of more than 128 bytes in a path': { path: `/v1/members/${'é'.repeat(65)}/feed`, code: 'client/invalidReference', says: '128 bytes' },
  'a path with a wrong percent encoding': { path: '/v1/members/%ff/feed', code: 'client/invalidHttp', says: 'percent encoding' },
  'a time in the far future': { path: '/v1/events', sent: { body: like({ at: future() }) }, code: 'client/inTheFuture', says: 'future' },
  'an unknown kind in a path': { path: '/v1/entities/planet/x', sent: put({ attributes: {} }), code: 'client/unknownKind', says: 'planet' },
  'a kind that is no word': { path: '/v1/entities/Pl-anet/x', code: 'client/unknownKind', says: 'a word', field: 'kind' },
  'an unknown query parameter is named': { path: '/v1/members/42/feed?limt=5', code: 'client/invalidRequest', says: 'unknown query parameter "limt"; known are limit, cursor, sort', field: 'limt' },
  'a query parameter where none is taken': { path: '/health/live?x=1', code: 'client/invalidRequest', says: 'takes none' },
  'a query parameter given twice': { path: '/v1/members/42/feed?limit=5&limit=6', code: 'client/invalidRequest', says: 'twice', field: 'limit' },
  'a limit of nought': { path: '/v1/members/42/feed?limit=0', code: 'client/invalidRequest', says: 'from 1 to 100', field: 'limit' },
  'a limit above the limit': { path: '/v1/members/42/feed?limit=101', code: 'client/invalidRequest', says: 'from 1 to 100', field: 'limit' },
  'a limit that is no number': { path: '/v1/members/42/feed?limit=1e1', code: 'client/invalidRequest', says: 'whole number', field: 'limit' },
  'a sort that is not known': { path: '/v1/members/42/feed?sort=best', code: 'client/invalidRequest', says: 'relevance or recent', field: 'sort' },
  'a cursor that is not ours': { path: '/v1/members/42/feed?cursor=%00garbage', code: 'client/invalidCursor', says: 'cursor' },
  'a cursor of great length': { path: `/v1/members/42/feed?cursor=${'a'.repeat(9000)}`, code: 'client/invalidCursor', says: 'cursor', field: 'cursor' },
  'a path that is not there': { path: '/v2/feed', code: 'client/notFound', says: 'nothing at this path' },
  'a content type that is not taken': { path: '/v1/events', sent: { raw: '<event/>', type: 'application/xml' }, code: 'client/unsupportedMedia', says: 'application/json' },
  'a stream where none is taken': { path: '/v1/tokens', sent: { raw: '{}', type: 'application/x-ndjson' }, code: 'client/unsupportedMedia', says: 'no stream' },
  'an encoding that is not UTF-8': { path: '/v1/events', sent: { raw: '{}', type: 'application/json; charset=latin1' }, code: 'client/unsupportedMedia', says: 'UTF-8' },
  'a compressed body': { path: '/v1/events', sent: { raw: '{}', headers: { 'content-encoding': 'gzip' } }, code: 'client/unsupportedMedia', says: 'Content-Encoding' },
  'a token for what is no member': { path: '/v1/tokens', sent: { body: { member: 'job:7' } }, code: 'client/invalidReference', says: 'member', field: 'member' },
  'JSON nested as deep as it is long': { path: '/v1/events', sent: json('['.repeat(100_000) + ']'.repeat(100_000)), code: 'client/invalidRequest', says: 'must be an object' },
  'attributes nested deep': { path: '/v1/entities/article/x', sent: { method: 'PUT', raw: `{"attributes":{"title":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}}` }, code: 'client/invalidRequest', says: 'must be a string' },
  'a deep record that reaches for the prototype': { path: '/v1/entities/article/x', sent: { method: 'PUT', raw: `{"attributes":{"title":${'{"__proto__":'.repeat(50_000)}1${'}'.repeat(50_000)}}}` }, code: 'client/invalidRequest', says: '__proto__', field: '__proto__' },
  'a body above the limit': { path: '/v1/events', sent: json(`"${'x'.repeat(8 * 1024 * 1024)}"`), code: 'client/tooLarge', says: '8 MiB' },
};

export const badInputSuite = (start: Start): void => { describe('bad input', () => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
    await call(server, '/v1/entities', { body: [{ kind: 'member', id: '42', attributes: {} }] });
  });
  afterAll(() => server.close());

  test.each(Object.entries(CASES))('%s', async (_name, { path, sent, code, says, field }) => {
    const answer = await call(server, path, sent ?? {});
    expect([answer.status, answer.json['code']]).toEqual([PROBLEMS[code].status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.json).toMatchObject({ type: `/problems/${code}`, status: answer.status, ...(field === undefined ? {} : { field }) });
    expect(String(answer.json['detail']).toLowerCase()).toContain(says.toLowerCase());
    expect(answer.json['detail']).toMatch(/^[^\p{Cc}]*[.!?]$/u);
  });
}); };
