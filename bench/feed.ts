// Feed pages a second over HTTP: server, workers and log on core 0, an open-loop load generator on core 1, served records on disk.
//   npm run bench feed                          finds the highest rate with p99 within 25 ms, then runs it for 60 s
//   npm run bench feed -- 1500 60 [serve …]     one rate or search, seconds, further arguments of `throughline serve`; BENCH_ITEMS says how many items there are
//   BENCH_CORES=0,1 … --workers 2               on both cores, the generator on one of them
import { systemClock } from '../src/core/clock.ts';
import { openLmdbLog } from '../src/log/lmdb.ts';
import { logFolder } from '../src/platform/open.ts';
import { redact } from '../src/privacy/redact.ts';
import { cpuMsOf, runOnOtherCore, startServer, type Server } from './lib/processes.ts';
import type { LoadResult } from './lib/load.ts';
import { machine } from './lib/machine.ts';
import { NETWORK, withNetwork } from './lib/network.ts';

const P99_MS = 25;
const CONNECTIONS = 64;
const [fixedRate, seconds = '60', ...serveArgs] = process.argv.slice(2);

const say = (text: string): void => { process.stdout.write(`${text}\n`); };

interface Run extends LoadResult { readonly cpuUsPerPage: number }

const run = async (server: Server, rate: number, forSeconds: number): Promise<Run> => {
  const before = cpuMsOf(server.pid);
  const aloneBefore = cpuMsOf(server.pid, { alone: true });
  const load = await runOnOtherCore<LoadResult>('./load.js', [server.url.port, rate, forSeconds, CONNECTIONS, NETWORK.members]);
  const cpuUsPerPage = ((cpuMsOf(server.pid) - before) * 1000) / load.answered;
  const aloneUs = ((cpuMsOf(server.pid, { alone: true }) - aloneBefore) * 1000) / load.answered;
  say(`${String(rate).padStart(6)} pages/s for ${forSeconds} s: p50 ${load.p50} ms, p95 ${load.p95}, p99 ${load.p99}, max ${load.max}; answered ${load.answered} in ${load.seconds} s, errors ${load.errors} ${JSON.stringify(load.statuses)}; CPU ${cpuUsPerPage.toFixed(0)} us a page: server ${aloneUs.toFixed(0)}, the process that writes the log ${(cpuUsPerPage - aloneUs).toFixed(0)}`);
  return { ...load, cpuUsPerPage };
};

const isGood = (one: Run): boolean => one.p99 <= P99_MS && one.errors === 0;

/** Doubles until it breaks, then halves the gap. */
const search = async (server: Server): Promise<number> => {
  let good = 50;
  let bad = Infinity;
  while (bad / good > 1.12) {
    const rate = Math.round((Number.isFinite(bad) ? (good + bad) / 2 : good * 2) / 25) * 25;
    if (rate <= good || rate >= bad) break;
    if (isGood(await run(server, rate, 8))) good = rate; else bad = rate;
  }
  return good;
};

/** Candidates of a page, from the trace of one. */
const candidatesOf = async (server: Server): Promise<string> => {
  const counts: number[] = [];
  for (let i = 0; i < 20; i++) {
    const page = await fetch(new URL(`/v1/members/m${i * 97}/feed`, server.url));
    const requestId = page.headers.get('x-request-id') ?? '';
    await page.arrayBuffer();
    const trace = await (await fetch(new URL(`/v1/traces/${requestId}`, server.url))).json() as { readonly eligible: number; readonly items: readonly unknown[] };
    counts.push(trace.eligible);
  }
  return `candidates a page: ${Math.min(...counts)} to ${Math.max(...counts)}, mean ${(counts.reduce((sum, count) => sum + count, 0) / counts.length).toFixed(0)}`;
};

const countServed = async (data: string, since: number): Promise<number> => {
  const log = await openLmdbLog({ folder: logFolder(data), clock: systemClock, redactor: redact });
  let served = 0;
  for await (const block of log.read([{ partition: 0, sequence: 0 }])) for (const record of block.records) if (record.type === 'served' && record.at >= since) served++;
  await log.close();
  return served;
};

await withNetwork(async (data) => {
  say(machine());
  const server = await startServer(data, serveArgs);
  say(await candidatesOf(server));
  // Compiled and warm before anything is timed.
  await run(server, 100, 10);
  const rate = fixedRate === undefined || fixedRate === 'search' ? await search(server) : Number(fixedRate);
  const before = systemClock.now();
  const final = await run(server, rate, Number(seconds));
  await server.stop();
  const served = await countServed(data, before);
  say(`served records in the log since the last run began: ${served} of ${final.answered} pages answered`);
  if (served < final.answered) process.exitCode = 1;
});
