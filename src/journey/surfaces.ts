import { kindRow } from '../catalog/kinds.ts';
import { ACTIONS, SURFACES } from '../core/registry.ts';
import type { StoredEvent } from '../funnel/codec.ts';

const FEED = SURFACES.indexOf('feed');
const OTHER = SURFACES.indexOf('other');
const numbers: ReadonlyMap<string, number> = new Map(SURFACES.map((name, number) => [name, number]));

/**
 * Where something was done, as a row of `SURFACES`. What the event says holds. An event that says nothing is stored as of the feed:
 * with a tracking id it was done on a card there; without one it was not, and the action's own surface stands, or else that of its item's kind.
 */
export const surfaceOfEvent = (event: StoredEvent): number => {
  if (event.surface !== 'feed' || event.trackingId !== '') return numbers.get(event.surface) ?? OTHER;
  const own = event.type === 'action' ? ACTIONS[event.action]?.surface : undefined;
  return numbers.get(own ?? kindRow(event.item.slice(0, event.item.indexOf(':')))?.surface ?? 'feed') ?? FEED;
};
