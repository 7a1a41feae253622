/** The example client in a terminal: another program, which knows no kind, against a real server. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ENTITIES, EVENTS } from '../support/discovery-network.ts';
import { spawnServer, temporaryFolder } from '../support/real-server.ts';
import { call } from '../support/requests.ts';

/** Runs it to the end of these commands. @returns what it printed */
const run = (args: readonly string[], commands: readonly string[]): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> => new Promise((resolve, reject) => {
  const child = spawn(process.execPath, ['examples/terminal-client/client.mjs', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text; });
  child.once('error', reject);
  child.once('close', (code) => { resolve({ code, out, err }); });
  child.stdin.end(commands.map((line) => `${line}\n`).join(''));
});

/** A cohort and a kind that no client has heard of. */
const GIZMOS = 'import { z } from ZOD;\nexport default { kinds: [{ name: "gizmo", inFeed: false, attributes: z.strictObject({ title: z.string() }) }], actions: [{ name: "tinker", polarity: 1, targets: ["gizmo"], undoable: true, signal: "activity", public: false }], cohorts: [{ name: "gizmos", about: "gizmos", kind: "gizmo", action: "tinker", template: "small", words: { title: { en: "Gizmos of the week" } }, timeoutMs: 2000, fetch: () => [1, 2, 3], transform: (ids) => ({ items: ids.map((id) => ({ item: { kind: "gizmo", id: `z${id}` }, score: 9 - id })) }) }] };';

test('shows every cohort by its slots, presses buttons, dismisses, undoes and goes on, for kinds it has never heard of too', async () => {
  const plugin = join(temporaryFolder(), 'gizmos.mjs');
  writeFileSync(plugin, GIZMOS.replace('ZOD', JSON.stringify(import.meta.resolve('zod'))));
  const rules = { version: 'terminal', cohorts: [{ name: 'gizmos' }, { name: 'peopleFromCompany' }], others: 'none' };
  const server = await spawnServer({ plugins: [plugin], config: { discovery: { rules, deadlineMs: 20_000 } } });
  await call(server, '/v1/entities', { body: [...ENTITIES, ...[1, 2, 3].map((id) => ({ kind: 'gizmo', id: `z${id}`, attributes: { title: `Gizmo ${id}` } }))] });
  await call(server, '/v1/events', { body: EVENTS.map((event) => ({ ...event, at: new Date(Date.now() - 60_000).toISOString() })) });

  const first = await run([server.url, 'ana'], ['q']);
  expect([first.code, first.err]).toEqual([0, '']);
  expect(first.out).toContain('\n1. Gizmos of the week\n     1  (G1) Gizmo 1  [Tinker]\n     2  (G2) Gizmo 2  [Tinker]\n     3  (G3) Gizmo 3  [Tinker]\n');
  expect(first.out).toContain('\n2. People you may know from Acme — They share an employer with you\n');
  expect(first.out).toMatch(/See all \(30\): a2\n/u);

  // Pressed and taken back; pressed for good; dismissed, undone, dismissed for good.
  const acted = await run([server.url, 'ana'], ['1', '1', '2', 'x3', 'u', 'x3', 'what', 'q']);
  expect([acted.code, acted.err]).toEqual([0, '']);
  expect(acted.out).toContain('Gizmo 3 will not be suggested again (Undo: u)');
  expect(acted.out).toContain('\n?\n');
  const left = await run([server.url, 'ana'], ['q']);
  expect(left.out).toContain('1  (G1) Gizmo 1  [Tinker]');
  expect(left.out).not.toMatch(/Gizmo [23]/u);

  // All thirty, page by page, each once.
  const all = await run([server.url, 'ana', 'de'], ['a2', 'n', 'q']);
  expect(all.out).toContain('Gemeinsamer Arbeitgeber');
  const seen = [...all.out.slice(all.out.lastIndexOf('Alle anzeigen')).matchAll(/\) (Colleague \d+) /gu)].map(([, name]) => name);
  expect([seen.length, new Set(seen).size]).toEqual([30, 30]);

  const nobody = await run([server.url, 'nobody'], []);
  expect([nobody.code, nobody.err]).toEqual([1, expect.stringMatching(/^There is no member "nobody"; .+\n$/u)]);
  await server.close();
});
