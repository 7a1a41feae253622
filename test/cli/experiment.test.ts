import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../src/http/auth.ts';
import { page, PROGRAM, serveInProcess, temporaryFolder, type InProcess } from '../support/real-server.ts';

const { key, hash } = createKey();
let server: InProcess;
beforeAll(async () => {
  server = await serveInProcess({ keys: [{ name: 'operator', hash, scopes: ['experiments:read', 'experiments:write'] }] });
  await server.platform.putEntities([{ kind: 'member', id: 'ana', attributes: {} }, { kind: 'article', id: 'a1', attributes: {} }]);
});
afterAll(() => server.close());

interface Run { readonly code: number | null; readonly out: string; readonly err: string }
const run = (...args: readonly string[]): Promise<Run> => new Promise((resolve, reject) => {
  const child = spawn(process.execPath, [PROGRAM, 'experiment', ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text; });
  child.once('error', reject);
  child.once('close', (code) => { resolve({ code, out, err }); });
});
const here = (...args: readonly string[]): Promise<Run> => run(...args, '--url', server.url, '--key', key);

const table = (version: string): object => ({ version, actions: { like: 1 } });
const EXPERIMENT = { key: 'order', parameter: 'feedValues', overrides: { ana: 'b' }, variants: [{ name: 'a', weight: 0.25, value: table('a') }, { name: 'b', weight: 0.75, value: table('b') }] };
const fileOf = (content: string): string => { const file = join(temporaryFolder(), 'experiment.json'); writeFileSync(file, content); return file; };

test('an operator writes, lists, previews, shows, writes again and stops an experiment', async () => {
  expect(await here('list')).toMatchObject({ code: 0, out: 'No experiment yet.\n' });
  const line = 'order: running; feedValues, a 25 %, b 75 %; 100 % of buckets 0 to 10000 of the layer order\n';
  expect(await here('put', fileOf(JSON.stringify(EXPERIMENT)))).toMatchObject({ code: 0, out: line });
  expect(await here('list')).toMatchObject({ code: 0, out: line });
  expect(await here('preview', 'order', 'ana')).toMatchObject({ code: 0, out: 'member:ana gets b (OVERRIDE): feedValues is {"version":"b","actions":{"like":1}}\n' });
  const { requestId } = await page(server.platform, 'ana');
  expect(await server.platform.trace(requestId)).toMatchObject({ assignments: { order: 'b' } });
  const shown = await here('show', 'order');
  expect(JSON.parse(shown.out)).toMatchObject({ ...EXPERIMENT, status: 'running' });
  expect((await here('put', fileOf(shown.out))).out).toBe(line);
  expect((await here('stop', 'order')).out).toContain('order: stopped');
  expect(await server.platform.getExperiment('order')).toMatchObject({ ...EXPERIMENT, status: 'stopped' });
  expect(JSON.parse((await here('list', '--json')).out)).toMatchObject({ experiments: [{ key: 'order', status: 'stopped' }] });
});

test('what the server refuses is told in its words, with an exit code', async () => {
  const refused = await here('put', fileOf(JSON.stringify({ ...EXPERIMENT, parameter: 'colour' })));
  expect([refused.code, refused.out]).toEqual([64, '']);
  expect(refused.err).toContain('Nothing is called "colour"');
  expect(await here('show', 'none')).toMatchObject({ code: 66, err: expect.stringContaining('There is no experiment "none"') as unknown });
  expect(await run('list', '--url', server.url)).toMatchObject({ code: 64, err: expect.stringContaining('client/unauthorized') as unknown });
});

test('a file that is none, and an address where nobody answers, are said to be so', async () => {
  expect(await here('put', '/no/such/file.json')).toMatchObject({ code: 65, err: expect.stringContaining('cannot be read') as unknown });
  expect(await here('put', fileOf('{'))).toMatchObject({ code: 65, err: expect.stringContaining('not valid JSON') as unknown });
  expect(await here('put', fileOf('{}'))).toMatchObject({ code: 65, err: expect.stringContaining('"key"') as unknown });
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { taken.once('listening', resolve); });
  const { port } = taken.address() as AddressInfo;
  await new Promise((resolve) => { taken.close(resolve); });
  expect(await run('list', '--url', `http://127.0.0.1:${port}`)).toMatchObject({ code: 70, err: expect.stringContaining('no server answers') as unknown });
});
