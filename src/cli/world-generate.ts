/** `throughline world generate`: the whole past of a world without a server, and, where a folder is named, into a store through the platform's own door. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { feedOptions, loadConfig } from '../config.ts';
import { DAY, SECOND, systemClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { SURFACES } from '../core/registry.ts';
import { openPlatform, type OpenPlatform } from '../platform/open.ts';
import type { BatchOutcome } from '../platform/api.ts';
import { HAPPENINGS, type EventBlock } from '../world/history/blocks.ts';
import { generateHistory, type HistorySink, type HistoryTold } from '../world/history/generate.ts';
import { parameters } from '../world/parameters.ts';
import { createWorld } from '../world/world.ts';
import { dataFolder, print, printJson, whileStoppable, wholeNumber } from './common.ts';
import { createProgress } from './progress.ts';

interface GenerateOptions { readonly members: number; readonly days: number; readonly seed: number; readonly start: number; readonly data?: string; readonly json?: boolean }

export interface GenerateReport extends HistoryTold {
  readonly members: number;
  readonly days: number;
  readonly seed: number;
  /** Making the members, then their history; without what was written. */
  readonly worldSeconds: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  /** Of this process, on whatever cores: what a machine that does other things as well would hide. */
  readonly cpuSeconds: number;
  readonly written?: { readonly entities: number; readonly events: number; readonly seconds: number; readonly eventsPerSecond: number };
}

/** A Monday, so that the same seed is the same history on any day of ours. */
const START = '2026-01-05';
const BLOCK = 5000;

const check = (outcome: BatchOutcome): number => {
  const [first] = outcome.rejected;
  if (first !== undefined) throw new ThroughlineError(first.code, `the world made a record that the store refuses: ${first.detail}`);
  return outcome.accepted;
};

/** A row as the platform takes it. Ids depend on the history alone, so that writing it again changes nothing. */
const eventOf = (events: EventBlock, row: number, refs: readonly string[]): Readonly<Record<string, unknown>> => {
  const what = HAPPENINGS[events.what[row] ?? 0] ?? '';
  const [visit, place] = [events.visit[row] ?? 0, events.place[row] ?? -1];
  const member = `member:${(events.member[row] ?? 0) + 1}`;
  const item = refs[events.item[row] ?? 0];
  const at = new Date(events.at[row] ?? 0).toISOString();
  const tracking = `g${visit.toString(36)}-${place}`;
  const surface = SURFACES[events.surface[row] ?? 0] ?? 'other';
  if (what === 'impression') return { type: 'impression', id: `${tracking}.seen`, member, item, at, trackingId: tracking, span: `${tracking}.0`, visibleMs: events.visibleMs[row] ?? 0 };
  const id = place < 0 ? `g${visit.toString(36)}.${member.slice(7)}.${what}.${item ?? ''}.${(events.at[row] ?? 0).toString(36)}`.replace(':', '-') : `${tracking}.${what}`;
  return { type: 'action', id, member, item, at, surface, action: what };
};

/** Writes in blocks, and counts. */
export const storeSink = (platform: Pick<OpenPlatform, 'putEntities' | 'recordEvents'>): HistorySink & { readonly counts: { entities: number; events: number; ms: number } } => {
  const counts = { entities: 0, events: 0, ms: 0 };
  const timed = async (work: () => Promise<void>): Promise<void> => {
    const begun = systemClock.now();
    await work();
    counts.ms += systemClock.now() - begun;
  };
  return {
    counts,
    entities: (entities) => timed(async () => {
      for (let from = 0; from < entities.length; from += BLOCK) counts.entities += check(await platform.putEntities(entities.slice(from, from + BLOCK)));
    }),
    events: (events, refs) => timed(async () => {
      for (let from = 0; from < events.count; from += BLOCK) {
        const block: unknown[] = [];
        for (let row = from; row < Math.min(events.count, from + BLOCK); row++) {
          block.push(eventOf(events, row, refs));
        }
        counts.events += check(await platform.recordEvents(block, { history: true }));
      }
    }),
  };
};

