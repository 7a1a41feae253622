/** The world's two movements: coming into being, and living. */
import { DAY, HOUR } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { exponential, pick, weighted } from './chance.ts';
import { createClient, createOutbox } from './client.ts';
import type { Outbox, Transport } from './client.ts';
import { createCampaign } from './campaigns.ts';
import { createArticle, createCompanyPost, createGathering, createJob, createPost } from './content.ts';
import type { Birth, Entity } from './content.ts';
import { inBurst } from './career.ts';
import { firstDeeds } from './belonging.ts';
import type { Pace } from './pace.ts';
import { runErrand } from './errand.ts';
import type { Scalars } from './parameters.ts';
import type { Person } from './people.ts';
import { createSchedule } from './schedule.ts';
import type { Task, Timeline } from './schedule.ts';
import { runSession } from './session.ts';
import type { SessionParts } from './session.ts';
import { createShelves, standingEntities, type Shelves } from './shelves.ts';
import type { World } from './world.ts';

/** Kinds of content that appear by themselves, each with its rate and its maker. */
export const NEWS: readonly { readonly kind: string; readonly perDay: keyof Scalars; readonly create: (random: Random, birth: Birth, world: World) => readonly Entity[] }[] = [
  { kind: 'article', perDay: 'articlesPerDay', create: (random, birth, world) => [createArticle(random, birth, world.companies)] },
  { kind: 'companyPost', perDay: 'companyPostsPerDay', create: (random, birth, world) => [createCompanyPost(random, birth, world.companies)] },
  { kind: 'job', perDay: 'jobsPerDay', create: (random, birth, world) => [createJob(random, birth, world.companies)] },
  { kind: 'event', perDay: 'eventsPerDay', create: (random, birth, { declaring, companies, values }) => [createGathering(random, birth, { declaring, companies, leadDays: values.eventLeadDays })] },
  { kind: 'sponsored', perDay: 'campaignsPerDay', create: createCampaign },
];

/** Everything there is when the history begins at `start` (milliseconds since the epoch). A pure function of the world. */
export const firstEntities = (world: World, start: number): readonly Entity[] => {
  const { values } = world;
  const founded = new Date(start - values.backlogDays * DAY).toISOString();
  const standing = [
    ...world.companies.map(({ id, attributes }): Entity => ({ kind: 'company', id, createdAt: founded, attributes })),
    ...world.people.map(({ id, attributes }): Entity => ({ kind: 'member', id, createdAt: founded, attributes })),
  ];
  const backlog = NEWS.flatMap(({ kind, perDay, create }) => Array.from({ length: Math.round(values[perDay] * values.backlogDays) }, (_, number) => number).flatMap((number) => {
    const random = world.random.fork(`backlog:${kind}:${number}`);
    return create(random, { id: `b${kind.charAt(0)}${number + 1}`, at: start - Math.ceil(random.next() * values.backlogDays * DAY) }, world);
  }));
  const authors = weighted(world.people.map(({ inner }) => inner.activity * inner.authorship));
  const posts = Array.from({ length: Math.round(values.members * values.sessionsPerDay * values.postsPerSession * values.backlogDays) }, (_, number) => {
    const random = world.random.fork(`backlog:post:${number}`);
    return createPost(random, { id: `b${number + 1}`, at: start - Math.ceil(random.next() * values.backlogDays * DAY) }, { person: world.people[authors(random)] ?? pick(random, world.people), companies: world.companies, read: [], mentions: values.companyMentions });
  });
  return [...standing, ...[...backlog, ...posts].sort((one, other) => one.createdAt < other.createdAt ? -1 : 1), ...standingEntities(world, founded)];
};

/** Writes the first entities; `onProgress` hears how many of how many. */
export const populate = async (transport: Transport, world: World, options: { readonly start: number; readonly onProgress?: (done: number, total: number) => void }): Promise<void> => {
  const entities = firstEntities(world, options.start);
  const client = createClient(transport);
  for (let from = 0; from < entities.length; from += 200) {
    await client.entities(entities.slice(from, from + 200));
    options.onProgress?.(Math.min(from + 200, entities.length), entities.length);
  }
  const deeds = firstDeeds(world, { entities, start: options.start });
  for (let from = 0; from < deeds.length; from += 500) await client.events(deeds.slice(from, from + 500), options.start);
};

