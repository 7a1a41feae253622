/** `throughline world live`: the members of a world beside a running server, through its public HTTP API alone, and what its pages are worth to them by the truth. */
import type { Command } from 'commander';
import { MINUTE, SECOND, systemClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { seededRandom, type Random } from '../core/random.ts';
import { clusterBootstrap, type Interval } from '../models/metrics.ts';
import { exponential } from '../world/chance.ts';
import type { Transport } from '../world/client.ts';
import type { Pace } from '../world/pace.ts';
import { parameters } from '../world/parameters.ts';
import { live, populate } from '../world/run.ts';
import { chanceOfAny, polarityOf } from '../world/satisfaction.ts';
import { realTimeline } from '../world/schedule.ts';
import type { SessionParts } from '../world/session.ts';
import { createWorld, type World } from '../world/world.ts';
import { print, printJson, whileStoppable, wholeNumber } from './common.ts';
import { fetchTransport } from './demo-life.ts';
import { createProgress, type Progress } from './progress.ts';

interface LiveOptions { readonly url: string; readonly key?: string; readonly members: number; readonly seed: number; readonly visits: number; readonly sessions?: number; readonly minutes?: number; readonly populate: boolean; readonly json?: boolean }

export interface LiveReport {
  readonly sessions: number;
  readonly cards: number;
  /** Of a card that was passed: expected by the truth, with a 95 % interval over members, and as it happened. */
  readonly expected: Interval | null;
  readonly happened: number;
  readonly failures: number;
}

const MEMBERS = 240;
const SEED = 501;
const VISITS_A_MINUTE = 12;
/** Content comes at this many times the pace of a day, however many visit: enough to be alive. */
const NEWS_FACTOR = 20;

/** What members passed, and what it was worth; who passed it, for cards of one member say no more than that member. */
const createTally = (world: World): { readonly observe: NonNullable<SessionParts['observe']>; report(random: Random): Pick<LiveReport, 'cards' | 'expected' | 'happened'> } => {
  const numbers = new Map(world.people.map(({ ref }, number) => [ref, number]));
  const expected: number[] = [];
  const cluster: number[] = [];
  let happened = 0;
  return {
    observe: (person, { card, exposure, responses }) => {
      expected.push(world.truth.examination(card.position) * chanceOfAny(1, world.truth.responses(person, exposure)));
      cluster.push(numbers.get(person.ref) ?? 0);
      if (responses.some((name) => polarityOf(name) === 1)) happened++;
    },
    report: (random) => ({ cards: expected.length, expected: expected.length === 0 ? null : clusterBootstrap(expected, cluster, { random }), happened: happened / Math.max(1, expected.length) }),
  };
};

/** So many visits a minute; what else there is at its share of them, news somewhat more often. */
const paceOf = (visits: number, perDay: number): Pace => (_at, rate, random) => Math.ceil(exponential(random, (MINUTE / visits) * (rate === perDay ? 1 : perDay / (rate * NEWS_FACTOR))));

const withKey = (transport: Transport, key: string | undefined): Transport =>
  (key === undefined ? transport : (request) => transport({ ...request, headers: { ...request.headers, authorization: `Bearer ${key}` } }));

const moveIn = async (transport: Transport, world: World, progress: Progress): Promise<void> => {
  const bar = progress.bar('Members, companies, content', 1);
  await populate(transport, world, { start: systemClock.now(), onProgress: (done, total) => { bar.set(done / total); } });
  bar.end('in');
};

const liveThere = async (options: LiveOptions): Promise<LiveReport> => {
  const { url, key, members, seed, visits } = options;
  const world = createWorld(parameters({ members, seed }));
  const transport = withKey(fetchTransport(url.replace(/\/+$/u, '')), key);
  const progress = createProgress({ quiet: options.json === true });
  const { status } = await transport({ method: 'GET', path: '/health/ready' }).catch((cause: unknown) => { throw new ThroughlineError('client/invalidRequest', `nobody answers at ${url}; start a server there ("throughline serve") or name another with --url`, { cause }); });
  if (status !== 200) throw new ThroughlineError('client/invalidRequest', `${url} answers ${status} when asked whether it is ready; wait until it is, or look at its log`);
  if (options.populate) await moveIn(transport, world, progress);
  const start = systemClock.now();
  const tally = createTally(world);
  const bar = progress.bar('Visits', options.sessions ?? 0);
  let failures = 0;
  const sessions = await whileStoppable((signal) => live(transport, world, {
    run: `w${start.toString(36)}`, timeline: realTimeline(systemClock), pace: paceOf(visits, members * world.values.sessionsPerDay), signal, observe: tally.observe,
    ...(options.sessions === undefined ? {} : { sessions: options.sessions }), ...(options.minutes === undefined ? {} : { until: start + options.minutes * MINUTE }),
    onProgress: (began) => { bar.set(began); }, onFailure: (error) => { failures++; if (failures === 1) progress.note(error instanceof Error ? error.message : String(error)); },
  }));
  bar.end(`${sessions} in ${Math.round((systemClock.now() - start) / SECOND)} s`);
  return { sessions, failures, ...tally.report(seededRandom(seed)) };
};

const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
const text = ({ sessions, cards, expected, happened, failures }: LiveReport): string => [
  `${sessions} visits, ${cards} cards passed${failures > 0 ? `, ${failures} visits ended by an answer that was refused or failed` : ''}`,
  ...(expected === null ? [] : [`acted on, of what was passed: expected by the truth ${percent(expected.mean)} [${percent(expected.low)}, ${percent(expected.high)}] over members; it happened for ${percent(happened)}`]),
].join('\n');

export const addLive = (command: Command): void => {
  command.command('live').description('let the members of a world visit a running server, through its public HTTP API alone, and say what its pages are worth to them by the truth')
    .requiredOption('--url <address>', 'of the server, such as http://127.0.0.1:7700')
    .option('--key <key>', 'of a server that wants one, with the scopes that write entities and events and read feeds')
    .option('--members <number>', 'members of the world', wholeNumber, MEMBERS)
    .option('--seed <number>', 'of the world', wholeNumber, SEED)
    .option('--visits <number>', 'a minute', wholeNumber, VISITS_A_MINUTE)
    .option('--sessions <number>', 'end when so many began (default: at Ctrl-C)', wholeNumber)
    .option('--minutes <number>', 'end after so many (default: at Ctrl-C)', wholeNumber)
    .option('--no-populate', 'its members and their content are there already')
    .option('--json', 'print one JSON object, and no progress')
    .action(async (options: LiveOptions) => {
      const report = await liveThere(options);
      if (options.json === true) printJson(report);
      else print(text(report));
    });
};
