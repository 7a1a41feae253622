/** A world: who is in it, what is true of them, and what it remembers of its own doing. */
import { seededRandom } from '../core/random.ts';
import type { Random } from '../core/random.ts';
import { createCompanies, createPeople } from './people.ts';
import type { Company, Person } from './people.ts';
import type { Scalars } from './parameters.ts';
import { createPresence, type Presence } from './presence.ts';
import { createTruth } from './truth.ts';
import type { Truth } from './truth.ts';

export interface World {
  readonly values: Scalars;
  readonly random: Random;
  readonly people: readonly Person[];
  readonly companies: readonly Company[];
  readonly truth: Truth;
  readonly presence: Presence;
  personOf(ref: string): Person | undefined;
  /** Members who declare a topic. */
  declaring(topic: string): readonly Person[];
  /** Impressions so far of an item by a member. */
  seen(member: string, item: string): number;
  remember(member: string, item: string): void;
}

/** Two members know each other outside the network too: from work, or from friends in common. */
const acquaintanceAmong = (byRef: ReadonlyMap<string, Person>) => (one: Person, otherRef: string): number => {
  const other = byRef.get(otherRef);
  if (other === undefined) return 0;
  let common = 0;
  for (const ref of one.inner.ties.keys()) if (other.inner.ties.has(ref)) common++;
  return Math.min(1, common / 8 + (one.company === other.company ? 0.3 : 0));
};

export const createWorld = (values: Scalars): World => {
  const random = seededRandom(values.seed);
  const companies = createCompanies(random.fork('companies'));
  const people = createPeople(random.fork('people'), companies, values);
  const byRef = new Map(people.map((person) => [person.ref, person]));
  const declaring = new Map<string, Person[]>();
  for (const person of people) for (const topic of person.declared) declaring.set(topic, [...declaring.get(topic) ?? [], person]);
  const memory = new Map<string, Map<string, number>>();
  return {
    values, random, people, companies, presence: createPresence(values),
    truth: createTruth(values, { acquaintance: acquaintanceAmong(byRef), isCreator: (ref) => byRef.get(ref)?.creator === true }),
    personOf: (ref) => byRef.get(ref),
    declaring: (topic) => declaring.get(topic) ?? [],
    seen: (member, item) => memory.get(member)?.get(item) ?? 0,
    remember: (member, item) => {
      const items = memory.get(member) ?? new Map<string, number>();
      items.set(item, (items.get(item) ?? 0) + 1);
      memory.set(member, items);
    },
  };
};
