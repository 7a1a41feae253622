// First-pass rankers: what the top k of each costs as its inventory grows, and what the inventory costs to build and to keep.
import type { Space } from '../src/memory/space.ts';
import { POOL } from '../src/rankers/pool/index.ts';
import { build, INVENTORIES, NOW, VIEWERS, type Inventory } from './lib/inventories.ts';
import { machine } from './lib/machine.ts';
import { cpu, timeOf } from './lib/ranker-time.ts';

const SIZES = (process.argv[2] ?? '10000,100000,1000000').split(',').map(Number);
const ONLY = process.argv[3]?.split(',');
/** There are never more jobs than this. */
const MOST: Readonly<Record<string, number>> = { jobs: 200_000 };
/** Which rankers grow with which inventory. */
const READ_BY: Readonly<Record<string, readonly string[]>> = {
  posts: ['network', 'creators'], articles: ['news', 'companyNews', 'journey'], jobs: ['jobs'], members: ['people'], courses: ['courses'], groups: ['groups'], events: ['events'],
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
    const { p50, p99, clock, found } = await timeOf({ views, ranker, now: NOW, members: Array.from({ length: VIEWERS }, (_, n) => `m${n}`) });
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
