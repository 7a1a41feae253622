/**
 * A whole history without a server: the same members, content and truth as beside one, in a plain feed, day by day. What happened on a day is handed
 * over as typed columns and then overwritten, so that a long history of many members needs no more room than one of their days.
 */
import { DAY, MINUTE } from '../../core/clock.ts';
import { hash32 } from '../../core/random.ts';
import type { Random } from '../../core/random.ts';
import { firstDeeds } from '../belonging.ts';
import { inBurst } from '../career.ts';
import { poisson } from '../chance.ts';
import type { Entity } from '../content.ts';
import { isBusy } from '../errand.ts';
import { dayFactor, momentOfDay } from '../pace.ts';
import type { Person } from '../people.ts';
import { firstEntities, NEWS } from '../run.ts';
import type { World } from '../world.ts';
import { createAgenda, type Agenda } from './agenda.ts';
import { HAPPENING_NUMBERS, type EventBlock } from './blocks.ts';
import { createCast, type Cast } from './cast.ts';
import { runErrands, tellDeeds } from './errands.ts';
import { runReading } from './reading.ts';

export interface HistorySink {
  /** Everything that came into the world since the last day, in order of time, the first entities before the first day. */
  entities(entities: readonly Entity[]): Promise<void> | void;
  /** What happened since; the columns hold until the promise resolves. @param refs references by row of item */
  events(events: EventBlock, refs: readonly string[]): Promise<void> | void;
}

export interface HistoryOptions {
  /** Milliseconds since the epoch, the beginning of a day. */
  readonly start: number;
  readonly days: number;
  readonly sink: HistorySink;
  /** After each day: how many are done. */
  readonly onProgress?: (days: number) => void;
  readonly signal?: AbortSignal;
}

export interface HistoryTold {
  readonly entities: number;
  readonly events: number;
  readonly sessions: number;
  readonly errands: number;
  /** By happening. */
  readonly happened: Readonly<Record<string, number>>;
  /** Members who left for good. */
  readonly gone: number;
  /** A number that another history of the same world, seed and days shares, and hardly any other. */
  readonly digest: string;
}

/** What is on the agenda of a day. */
const SESSION = 0;
const ERRAND = 1;
const NEWS_FIRST = 2;

const plan = (agenda: Agenda, { world, random, at }: { readonly world: World; readonly random: Random; readonly at: number }): void => {
  const { values, people } = world;
  const factor = dayFactor(at, values);
  agenda.clear();
  people.forEach((person, number) => {
    // Who is away or gone today plans nothing; a member's rates are those of beside a server: relative to everybody's activity.
    if (!world.presence.isAbout(person.ref, at)) return;
    const share = factor * person.inner.activity;
    const eager = inBurst(person.inner.career, at + DAY / 2) ? values.burstFactor : 1;
    for (let n = poisson(random, Math.min(30, values.sessionsPerDay * share * eager)); n > 0; n--) agenda.add(at + momentOfDay(random), SESSION, number);
    for (let n = poisson(random, values.errandsPerDay * share); n > 0; n--) agenda.add(at + momentOfDay(random), ERRAND, number);
  });
  NEWS.forEach(({ perDay }, kind) => {
    for (let n = poisson(random, values[perDay] * factor); n > 0; n--) agenda.add(at + momentOfDay(random), NEWS_FIRST + kind, 0);
  });
  agenda.sort();
};

const publish = (cast: Cast, { row, at, id }: { readonly row: number; readonly at: number; readonly id: string }): void => {
  const news = NEWS[row];
  if (news === undefined) return;
  for (const entity of news.create(cast.world.random.fork(`g:${id}`), { id: `g${id}`, at }, cast.world)) cast.publish(entity);
};

/** Mixes a day's columns into a number. */
const digestOf = (before: number, { count, what, member, item, at }: EventBlock): number => {
  let hash = before;
  for (let i = 0; i < count; i++) {
    hash = Math.imul(hash ^ (what[i] ?? 0), 0x01000193);
    hash = Math.imul(hash ^ (member[i] ?? 0), 0x01000193);
    hash = Math.imul(hash ^ (item[i] ?? 0), 0x01000193);
    hash = Math.imul(hash ^ ((at[i] ?? 0) % 0x7fffffff), 0x01000193);
  }
  return hash >>> 0;
};

export const generateHistory = async (world: World, { start, days, sink, onProgress, signal }: HistoryOptions): Promise<HistoryTold> => {
  const agenda = createAgenda();
  const cast = createCast(world);
  const told = { entities: 0, events: 0, sessions: 0, errands: 0 };
  const happened = new Float64Array(HAPPENING_NUMBERS.size);
  let digest = hash32(String(world.values.seed));
  const handOver = async (): Promise<void> => {
    const fresh = cast.takeEntities();
    told.entities += fresh.length;
    told.events += cast.events.count;
    for (let i = 0; i < cast.events.count; i++) { const what = cast.events.what[i] ?? 0; happened[what] = (happened[what] ?? 0) + 1; }
    digest = digestOf(digest, cast.events);
    await sink.entities(fresh);
    await sink.events(cast.events, cast.items.refs);
    cast.events.clear();
  };
  const first = firstEntities(world, start);
  for (const entity of first) cast.publish(entity);
  tellDeeds(cast, firstDeeds(world, { entities: first, start }), 0);
  await handOver();
  for (let day = 0; day < days && signal?.aborted !== true; day++) {
    const at = start + day * DAY;
    cast.beginDay(at);
    plan(agenda, { world, random: world.random.fork(`g:plan:${day}`), at });
    for (let n = 0; n < agenda.count; n++) {
      const [time, what] = [agenda.at(n), agenda.what(n)];
      const id = `${day.toString(36)}.${n.toString(36)}`;
      if (what >= NEWS_FIRST) { publish(cast, { row: what - NEWS_FIRST, at: time, id }); continue; }
      const person: Person | undefined = world.people[agenda.who(n)];
      if (person === undefined || !world.presence.isAbout(person.ref, time)) continue;
      const visit = { id, person, member: agenda.who(n), random: world.random.fork(`g:${id}`), number: told.sessions + told.errands + 1, at: time };
      if (what === SESSION) { runReading(cast, visit); told.sessions++; }
      else if (runErrands(cast, visit, { until: at + DAY - MINUTE, isBusy: isBusy(person, time, world.values) })) told.errands++;
    }
    await handOver();
    onProgress?.(day + 1);
  }
  return { ...told, gone: world.presence.gone.size, digest: digest.toString(16).padStart(8, '0'), happened: Object.fromEntries([...HAPPENING_NUMBERS].map(([name, number]) => [name, happened[number] ?? 0])) };
};
