import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY, manualClock, MINUTE } from '../../../src/core/clock.ts';
import type { Millis, RequestId } from '../../../src/core/ids.ts';
import { answeredRecord } from '../../../src/funnel/answered.ts';
import { exportFunnel, type ExportReport } from '../../../src/funnel/export.ts';
import { COLUMNS } from '../../../src/funnel/rows.ts';
import { createMemoryLog } from '../../../src/log/memory.ts';
import type { Log, LogRecord } from '../../../src/log/port.ts';
import { query } from '../../support/parquet.ts';
import { cardOf, eventOf, minutes, pageRecord, START } from './story.ts';

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'throughline-export-')); });
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

const first = pageRecord({ at: START, member: 'ana', items: ['article:a', 'member:bo'], variants: { order: 'learned' } });
const second = pageRecord({ at: START + DAY, member: 'ana', items: ['group:g'], surface: 'discovery' });
const RECORDS: readonly LogRecord[] = [
  first, answeredRecord({ requestId: first.id as RequestId, member: 'ana', at: START as Millis, surface: 'feed' }, [{ candidate: 1, position: 0 }]),
  eventOf({ at: minutes(1), member: 'ana', item: 'article:a', id: 'seen', trackingId: cardOf(first, 0), visibleMs: 1500 }),
  eventOf({ at: minutes(2), sentAt: minutes(2), receivedAt: minutes(5), member: 'ana', item: 'article:a', id: 'like', trackingId: cardOf(first, 0), action: 'like' }),
  second, eventOf({ at: START + DAY + MINUTE, member: 'ana', item: 'group:g', id: 'join', trackingId: cardOf(second, 0), action: 'join' }),
  eventOf({ at: START + DAY + 2 * MINUTE, member: 'ana', item: 'article:a', id: 'unlike', action: 'like', of: 'like' }),
  eventOf({ at: START + DAY + 3 * MINUTE, member: 'ana', item: 'article:a', id: 'lost', trackingId: 'nobody-1', action: 'click' }),
];

const logOf = async (records: readonly LogRecord[]): Promise<Log> => {
  const log = createMemoryLog({ partitions: 1, clock: manualClock(START) });
  await log.append(0, records);
  return log;
};
const exported = async (records: readonly LogRecord[], options: { readonly to?: string; readonly days?: number } = {}): Promise<ExportReport> =>
  exportFunnel(await logOf(records), { folder: options.to ?? folder, reasonOf: (reason) => `reason${reason}`, ...(options.days === undefined ? {} : { days: options.days }) });
const filesIn = (where: string): Readonly<Record<string, string>> => Object.fromEntries(readdirSync(where).toSorted().map((name) => [name, readFileSync(join(where, name)).toString('base64')]));

test('every served card, impression and action is a row, joined to its card', async () => {
  expect(await exported(RECORDS)).toMatchObject({ days: 2, rows: 9, unchanged: 0 });
  const rows = await query(`select * from '${folder}/*.parquet' order by happened_at, event_id`);
  expect(Object.keys(rows[0] ?? {})).toEqual(Object.keys(COLUMNS));
  const told = rows.map(({ event_id: id, type, layer, session, surface, tracking_id: tracking, position, ranker, reason, attributed_by: by, loss }) => [id, type, layer, session, surface, tracking, position, ranker, reason, by, loss]);
  const [a, bo, g] = [cardOf(first, 0), cardOf(first, 1), cardOf(second, 0)];
  expect(told).toEqual([
    [`${a}.api`, 'served', 'api', 1, 'feed', a, 0, 'news', 'reason0', null, null],
    [`${a}.mixer`, 'served', 'mixer', 1, 'feed', a, 0, 'news', 'reason0', null, null],
    [`${bo}.mixer`, 'served', 'mixer', 1, 'feed', bo, 1, 'people', 'reason1', null, null],
    ['seen', 'impression', null, 1, 'feed', a, 0, 'news', 'reason0', 'trackingId', null],
    ['like', 'action', null, 1, 'feed', a, 0, 'news', 'reason0', 'trackingId', null],
    [`${g}.mixer`, 'served', 'mixer', 2, 'discovery', g, 0, 'news', 'reason0', null, null],
    ['join', 'action', null, 2, 'feed', g, 0, 'news', 'reason0', 'trackingId', null],
    ['unlike', 'action', null, 2, 'feed', a, 0, 'news', 'reason0', 'undone', null],
    ['lost', 'action', null, 2, 'feed', 'nobody-1', null, null, null, null, 'unknownId'],
  ]);
  const [like] = await query(`select happened_at::varchar as happened, device_at::varchar as device, received_at::varchar as received, visible_ms, variants->>'order' as variant, model from '${folder}/*.parquet' where event_id = 'like'`);
  expect(like).toEqual({ happened: '2026-06-01 12:05:00', device: '2026-06-01 12:02:00', received: '2026-06-01 12:05:00', visible_ms: null, variant: 'learned', model: 'm1' });
  const types = await query(`select column_name, column_type from (describe select * from '${folder}/*.parquet')`);
  expect(types.filter(({ column_name: name }) => ['happened_at', 'session', 'variants', 'item'].includes(String(name))).map(({ column_type: type }) => type)).toEqual(['TIMESTAMP', 'INTEGER', 'VARCHAR', 'JSON']);
});

describe('run again', () => {
  test('the same log makes the same bytes, and no file is made that is there', async () => {
    const other = join(folder, 'other');
    const one = join(folder, 'one');
    await exported(RECORDS, { to: one });
    await exported(RECORDS, { to: other });
    expect(filesIn(one)).toEqual(filesIn(other));
    expect(Object.keys(filesIn(one))).toEqual(['funnel-2026-06-01.parquet', 'funnel-2026-06-02.parquet', 'funnel.json']);
    expect(await exported(RECORDS, { to: one })).toMatchObject({ rows: 9, unchanged: 2 });
    expect(filesIn(one)).toEqual(filesIn(other));
  });

  test('only days on which something else is known to have happened are made again', async () => {
    await exported(RECORDS.slice(0, 5));
    const before = filesIn(folder);
    expect(await exported(RECORDS)).toMatchObject({ days: 2, unchanged: 1 });
    const after = filesIn(folder);
    expect(after['funnel-2026-06-01.parquet']).toBe(before['funnel-2026-06-01.parquet']);
    expect(after['funnel-2026-06-02.parquet']).not.toBe(before['funnel-2026-06-02.parquet']);
  });

  test('after it was killed between two days it makes the rest', async () => {
    await exported(RECORDS);
    const whole = filesIn(folder);
    rmSync(join(folder, 'funnel-2026-06-02.parquet'));
    expect(await exported(RECORDS)).toMatchObject({ days: 2, unchanged: 1 });
    expect(filesIn(folder)).toEqual(whole);
  });

  test('a day of which nothing is left in the log leaves the folder', async () => {
    await exported(RECORDS);
    await exported(RECORDS.slice(4));
    expect(Object.keys(filesIn(folder))).toEqual(['funnel-2026-06-02.parquet', 'funnel.json']);
  });
});

test('the last days are counted back from the last on which something happened', async () => {
  expect(await exported(RECORDS, { days: 1 })).toMatchObject({ days: 1, rows: 4 });
  expect(Object.keys(filesIn(folder))).toEqual(['funnel-2026-06-02.parquet', 'funnel.json']);
});

test('an empty log makes no file', async () => {
  expect(await exported([])).toEqual({ days: 0, rows: 0, unchanged: 0, bytes: 0 });
});
