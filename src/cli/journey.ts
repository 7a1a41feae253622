/** `throughline journey <member>`: a member's sequence, what the journey model reads in it, and how that changed. Reads beside a running server. */
import { Command } from 'commander';
import { systemClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { openLmdbLog } from '../log/lmdb.ts';
import type { Log } from '../log/port.ts';
import { openJourney } from '../models/journey/reader.ts';
import { logFolder } from '../platform/open.ts';
import { readJourneyOf, replayState, type Expected, type JourneyReading, type ReadEvent } from '../platform/reading.ts';
import type { State } from '../platform/state.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, wholeNumber, type CommonOptions } from './common.ts';
import { createProgress } from './progress.ts';

const replay = async (log: Log, quiet: boolean): Promise<State> => {
  const bar = createProgress({ quiet }).bar('Reading the log', 1);
  const state = await replayState(log, bar.set);
  bar.end('done');
  return state;
};

/** Among two hundred events a share of a tenth of a percent is one to tell. */
const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
const listed = (expected: readonly Expected[]): string => expected.map(({ name, share }) => `${name} ${percent(share)}`).join(', ') || 'nothing in particular';
const minute = (at: string): string => at.slice(0, 16).replace('T', ' ');

const eventLine = ({ at, surface, action, title, item, dwell, weight }: ReadEvent): string =>
  `  ${minute(at)}  ${surface.padEnd(11)} ${action.padEnd(13)} ${weight === null ? ' not read' : percent(weight).padStart(9)}  ${title} (${item})${dwell === null ? '' : `, looked at for ${dwell}`}`;

const INTRODUCTIONS: Readonly<Record<JourneyReading['basis'], string>> = {
  events: 'Each event with its share of what the model reads:', profile: 'There are no events; the profile stands in.',
  nothing: 'There are no events, and the profile says nothing.', withheld: 'The member withholds their activity or sequence: nothing of it is read.',
};

const text = ({ member, model, basis, events, next, changes }: JourneyReading): string => [
  `${member}, read by ${model}`, INTRODUCTIONS[basis], ...events.map(eventLine),
  ...(next.items.length === 0 ? [] : ['', `Expected next: ${listed(next.kinds)}`, `  about ${listed(next.topics)}`, ...next.items.map(({ item, title, fit }) => `  ${fit.toFixed(3)}  ${title} (${item})`)]),
  ...(changes.length === 0 ? [] : ['', 'What it was expected to be about, after each of the last events:', ...changes.map(({ after, at, topics }) => `  ${minute(at)}  ${after}: ${listed(topics)}`)]),
].join('\n');

export const journeyCommand = (): Command => new Command('journey')
  .description('show a member\'s sequence, what the journey model reads in it, and how that changed')
  .argument('<member>', 'id of the member')
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--steps <number>', 'how many of the last events to look back after', wholeNumber, 8)
  .option('--json', 'print one JSON object, and no progress')
  .action(async (member: string, options: CommonOptions & { readonly steps: number }) => {
    const data = dataFolder(options);
    const reader = await openJourney(data);
    if (reader === undefined) throw new ThroughlineError('client/noModel', `there is no journey model in ${data}; train one with "throughline train journey", or name another folder with --data`);
    const log = await openLmdbLog({ folder: logFolder(data), clock: systemClock, readOnly: true });
    try {
      const reading = await readJourneyOf(await replay(log, options.json === true), reader, { member, clock: systemClock, steps: options.steps });
      if (reading === undefined) throw new ThroughlineError('client/notFound', `there is no member "${member}" in ${data}; name one by its id, as in /v1/members/${member}/feed`);
      if (options.json === true) printJson(reading);
      else print(text(reading));
    } finally {
      await log.close();
      await reader.close();
    }
  });
