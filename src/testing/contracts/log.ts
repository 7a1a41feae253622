/** What every log must do, whatever it is made of. An adapter's test is one call. */
import { afterEach, describe, expect, test } from 'vitest';
import { manualClock } from '../../core/clock.ts';
import type { MemberId, Millis } from '../../core/ids.ts';
import { DEDUPLICATION_WINDOW_MS, type Log, type LogRecord, type Position, type StoredRecord } from '../../log/port.ts';

export interface LogSetting { readonly partitions: number; readonly clock: ReturnType<typeof manualClock> }
/** `reopen` closes and opens the same store again: there where the log persists. */
export interface LogUnderTest {
  readonly log: Log & { quarantined(): readonly { readonly partition: number; readonly record: LogRecord }[] };
  reopen?(): Promise<LogUnderTest['log']>;
  destroy(): Promise<void>;
}

const NOW = Date.UTC(2026, 0, 31) as Millis;
const textOf = (record: LogRecord): string => Buffer.from(record.payload).toString();

/** A live event of member 1, ten seconds ago, whose payload is its id. */
export const logRecord = (id: string, changes: Partial<LogRecord> & { readonly text?: string } = {}): LogRecord => {
  const { text = id, ...rest } = changes;
  return { type: 'event', id, at: NOW - 10_000 as Millis, member: '1' as MemberId, deduplicate: 'live', payload: Buffer.from(text), ...rest };
};

/** Everything in the log, by partition. */
export const readAll = async (log: Log, from: readonly Position[] = log.end().map(({ partition }) => ({ partition, sequence: 0 }))): Promise<StoredRecord[][]> => {
  const all: StoredRecord[][] = Array.from({ length: log.partitions }, () => []);
  for await (const block of log.read(from)) all[block.partition]?.push(...block.records);
  return all;
};

export const testLog = (name: string, create: (setting: LogSetting) => Promise<LogUnderTest>, options: { readonly persists: boolean }): void => {
  for (const partitions of [1, 4]) {
    describe(`${name}, ${partitions} partition${partitions === 1 ? '' : 's'}`, () => {
      const made: LogUnderTest[] = [];
      const start = async (): Promise<LogUnderTest & { readonly clock: LogSetting['clock'] }> => {
        const clock = manualClock(NOW);
        const under = await create({ partitions, clock });
        made.push(under);
        return { ...under, clock };
      };
      afterEach(async () => { for (const under of made.splice(0)) await under.destroy(); });
      const last = partitions - 1;
      for (const define of [testOrder, testRepeats, testRemoval, ...(options.persists ? [testReopening] : [])]) define(start, last);
    });
  }
};

type Start = () => Promise<LogUnderTest & { readonly clock: LogSetting['clock'] }>;
const ids = (records: readonly LogRecord[] | undefined): string[] => (records ?? []).map(({ id }) => id);

