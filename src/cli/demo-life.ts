/** The life of the demo: its folder, its simulated history, and the world beside the running server. */
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY, MINUTE, SECOND, manualClock, systemClock } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type { Transport } from '../world/client.ts';
import type { Scalars } from '../world/parameters.ts';
import { dailyPace, gentlePace } from '../world/pace.ts';
import { live, populate, type LiveOptions } from '../world/run.ts';
import { realTimeline, simulatedTimeline } from '../world/schedule.ts';
import { createWorld } from '../world/world.ts';
import type { World } from '../world/world.ts';
import { trainBeside } from './demo-journey.ts';
import type { Progress } from './progress.ts';

/** What the demo asks of the house: opened first under a simulated clock to make the history, then for real. */
export interface DemoHouse {
  /** The API, in process. */
  readonly transport: Transport;
  /** Starts to listen. Resolves to the base URL, without a slash at its end. */
  listen(): Promise<string>;
  /** Trains on what is in the store and serves the outcome; resolves to a few words about it. `onProgress` hears shares of 1. */
  train(onProgress: (share: number) => void): Promise<string>;
  /**
   * Trains the journey model beside the server, and serves it; resolves to its version, or to undefined where the store has one that is fresh enough or the
   * signal ended the run. What was learned until then lies in a checkpoint, from which the next call goes on.
   */
  trainJourney(signal: AbortSignal): Promise<string | undefined>;
  /** Server first, then store. */
  close(): Promise<void>;
}
/** `history`: for the simulated past, which nobody waits for. */
export interface HouseOptions {
  readonly data: string;
  readonly clock: Clock;
  readonly history: boolean;
  /** Chance of the platform, where the run is to be repeatable. */
  readonly random?: Random;
}
export type OpenHouse = (options: HouseOptions) => Promise<DemoHouse>;
export interface LifeParts { readonly data: string; readonly open: OpenHouse; readonly progress: Progress; readonly signal: AbortSignal }

const MARKER = 'demo.json';
const FAILURE_NOTE_MS = MINUTE;

/**
 * A folder is `ready` when its history was finished, `unfinished` when the demo was stopped before.
 * @throws client/invalidConfig where the folder holds something that the demo did not make.
 */
export const stateOf = async (data: string): Promise<'new' | 'unfinished' | 'ready'> => {
  const names: readonly string[] = await readdir(data).catch((error: NodeJS.ErrnoException): string[] => { if (error.code === 'ENOENT') return []; throw error; });
  if (names.length === 0) return 'new';
  if (!names.includes(MARKER)) throw new ThroughlineError('client/invalidConfig', `${data} holds something that is not a demo; name another folder with --data, or serve this one with "throughline serve --data ${data}"`);
  const text = await readFile(join(data, MARKER), 'utf8');
  return text.includes('"complete":true') ? 'ready' : 'unfinished';
};

const mark = (data: string, facts: { readonly complete: boolean; readonly seed: number }): Promise<void> => writeFile(join(data, MARKER), `${JSON.stringify(facts)}\n`);

const begin = async (data: string, seed: number): Promise<void> => {
  // An unfinished history cannot be continued: its clock has gone on. Only the demo's own folder is ever removed.
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true });
  await mark(data, { complete: false, seed });
};

/** A network in the making: who lives in it, where, and by which clock. */
export interface Making { readonly world: World; readonly house: DemoHouse; readonly clock: ReturnType<typeof manualClock>; readonly progress: Progress; readonly signal: AbortSignal }

export const populated = async ({ world, house, clock, progress }: Making): Promise<void> => {
  const bar = progress.bar('Members, companies, content', 1);
  let written = 0;
  await populate(house.transport, world, { start: clock.now(), onProgress: (done, total) => { written = done; bar.set(done / total); } });
  bar.end(`${written} entities`);
};

/** Days of visits up to `until`; `run` names them. */
export const lived = async ({ world, house, clock, progress, signal }: Making, options: Pick<LiveOptions, 'run' | 'observe'> & { readonly until: number }): Promise<void> => {
  const begun = clock.now();
  const days = (options.until - begun) / DAY;
  const bar = progress.bar(`${days < 1 ? `${Math.round(24 * days)} hours` : `${Math.round(days)} days`} of visits`, days);
  const sessions = await live(house.transport, world, {
    ...options, timeline: simulatedTimeline(clock), pace: dailyPace(world.values), batch: 250, signal,
    onProgress: (_, at) => bar.set((at - begun) / DAY),
  });
  bar.end(`${sessions} visits`);
};

