import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readFirst, readOne, tableOf, type TableRows } from '../../../src/importers/files.ts';
import { createReport, line, paragraphs, termsOf, type LeftOut } from '../../../src/importers/importer.ts';
import { folderOf, lines } from './read.ts';

const SOURCE = { name: 'the set', offeredAt: 'https://example.org/set' };

const table = async (content: string | Buffer, name = 'a.csv'): Promise<TableRows & { readonly leftOut: readonly LeftOut[] }> => {
  const report = createReport();
  const read = await readFirst(folderOf({ [name]: content }), ['a.csv'], SOURCE);
  return { ...tableOf(read, { columns: ['id', 'text'], form: 'commas' }, report), leftOut: report.leftOut };
};

describe('a table', () => {
  test('has rows by column, that know their lines, whatever line breaks and columns stand beside', async () => {
    const { rows } = await table('\uFEFFother,id,text\r\nx,1,"one\nover, three\nlines"\r\ny,2,"said ""so"""\r\n');
    expect(rows.map((row) => [row.line, row.get('id'), row.get('text')])).toEqual([[2, '1', 'one\nover, three\nlines'], [5, '2', 'said "so"']]);
  });

  test('is read from a .gz as well', async () => {
    expect((await table(gzipSync('id,text\n1,a\n'), 'a.csv.gz')).rows).toHaveLength(1);
  });

  test('leaves out rows of another length, counted, with the line of the first', async () => {
    const { rows, leftOut } = await table(lines('id,text', '1,a', '2', '3,c', '4', '5,e,f'));
    expect(rows.map((row) => row.get('id'))).toEqual(['1', '3']);
    expect(leftOut.map(({ why, rows: count, first }) => [why, count, first.line])).toEqual([['has 1 fields where 2 belong', 2, 3], ['has 3 fields where 2 belong', 1, 6]]);
  });

  test.each<readonly [string, string | Buffer, RegExp, number]>([
    ['a quote that never ends', lines('id,text', '1,a', '2,"b'), /line \d: is not valid CSV .*cut short/u, 3],
    ['no line at all', '', /is empty; its first line must name the columns id, text/u, 1],
    ['a header alone', 'id,text\n', /has a header and no rows/u, 1],
    ['another header', lines('id,words', '1,a'), /line 1: the header is "id,words", it lacks text/u, 1],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from('id,text\n1,a\n2,'), Buffer.from([0xe9]), Buffer.from('\n')]), /line 3: not UTF-8/u, 3],
  ])('with %s is refused in one sentence that names file and line', async (...[, content, message, at]) => {
    await expect(table(content)).rejects.toMatchObject({ code: 'client/invalidData', message: expect.stringMatching(message) as string, where: { line: at, file: expect.stringContaining('a.csv') as string } });
  });

  test('that is cut short in its archive is refused', () => expect(table(gzipSync('id,text\n1,a\n').subarray(0, 20), 'a.csv.gz')).rejects.toThrow(/is not a whole gzip file/u));
});

test('a file that is not there is named, with who offers it', async () => {
  await expect(readFirst(folderOf({}), ['a.csv', 'A.csv'], SOURCE)).rejects.toThrow(/holds neither a\.csv nor a\.csv\.gz nor A\.csv nor A\.csv\.gz; name the folder with the files of the set, which https:\/\/example\.org\/set offers/u);
  expect(await readOne(join(folderOf({}), 'a.csv'))).toBeUndefined();
});

describe('a text', () => {
  test('of one line loses control characters and what is too long, never half a character', () => {
    expect(line(' a\u0000b\r\n c\t', 10)).toBe('a b c');
    expect([line('abc😀', 4), line('abc😀', 5), line(' \u0007 ', 9)]).toEqual(['abc', 'abc😀', undefined]);
  });
  test('of several keeps its paragraphs', () => expect(paragraphs('a\r\nb\u0007\n\n\n\nc', 100)).toBe('a\nb \n\nc'));
  test('as a term stands once, and not at all where it is too long', () => expect(termsOf(['SQL', ' sql ', 'x'.repeat(81), 'Go'], { most: 5, length: 80 })).toEqual(['SQL', 'Go']));
});
