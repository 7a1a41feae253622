// The journey model beside pages: from an event to the page that knows of it, and what a training run on the same core costs the pages.
//   npm run bench serving -- [seconds for each measurement] [pages a second]
import { setTimeout as sleep } from 'node:timers/promises';
import type { NextPage } from './events.ts';
import type { LoadResult } from './lib/load.ts';
import { machine } from './lib/machine.ts';
import { JOURNEY_SIZES, NETWORK, withNetwork } from './lib/network.ts';
import { runOnOtherCore, startBesideServer, startServer, type Server } from './lib/processes.ts';

const [seconds = 15, rate = 200] = process.argv.slice(2).map(Number);
const ROUNDS = 500;
const CONNECTIONS = 32;
/** SASRec, 128 sequences of 200, as the fixed step of the training benchmark. */
const STEP = { sequences: 128, length: 200, width: 64, blocks: 2, heads: 2, items: 3500, negatives: 128 };

const say = (text: string): void => { process.stdout.write(`${text}\n`); };

const metricsOf = async (server: Server): Promise<readonly string[]> => (await (await fetch(new URL('/metrics', server.url))).text()).split('\n').filter((line) => line.startsWith('throughline_journey'));

const pages = async (server: Server, what: string): Promise<LoadResult> => {
  const load = await runOnOtherCore<LoadResult>('./load.js', [server.url.port, rate, seconds, CONNECTIONS, NETWORK.members]);
  say(`${what}: ${rate} pages/s for ${seconds} s, p50 ${load.p50} ms, p95 ${load.p95}, p99 ${load.p99}, max ${load.max}, errors ${load.errors}`);
  return load;
};

await withNetwork(async (data) => {
  say(machine());
  say(`journey model: width ${JOURNEY_SIZES.width}, ${JOURNEY_SIZES.blocks} blocks, ${JOURNEY_SIZES.heads} heads, window ${JOURNEY_SIZES.window}; its weights drawn, not learned`);
  const server = await startServer(data);
  while (!(await metricsOf(server)).some((line) => line.includes('journey-drawn'))) await sleep(100);
  await pages(server, 'warming up');
  const next = await runOnOtherCore<NextPage>('./event-load.js', ['next-page', server.url.port, ROUNDS, 1, seconds, NETWORK.members]);
  say(`from sending an action to having the page that knows of it: p50 ${next.p50} ms, p99 ${next.p99} ms over ${next.rounds} rounds; pages that did not: ${next.missed}`);
  say((await metricsOf(server)).join('\n'));
  const before = await pages(server, 'alone');
  // In the session of the server: where sessions are scheduled as groups, niceness counts within one alone.
  const trainer = startBesideServer(['./train-beside.js', JSON.stringify(STEP), '4', '1', '1000000']);
  await sleep(3000);
  const beside = await pages(server, 'beside a training run on the same core');
  trainer.kill('SIGKILL');
  const after = await pages(server, 'alone again');
  const alone = Math.max(before.p99, after.p99);
  say(`p99 beside training: ${beside.p99} ms against ${alone} ms, ${(beside.p99 / alone).toFixed(2)} times, ${(beside.p99 - alone).toFixed(2)} ms more`);
  await server.stop();
});
