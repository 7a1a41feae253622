/** What a later page, a page by time, or a page of a thin first pass holds: the next items in an order that was fixed before. */
import { MAX_ACTORS } from '../rankers/ranked-list.ts';
import { REASON_CODES } from '../rankers/reasons.ts';
import type { SpanRecorder } from '../workflow/workflow.ts';
import { addCandidate, CAPACITY, NO_RANKER, type FeedWork } from './candidates.ts';
import { ineligible, seenRowOf } from '../rankers/eligible.ts';
import { admitSponsored, type SponsoredParts } from './objectives/sponsored.ts';

const RECENT = REASON_CODES.indexOf('recent');

export interface TailPlace { readonly createdAt: number; readonly item: number }

/** Index in the timeline block of the first entry at or after the place: everything before it is still to come. */
const placeInTimeline = (work: FeedWork, place: TailPlace): { readonly start: number; readonly at: number } => {
  const { timeline, items: { columns: { createdAt } } } = work.views.catalog;
  const { data, head } = timeline.view;
  const start = (head[0] ?? 0) + 2;
  let low = start;
  let high = start + (data[head[0] ?? 0] ?? 0);
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = data[middle] ?? 0;
    const isBefore = (createdAt[item] ?? 0) < place.createdAt || ((createdAt[item] ?? 0) === place.createdAt && item < place.item);
    if (isBefore) low = middle + 1; else high = middle;
  }
  return { start, at: low };
};

/** The item's candidate number, or -1 where it may not be shown (the span says why). What no ranker returned is there for being recent. */
const admit = (work: FeedWork, item: number, span: SpanRecorder): number => {
  const seenRow = seenRowOf(work, item);
  const reason = ineligible(work, item, seenRow);
  const c = reason === undefined ? addCandidate(work, item, seenRow) : -1;
  if (c < 0) span.removed(item, reason ?? 'overCapacity');
  else if (work.candidates.source[c] === NO_RANKER) work.candidates.reason[c] = RECENT;
  return c;
};

/**
 * Walks the timeline from a place towards older items and adds up to `wanted` eligible ones, newest first, skipping those
 * already served (`skip`). @returns candidate numbers, and the place to go on from (undefined at the end).
 */
export const walkTimeline = (work: FeedWork, place: TailPlace, options: { readonly wanted: number; readonly skip: ReadonlySet<number>; readonly span: SpanRecorder }): { readonly found: readonly number[]; readonly next: TailPlace | undefined } => {
  const { timeline, items: { columns: { createdAt } } } = work.views.catalog;
  const { start, at: first } = placeInTimeline(work, place);
  const { data } = timeline.view;
  const found: number[] = [];
  let at = first;
  while (at > start && found.length < options.wanted) {
    const item = data[--at] ?? 0;
    if (options.skip.has(item)) continue;
    const c = admit(work, item, options.span);
    if (c >= 0) found.push(c);
  }
  const last = data[at] ?? 0;
  return { found, next: at > start ? { createdAt: createdAt[last] ?? 0, item: last } : undefined };
};

/** Whether any item of the timeline below a place passes. */
export const anyBelow = (work: FeedWork, place: TailPlace, passes: (item: number) => boolean): boolean => {
  const { start, at } = placeInTimeline(work, place);
  const { data } = work.views.catalog.timeline.view;
  for (let i = at - 1; i >= start; i--) if (passes(data[i] ?? 0)) return true;
  return false;
};

/** The next items of the ranked list that are still eligible, as candidate numbers, and how far that is. */
export const walkRanked = (work: FeedWork, ranked: Int32Array, from: { readonly offset: number; readonly span: SpanRecorder; readonly sponsored: SponsoredParts | undefined }): { readonly found: readonly number[]; readonly offset: number } => {
  const found: number[] = [];
  const paid = new Map(work.cursor?.sponsored.map(({ place, campaign }) => [place, campaign]));
  let offset = from.offset;
  while (offset < ranked.length && found.length < work.limit) {
    const campaign = paid.get(offset);
    const item = ranked[offset++] ?? 0;
    const c = admit(work, item, from.span);
    if (c < 0) continue;
    const why = campaign === undefined ? undefined : from.sponsored === undefined ? 'notSold' : admitSponsored(work, from.sponsored, { candidate: c, campaign, position: work.firstPosition + found.length });
    if (why === undefined) found.push(c);
    else from.span.removed(item, why);
  }
  return { found, offset };
};

/** Keeps these candidates alone, in this order: they become 0, 1, 2 … and keep their scores and reasons. */
export const keepOnly = (work: FeedWork, kept: readonly number[]): void => {
  const { candidates, byItem, rankers } = work;
  const columns = [candidates.item, candidates.seenRow, candidates.source, candidates.reason, candidates.actorCount, candidates.campaign, candidates.price];
  const rows = kept.map((c) => columns.map((column) => column[c] ?? 0));
  const scores = kept.map((c) => rankers.map((_ranker, r) => candidates.scores[r * CAPACITY + c] ?? 0));
  const actors = kept.map((c) => candidates.actors.slice(c * MAX_ACTORS, (c + 1) * MAX_ACTORS));
  byItem.clear(0);
  kept.forEach((_c, to) => {
    columns.forEach((column, i) => { column[to] = rows[to]?.[i] ?? 0; });
    rankers.forEach((_ranker, r) => { candidates.scores[r * CAPACITY + to] = scores[to]?.[r] ?? 0; });
    candidates.actors.set(actors[to] ?? [], to * MAX_ACTORS);
    byItem.set(candidates.item[to] ?? 0, to + 1);
    candidates.order[to] = to;
  });
  rankers.forEach((_ranker, r) => { candidates.scores.fill(0, r * CAPACITY + kept.length, (r + 1) * CAPACITY); });
  candidates.size = kept.length;
  candidates.ordered = kept.length;
};
