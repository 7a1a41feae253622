import type { FeedWork } from '../candidates.ts';

/** What is left of an item's value after each impression of it, and at least. */
const PER_IMPRESSION = 0.75;
const FLOOR = 0.1;

/** Items seen before are discounted by impressions, never by having been returned. */
export const discountSeen = (work: FeedWork): void => {
  const { candidates, viewer, views: { journey }, context } = work;
  for (let c = 0; c < candidates.size; c++) {
    const row = viewer.number < 0 || !context.allowed.activity ? -1 : journey.seen.find(viewer.number, candidates.item[c] ?? 0);
    const impressions = row < 0 ? 0 : (journey.seen.columns.impressions[row] ?? 0);
    candidates.finalValue[c] = (candidates.value[c] ?? 0) * Math.max(FLOOR, PER_IMPRESSION ** impressions);
  }
};

/** Best first; ties go to the newer entity. */
export const orderByValue = (work: FeedWork): void => {
  const { candidates: { order, finalValue, item, size } } = work;
  for (let c = 0; c < size; c++) order[c] = c;
  order.subarray(0, size).sort((a, b) => (finalValue[b] ?? 0) - (finalValue[a] ?? 0) || (item[b] ?? 0) - (item[a] ?? 0));
};
