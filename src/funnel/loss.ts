/** The pages that a join remembers, and why an event with a tracking id has no card. */
import { CLOCK_SKEW_MS } from '../catalog/validate.ts';
import { candidateOf, requestOf, requestTime, type TrackingId } from '../core/ids.ts';
import type { StoredRecord } from '../log/port.ts';
import type { Card, Page } from './cards.ts';
import type { StoredEvent } from './codec.ts';

/** Why an event with a tracking id has no card, in words. */
export const LOSSES = {
  unknownId: 'no page of that request was ever recorded here',
  imported: 'it came in as history: its page was served elsewhere',
  retired: 'the record of its page was older than such records are kept',
  beyondWindow: 'its page was served longer before than the join remembers',
  erased: 'its page, or its card, went with a member who was erased',
  notOnPage: 'the page has no such card',
  otherMember: 'the card was served to another member',
  otherItem: 'the card is of another item',
  servedLater: 'it is dated before the card was served',
} as const;
export type Loss = keyof typeof LOSSES;

/** A map whose oldest entries go first: those before a time, and those beyond a number. */
export const trim = <T>(map: Map<string, T>, options: { readonly most: number; readonly before: number; readonly timeOf: (value: T) => number; readonly dropped?: (value: T) => void }): void => {
  for (const [key, value] of map) {
    if (map.size <= options.most && options.timeOf(value) >= options.before) return;
    map.delete(key);
    options.dropped?.(value);
  }
};

/** An event as it came; `at` by the server's clock. */
export interface Came { readonly record: StoredRecord; readonly event: StoredEvent; readonly at: number }

export interface Pages {
  add(page: Page): void;
  has(request: string): boolean;
  find(request: string): Page | undefined;
  /** Somebody was erased: what is missing from before then may have gone with them. */
  erasure(at: number): void;
  /** The card that an event with a tracking id is about. */
  cardFor(came: Came): Card | Loss;
}

export const createPages = ({ most, rememberMs }: { readonly most: number; readonly rememberMs: number }): Pages => {
  const pages = new Map<string, Page>();
  const firstPage = new Map<string, number>();
  let oldest = Number.POSITIVE_INFINITY;
  let forgottenUntil = Number.NEGATIVE_INFINITY;
  let erasedAt = Number.NEGATIVE_INFINITY;
  const missing = ({ record, at }: Came, request: string): Loss => {
    if (record.deduplicate === 'history') return 'imported';
    const served = requestTime(request);
    if (served === undefined || served > at + CLOCK_SKEW_MS) return 'unknownId';
    // Of a member who was erased nothing older is left.
    if (served < erasedAt && (firstPage.get(record.member ?? '') ?? Number.POSITIVE_INFINITY) > served) return 'erased';
    if (served < oldest) return 'retired';
    return served <= forgottenUntil ? 'beyondWindow' : 'unknownId';
  };
  return {
    has: (request) => pages.has(request),
    find: (request) => pages.get(request),
    erasure: (at) => { erasedAt = Math.max(erasedAt, at); },
    add: (page) => {
      pages.set(page.requestId, page);
      oldest = Math.min(oldest, page.at);
      if (!firstPage.has(page.member)) firstPage.set(page.member, page.at);
      trim(pages, { most, before: page.at - rememberMs, timeOf: ({ at }) => at, dropped: ({ at }) => { forgottenUntil = Math.max(forgottenUntil, at); } });
    },
    cardFor: (came) => {
      const tracking = came.event.trackingId as TrackingId;
      const page = pages.get(requestOf(tracking));
      if (page === undefined) return missing(came, requestOf(tracking));
      if (page.member !== came.record.member) return 'otherMember';
      const number = candidateOf(tracking);
      const card = page.cards.find(({ candidate }) => candidate === number);
      if (card === undefined) return came.event.item.startsWith('member:') && page.at < erasedAt ? 'erased' : 'notOnPage';
      if (card.item !== came.event.item) return 'otherItem';
      return came.at + CLOCK_SKEW_MS < page.at ? 'servedLater' : card;
    },
  };
};
