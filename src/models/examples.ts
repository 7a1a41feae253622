/**
 * What there is to learn from. With enough impressions: what was shown and what came of it, features as frozen in the served record,
 * never computed again. Without: each first touch of an item that others touched before, against items that were available
 * at that moment and stayed untouched; where nothing was shown, no position can be corrected for.
 */
import { trackingId, type RequestId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { ACTIONS, positiveBits } from '../core/registry.ts';
import { decodeEvent, UNKNOWN_ACTION } from '../funnel/codec.ts';
import { decodeServed } from '../funnel/served.ts';
import { DWELL } from '../journey/sequences.ts';
import { createLookScale } from './long-looks.ts';
import type { Log, StoredRecord } from '../log/port.ts';
import type { ExampleBuffer } from './example-buffer.ts';
import { FEATURES, FEATURE_SET } from './features.ts';
import { positives } from './logistic.ts';
import { createReplay, moments, type Moment, type OnProgress, type Question, type Replay } from './replay.ts';

/** One first touch, asked before it is known. */
export interface TouchQuery { readonly viewer: number; readonly item: number; readonly at: number }

/** Something positive that a member did and did not undo. */
export const isTouch = (record: StoredRecord): boolean => {
  if (record.type !== 'event' || record.member === undefined) return false;
  const event = decodeEvent(record.payload);
  return event.type === 'action' && !event.undo && ACTIONS[event.action]?.polarity === 1;
};

/** First touches in this moment of items that somebody touched at an earlier one. */
export const queriesIn = (moment: Moment, { views: { catalog, journey }, hasTouched }: Replay): readonly TouchQuery[] => {
  const queries = new Map<string, TouchQuery>();
  for (const record of moment.records) {
    if (!isTouch(record)) continue;
    const viewer = catalog.find(`member:${record.member ?? ''}`);
    const item = catalog.find(decodeEvent(record.payload).item);
    const touches = item < 0 ? 0 : (journey.counters.columns.touches[item * journey.counters.words] ?? 0);
    if (viewer < 0 || touches === 0 || hasTouched(viewer, item)) continue;
    if ((catalog.items.columns.createdAt[item] ?? 0) >= record.at) continue;
    queries.set(`${viewer} ${item}`, { viewer, item, at: record.at });
  }
  return [...queries.values()];
};

/** Negatives per touch: half drawn evenly from all that was available, half from the newest (log-uniform in place). */
const NEGATIVES = 40;

/** −log of the probability that the item at this place, counted from the newest, is among the negatives of a pool of `size`. */
export const drawnOffset = (back: number, size: number): number => {
  const near = size < 2 ? 1 : Math.log(Math.min(back + 2, size) / (back + 1)) / Math.log(size);
  return -Math.log(1 - ((1 - 1 / size) * (1 - Math.min(1, near))) ** (NEGATIVES / 2));
};

interface Drawn { readonly item: number; /** log of how many items it stands for. */ readonly offset: number }

/** The touched item first, which stands for itself. */
const drawQuery = (pool: { readonly items: Int32Array; readonly size: number }, positive: number, random: Random): readonly Drawn[] => {
  const chosen = new Map<number, number>([[positive, 0]]);
  for (let draw = 0; draw < NEGATIVES; draw++) {
    const back = draw % 2 === 0 ? Math.floor(random.next() * pool.size) : Math.floor(pool.size ** random.next()) - 1;
    const item = pool.items[pool.size - 1 - back] ?? positive;
    if (!chosen.has(item)) chosen.set(item, drawnOffset(back, pool.size));
  }
  return [...chosen].map(([item, offset]) => ({ item, offset }));
};

/** Adds one query: the touched item first, then its negatives. */
export const createTouchSampler = (buffer: ExampleBuffer, random: Random): ((query: TouchQuery, replay: Replay) => void) => {
  let pool = new Int32Array(1024);
  const rows = new Float32Array((NEGATIVES + 1) * FEATURES);
  return ({ viewer, item, at }, replay) => {
    const entities = replay.views.catalog.entities.size();
    if (pool.length < entities) pool = new Int32Array(entities * 2);
    const drawn = drawQuery({ items: pool, size: replay.available(viewer, at, pool) }, item, random);
    const question: Question = { viewer, at, items: Int32Array.from(drawn, (each) => each.item), size: drawn.length };
    replay.features(question, rows);
    drawn.forEach((each, row) => { buffer.push(rows, row * FEATURES, { bits: row === 0 ? 1 : 0, at, member: viewer, position: 0, ...each }); });
    buffer.endQuery();
  };
};

/** Nothing is learned from the first days: whoever had touched everything before the log begins looks new. */
const WARM_UP_SHARE = 0.05;

const MOST_TOUCHES = 30_000;

/** Touch queries of the whole log, at most about MOST_TOUCHES of them, chosen evenly. @returns the replay at the end of the log: it names members and items of the buffer */
export const gatherTouches = async (log: Log, buffer: ExampleBuffer, options: { readonly random: Random; readonly onProgress?: OnProgress }): Promise<Replay> => {
  const replay = createReplay();
  const sample = createTouchSampler(buffer, options.random.fork('negatives'));
  const chance = options.random.fork('queries');
  const total = log.end().reduce((sum, end) => sum + end.sequence, 0);
  const share = Math.min(1, MOST_TOUCHES / Math.max(total, 1));
  let read = 0;
  for await (const moment of moments(log, options.onProgress)) {
    if (read >= total * WARM_UP_SHARE) for (const query of queriesIn(moment, replay)) if (chance.next() < share) sample(query, replay);
    for (const record of moment.records) replay.apply(record);
    read += moment.records.length;
  }
  return replay;
};

interface Look { readonly kind: string; readonly surface: string; ms: number }

/** Tracking id → bits of the actions done on it and not undone, a long look among them; present for every card that was seen. */
const outcomes = async (log: Log, onProgress?: OnProgress): Promise<ReadonlyMap<string, number>> => {
  const done = new Map<string, number>();
  const looks = new Map<string, Look>();
  for await (const moment of moments(log, onProgress)) {
    for (const record of moment.records) {
      if (record.type !== 'event') continue;
      const event = decodeEvent(record.payload);
      if (event.trackingId === '') continue;
      if (event.type === 'impression') {
        const look = looks.get(event.trackingId);
        // A card may come into view more than once.
        if (look === undefined) looks.set(event.trackingId, { kind: event.item.slice(0, event.item.indexOf(':')), surface: event.surface, ms: event.visibleMs });
        else look.ms += event.visibleMs;
      } else if (event.action !== UNKNOWN_ACTION) {
        const flag = 1 << event.action;
        const bits = done.get(event.trackingId) ?? 0;
        done.set(event.trackingId, event.undo ? bits & ~flag : bits | flag);
      }
    }
  }
  const scale = createLookScale();
  for (const { kind, surface, ms } of looks.values()) scale.add(kind, surface, ms);
  return new Map([...looks].map(([id, { kind, surface, ms }]) => [id, (done.get(id) ?? 0) | (ms >= scale.threshold(kind, surface) ? 1 << DWELL : 0)]));
};

/** A card that was seen: what was frozen of it, and the bits of what came of it. */
export interface ShownCard { readonly item: string; readonly features: Float32Array; readonly position: number; readonly bits: number }
export interface ShownPage { readonly member: string; readonly at: number; readonly cards: readonly ShownCard[] }

/** The mixer's pages with this code's features, in order of the log, reduced to the cards that were seen. */
export async function* shownPages(log: Log, onProgress?: OnProgress): AsyncGenerator<ShownPage> {
  const seen = await outcomes(log, (share) => onProgress?.(share / 2));
  if (seen.size === 0) return;
  for await (const moment of moments(log, (share) => onProgress?.(0.5 + share / 2))) {
    for (const record of moment.records) {
      if (record.type !== 'served' || record.member === undefined) continue;
      const page = decodeServed(record.payload);
      if (page.layer !== 'mixer' || page.featureSet !== FEATURE_SET) continue;
      yield {
        member: record.member, at: record.at,
        cards: page.items.flatMap(({ candidate, item, features, position }): ShownCard[] => {
          const bits = seen.get(trackingId(record.id as RequestId, candidate));
          return bits === undefined || features.length !== FEATURES ? [] : [{ item, features, position: position + 1, bits }];
        }),
      };
    }
  }
}

/** Impressions as examples, in order of time. Bits are rows of the action registry. */
export const gatherImpressions = async (log: Log, buffer: ExampleBuffer, onProgress?: OnProgress): Promise<void> => {
  const members = new Map<string, number>();
  for await (const page of shownPages(log, onProgress)) {
    const member = members.get(page.member) ?? members.size;
    members.set(page.member, member);
    for (const { features, position, bits } of page.cards) buffer.push(features, 0, { bits, at: page.at, member, position });
    buffer.endQuery();
  }
};

/** Bits of everything a member does who liked what they saw. */
export const POSITIVE_BITS: number = positiveBits();
export const actionBit = (name: string): number => 1 << ACTIONS.findIndex((action) => action.name === name);

/** Fewer cards seen, or fewer of them with something positive, teach nothing about positions. */
export const LEAST_IMPRESSIONS = 3000;
export const LEAST_POSITIVES = 200;

/**
 * Whether models learn from impressions, else from touches: one answer for the second pass and for the heads of the journey model, since the second
 * pass adds up what a head from touches says.
 */
export const enoughImpressions = (impressions: ExampleBuffer): boolean =>
  impressions.count >= LEAST_IMPRESSIONS && positives(impressions.slice(0, impressions.count, POSITIVE_BITS)) >= LEAST_POSITIVES;