const testOrder = (start: Start, last: number): void => {
  test('gives back what was appended, in order, with dense sequences', async () => {
    const { log } = await start();
    const records = Array.from({ length: 3000 }, (_, i) => logRecord(`e${i}`, { deduplicate: 'never', text: `payload ${i} é` }));
    const appended = await log.append(last, records);
    expect(appended.map(({ position }) => position)).toEqual(records.map((_, sequence) => ({ partition: last, sequence })));
    const all = (await readAll(log))[last] ?? [];
    expect(all.map(({ payload, ...record }) => ({ ...record, text: Buffer.from(payload).toString() }))).toEqual(records.map(({ payload, ...record }, sequence) => ({ ...record, sequence, text: Buffer.from(payload).toString() })));
    expect(log.end()[last]).toEqual({ partition: last, sequence: 3000 });
  });
  test('reads from the middle of a block, and gets one record', async () => {
    const { log } = await start();
    await log.append(last, Array.from({ length: 500 }, (_, i) => logRecord(`e${i}`)));
    expect(ids((await readAll(log, [{ partition: last, sequence: 490 }]))[last])).toEqual(Array.from({ length: 10 }, (_, i) => `e${490 + i}`));
    expect(log.get({ partition: last, sequence: 123 })?.id).toBe('e123');
    expect(log.get({ partition: last, sequence: 500 })).toBeUndefined();
  });
  test('keeps records with and without a member, any text, and an empty payload apart', async () => {
    const { log } = await start();
    const { member: _, ...nobody } = logRecord('без-члена', { text: '' });
    await log.append(last, [nobody, logRecord('é', { member: 'ö' as MemberId })]);
    const [first, second] = (await readAll(log))[last] ?? [];
    expect(first).toMatchObject({ id: 'без-члена' });
    expect(first).not.toHaveProperty('member');
    expect(second).toMatchObject({ id: 'é', member: 'ö' });
  });
  test('partitions are independent', async () => {
    const { log } = await start();
    for (let partition = 0; partition <= last; partition++) await log.append(partition, [logRecord('same'), logRecord(`own-${partition}`)]);
    (await readAll(log)).forEach((records, partition) => expect(ids(records)).toEqual(['same', `own-${partition}`]));
  });
  test('keeps the order of calls that do not wait for each other', async () => {
    const { log } = await start();
    const calls = Array.from({ length: 300 }, (_, i) => log.append(last, [logRecord(`a${i}`), logRecord(`b${i}`)]));
    const positions = (await Promise.all(calls)).flat().map(({ position }) => position.sequence);
    expect(positions).toEqual(Array.from({ length: 600 }, (_, i) => i));
    expect(ids((await readAll(log))[last])).toEqual(Array.from({ length: 300 }, (_, i) => [`a${i}`, `b${i}`]).flat());
  });
  test('a follower is given what is appended later, until it is told to stop', async () => {
    const { log } = await start();
    await log.append(last, [logRecord('before')]);
    const stop = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const block of log.read([{ partition: last, sequence: 0 }], { follow: true, signal: stop.signal })) {
        seen.push(...ids(block.records));
        if (seen.length === 3) stop.abort();
      }
    })();
    await log.append(last, [logRecord('during')]);
    await log.append(last, [logRecord('after')]);
    await following;
    expect(seen).toEqual(['before', 'during', 'after']);
  });
  test('refuses a record that is too large, and the log goes on', async () => {
    const { log } = await start();
    await expect(log.append(last, [logRecord('x'.repeat(2000))])).rejects.toMatchObject({ code: 'client/tooLarge', where: { index: 0 } });
    await log.append(last, [logRecord('fine')]);
    expect(ids((await readAll(log))[last])).toEqual(['fine']);
  });
};

