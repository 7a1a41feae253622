/** `throughline cohort list`, `throughline cohort check <file>`: the cohorts there are, and what a new one would do. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { kindNumber, STATE } from '../catalog/catalog.ts';
import { feedOptions, loadConfig, type Config } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { seededRandom } from '../core/random.ts';
import { COHORTS } from '../discovery/pool/index.ts';
import { openLmdbLog } from '../log/lmdb.ts';
import { createMemoryLog } from '../log/memory.ts';
import { createPlatform } from '../platform/create.ts';
import { logFolder } from '../platform/open.ts';
import { gatherSources, loadPlugin } from '../platform/plugins.ts';
import { replayState } from '../platform/reading.ts';
import type { Views } from '../rankers/views.ts';
import { checkFile, type CohortReport, type FileReport, type Ground, type Shown } from './cohort-check.ts';
import { print, printJson } from './common.ts';
import { createProgress } from './progress.ts';

/** Tried, of a store: those with the most connections. */
const MEMBERS = 3;

interface ListOptions { readonly config?: string; readonly json?: boolean }
interface CheckOptions { readonly data?: string; readonly json?: boolean }
interface ListRow { readonly name: string; readonly about: string; readonly kind: string; readonly template: string; readonly action: string; readonly source: string }

/** Where each cohort comes from: the pool, a plug-in by its name, a service by its address. */
const rowsOf = async (config: Config): Promise<readonly ListRow[]> => {
  const { cohorts } = await gatherSources(config);
  const sources = new Map(COHORTS.map(({ name }) => [name, 'pool']));
  for (const plugin of config.plugins) for (const { name } of (await loadPlugin(plugin)).cohorts ?? []) sources.set(name, plugin);
  for (const { name, url } of config.cohorts) sources.set(name, url);
  return cohorts.map(({ name, about, kind, card }) => ({ name, about, kind, ...card, source: sources.get(name) ?? '' }));
};

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
};

/** A few members and nothing else; whatever a cohort answers is added under its id. */
const ownNetwork = async (): Promise<Ground> => {
  const platform = await createPlatform({
    log: createMemoryLog({ partitions: 1, clock: systemClock }), clock: systemClock, elapsed: () => performance.now(), random: seededRandom(1), secret: new Uint8Array(32),
    options: feedOptions(await loadConfig(undefined, {})), loadModel: async () => undefined,
  });
  await platform.putEntities([
    { kind: 'member', id: 'ana', attributes: { name: 'Ana', headline: 'Analyst', topics: ['data'], skills: ['sql'], place: 'Berlin', connections: ['member:ben'] } },
    { kind: 'member', id: 'ben', attributes: { name: 'Ben', topics: ['sales'], connections: ['member:ana'] } },
    { kind: 'member', id: 'new', attributes: { name: 'Newcomer' } },
  ]);
  return { views: platform.state, members: ['ana', 'ben', 'new'], standIn: async (entities) => { await platform.putEntities(entities); } };
};

const membersOf = ({ catalog }: Views): readonly string[] => {
  const { kind, state } = catalog.items.columns;
  const member = kindNumber('member');
  const ties = (number: number): number => catalog.edges.connected.from.length(number);
  return Array.from({ length: catalog.entities.size() }, (_, number) => number).filter((number) => kind[number] === member && state[number] === STATE.alive)
    .sort((a, b) => ties(b) - ties(a) || a - b).slice(0, MEMBERS).map((number) => catalog.entities.name(number).slice('member:'.length));
};

/** A store as its log says, read beside whoever serves it. @throws client/noData */
const storeOf = async (folder: string, quiet: boolean): Promise<Ground> => {
  const data = resolve(folder);
  if (!existsSync(logFolder(data))) throw new ThroughlineError('client/noData', `there is no store at ${folder}; name the --data of a server, or leave it out`);
  const log = await openLmdbLog({ folder: logFolder(data), clock: systemClock, readOnly: true });
  try {
    const bar = createProgress({ quiet }).bar('Reading the log', 1);
    const views = await replayState(log, (share) => { bar.set(share); });
    bar.end(`${views.catalog.entities.size()} entities`);
    const members = membersOf(views);
    if (members.length === 0) throw new ThroughlineError('client/noData', `the store at ${folder} has no member whose page could be made; leave --data out`);
    return { views, members };
  } finally { await log.close(); }
};

const shownLines = ({ member, title, reason, total, cards }: Shown): readonly string[] => (total === 0 ? [`  For member:${member}: nothing`] : [
  `  For member:${member}: ${title}${reason === undefined ? '' : ` (${reason})`}, ${total} in all`, ...cards.map(({ item, text }, place) => `    ${place + 1}. ${text}  [${item}]`),
]);

const reportLines = ({ name, about, kind, template, action, faults, remarks, shown }: CohortReport): readonly string[] => [
  `${name === '' ? '(without a name)' : name}: ${about}`, `  kind ${kind}, card ${template}, button ${action}`, ...shown.flatMap(shownLines),
  ...remarks.map((remark) => `  Note: ${remark}`), ...faults.map((fault) => `  Fault: ${fault}`),
];

const countOf = ({ faults, cohorts }: FileReport): number => faults.length + cohorts.reduce((sum, cohort) => sum + cohort.faults.length, 0);

const listCommand = (): Command => new Command('list')
  .description('the cohorts there are: what they recommend, how their cards look, what their button does, where they come from')
  .option('--config <file>', 'a JSON file with settings: its plug-ins and services are in the list')
  .option('--json', 'print one JSON object')
  .action(async (options: ListOptions) => {
    const rows = await rowsOf(await loadConfig(options.config, {}));
    if (options.json === true) printJson({ cohorts: rows });
    else print(table([['name', 'kind', 'card', 'button', 'from', 'about'], ...rows.map(({ name, kind, template, action, source, about }) => [name, kind, template, action, source, about])]));
  });

const checkCommand = (): Command => new Command('check')
  .description('load a plug-in as the server would, say all that is wrong with its cohorts, and show what they would show')
  .argument('<file>', 'a module, such as ./mine.mjs')
  .option('--data <folder>', 'a store whose members and items it is tried over, which is read and never written; default: a small network made here')
  .option('--json', 'print one JSON object')
  .action(async (file: string, options: CheckOptions) => {
    const { data } = options;
    const strays = new Set<string>();
    process.on('unhandledRejection', (reason) => { strays.add(`it left a promise behind that failed (${reason instanceof Error ? reason.message : String(reason)}); wait for it in "fetch"`); });
    const found = await checkFile(/^[./]/u.test(file) || !existsSync(file) ? file : `./${file}`, () => (data === undefined ? ownNetwork() : storeOf(data, options.json === true)), systemClock.now());
    // What nobody waited for is told of after the turn in which it failed.
    await new Promise((resolve) => { setImmediate(resolve); });
    const report: FileReport = { ...found, faults: [...found.faults, ...strays] };
    const faults = countOf(report);
    if (options.json === true) printJson({ ...report, ok: faults === 0 });
    else print([...report.faults.map((fault) => `Fault: ${fault}`), ...report.cohorts.flatMap(reportLines), faults === 0 ? 'No faults.' : `${faults} ${faults === 1 ? 'fault' : 'faults'}.`].join('\n'));
    // A fetch that never answers would hold the process open.
    process.exit(faults === 0 ? 0 : 1);
  });

export const cohortCommand = (): Command => new Command('cohort')
  .description('the cohorts of discovery: list them, check a new one')
  .addCommand(listCommand()).addCommand(checkCommand());
