// Cohorts: how long a page takes, also with one cohort that hangs, and what one more cohort costs; and in worlds with a known truth what the order is worth:
// by relevance, as listed, at random.
//   npm run bench discovery -- speed [members] [pages]
//   npm run bench discovery -- world [seeds] [members]
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { storeSink } from '../src/cli/world-generate.ts';
import { DAY, HOUR, manualClock } from '../src/core/clock.ts';
import { seededRandom } from '../src/core/random.ts';
import type { Cohort } from '../src/discovery/cohort.ts';
import { trainDiscovery } from '../src/discovery/learn.ts';
import { pluginCohort } from '../src/discovery/plugin.ts';
import { COHORTS } from '../src/discovery/pool/index.ts';
import { DEFAULT_RULES, rulesSchema, type DiscoveryRules, type Order } from '../src/discovery/rules.ts';
import { DISCOVERY_DEFAULTS } from '../src/discovery/service.ts';
import { createRelevanceStore } from '../src/discovery/store.ts';
import type { DiscoveryPage } from '../src/http/discovery-contracts.ts';
import { createMemoryLog } from '../src/log/memory.ts';
import { clusterBootstrap, quantile } from '../src/models/metrics.ts';
import { createPlatform, type MainPlatform } from '../src/platform/create.ts';
import { generateHistory } from '../src/world/history/generate.ts';
import { parameters, RESPONSE_NAMES } from '../src/world/parameters.ts';
import type { Person } from '../src/world/people.ts';
import { chanceOfAny } from '../src/world/satisfaction.ts';
import type { Exposure } from '../src/world/truth.ts';
import { createWorld, type World } from '../src/world/world.ts';
import { machine } from './lib/machine.ts';

const [what = 'world', first = '', second = ''] = process.argv.slice(2);
const START = Date.parse('2026-01-05');
const DAYS = 20;
const SECRET = new Uint8Array(32);
/** Two rows of four. */
const SHOWN = 8;

const rulesOf = (order: Order, most = 12, cohorts: readonly Cohort[] = COHORTS): DiscoveryRules => rulesSchema.parse({ ...DEFAULT_RULES, version: `bench-${order}`, order, items: SHOWN, most, cohorts: cohorts.map(({ name }) => ({ name })) });

interface Lived { readonly world: World; readonly clock: ReturnType<typeof manualClock>; readonly log: ReturnType<typeof createMemoryLog>; open(rules: DiscoveryRules, cohorts?: readonly Cohort[]): Promise<MainPlatform> }

/** A world with a past, in a log in memory; platforms are opened on it one after the other. */
const settle = async (members: number, seed: number): Promise<Lived> => {
  const world = createWorld(parameters({ members, seed }));
  const clock = manualClock(START + DAYS * DAY);
  const log = createMemoryLog({ partitions: 1, clock });
  const open: Lived['open'] = (rules, cohorts = COHORTS) => createPlatform({
    log, clock, elapsed: () => performance.now(), random: seededRandom(seed), secret: SECRET, cohorts, discovery: { ...DISCOVERY_DEFAULTS, rules },
    options: { deadlineMs: 250, cursorLifetimeMs: HOUR, exploration: 0, stateWaitMs: 0 }, loadModel: async () => undefined,
  });
  const platform = await open(rulesOf('listed'));
  const told = await generateHistory(world, { start: START, days: DAYS, sink: storeSink(platform) });
  await platform.idle();
  process.stdout.write(`  world ${seed}: ${members} members, ${told.events} events in ${DAYS} days\n`);
  return { world, clock, log, open };
};

const pageOf = async (platform: MainPlatform, person: Person): Promise<DiscoveryPage> =>
  JSON.parse(Buffer.from((await platform.discovery({ member: person.id })).json).toString('utf8')) as DiscoveryPage;

