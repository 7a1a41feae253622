import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manualClock } from '../../../../src/core/clock.ts';
import { writeWhole } from '../../../../src/core/durable.ts';
import { runBridge, segmentName, type BridgeReport } from '../../../../src/funnel/bridge/stream.ts';
import { createMemoryLog } from '../../../../src/log/memory.ts';
import type { Log, LogRecord } from '../../../../src/log/port.ts';
import { eventOf, START } from '../story.ts';

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'throughline-bridge-')); });
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

const joins = (from: number, to: number): readonly LogRecord[] => Array.from({ length: to - from }, (_, n) => eventOf({ at: START + from + n, member: 'ana', item: 'group:g', id: `join-${from + n}`, action: 'join' }));
const clicks = (from: number, to: number): readonly LogRecord[] => Array.from({ length: to - from }, (_, n) => eventOf({ at: START + from + n, member: 'ana', item: 'article:a', id: `click-${from + n}`, action: 'click' }));
const emptyLog = (partitions = 1): Log => createMemoryLog({ partitions, clock: manualClock(START) });
const bridge = (log: Log, signal: AbortSignal = new AbortController().signal): Promise<BridgeReport> => runBridge(log, { folder, signal });
const segments = (): readonly string[] => readdirSync(folder).filter((name) => name.endsWith('.ndjson')).toSorted();
const idsIn = (names: readonly string[]): readonly string[] => names.flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n').map((line) => String((JSON.parse(line) as Record<string, unknown>)['eventId'])));

test('files end at fixed positions and at the end of the log, and the next run goes on there', async () => {
  const log = emptyLog();
  await log.append(0, joins(0, 12_000));
  expect(await bridge(log)).toEqual({ files: 2, events: 12_000, position: 12_000 });
  await log.append(0, joins(12_000, 12_005));
  expect(await bridge(log)).toEqual({ files: 1, events: 5, position: 12_005 });
  expect(await bridge(log)).toEqual({ files: 0, events: 0, position: 12_005 });
  expect(segments()).toEqual([segmentName(0, 0, 10_000), segmentName(0, 10_000, 12_000), segmentName(0, 12_000, 12_005)]);
  expect(idsIn(segments())).toEqual(Array.from({ length: 12_005 }, (_, n) => `join-${n}`));
});

test('where nothing is to be told no file is written, and it is not read again', async () => {
  const log = emptyLog();
  await log.append(0, [...clicks(0, 15_000), ...joins(0, 1)]);
  expect(await bridge(log)).toEqual({ files: 1, events: 1, position: 15_001 });
  expect(segments()).toEqual([segmentName(0, 10_000, 15_001)]);
});

test('a host may take files away: what they covered is not told again', async () => {
  const log = emptyLog();
  await log.append(0, joins(0, 5));
  await bridge(log);
  for (const name of segments()) rmSync(join(folder, name));
  expect(await bridge(log)).toEqual({ files: 0, events: 0, position: 5 });
});

test('killed before the note was written, it goes on behind the last whole file', async () => {
  const log = emptyLog();
  await log.append(0, joins(0, 12_000));
  await bridge(log);
  const whole = segments().map((name) => readFileSync(join(folder, name), 'utf8'));
  rmSync(join(folder, 'bridge.json'));
  rmSync(join(folder, segmentName(0, 10_000, 12_000)));
  await writeWhole(join(folder, `${segmentName(0, 10_000, 12_000)}.tmp`), 'half of it');
  expect(await bridge(log)).toEqual({ files: 1, events: 2000, position: 12_000 });
  expect(segments().map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(whole);
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('every partition has files of its own', async () => {
  const log = emptyLog(2);
  await log.append(0, joins(0, 2));
  await log.append(1, joins(2, 5));
  await bridge(log);
  expect(segments()).toEqual([segmentName(0, 0, 2), segmentName(1, 0, 3)]);
});

test('following, it tells what comes until it is stopped', async () => {
  const log = emptyLog();
  const controller = new AbortController();
  let looks = 0;
  const report = await runBridge(log, {
    folder, signal: controller.signal,
    wait: async () => { if (++looks === 4) controller.abort(); else await log.append(0, joins(looks, looks + 1)); },
  });
  expect(report).toEqual({ files: 3, events: 3, position: 3 });
});

test('a folder of another version, or that another bridge writes, is refused in a sentence', async () => {
  const log = emptyLog();
  await writeWhole(join(folder, 'bridge.json'), JSON.stringify({ versions: 'Older@0', covered: [3] }));
  await expect(bridge(log)).rejects.toMatchObject({ code: 'client/invalidConfig', message: expect.stringMatching(/holds events of Older@0, and this version writes FollowableRecommendationEvent@1/u) });
  rmSync(join(folder, 'bridge.json'));
  let second: Promise<unknown> | undefined;
  const controller = new AbortController();
  await runBridge(log, { folder, signal: controller.signal, wait: async () => { second = bridge(log); await second.catch(() => undefined); controller.abort(); } });
  await expect(second).rejects.toMatchObject({ code: 'server/storeInUse' });
});
