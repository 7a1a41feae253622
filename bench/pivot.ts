// Does the journey model tell a change of career from a passing fancy, hold two tracks at once, and foresee one that returns? Members with known tracks.
import { seededRandom } from '../src/core/random.ts';
import { clusterBootstrap, mean, quantile } from '../src/models/metrics.ts';
import { createLife, ITEMS, SCRIPTS, TRACKS, type Life, type Script } from './lib/careers.ts';
import { AFTER, BEFORE, DUAL, inEvents, RECURRING, TURNS, type Asked, type Measured, type Table, type Text } from './lib/career-tables.ts';
import { knowing, rankersOf, type Ranker } from './lib/career-rankers.ts';
import { machine } from './lib/machine.ts';

const [members = '2520', tested = '300', seed = '1', only = ''] = process.argv.slice(2);
const RESAMPLES = 400;
const random = seededRandom(Number(seed));
const lives = (script: Script, count: number, stream: string): Life[] => {
  const chance = random.fork(stream);
  return Array.from({ length: count }, () => createLife(chance, { script, before: stream === 'learned' ? 15 + Math.floor(chance.next() * 40) : BEFORE, after: AFTER }));
};

/** Of seven members three stay, and one is of each other script: of 2520 the first three scripts have the 1800 that were all before there were five. */
const SEVENTHS = { stable: 3, blip: 1, pivot: 1, dual: 1, recurring: 1 } satisfies Record<Script, number>;
const learned = SCRIPTS.flatMap((script) => lives(script, Math.round(Number(members) * SEVENTHS[script] / 7), 'learned'));
const ask = (script: Script): readonly Life[] => lives(script, Number(tested), script);
const asked: Asked = { stable: ask('stable'), blip: ask('blip'), pivot: ask('pivot'), dual: ask('dual'), recurring: ask('recurring') };
const everyone = Array.from({ length: Number(tested) }, (_, life) => life);

const intervalOf = (values: readonly number[], text: Text): string => {
  const sorted = values.toSorted((a, b) => a - b);
  // Events are whole, or never come: of those there is nothing between.
  const at = (share: number): number => (text === inEvents ? sorted[Math.round(share * (sorted.length - 1))] ?? 0 : quantile(sorted, share));
  return `[${text(at(0.025))}, ${text(at(0.975))}]`;
};
const figuresOf = ({ figures }: Measured, table: Table, name: string): string => {
  const chance = random.fork(`resampled ${name}`);
  const whole = figures(everyone);
  const resampled = Array.from({ length: RESAMPLES }, () => figures(everyone.map(() => Math.floor(chance.next() * everyone.length))));
  return table.columns.map(({ text }, column) => `${text(whole[column] ?? 0)} ${intervalOf(resampled.map((values) => values[column] ?? 0), text)}`).join(' | ');
};

/** The ranker that is measured first, by table: what the others are held against. */
const firsts = new Map<Table, Float64Array>();
const rowOf = async (table: Table, name: string, ranker: Ranker): Promise<string> => {
  const own = await table.measure(ranker, asked);
  const first = firsts.get(table) ?? own.ndcg;
  firsts.set(table, first);
  const { mean: less, low, high } = clusterBootstrap(own.ndcg.map((value, i) => (first[i] ?? 0) - value), own.ndcg.map((_, i) => i), { random: random.fork(name) });
  return `| ${name} | ${figuresOf(own, table, name)} | ${mean([...own.ndcg]).toFixed(4)} | ${first === own.ndcg ? '' : `${less.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`} |\n`;
};
const headOf = ({ name, columns, ndcg }: Table): string => `${name}\n\n| ranker | ${columns.map((column) => column.name).join(' | ')} | ${ndcg} | journey minus it |\n${'|---'.repeat(columns.length + 3)}|\n`;

const mix = SCRIPTS.map((script) => `${learned.filter((life) => life.script === script).length} ${script}`).join(', ');
process.stdout.write(`${machine()}\n${learned.length} members learned from (${mix}), ${tested} of each script asked, ${ITEMS} items of ${TRACKS} tracks, seed ${seed}\n\n`);
const tables: readonly Table[] = [TURNS, DUAL, RECURRING];
const rows = new Map<Table, string[]>(tables.map((table) => [table, []]));
const add = async (table: Table, name: string, ranker: Ranker): Promise<void> => { rows.get(table)?.push(await rowOf(table, name, ranker)); };
for (const [name, open] of rankersOf({ learned, seed: Number(seed) }).filter(([name]) => only === '' || only.split(';').includes(name))) {
  const ranker = await open();
  for (const table of tables) await add(table, name, ranker);
}
for (const table of [DUAL, RECURRING]) await add(table, 'who knows the script', knowing);
for (const table of tables) process.stdout.write(`${headOf(table)}${(rows.get(table) ?? []).join('')}\n`);
const { user, system } = process.cpuUsage();
process.stdout.write(`${((user + system) / 1e6).toFixed(0)} s of processor time\n`);
