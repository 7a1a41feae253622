/** What may be shown at all, on any surface. */
import { STATE } from '../catalog/catalog.ts';
import { DISMISSED } from '../journey/journey.ts';
import type { Viewer } from './viewer.ts';
import type { Views } from './views.ts';

/** `horizon`: what came at this log sequence or later stays out. */
export interface Showing { readonly viewer: Viewer; readonly views: Views; readonly horizon: number }

/** Row of what the viewer has seen of an item and done to it; -1 for none. */
export const seenRowOf = ({ viewer, views: { journey } }: Pick<Showing, 'viewer' | 'views'>, item: number): number => (viewer.number < 0 ? -1 : journey.seen.find(viewer.number, item));

/** Why an item may not be shown to this viewer now, or undefined. @param seenRow see `seenRowOf` */
export const ineligible = ({ viewer, views: { catalog, journey }, horizon }: Showing, item: number, seenRow: number): string | undefined => {
  const { state, author, addedAt } = catalog.items.columns;
  if (state[item] !== STATE.alive) return 'gone';
  if ((addedAt[item] ?? 0) > horizon) return 'newerThanFirstPage';
  if (item === viewer.number || (author[item] ?? 0) - 1 === viewer.number && viewer.number >= 0) return 'own';
  return seenRow >= 0 && ((journey.seen.columns.actions[seenRow] ?? 0) & DISMISSED) !== 0 ? 'dismissed' : undefined;
};
