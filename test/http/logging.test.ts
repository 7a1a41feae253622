import { pino } from 'pino';
import { expect, test } from 'vitest';
import { startServer } from '../support/http-server.ts';
import { call, like } from '../support/requests.ts';

const capture = (level: string): { readonly lines: Record<string, unknown>[]; readonly logger: ReturnType<typeof pino> } => {
  const lines: Record<string, unknown>[] = [];
  return { lines, logger: pino({ level }, { write: (line: string) => { lines.push(JSON.parse(line) as Record<string, unknown>); } }) };
};

test('logs name the route, status, time and request, and nothing of a member', async () => {
  const { lines, logger } = capture('trace');
  const server = await startServer({ logger });
  Object.assign(server.platform, { getConsent: async (member: string) => { throw new Error(`no room for ${member}`); } });
  await call(server, '/v1/members/Zebediah/feed?cursor=Zebediah', { headers: { 'accept-language': 'de', 'user-agent': 'Zebediah' } });
  await call(server, '/v1/events', { body: like({ member: 'member:Zebediah', colour: 'Zebediah' }) });
  const failed = await call(server, '/v1/members/Zebediah/consent');
  await call(server, '/Zebediah');
  await server.close();
  expect(failed.status).toBe(500);
  expect(failed.text).not.toContain('no room');
  expect(JSON.stringify(lines)).not.toContain('Zebediah');
  expect(lines).toContainEqual(expect.objectContaining({ route: 'GET /v1/members/{id}/feed', status: 400, requestId: expect.any(String), ms: expect.any(Number) }));
  expect(lines).toContainEqual(expect.objectContaining({ code: 'server/internal', error: 'Error', stack: expect.stringContaining('    at '), requestId: failed.headers.get('x-request-id') }));
});

test('a served feed writes no line at the level info', async () => {
  const { lines, logger } = capture('info');
  const server = await startServer({ logger });
  await call(server, '/v1/members/42/feed');
  await server.close();
  expect(lines).toEqual([]);
});
