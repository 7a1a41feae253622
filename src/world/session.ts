/** One visit of one member: reads the feed as deep as they care to, and responds by their true probabilities. */
import { SECOND } from '../core/clock.ts';
import { normal } from '../core/random.ts';
import type { Random } from '../core/random.ts';
import { exponential } from './chance.ts';
import type { FeedCard, Outbox, WorldClient, WorldEvent } from './client.ts';
import { createPost } from './content.ts';
import type { Seen } from './content.ts';
import { RESPONSE_NAMES } from './parameters.ts';
import type { ResponseName } from './parameters.ts';
import type { Person } from './people.ts';
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
const TIES_MADE: Partial<Record<ResponseName, number>> = { connect: 0.35, follow: 0.4 };

export const exposureOf = (card: FeedCard, at: number, seenBefore: number): Exposure => ({
  item: card.item, kind: card.kind, topics: card.card.topics, author: card.card.author?.ref ?? null, actors: card.reason.actors,
  publishedAt: Date.parse(card.card.publishedAt), at, seenBefore, done: card.viewer.actions,
});

/** How deep this session scrolls: independent of what is shown, so that an impression at any depth is a fair draw. */
const depthOf = ({ person, random }: Visit, { values }: World): number =>
  Math.min(values.depthMaximum, Math.round(values.depthMinimum + exponential(random, values.depthMean * person.inner.patience)));

const visibleTime = (random: Random, view: { readonly examined: boolean; readonly long: boolean }, longViewMs: number): number => {
  if (view.long) return Math.round(longViewMs + exponential(random, 15 * SECOND));
  const median = view.examined ? 2.6 * SECOND : 0.8 * SECOND;
  return Math.round(Math.min(longViewMs - 1, Math.max(300, median * Math.exp(0.5 * normal(random)))));
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

async function* readPage(cards: readonly FeedCard[], visit: Visit, parts: SessionParts): AsyncGenerator<number, readonly Seen[], void> {
  const { world, timeline, outbox } = parts;
  const { person } = visit;
  const events: WorldEvent[] = [];
  const read: Seen[] = [];
  let at = timeline.now();
  for (const card of cards) {
    const impression = live(card, at, { world, visit });
    world.remember(person.ref, card.item);
    parts.observe?.(person, impression);
    events.push(...eventsOf(person, impression));
    for (const response of impression.responses) {
      const tie = TIES_MADE[response];
      if (tie !== undefined) person.inner.ties.set(card.item, tie);
    }
    if (card.kind === 'article' && impression.responses.includes('longView')) read.push({ ref: card.item, title: card.card.title, topics: card.card.topics });
    at += impression.visibleMs + 200;
  }
  // Sent once its time has come: an event is never dated later than its request.
  yield at;
  await outbox.add(events, timeline.now());
  return read;
}

/** A session as a task: yields while its member reads. */
export async function* runSession(visit: Visit, parts: SessionParts): Task {
  const { world, client, timeline, outbox } = parts;
  const { person, random } = visit;
  const read: Seen[] = [];
  let left = depthOf(visit, world);
  let cursor: string | null | undefined;
  while (left > 0 && cursor !== null) {
    const page = await client.feed(person.id, { limit: world.values.pageItems, ...(cursor === undefined ? {} : { cursor }) });
    const cards = page.items.slice(0, left);
    read.push(...yield* readPage(cards, visit, parts));
    if (cards.length === 0) break;
    left -= cards.length;
    cursor = page.nextCursor;
  }
  if (random.next() >= world.values.postsPerSession * person.inner.authorship) return;
  yield timeline.now() + Math.round(20 * SECOND + exponential(random, 60 * SECOND));
  await outbox.put(createPost(random, { id: visit.id, at: timeline.now() }, { person, companies: world.companies, read }), timeline.now());
}
