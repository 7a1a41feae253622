/** Served pages as the funnel remembers them: who was shown which card where, and what became of it; no features, no trace. */
import { trackingId, type Millis, type RequestId } from '../core/ids.ts';
import type { StoredRecord } from '../log/port.ts';
import { decodeServedCards, type ServedCard, type ServedPage } from './served.ts';

export interface Page {
  readonly requestId: RequestId;
  readonly member: string;
  readonly at: Millis;
  readonly surface: string;
  readonly sort: string;
  readonly model: string;
  readonly weights: string;
  readonly rules: string;
  /** Experiment key → variant. */
  readonly variants: Readonly<Record<string, string>>;
  readonly cards: readonly Card[];
}

export interface Card {
  readonly page: Page;
  /** The candidate's number in its request; with the request id it makes the tracking id. */
  readonly candidate: number;
  /** Place in the whole list, from 0. */
  readonly position: number;
  readonly item: string;
  /** The first-pass ranker whose reason was shown; empty where none brought the item. */
  readonly ranker: string;
  /** Row of the reason codes. */
  readonly reason: number;
  /** What became of it so far: it left with its page; it came into view; something was done because it was liked; bits of the actions done on it, and of those taken back. */
  answered: boolean;
  seen: boolean;
  liked: boolean;
  acted: number;
  undone: number;
}

export const idOf = (card: Card): string => trackingId(card.page.requestId, card.candidate);

export const kindOf = (reference: string): string => reference.slice(0, Math.max(0, reference.indexOf(':')));

/** Versions are few and pages many: equal texts are kept once. */
export const createPageReader = (): ((record: StoredRecord) => Page) => {
  const texts = new Map<string, string>();
  const variants = new Map<string, Readonly<Record<string, string>>>();
  const once = (text: string): string => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
  const assigned = (served: Pick<ServedPage, 'assignments'>): Readonly<Record<string, string>> => {
    const key = JSON.stringify(served.assignments);
    const known = variants.get(key) ?? served.assignments;
    variants.set(key, known);
    return known;
  };
  return (record) => {
    const served = decodeServedCards(record.payload);
    const cards: Card[] = [];
    const page: Page = {
      requestId: record.id as RequestId, member: record.member ?? '', at: record.at, surface: once(served.surface), sort: once(served.sort),
      model: once(served.model), weights: once(served.weights), rules: once(served.rules), variants: assigned(served), cards,
    };
    const card = ({ candidate, position, item, ranker, reason }: ServedCard): Card =>
      ({ page, candidate, position, item, ranker: once(served.rankers[ranker] ?? ''), reason, answered: false, seen: false, liked: false, acted: 0, undone: 0 });
    cards.push(...served.items.map(card));
    return page;
  };
};