const testRepeats = (start: Start, last: number): void => {
  for (const deduplicate of ['live', 'history'] as const) {
    test(`a repeated ${deduplicate} record counts once and points at the first`, async () => {
      const { log } = await start();
      await log.append(last, [logRecord('other'), logRecord('e', { deduplicate })]);
      expect(await log.append(last, [logRecord('e', { deduplicate, at: NOW })])).toEqual([{ outcome: 'duplicate', position: { partition: last, sequence: 1 } }]);
      expect(ids((await readAll(log))[last])).toEqual(['other', 'e']);
    });
    test(`a ${deduplicate} id with another payload is set aside`, async () => {
      const { log } = await start();
      await log.append(last, [logRecord('e', { deduplicate })]);
      expect(await log.append(last, [logRecord('e', { deduplicate, text: 'forged' }), logRecord('next')])).toEqual([
        { outcome: 'quarantined', position: { partition: last, sequence: 0 } }, { outcome: 'stored', position: { partition: last, sequence: 1 } }]);
      expect(((await readAll(log))[last] ?? []).map(textOf)).toEqual(['e', 'next']);
      expect(log.quarantined().map(({ partition, record }) => [partition, record.id, textOf(record)])).toEqual([[last, 'e', 'forged']]);
    });
  }
  test('repeats may differ in the envelope of the payload, and nowhere else', async () => {
    const { log } = await start();
    await log.append(last, [logRecord('e', { text: '10:00 like', envelopeBytes: 5 })]);
    const answers = await log.append(last, [logRecord('e', { text: '10:01 like', envelopeBytes: 5 }), logRecord('e', { text: '10:01 hide', envelopeBytes: 5 })]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['duplicate', 'quarantined']);
  });
  test('records that are never deduplicated all count', async () => {
    const { log } = await start();
    const record = logRecord('served', { deduplicate: 'never' });
    expect((await log.append(last, [record, record])).map(({ outcome }) => outcome)).toEqual(['stored', 'stored']);
  });
  test('repeats inside one batch and across batches on their way are seen', async () => {
    const { log } = await start();
    const answers = await Promise.all([
      log.append(last, [logRecord('a'), logRecord('a'), logRecord('a', { text: 'forged' }), logRecord('b')]),
      log.append(last, [logRecord('b'), logRecord('c')]),
      log.append(last, [logRecord('h', { deduplicate: 'history', at: 5 as Millis })]),
      log.append(last, [logRecord('h', { deduplicate: 'history', at: 5 as Millis })]),
    ]);
    expect(answers.map((batch) => batch.map(({ outcome, position }) => `${outcome} ${position.sequence}`))).toEqual([
      ['stored 0', 'duplicate 0', 'quarantined 0', 'stored 1'], ['duplicate 1', 'stored 2'], ['stored 3'], ['duplicate 3']]);
    expect(ids((await readAll(log))[last])).toEqual(['a', 'b', 'c', 'h']);
  });
  test('whoever repeats a record is answered after the original is kept', async () => {
    const { log } = await start();
    const order: string[] = [];
    await Promise.all([
      log.append(last, [logRecord('e')]).then(() => order.push('original')),
      log.append(last, [logRecord('e')]).then(() => order.push('repeat')),
    ]);
    expect(order).toEqual(['original', 'repeat']);
  });
  test('a live id is free again after 30 days, an imported one never', async () => {
    const { log, clock } = await start();
    await log.append(last, [logRecord('live'), logRecord('history', { deduplicate: 'history' })]);
    clock.set(NOW + DEDUPLICATION_WINDOW_MS);
    const again = await log.append(last, [logRecord('live', { at: clock.now() }), logRecord('history', { deduplicate: 'history' })]);
    expect(again.map(({ outcome }) => outcome)).toEqual(['stored', 'duplicate']);
  });
  test('an id that an import brought within the last 30 days is known to live records too', async () => {
    const { log } = await start();
    await log.append(last, [logRecord('e', { deduplicate: 'history' })]);
    expect((await log.append(last, [logRecord('e')]))[0]?.outcome).toBe('duplicate');
  });
};

