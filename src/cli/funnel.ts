/** `throughline funnel`: one card's whole life. Reads beside a running server. */
import { Command } from 'commander';
import { systemClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { printable } from '../core/ids.ts';
import { cardLife, type CardLife, type LifeMoment } from '../funnel/life.ts';
import { LOSSES } from '../funnel/loss.ts';
import { openLmdbLog } from '../log/lmdb.ts';
import { logFolder } from '../platform/open.ts';
import { REASON_CODES } from '../rankers/reasons.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, type CommonOptions } from './common.ts';
import { createProgress } from './progress.ts';

const JOINED = { trackingId: 'by tracking id', click: 'by the last click on the item', view: 'by the last view of the item', undone: 'by the event that it undoes' } as const;

const wordsOf = ({ what, layer, action, visibleMs, undoes, joinedBy, loss, surface, event }: LifeMoment): string => {
  if (what === 'served') return `served      by the ${layer ?? ''}`;
  const name = what === 'impression' ? `impression  ${visibleMs ?? 0} ms visible` : what === 'undo' ? `undo        of ${action ?? ''} ${undoes ?? ''}` : `action      ${action ?? ''}`;
  return `${name}, on ${surface ?? ''} (${event ?? ''}); ${loss === undefined ? JOINED[joinedBy ?? 'trackingId'] : `not joined: ${LOSSES[loss]}`}`;
};

const timeOf = (at: number): string => new Date(at).toISOString();

const lifeText = ({ trackingId, requestId, member, item, served, moments }: CardLife): string => [
  `Card ${trackingId}: ${item} for ${member}, request ${requestId}`,
  ...(served === undefined ? ['The record of its page is not kept any more.'] : [
    `${served.surface}, sort=${served.sort}, place ${served.position + 1}, candidate ${served.candidate}${served.ranker === '' ? '' : ` of ${served.ranker}`}, reason ${REASON_CODES[served.reason] ?? String(served.reason)}`,
    `model ${served.model}, weights ${served.weights}, rules ${served.rules}, variants ${JSON.stringify(served.variants)}`,
  ]), '',
  ...moments.map((moment) => `${timeOf(moment.at)}  ${wordsOf(moment)}`),
].join('\n');

const lifeJson = ({ served, moments, ...life }: CardLife): unknown => ({
  ...life, ...(served === undefined ? {} : { served: { ...served, reason: REASON_CODES[served.reason] ?? String(served.reason) } }),
  moments: moments.map((moment) => ({ ...moment, at: timeOf(moment.at) })),
});

export const funnelCommand = (): Command => new Command('funnel')
  .description('show what became of one card: served, seen, acted on, undone')
  .argument('<trackingId>', 'of a card of any surface')
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--json', 'print one JSON object, and no progress')
  .action(async (trackingId: string, options: CommonOptions) => {
    const data = dataFolder(options);
    const log = await openLmdbLog({ folder: logFolder(data), clock: systemClock, readOnly: true });
    try {
      const bar = createProgress({ quiet: options.json === true }).bar('Reading', 1);
      const life = await cardLife(log, trackingId, (share) => { bar.set(share); });
      bar.end('done');
      if (life === undefined) throw new ThroughlineError('client/notFound', `no record in ${data} names the tracking id "${printable(trackingId)}"; take the trackingId of an item of a page, and --data of the server that served it`);
      if (options.json === true) printJson(lifeJson(life));
      else print(lifeText(life));
    } finally { await log.close(); }
  });