export interface LiveOptions {
  /** Names this stretch of life: part of every id it makes, so it must be new. */
  readonly run: string;
  readonly timeline: Timeline;
  readonly pace: Pace;
  /** Ends at whichever comes first. */
  readonly until?: number;
  readonly sessions?: number;
  readonly signal?: AbortSignal;
  /** Events sent together; 1 sends at the end of each page. Content goes with them. */
  readonly batch?: number;
  readonly observe?: SessionParts['observe'];
  /** After each step of a session: how many sessions began, and the time. */
  readonly onProgress?: (sessions: number, at: number) => void;
  readonly onFailure?: (error: unknown) => void;
}

/** Calls `arrive` after each wait, until it answers false. */
async function* arrivals(timeline: Timeline, wait: (at: number) => number, arrive: (at: number) => Promise<boolean> | boolean): Task {
  for (let at = timeline.now(); ;) {
    at += wait(at);
    yield at;
    if (!await arrive(at)) return;
  }
}

const publishing = ({ world, outbox, shelves }: { readonly world: World; readonly outbox: Outbox; readonly shelves: Shelves }, options: LiveOptions): readonly Task[] => NEWS.map(({ kind, perDay, create }) => {
  const random = world.random.fork(`${options.run}:${kind}`);
  let number = 0;
  return arrivals(options.timeline, (at) => options.pace(at, world.values[perDay], random), async (at) => {
    number++;
    for (const entity of create(random.fork(String(number)), { id: `${options.run}${kind.charAt(0)}${number}`, at }, world)) {
      await outbox.put(entity, at);
      if (entity.kind === 'job' || entity.kind === 'event') shelves.add(entity);
    }
    return true;
  });
});

/** Mean time between two visits of a burst. */
const BURST_PAUSE_MS = 1.5 * HOUR;

/** Members visit, respond, connect and write; news appears. @returns how many sessions began. */
export const live = async (transport: Transport, world: World, options: LiveOptions): Promise<number> => {
  const { timeline, run } = options;
  const client = createClient(transport);
  const outbox = createOutbox(client, options.batch ?? 1);
  const parts: SessionParts = { world, client, outbox, timeline, ...(options.observe === undefined ? {} : { observe: options.observe }) };
  const schedule = createSchedule(timeline);
  const random = world.random.fork(`${run}:visits`);
  const draw = weighted(world.people.map((person) => person.inner.activity));
  const busy = new Set<string>();
  let sessions = 0;
  const begin = (at: number, person: Person | undefined): void => {
    if (person !== undefined) schedule.spawn(visit(++sessions, person), at);
    options.onProgress?.(sessions, at);
  };
  async function* visit(number: number, person: Person): Task {
    // Nobody visits twice at once.
    if (busy.has(person.ref) || !world.presence.isAbout(person.ref, timeline.now())) return;
    const own = world.random.fork(`${run}:session:${number}`);
    busy.add(person.ref);
    try {
      yield* runSession({ id: `${run}${number.toString(36)}`, person, random: own }, parts);
    } finally {
      busy.delete(person.ref);
    }
    const again = own.fork('again');
    const { burstFactor } = world.values;
    if (inBurst(person.inner.career, timeline.now()) && again.next() < 1 - 1 / burstFactor) begin(timeline.now() + Math.ceil(exponential(again, BURST_PAUSE_MS)), person);
  }
  const perDay = world.values.members * world.values.sessionsPerDay;
  schedule.spawn(arrivals(timeline, (at) => options.pace(at, perDay, random), (at) => {
    begin(at, world.people[draw(random)]);
    return sessions < (options.sessions ?? Number.POSITIVE_INFINITY);
  }), timeline.now());
  // What is found where depends on no date.
  const shelves = createShelves(firstEntities(world, 0));
  const errands = world.random.fork(`${run}:errands`);
  let errand = 0;
  schedule.spawn(arrivals(timeline, (at) => options.pace(at, world.values.members * world.values.errandsPerDay, errands), (at) => {
    const person = world.people[draw(errands)];
    const number = ++errand;
    if (person !== undefined) schedule.spawn(runErrand({ id: `${run}e${number.toString(36)}`, person, random: world.random.fork(`${run}:errand:${number}`) }, { world, outbox, timeline, shelves }), at);
    return true;
  }), timeline.now());
  for (const task of publishing({ world, outbox, shelves }, options)) schedule.spawn(task, timeline.now());
  await schedule.run(options);
  if (options.signal?.aborted !== true) await outbox.flush(timeline.now());
  return sessions;
};
