/** What the log does when its process is killed and when its disk refuses: on real processes and real system calls. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, type TestContext } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { openLmdbLog } from '../../src/log/lmdb.ts';
import type { tortureLog } from '../../src/log/torture.ts';
import { readAll } from '../../src/testing/contracts/log.ts';
import { readTrace, runUnderStrace, unflushed, whyNoStrace } from '../support/strace.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const WRITER = fileURLToPath(new URL('../support/log-writer.mjs', import.meta.url));

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'throughline-faults-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const needStrace = (context: TestContext): void => {
  const why = whyNoStrace();
  if (why !== undefined) context.skip(why);
};

test('killed 50 times under load, it loses nothing it acknowledged and opens again by itself', async () => {
  const compiled = await import(join(DIST, 'log', 'torture.js')) as { readonly tortureLog: typeof tortureLog };
  const result = await compiled.tortureLog({ folder, cycles: 50, random: seededRandom(20_260_131) });
  expect(result).toMatchObject({ cycles: 50, lost: 0, duplicated: 0, unopened: 0 });
  expect(result.acknowledged).toBeGreaterThan(1000);
});

describe('under strace', () => {
  const writer = (appends: number): readonly string[] => [process.execPath, WRITER, DIST, join(folder, 'store'), String(appends)];
  const trace = (): string => join(folder, 'trace');

  test('no acknowledgement leaves before the flush that covers its record', async (context) => {
    needStrace(context);
    const { output } = await runUnderStrace(writer(60), { traceFile: trace(), dataBytes: 100_000 });
    expect(output).toMatch(/ack 59\n/u);
    const calls = readTrace(trace());
    const acknowledgements = calls.filter((call) => call.name === 'write' && call.fd === 1 && call.text.includes('"ack '));
    expect(acknowledgements).toHaveLength(60);
    for (const call of acknowledgements) expect(unflushed(calls, `mark-${/ack (\d+)/u.exec(call.text)?.[1]}-`, call)).toBeUndefined();
  });

  // Which write of a commit meets the error follows from the count; between them these hit data pages, flushes and meta pages.
  for (const inject of ['fdatasync:error=EIO:when=20', 'fdatasync:error=ENOSPC:when=20+', 'pwrite64:error=EIO:when=30', 'pwrite64:error=EIO:when=31', 'pwrite64:error=ENOSPC:when=32+', 'pwrite64:error=ENOSPC:when=33', 'writev:error=ENOSPC:when=20', 'writev:error=EIO:when=21+']) {
    test(`an error of the disk is never acknowledged, writing stops, reading goes on (${inject})`, async (context) => {
      needStrace(context);
      await (await openLmdbLog({ folder: join(folder, 'store'), clock: systemClock })).close();
      const { output, code } = await runUnderStrace(writer(400), { traceFile: trace(), inject, onlyFile: join(folder, 'store', 'log-1.mdb') });
      expect(readTrace(trace()).some(({ injected }) => injected)).toBe(true);
      const lines = output.trim().split('\n');
      const acknowledged = lines.filter((line) => line.startsWith('ack ')).map((line) => line.slice(4));
      expect(acknowledged.length).toBeGreaterThan(0);
      expect(lines.slice(acknowledged.length)).toEqual(['failed server/storeUnwritable', 'again server/storeUnwritable', `read ${acknowledged.length} mark-0-`, 'closed']);
      expect(code).toBe(0);
      // What was acknowledged is there when the store is opened again, each record once.
      const log = await openLmdbLog({ folder: join(folder, 'store'), clock: systemClock });
      const ids = ((await readAll(log))[0] ?? []).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(acknowledged.filter((n) => !ids.includes(`mark-${n}-`))).toEqual([]);
      await log.close();
    });
  }
});
