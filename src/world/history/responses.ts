/**
 * The truth as columns: the same probabilities as `createTruth` gives for one card, fast enough for millions of them. What depends on the item
 * alone is added up once when the item appears, what depends on the member and the moment once for a session.
 */
import { HOUR } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { interestAt } from '../career.ts';
import { KIND_BIAS, type Scalars } from '../parameters.ts';
import type { Person } from '../people.ts';
import { TOPICS } from '../text/fields.ts';
import { NO_TOPIC_MATCH } from '../truth.ts';
import type { Items } from './items.ts';
import { KINDS, type KindTable, type ResponseTable } from './kinds.ts';

/** One card as it is met. */
export interface Meeting { readonly item: number; readonly at: number; readonly tie: number; readonly seenBefore: number; /** Bits of RESPONSE_NAMES. */ readonly done: number; readonly sponsored: boolean }

export interface Reader {
  /** Begins a session of this member: their interests at this moment. */
  begin(person: Person, at: number): void;
  /** Fills `probabilities` for the kind of this item. @returns the table of that kind */
  look(meeting: Meeting): KindTable;
  readonly probabilities: Float64Array;
  /** Draws each response of a card that is examined. @returns bits of RESPONSE_NAMES */
  respond(meeting: Meeting, random: Random): number;
}

const KIND_BIASES: Float64Array = Float64Array.from(KINDS, (kind) => KIND_BIAS[kind] ?? 0);

export const createReader = (items: Items, table: ResponseTable, values: Scalars): Reader => {
  const interest = new Float64Array(TOPICS.length);
  const outside = new Uint8Array(TOPICS.length);
  const preference = new Float64Array(KINDS.length);
  const probabilities = new Float64Array(table.most);
  const tired = Float64Array.from({ length: 256 }, (_, seen) => values.fatigue * Math.log1p(seen));
  const freshMs = values.freshHours * HOUR;
  let temperament = 0;
  let novelty = 0;
  const look: Reader['look'] = ({ item, at, tie, seenBefore, done, sponsored }) => {
    const kind = items.kind[item] ?? 0;
    const of = table.kinds[kind];
    if (of === undefined) throw new RangeError(`there is no table of kind ${kind}`);
    const a = items.topicA[item] ?? -1;
    const b = items.topicB[item] ?? -1;
    const one = interest[a] ?? 0;
    const other = b < 0 ? one : (interest[b] ?? 0);
    const matched = a < 0 ? NO_TOPIC_MATCH : 0.7 * Math.max(one, other) + 0.3 * (b < 0 ? one : (one + other) / 2);
    const far = a < 0 ? 0 : b < 0 ? (outside[a] ?? 0) : ((outside[a] ?? 0) + (outside[b] ?? 0)) / 2;
    const wish = 2 * (matched - 0.35);
    const fresh = Math.exp(-Math.max(0, at - (items.publishedAt[item] ?? 0)) / freshMs);
    const common = temperament + (preference[kind] ?? 0) + (KIND_BIASES[kind] ?? 0) - (tired[Math.min(255, seenBefore)] ?? 0) + novelty * far - (sponsored ? values.sponsoredDislike : 0);
    const first = item * table.most;
    for (let r = 0; r < of.responses.length; r++) {
      const isDone = of.repeatable[r] === 0 && (done >> (of.responses[r] ?? 0) & 1) === 1;
      const logit = (items.logits[first + r] ?? 0) + (of.interest[r] ?? 0) * wish + (of.tie[r] ?? 0) * tie + (of.freshness[r] ?? 0) * fresh + (of.mood[r] ?? 0) * common;
      probabilities[r] = isDone ? 0 : 1 / (1 + Math.exp(-logit));
    }
    return of;
  };
  return {
    probabilities, look,
    begin: ({ inner }, at) => {
      for (let topic = 0; topic < interest.length; topic++) {
        interest[topic] = interestAt(inner, topic, at);
        outside[topic] = inner.past.has(topic) ? 0 : 1;
      }
      KINDS.forEach((kind, number) => { preference[number] = inner.kindPreference[kind] ?? 0; });
      ({ temperament, novelty } = inner);
    },
    respond: (meeting, random) => {
      const { responses } = look(meeting);
      let bits = 0;
      for (let r = 0; r < responses.length; r++) if (random.next() < (probabilities[r] ?? 0)) bits |= 1 << (responses[r] ?? 0);
      return bits;
    },
  };
};
