import { orderBest } from '../../memory/order.ts';
import type { FeedWork } from '../candidates.ts';

/** What is left of an item's value after each impression of it, and at least. */
const PER_IMPRESSION = 0.75;
const FLOOR = 0.1;

/** A kind of which the viewer waved away this many within a day keeps this much of its value, and so on with each more. */
const TIRED_AFTER = 2;
const WHEN_TIRED = 0.2;

/** How many items of a kind the viewer waved away within a day beyond what is borne; above 0 they have had enough of it. */
export const weariness = ({ viewer: { waved } }: Pick<FeedWork, 'viewer'>, kind: number): number => (waved[kind] ?? 0) - TIRED_AFTER + 1;

/** What is left of a candidate's value: items seen before are discounted by impressions, never by having been returned; and kinds that the viewer has had enough of today. */
export const discountOf = (work: FeedWork, c: number): number => {
  const { candidates: { item, seenRow }, views: { journey: { seen }, catalog }, context } = work;
  const row = context.allowed.activity ? (seenRow[c] ?? -1) : -1;
  const times = row < 0 ? 0 : (seen.columns.impressions[row] ?? 0);
  const tired = weariness(work, catalog.items.columns.kind[item[c] ?? 0] ?? 0);
  return (times === 0 ? 1 : Math.max(FLOOR, PER_IMPRESSION ** times)) * (tired > 0 ? WHEN_TIRED ** tired : 1);
};

export const discountSeen = (work: FeedWork): void => {
  const { value, finalValue, size } = work.candidates;
  for (let c = 0; c < size; c++) finalValue[c] = (value[c] ?? 0) * discountOf(work, c);
};

/** Best first; ties go to the newer entity. */
export const orderByValue = (work: FeedWork): void => {
  const { candidates } = work;
  const { order, finalValue, item, size } = candidates;
  candidates.ordered = size;
  for (let c = 0; c < size; c++) order[c] = c;
  orderBest(order, { size, limit: size }, { score: finalValue, tie: item });
};