const nowhere: HistorySink = { entities: () => undefined, events: () => undefined };

const run = async ({ members, days, seed, start, data, json }: GenerateOptions): Promise<GenerateReport> => {
  const progress = createProgress({ quiet: json === true });
  const platform = data === undefined ? undefined : await openPlatform({ data: dataFolder({ data }), feed: feedOptions(await loadConfig(undefined, {})) });
  try {
    const sink = platform === undefined ? undefined : storeSink(platform);
    const cpu = process.cpuUsage();
    const begun = systemClock.now();
    const world = createWorld(parameters({ members, seed }));
    const worldSeconds = (systemClock.now() - begun) / SECOND;
    const bar = progress.bar(`${days} days of ${members} members`, days);
    const told = await whileStoppable((signal) => generateHistory(world, { start, days, sink: sink ?? nowhere, signal, onProgress: (done) => bar.set(done) }));
    const seconds = (systemClock.now() - begun - (sink?.counts.ms ?? 0)) / SECOND;
    bar.end(`${told.events} events`);
    const { user, system } = process.cpuUsage(cpu);
    const written = sink === undefined ? {} : { written: { entities: sink.counts.entities, events: sink.counts.events, seconds: sink.counts.ms / SECOND, eventsPerSecond: Math.round(sink.counts.events * SECOND / Math.max(1, sink.counts.ms)) } };
    return { members, days, seed, ...told, worldSeconds, seconds, eventsPerSecond: Math.round(told.events / Math.max(0.001, seconds)), cpuSeconds: (user + system) / 1e6, ...written };
  } finally {
    await platform?.close();
  }
};

const textOf = ({ members, days, seed, worldSeconds, seconds, eventsPerSecond, cpuSeconds, entities, events, sessions, errands, gone, happened, digest, written }: GenerateReport): string => [
  `${members} members x ${days} days, seed ${seed}: ${sessions} sessions, ${errands} errands, ${entities} entities, ${events} events; ${gone} members left for good`,
  `  ${Object.entries(happened).filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`).join(', ')}`,
  `  ${seconds.toFixed(2)} s (the members ${worldSeconds.toFixed(2)} s of it), ${eventsPerSecond} events/s; ${cpuSeconds.toFixed(2)} s of CPU; digest ${digest}`,
  ...(written === undefined ? [] : [`  written: ${written.entities} entities, ${written.events} events in ${written.seconds.toFixed(2)} s, ${written.eventsPerSecond} events/s`]),
].join('\n');

const dayOf = (text: string): number => {
  const at = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new InvalidArgumentError('write a day such as 2026-01-05.');
  return at;
};

/** Adds the verb to `world`. */
export const addGenerate = (world: Command): Command => world.command('generate')
  .description('make the whole past of a world without a server: everything its members saw and did in a plain feed and beside it')
  .option('--members <number>', 'members of the world', wholeNumber, 2000)
  .option('--days <number>', 'days of history', wholeNumber, 60)
  .option('--seed <number>', 'seed of all chance: the same seed makes the same history', wholeNumber, 7)
  .addOption(new Option('--start <day>', 'the first day').argParser(dayOf).default(Date.parse(START), START))
  .option('--data <folder>', 'the store to write it into, made if new (default: nowhere)')
  .option('--json', 'print one JSON object, and no progress')
  .action(async (options: GenerateOptions) => {
    const end = options.start + options.days * DAY;
    if (options.data !== undefined && end > systemClock.now()) throw new ThroughlineError('client/invalidConfig', `the history would end on ${new Date(end).toISOString().slice(0, 10)}, which is in the future; let it begin earlier with --start, or ask for fewer --days`);
    const report = await run(options);
    if (options.json === true) printJson(report);
    else print(textOf(report));
  });
