import { STATE } from '../../catalog/catalog.ts';
import { ACTIONS, positiveBits } from '../../core/registry.ts';
import { actionOf, HISTORY_STRIDE } from '../../journey/layout.ts';
import { alike, suits } from '../taste.ts';
import { because, type RankedList, type Why } from '../ranked-list.ts';
import type { FirstPassRanker, RankRequest } from '../ranker.ts';
import { reasonNumber } from '../reasons.ts';
import type { ViewerTaste } from '../viewer.ts';

/** Newest feed items whose vectors are read, whatever the inventory: about half a millisecond of plain arithmetic. */
const READ = 8192;
const LIMIT = 150;
/** Past items that may be named as a reason, the newest of the distinct ones. */
const NAMED = 8;
/** A past item is named where it is at least this close to the candidate: a fainter link would puzzle. */
const NAMED_FROM = 0.3;

const FITS = because('fitsJourney');
const FITS_PROFILE = because('fitsProfile');
const BECAUSE = reasonNumber('becauseOf');
/** Filled anew for each item: a list copies what it is told. */
const why: { reason: number; actor: number } = { reason: BECAUSE, actor: -1 };

const items = new Int32Array(LIMIT);
const scores = new Float32Array(LIMIT);
const fit = new Float32Array(READ);

const isNew = ({ viewer, views: { journey } }: RankRequest, item: number): boolean => {
  const row = journey.seen.find(viewer.number, item);
  return row < 0 || ((journey.seen.columns.actions[row] ?? 0) & positiveBits()) === 0;
};

/** The best of the newest items that the viewer has not touched, best first, of equals the newer. @returns how many */
const best = (request: RankRequest, taste: ViewerTaste): number => {
  const { data, head } = request.views.catalog.timeline.view;
  const block = head[0] ?? 0;
  const end = block + 2 + (data[block] ?? 0);
  const from = Math.max(block + 2, end - READ);
  suits(taste, data, { from, to: end, out: fit });
  let size = 0;
  let bar = 0;
  for (let at = end - 1; at >= from; at--) {
    const item = data[at] ?? 0;
    const score = fit[at - from] ?? 0;
    if (score <= bar || !isNew(request, item)) continue;
    let place = size < LIMIT ? size++ : LIMIT - 1;
    for (; place > 0 && (scores[place - 1] ?? 0) < score; place--) {
      scores[place] = scores[place - 1] ?? 0;
      items[place] = items[place - 1] ?? 0;
    }
    scores[place] = score;
    items[place] = item;
    if (size === LIMIT) bar = scores[LIMIT - 1] ?? 0;
  }
  return size;
};

/** What the viewer did last because they liked it: alive, distinct, of a kind that has a name to be known by. */
const pastOf = ({ viewer, views: { catalog, journey }, context }: RankRequest): readonly number[] => {
  const { data, head } = journey.history.view;
  const block = head[viewer.number] ?? 0;
  const end = block + 2 + (data[block] ?? 0);
  const past = new Set<number>();
  for (let at = end - HISTORY_STRIDE; at >= block + 2 && past.size < NAMED; at -= HISTORY_STRIDE) {
    const action = ACTIONS[actionOf(data[at + 1] ?? 0)];
    const item = data[at] ?? 0;
    if (action?.polarity === 1 && context.allowed[action.signal] && catalog.items.columns.state[item] === STATE.alive) past.add(item);
  }
  return [...past];
};

/** The past event that speaks most for this item: the one whose item is closest to it. */
const reasonFor = (taste: ViewerTaste, past: readonly number[], item: number): Why => {
  let closest = NAMED_FROM;
  why.actor = -1;
  for (const each of past) {
    const close = alike(taste, each, item);
    if (close <= closest) continue;
    closest = close;
    why.actor = each;
  }
  return why.actor < 0 ? FITS : why;
};

/**
 * Items closest to the viewer's state by the journey model, on any surface that feeds it: next-item retrieval by cosine. A member without
 * events has a state made from their profile. Cost: `READ` products, whatever the inventory.
 */
export const journey: FirstPassRanker = {
  name: 'journey', about: 'what comes next after your whole journey, by the journey model',
  kinds: ['article', 'post', 'job'], signals: ['activity', 'sequence'], limit: LIMIT,
  rank: (request, into: RankedList) => {
    const { taste } = request.viewer;
    if (taste === undefined) return;
    const size = best(request, taste);
    const past = taste.isProfile ? [] : pastOf(request);
    for (let i = 0; i < size; i++) {
      const item = items[i] ?? 0;
      into.add(item, scores[i] ?? 0, taste.isProfile ? FITS_PROFILE : reasonFor(taste, past, item));
    }
  },
};
