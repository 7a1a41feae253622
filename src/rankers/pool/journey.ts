import { STATE } from '../../catalog/catalog.ts';
import { ACTIONS, positiveBits } from '../../core/registry.ts';
import { actionOf, HISTORY_STRIDE } from '../../journey/layout.ts';
import { createNewest, type Stretch } from '../newest.ts';
import { because, type RankedList, type Why } from '../ranked-list.ts';
import type { FirstPassRanker, RankRequest } from '../ranker.ts';
import { reasonNumber } from '../reasons.ts';

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

const newest = createNewest();
/** By place in what was found: the past item that is closest, -1 for none, and how close it is. */
const closest = new Int32Array(newest.items.length);
const closeness = new Float32Array(newest.items.length);

const isNew = ({ viewer, views: { journey } }: RankRequest, item: number): boolean => {
  const row = journey.seen.find(viewer.number, item);
  return row < 0 || ((journey.seen.columns.actions[row] ?? 0) & positiveBits()) === 0;
};

/** The newest feed items, as the catalogue lists them. */
const timeline = ({ views: { catalog } }: RankRequest): Stretch => {
  const { data, head } = catalog.timeline.view;
  const block = head[0] ?? 0;
  return { data, first: block + 2, end: block + 2 + (data[block] ?? 0) };
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

/** The past item that speaks most for each of the n found: the one that is closest to it. */
const findClosest = (past: readonly number[], n: number): void => {
  closest.fill(-1, 0, n);
  closeness.fill(NAMED_FROM, 0, n);
  for (const each of past) {
    const likeness = newest.alike(each, n);
    for (let i = 0; i < n; i++) {
      const close = likeness[i] ?? 0;
      if (close <= (closeness[i] ?? 0)) continue;
      closeness[i] = close;
      closest[i] = each;
    }
  }
};

const reasonFor = (place: number): Why => {
  why.actor = closest[place] ?? -1;
  return why.actor < 0 ? FITS : why;
};

/**
 * Items closest to the viewer's state by the journey model, on any surface that feeds it: next-item retrieval by cosine. A member without
 * events has a state made from their profile. Cost: `NEWEST` products, whatever the inventory: 8,192.
 */
export const journey: FirstPassRanker = {
  name: 'journey', about: 'what comes next after your whole journey, by the journey model',
  kinds: ['article', 'post', 'job'], signals: ['activity', 'sequence'], limit: LIMIT,
  rank: (request, into: RankedList) => {
    const { taste } = request.viewer;
    if (taste === undefined) return;
    newest.read(taste, timeline(request));
    const size = newest.best(LIMIT, (item) => isNew(request, item));
    if (!taste.isProfile) findClosest(pastOf(request), size);
    for (let i = 0; i < size; i++) into.add(newest.items[i] ?? 0, newest.scores[i] ?? 0, taste.isProfile ? FITS_PROFILE : reasonFor(i));
  },
};
