import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { manualClock } from '../../../src/core/clock.ts';
import type { MemberId } from '../../../src/core/ids.ts';
import { dataFile } from '../../../src/log/folder.ts';
import { openLmdbLog } from '../../../src/log/lmdb.ts';
import { lockFolder } from '../../../src/core/lock.ts';
import { openStore } from '../../../src/log/store.ts';
import { logRecord, readAll } from '../../../src/testing/contracts/log.ts';

const clock = manualClock(Date.UTC(2026, 0, 31));
const lock = (): (() => void) => lockFolder(folder, { name: 'writer', held: (pid) => `held by ${pid}` });

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'throughline-folder-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a folder', () => {
  test('a second writer is told which process has the folder', async () => {
    const log = await openLmdbLog({ folder, clock });
    await expect(openLmdbLog({ folder, clock })).rejects.toMatchObject({ code: 'server/storeInUse', message: expect.stringContaining(String(process.pid)) as string });
    await log.close();
    await (await openLmdbLog({ folder, clock })).close();
  });
  test('a lock left by a dead process is taken over', () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(join(folder, 'writer-7.lock'), `${dead} 123 some-boot`);
    lock()();
    expect(readdirSync(folder)).toEqual(['writer-8.lock']);
  });
  test('a pid that was reused since does not hold it', () => {
    writeFileSync(join(folder, 'writer-1.lock'), `${process.pid} 1 another-boot`);
    lock()();
  });
  test('of many processes that find a stale lock one gets it', async () => {
    writeFileSync(join(folder, 'writer-1.lock'), '1 1 another-boot');
    // Transpiled by hand: this Node may not run TypeScript, and the race needs real processes.
    const source = readFileSync(new URL('../../../src/core/lock.ts', import.meta.url), 'utf8');
    const { transpileModule, ModuleKind, ScriptTarget } = await import('typescript');
    const script = join(folder, 'race.mjs');
    const code = transpileModule(source, { compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 } }).outputText.replace(/import \{ ThroughlineError \}.*/, 'class ThroughlineError extends Error {}');
    writeFileSync(script, `${code}\ntry { lockFolder(process.argv[2], { name: 'writer', held: String }); console.log('mine'); setInterval(() => undefined, 1000); } catch (error) { console.log(error.message); }`);
    const racers = Array.from({ length: 8 }, () => spawn(process.execPath, [script, folder]));
    const outputs = await Promise.all(racers.map((racer) => new Promise<string>((resolve) => {
      let output = '';
      racer.stdout.on('data', (text: Buffer) => {
        output += text.toString();
        if (output.endsWith('\n')) resolve(output.trim());
      });
      racer.on('close', () => resolve(output.trim()));
    })));
    // The winner holds on until all have spoken, however slow their start.
    for (const racer of racers) racer.kill();
    expect(outputs.sort()).toEqual(['mine', ...Array.from({ length: 7 }, () => 'server/storeInUse')].sort());
  });
});

