/**
 * The truth a model is judged against. Pure: what a member would do depends on the member, the card and the moment alone, so
 * that any served record can be asked afterwards what its true probabilities were.
 */
import { HOUR } from '../core/clock.ts';
import { normal, seededRandom } from '../core/random.ts';
import { interestAt } from './career.ts';
import { KIND_BIAS, RESPONSES, RESPONSE_NAMES } from './parameters.ts';
import type { ResponseName, Scalars } from './parameters.ts';
import type { Person } from './people.ts';
import { topicNumber } from './text/fields.ts';

/** One impression as a member meets it. Times in milliseconds since the epoch. */
export interface Exposure {
  readonly item: string;
  readonly kind: string;
  readonly topics: readonly string[];
  readonly author: string | null;
  /** Who the reason of the card names. */
  readonly actors: readonly string[];
  readonly publishedAt: number;
  readonly at: number;
  /** Earlier impressions of this item by this member. */
  readonly seenBefore: number;
  /** What the member did to it earlier and has not undone: not done twice. */
  readonly done: readonly string[];
}
export type Responses = Readonly<Record<ResponseName, number>>;

export interface Truth {
  /** P(examined | impression) at a place counted from 0 over the whole feed. Independent of the item, drawn anew for each impression. */
  examination(position: number): number;
  /** P(response | examined), each independent of the others. */
  responses(person: Person, exposure: Exposure): Responses;
  /** P(response | impression at a place): what can be observed. */
  observable(person: Person, exposure: Exposure, position: number): Responses;
  /** Quality of an item, standard normal within 2: a function of the seed and the reference, so that any item has one. */
  quality(item: string): number;
}

/** Done as often as one likes; everything else once. */
const REPEATABLE: ReadonlySet<string> = new Set(['click', 'comment', 'longView']);
const ACTOR_SHARE = 0.4;
/** What an item without a known topic is worth to anybody. */
const NO_TOPIC_MATCH = 0.3;

const match = (person: Person, { topics, at }: Exposure): number => {
  const known = topics.map(topicNumber).filter((number) => number !== undefined).map((number) => interestAt(person.inner, number, at));
  if (known.length === 0) return NO_TOPIC_MATCH;
  return 0.7 * Math.max(...known) + 0.3 * known.reduce((sum, one) => sum + one, 0) / known.length;
};

/** Who made it counts in full; that somebody known responded to it counts for less. */
const tieTo = (person: Person, { author, actors }: Exposure): number => {
  let strongest = author === null ? 0 : person.inner.ties.get(author) ?? 0;
  for (const ref of actors) strongest = Math.max(strongest, ACTOR_SHARE * (person.inner.ties.get(ref) ?? 0));
  return strongest;
};

/** `acquaintance`: how likely a member of the network knows another, for suggestions to connect; 0 where unknown. */
export const createTruth = (values: Scalars, acquaintance: (one: Person, otherRef: string) => number): Truth => {
  const qualities = new Map<string, number>();
  const chance = seededRandom(values.seed).fork('quality');
  const quality = (item: string): number => {
    const known = qualities.get(item) ?? Math.min(2, Math.max(-2, normal(chance.fork(item))));
    qualities.set(item, known);
    return known;
  };
  const examination = (position: number): number => Math.max(values.examinationFloor, 1 / (1 + values.examinationSlope * position));
  const responses = (person: Person, exposure: Exposure): Responses => {
    const interest = 2 * (match(person, exposure) - 0.35);
    const tie = exposure.kind === 'member' ? acquaintance(person, exposure.item) : tieTo(person, exposure);
    const freshness = Math.exp(-Math.max(0, exposure.at - exposure.publishedAt) / (values.freshHours * HOUR));
    const common = person.inner.temperament + (person.inner.kindPreference[exposure.kind] ?? 0) + (KIND_BIAS[exposure.kind] ?? 0) - values.fatigue * Math.log1p(exposure.seenBefore);
    const good = quality(exposure.item);
    return Object.fromEntries(RESPONSE_NAMES.map((name) => {
      const r = RESPONSES[name];
      const possible = (r.kinds as readonly string[]).includes(exposure.kind) && (REPEATABLE.has(name) || !exposure.done.includes(name));
      // A member who is tired of an item or cool to its kind hides it more readily, not less.
      const mood = name === 'hide' ? -common : common;
      const logit = r.bias + r.interest * interest + r.tie * tie + r.quality * good + r.freshness * freshness + mood;
      return [name, possible ? 1 / (1 + Math.exp(-logit)) : 0];
    })) as Responses;
  };
  const observable = (person: Person, exposure: Exposure, position: number): Responses => {
    const examined = examination(position);
    return Object.fromEntries(Object.entries(responses(person, exposure)).map(([name, probability]) => [name, examined * probability])) as Responses;
  };
  return { examination, responses, observable, quality };
};
