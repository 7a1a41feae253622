/** Members of a world beside a running server. */
import { spawn, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { LiveReport } from '../../src/cli/world-live.ts';
import { PROGRAM, spawnServer } from '../support/real-server.ts';
import { call } from '../support/requests.ts';

test('live there through the public API alone, and their pages are worth something by the truth', async () => {
  const server = await spawnServer({});
  const child = spawn(process.execPath, [PROGRAM, 'world', 'live', '--url', server.url, '--members', '40', '--visits', '1200', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (data: Buffer) => { said.out += data.toString(); });
  child.stderr.on('data', (data: Buffer) => { said.err += data.toString(); });
  const ended = new Promise<number | null>((resolve) => { child.once('close', resolve); });
  // Until members who moved in have read pages to their end.
  const seen = async (): Promise<number> => Number(/throughline_http_request_duration_seconds_count\{route="POST \/v1\/events",status="200"\} (\d+)/u.exec((await call(server, '/metrics')).text)?.[1] ?? 0);
  for (let n = 0; n < 300 && await seen() < 12; n++) await new Promise((resolve) => { setTimeout(resolve, 300); });
  child.kill('SIGINT');
  expect([await ended, said.err]).toEqual([0, '']);
  const { sessions, cards, expected, happened, failures } = JSON.parse(said.out) as LiveReport;
  expect(failures).toBe(0);
  expect(sessions).toBeGreaterThan(5);
  expect(cards).toBeGreaterThan(sessions);
  expect(expected?.mean).toBeGreaterThan(0);
  expect(expected?.mean).toBeLessThan(1);
  expect(expected?.low).toBeLessThanOrEqual(expected?.mean ?? 0);
  expect(happened).toBeLessThan(1);
  expect((await call(server, '/v1/entities/member/1')).status).toBe(200);
  await server.close();
}, 180_000);

test('nobody lives where nobody answers', () => {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'world', 'live', '--url', 'http://127.0.0.1:9', '--json'], { encoding: 'utf8' });
  expect([status, (JSON.parse(stderr) as { readonly error: { readonly detail: string } }).error.detail]).toEqual([64, expect.stringMatching(/nobody answers at http:\/\/127\.0\.0\.1:9/u)]);
});
