/** What a later page, a page by time, or a page of a thin first pass holds: the next items in an order that was fixed before. */
import { MAX_ACTORS } from '../rankers/ranked-list.ts';
import { REASON_CODES } from '../rankers/reasons.ts';
import type { SpanRecorder } from '../workflow/workflow.ts';
import { addCandidate, CAPACITY, NO_RANKER, type FeedWork } from './candidates.ts';
import { ineligible, seenRowOf } from '../rankers/eligible.ts';
import type { Fixed } from './cursor.ts';
import type { SponsoredParts } from './objectives/sponsored-ranker.ts';
import { admitSponsored } from './objectives/sponsored.ts';
import { brokenAt, createStretch, LIST_RULES, putItem, REACH } from './re-rankers/rules.ts';
import { weariness } from './re-rankers/seen.ts';

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

/** Kinds that the viewer has had enough of by now sink below all others; nothing else changes places. */
const sinkWeary = (work: FeedWork, items: Int32Array): Int32Array => {
  const { kind } = work.views.catalog.items.columns;
  const isWeary = (item: number): boolean => weariness(work, kind[item] ?? 0) > 0;
  return items.some(isWeary) ? Int32Array.from([...items.filter((item) => !isWeary(item)), ...items.filter(isWeary)]) : items;
};

/** Of what is left so many are looked at for one that keeps the rules. */
const LOOKED_AHEAD = 60;
/** What stands just above a place, and what might stand there. */
const above = createStretch(REACH + 1);

/** Of what is left the first that breaks least with what stands above; what is paid for does not overtake. */
const nextOf = ({ views: { catalog: { items: { columns } } } }: FeedWork, left: readonly number[], { stood, isPaid }: { readonly stood: readonly number[]; readonly isPaid: (item: number) => boolean }): number => {
  const place = Math.min(REACH, stood.length);
  for (let back = 1; back <= place; back++) putItem(above, place - back, { item: stood[stood.length - back] ?? 0, columns });
  above.size = place + 1;
  let [best, least] = [0, Infinity];
  for (let at = 0; at < Math.min(left.length, LOOKED_AHEAD) && least > 0; at++) {
    const item = left[at] ?? 0;
    if (at > 0 && isPaid(item)) continue;
    putItem(above, place, { item, columns });
    const broken = brokenAt(above, place, LIST_RULES);
    if (broken < least) { best = at; least = broken; }
  }
  return best;
};

/**
 * The next page of the order, as candidate numbers, and the order as it is from then on: what was not eligible, what stands, what is left. Where
 * something went, what it kept apart comes closer: an item that would break a rule waits until it breaks none, on this page or a later one.
 */
export const walkRanked = (work: FeedWork, { ranked, offset, sponsored: paid }: Fixed, { span, parts }: { readonly span: SpanRecorder; readonly parts: SponsoredParts | undefined }): { readonly found: readonly number[]; readonly fixed: Fixed } => {
  const campaigns = new Map(paid.map(({ place, campaign }) => [ranked[place] ?? 0, campaign]));
  const left = Array.from(sinkWeary(work, ranked.subarray(offset)));
  const stood = Array.from(ranked.subarray(Math.max(0, offset - REACH), offset));
  const gone: number[] = [];
  const found: number[] = [];
  while (found.length < work.limit && left.length > 0) {
    const [item = 0] = left.splice(nextOf(work, left, { stood, isPaid: (each) => campaigns.has(each) }), 1);
    const campaign = campaigns.get(item);
    const c = admit(work, item, span);
    const why = c < 0 || campaign === undefined ? undefined : parts === undefined ? 'notSold' : admitSponsored(work, parts, { candidate: c, campaign, position: work.firstPosition + found.length });
    if (why !== undefined) span.removed(item, why);
    if (c < 0 || why !== undefined) gone.push(item);
    else { found.push(c); stood.push(item); }
  }
  const order = Int32Array.from([...ranked.subarray(0, offset), ...gone, ...stood.slice(stood.length - found.length), ...left]);
  const begins = order.length - left.length;
  const stillPaid = left.flatMap((item, i) => { const campaign = campaigns.get(item); return campaign === undefined ? [] : [{ place: begins + i, campaign }]; });
  return { found, fixed: { ranked: order, offset: begins, sponsored: stillPaid } };
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
