// CPU of one page by stage, in process: no HTTP, no client; served records are durably logged.
//   BENCH_ITEMS=1000000 npm run bench page -- [pages] [pages to warm up]
import { performance } from 'node:perf_hooks';
import { systemClock } from '../src/core/clock.ts';
import { createFeedService } from '../src/feed/service.ts';
import { seededRandom } from '../src/core/random.ts';
import { openPlatform } from '../src/platform/open.ts';
import { POOL } from '../src/rankers/pool/index.ts';
import { FEED, NETWORK, withNetwork } from './lib/network.ts';
import { profiled } from './lib/profile.ts';

const [pages = '20000', warm = '2000'] = process.argv.slice(2);

interface Spent { ms: number; kept: number }
interface TraceSpan { readonly operator: string; readonly ms: number; readonly kept: number; readonly children?: readonly TraceSpan[] }

const addSpan = (into: Map<string, Spent>, span: TraceSpan, path: string): void => {
  const name = `${path}${span.operator}`;
  const spent = into.get(name) ?? { ms: 0, kept: 0 };
  spent.ms += span.ms;
  spent.kept += span.kept;
  into.set(name, spent);
  for (const child of span.children ?? []) addSpan(into, child, `${name}/`);
};

const cpuMs = (): number => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };

await withNetwork(async (data) => {
  const platform = await openPlatform({ data, feed: FEED });
  const query = (i: number): Parameters<typeof platform.feed>[0] => ({ member: `m${(i * 7919) % NETWORK.members}`, limit: 20, sort: 'relevance' });
  // Page alone, without the log: what a worker does.
  let bytes = 0;
  const feed = createFeedService({
    views: platform.state, campaigns: platform.state.campaigns, horizon: platform.state.horizon, refresh: () => undefined, secondPass: platform.state.model.by, rankers: POOL,
    clock: systemClock, elapsed: () => performance.now(), random: seededRandom(1), cursorSecret: platform.secret, options: FEED, emit: (record) => { bytes += record.payload.length; },
  });
  // A platform asks for a member's state, and waits for it; from then on it stands beside the columns that both read.
  for (let i = 0; i < Number(warm); i++) { await platform.feed(query(i)); await feed.page(query(i)); }
  global.gc?.();
  const heapBefore = process.memoryUsage();
  let length = 0;
  bytes = 0;
  const cpu = cpuMs();
  const wall = performance.now();
  await profiled(process.env['BENCH_PROFILE'], async () => { for (let i = 0; i < Number(pages); i++) length += (await feed.page(query(i))).json.length; });
  const alone = (cpuMs() - cpu) / Number(pages);
  const aloneWall = (performance.now() - wall) / Number(pages);
  global.gc?.();
  const heapAfter = process.memoryUsage();

  // With the log, a few pages at once as under load.
  const logged = cpuMs();
  const loggedPages = Math.min(4000, Number(pages));
  const requests: string[] = [];
  for (let i = 0; i < loggedPages; i += 8) {
    const rendered = await Promise.all(Array.from({ length: 8 }, (_, j) => platform.feed(query(i + j))));
    requests.push(...rendered.map(({ requestId }) => requestId));
    await new Promise((resolve) => { setImmediate(resolve); });
  }
  await platform.idle();
  const withLog = (cpuMs() - logged) / loggedPages;
  const stages = new Map<string, Spent>();
  const sample = requests.slice(-1000);
  for (const id of sample) addSpan(stages, ((await platform.trace(id)) as { workflow: TraceSpan }).workflow, '');
  const us = (ms: number): string => (ms * 1000).toFixed(1).padStart(8);
  process.stdout.write(`pages ${pages}\nCPU a page alone       ${us(alone)} us (wall ${us(aloneWall)})\nCPU a page with log    ${us(withLog)} us (this process; the process that writes is another)\n`);
  process.stdout.write(`JSON ${Math.round(length / Number(pages))} bytes a page, served record ${Math.round(bytes / Number(pages))} bytes a page (${Math.round(bytes / Number(pages) / 20)} an item)\n`);
  process.stdout.write(`heap ${(heapBefore.heapUsed / 1e6).toFixed(1)} MB before, ${(heapAfter.heapUsed / 1e6).toFixed(1)} MB after; external ${(heapBefore.external / 1e6).toFixed(1)} → ${(heapAfter.external / 1e6).toFixed(1)} MB\n`);
  for (const [name, spent] of stages) process.stdout.write(`  ${name.padEnd(34)} ${us(spent.ms / sample.length)} us  kept ${(spent.kept / sample.length).toFixed(0)}\n`);
  await platform.close();
});
