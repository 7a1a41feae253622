/** `throughline sponsored`: what revenue may cost in engagement, solved on the requests of a store for which campaigns competed. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { feedOptions, loadConfig } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { judgeAlpha, solveDual, type Estimate, type Floor, type Outcome, type SampledRequest, type Sample } from '../feed/objectives/duals.ts';
import { pareto, type Pareto } from '../feed/objectives/pareto.ts';
import type { SponsoredOptions } from '../feed/objectives/settings.ts';
import { decodeServed, type Competing } from '../funnel/served.ts';
import { openLmdbLog } from '../log/lmdb.ts';
import type { Log } from '../log/port.ts';
import { attentionAt, attentionBy } from '../funnel/published.ts';
import { createModelStore } from '../models/store.ts';
import { logFolder } from '../platform/open.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, wholeNumber, type CommonOptions } from './common.ts';
import { createProgress } from './progress.ts';

interface Options extends CommonOptions { readonly floor?: number; readonly revenueFloor?: number; readonly requests: number; readonly config?: string }

const FLOOR = 0.97;
const REQUESTS = 4000;
/** Fewer say little about a share. */
const LEAST_REQUESTS = 20;
const EVERY: readonly number[] = [3, 4, 5, 6, 7, 8, 10, 12];

export interface SponsoredReport extends Pareto {
  readonly requests: number;
  readonly floor: Floor;
  /** What keeps the floor, and what the multiplier that is set brings. */
  readonly solved: Outcome;
  readonly set: Outcome;
}

const share = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('Write a share from 0 to 1, such as 0.97.');
  return value;
};

/** The latest requests for which a campaign competed, in order of time. */
const competingIn = async (log: Log, { most, onProgress }: { readonly most: number; readonly onProgress: (share: number) => void }): Promise<readonly Competing[]> => {
  const total = log.end().reduce((sum, { sequence }) => sum + sequence, 0);
  const found: Competing[] = [];
  let read = 0;
  for await (const { records } of log.read(log.end().map(({ partition }) => ({ partition, sequence: 0 })))) {
    for (const { type, payload } of records) {
      const competing = type === 'served' ? decodeServed(payload).competing : undefined;
      if (competing !== undefined) found.push(competing);
    }
    if (found.length > 2 * most) found.splice(0, found.length - most);
    read += records.length;
    onProgress(read / Math.max(1, total));
  }
  return found.slice(-most);
};

/** How much each place is looked at, by the model that serves. */
const attentionOf = async (data: string, places: number): Promise<readonly number[]> => {
  const store = createModelStore(data);
  const version = await store.current();
  const attention = attentionBy(version === undefined ? [] : (await store.load(version)).model.examination);
  return Array.from({ length: places }, (_, place) => attentionAt(attention, place));
};

const requestOf = ({ organic, utility, revenue, hide }: Competing): SampledRequest => ({ organic, organicSize: organic.length, utility, revenue, hide, sponsoredSize: utility.length });

export const reportOf = (found: readonly Competing[], { attention, floor, sponsored: { alpha, rules } }: { readonly attention: readonly number[]; readonly floor: Floor; readonly sponsored: SponsoredOptions }): SponsoredReport => {
  const half = found.length >> 1;
  const sampleOf = (part: readonly Competing[]): Sample => ({ requests: part.map(requestOf), rules, byWorth: true, attention });
  const [earlier, later] = [sampleOf(found.slice(0, half)), sampleOf(found.slice(half))];
  const multiplier = solveDual(earlier, floor).get(0)?.alpha ?? 0;
  return { requests: found.length, floor, solved: judgeAlpha(later, multiplier), set: judgeAlpha(later, alpha), ...pareto(earlier, later, EVERY) };
};

const percent = (value: number | undefined): string => (value === undefined ? 'out of reach' : `${value < 0 ? '−' : '+'}${(100 * Math.abs(value)).toFixed(2)} %`);
const columns = (cells: readonly string[]): string => `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(22) : cell.padStart(26))).join('')}`;
const kept = (floor: Floor): string => ('engagementFloor' in floor ? `${(100 * floor.engagementFloor).toFixed(1)} % of the engagement` : `${(100 * floor.revenueFloor).toFixed(1)} % of the revenue that the rules allow, at the least cost in engagement`);
const range = ({ mean, low, high }: Estimate): string => `${mean.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;

const text = ({ requests, floor, solved, set, points, fixed }: SponsoredReport): string => [
  `${requests} requests for which campaigns competed: multipliers solved on the earlier half, judged on the later by what was predicted; engagement as a share of that without any sponsored card.`, '',
  columns(['multiplier', 'revenue a request', 'engagement', 'sponsored a page']),
  ...points.map(({ alpha, revenue, engagement, sponsored }) => columns([alpha.toPrecision(4), range(revenue), range(engagement), sponsored.mean.toFixed(2)])), '',
  columns(['fixed, every n-th place', 'revenue a request', 'engagement', 'sponsored a page', 'multiplier, same revenue', 'multiplier, same engagement']),
  ...fixed.map(({ every, revenue, engagement, sponsored, moreEngagement, moreRevenue }) => columns([String(every), range(revenue), range(engagement), sponsored.mean.toFixed(2), `${percent(moreEngagement)} engaged`, `${percent(moreRevenue)} revenue`])), '',
  `As it is set (feed.sponsored.alpha ${set.alpha}): revenue ${range(set.revenue)}, engagement ${range(set.engagement)}.`,
  `To keep ${kept(floor)}, set feed.sponsored.alpha to ${solved.alpha.toPrecision(4)}: revenue ${range(solved.revenue)}, engagement ${range(solved.engagement)}.`,
].join('\n');

export const sponsoredCommand = (): Command => new Command('sponsored')
  .description('solve what revenue is worth in engagement on the requests of a store, beside sponsored cards at fixed places')
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--config <file>', 'the configuration that the server runs with')
  .option('--floor <share>', `of the engagement without sponsored cards, to be kept (default: ${FLOOR})`, share)
  .addOption(new Option('--revenue-floor <share>', 'the other way round: of the most revenue that the rules allow, to be kept').argParser(share).conflicts('floor'))
  .option('--requests <number>', 'the latest, at most', wholeNumber, REQUESTS)
  .option('--json', 'print one JSON object, and no progress')
  .action(async (options: Options) => {
    const data = dataFolder(options);
    const { sponsored } = feedOptions(await loadConfig(options.config, {}));
    const log = await openLmdbLog({ folder: logFolder(data), clock: systemClock, readOnly: true });
    try {
      const bar = createProgress({ quiet: options.json === true }).bar('Reading', 1);
      const found = await competingIn(log, { most: options.requests, onProgress: (part) => { bar.set(part); } });
      bar.end('done');
      if (found.length < LEAST_REQUESTS) throw new ThroughlineError('client/noData', `${found.length} first pages in ${data} had campaigns competing for them, and a multiplier wants ${LEAST_REQUESTS}; put campaigns in and serve pages first`);
      const places = Math.max(...found.map(({ organic }) => organic.length));
      const report = reportOf(found, { attention: await attentionOf(data, places), floor: options.revenueFloor === undefined ? { engagementFloor: options.floor ?? FLOOR } : { revenueFloor: options.revenueFloor }, sponsored });
      if (options.json === true) printJson(report);
      else print(text(report));
    } finally { await log.close(); }
  });