export const trained = async ({ house, progress }: Making, what: string): Promise<void> => {
  const bar = progress.bar(what, 100);
  bar.end(await house.train((share) => bar.set(Math.round(100 * share))));
};

/**
 * A past from now on: so many days of visits, in stretches, each followed by training. What a model is asked about later is what
 * a model chose, and where it was too hopeful it chose most; a few rounds of that and it means what it says.
 */
export const past = async (making: Making): Promise<void> => {
  const { clock, signal, world: { values } } = making;
  const start = clock.now();
  await populated(making);
  for (let round = 1; round <= values.trainings; round++) {
    await lived(making, { run: `h${round}x`, until: start + (round / values.trainings) * values.historyDays * DAY });
    if (signal.aborted) return;
    await trained(making, `Model ${round} of ${values.trainings}`);
  }
};

/** Makes a network with a past that ends now, and the first models of it. Leaves the folder unfinished when stopped. */
export const makeHistory = async (world: World, parts: LifeParts): Promise<void> => {
  const now = systemClock.now();
  const start = now - world.values.historyDays * DAY;
  const clock = manualClock(start);
  await begin(parts.data, world.values.seed);
  const house = await parts.open({ data: parts.data, clock, history: true });
  try {
    await past({ world, house, clock, progress: parts.progress, signal: parts.signal });
    if (parts.signal.aborted) return;
  } finally {
    await house.close();
  }
  await mark(parts.data, { complete: true, seed: world.values.seed });
};

/** The network's own way to the server: real requests over the loopback. */
export const fetchTransport = (base: string): Transport => async ({ method, path, body, headers }) => {
  const response = await fetch(`${base}${path}`, { method, ...(body === undefined ? {} : { body }), ...(headers === undefined ? {} : { headers }) });
  return { status: response.status, body: await response.text() };
};

/** Members go on visiting in real time until the signal. A refused request ends one visit, is told at most once a minute, and never the world. */
export const liveBeside = async (world: World, base: string, parts: LifeParts): Promise<void> => {
  const start = systemClock.now();
  let failures = 0;
  let told = Number.NEGATIVE_INFINITY;
  const onFailure = (error: unknown): void => {
    failures++;
    if (systemClock.now() - told < FAILURE_NOTE_MS) return;
    told = systemClock.now();
    parts.progress.note(`The demo's members met ${failures === 1 ? 'an error' : `${failures} errors`}: ${error instanceof Error ? error.message : String(error)}`);
  };
  await live(fetchTransport(base), world, {
    run: `l${start.toString(36)}`, timeline: realTimeline(systemClock), pace: gentlePace(start, world.values.members * world.values.sessionsPerDay), signal: parts.signal, onFailure,
  });
};

/** What a demo that is up tells. */
export interface DemoFacts { readonly url: string; readonly data: string; readonly curl: string; readonly firstRun: boolean; readonly seconds: number }

/** One line for a POSIX shell: the address is quoted, for `?` and `&` mean something there. */
export const curlOf = (url: string, member: string): string => `curl -s '${url}/v1/members/${encodeURIComponent(member)}/feed?limit=5'`;

export const describe = ({ url, data, curl, seconds }: DemoFacts): string => [
  '',
  `  Throughline is up at ${url} after ${seconds.toFixed(1)} s.`,
  '',
  `  Data     ${data}`,
  `  Models   ${url}/console/models`,
  `  A feed   ${curl}`,
  '  Stop     Ctrl-C; the next start continues from here. Delete the folder to begin anew.',
  '',
].join('\n');

/** Runs until the signal. `ready` is told once the server answers. */
export const runDemo = async (parts: LifeParts & { readonly values: Scalars; readonly ready: (facts: DemoFacts) => void }): Promise<void> => {
  const begun = systemClock.now();
  const world = createWorld(parts.values);
  const firstRun = await stateOf(parts.data) !== 'ready';
  if (firstRun) await makeHistory(world, parts);
  if (parts.signal.aborted) return;
  const house = await parts.open({ data: parts.data, clock: systemClock, history: false });
  try {
    const url = await house.listen();
    const member = world.people[0]?.id ?? '1';
    parts.ready({ url, data: parts.data, curl: curlOf(url, member), firstRun, seconds: (systemClock.now() - begun) / SECOND });
    // The world ends first, so that none of its requests meets a closing server; the training, so that its checkpoint is whole.
    await Promise.all([liveBeside(world, url, parts), trainBeside({ ...parts, url, member, trainJourney: house.trainJourney })]);
  } finally {
    await house.close();
  }
};
