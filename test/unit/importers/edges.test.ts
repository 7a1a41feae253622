import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readEdgeList } from '../../../src/importers/edges.ts';
import { folderOf, lines, readBack, type ReadBack } from './read.ts';

const of = (content: string | Buffer, name = 'friends.txt', prefix?: string): Promise<ReadBack> => readBack(readEdgeList, folderOf({ [name]: content }), prefix);

/** Each pair of connected members, smaller end first, whoever states it. */
const pairs = ({ entities, events }: ReadBack): readonly string[] => [
  ...entities.flatMap(({ id, attributes }) => ((attributes['connections'] ?? []) as readonly string[]).map((other) => [`member:${id}`, other])), ...events.map(({ member, item }) => [member, item]),
].map((pair) => pair.toSorted().join(' ')).toSorted();

describe('edges without times', () => {
  test.each<readonly [string, string]>([
    ['spaces', '0 1\n1 2\n'], ['tabs and remarks', '# from SNAP\n% and others\n0\t1\n\n1\t2\n'], ['commas under a header', 'id_1,id_2\n0,1\n1,2\n'], ['semicolons and weights', '0;1;2.5\n1;2;3\n'],
    ['quotes and another header', '"source","target"\r\n"0","1"\r\n"1","2"\r\n'],
  ])('apart by %s are connections that members state', async (_what, content) => {
    const read = await of(content);
    expect(pairs(read)).toEqual(['member:friends-0 member:friends-1', 'member:friends-1 member:friends-2']);
    expect([read.entities.length, read.events.length, read.leftOut.length]).toEqual([3, 0, 0]);
  });

  test('are stated once each, by the end that states fewer, however often they are listed', async () => {
    const star = await of(lines(...Array.from({ length: 9 }, (_, i) => `hub ${i}`), ...Array.from({ length: 9 }, (_, i) => `${i} hub`), '3 3', 'alone'));
    expect(pairs(star)).toHaveLength(9);
    expect(Math.max(...star.entities.map(({ attributes }) => ((attributes['connections'] ?? []) as readonly string[]).length))).toBe(1);
    expect(star.leftOut.map(({ rows, first }) => [rows, first.line])).toEqual([[1, 19], [1, 20], [9, 10]]);
  });

  test('between words are no header', async () => {
    expect(pairs(await of('azure .net\nhtml css\n', 'x.txt', ''))).toEqual(['member:.net member:azure', 'member:css member:html']);
  });

  test('keep the ids that an empty prefix leaves them', async () => {
    expect((await of('0 1\n', 'a.txt', '')).entities.map(({ id }) => id)).toEqual(['0', '1']);
  });
});

test('edges with times are events in order of time, the first of each pair, with members who are there by then', async () => {
  for (const content of ['2 1 1254194656\n1 4 1254192988\n1 2 1254199999\n', 'u,v,t\n2,1,1254194656000\n1,4,1254192988000\n1,2,1254199999000\n']) {
    const { entities, events, leftOut } = await of(content, 'a2q.txt');
    expect(events.map(({ member, item, at, action }) => [member, item, at, action])).toEqual([['member:a2q-1', 'member:a2q-4', '2009-09-29T02:56:28.000Z', 'connect'], ['member:a2q-2', 'member:a2q-1', '2009-09-29T03:24:16.000Z', 'connect']]);
    expect(entities.map(({ id, createdAt }) => [id, createdAt])).toEqual([['a2q-1', '2009-09-29T02:56:28.000Z'], ['a2q-4', '2009-09-29T02:56:28.000Z'], ['a2q-2', '2009-09-29T03:24:16.000Z']]);
    expect(leftOut).toMatchObject([{ why: 'repeats a pair before it', rows: 1 }]);
  }
});

test('weights are no times', async () => {
  expect((await of('0 1 12\n1 2 990000000\n2 3 7\n')).events).toEqual([]);
});

test('a broken line among good ones is left out, with its number', async () => {
  const read = await of(lines('0 1 1254192988', '1 2 1254192989', '2 3 someday', '3 a/b 1254192990', ...Array.from({ length: 40 }, (_, i) => `${i + 5} ${i + 6} 1254192991`)));
  expect(read.events).toHaveLength(42);
  expect(read.leftOut.map(({ rows, first }) => [rows, first.line])).toEqual([[1, 3], [1, 4]]);
});

describe('a folder', () => {
  const graph = gzipSync('0,1\n');
  test('with one list is read, and so is one where a name says which, packed or not', async () => {
    const folder = folderOf({ 'SOURCE.md': 'about', 'my_Edges.csv.gz': graph, 'target.csv': 'id,label\n0,1\n', 'features.json': '{}' });
    expect((await readBack(readEdgeList, folder)).entities.map(({ id }) => id)).toEqual(['my_edges-0', 'my_edges-1']);
    expect((await readBack(readEdgeList, join(folder, 'target.csv'))).leftOut).toEqual([]);
  });

  test('with several is refused with their names, with none too, and so is what is not there', async () => {
    await expect(readBack(readEdgeList, folderOf({ 'a.txt': '0 1', 'b.txt': '0 1' }))).rejects.toThrow(/several files that could be edges \(a\.txt, b\.txt\); name the one you mean/u);
    await expect(readBack(readEdgeList, folderOf({ 'SOURCE.md': 'x' }))).rejects.toThrow(/holds no \.txt, \.csv or \.tsv.*snap\.stanford\.edu/u);
    await expect(readBack(readEdgeList, '/nowhere/at-all')).rejects.toThrow(/there is no \/nowhere\/at-all/u);
  });
});

test.each<readonly [string, string, RegExp]>([['', 'nothing', /is empty/u], ['hello\nworld\n', 'words', /line 1: "hello" is no edge, nor is any line after it/u]])('a file with %j in it is refused', (content, _what, message) => expect(of(content)).rejects.toThrow(message));
