/** People you may know from the command line, on graphs that this test makes. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { communities } from '../unit/models/people/made.ts';
import { PROGRAM, temporaryFolder } from '../support/real-server.ts';

interface Row { readonly method: string; readonly 'recall@10': number; readonly auc: number; readonly ours: boolean; readonly range?: { readonly auc: readonly [number, number] } }
interface Result { readonly rows: readonly Row[]; readonly protocol: string; readonly data: { readonly members: number; readonly pairs: number }; readonly seeds: readonly number[] }

const run = (...args: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'recipe', 'people', ...args], { encoding: 'utf8', timeout: 120_000 });
  return { code: status, out: stdout, err: stderr };
};
const result = (...args: readonly string[]): Result => {
  const { code, out, err } = run(...args, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Result;
};
const complaint = (...args: readonly string[]): unknown => {
  const { code, out, err } = run(...args, '--json');
  expect(out).toBe('');
  return { exit: code, ...(JSON.parse(err) as { readonly error: object }).error };
};

const folder = temporaryFolder();
const write = (name: string, content: string | Buffer): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

const edges = communities(6, 10, 3);
const plain = edges.map(([a, b]) => `m${a} m${b}\n`).join('');
const timed = `source,target,time\n${edges.map(([a, b], i) => `${a},${b},${1_600_000_000 + ((i * 7919) % edges.length) * 3600}`).join('\n')}\n`;

// The first run builds what is stale, and says so.
beforeAll(() => { run('--file', join(folder, 'none')); }, 120_000);

describe('recipe people', () => {
  const file = write('graph.txt', plain);

  test('prints one row a method; what is learned and Adamic-Adar know better than degrees', () => {
    const { rows, protocol, data } = result('--file', file);
    expect(rows.map(({ method }) => method)).toEqual(['people you may know', 'common neighbours', 'Jaccard', 'Adamic-Adar', 'resource allocation', 'preferential attachment', 'personalised PageRank', 'local random walk']);
    expect(rows.filter(({ ours }) => ours).map(({ method }) => method)).toEqual(['people you may know']);
    expect([data.members, data.pairs]).toEqual([60, edges.length]);
    expect(protocol).toMatch(/by chance/u);
    const of = (method: string): Row => { const row = rows.find((one) => one.method === method); if (row === undefined) throw new Error(method); return row; };
    for (const metric of ['recall@10', 'auc'] as const) for (const method of ['people you may know', 'Adamic-Adar']) expect(of(method)[metric], `${method}, ${metric}`).toBeGreaterThan(of('preferential attachment')[metric] + 0.1);
  });

  test('gives the same figures for the same graph, packed or in both directions', () => {
    const figures = (one: Result): unknown => one.rows.map(({ method, auc }) => [method, auc]);
    const first = figures(result('--file', file));
    expect(figures(result('--file', write('graph.gz', gzipSync(plain))))).toEqual(first);
    expect(figures(result('--file', write('both.txt', plain.replaceAll(/(\S+) (\S+)\n/gu, '$1 $2\n$2 $1\n'))))).toEqual(first);
  });

  test('hides the last ties where there are times, and prints a table', () => {
    const { code, out, err } = run('--file', write('timed.csv', timed), '--out', join(folder, 'kept'));
    expect(code).toBe(0);
    expect(out).toMatch(/last 10 % of the pairs by the time/u);
    expect(out).toMatch(/^ {2}people you may know +[\d.]+ +[\d.]+$/mu);
    expect(out).toMatch(/^ {2}minus Adamic-Adar +RECALL@10 [+−][\d.]+ \[/mu);
    expect(out).toMatch(/It rests on: /u);
    expect(err).toMatch(/looking for hidden ties/u);
    expect((JSON.parse(readFileSync(join(folder, 'kept', 'result.json'), 'utf8')) as Result).rows).toHaveLength(8);
  });

  test('over seeds gives the mean and the range', () => {
    const { rows, seeds } = result('--file', file, '--seeds', '2');
    expect(seeds).toEqual([1, 2]);
    for (const { auc, range } of rows) expect((range?.auc[0] ?? 2) <= auc && auc <= (range?.auc[1] ?? 0)).toBe(true);
  });
});

describe('what cannot be run', () => {
  test('is told in a sentence that names the file and the line', () => {
    expect(complaint('--file', write('bad.txt', '1 2\n2 3\n3\n'))).toMatchObject({ exit: 65, code: 'client/invalidData', line: 3, detail: expect.stringMatching(/bad\.txt, line 3.*1 field where 2 belong/u) });
    expect(complaint('--file', write('empty.txt', ''))).toMatchObject({ exit: 65, detail: expect.stringMatching(/empty\.txt holds no edge/u) });
    expect(complaint('--file', write('few.txt', '1 2\n2 3\n'))).toMatchObject({ exit: 66, code: 'client/noData' });
    expect(complaint('--file', join(folder, 'not-there.txt'))).toMatchObject({ exit: 66, detail: expect.stringMatching(/not-there/u) });
    expect(complaint()).toMatchObject({ exit: 64, detail: expect.stringMatching(/--file/u) });
    expect(complaint('--file', 'x', '--budget', '1')).toMatchObject({ exit: 64, detail: expect.stringMatching(/--budget/u) });
  });
});
