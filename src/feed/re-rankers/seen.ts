import { orderBest } from '../../memory/order.ts';
import type { FeedWork } from '../candidates.ts';

/** What is left of an item's value after each impression of it, and at least. */
const PER_IMPRESSION = 0.75;
const FLOOR = 0.1;

/** A kind of which the viewer waved away this many within a day keeps this much of its value, and so on with each more. */
const TIRED_AFTER = 2;
const WHEN_TIRED = 0.2;

/** Items seen before are discounted by impressions, never by having been returned; and kinds that the viewer has had enough of today. */
export const discountSeen = (work: FeedWork): void => {
  const { candidates: { item, seenRow, value, finalValue, size }, viewer: { waved }, views: { journey: { seen }, catalog }, context } = work;
  const { kind } = catalog.items.columns;
  const isAllowed = context.allowed.activity;
  const { impressions } = seen.columns;
  for (let c = 0; c < size; c++) {
    const row = isAllowed ? (seenRow[c] ?? -1) : -1;
    const times = row < 0 ? 0 : (impressions[row] ?? 0);
    const tired = (waved[kind[item[c] ?? 0] ?? 0] ?? 0) - TIRED_AFTER + 1;
    finalValue[c] = (value[c] ?? 0) * (times === 0 ? 1 : Math.max(FLOOR, PER_IMPRESSION ** times)) * (tired > 0 ? WHEN_TIRED ** tired : 1);
  }
};

/** Best first; ties go to the newer entity. */
export const orderByValue = (work: FeedWork): void => {
  const { candidates } = work;
  const { order, finalValue, item, size } = candidates;
  candidates.ordered = size;
  for (let c = 0; c < size; c++) order[c] = c;
  orderBest(order, { size, limit: size }, { score: finalValue, tie: item });
};
