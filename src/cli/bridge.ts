/** `throughline bridge`: the older events that a host still consumes, made from the funnel's. Reads beside a running server. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { SECOND, systemClock } from '../core/clock.ts';
import { isMissing } from '../core/durable.ts';
import { ThroughlineError } from '../core/errors.ts';
import { compareCounts, createCounts, type Comparison, type Counts } from '../funnel/bridge/compare.ts';
import { runBridge } from '../funnel/bridge/stream.ts';
import { openLmdbLog } from '../log/lmdb.ts';
import { logFolder } from '../platform/open.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, whileStoppable, type CommonOptions } from './common.ts';
import { createProgress } from './progress.ts';

interface Options extends CommonOptions { readonly out: string; readonly follow?: boolean }
interface CompareOptions { readonly host: readonly string[]; readonly bridge: readonly string[]; readonly json?: boolean }

const LOOK_AGAIN_MS: number = SECOND;

/** The files that are named, and those of the folders that are. */
const filesOf = async (paths: readonly string[]): Promise<readonly string[]> => {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((error: unknown) => {
      if (isMissing(error)) throw new ThroughlineError('client/notFound', `there is no file or folder ${path}; name files of older events, one JSON object a line`, { where: { file: path } });
      throw error;
    });
    if (found.isDirectory()) files.push(...(await readdir(path)).filter((name) => name.endsWith('.ndjson')).toSorted().map((name) => join(path, name)));
    else files.push(path);
  }
  return files;
};

const countsOf = async (paths: readonly string[]): Promise<Counts> => {
  const counts = createCounts();
  for (const file of await filesOf(paths)) {
    let line = 0;
    for await (const text of createInterface({ input: createReadStream(file, 'utf8') })) {
      line++;
      try { counts.add(text); } catch (error) {
        throw new ThroughlineError('client/invalidData', `line ${line} of ${file} cannot be counted: ${error instanceof Error ? error.message : String(error)}`, { where: { file, line }, cause: error });
      }
    }
  }
  return counts;
};

const compareText = ({ host, bridge, keys, tolerance, within, differing }: Comparison): string => [
  `The host fired ${host} events, the bridge wrote ${bridge}: ${keys} keys of event, action, kind and day, ${within ? 'all' : `${keys - differing.length}`} within ${100 * tolerance} %.`,
  ...differing.map(({ event, action, kind, day, host: theirs, bridge: ours, relative }) => `  ${day}  ${event} ${action} ${kind}: host ${theirs}, bridge ${ours}, ${relative > 0 ? '+' : '−'}${(100 * Math.abs(relative)).toFixed(2)} %`),
].join('\n');

const addCompare = (parent: Command): Command => parent.command('compare')
  .description('what the host still fires itself beside what the bridge wrote, by event, action, kind and day')
  .requiredOption('--host <files...>', 'of the host, or folders of .ndjson files')
  .requiredOption('--bridge <files...>', 'of the bridge, or its folder')
  .option('--json', 'print one JSON object')
  .action(async (own: { readonly host: readonly string[]; readonly bridge: readonly string[] }, command: Command) => {
    const options = command.optsWithGlobals<CompareOptions>();
    const comparison = compareCounts(await countsOf(own.host), await countsOf(own.bridge));
    if (options.json === true) printJson(comparison);
    else print(compareText(comparison));
  });

export const bridgeCommand = (): Command => {
  const command = new Command('bridge')
    .description('write the older events that a host still consumes, from where it stopped')
    .option('--data <folder>', 'the store', DEFAULT_DATA)
    .option('--out <folder>', 'where the files go: one JSON object a line, named by the positions of the log that they cover', './bridge')
    .option('--follow', 'go on with what comes, until stopped')
    .option('--json', 'print one JSON object, and no progress')
    .action(async (options: Options) => {
      const log = await openLmdbLog({ folder: logFolder(dataFolder(options)), clock: systemClock, readOnly: true });
      try {
        const bar = createProgress({ quiet: options.json === true }).bar('Bridging', 1);
        const report = await whileStoppable((signal) => runBridge(log, {
          folder: resolve(options.out), signal, onProgress: (position, end) => { bar.set(position / Math.max(1, end)); },
          ...(options.follow === true ? { wait: () => sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined) } : {}),
        }));
        bar.end(`${report.events} events`);
        if (options.json === true) printJson({ folder: resolve(options.out), ...report });
        else print(`${report.events} events in ${report.files} new files of ${resolve(options.out)}; the next run begins at position ${report.position}`);
      } finally { await log.close(); }
    });
  addCompare(command);
  return command;
};
