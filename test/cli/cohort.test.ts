/** `throughline cohort`: what authors of cohorts are told before anybody sees them. */
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COHORTS } from '../../src/plugin.ts';
import type { FileReport } from '../../src/cli/cohort-check.ts';
import { openTestPlatform, PROGRAM, temporaryFolder } from '../support/real-server.ts';

interface Run { readonly code: number | null; readonly out: string; readonly err: string }

const run = (...args: readonly string[]): Promise<Run> => new Promise((resolve, reject) => {
  const child = spawn(process.execPath, [PROGRAM, 'cohort', ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text; });
  child.once('error', reject);
  child.once('close', (code) => { resolve({ code, out, err }); });
});

const GOOD = 'const GOOD = { name: "mine", about: "groups of a test", kind: "group", action: "join", words: { title: { en: "Picked for you", de: "Ausgewählt" } }, fetch: async () => ["k1", "k2"], transform: (ids) => ({ items: ids.map((id, i) => ({ item: { kind: "group", id }, score: 9 - i })) }) };\n';
const fileWith = (text: string): string => {
  const file = join(temporaryFolder(), 'mine.mjs');
  writeFileSync(file, GOOD + text);
  return file;
};
const check = async (text: string, ...args: readonly string[]): Promise<FileReport & { readonly ok: boolean; readonly code: number | null }> => {
  const { code, out, err } = await run('check', fileWith(text), '--json', ...args);
  expect(err).toBe('');
  return { ...JSON.parse(out) as FileReport & { readonly ok: boolean }, code };
};
const faultsOf = ({ faults, cohorts }: FileReport): readonly string[] => [...faults, ...cohorts.flatMap((cohort) => cohort.faults)];