describe('the folder of a store', () => {
  test('a store of a newer format is not touched', async () => {
    writeFileSync(join(folder, 'manifest.json'), '{"format":2,"partitions":1,"generation":1}');
    await expect(openLmdbLog({ folder, clock })).rejects.toMatchObject({ code: 'server/storeNewer' });
    expect(readdirSync(folder)).not.toContain('log-1.mdb');
  });
  test('a damaged manifest, or a data file that is none, says so', async () => {
    writeFileSync(join(folder, 'manifest.json'), 'hello');
    await expect(openLmdbLog({ folder, clock })).rejects.toMatchObject({ code: 'server/storeCorrupt' });
    writeFileSync(join(folder, 'manifest.json'), '{"format":1,"partitions":1,"generation":1}');
    writeFileSync(dataFile(folder, 1), 'x'.repeat(20_000));
    await expect(openLmdbLog({ folder, clock })).rejects.toMatchObject({ code: 'server/storeCorrupt' });
  });
  test('the number of partitions is fixed', async () => {
    await (await openLmdbLog({ folder, clock, partitions: 4 })).close();
    await expect(openLmdbLog({ folder, clock, partitions: 2 })).rejects.toMatchObject({ code: 'client/invalidConfig' });
    const log = await openLmdbLog({ folder, clock });
    expect(log.partitions).toBe(4);
    await log.close();
  });
  test('a reader needs a store, and follows what the writer appends, through a rewrite too', async () => {
    await expect(openLmdbLog({ folder, clock, readOnly: true })).rejects.toMatchObject({ code: 'client/noData' });
    const writer = await openLmdbLog({ folder, clock });
    await writer.append(0, [logRecord('a'), logRecord('b', { member: 'ana' as MemberId })]);
    await writer.erase('ana' as MemberId);
    await writer.append(0, [logRecord('c')]);
    const reader = await openLmdbLog({ folder, clock, readOnly: true });
    expect((await readAll(reader))[0]?.map(({ id }) => id)).toEqual(['a', 'c']);
    await expect(reader.append(0, [logRecord('d')])).rejects.toMatchObject({ code: 'server/storeUnwritable' });
    await reader.close();
    await writer.close();
  });
  test('a record whose bytes changed on disk is not given out', async () => {
    const log = await openLmdbLog({ folder, clock });
    await log.append(0, [logRecord('a'), logRecord('b', { text: 'NEEDLE' })]);
    await log.close();
    const file = dataFile(folder, 1);
    const bytes = readFileSync(file);
    for (let at = bytes.indexOf('NEEDLE'); at >= 0; at = bytes.indexOf('NEEDLE', at + 1)) bytes.write('M', at);
    writeFileSync(file, bytes);
    const again = await openLmdbLog({ folder, clock });
    await expect(readAll(again)).rejects.toMatchObject({ code: 'server/storeCorrupt', message: expect.stringContaining('record 1 of partition 0') as string });
    await again.close();
  });
});

describe('erasure', () => {
  const scan = (needle: string): string[] => readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(needle));
  test('leaves not one byte of the member in any file', async () => {
    const log = await openLmdbLog({ folder, clock });
    const member = 'SECRETMEMBER' as MemberId;
    for (let round = 0; round < 20; round++) {
      await log.append(0, Array.from({ length: 30 }, (_, i) => logRecord(`${i % 3 === 0 ? 'SECRETID' : 'id'}-${round}-${i}`, {
        deduplicate: i % 2 === 0 ? 'history' : 'live', ...(i % 3 === 0 ? { member, text: `SECRETPAYLOAD ${round} ${i}` } : { text: `payload ${'x'.repeat(i * 20)}` }),
      })));
    }
    await log.append(0, [logRecord('SECRETID-0-0', { deduplicate: 'history', member, text: 'SECRETPAYLOAD forged' })]);
    expect(scan('SECRET')).not.toEqual([]);
    expect(await log.erase(member)).toBe(201);
    expect(scan('SECRET')).toEqual([]);
    await log.append(0, [logRecord('after')]);
    expect((await readAll(log))[0]).toHaveLength(401);
    await log.close();
    expect(scan('SECRET')).toEqual([]);
  });
  test('takes the member out of the records of others, as the redactor says', async () => {
    const log = await openLmdbLog({ folder, clock, redactor: (record) => (record.id === 'names' ? { payload: Buffer.from('somebody') } : record.id === 'about' ? 'drop' : 'keep') });
    await log.append(0, [logRecord('names', { text: 'SECRETMEMBER' }), logRecord('about', { text: 'SECRETMEMBER' }), logRecord('other')]);
    expect(await log.erase('SECRETMEMBER' as MemberId)).toBe(0);
    expect((await readAll(log))[0]?.map(({ id, sequence, payload }) => `${sequence} ${id} ${Buffer.from(payload).toString()}`)).toEqual(['0 names somebody', '2 other other']);
    expect(scan('SECRET')).toEqual([]);
    await log.close();
  });
  test('one that was interrupted is finished at the next opening', async () => {
    const log = await openLmdbLog({ folder, clock });
    await log.append(0, [logRecord('a'), logRecord('b', { member: 'SECRETMEMBER' as MemberId })]);
    await log.close();
    const store = openStore(dataFile(folder, 1), { partitions: 1 });
    store.environment.transactionSync(() => store.tables[store.meta]?.putSync(Buffer.from('erasing'), Buffer.from(JSON.stringify({ member: 'SECRETMEMBER', ends: [2], quarantined: 0 }))));
    await store.close();
    writeFileSync(dataFile(folder, 2), 'the beginning of a copy');
    const again = await openLmdbLog({ folder, clock });
    expect((await readAll(again))[0]?.map(({ id }) => id)).toEqual(['a']);
    expect(scan('SECRET')).toEqual([]);
    await again.close();
  });
});
