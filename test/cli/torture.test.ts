import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../dist/cli/torture.js', import.meta.url));
/** The verb by itself, whatever the other verbs need. */
const torture = (...args: string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
  spawnSync(process.execPath, ['--input-type=module', '-e', `const { tortureCommand } = await import(${JSON.stringify(COMMAND)}); await tortureCommand().parseAsync(process.argv.slice(1), { from: 'user' });`, '--', ...args], { encoding: 'utf8' });

test('prints one JSON object with what it counted', () => {
  const { status, stdout } = torture('log', '--cycles', '2', '--seed', '7', '--json');
  const result = JSON.parse(stdout) as Record<string, number>;
  expect(Object.keys(result)).toEqual(['cycles', 'acknowledged', 'lost', 'duplicated', 'unopened']);
  expect(result).toMatchObject({ cycles: 2, lost: 0, duplicated: 0, unopened: 0 });
  expect(status).toBe(0);
});

test('says in a sentence what it found, and with which seed', () => {
  expect(torture('log', '--cycles', '1', '--seed', '9').stdout).toMatch(/before 1 kills: 0 lost, 0 duplicated, 0 times the store did not open \(seed 9\)/u);
});

test('refuses a number of cycles that is none', () => {
  const { status, stderr } = torture('log', '--cycles', 'many');
  expect(status).toBe(1);
  expect(stderr).toMatch(/whole number/u);
});
