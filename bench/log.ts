/** Durable appends a second at several batch sizes, replay, and bytes a record, on the embedded log. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/core/clock.ts';
import type { MemberId } from '../src/core/ids.ts';
import { openLmdbLog } from '../src/log/lmdb.ts';
import type { LmdbLog } from '../src/log/quarantine.ts';
import type { LogRecord } from '../src/log/port.ts';

interface Row { readonly what: string; readonly recordsPerSecond: number; readonly p50Ms?: number; readonly p99Ms?: number; readonly cpuMicrosPerRecord: number }

const PAYLOAD_BYTES = 220;
const MEMBERS = 2000;
const payloads = Array.from({ length: 256 }, (_, i) => Buffer.alloc(PAYLOAD_BYTES, i));
let made = 0;
const makeRecord = (): LogRecord => {
  const n = made++;
  return { type: 'event', id: `01J${n.toString(36).padStart(14, '0')}`, at: systemClock.now(), member: `m${n % MEMBERS}` as MemberId, deduplicate: 'live', payload: payloads[n % 256] ?? new Uint8Array() };
};

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;

/** `cpu` is this process alone; the one that commits works beside it. */
const measure = async (what: string, work: () => Promise<{ readonly records: number; readonly latencies?: number[] }>): Promise<Row> => {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const { records, latencies } = await work();
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  const sorted = latencies?.sort((a, b) => a - b);
  return {
    what, recordsPerSecond: Math.round(records / seconds), cpuMicrosPerRecord: Number(((used.user + used.system) / records).toFixed(2)),
    ...(sorted === undefined ? {} : { p50Ms: Number(quantile(sorted, 0.5).toFixed(2)), p99Ms: Number(quantile(sorted, 0.99).toFixed(2)) }),
  };
};

/** So many appenders, each with one append of `batch` records on its way, for `forMs`. */
const appending = (log: LmdbLog, batch: number, options: { readonly appenders: number; readonly forMs: number }): Promise<Row> =>
  measure(`append ${batch}${options.appenders > 1 ? `, ${options.appenders} at once` : ''}`, async () => {
    const latencies: number[] = [];
    const until = performance.now() + options.forMs;
    let records = 0;
    const appender = async (): Promise<void> => {
      while (performance.now() < until) {
        const some = Array.from({ length: batch }, makeRecord);
        const start = performance.now();
        await log.append(0, some);
        latencies.push(performance.now() - start);
        records += batch;
      }
    };
    await Promise.all(Array.from({ length: options.appenders }, appender));
    return { records, latencies };
  });

const replaying = (log: LmdbLog): Promise<Row> => measure('replay', async () => {
  let records = 0;
  for await (const block of log.read([{ partition: 0, sequence: 0 }])) records += block.records.length;
  return { records };
});

const getting = (log: LmdbLog, gets: number): Promise<Row> => measure('get one', () => {
  const end = log.end()[0]?.sequence ?? 1;
  for (let i = 0; i < gets; i++) log.get({ partition: 0, sequence: (i * 7919) % end });
  return Promise.resolve({ records: gets });
});

const folder = mkdtempSync(join(tmpdir(), 'throughline-bench-log-'));
try {
  const log = await openLmdbLog({ folder, clock: systemClock });
  await log.append(0, [makeRecord()]);
  const rows = [
    await appending(log, 1, { appenders: 1, forMs: 3000 }),
    await appending(log, 1, { appenders: 256, forMs: 4000 }),
    await appending(log, 100, { appenders: 1, forMs: 4000 }),
    await appending(log, 1000, { appenders: 1, forMs: 5000 }),
    await replaying(log),
    await replaying(log),
    await getting(log, 20_000),
  ];
  const records = log.end()[0]?.sequence ?? 1;
  await log.close();
  const start = performance.now();
  const again = await openLmdbLog({ folder, clock: systemClock });
  const openMs = Math.round(performance.now() - start);
  await again.close();
  const bytesPerRecord = Math.round(statSync(join(folder, 'log-1.mdb')).size / records);
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ rows, records, payloadBytes: PAYLOAD_BYTES, bytesPerRecord, openMs })}\n`);
  else {
    console.table(rows);
    process.stdout.write(`${records} records of ${PAYLOAD_BYTES} payload bytes: ${bytesPerRecord} bytes each on disk; opened in ${openMs} ms\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