describe('throughline cohort check', () => {
  test('shows what a cohort without faults would show, in a small network of its own', async () => {
    const { code, out } = await run('check', fileWith('export default { cohorts: [GOOD] };'));
    expect(code).toBe(0);
    expect(out).toContain('mine: groups of a test\n  kind group, card medium, button join\n  For member:ana: Picked for you, 2 in all\n    1. k1  [group:k1]\n    2. k2  [group:k2]\n');
    expect(out).toMatch(/No faults\.\n$/u);
  });

  test('tries it over a store, which stays as it was to the byte', async () => {
    const data = temporaryFolder();
    const platform = await openTestPlatform({ data });
    await platform.putEntities([{ kind: 'member', id: 'kim', attributes: { name: 'Kim' } }, { kind: 'group', id: 'k1', attributes: { name: 'The <b>Circle</b>' } }]);
    await platform.close();
    const bytes = (): readonly string[] => readdirSync(join(data, 'log')).filter((name) => !name.includes('lock')).map((name) => readFileSync(join(data, 'log', name)).toString('latin1'));
    const before = bytes();
    const { ok, cohorts: [mine] } = await check('export default { cohorts: [GOOD] };', '--data', data);
    expect([ok, mine?.shown]).toEqual([true, [{ member: 'kim', title: 'Picked for you', total: 1, cards: [{ item: 'group:k1', text: 'The <b>Circle</b>' }] }]]);
    expect(mine?.remarks).toEqual(['1 of what it answered is not in the store, such as k2, and left out']);
    expect(bytes()).toEqual(before);
  });

  test('says all that is wrong with a declaration at once, each in a sentence', async () => {
    const report = await check('export default { cohorts: [{ name: "Mine!", kind: "gadget", limit: 0, timeoutMs: 90000, template: "huge", words: { title: { de: "<b>Meins</b>" } }, fetch: 1 }, { ...GOOD, name: "pages" }, { ...GOOD, action: "attend" }, null] };');
    const faults = report.cohorts.map((cohort) => cohort.faults.join('\n'));
    for (const part of ['"name" must be', '"about" must say', '"kind" names gadget', '"limit" must be', '"timeoutMs" must be', '"template" must be', '"words.title", en is missing', '"fetch" must be', '"transform" must be']) expect(faults[0]).toContain(part);
    expect(faults.slice(1)).toEqual(['there is a cohort "pages" already; give yours another name', expect.stringContaining('"action" is attend, which cannot be done to a group'), expect.stringContaining('it is no object')]);
    expect([report.ok, report.code]).toEqual([false, 1]);
  });

  test.each([
    ['throws while it loads', 'throw new Error("no database");', /cannot be loaded \(no database\)/u],
    ['adds no cohort', 'export default { rankers: [] };', /it adds no cohort/u],
    ['throws while it fetches', 'export default { cohorts: [{ ...GOOD, fetch: () => { throw new TypeError("a bug"); } }] };', /it threw: a bug/u],
    ['never answers', 'export default { cohorts: [{ ...GOOD, fetch: () => new Promise(() => {}) }] };', /"fetch" did not answer within its 80 ms/u],
    ['answers other kinds', 'export default { cohorts: [{ ...GOOD, transform: () => ({ items: [{ item: { kind: "job", id: "1" }, score: 1 }] }) }] };', /entities of other kinds \(job\)/u],
    ['answers nulls', 'export default { cohorts: [{ ...GOOD, transform: () => ({ items: [null] }) }] };', /answered something without an item/u],
    ['answers a million items', 'const MANY = Array(1e6).fill({ item: { kind: "group", id: "k1" }, score: 1 });\nexport default { cohorts: [{ ...GOOD, timeoutMs: 2000, transform: () => ({ items: MANY }) }] };', /answered 1000000 items; the first 2000 are read and the best 100 kept/u],
    ['changes what was fetched', 'export default { cohorts: [{ ...GOOD, transform: (ids) => ({ items: ids.splice(0).map((id) => ({ item: { kind: "group", id }, score: 1 })) }) }] };', /"transform" answered otherwise when it was given the same again/u],
    ['transforms later', 'export default { cohorts: [{ ...GOOD, transform: async () => { throw new Error("late"); } }] };', /"transform" of the cohort "mine" answered a promise/u],
    ['leaves a promise behind', 'export default { cohorts: [{ ...GOOD, fetch: async () => { Promise.reject(new Error("stray")); return []; } }] };', /left a promise behind that failed \(stray\)/u],
    ['names no subject', 'export default { cohorts: [{ ...GOOD, words: { title: { en: "From {subject}" } } }] };', /answered no subject/u],
  ])('says of one that %s what is wrong, and ends with 1', async (_what, text, sentence) => {
    const report = await check(text);
    expect([report.ok, report.code]).toEqual([false, 1]);
    expect(faultsOf(report)).toEqual([expect.stringMatching(sentence)]);
    expect(faultsOf(report).filter((fault) => /undefined|\[object|\n/u.test(fault))).toEqual([]);
  });

  test('remarks on markup in a subject, which pages show as text', async () => {
    const { ok, cohorts: [mine] } = await check('export default { cohorts: [{ ...GOOD, words: { title: { en: "From {subject}" } }, transform: (ids) => ({ subject: "<i>us</i>", items: ids.map((id) => ({ item: { kind: "group", id }, score: 1 })) }) }] };');
    expect([ok, mine?.shown[0]?.title, mine?.remarks[0]]).toEqual([true, 'From <i>us</i>', 'its subject has markup, which is shown as text']);
  });

  test('reads a store with kinds that the file itself adds', async () => {
    const { ok, cohorts: [mine] } = await check('import { z } from "zod";\nexport default { kinds: [{ name: "gizmo", inFeed: false, attributes: z.strictObject({ title: z.string() }) }], cohorts: [{ ...GOOD, kind: "gizmo", action: "follow", transform: (ids) => ({ items: ids.map((id) => ({ item: { kind: "gizmo", id }, score: 1 })) }) }] };'.replace('"zod"', JSON.stringify(import.meta.resolve('zod'))));
    expect([ok, mine?.shown[0]?.cards.map(({ item }) => item)]).toEqual([true, ['gizmo:k2', 'gizmo:k1']]);
  });

  test('says where there is no store', async () => {
    const { code, err } = await run('check', fileWith('export default { cohorts: [GOOD] };'), '--data', '/nowhere');
    expect([code, err]).toEqual([66, 'Error: there is no store at /nowhere; name the --data of a server, or leave it out (client/noData)\n']);
  });
});

test('throughline cohort list says of each cohort its kind, card, button and where it comes from', async () => {
  const file = fileWith('export default { cohorts: [GOOD] };');
  const config = join(temporaryFolder(), 'config.json');
  writeFileSync(config, JSON.stringify({ plugins: [file], cohorts: [{ name: 'distant', url: 'http://127.0.0.1:9/x', kind: 'event', action: 'attend', template: 'large', words: { title: { en: 'Distant' } } }] }));
  const { cohorts } = JSON.parse((await run('list', '--config', config, '--json')).out) as { readonly cohorts: readonly Readonly<Record<string, string>>[] };
  expect(cohorts.map(({ name }) => name)).toEqual([...COHORTS.map(({ name }) => name), 'mine', 'distant']);
  expect(cohorts[0]).toMatchObject({ source: 'pool', kind: COHORTS[0]?.kind, template: COHORTS[0]?.card.template });
  expect(cohorts.slice(-2)).toMatchObject([{ kind: 'group', template: 'medium', action: 'join', source: file }, { kind: 'event', template: 'large', action: 'attend', source: 'http://127.0.0.1:9/x' }]);
  expect((await run('list')).out).toMatch(/^name +kind +card +button +from +about\n/u);
});
