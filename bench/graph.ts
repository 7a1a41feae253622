/** Packed adjacency: bytes on disk an edge, memory, load, boot and erasure for graphs of 100 edges a member; arguments: members, default 10000 100000. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pack } from 'msgpackr';
import { HOUR, systemClock } from '../src/core/clock.ts';
import { seededRandom } from '../src/core/random.ts';
import { openPlatform, type OpenPlatform } from '../src/platform/open.ts';
import { POOL } from '../src/rankers/pool/index.ts';
import { machine } from './lib/machine.ts';
import { timeOf } from './lib/ranker-time.ts';

const say = (text: string): void => { process.stdout.write(`${text}\n`); };
const STATED = 100;
const BATCH = 1000;
/** Six edges of ten lead into a member's neighbourhood of numbers, as where people joined together; the others anywhere. */
const NEAR = 0.6;
const NEIGHBOURHOOD = 2000;
const MIB: number = 2 ** 20;

const open = (data: string): Promise<OpenPlatform> => openPlatform({ data, feed: { deadlineMs: 1000, cursorLifetimeMs: HOUR, exploration: 0, stateWaitMs: 0 } });
const memory = (): { readonly rssMiB: number; readonly edgesMiB: (platform: OpenPlatform) => number } => ({
  rssMiB: Math.round(process.memoryUsage.rss() / MIB),
  edgesMiB: (platform) => Math.round([...platform.state.space.sizes()].filter(([name]) => name.startsWith('connected.')).reduce((sum, [, bytes]) => sum + bytes, 0) / MIB),
});
const bytesUnder = (folder: string): number => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

interface Timed<T> { readonly result: T; readonly seconds: number; readonly cpuSeconds: number }
const timed = async <T>(work: () => Promise<T>): Promise<Timed<T>> => {
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  const result = await work();
  const used = process.cpuUsage(cpu);
  return { result, seconds: (performance.now() - start) / 1000, cpuSeconds: (used.user + used.system) / 1e6 };
};

/** Rankers that read the graph, and how many members ask each of them in turn. */
const READERS = ['people', 'network'];
const ASKING = 200;

/** Microseconds of processor time of a ranker's top k. Members' numbers lie far apart: neighbours would find each other's connections in the cache. */
const rankersOf = async ({ state }: OpenPlatform, count: number): Promise<object> => {
  const members = Array.from({ length: ASKING }, (_, n) => `m-${Math.floor((n + 0.5) * count / ASKING)}`);
  const told: [string, object][] = [];
  for (const ranker of POOL.filter(({ name }) => READERS.includes(name))) {
    const { p50, p99, found } = await timeOf({ views: state, ranker, now: systemClock.now(), members });
    told.push([ranker.name, { p50: Math.round(p50), p99: Math.round(p99), found: Math.round(found) }]);
  }
  return Object.fromEntries(told);
};

const connectionsOf = (member: number, members: number, random: ReturnType<typeof seededRandom>): string[] => {
  const others = new Set<number>();
  while (others.size < STATED) {
    const other = random.next() < NEAR ? member - NEIGHBOURHOOD / 2 + Math.floor(random.next() * NEIGHBOURHOOD) : Math.floor(random.next() * members);
    if (other >= 0 && other < members && other !== member) others.add(other);
  }
  return [...others].sort((a, b) => a - b).map((other) => `member:m-${other}`);
};

const load = async (data: string, members: number): Promise<void> => {
  const platform = await open(data);
  const random = seededRandom(1);
  let plainBytes = 0;
  const { seconds, cpuSeconds } = await timed(async () => {
    for (let from = 0; from < members; from += BATCH) {
      const entities = Array.from({ length: Math.min(BATCH, members - from) }, (_, i) => ({ kind: 'member', id: `m-${from + i}`, attributes: { connections: connectionsOf(from + i, members, random) } }));
      plainBytes += pack(entities[0]?.attributes).length * entities.length;
      const { rejected } = await platform.putEntities(entities);
      if (rejected.length > 0) throw new Error(rejected[0]?.detail);
    }
  });
  const memberZero = platform.state.catalog.find('member:m-0');
  say(JSON.stringify({ loadSeconds: Number(seconds.toFixed(1)), loadCpuSeconds: Number(cpuSeconds.toFixed(1)), rssMiB: memory().rssMiB, connectedMiB: memory().edgesMiB(platform), plainBytesAnEdge: Number((plainBytes / members / STATED).toFixed(1)), degreeOfFirst: platform.state.catalog.edges.connected.from.length(memberZero) }));
  await platform.close();
};

const boot = async (data: string, members: number): Promise<void> => {
  const { result: platform, seconds, cpuSeconds } = await timed(() => open(data));
  await platform.feed({ member: 'm-1', limit: 20, sort: 'relevance' });
  const page = await timed(() => platform.feed({ member: 'm-7', limit: 20, sort: 'relevance' }));
  const before = memory();
  const rankersUs = await rankersOf(platform, members);
  const erased = await timed(() => platform.erase('m-0'));
  say(JSON.stringify({ bootSeconds: Number(seconds.toFixed(1)), bootCpuSeconds: Number(cpuSeconds.toFixed(1)), rssMiB: before.rssMiB, connectedMiB: before.edgesMiB(platform), pageMs: Number((page.seconds * 1000).toFixed(2)), rankersUs, eraseSeconds: Number(erased.seconds.toFixed(1)), eraseCpuSeconds: Number(erased.cpuSeconds.toFixed(1)) }));
  await platform.close();
};

const [first, folder, count] = process.argv.slice(2);
if (first === 'load' && folder !== undefined) await load(folder, Number(count));
else if (first === 'boot' && folder !== undefined) await boot(folder, Number(count));
else {
  say(machine());
  const sizes = process.argv.slice(2).map(Number);
  for (const members of sizes.length > 0 ? sizes : [10_000, 100_000]) {
    const data = mkdtempSync(join(tmpdir(), 'throughline-graph-'));
    // Each part in a process of its own: what one leaves in memory is not counted for the next.
    const part = (...args: readonly string[]): object => JSON.parse(execFileSync(process.execPath, ['--max-old-space-size=8000', fileURLToPath(import.meta.url), ...args], { encoding: 'utf8' }).trim().split('\n').at(-1) ?? '{}') as object;
    try {
      const loaded = part('load', data, String(members));
      const bytes = bytesUnder(join(data, 'log'));
      say(JSON.stringify({ members, edges: members * STATED, ...loaded, diskMiB: Math.round(bytes / MIB), diskBytesAnEdge: Number((bytes / members / STATED).toFixed(2)) }));
      say(JSON.stringify({ members, ...part('boot', data, String(members)) }));
    } finally { rmSync(data, { recursive: true, force: true }); }
  }
}
