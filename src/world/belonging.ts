/** Where members belong before a history begins: groups joined, newsletters subscribed to, events to go to, courses begun. */
import { DAY, HOUR } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { exponential, weighted } from './chance.ts';
import type { WorldEvent } from './client.ts';
import type { Entity } from './content.ts';
import type { Scalars } from './parameters.ts';
import type { Person } from './people.ts';
import { createShelves, type Shelves } from './shelves.ts';
import { TOPICS } from './text/fields.ts';
import type { World } from './world.ts';

interface Belonging { readonly kind: string; readonly action: string; readonly surface: string; readonly mean: keyof Scalars }
const BELONGINGS: readonly Belonging[] = [
  { kind: 'group', action: 'join', surface: 'groups', mean: 'groupsJoined' },
  { kind: 'newsletter', action: 'subscribe', surface: 'newsletters', mean: 'newslettersRead' },
  { kind: 'event', action: 'attend', surface: 'events', mean: 'eventsPlanned' },
  { kind: 'course', action: 'start', surface: 'learning', mean: 'coursesStarted' },
];
const MOST = 12;
/** Of what is found under a topic, the first counts so much more than the next: some groups are large. */
const FADES = 0.5;

/** As many of a kind as chance has it, by interest in its topic. */
const chosen = (random: Random, { inner }: Person, of: { readonly kind: string; readonly mean: number; readonly shelves: Shelves }): readonly string[] => {
  const draw = weighted(TOPICS.map((_, topic) => (inner.interest[topic] ?? 0) ** 3));
  const count = Math.min(MOST, Math.floor(exponential(random, of.mean + 0.5)));
  const refs = Array.from({ length: count }, () => {
    const shelf = of.shelves.of(of.kind, TOPICS[draw(random)]?.name ?? '');
    return shelf[weighted(shelf.map((_, place) => FADES ** place))(random)];
  });
  return [...new Set(refs.filter((ref) => ref !== undefined))];
};

/** Actions of the days before `start` (milliseconds since the epoch), oldest first. A pure function of the world and its first entities. */
export const firstDeeds = (world: World, { entities, start }: { readonly entities: readonly Entity[]; readonly start: number }): readonly WorldEvent[] => {
  const shelves = createShelves(entities);
  const { values } = world;
  const createdAt = new Map(entities.map(({ kind, id, createdAt: at }) => [`${kind}:${id}`, Date.parse(at)]));
  const deeds = world.people.flatMap((person) => BELONGINGS.flatMap(({ kind, action, surface, mean }) => {
    const random = world.random.fork(`belongs:${kind}:${person.id}`);
    return chosen(random, person, { kind, mean: values[mean], shelves }).map((item): WorldEvent => {
      const earliest = Math.max(start - values.backlogDays * DAY, createdAt.get(item) ?? 0) + HOUR;
      const at = Math.floor(Math.max(earliest, start - random.next() * values.backlogDays * DAY));
      return { type: 'action', id: `b.${person.id}.${action}.${item.slice(item.indexOf(':') + 1)}`, member: person.ref, item, action, surface, at: new Date(Math.min(at, start)).toISOString() };
    });
  }));
  return deeds.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
};
