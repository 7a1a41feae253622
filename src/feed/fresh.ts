/** What came since a page was made: counted behind "n new", never put before the viewer unasked. */
import { ThroughlineError } from '../core/errors.ts';
import { requestTime } from '../core/ids.ts';
import { sequence, type Operator } from '../workflow/workflow.ts';
import type { FeedWork } from './candidates.ts';

/** What a page counts of what came since: no further than a number that is worth telling apart. */
export interface Fresh { readonly count: number; /** There are more than were counted. */ readonly more: boolean }

const MOST_FRESH = 99;

/** When the page of a request was made, milliseconds since the epoch: ids begin with it (see service.ts). @throws client/invalidRequest */
export const timeOfRequest = (requestId: string): number => {
  const at = requestTime(requestId);
  if (at === undefined) throw new ThroughlineError('client/invalidRequest', 'since must be the requestId of a page of this feed, as it came', { where: { field: 'since' } });
  return at;
};

/** Candidates of the first pass that are newer, and that the viewer has not seen. */
const countFresh = ({ candidates: { item, seenRow, size }, views: { catalog: { items: { columns: { createdAt } } } } }: FeedWork, since: number): Fresh => {
  let count = 0;
  for (let c = 0; c < size; c++) if ((createdAt[item[c] ?? 0] ?? 0) > since && (seenRow[c] ?? -1) < 0) count++;
  return { count: Math.min(MOST_FRESH, count), more: count > MOST_FRESH };
};

/** The first operators of a page, and no more: what could stand on it. */
export const freshWorkflow = (firstPass: readonly Operator<FeedWork>[]): { readonly operator: Operator<FeedWork>; count(work: FeedWork, since: number): Fresh } =>
  ({ operator: sequence({ name: 'fresh', about: 'what came since a page was made', children: firstPass }), count: countFresh });
