/**
 * Impressions and actions joined to the served cards that they are about, in one pass over the log, in its order.
 *
 * By tracking id where there is one. An undo without one goes where the event went that it undoes; another action without one goes to the last
 * touch: the card of the same item that the same member last acted on within 30 days, or saw within 7, whichever was later (the default windows
 * of campaign reporting). What carries a tracking id and cannot be joined is lost, for one of the causes in `loss.ts`.
 *
 * Memory: the pages of the last 30 days, at most `mostPages` (about 2.5 KB for 20 cards); touches of as many days, at most 10 a page; events
 * that wait for their page, at most 10,000; a time for each member. What falls out of it is counted under `beyondWindow`.
 */
import { DAY, MINUTE } from '../core/clock.ts';
import { requestOf, type Millis, type TrackingId } from '../core/ids.ts';
import { ACTIONS } from '../core/registry.ts';
import type { StoredRecord } from '../log/port.ts';
import { decodeAnswered } from './answered.ts';
import { createPageReader, type Card, type Page } from './cards.ts';
import { decodeEvent, UNKNOWN_ACTION, type StoredEvent } from './codec.ts';
import { createPages, trim, type Came, type Loss } from './loss.ts';

/** What an event was joined by; `undone`: by the event that it undoes. */
export type JoinedBy = 'trackingId' | 'click' | 'view' | 'undone';

export interface FunnelEvent {
  readonly id: string;
  readonly member: string;
  /** When it happened by the server's clock: what a device's clock is off is taken out where the device said when it sent the event. */
  readonly at: number;
  /** By the device's own clock. */
  readonly deviceAt: number;
  readonly event: StoredEvent;
  /** Absent: nothing that we served led to it, or it is lost. */
  readonly joined?: { readonly card: Card; readonly by: JoinedBy };
  readonly loss?: Loss;
  /** The first impression of its card, or the first time that this action was done on it. */
  readonly isFirst: boolean;
}

export interface JoinSink {
  page(page: Page): void;
  /** These cards of a page left, told by the layer that answers. */
  answered?(cards: readonly Card[], at: number): void;
  event(event: FunnelEvent): void;
}
export interface JoinOptions { readonly clickMs: number; readonly viewMs: number; readonly mostPages: number }

export const JOIN_DEFAULTS: JoinOptions = { clickMs: 30 * DAY, viewMs: 7 * DAY, mostPages: 200_000 };
const MOST_WAITING = 10_000;
const WAIT_MS: number = 10 * MINUTE;
const TOUCHES_A_PAGE = 10;

export interface Joiner {
  apply(record: StoredRecord): void;
  /** Decides about the events that still wait for their page. */
  end(): void;
}

/** Time by the server's clock: device + (receive − send); never after it was received. */
export const correctedTime = (at: Millis, { sentAt, receivedAt }: Pick<StoredEvent, 'sentAt' | 'receivedAt'>): Millis =>
  Math.min(sentAt > 0 ? at + (receivedAt - sentAt) : at, receivedAt) as Millis;

interface Touch { readonly card: Card; readonly at: number }
interface Touches { click?: Touch; view?: Touch; at: number }

/** Last touches by member and item. */
const createTouches = ({ clickMs, viewMs, mostPages }: JoinOptions): { touched(card: Card, kind: 'click' | 'view', at: number): void; last(member: string, item: string, at: number): { card: Card; by: 'click' | 'view' } | undefined } => {
  const touches = new Map<string, Touches>();
  let added = 0;
  return {
    touched: (card, kind, at) => {
      const key = `${card.page.member} ${card.item}`;
      const known: Touches = touches.get(key) ?? { at };
      if (at >= (known[kind]?.at ?? Number.NEGATIVE_INFINITY)) known[kind] = { card, at };
      known.at = Math.max(known.at, at);
      touches.delete(key);
      touches.set(key, known);
      if (++added % 1000 === 0) trim(touches, { most: mostPages * TOUCHES_A_PAGE, before: at - Math.max(clickMs, viewMs), timeOf: (entry) => entry.at });
    },
    last: (member, item, at) => {
      const known = touches.get(`${member} ${item}`);
      const within = (touch: Touch | undefined, windowMs: number): number => (touch === undefined || touch.at > at || touch.at < at - windowMs ? Number.NEGATIVE_INFINITY : touch.at);
      const [click, view] = [within(known?.click, clickMs), within(known?.view, viewMs)];
      const by = click >= view ? 'click' : 'view';
      const card = known?.[by]?.card;
      return card === undefined || Math.max(click, view) === Number.NEGATIVE_INFINITY ? undefined : { card, by };
    },
  };
};

