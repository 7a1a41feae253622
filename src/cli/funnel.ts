/** `throughline funnel`: one card's whole life, or the whole funnel counted. Reads beside a running server. */
import { Command } from 'commander';
import { systemClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { printable } from '../core/ids.ts';
import { cardLife } from '../funnel/life.ts';
import { eachRecord, type OnProgress } from '../funnel/reading.ts';
import { createSummary, type FunnelSummary } from '../funnel/summary.ts';
import { openLmdbLog } from '../log/lmdb.ts';
import type { Log } from '../log/port.ts';
import { logFolder } from '../platform/open.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, type CommonOptions } from './common.ts';
import { lifeJson, lifeText, summaryJson, summaryText } from './funnel-text.ts';
import { createProgress } from './progress.ts';

const summaryOf = async (log: Log, onProgress: OnProgress): Promise<FunnelSummary> => {
  const counter = createSummary();
  await eachRecord(log, counter.apply, onProgress);
  counter.end();
  return counter.result();
};

export const funnelCommand = (): Command => new Command('funnel')
  .description('show what became of one card (served, seen, acted on, undone), or count what became of all')
  .argument('[trackingId]', 'of a card of any surface; without it, the whole funnel by surface and kind')
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--json', 'print one JSON object, and no progress')
  .action(async (trackingId: string | undefined, options: CommonOptions) => {
    const data = dataFolder(options);
    const log = await openLmdbLog({ folder: logFolder(data), clock: systemClock, readOnly: true });
    try {
      const bar = createProgress({ quiet: options.json === true }).bar('Reading', 1);
      const onProgress: OnProgress = (share) => { bar.set(share); };
      if (trackingId === undefined) {
        const summary = await summaryOf(log, onProgress);
        bar.end('done');
        if (options.json === true) printJson(summaryJson(summary));
        else print(summaryText(summary));
        return;
      }
      const life = await cardLife(log, trackingId, onProgress);
      bar.end('done');
      if (life === undefined) throw new ThroughlineError('client/notFound', `no record in ${data} names the tracking id "${printable(trackingId)}"; take the trackingId of an item of a page, and --data of the server that served it`);
      if (options.json === true) printJson(lifeJson(life));
      else print(lifeText(life));
    } finally { await log.close(); }
  });
