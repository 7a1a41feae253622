import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Imported } from '../../../src/importers/importer.ts';
import { readDeskdrop } from '../../../src/importers/deskdrop.ts';
import { eventSchema } from '../../../src/funnel/events.ts';

let folder = '';
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'throughline-deskdrop-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));

const HEADER = 'timestamp,eventType,contentId,personId,sessionId,userCountry';
const GOOD = [HEADER, '1465413032,VIEW,-3499919498720038879,-8845298781299428018,1264196770339959068,', '1465412560,LIKE,8890720798209849691,-8845298781299428018,3621737643587579081,BR', '1465413032,COMMENT CREATED,8890720798209849691,12,1,'].join('\n');

const read = async (): Promise<Imported[]> => {
  const out: Imported[] = [];
  for await (const imported of readDeskdrop(folder)) out.push(imported);
  return out;
};
const check = async (content: string | Buffer, expected: { code?: string; message: RegExp; where?: object }): Promise<void> => {
  await writeFile(join(folder, 'users_interactions.csv'), content);
  await expect(read()).rejects.toMatchObject({ code: 'client/invalidData', ...expected, message: expect.stringMatching(expected.message) });
};

describe('importing Deskdrop', () => {
  test('gives entities just before their first event, in order of time, ids as strings', async () => {
    await writeFile(join(folder, 'users_interactions.csv'), `${GOOD}\n`);
    const imported = await read();
    expect(imported.map((record) => (record.type === 'entity' ? `${record.entity.kind}:${record.entity.id}` : `${record.event.action} ${record.event.item}`))).toEqual([
      'member:-8845298781299428018', 'article:8890720798209849691', 'like article:8890720798209849691',
      'article:-3499919498720038879', 'view article:-3499919498720038879', 'member:12', 'comment article:8890720798209849691',
    ]);
    expect(imported[0]).toEqual({ type: 'entity', entity: { kind: 'member', id: '-8845298781299428018', createdAt: '2016-06-08T19:02:40.000Z', attributes: { place: 'BR' } } });
    for (const record of imported) if (record.type === 'event') expect(eventSchema.safeParse(record.event).success).toBe(true);
  });

  test('gives the same ids from the gzip file, and tells repeats of one second apart', async () => {
    await writeFile(join(folder, 'users_interactions.csv'), GOOD);
    const plain = await read();
    await rm(join(folder, 'users_interactions.csv'));
    await writeFile(join(folder, 'users_interactions.csv.gz'), gzipSync(`${GOOD}\n1465413032,VIEW,-3499919498720038879,-8845298781299428018,1264196770339959068,`));
    const packed = await read();
    const ids = packed.flatMap((record) => (record.type === 'event' ? [record.event.id] : []));
    expect(new Set(ids).size).toBe(4);
    for (const record of plain) if (record.type === 'event') expect(ids).toContain(record.event.id);
  });

  test('says which folder lacks the file', async () => { await expect(read()).rejects.toMatchObject({ code: 'client/invalidData', where: { file: folder } }); });
  test('refuses a gzip file cut short', async () => {
    await writeFile(join(folder, 'users_interactions.csv.gz'), gzipSync(GOOD).subarray(0, 60));
    await expect(read()).rejects.toMatchObject({ code: 'client/invalidData', message: expect.stringMatching(/not a whole gzip file/) });
  });
  test('refuses another header', () => check(GOOD.replace('personId', 'userId'), { message: /line 1: the header is/ }));
  test('refuses an empty file', () => check('', { message: /is empty/ }));
  test('refuses a header without events', () => check(HEADER, { message: /no events/ }));
  test('refuses a line cut short, with its number', () => check(GOOD.slice(0, -10), { message: /line 4: has 3 fields where 6 belong/, where: { line: 4 } }));
  test('refuses bytes that are not UTF-8, with their line', () => check(Buffer.concat([Buffer.from(`${HEADER}\n1,`), Buffer.from([0xff, 0xfe]), Buffer.from('\n')]), { message: /line 2: not UTF-8/, where: { line: 2 } }));
  const fields: readonly [string, string, string][] = [
    ['timestamp', '1465412560', 'yesterday'], ['eventType', 'LIKE', 'SHRUG'], ['contentId', '8890720798209849691,-', '88x,-'], ['userCountry', 'BR', 'Brazil'],
  ];
  test.each(fields)('refuses a wrong %s, with line and field', (field, from, to) =>
    check(GOOD.replace(from, to), { message: new RegExp(`line 3, field ${field}: `), where: { line: 3, field } }));
});