/** Marks on the card what happened to it. @returns whether it was the first of its kind */
const mark = (card: Card, event: StoredEvent): boolean => {
  if (event.type === 'impression') {
    const isFirst = !card.seen;
    card.seen = true;
    return isFirst;
  }
  if (event.action === UNKNOWN_ACTION) return false;
  const flag = 1 << event.action;
  const isFirst = ((event.undo ? card.undone : card.acted) & flag) === 0;
  if (event.undo) card.undone |= flag;
  else card.acted |= flag;
  return isFirst;
};

/** Events whose page has not come yet. */
const createWaiting = (tell: (came: Came) => void): { add(request: string, came: Came): void; release(request: string): void; releaseOld(now: number): void; end(): void } => {
  const waiting = new Map<string, Came[]>();
  let waits = 0;
  const release = (request: string): void => {
    const came = waiting.get(request) ?? [];
    waiting.delete(request);
    waits -= came.length;
    came.forEach(tell);
  };
  return {
    release,
    add: (request, came) => {
      const others = waiting.get(request);
      if (others === undefined) waiting.set(request, [came]);
      else others.push(came);
      waits++;
    },
    releaseOld: (now) => {
      for (const [request, [first]] of waiting) {
        if (waits <= MOST_WAITING && (first?.event.receivedAt ?? 0) >= now - WAIT_MS) return;
        release(request);
      }
    },
    end: () => { for (const request of waiting.keys()) release(request); },
  };
};

/** @param sink called in the order of the log, but for events that came before their page: those are told when it comes, or when it is known not to */
export const createJoiner = (sink: JoinSink, options: JoinOptions = JOIN_DEFAULTS): Joiner => {
  const read = createPageReader();
  const pages = createPages({ most: options.mostPages, rememberMs: Math.max(options.clickMs, options.viewMs) });
  const done = new Map<string, Touch>();
  const touches = createTouches(options);

  const without = ({ record, event, at }: Came): FunnelEvent['joined'] => {
    const undone = event.undo ? done.get(event.related)?.card : undefined;
    if (undone !== undefined && undone.page.member === record.member) return { card: undone, by: 'undone' };
    return touches.last(record.member ?? '', event.item, at);
  };
  const noteTouch = ({ record, event, at }: Came, card: Card): void => {
    if (event.type === 'impression') { touches.touched(card, 'view', at); return; }
    const action = ACTIONS[event.action];
    if (event.undo || action === undefined) return;
    if (action.polarity === 1 && event.trackingId !== '') touches.touched(card, 'click', at);
    if (!action.undoable) return;
    done.set(record.id, { card, at });
    if (done.size % 1000 === 0) trim(done, { most: options.mostPages * TOUCHES_A_PAGE, before: at - options.clickMs, timeOf: (touch) => touch.at });
  };
  const tell = (came: Came): void => {
    const { record, event, at } = came;
    const found = event.trackingId === '' ? undefined : pages.cardFor(came);
    const joined = found === undefined ? without(came) : typeof found === 'string' ? undefined : { card: found, by: 'trackingId' as const };
    if (joined !== undefined) noteTouch(came, joined.card);
    sink.event({
      id: record.id, member: record.member ?? '', at, deviceAt: record.at, event, isFirst: joined !== undefined && mark(joined.card, event),
      ...(joined === undefined ? {} : { joined }), ...(typeof found === 'string' ? { loss: found } : {}),
    });
  };
  const waiting = createWaiting(tell);
  const served = (record: StoredRecord): void => {
    const page = read(record);
    pages.add(page);
    sink.page(page);
    waiting.release(page.requestId);
  };
  const answered = (record: StoredRecord): void => {
    const cards = pages.find(record.id)?.cards;
    if (cards === undefined) return;
    const left = new Set(decodeAnswered(record).cards.map(({ candidate }) => candidate));
    const gone = cards.filter(({ candidate }) => left.has(candidate));
    for (const card of gone) card.answered = true;
    sink.answered?.(gone, record.at);
  };
  const happened = (record: StoredRecord): void => {
    const event = decodeEvent(record.payload);
    const came: Came = { record, event, at: correctedTime(record.at, event) };
    waiting.releaseOld(event.receivedAt);
    const request = event.trackingId === '' ? '' : requestOf(event.trackingId as TrackingId);
    // A worker's pages may come to the log a moment after what was done on them; history never had its pages here.
    if (request === '' || pages.has(request) || record.deduplicate === 'history') tell(came);
    else waiting.add(request, came);
  };
  return {
    apply: (record) => {
      if (record.type === 'served') served(record);
      else if (record.type === 'answered') answered(record);
      else if (record.type === 'event') happened(record);
      else if (record.type === 'erasure') pages.erasure(record.at);
    },
    end: waiting.end,
  };
};
