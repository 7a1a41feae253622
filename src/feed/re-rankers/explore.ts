import type { FeedWork } from '../candidates.ts';

/**
 * On a small share of first pages two places of the page change items at random, so that the effect of a place can be told
 * from the effect of what stands there (swap intervention, Joachims et al. 2017). Propensities are multiplied into those that stand there (newcomers.ts) and served with the page.
 */
export const explore = (work: FeedWork, share: number): void => {
  const { candidates: { order, propensity, forced, ordered } } = work;
  const places = Math.min(work.limit, ordered);
  const pairs = (places * (places - 1)) / 2;
  if (pairs === 0 || share === 0) return;
  for (let i = 0; i < places; i++) { const c = order[i] ?? 0; propensity[c] = (propensity[c] ?? 1) * (1 - share * (2 / places)); }
  const random = work.context.random.fork('explore');
  if (random.next() >= share) return;
  const first = Math.floor(random.next() * places);
  const second = (first + 1 + Math.floor(random.next() * (places - 1))) % places;
  const a = order[first] ?? 0;
  const b = order[second] ?? 0;
  order[first] = b; order[second] = a;
  for (const moved of [a, b]) { propensity[moved] = (forced[moved] === 1 ? (propensity[moved] ?? 1) : 1) * share / pairs; forced[moved] = 1; }
};
