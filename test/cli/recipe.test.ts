/** Recipes from the command line, on data that this test makes. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { PROGRAM, temporaryFolder } from '../support/real-server.ts';

interface Row { readonly model: string; readonly 'hr@10': { readonly mean: number; readonly low: number; readonly high: number }; readonly 'ndcg@10': { readonly mean: number } }
interface Result { readonly rows: readonly Row[]; readonly splits: readonly { readonly name: string; readonly rows: readonly Row[]; readonly tested: number; readonly protocol: string }[]; readonly data: { readonly members: number; readonly items: number; readonly form: string } }

const run = (...args: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'recipe', ...args], { encoding: 'utf8', timeout: 120_000 });
  return { code: status, out: stdout, err: stderr };
};
const result = (...args: readonly string[]): Result => {
  const { code, out, err } = run(...args, '--json', '--budget', '0.1');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Result;
};

const folder = temporaryFolder();
const write = (name: string, content: string | Buffer): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

/** Sixty members walk a ring of fifty items, from different places, one step an hour. */
const walks = Array.from({ length: 60 }, (_, m) => Array.from({ length: 9 }, (_unused, e) => ({ user: `u${m}`, item: `i${(m * 7 + e) % 50}`, at: 1_600_000_000 + (e * 60 + m) * 3600 })));
const pairs = `${walks.flat().map(({ user, item }) => `${user} ${item}`).join('\n')}\n`;
const members = `${walks.map((walk) => [walk[0]?.user, ...walk.map(({ item }) => item)].join(' ')).join('\n')}\n`;
const timed = `user,item,time\n${walks.flat().map(({ user, item, at }) => `${user},${item},${at}`).toReversed().join('\n')}\n`;

// The first run builds what is stale, and says so.
beforeAll(() => { run('--list'); }, 120_000);

const figures = (rows: readonly Row[]): unknown => rows.filter(({ model }) => /popularity|neighbours/u.test(model));

describe('recipe sequences', () => {
  test('gives the same figures for the same sequences in either form, packed or not', () => {
    const results = [write('pairs.txt', pairs), write('members.txt', members), write('pairs.dat', gzipSync(pairs))].map((file) => result('sequences', '--file', file));
    for (const one of results) {
      expect(one.data).toMatchObject({ members: 60, items: 50 });
      expect(one.splits.map(({ name }) => name)).toEqual(['leave-one-out']);
      expect(figures(one.rows.map((row) => ({ model: row.model, 'hr@10': row['hr@10'], 'ndcg@10': row['ndcg@10'] })))).toEqual(figures(results[0]?.rows.map((row) => ({ model: row.model, 'hr@10': row['hr@10'], 'ndcg@10': row['ndcg@10'] })) ?? []));
    }
    const neighbours = results[0]?.rows.find(({ model }) => model === 'last-item neighbours');
    expect(neighbours?.['ndcg@10'].mean).toBe(1);
    expect(neighbours?.['hr@10']).toEqual({ mean: 1, low: 1, high: 1 });
  });

  test('with times splits by time too, and knows what was popular lately', () => {
    const { splits, rows } = result('sequences', '--file', write('timed.csv', timed));
    expect(splits.map(({ name }) => name)).toEqual(['leave-one-out', 'global time split']);
    expect(splits[0]?.rows).toEqual(rows);
    expect(rows.map(({ model }) => model)).toContain('popularity of the last days');
    expect(splits[1]?.tested).toBeGreaterThan(0);
  });

  test('prints a table, and leaves the result behind', () => {
    const out = join(folder, 'kept');
    const { code, out: text } = run('sequences', '--file', write('pairs.txt', pairs), '--out', out, '--budget', '0.1');
    expect(code).toBe(0);
    expect(text).toMatch(/^ {2}last-item neighbours +1\.0000 +1\.0000/mu);
    expect(text).toMatch(/minus the others, over the same members/u);
    expect((JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as Result).rows[0]?.model).toBe('popularity');
  });
});

describe('what cannot be run', () => {
  const complaint = (...args: readonly string[]): { readonly exit: number | null; readonly code: string; readonly detail: string; readonly line?: number } => {
    const { code, out, err } = run(...args, '--json');
    expect(out).toBe('');
    const { error } = JSON.parse(err) as { readonly error: { readonly code: string; readonly detail: string; readonly line?: number } };
    return { exit: code, ...error };
  };

  test.each<readonly [readonly string[], number, RegExp]>([
    [[], 64, /--list/u],
    [['sequences'], 64, /--file/u],
    [['ml-1m', '--file', 'x'], 64, /--data/u],
    [['ml-1m', '--seeds', '0'], 64, /1 to 100/u],
    [['ml-1m', '--budget', '-1'], 64, /minutes/u],
    [['no-such-recipe'], 66, /amazon-beauty/u],
    [['sequences', '--file', join(folder, 'not-there.txt')], 66, /not-there/u],
    [['retailrocket', '--data', folder], 66, /offered at https:/u],
  ])('%j', (args, exit, says) => {
    const told = complaint(...args);
    expect(told.exit).toBe(exit);
    expect(told.detail).toMatch(says);
  });

  test('a bad line is named', () => {
    expect(complaint('sequences', '--file', write('bad.txt', 'u1 a\nu1 b\nu1\nu1 c\n'))).toMatchObject({ exit: 65, code: 'client/invalidData', line: 3 });
  });

  test('sequences too short to hold anything back are told so', () => {
    expect(complaint('sequences', '--file', write('short.txt', 'u1 a\nu1 b\nu2 a\n'))).toMatchObject({ exit: 66, code: 'client/noData' });
  });

  test('a file in the place of a recipe\'s own is refused', () => {
    expect(complaint('ml-1m', '--data', write('ml-1m.txt', pairs))).toMatchObject({ exit: 65, detail: expect.stringContaining('recipe sequences --file') });
  });
});
