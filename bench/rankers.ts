// First-pass rankers: what the top k of each costs as its inventory grows, and what the inventory costs to build and to keep.
import { MINUTE } from '../src/core/clock.ts';
import { UNASSIGNED, type RequestContext } from '../src/core/context.ts';
import type { RequestId } from '../src/core/ids.ts';
import { normal, seededRandom } from '../src/core/random.ts';
import { ALL_SIGNALS } from '../src/core/registry.ts';
import { CHANGES } from '../src/journey/taste.ts';
import type { Space } from '../src/memory/space.ts';
import { POOL } from '../src/rankers/pool/index.ts';
import { createRankedList } from '../src/rankers/ranked-list.ts';
import type { FirstPassRanker } from '../src/rankers/ranker.ts';
import { createViewerReader, type Viewer } from '../src/rankers/viewer.ts';
import type { Views } from '../src/rankers/views.ts';
import { build, INVENTORIES, NOW, VIEWERS, type Inventory } from './lib/inventories.ts';
import { machine } from './lib/machine.ts';

const SIZES = (process.argv[2] ?? '10000,100000,1000000').split(',').map(Number);
const ONLY = process.argv[3]?.split(',');
/** There are never more jobs than this. */
const MOST: Readonly<Record<string, number>> = { jobs: 200_000 };
const ROUNDS = 7;
const WIDTH = 64;
/** Which rankers grow with which inventory. */
const READ_BY: Readonly<Record<string, readonly string[]>> = {
  posts: ['network', 'creators'], articles: ['news', 'companyNews', 'journey'], jobs: ['jobs'], members: ['people'], courses: ['courses'], groups: ['groups'], events: ['events'],
};

const context: RequestContext = {
  requestId: 'bench' as RequestId, now: NOW, deadlineMs: MINUTE, elapsed: () => 0, locale: 'en', timeZone: 'UTC', surface: 'feed', client: 'bench',
  allowed: ALL_SIGNALS, random: seededRandom(1), ...UNASSIGNED,
};

/** Vectors of unit length, at random: what they say does not matter to the time. */
const tasteOf = (views: Views): Viewer['taste'] => {
  const random = seededRandom(5);
  const vectors = new Float32Array(views.catalog.entities.size() * WIDTH);
  for (let i = 0; i < vectors.length; i++) vectors[i] = normal(random) / Math.sqrt(WIDTH);
  return { model: 'bench', width: WIDTH, state: vectors.slice(0, WIDTH), vectors, changed: new Int32Array(1 + CHANGES), isProfile: false };
};

/** Microseconds of processor time so far. */
const cpu = (): number => { const { user, system } = process.cpuUsage(); return user + system; };

interface Timed { readonly p50: number; readonly p99: number; readonly clock: number; readonly found: number }

/**
 * Microseconds of one ranker for one viewer, its list put in order included; what a viewer is was read before. Processor time: on a machine
 * with others the clock counts them too, so that its 99th of a hundred is theirs; its median is told beside.
 */
const time = async (views: Views, ranker: FirstPassRanker): Promise<Timed> => {
  const taste = ranker.name === 'journey' || ranker.name === 'people' ? tasteOf(views) : undefined;
  const reader = createViewerReader();
  const list = createRankedList();
  const entities = views.catalog.entities.size();
  const times: number[] = [];
  const clock: number[] = [];
  let found = 0;
  for (let n = 0; n < ROUNDS * VIEWERS; n++) {
    const read = reader.read(views.catalog.find(`member:m${n % VIEWERS}`), views, context);
    const viewer = taste === undefined ? read : { ...read, taste };
    list.clear(entities);
    const started = performance.now();
    const before = cpu();
    await ranker.rank({ viewer, views, context }, list);
    list.finish(ranker.limit);
    const [spent, passed] = [cpu() - before, (performance.now() - started) * 1000];
    // The first rounds warm up.
    if (n >= 2 * VIEWERS) { times.push(spent); clock.push(passed); found += list.size; }
  }
  const at = (values: number[], share: number): number => values.sort((a, b) => a - b)[Math.floor(share * values.length)] ?? Number.NaN;
  return { p50: at(times, 0.5), p99: at(times, 0.99), clock: at(clock, 0.5), found: found / times.length };
};

const megabytes = (space: Space, names?: readonly string[]): string => {
  let bytes = 0;
  for (const [name, size] of space.sizes()) if (names === undefined || names.some((prefix) => name.startsWith(`${prefix}.`))) bytes += size;
  return (bytes / 2 ** 20).toFixed(0);
};

const print = (line: string): void => { process.stdout.write(`${line}\n`); };

const measure = async (inventory: Inventory, size: number): Promise<void> => {
  const { views, space, seconds } = build(inventory, size, () => cpu() / 1000);
  for (const name of READ_BY[inventory.name] ?? []) {
    const ranker = POOL.find((one) => one.name === name);
    if (ranker === undefined) continue;
    const { p50, p99, clock, found } = await time(views, ranker);
    print(`| ${name} | ${size.toLocaleString('en')} ${inventory.name} | ${p50.toFixed(0)} | ${p99.toFixed(0)} | ${clock.toFixed(0)} | ${found.toFixed(0)} of ${ranker.limit} | ${seconds.toFixed(1)} (${(seconds * 1e6 / size).toFixed(0)} µs each) | ${megabytes(space, inventory.indexes)} | ${megabytes(space)} |`);
  }
};

print(`${machine()}\n`);
print('| ranker | inventory | p50 µs | p99 µs | p50 by the clock | found | build s | its indexes MiB | all columns MiB |');
print('|---|---|---|---|---|---|---|---|---|');
const inventories = INVENTORIES.filter(({ name }) => ONLY === undefined || ONLY.includes(name));
const done = new Set<string>();
for (const wished of SIZES) {
  for (const inventory of inventories) {
    const size = Math.min(wished, MOST[inventory.name] ?? wished);
    if (done.has(`${inventory.name} ${size}`)) continue;
    done.add(`${inventory.name} ${size}`);
    await measure(inventory, size);
  }
}
