/** `throughline export`: what a store holds, for other tools. Reads beside a running server. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { systemClock } from '../core/clock.ts';
import { exportFunnel, type ExportReport } from '../funnel/export.ts';
import { openLmdbLog } from '../log/lmdb.ts';
import { logFolder } from '../platform/open.ts';
import { REASON_CODES } from '../rankers/reasons.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, wholeNumber, type CommonOptions } from './common.ts';
import { createProgress } from './progress.ts';

interface Options extends CommonOptions { readonly days?: number }

const textOf = ({ days, rows, unchanged, bytes }: ExportReport, folder: string): string =>
  `${rows} rows of ${days} days in ${folder}, ${(bytes / 1e6).toFixed(1)} MB; ${unchanged} of the days were there already. Read them with: select * from '${folder}/*.parquet'`;

const addFunnel = (parent: Command): Command => parent.command('funnel')
  .description('Parquet files, one a day: a row for each served card, impression and action, joined')
  .argument('<folder>', 'where the files go; made if new')
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--days <number>', 'only the last days on which something happened', wholeNumber)
  .option('--json', 'print one JSON object, and no progress')
  .action(async (folder: string, options: Options) => {
    const log = await openLmdbLog({ folder: logFolder(dataFolder(options)), clock: systemClock, readOnly: true });
    try {
      const progress = createProgress({ quiet: options.json === true });
      const reading = progress.bar('Reading', 1);
      let writing: ReturnType<typeof progress.bar> | undefined;
      const report = await exportFunnel(log, {
        folder: resolve(folder), reasonOf: (reason) => REASON_CODES[reason] ?? String(reason), ...(options.days === undefined ? {} : { days: options.days }),
        onProgress: (share) => { reading.set(share); },
        onDay: (day, done, of) => {
          if (writing === undefined) reading.end('done');
          writing ??= progress.bar('Writing', of);
          writing.set(done, { detail: day });
        },
      });
      writing?.end(`${report.days} days`);
      if (options.json === true) printJson({ folder: resolve(folder), ...report });
      else print(textOf(report, resolve(folder)));
    } finally { await log.close(); }
  });

export const exportCommand = (): Command => {
  const command = new Command('export').description('write what a store holds for other tools');
  addFunnel(command);
  return command;
};
