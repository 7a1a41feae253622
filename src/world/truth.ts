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
  /** Somebody pays for its place. */
  readonly sponsored?: boolean;
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
export const REPEATABLE: ReadonlySet<string> = new Set(['click', 'comment', 'longView']);
/** What a member does because they would rather not have seen a card. */
export const UNWILLING: ReadonlySet<string> = new Set(['hide', 'report']);
const ACTOR_SHARE = 0.4;
/** What an item without a known topic is worth to anybody. */
export const NO_TOPIC_MATCH = 0.3;

/** What a card is about, to this member: how well its topics match, 0 to 1, and which share of them lies outside the member's past. */
export const matchOf = (person: Person, { topics, at }: Pick<Exposure, 'topics' | 'at'>): { readonly interest: number; readonly outside: number } => {
  let most = 0; let sum = 0; let known = 0; let outside = 0;
  for (const name of topics) {
    const topic = topicNumber(name);
    if (topic === undefined) continue;
    const interest = interestAt(person.inner, topic, at);
    known++;
    sum += interest;
    most = Math.max(most, interest);
    if (!person.inner.past.has(topic)) outside++;
  }
  return known === 0 ? { interest: NO_TOPIC_MATCH, outside: 0 } : { interest: 0.7 * most + 0.3 * sum / known, outside: outside / known };
};

/** Who made it counts in full; that somebody known responded to it counts for less. */
const tieTo = (person: Person, { author, actors }: Exposure): number => {
  let strongest = author === null ? 0 : person.inner.ties.get(author) ?? 0;
  for (const ref of actors) strongest = Math.max(strongest, ACTOR_SHARE * (person.inner.ties.get(ref) ?? 0));
  return strongest;
};

/** What the truth asks of the network. */
export interface Among {
  /** How likely a member of the network knows another, for suggestions to connect; 0 where unknown. */
  acquaintance(one: Person, otherRef: string): number;
  isCreator(ref: string): boolean;
}

/** What can be done to a card, by kind: a creator is a member whom one can follow, too. */
const possibleTo = (kind: string): readonly boolean[] => {
  const kinds = kind === 'creator' ? ['member', 'creator'] : [kind];
  return RESPONSE_NAMES.map((name) => kinds.some((one) => (RESPONSES[name].kinds as readonly string[]).includes(one)));
};

export const createTruth = (values: Scalars, { acquaintance, isCreator }: Among): Truth => {
  const possible = new Map<string, readonly boolean[]>();
  const possibleOf = ({ kind, item }: Exposure): readonly boolean[] => {
    const what = kind === 'member' && isCreator(item) ? 'creator' : kind;
    const known = possible.get(what) ?? possibleTo(what);
    possible.set(what, known);
    return known;
  };
  const qualities = new Map<string, number>();
  const chance = seededRandom(values.seed).fork('quality');
  const quality = (item: string): number => {
    const known = qualities.get(item) ?? Math.min(2, Math.max(-2, normal(chance.fork(item))));
    qualities.set(item, known);
    return known;
  };
  const examination = (position: number): number => Math.max(values.examinationFloor, 1 / (1 + values.examinationSlope * position));
  const responses = (person: Person, exposure: Exposure): Responses => {
    const { interest: matched, outside } = matchOf(person, exposure);
    const interest = 2 * (matched - 0.35);
    const tie = exposure.kind === 'member' ? acquaintance(person, exposure.item) : tieTo(person, exposure);
    const freshness = Math.exp(-Math.max(0, exposure.at - exposure.publishedAt) / (values.freshHours * HOUR));
    const { temperament, kindPreference, novelty } = person.inner;
    const common = temperament + (kindPreference[exposure.kind] ?? 0) + (KIND_BIAS[exposure.kind] ?? 0) - values.fatigue * Math.log1p(exposure.seenBefore)
      + novelty * outside - (exposure.sponsored === true ? values.sponsoredDislike : 0);
    const good = quality(exposure.item);
    const can = possibleOf(exposure);
    const probabilities = RESPONSE_NAMES.map((name, number) => {
      if (can[number] !== true || (!REPEATABLE.has(name) && exposure.done.includes(name))) return [name, 0] as const;
      const r = RESPONSES[name];
      // A member who is tired of an item or cool to its kind hides it more readily, not less.
      const mood = UNWILLING.has(name) ? -common : common;
      const logit = r.bias + r.interest * interest + r.tie * tie + r.quality * good + r.freshness * freshness + mood;
      return [name, 1 / (1 + Math.exp(-logit))] as const;
    });
    return Object.fromEntries(probabilities) as Responses;
  };
  const observable = (person: Person, exposure: Exposure, position: number): Responses => {
    const examined = examination(position);
    return Object.fromEntries(Object.entries(responses(person, exposure)).map(([name, probability]) => [name, examined * probability])) as Responses;
  };
  return { examination, responses, observable, quality };
};
