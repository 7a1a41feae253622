/**
 * How much of a look an impression is. A card that came into view at the twentieth place is looked at less than one at the first; a rate of
 * response that counted them alike would say more of places than of cards. What follows here follows from the log alone: where the cards of a
 * page stood, and the examination curve of the model that served when they were seen. Kept by the writer, in its own memory.
 */
import { candidateOf, requestOf, type TrackingId } from '../core/ids.ts';
import { decodeAnswered } from '../funnel/answered.ts';
import { attentionAt, attentionBy, decodePublished } from '../funnel/published.ts';
import type { StoredRecord } from '../log/port.ts';

/** Pages whose places are remembered: about 300 bytes each. Impressions come within minutes. */
const PAGES = 65_536;
/** An impression of which nobody knows where it stood is as much of a look as those of so many places are on average. */
const AVERAGE_OF = 20;

export interface Looks {
  /** Takes in pages that were answered and models that serve from now on. */
  apply(record: StoredRecord): void;
  /** From 0 to 1. */
  of(trackingId: string): number;
}

export const createLooks = (): Looks => {
  /** By request, oldest first: candidates and their places in turns. */
  const pages = new Map<string, Uint16Array>();
  let attention = attentionBy([]);
  const averageOf = (): number => Array.from({ length: AVERAGE_OF }, (_, place) => attentionAt(attention, place)).reduce((sum, each) => sum + each, 0) / AVERAGE_OF;
  let average = averageOf();
  const remember = (request: string, { surface, cards }: ReturnType<typeof decodeAnswered>): void => {
    // The curve is that of a feed.
    if (surface !== 'feed') return;
    pages.set(request, Uint16Array.from(cards.flatMap(({ candidate, position }) => [candidate, Math.min(position, 0xffff)])));
    const [oldest] = pages.keys();
    if (pages.size > PAGES && oldest !== undefined) pages.delete(oldest);
  };
  return {
    apply: ({ type, id, payload }) => {
      if (type === 'answered') remember(id, decodeAnswered({ payload }));
      if (type !== 'model') return;
      const { examination } = decodePublished(payload);
      if (examination === undefined) return;
      attention = attentionBy(examination);
      average = averageOf();
    },
    of: (trackingId) => {
      const page = trackingId === '' ? undefined : pages.get(requestOf(trackingId as TrackingId));
      if (page === undefined) return average;
      const candidate = candidateOf(trackingId as TrackingId);
      for (let i = 0; i < page.length; i += 2) if (page[i] === candidate) return attentionAt(attention, page[i + 1] ?? 0);
      return average;
    },
  };
};
