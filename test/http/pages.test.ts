import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PAGE_POLICY } from '../../src/http/routes/web.ts';
import { startServer, type TestServer } from '../support/http-server.ts';
import { article, call } from '../support/requests.ts';

let server: TestServer;
const root = mkdtempSync(join(tmpdir(), 'throughline-web-'));

beforeAll(async () => {
  mkdirSync(join(root, 'client', 'assets'), { recursive: true });
  mkdirSync(join(root, 'server'));
  writeFileSync(join(root, 'client', 'assets', 'app-1a2b.js'), 'export {};');
  writeFileSync(join(root, 'client', 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(root, 'server', 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'server', 'entry-server.js'), 'export const render = ({ page, member, memberName, members, locale, url, discovery }) => discovery !== undefined ? `${member} ${memberName} ${locale} ${url} ${discovery.locale} ${discovery.cohorts.length}` : page === null ? `front ${members.map(({ id, name }) => id + name)}` : `<!doctype html><p>${member} ${memberName} ${locale} ${url} ${page.items.length}</p>`;');
  server = await startServer({ webRoot: root });
  await call(server, '/v1/entities', { body: [{ kind: 'member', id: '42', attributes: { name: 'Ana' } }, article('1'), article('2')] });
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

test('a member\'s page is rendered with the first page of the feed', async () => {
  const answer = await call(server, '/members/42?sort=recent&limit=1', { headers: { 'accept-language': 'de-CH,de;q=0.9' } });
  expect([answer.status, answer.text]).toEqual([200, '<!doctype html><p>42 Ana de-CH /members/42?sort=recent&limit=1 1</p>']);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('a member\'s network is rendered with the cohorts, in the reader\'s language; no other cohort than those there are has a page', async () => {
  const answer = await call(server, '/members/42/network', { headers: { 'accept-language': 'de-CH,de;q=0.9' } });
  expect([answer.status, answer.text]).toEqual([200, '42 Ana de-CH /members/42/network de-CH 0']);
  expect([answer.headers.get('vary'), answer.headers.get('content-security-policy')]).toEqual([expect.stringContaining('accept-language'), PAGE_POLICY]);
  for (const path of ['nothing', 'No-Name', 'nothing?cursor=x']) expect([path, (await call(server, `/members/42/network/${path}`)).status]).toEqual([path, 404]);
});

test('the front page of an open server offers members, and leads to a member\'s page without a script', async () => {
  expect((await call(server, '/')).text).toBe('front 42Ana');
  const response = await fetch(`${server.url}/?member=42`, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([303, '/members/42']);
  expect((await call(server, '/?member=a%20b')).status).toBe(422);
  expect((await call(server, '/members/42?colour=red')).json).toMatchObject({ field: 'colour' });
});

test('files with a digest in their name are kept by browsers, others are asked for again', async () => {
  const script = await call(server, '/assets/app-1a2b.js');
  expect([script.status, script.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  expect(script.headers.get('content-type')).toContain('javascript');
  expect((await call(server, '/favicon.svg')).headers.get('cache-control')).toBe('no-cache');
});

test('no path leads out of the folder', async () => {
  for (const path of ['/assets/..%2f..%2fserver/entry-server.js', '/assets/%2e%2e/%2e%2e/server/entry-server.js', '/server/entry-server.js', '/assets/none.js']) {
    const answer = await call(server, path);
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 404, 'application/problem+json; charset=utf-8']);
  }
});
