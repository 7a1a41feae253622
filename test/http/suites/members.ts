import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiptSchema } from '../../../src/http/contracts.ts';
import { call, like, type Server, type Start } from '../../support/requests.ts';

export const memberSuite = (start: Start): void => { describe('members', () => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
    await call(server, '/v1/entities', { body: [{ kind: 'member', id: '42', attributes: {} }, { kind: 'member', id: '9', attributes: {} }, { kind: 'article', id: '7', attributes: {} }] });
  });
  afterAll(() => server.close());

  test('consent is everything until the member switches something off', async () => {
    expect((await call(server, '/v1/members/42/consent')).json).toEqual({ profile: true, activity: true, graph: true, sequence: true, messages: false });
    const off = { profile: true, activity: false, graph: true, sequence: false, messages: true };
    expect((await call(server, '/v1/members/42/consent', { method: 'PUT', body: off })).json).toEqual(off);
    expect((await call(server, '/v1/members/42/consent')).json).toEqual(off);
  });

  test('whoever does not know of messages leaves them off', async () => {
    const known = { profile: true, activity: true, graph: true, sequence: true };
    expect((await call(server, '/v1/members/9/consent', { method: 'PUT', body: { ...known, messages: true } })).json).toEqual({ ...known, messages: true });
    expect((await call(server, '/v1/members/9/consent', { method: 'PUT', body: known })).json).toEqual({ ...known, messages: false });
  });

  test('consent with a switch missing is refused by its name', async () => {
    const answer = await call(server, '/v1/members/42/consent', { method: 'PUT', body: { profile: true, activity: true, graph: true } });
    expect([answer.status, answer.json['field'], answer.json['detail']]).toEqual([422, 'sequence', 'Sequence is missing; it must be true or false.']);
  });

  test('erasure answers with a receipt and leaves nothing to read', async () => {
    await call(server, '/v1/events', { body: like({ member: 'member:9' }) });
    const answer = await call(server, '/v1/members/9', { method: 'DELETE' });
    expect(answer.status).toBe(200);
    expect(receiptSchema.parse(answer.json)).toMatchObject({ member: 'member:9' });
    expect((await call(server, '/v1/entities/member/9')).status).toBe(404);
  });
}); };
