/** One visit of one member: reads the feed as deep as they care to, and responds by their true probabilities. */
import { SECOND } from '../core/clock.ts';
import { normal, seededRandom } from '../core/random.ts';
import type { Random } from '../core/random.ts';
import { inBurst } from './career.ts';
import { exponential } from './chance.ts';
import type { FeedCard, Outbox, WorldClient, WorldEvent } from './client.ts';
import { createPost, createProfileChange } from './content.ts';
import type { Seen } from './content.ts';
import { RESPONSE_NAMES } from './parameters.ts';
import type { ResponseName } from './parameters.ts';
import type { Person } from './people.ts';
import { NOTHING, tally, type Tally } from './satisfaction.ts';
import type { Task, Timeline } from './schedule.ts';
import type { Exposure } from './truth.ts';
import type { World } from './world.ts';

export interface SessionParts {
  readonly world: World;
  readonly client: WorldClient;
  readonly outbox: Pick<Outbox, 'add' | 'put'>;
  readonly timeline: Timeline;
  /** Told of every impression and what came of it: for counts and for judging models against the truth. */
  readonly observe?: (person: Person, impression: Lived) => void;
}
export interface Lived { readonly card: FeedCard; readonly exposure: Exposure; readonly examined: boolean; readonly responses: readonly ResponseName[] }
/** Who visits; `id` names the session for ever and is part of what it writes. */
export interface Visit { readonly id: string; readonly person: Person; readonly random: Random }

/** What ties a response makes; strengths from 0 to 1. */
export const TIES_MADE: Partial<Record<ResponseName, number>> = { connect: 0.35, follow: 0.4 };

export const exposureOf = (card: FeedCard, at: number, seenBefore: number): Exposure => ({
  item: card.item, kind: card.kind, topics: card.card.topics, author: card.card.author?.ref ?? null, actors: card.reason.actors,
  publishedAt: Date.parse(card.card.publishedAt), at, seenBefore, done: card.viewer.actions, sponsored: card.sponsored !== undefined,
});

/** How deep this session would scroll past cards that do not please; each that does is worth `depthPerAction` more. */
export const depthOf = ({ person, random }: Pick<Visit, 'person' | 'random'>, { values }: Pick<World, 'values'>): number =>
  Math.min(values.depthMaximum, Math.round(values.depthMinimum + exponential(random, values.depthMean * person.inner.patience)));

/** Glances are log-normal; drawn from a table of equally likely ones, for there are millions of them. */
const GLANCES = 4096;
const glances: Float64Array = ((random) => Float64Array.from({ length: GLANCES }, () => Math.exp(0.5 * normal(random))))(seededRandom(1));

/** How long a card is visible, in milliseconds. */
export const visibleTime = (random: Random, view: { readonly examined: boolean; readonly long: boolean }, longViewMs: number): number => {
  if (view.long) return Math.round(longViewMs + exponential(random, 15 * SECOND));
  const median = view.examined ? 2.6 * SECOND : 0.8 * SECOND;
  return Math.round(Math.min(longViewMs - 1, Math.max(300, median * (glances[Math.floor(random.next() * GLANCES)] ?? 1))));
};

/** Draws one impression: examined or not, and the responses that follow. Its stream depends on the item alone within a session. */
const live = (card: FeedCard, at: number, { world, visit }: { readonly world: World; readonly visit: Visit }): Lived & { readonly visibleMs: number } => {
  const { person } = visit;
  const random = visit.random.fork(card.item);
  const exposure = exposureOf(card, at, world.seen(person.ref, card.item));
  const examined = random.next() < world.truth.examination(card.position);
  const probabilities = world.truth.responses(person, exposure);
  const responses = RESPONSE_NAMES.filter((name) => random.next() < probabilities[name] && examined);
  const visibleMs = visibleTime(random, { examined, long: responses.includes('longView') }, world.values.longViewSeconds * SECOND);
  return { card, exposure, examined, responses, visibleMs };
};

const eventsOf = (person: Person, { card, exposure, responses, visibleMs }: ReturnType<typeof live>): WorldEvent[] => {
  const common = { member: person.ref, item: card.item, trackingId: card.trackingId };
  const ended = exposure.at + visibleMs;
  const actions = responses.map((action, number): WorldEvent => ({
    type: 'action', id: `${card.trackingId}.${action}`, ...common, action,
    at: new Date(exposure.at + Math.round(visibleMs * (number + 1) / (responses.length + 1))).toISOString(),
  }));
  return [...actions, { type: 'impression', id: `${card.trackingId}.seen`, ...common, span: `${card.trackingId}.0`, visibleMs, at: new Date(ended).toISOString() }];
};

/** How far a session is: what came of its cards so far, and how many it will pass. */
interface Reading { tally: Tally; budget: number; readonly read: Seen[] }

async function* readPage(cards: readonly FeedCard[], reading: Reading, { visit, parts }: { readonly visit: Visit; readonly parts: SessionParts }): AsyncGenerator<number, void, void> {
  const { world, timeline, outbox } = parts;
  const { person } = visit;
  const events: WorldEvent[] = [];
  let at = timeline.now();
  for (const card of cards) {
    if (reading.tally.cards >= Math.round(reading.budget)) break;
    const impression = live(card, at, { world, visit });
    world.remember(person.ref, card.item);
    parts.observe?.(person, impression);
    events.push(...eventsOf(person, impression));
    const before = reading.tally.acted;
    reading.tally = tally(reading.tally, impression.responses);
    reading.budget = Math.min(world.values.depthMaximum, reading.budget + world.values.depthPerAction * (reading.tally.acted - before));
    for (const response of impression.responses) {
      const tie = TIES_MADE[response];
      if (tie !== undefined) person.inner.ties.set(card.item, tie);
    }
    if (card.kind === 'article' && impression.responses.includes('longView')) reading.read.push({ ref: card.item, title: card.card.title, topics: card.card.topics });
    at += impression.visibleMs + 200;
  }
  // Sent once its time has come: an event is never dated later than its request.
  yield at;
  await outbox.add(events, timeline.now());
}

/** Now and then a session ends with a post, rarely with news of a new position. */
async function* write({ id, person, random }: Visit, { world, timeline, outbox }: SessionParts, read: readonly Seen[]): Task {
  const { values, companies } = world;
  const eager = person.inner.authorship * (inBurst(person.inner.career, timeline.now()) ? values.burstFactor : 1);
  const posts = random.next() < values.postsPerSession * eager;
  const moves = random.next() < values.profileChanges;
  if (!posts && !moves) return;
  yield timeline.now() + Math.round(20 * SECOND + exponential(random, 60 * SECOND));
  const birth = { id, at: timeline.now() };
  await outbox.put(posts ? createPost(random, birth, { person, companies, read, mentions: values.companyMentions }) : createProfileChange(random, birth, { person, companies }), timeline.now());
}

/** A session as a task: yields while its member reads. */
export async function* runSession(visit: Visit, parts: SessionParts): Task {
  const { world, client, timeline } = parts;
  const { person, random } = visit;
  const reading: Reading = { tally: NOTHING, budget: depthOf(visit, world), read: [] };
  let cursor: string | null | undefined;
  while (reading.tally.cards < Math.round(reading.budget) && cursor !== null) {
    const page = await client.feed(person.id, { limit: world.values.pageItems, ...(cursor === undefined ? {} : { cursor }) });
    if (page.items.length === 0) break;
    yield* readPage(page.items, reading, { visit, parts });
    cursor = page.nextCursor;
  }
  world.presence.ended(person, { at: timeline.now(), tally: reading.tally, random: random.fork('return') });
  yield* write(visit, parts, reading.read);
}
