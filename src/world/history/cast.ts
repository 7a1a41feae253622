/** Everything that a history is played with: the members of a world, what there is to see, and who has seen it. */
import { DAY } from '../../core/clock.ts';
import type { Entity } from '../content.ts';
import type { Person } from '../people.ts';
import { createShelves, type Shelves } from '../shelves.ts';
import type { World } from '../world.ts';
import { createEventWriter, type EventWriter } from './blocks.ts';
import { createPlainFeed, type PlainFeed } from './feed.ts';
import { createItems, type Items } from './items.ts';
import { createResponseTable } from './kinds.ts';
import { createReader, type Reader } from './responses.ts';
import { createSeenPairs, type SeenPairs } from './seen.ts';

/** Articles and posts are shown for so many days, other things that end for so many. */
const FEED_DAYS = 5;
const OFFERED_DAYS = 14;

export interface Cast {
  readonly world: World;
  readonly items: Items;
  readonly feed: PlainFeed;
  readonly reader: Reader;
  readonly seen: SeenPairs;
  readonly events: EventWriter;
  readonly shelves: Shelves;
  readonly examination: Float64Array;
  numberOf(person: Person): number;
  /** Brings an entity into the world: in front of whom it concerns, and among what is handed over next. */
  publish(entity: Entity): void;
  /** A member knows another actor from now on, and hears of them. */
  know(person: Person, ref: string, strength: number): void;
  takeEntities(): readonly Entity[];
  beginDay(at: number): void;
}

const endOf = ({ attributes, createdAt, kind }: Pick<Entity, 'attributes' | 'createdAt' | 'kind'>): number => {
  const startsAt = attributes['startsAt'];
  if (typeof startsAt === 'string') return Date.parse(startsAt);
  return kind === 'job' ? Date.parse(createdAt) + OFFERED_DAYS * DAY : Number.POSITIVE_INFINITY;
};
const OFFERED: ReadonlySet<string> = new Set(['job', 'event', 'group', 'course', 'newsletter']);

/** Numbers of those who know an actor, by reference. */
const hearersOf = (people: readonly Person[]): Map<string, number[]> => {
  const hearers = new Map<string, number[]>();
  people.forEach(({ inner }, number) => {
    for (const ref of inner.ties.keys()) {
      const list = hearers.get(ref);
      if (list === undefined) hearers.set(ref, [number]);
      else list.push(number);
    }
  });
  return hearers;
};

export const createCast = (world: World): Cast => {
  const table = createResponseTable();
  const items = createItems(world.truth, table);
  const feed = createPlainFeed(items, world.people.length);
  const hearers = hearersOf(world.people);
  const numbers = new Map(world.people.map((person, number) => [person, number]));
  const seen = createSeenPairs();
  const shelves = createShelves([]);
  let fresh: Entity[] = [];
  let firstRow = 0;
  const place = (entity: Entity, row: number): void => {
    const { kind, attributes } = entity;
    if (kind === 'campaign') {
      const item = items.rowOf(String(attributes['item']));
      if (item !== undefined) feed.promote({ item, endsAt: Date.parse(String(attributes['endsAt'])) });
      return;
    }
    if (kind === 'post' || kind === 'article') feed.deliver(row, hearers.get(items.authors[row] ?? '') ?? []);
    if (OFFERED.has(kind)) feed.offer({ item: row, endsAt: endOf(entity) });
    shelves.add(entity);
  };
  return {
    world, items, feed, seen, shelves, reader: createReader(items, table, world.values), events: createEventWriter(),
    examination: Float64Array.from({ length: world.values.depthMaximum + 1 }, (_, k) => world.truth.examination(k)),
    numberOf: (person) => numbers.get(person) ?? 0,
    publish: (entity) => { place(entity, items.add(entity)); fresh.push(entity); },
    know: (person, ref, strength) => {
      const isNew = !person.inner.ties.has(ref);
      person.inner.ties.set(ref, strength);
      if (!isNew) return;
      const list = hearers.get(ref) ?? [];
      list.push(numbers.get(person) ?? 0);
      hearers.set(ref, list);
    },
    takeEntities: () => { const taken = fresh; fresh = []; return taken; },
    beginDay: (at) => {
      const oldest = at - FEED_DAYS * DAY;
      while (firstRow < items.count && (items.publishedAt[firstRow] ?? 0) < oldest) firstRow++;
      feed.age(firstRow, at);
      // What was read and cannot come again is forgotten; what stands may come at any time.
      seen.forget((item) => item >= firstRow || items.isStanding(item));
    },
  };
};
