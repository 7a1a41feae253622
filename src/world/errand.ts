/**
 * What members do beside the feed: look for jobs, courses, groups, people and pages on the topics that they care about at that moment, and take
 * some of them. Whoever has changed track does so more often for a while; whoever merely strays stays in the feed.
 */
import { HOUR, MINUTE, SECOND } from '../core/clock.ts';
import { interestAt, turned } from './career.ts';
import { exponential, pick, sample, weighted, whole } from './chance.ts';
import type { Outbox, WorldEvent } from './client.ts';
import { STALLS, type Scalars, type Stall } from './parameters.ts';
import type { Person } from './people.ts';
import type { Task, Timeline } from './schedule.ts';
import type { Visit } from './session.ts';
import type { Shelves } from './shelves.ts';
import { TOPICS } from './text/fields.ts';
import type { World } from './world.ts';

/** What an errand changes of the world: a member knows somebody from now on. */
export interface BrowseParts { readonly world: World; readonly shelves: Shelves; know(person: Person, ref: string, strength: number): void }
export interface ErrandParts { readonly world: World; readonly outbox: Pick<Outbox, 'add'>; readonly timeline: Timeline; readonly shelves: Shelves }

/** What an invitation accepted and a page followed are worth, as ties. */
const TIES: Readonly<Record<string, number>> = { follow: 0.4 };
const INVITED = 0.3;
const drawStall = weighted(STALLS.map(({ weight }) => weight));

export const isBusy = ({ inner: { career } }: Pick<Person, 'inner'>, at: number, { busyShare }: Scalars): boolean => {
  const { isTurned, sinceMs } = turned(career, at);
  return career.script === 'pivot' && isTurned && sinceMs < busyShare * career.periodMs;
};

/** The topic on a member's mind: errands are run for one's track, never for what one strays to. */
const topicAt = ({ person: { inner }, random }: Visit, at: number, values: Scalars): number => {
  const { career } = inner;
  if (isBusy({ inner }, at, values) && random.next() < values.busyWithIt) return career.other;
  const strays = career.script === 'blip' && turned(career, at).isTurned;
  return weighted(TOPICS.map((_, topic) => (strays && topic === career.other ? 0 : interestAt(inner, topic, at) ** 3)))(random);
};

const foundOn = ({ kind }: Stall, topic: string, { world, person, shelves }: { readonly world: World; readonly person: Person; readonly shelves: Shelves }): readonly string[] => {
  if (kind === 'member') return world.declaring(topic).filter((one) => one !== person && !person.inner.ties.has(one.ref)).map(({ ref }) => ref);
  if (kind === 'company') return world.companies.filter(({ topics }) => topics.includes(topic)).map(({ ref }) => ref);
  return shelves.of(kind, topic);
};

/** Items looked at and what came of it, in order of time; `at` of the first look. */
export const browse = (visit: Visit, parts: BrowseParts, at: number): WorldEvent[] => {
  const { world, shelves } = parts;
  const { person, random } = visit;
  const stall = STALLS[drawStall(random)] ?? pick(random, STALLS);
  const topic = topicAt(visit, at, world.values);
  const interest = interestAt(person.inner, topic, at);
  const events: WorldEvent[] = [];
  let now = at;
  const tell = (item: string, action: string, surface = stall.surface): void => {
    events.push({ type: 'action', id: `${visit.id}.${events.length}`, member: person.ref, item, action, surface, at: new Date(now).toISOString() });
    now += Math.round(4 * SECOND + exponential(random, 25 * SECOND));
  };
  if (random.next() < world.values.searches) tell(`topic:t${topic}`, 'search', stall.kind === 'job' ? 'jobs' : 'search');
  for (const item of sample(random, foundOn(stall, TOPICS[topic]?.name ?? '', { world, person, shelves }), whole(random, 1, 3))) {
    tell(item, 'view');
    for (const [action, probability] of stall.deeds) {
      if (random.next() >= probability * (0.4 + interest)) continue;
      tell(item, action);
      const tie = TIES[action];
      if (tie !== undefined) parts.know(person, item, tie);
    }
  }
  return events;
};

/** The one invited may accept: then both know each other. */
export const accepted = (visit: Visit, invitation: WorldEvent, { world, know, at }: BrowseParts & { readonly at: number }): WorldEvent | undefined => {
  const { person, random } = visit;
  const other = world.personOf(invitation.item);
  if (other === undefined || random.next() >= world.values.accepts) return undefined;
  know(person, other.ref, INVITED);
  know(other, person.ref, INVITED);
  return { type: 'action', id: `${invitation.id}.accepted`, member: other.ref, item: person.ref, action: 'accept', surface: 'people', at: new Date(at).toISOString() };
};

const know: BrowseParts['know'] = ({ inner }, ref, strength) => { inner.ties.set(ref, strength); };

/** One errand, sent once its time has come, and the answers to its invitations. */
async function* runOne(visit: Visit, parts: ErrandParts): Task {
  const { timeline, outbox } = parts;
  const { world, shelves } = parts;
  const events = browse(visit, { world, shelves, know }, timeline.now());
  const last = events.at(-1);
  if (last === undefined) return;
  yield Date.parse(last.at) + SECOND;
  await outbox.add(events, timeline.now());
  for (const invitation of events.filter(({ action }) => action === 'invite')) {
    yield timeline.now() + Math.round(MINUTE + exponential(visit.random, 30 * MINUTE));
    const answer = accepted(visit, invitation, { world, shelves, know, at: timeline.now() });
    if (answer !== undefined) await outbox.add([answer], timeline.now());
  }
}

/** An errand, and whatever it leads to, as a task. */
export async function* runErrand(visit: Visit, parts: ErrandParts): Task {
  const { timeline } = parts;
  const { person, random } = visit;
  const { values, presence } = parts.world;
  if (!presence.isAbout(person.ref, timeline.now())) return;
  if (random.next() < values.idleErrands && !isBusy(person, timeline.now(), values)) return;
  for (let round = 0; ; round++) {
    yield* runOne({ ...visit, id: `${visit.id}.${round}` }, parts);
    if (!isBusy(person, timeline.now(), values) || random.next() >= values.leadsOn) return;
    yield timeline.now() + Math.round(exponential(random, values.leadsOnHours * HOUR));
  }
}
