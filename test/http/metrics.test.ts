import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { startServer } from '../support/http-server.ts';
import { call, like } from '../support/requests.ts';

const promtool = process.env['THROUGHLINE_PROMTOOL'] ?? 'promtool';

test('the metrics pass promtool', async (context) => {
  if (spawnSync(promtool, ['--version']).status !== 0) context.skip('promtool is not installed; apt-get install prometheus, or name it in THROUGHLINE_PROMTOOL');
  const server = await startServer();
  await call(server, '/v1/members/42/feed');
  await call(server, '/v1/members/42/feed?limit=x');
  await call(server, '/v1/events', { body: like() });
  await call(server, '/nothing');
  const { text } = await call(server, '/metrics');
  await server.close();
  const { status, stderr, stdout } = spawnSync(promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' });
  expect(`${stdout}${stderr}`).toBe('');
  expect(status).toBe(0);
});