const exposureOf = (platform: MainPlatform, card: DiscoveryPage['cohorts'][number]['items'][number], { at, seenBefore }: { readonly at: number; readonly seenBefore: number }): Exposure => {
  const { catalog } = platform.state;
  const number = catalog.find(card.item);
  return {
    item: card.item, kind: card.kind, topics: [...catalog.termsOf.values(number)].map((term) => catalog.termName(term)), author: null, actors: card.people,
    publishedAt: catalog.items.columns.createdAt[number] ?? at, at, seenBefore, done: card.viewer.actions,
  };
};

/** One visit: what it is worth by the truth, and, with `record`, what came of it. */
const visit = async ({ world, clock }: Lived, platform: MainPlatform, { person, record, id }: { readonly person: Person; readonly record: boolean; readonly id: number }): Promise<number> => {
  const page = await pageOf(platform, person);
  const at = clock.now();
  const random = seededRandom(id).fork(person.id);
  const events: unknown[] = [];
  let worth = 0;
  page.cohorts.forEach(({ items }, row) => {
    items.forEach((card, place) => {
      const position = row * SHOWN + place;
      const exposure = exposureOf(platform, card, { at, seenBefore: world.seen(person.ref, card.item) });
      const responses = world.truth.responses(person, exposure);
      worth += world.truth.examination(position) * chanceOfAny(1, responses);
      if (!record) return;
      const examined = random.next() < world.truth.examination(position);
      // A card is in view where the member scrolled to it: as often as it is examined, and now and then passed by.
      if (!examined && random.next() < 0.7) return;
      world.remember(person.ref, card.item);
      const common = { member: person.ref, item: card.item, trackingId: card.trackingId, surface: 'discovery', at: new Date(at).toISOString() };
      events.push({ ...common, type: 'impression', id: `${card.trackingId}.i`, span: 's', visibleMs: 800 });
      for (const action of RESPONSE_NAMES) if (examined && random.next() < responses[action]) events.push({ ...common, type: 'action', id: `${card.trackingId}.${action}`, action });
    });
  });
  if (record) await platform.recordEvents(events, { history: false });
  return worth;
};

const judge = async (seed: number, members: number): Promise<{ readonly orders: Readonly<Record<Order, readonly number[]>>; readonly people: readonly number[] }> => {
  const lived = await settle(members, seed);
  const { world, clock } = lived;
  const random = await lived.open(rulesOf('random', 20));
  for (let round = 0; round < 4; round++) {
    for (const [n, person] of world.people.entries()) {
      clock.advance(30_000);
      await visit(lived, random, { person, record: true, id: seed * 1e6 + round * 1e4 + n });
    }
    await random.idle();
  }
  const store = createRelevanceStore(mkdtempSync(join(tmpdir(), 'throughline-bench-')));
  const outcome = await trainDiscovery({ log: lived.log, store, clock, commit: 'bench' });
  process.stdout.write(`  ${outcome.reason}: ${JSON.stringify({ looks: outcome.card.looks, acted: outcome.card.acted, ...outcome.card.figures })}\n`);
  const { model } = await store.load(outcome.version);
  const people: number[] = [];
  const orders: Record<Order, number[]> = { listed: [], relevance: [], random: [] };
  for (const order of ['listed', 'relevance', 'random'] as const) {
    const platform = await lived.open(rulesOf(order, 6));
    if (order === 'relevance') await platform.serveRelevance(model);
    for (const [n, person] of world.people.entries()) {
      orders[order].push(await visit(lived, platform, { person, record: false, id: n }));
      if (order === 'listed') people.push(n);
    }
  }
  return { orders, people };
};

