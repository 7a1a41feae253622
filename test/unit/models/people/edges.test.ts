import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { readEdges, type ReadEdges } from '../../../../src/models/people/edges.ts';
import { pairsOf } from '../../../../src/models/people/graph.ts';

const folder = mkdtempSync(join(tmpdir(), 'throughline-edges-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
let files = 0;
const read = (content: string | Buffer): Promise<ReadEdges> => {
  const file = join(folder, `edges-${files++}`);
  writeFileSync(file, content);
  return readEdges(file);
};
const EDGES = [[1, 2], [2, 3], [3, 1], [4, 1]] as const;
const numbers = async (content: string | Buffer): Promise<readonly (readonly number[])[]> => {
  const { events: { from, to, seconds } } = await read(content);
  return Array.from(from, (own, i) => [own, to[i] ?? -1, ...(seconds === undefined ? [] : [seconds[i] ?? -1])]);
};
const PLAIN = [[0, 1], [1, 2], [2, 0], [3, 0]];
const timed = (seconds: readonly number[]): number[][] => PLAIN.map((pair, i) => [...pair, seconds[i] ?? 0]);
const lines = (separator: string, behind: readonly (number | string)[] = []): string => EDGES.map((edge, i) => [...edge, ...(behind[i] === undefined ? [] : [behind[i]])].join(separator)).join('\n');

describe('one graph in many forms', () => {
  test.each([
    ['spaces', lines(' ')], ['tabs and a last line end', `${lines('\t')}\n`], ['commas', lines(',')], ['semicolons', lines(';')], ['two spaces and Windows line ends', `${lines('  ').replaceAll('\n', '\r\n')}\r\n`],
    ['a header', `id_1,id_2\n${lines(',')}`], ['another header', `FromNodeId\tToNodeId\n${lines('\t')}`], ['a header of no known words', `kaki\tpera\n${lines('\t')}`],
    ['comments and blank lines', `# a graph\n% of 4\n\n${lines(' ')}\n\n# end\n`], ['quotes', lines(',').replaceAll(/\d/gu, '"$&"')], ['quotes and spaces', lines(' ').replaceAll(/\d/gu, '"$&"')],
    ['a weight of one', lines(' ', [1, 1, 1, 1])], ['weights', lines(',', ['0.5', '2.5', '1', '2.5'])], ['a byte order mark', `\uFEFF${lines(',')}`], ['self loops', `1 1\n${lines(' ')}\n3 3`],
  ])('with %s', async (_, content) => { expect(await numbers(content)).toEqual(PLAIN); });

  test('packed', async () => { expect(await numbers(gzipSync(lines(' ')))).toEqual(PLAIN); });

  test.each([
    ['Unix seconds', lines(' ', [1_600_000_000, 1_600_000_100, 1_600_000_050, 1_600_000_200]), [1_600_000_000, 1_600_000_100, 1_600_000_050, 1_600_000_200]],
    ['milliseconds', lines(',', [1_600_000_000_000, 1_600_000_001_000, 1_600_000_002_000, 1_600_000_003_000]), [1_600_000_000, 1_600_000_001, 1_600_000_002, 1_600_000_003]],
    ['dates', lines(',', ['2020-01-01', '2020-01-02', '2020-01-03', '2020-01-04']), [1_577_836_800, 1_577_923_200, 1_578_009_600, 1_578_096_000]],
    ['a named time of small numbers', `source,target,time\n${lines(',', [5, 6, 6, 7])}`, [5, 6, 6, 7]],
    ['a weight before the time', `SOURCE,TARGET,RATING,TIME\n${EDGES.map((edge, i) => [...edge, -3, 100 + i].join(',')).join('\n')}`, [100, 101, 102, 103]],
    ['the time first', EDGES.map(([a, b], i) => `${1_600_000_000 + i}\t${a}\t${b}`).join('\n'), [1_600_000_000, 1_600_000_001, 1_600_000_002, 1_600_000_003]],
  ])('with %s', async (_, content, seconds) => { expect(await numbers(content)).toEqual(timed(seconds)); });

  test('small whole numbers in a third field are times where they rise with the lines, and weights where they come again', async () => {
    const days = Array.from({ length: 60 }, (_, i) => `${i % 7} ${(i * 3 + 1) % 11} ${Math.floor(i / 2)}`).join('\n');
    const weights = Array.from({ length: 60 }, (_, i) => `${i % 7} ${(i * 3 + 1) % 11} ${(i * 5) % 13}`).join('\n');
    expect((await read(days)).events.seconds).toBeDefined();
    expect((await read(weights)).events.seconds).toBeUndefined();
  });

  test('ids of words, spaces in quotes, and a first line that is an edge', async () => {
    const { events, report } = await read('"Ada L","Bob"\n"Bob","Cy"\n"Cy","Ada L"\n');
    expect([events.members, [...events.from], [...events.to]]).toEqual([3, [0, 1, 2], [1, 2, 0]]);
    expect(report.form).toMatch(/first field and the second field/u);
  });

  test('each pair is one, given in one direction, in both, or often; only a mixture says who turned to whom', async () => {
    const pairs = async (content: string): Promise<readonly [number, boolean]> => { const { count, directed } = pairsOf((await read(content)).events); return [count, directed]; };
    expect(await pairs(lines(' '))).toEqual([4, false]);
    expect(await pairs(`${lines(' ')}\n2 1\n3 2\n1 3\n1 4`)).toEqual([4, false]);
    expect(await pairs(`${lines(' ')}\n2 1\n1 2`)).toEqual([4, true]);
  });

  test('what was left out is counted', async () => {
    expect((await read('# one\n1 2\n\n2 2\n2 3\n')).report).toMatchObject({ lines: 5, comments: 1, blankLines: 1, selfLoops: 1 });
  });
});

describe('a line that is no edge is named', () => {
  test.each<readonly [string, { readonly content: string; readonly line: number; readonly says: RegExp }]>([
    ['too few fields', { content: '1 2\n2 3\n3\n4 1\n', line: 3, says: /1 field where 2 belong/u }],
    ['too many fields', { content: '1,2\n2,3\n3,1,9\n4,1\n', line: 3, says: /3 fields where 2 belong/u }],
    ['an empty end', { content: '1,2\n2,3\n3,\n4,1\n', line: 3, says: /no id/u }],
    ['a missing end', { content: '1,2\nNaN,3\n3,1\n4,1\n', line: 2, says: /"NaN"/u }],
    ['a time that is none', { content: '1 2 1600000000\n2 3 1600000001\n3 1 soon\n4 1 1600000003\n', line: 3, says: /"soon" is not a time/u }],
    ['a quote that does not end', { content: '"1","2"\n"2","3\n"3","1"\n', line: 2, says: /quote/u }],
    ['one field a line', { content: '# ids\n1\n2\n3\n', line: 2, says: /no two ends/u }],
    ['a zero byte', { content: '1 2\n2 \u00003\n', line: 2, says: /binary/u }],
  ])('%s', async (_, { content, line, says }) => {
    await expect(read(content)).rejects.toMatchObject({ code: 'client/invalidData', where: { line } });
    await expect(read(content)).rejects.toThrow(says);
    await expect(read(content)).rejects.toThrow(new RegExp(`edges-\\d+, line ${line}`, 'u'));
  });

  test('and a file without edges, or that is not there, is named too', async () => {
    await expect(read('')).rejects.toThrow(/holds no edge/u);
    await expect(read('# nothing\n')).rejects.toThrow(/holds no edge/u);
    await expect(readEdges(join(folder, 'no-such-file'))).rejects.toMatchObject({ code: 'client/notFound' });
    await expect(readEdges(folder)).rejects.toThrow(/is a folder/u);
  });
});
