/** From the rankers' lists to candidates: one per item, every first-pass score kept, actors gathered, what may not be shown removed. */
import { ineligible, seenRowOf } from '../rankers/eligible.ts';
import { MAX_ACTORS, type RankedList } from '../rankers/ranked-list.ts';
import type { SpanRecorder } from '../workflow/workflow.ts';
import { addCandidate, CAPACITY, RESERVED, type FeedWork } from './candidates.ts';

/** Of a viewer who has seen more, every candidate is looked up. */
const MOST_MARKED = 4096;
const SEEN = -1;

/**
 * Marks the items that the viewer has seen, so that they alone are looked up: a look-up among all that anybody has seen is a miss of the cache.
 * @returns false where there are too many
 */
const markSeen = ({ viewer, byItem, views: { journey } }: FeedWork): boolean => {
  if (viewer.number < 0) return true;
  const { data, head } = journey.seenBy.view;
  const block = head[viewer.number] ?? 0;
  const count = data[block] ?? 0;
  if (count > MOST_MARKED) return false;
  for (let at = block + 2; at < block + 2 + count; at++) byItem.set(data[at] ?? 0, SEEN);
  return true;
};

/** By candidate: how strong the reason is that it has so far. */
const best = new Float32Array(CAPACITY);

/** Scores of different rankers are not comparable: each is divided by its list's best before they compete for the reason. */
const takeList = (work: FeedWork, list: RankedList, { ranker, isMarked, span }: { readonly ranker: number; readonly isMarked: boolean; readonly span: SpanRecorder }): void => {
  const { candidates: { scores, source, reason, actorCount, actors }, byItem } = work;
  const { size, item: items, score: listScores, actorCount: listCounts, actors: listActors } = list;
  const top = listScores[0] ?? 1;
  for (let row = 0; row < size; row++) {
    const item = items[row] ?? 0;
    const score = listScores[row] ?? 0;
    const known = byItem.values[item] ?? 0;
    let c = known - 1;
    if (c < 0) {
      const seenRow = isMarked && known !== SEEN ? -1 : seenRowOf(work, item);
      const why = ineligible(work, item, seenRow);
      if (why !== undefined) { span.removed(item, why); continue; }
      c = work.candidates.size < CAPACITY - RESERVED ? addCandidate(work, item, seenRow) : -1;
      if (c < 0) { span.removed(item, 'overCapacity'); continue; }
      best[c] = -1;
    }
    scores[ranker * CAPACITY + c] = score;
    const relative = score / top;
    // A reason with a name in it says more than any other.
    const strength = listActors[row * MAX_ACTORS] === 0 ? relative : 1 + relative;
    if (strength <= (best[c] ?? 0)) continue;
    best[c] = strength;
    source[c] = ranker;
    reason[c] = list.reason[row] ?? 0;
    actorCount[c] = listCounts[row] ?? 0;
    for (let a = 0; a < MAX_ACTORS; a++) actors[c * MAX_ACTORS + a] = listActors[row * MAX_ACTORS + a] ?? 0;
  }
};

export const merge = (work: FeedWork, span: SpanRecorder): void => {
  const isMarked = markSeen(work);
  // The sponsored, last of the lists, are brought in apart.
  for (const [ranker, list] of work.lists.entries()) if (ranker < work.rankers.length) takeList(work, list, { ranker, isMarked, span });
  span.kept(work.candidates.size);
};

/** How many were eligible, and which (order does not matter). */
export const digestEligible = (work: FeedWork): void => {
  let digest = 0;
  for (let c = 0; c < work.candidates.size; c++) digest = (digest + Math.imul((work.candidates.item[c] ?? 0) + 1, 0x9e3779b1)) >>> 0;
  work.eligible = work.candidates.size;
  work.eligibleDigest = digest;
};

