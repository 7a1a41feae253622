import { orderBest } from '../../memory/order.ts';
import type { FeedWork } from '../candidates.ts';

/** What is left of an item's value after each impression of it, and at least. */
const PER_IMPRESSION = 0.75;
const FLOOR = 0.1;

/** Items seen before are discounted by impressions, never by having been returned. */
export const discountSeen = (work: FeedWork): void => {
  const { candidates: { seenRow, value, finalValue, size }, views: { journey: { seen } }, context } = work;
  const isAllowed = context.allowed.activity;
  const { impressions } = seen.columns;
  for (let c = 0; c < size; c++) {
    const row = isAllowed ? (seenRow[c] ?? -1) : -1;
    const times = row < 0 ? 0 : (impressions[row] ?? 0);
    finalValue[c] = (value[c] ?? 0) * (times === 0 ? 1 : Math.max(FLOOR, PER_IMPRESSION ** times));
  }
};

/** Best first; ties go to the newer entity. */
export const orderByValue = (work: FeedWork): void => {
  const { candidates: { order, finalValue, item, size } } = work;
  for (let c = 0; c < size; c++) order[c] = c;
  orderBest(order, { size, limit: size }, { score: finalValue, tie: item });
};