const told = ({ mean, low, high }: { readonly mean: number; readonly low: number; readonly high: number }): string => `${mean.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;

const runWorld = async (seeds: number, members: number): Promise<void> => {
  const all: { readonly order: Order; readonly worth: number; readonly member: number }[] = [];
  const differences: Record<'listed' | 'random', number[]> = { listed: [], random: [] };
  const cluster: number[] = [];
  for (let n = 0; n < seeds; n++) {
    const { orders, people } = await judge(601 + n, members);
    for (const order of ['listed', 'relevance', 'random'] as const) orders[order].forEach((worth, i) => { all.push({ order, worth, member: n * members + (people[i] ?? 0) }); });
    orders.relevance.forEach((worth, i) => { differences.listed.push(worth - (orders.listed[i] ?? 0)); differences.random.push(worth - (orders.random[i] ?? 0)); cluster.push(n * members + i); });
  }
  const random = seededRandom(1);
  for (const order of ['listed', 'relevance', 'random'] as const) {
    const own = all.filter((one) => one.order === order);
    process.stdout.write(`  ${order.padEnd(10)} cards acted on per page, expected by the truth: ${told(clusterBootstrap(own.map(({ worth }) => worth), own.map(({ member }) => member), { random }))}\n`);
  }
  for (const other of ['listed', 'random'] as const) process.stdout.write(`  relevance - ${other}: ${told(clusterBootstrap(differences[other], cluster, { random }))}\n`);
};

const HANGING = pluginCohort({
  name: 'hanging', about: 'answers after two seconds', kind: 'group', words: { title: { en: 'Late' } },
  fetch: async () => { await sleep(2000); return []; },
  transform: () => ({ items: [] }),
});

const runSpeed = async (members: number, pages: number): Promise<void> => {
  const lived = await settle(members, 601);
  const { people } = lived.world;
  const time = async (cohorts: readonly Cohort[]): Promise<{ readonly wall: readonly number[]; readonly cpu: number; readonly shown: number; readonly fewest: number }> => {
    const platform = await lived.open(rulesOf('listed', 20, cohorts), cohorts);
    const wall: number[] = [];
    let [shown, fewest] = [0, Infinity];
    const ask = async (i: number): Promise<number> => { const person = people[(i * 7919) % people.length]; return person === undefined ? 0 : (await pageOf(platform, person)).cohorts.length; };
    for (let i = 0; i < pages / 10; i++) await ask(i);
    // Logs and platforms of the runs before are no part of this one.
    global.gc?.();
    const { user, system } = process.cpuUsage();
    for (let i = 0; i < pages; i++) {
      const from = performance.now();
      const found = await ask(i);
      wall.push(performance.now() - from);
      shown += found;
      fewest = Math.min(fewest, found);
    }
    const spent = process.cpuUsage({ user, system });
    return { wall: wall.toSorted((a, b) => a - b), cpu: (spent.user + spent.system) / 1000 / pages, shown: shown / pages, fewest };
  };
  const line = (name: string, { wall, cpu, shown, fewest }: Awaited<ReturnType<typeof time>>): void => {
    process.stdout.write(`  ${name}: p50 ${quantile(wall, 0.5).toFixed(2)} ms, p99 ${quantile(wall, 0.99).toFixed(2)} ms, ${cpu.toFixed(2)} ms of processor time; ${shown.toFixed(1)} cohorts on a page, ${fewest} at least\n`);
  };
  const counts = [1, 4, 8, 12];
  const costs: number[] = [];
  for (const count of counts) {
    const found = await time(COHORTS.slice(0, count));
    costs.push(found.cpu);
    line(`${count} cohorts`, found);
  }
  process.stdout.write(`  one more cohort: ${(((costs.at(-1) ?? 0) - (costs[0] ?? 0)) / ((counts.at(-1) ?? 1) - (counts[0] ?? 0))).toFixed(3)} ms of processor time\n`);
  line(`12 cohorts, one of them 2 s slow (it is given ${HANGING.timeoutMs ?? 0} ms)`, await time([...COHORTS.slice(0, 11), HANGING]));
};

process.stdout.write(`${machine()}\n`);
if (what === 'speed') await runSpeed(Number(first || 1000), Number(second || 400));
else await runWorld(Number(first || 3), Number(second || 300));
process.exit(0);
