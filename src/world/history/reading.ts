/** One visit to a plain feed, as columns. */
import { exponential } from '../chance.ts';
import { createPost, createProfileChange } from '../content.ts';
import { inBurst } from '../career.ts';
import { RESPONSE_NAMES } from '../parameters.ts';
import type { Person } from '../people.ts';
import type { Seen } from '../content.ts';
import { isPositiveBits, isUnwillingBits } from '../satisfaction.ts';
import { depthOf, TIES_MADE, visibleTime } from '../session.ts';
import { SECOND } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { HAPPENING_NUMBERS, surfaceNumber } from './blocks.ts';
import type { Cast } from './cast.ts';

export interface HistoryVisit { readonly id: string; readonly person: Person; /** Its place among the members. */ readonly member: number; readonly random: Random; /** Counted over the whole history. */ readonly number: number; readonly at: number }

const FEED = surfaceNumber('feed');
const IMPRESSION = HAPPENING_NUMBERS.get('impression') ?? 0;
const HAPPENING_OF: Uint8Array = Uint8Array.from(RESPONSE_NAMES, (name) => HAPPENING_NUMBERS.get(name) ?? 0);
const TIES: Float64Array = Float64Array.from(RESPONSE_NAMES, (name) => TIES_MADE[name] ?? 0);
const LONG_VIEW = 1 << RESPONSE_NAMES.indexOf('longView');
const READS_MOST = 8;

/** What came of a card, written down: the draft says which one, when it came and for how long. */
const tell = ({ events, items, know }: Cast, { person }: HistoryVisit, bits: number): void => {
  const { draft } = events;
  const { at, visibleMs } = draft;
  let count = 1;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  draft.visibleMs = 0;
  for (let rest = bits, number = 1; rest !== 0; rest &= rest - 1, number++) {
    const response = 31 - Math.clz32(rest & -rest);
    draft.what = HAPPENING_OF[response] ?? 0;
    draft.at = at + Math.round(visibleMs * number / count);
    events.write();
    const tie = TIES[response] ?? 0;
    if (tie > 0) know(person, items.refs[draft.item] ?? '', tie);
  }
  draft.what = IMPRESSION;
  draft.at = at + visibleMs;
  draft.visibleMs = visibleMs;
  events.write();
};

const write = (cast: Cast, visit: HistoryVisit, { at, read }: { readonly at: number; readonly read: readonly number[] }): void => {
  const { world: { values, companies }, items } = cast;
  const { id, person, random } = visit;
  const eager = person.inner.authorship * (inBurst(person.inner.career, at) ? values.burstFactor : 1);
  const posts = random.next() < values.postsPerSession * eager;
  const moves = random.next() < values.profileChanges;
  if (!posts && !moves) return;
  const birth = { id: `g${id}`, at: at + Math.round(20 * SECOND + exponential(random, 60 * SECOND)) };
  const seen = read.map((row): Seen => ({ ref: items.refs[row] ?? '', title: items.titles[row] ?? '', topics: items.topicsOf(row) }));
  cast.publish(posts ? createPost(random, birth, { person, companies, read: seen, mentions: values.companyMentions }) : createProfileChange(random, birth, { person, companies }));
};

/** A session from its first card to what its member writes at its end. */
export const runReading = (cast: Cast, visit: HistoryVisit): void => {
  const { world: { values, presence }, items, feed, seen, reader, examination } = cast;
  const { person, member, random } = visit;
  const { draft } = cast.events;
  let budget = depthOf({ person, random }, { values });
  let acted = 0; let annoyed = 0; let place = 0;
  let at = visit.at;
  const read: number[] = [];
  const meeting = { item: 0, at, tie: 0, seenBefore: 0, done: 0, sponsored: false };
  const look = { examined: false, long: false };
  reader.begin(person, at);
  feed.open(member, at, random);
  const times = (item: number): number => seen.times[seen.slot(member, item)] ?? 0;
  for (; place < Math.round(budget); place++) {
    const item = feed.next(times);
    if (item < 0) break;
    const slot = seen.slot(member, item);
    const seenBefore = seen.times[slot] ?? 0;
    const done = seen.done[slot] ?? 0;
    const examined = random.next() < (examination[place] ?? values.examinationFloor);
    const tie = person.inner.ties.get(items.authors[item] ?? '') ?? 0;
    meeting.item = item; meeting.at = at; meeting.tie = tie; meeting.seenBefore = seenBefore; meeting.done = done; meeting.sponsored = feed.sponsored;
    const bits = examined ? reader.respond(meeting, random) : 0;
    look.examined = examined; look.long = (bits & LONG_VIEW) !== 0;
    const visibleMs = visibleTime(random, look, values.longViewSeconds * SECOND);
    seen.times[slot] = Math.min(255, seenBefore + 1);
    seen.done[slot] = done | bits;
    draft.surface = FEED; draft.member = member; draft.item = item; draft.visit = visit.number; draft.place = place;
    draft.at = at; draft.visibleMs = visibleMs;
    tell(cast, visit, bits);
    if (isPositiveBits(bits)) {
      acted++;
      budget = Math.min(values.depthMaximum, budget + values.depthPerAction);
      items.warm(item, at);
      if ((bits & LONG_VIEW) !== 0 && items.titles[item] !== '' && read.length < READS_MOST) read.push(item);
    }
    if (isUnwillingBits(bits)) annoyed++;
    at += visibleMs + 200;
  }
  presence.ended(person, { at, tally: { cards: place, acted, annoyed }, random });
  write(cast, visit, { at, read });
};
