// Durable events a second over HTTP by batch size, event-to-next-page time, replay, bytes per member, event and served item.
//   npm run bench events -- [seconds for each measurement]
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { logFolder, openPlatform } from '../src/platform/open.ts';
import { machine } from './lib/machine.ts';
import { FEED, NETWORK, withNetwork } from './lib/network.ts';
import { cpuMsOf, runOnOtherCore, startServer, type Server } from './lib/processes.ts';

const [seconds = 10] = process.argv.slice(2).map(Number);
const say = (text: string): void => { process.stdout.write(`${text}\n`); };

export interface EventLoad { readonly events: number; readonly seconds: number; readonly p50: number; readonly p99: number; readonly errors: number }
export interface NextPage { readonly rounds: number; readonly missed: number; readonly p50: number; readonly p99: number }

const sizeOf = (folder: string): number => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

const throughput = async (server: Server, batch: number): Promise<void> => {
  const before = cpuMsOf(server.pid);
  // Enough senders to keep the server busy: it commits in groups.
  const senders = batch === 1 ? 64 : batch === 100 ? 16 : 4;
  const load = await runOnOtherCore<EventLoad>('./event-load.js', ['events', server.url.port, batch, senders, seconds, NETWORK.members]);
  const cpu = ((cpuMsOf(server.pid) - before) * 1000) / load.events;
  say(`batches of ${String(batch).padStart(4)}, ${senders} senders: ${(load.events / load.seconds).toFixed(0).padStart(7)} durable events/s; a batch p50 ${load.p50} ms, p99 ${load.p99} ms; CPU ${cpu.toFixed(1)} us an event; errors ${load.errors}`);
};

const replay = async (data: string, onlyEvents: boolean): Promise<void> => {
  const begun = performance.now();
  const cpuBefore = process.cpuUsage();
  let records = 0;
  const platform = await openPlatform({ data, feed: FEED, onReplay: (count) => { records = count; } });
  const { user, system } = process.cpuUsage(cpuBefore);
  const ms = performance.now() - begun;
  say(`opening: ${records} records in ${(ms / 1000).toFixed(2)} s = ${(records / ms).toFixed(0)} k records/s by the clock, ${(records / ((user + system) / 1000)).toFixed(0)} k by processor time`);
  const sizes = [...platform.state.space.sizes()];
  const bytes = (pattern: RegExp): number => sizes.filter(([name]) => pattern.test(name)).reduce((sum, [, size]) => sum + size, 0);
  const total = bytes(/./);
  const events = (await platform.health()).events;
  say(`memory of the projections: ${(total / 1e6).toFixed(1)} MB for ${platform.state.catalog.entities.size()} entities; the largest: ${sizes.toSorted((a, b) => b[1] - a[1]).slice(0, 8).map(([name, size]) => `${name} ${(size / 1e6).toFixed(1)}`).join(', ')} MB`);
  say(`  a member's journey, habits and graph: ${(bytes(/^(history|activity|habits|connections|follows)/) / NETWORK.members).toFixed(0)} bytes; what was seen: ${(bytes(/^seen/) / Math.max(1, events)).toFixed(0)} bytes a record`);
  const disk = sizeOf(logFolder(data));
  say(`disk: ${(disk / 1e6).toFixed(1)} MB, ${(disk / records).toFixed(0)} bytes a record (entities and events)${onlyEvents ? '' : ', served pages included'}`);
  await platform.close();
};

const served = async (data: string): Promise<void> => {
  const platform = await openPlatform({ data, feed: FEED });
  await platform.idle();
  const before = sizeOf(logFolder(data));
  const pages = 3000;
  for (let i = 0; i < pages; i++) {
    await platform.feed({ member: `m${i % NETWORK.members}`, limit: 20, sort: 'relevance' });
    if (i % 16 === 15) await platform.idle();
  }
  await platform.idle();
  await platform.close();
  const bytes = sizeOf(logFolder(data)) - before;
  say(`a served page: ${(bytes / pages).toFixed(0)} bytes on disk, ${(bytes / pages / 20).toFixed(0)} a served item, trace included`);
};

await withNetwork(async (data) => {
  say(machine());
  await replay(data, true);
  const server = await startServer(data);
  const next = await runOnOtherCore<NextPage>('./event-load.js', ['next-page', server.url.port, 300, 1, seconds, NETWORK.members]);
  say(`from sending an action to having the page that shows it: p50 ${next.p50} ms, p99 ${next.p99} ms over ${next.rounds} rounds; pages that did not show it: ${next.missed}`);
  for (const batch of [1, 100, 1000]) await throughput(server, batch);
  await server.stop();
  await replay(data, false);
  await served(data);
});
