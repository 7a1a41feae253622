/** One card's whole life: served, seen, acted on, undone, and what else was put down to it. */
import { requestOf, type TrackingId } from '../core/ids.ts';
import { ACTIONS } from '../core/registry.ts';
import type { Log, StoredRecord } from '../log/port.ts';
import { idOf, kindOf, type Card } from './cards.ts';
import { decodeEvent } from './codec.ts';
import { createJoiner, type FunnelEvent, type JoinedBy } from './join.ts';
import type { Loss } from './loss.ts';
import { eachRecord, type OnProgress } from './reading.ts';
import type { Layer } from './served.ts';

export interface LifeMoment {
  /** By the server's clock; milliseconds since the epoch. */
  readonly at: number;
  readonly what: 'served' | 'impression' | 'action' | 'undo';
  /** Of a serving: which layer told it. */
  readonly layer?: Layer;
  /** Of anything that a member did: the event, and where it said it was. */
  readonly event?: string;
  readonly surface?: string;
  readonly action?: string;
  readonly visibleMs?: number;
  /** Of an undo: the event that it undoes. */
  readonly undoes?: string;
  /** What it was put down to this card by; absent where it could not be: then `loss` says why. */
  readonly joinedBy?: JoinedBy;
  readonly loss?: Loss;
}

export interface CardLife {
  readonly trackingId: string;
  readonly requestId: string;
  readonly member: string;
  readonly item: string;
  readonly kind: string;
  /** As it was served; absent where that record is gone. */
  readonly served?: {
    readonly surface: string; readonly position: number; readonly candidate: number; readonly sort: string; readonly ranker: string;
    /** Row of the reason codes. */
    readonly reason: number;
    readonly model: string; readonly weights: string; readonly rules: string; readonly variants: Readonly<Record<string, string>>;
  };
  /** In order of time. */
  readonly moments: readonly LifeMoment[];
}

interface Subject { readonly member: string; readonly item: string }

const namesIt = (record: StoredRecord, tracking: string): Subject | undefined => {
  const event = record.type === 'event' ? decodeEvent(record.payload) : undefined;
  return event?.trackingId === tracking ? { member: record.member ?? '', item: event.item } : undefined;
};

const momentOf = ({ id, at, event, joined, loss }: FunnelEvent): LifeMoment => ({
  at, what: event.type === 'impression' ? 'impression' : event.undo ? 'undo' : 'action', event: id, surface: event.surface,
  ...(event.type === 'impression' ? {} : { action: ACTIONS[event.action]?.name ?? 'unknown' }),
  ...(event.visibleMs > 0 ? { visibleMs: event.visibleMs } : {}), ...(event.undo ? { undoes: event.related } : {}),
  ...(joined === undefined ? {} : { joinedBy: joined.by }), ...(loss === undefined ? {} : { loss }),
});

const servedOf = ({ page, position, candidate, ranker, reason }: Card): NonNullable<CardLife['served']> =>
  ({ surface: page.surface, position, candidate, sort: page.sort, ranker, reason, model: page.model, weights: page.weights, rules: page.rules, variants: page.variants });

/** Whose card it is: its page says so or, where that is gone, an event that names it. */
const subjectOf = async (log: Log, tracking: string, onProgress: OnProgress): Promise<Subject | undefined> => {
  let byEvent: Subject | undefined;
  let member: string | undefined;
  await eachRecord(log, (record) => {
    if (record.type === 'served' && record.id === requestOf(tracking as TrackingId)) member = record.member ?? '';
    byEvent ??= namesIt(record, tracking);
    return member === undefined;
  }, onProgress);
  return member === undefined ? byEvent : { member, item: byEvent?.item ?? '' };
};

/**
 * Reads the log twice: whose card it is, then everything of that member. @returns undefined where nothing names the id
 * @param tracking of a card of any surface
 */
export const cardLife = async (log: Log, tracking: string, onProgress?: OnProgress): Promise<CardLife | undefined> => {
  const subject = await subjectOf(log, tracking, (share) => onProgress?.(share / 2));
  if (subject === undefined) return undefined;
  let card: Card | undefined;
  const moments: LifeMoment[] = [];
  const joiner = createJoiner({
    page: (page) => {
      const found = page.cards.find((each) => idOf(each) === tracking);
      if (found === undefined) return;
      card = found;
      moments.push({ at: page.at, what: 'served', layer: 'mixer' });
    },
    answered: (cards, at) => { if (cards.some((each) => each === card)) moments.push({ at, what: 'served', layer: 'api' }); },
    event: (event) => {
      const joinedTo = event.joined === undefined ? event.event.trackingId : idOf(event.joined.card);
      if (joinedTo === tracking) moments.push(momentOf(event));
    },
  });
  await eachRecord(log, (record) => {
    if (record.member === subject.member || record.type === 'erasure' || namesIt(record, tracking) !== undefined) joiner.apply(record);
  }, (share) => onProgress?.(0.5 + share / 2));
  joiner.end();
  const item = card?.item ?? subject.item;
  if (card === undefined && moments.length === 0) return undefined;
  return {
    trackingId: tracking, requestId: requestOf(tracking as TrackingId), member: `member:${subject.member}`, item, kind: kindOf(item),
    ...(card === undefined ? {} : { served: servedOf(card) }), moments: moments.toSorted((a, b) => a.at - b.at),
  };
};
