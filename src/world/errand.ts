/**
 * What members do beside the feed: look for jobs, courses, groups, people and pages on the topics that they care about at that moment, and take
 * some of them. Whoever has changed track does so more often for a while; whoever merely strays stays in the feed.
 */
import { HOUR, MINUTE, SECOND } from '../core/clock.ts';
import { interestAt, turned } from './career.ts';
import { exponential, pick, sample, weighted, whole } from './chance.ts';
import type { Outbox, WorldEvent } from './client.ts';
import type { Person } from './people.ts';
import type { Task, Timeline } from './schedule.ts';
import type { Visit } from './session.ts';
import type { Shelves } from './shelves.ts';
import { TOPICS } from './text/fields.ts';
import type { World } from './world.ts';

export interface ErrandParts { readonly world: World; readonly outbox: Pick<Outbox, 'add'>; readonly timeline: Timeline; readonly shelves: Shelves }

/** What is done to a thing that was looked at, each with its probability for somebody of middling interest. */
interface Stall { readonly surface: string; readonly kind: string; readonly weight: number; readonly deeds: readonly (readonly [action: string, probability: number])[] }
export const STALLS: readonly Stall[] = [
  { surface: 'jobs', kind: 'job', weight: 0.34, deeds: [['save', 0.12], ['apply', 0.1]] },
  { surface: 'learning', kind: 'course', weight: 0.24, deeds: [['save', 0.1], ['start', 0.3], ['complete', 0.08]] },
  { surface: 'groups', kind: 'group', weight: 0.12, deeds: [['join', 0.3]] },
  { surface: 'people', kind: 'member', weight: 0.12, deeds: [['invite', 0.15]] },
  { surface: 'pages', kind: 'company', weight: 0.06, deeds: [['follow', 0.12]] },
  { surface: 'newsletters', kind: 'newsletter', weight: 0.07, deeds: [['subscribe', 0.2], ['read', 0.5]] },
  { surface: 'events', kind: 'event', weight: 0.05, deeds: [['attend', 0.25]] },
];
const SEARCHES = 0.4;
const ACCEPTS = 0.5;
/** Of the errands that somebody on their old track would run, these are skipped. */
const IDLE = 0.55;
/** A new track keeps a member busy for this share of the time until their next turn: mostly with itself, and one errand leads to another. */
const BUSY_SHARE = 0.3;
const BUSY_WITH_IT = 0.6;
const LEADS_ON = 0.65;
const LEADS_ON_MS: number = 9 * HOUR;
/** What an invitation accepted and a page followed are worth, as ties. */
const TIES: Readonly<Record<string, number>> = { follow: 0.4 };
const drawStall = weighted(STALLS.map(({ weight }) => weight));

const isBusy = ({ inner: { career } }: Pick<Person, 'inner'>, at: number): boolean => {
  const { isTurned, sinceMs } = turned(career, at);
  return career.script === 'pivot' && isTurned && sinceMs < BUSY_SHARE * career.periodMs;
};

/** The topic on a member's mind: errands are run for one's track, never for what one strays to. */
const topicAt = ({ inner }: Person, at: number, random: Visit['random']): number => {
  const { career } = inner;
  if (isBusy({ inner }, at) && random.next() < BUSY_WITH_IT) return career.other;
  const strays = career.script === 'blip' && turned(career, at).isTurned;
  return weighted(TOPICS.map((_, topic) => (strays && topic === career.other ? 0 : interestAt(inner, topic, at) ** 3)))(random);
};

const foundOn = ({ kind }: Stall, topic: string, { world, person, shelves }: { readonly world: World; readonly person: Person; readonly shelves: Shelves }): readonly string[] => {
  if (kind === 'member') return world.people.filter((one) => one !== person && one.declared.includes(topic) && !person.inner.ties.has(one.ref)).map(({ ref }) => ref);
  if (kind === 'company') return world.companies.filter(({ topics }) => topics.includes(topic)).map(({ ref }) => ref);
  return shelves.of(kind, topic);
};

/** Items looked at and what came of it, in order of time; `at` of the first look. */
const browse = (visit: Visit, parts: ErrandParts, at: number): WorldEvent[] => {
  const { world, shelves } = parts;
  const { person, random } = visit;
  const stall = STALLS[drawStall(random)] ?? pick(random, STALLS);
  const topic = topicAt(person, at, random);
  const interest = interestAt(person.inner, topic, at);
  const events: WorldEvent[] = [];
  let now = at;
  const tell = (item: string, action: string, surface = stall.surface): void => {
    events.push({ type: 'action', id: `${visit.id}.${events.length}`, member: person.ref, item, action, surface, at: new Date(now).toISOString() });
    now += Math.round(4 * SECOND + exponential(random, 25 * SECOND));
  };
  if (random.next() < SEARCHES) tell(`topic:t${topic}`, 'search', stall.kind === 'job' ? 'jobs' : 'search');
  for (const item of sample(random, foundOn(stall, TOPICS[topic]?.name ?? '', { world, person, shelves }), whole(random, 1, 3))) {
    tell(item, 'view');
    for (const [action, probability] of stall.deeds) {
      if (random.next() >= probability * (0.4 + interest)) continue;
      tell(item, action);
      const tie = TIES[action];
      if (tie !== undefined) person.inner.ties.set(item, tie);
    }
  }
  return events;
};

/** The one invited may accept: then both know each other. */
const acceptance = (visit: Visit, invitation: WorldEvent, { world, timeline }: ErrandParts): WorldEvent | undefined => {
  const { person, random } = visit;
  const other = world.personOf(invitation.item);
  if (other === undefined || random.next() >= ACCEPTS) return undefined;
  person.inner.ties.set(other.ref, 0.3);
  other.inner.ties.set(person.ref, 0.3);
  return { type: 'action', id: `${invitation.id}.accepted`, member: other.ref, item: person.ref, action: 'accept', surface: 'people', at: new Date(timeline.now()).toISOString() };
};

/** One errand, sent once its time has come, and the answers to its invitations. */
async function* runOne(visit: Visit, parts: ErrandParts): Task {
  const { timeline, outbox } = parts;
  const events = browse(visit, parts, timeline.now());
  const last = events.at(-1);
  if (last === undefined) return;
  yield Date.parse(last.at) + SECOND;
  await outbox.add(events, timeline.now());
  for (const invitation of events.filter(({ action }) => action === 'invite')) {
    yield timeline.now() + Math.round(MINUTE + exponential(visit.random, 30 * MINUTE));
    const answer = acceptance(visit, invitation, parts);
    if (answer !== undefined) await outbox.add([answer], timeline.now());
  }
}

/** An errand, and whatever it leads to, as a task. */
export async function* runErrand(visit: Visit, parts: ErrandParts): Task {
  const { timeline } = parts;
  const { person, random } = visit;
  if (!parts.world.presence.isAbout(person.ref, timeline.now())) return;
  if (random.next() < IDLE && !isBusy(person, timeline.now())) return;
  for (let round = 0; ; round++) {
    yield* runOne({ ...visit, id: `${visit.id}.${round}` }, parts);
    if (!isBusy(person, timeline.now()) || random.next() >= LEADS_ON) return;
    yield timeline.now() + Math.round(exponential(random, LEADS_ON_MS));
  }
}