const testRemoval = (start: Start, last: number): void => {
  const ana = 'ana' as MemberId;
  test('erases a member everywhere, and gives no sequence out twice', async () => {
    const { log } = await start();
    await log.append(0, [logRecord('a'), logRecord('b', { member: ana }), logRecord('c', { deduplicate: 'history', member: ana })]);
    await log.append(last, [logRecord('b', { member: ana, text: 'forged' }), logRecord('d'), logRecord('e', { member: ana })]);
    const set = log.quarantined().length;
    const end = log.end();
    expect(await log.erase(ana)).toBe(4);
    expect(log.quarantined()).toHaveLength(last === 0 ? 0 : set);
    expect((await readAll(log)).flat().filter(({ member }) => member === ana)).toEqual([]);
    expect(log.end()).toEqual(end);
    expect(log.get({ partition: 0, sequence: 1 })).toBeUndefined();
    const [again] = await log.append(0, [logRecord('c', { deduplicate: 'history', member: ana })]);
    expect(again).toEqual({ outcome: 'stored', position: { partition: 0, sequence: end[0]?.sequence } });
  });
  test('erasing somebody unknown removes nothing', async () => {
    const { log } = await start();
    await log.append(last, [logRecord('a')]);
    expect(await log.erase('nobody' as MemberId)).toBe(0);
    expect(ids((await readAll(log))[last])).toEqual(['a']);
  });
  test('appends and a follower go on while a member is erased', async () => {
    const { log } = await start();
    await log.append(last, Array.from({ length: 2000 }, (_, i) => logRecord(`e${i}`, { member: (i % 2 === 0 ? 'ana' : 'bo') as MemberId })));
    const stop = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const block of log.read([{ partition: last, sequence: 2000 }], { follow: true, signal: stop.signal })) {
        seen.push(...ids(block.records));
        if (seen.length === 50) stop.abort();
      }
    })();
    const erasing = log.erase(ana);
    const during = Array.from({ length: 50 }, (_, i) => log.append(last, [logRecord(`new${i}`, { member: (i % 2 === 0 ? 'ana' : 'bo') as MemberId })]));
    expect(await erasing).toBe(1000);
    await Promise.all(during);
    await following;
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => `new${i}`));
    // What came after the request is not part of it.
    expect(ids((await readAll(log))[last])).toEqual([...Array.from({ length: 1000 }, (_, i) => `e${2 * i + 1}`), ...seen]);
  });
  test('drops what a retention policy names and nothing else', async () => {
    const { log } = await start();
    const old = { at: 1000 as Millis, deduplicate: 'never' } as const;
    await log.append(last, [logRecord('a', { ...old, type: 'served' }), logRecord('b', old), logRecord('c', { type: 'served' }), logRecord('d', { ...old, type: 'served' })]);
    expect(await log.retain({ types: ['served'], before: 2000 as Millis })).toBe(2);
    expect(await log.retain({ types: ['served'], before: 2000 as Millis })).toBe(0);
    expect(ids((await readAll(log))[last])).toEqual(['b', 'c']);
    expect((await log.append(last, [logRecord('e')]))[0]?.position.sequence).toBe(4);
  });
  test('an imported record that was retired stays known', async () => {
    const { log } = await start();
    const record = logRecord('h', { deduplicate: 'history', at: 1000 as Millis });
    await log.append(last, [record]);
    await log.retain({ types: ['event'], before: 2000 as Millis });
    expect((await log.append(last, [record]))[0]?.outcome).toBe('duplicate');
    expect(ids((await readAll(log))[last])).toEqual([]);
  });
};

const testReopening = (start: Start, last: number): void => {
  test('a store that is opened again knows its records, ids and quarantine', async () => {
    const { log, reopen } = await start();
    if (reopen === undefined) throw new Error('a log that persists must be able to reopen');
    await log.append(last, [logRecord('a'), logRecord('b', { deduplicate: 'history' }), logRecord('c', { deduplicate: 'never' })]);
    await log.append(last, [logRecord('a', { text: 'forged' })]);
    const again = await reopen();
    expect(ids((await readAll(again))[last])).toEqual(['a', 'b', 'c']);
    expect(again.quarantined()).toHaveLength(1);
    const answers = await again.append(last, [logRecord('a'), logRecord('b', { deduplicate: 'history' }), logRecord('d')]);
    expect(answers.map(({ outcome, position }) => `${outcome} ${position.sequence}`)).toEqual(['duplicate 0', 'duplicate 1', 'stored 3']);
  });
  test('a store whose last records were erased goes on counting where it was', async () => {
    const { log, reopen } = await start();
    if (reopen === undefined) throw new Error('a log that persists must be able to reopen');
    await log.append(last, [logRecord('a'), logRecord('b', { member: 'ana' as MemberId })]);
    await log.erase('ana' as MemberId);
    const again = await reopen();
    expect(again.end()[last]?.sequence).toBe(2);
    expect((await again.append(last, [logRecord('c')]))[0]?.position.sequence).toBe(2);
  });
};
