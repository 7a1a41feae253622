/**
 * On a share of first pages one candidate that hardly anybody was shown yet is valued like the card of a place drawn at random, so that new voices are
 * tried and what they are worth can be learned. The rules of the list come after it and hold for it too.
 */
import type { FeedWork } from '../candidates.ts';

/** A maker is new until what they made was seen this often; an item without a maker until it was itself. */
const NEW_MAKER_SEEN = 100;
const NEW_ITEM_SEEN = 20;
/** Candidates looked through behind the page, best first: a newcomer is tried where it might fit. */
const LOOKED_THROUGH = 200;
/** The first place whose value a newcomer may be given, counted from 0; the rules of the list may move it by a little. */
const FIRST_PLACE = 2;

const isNew = ({ views: { catalog, journey } }: FeedWork, item: number): boolean => {
  const maker = (catalog.items.columns.author[item] ?? 0) - 1;
  const { columns: { impressions, shownOfMaker }, words } = journey.counters;
  return maker < 0 ? (impressions[item * words] ?? 0) < NEW_ITEM_SEEN : (shownOfMaker[maker * words] ?? 0) < NEW_MAKER_SEEN;
};

const found = new Int32Array(LOOKED_THROUGH);

/**
 * Candidates are ordered by value. Each newcomer and each place is as likely as any other: the propensity of the one that is raised is share ÷
 * (newcomers × places), and where there are newcomers the others keep 1 − share (see explore.ts).
 */
export const raiseNewcomer = (work: FeedWork, share: number): void => {
  const { candidates: { order, ordered, item, finalValue, propensity, forced } } = work;
  const places = Math.min(work.limit, ordered);
  let count = 0;
  for (let at = places; at < ordered && at < places + LOOKED_THROUGH; at++) { const c = order[at] ?? 0; if (isNew(work, item[c] ?? 0)) found[count++] = c; }
  const open = places - FIRST_PLACE;
  const isTried = share > 0 && count > 0 && open > 0;
  for (let at = 0; at < ordered; at++) propensity[order[at] ?? 0] = isTried ? 1 - share : 1;
  if (!isTried) return;
  const random = work.context.random.fork('newcomers');
  if (random.next() >= share) return;
  const chosen = found[Math.floor(random.next() * count)] ?? 0;
  const place = FIRST_PLACE + Math.floor(random.next() * open);
  finalValue[chosen] = finalValue[order[place] ?? 0] ?? 0;
  // Up to its place; what stood there and below goes down by one.
  let at = order.indexOf(chosen);
  for (; at > place; at--) order[at] = order[at - 1] ?? 0;
  order[place] = chosen;
  propensity[chosen] = share / (count * open);
  forced[chosen] = 1;
};
