/** Where a feed request goes: this list, from top to bottom. `throughline workflow feed` prints it. */
import type { LogRecord } from '../log/port.ts';
import type { SpanRecorder, Operator } from '../workflow/workflow.ts';
import { parallel, sequence } from '../workflow/workflow.ts';
import { computeFeatures } from '../models/features.ts';
import { POOL } from '../rankers/pool/index.ts';
import { answeredRecord } from '../funnel/answered.ts';
import { ineligible, seenRowOf } from '../rankers/eligible.ts';
import { createRankedList } from '../rankers/ranked-list.ts';
import { DEFAULT_TIMEOUT_MS, type FirstPassRanker } from '../rankers/ranker.ts';
import { CAPACITY, type Candidates, type FeedWork } from './candidates.ts';
import { anyBelow, keepOnly, walkRanked, walkTimeline, type TailPlace } from './continue.ts';
import type { CursorCodec, CursorState } from './cursor.ts';
import { decorate } from './decorate.ts';
import { digestEligible, merge } from './merge.ts';
import type { Campaigns } from './objectives/campaigns.ts';
import { sponsoredRanker, type SponsoredParts } from './objectives/sponsored-ranker.ts';
import { barHidden, bringSponsored, campaignOf, mergeSponsored, setApart } from './objectives/sponsored.ts';
import { SPONSORED_DEFAULTS } from './objectives/settings.ts';
import { diversify } from './re-rankers/diversity.ts';
import { KIND_APART, LIST_RULES } from './re-rankers/rules.ts';
import { explore } from './re-rankers/explore.ts';
import { raiseNewcomer } from './re-rankers/newcomers.ts';
import { discountSeen, orderByValue } from './re-rankers/seen.ts';
import type { SecondPass } from './second-pass.ts';
import { servedRecord } from './served.ts';
import { feedValues, type ActionValues } from './values.ts';

export interface FeedParts {
  readonly rankers: readonly FirstPassRanker[];
  readonly secondPass: (values: ActionValues) => SecondPass;
  /** For everybody who is in no experiment. */
  readonly values: ActionValues;
  readonly cursors: CursorCodec;
  /** Takes the served record; the page does not wait for it (docs/decisions/0005). */
  readonly emit: (record: LogRecord) => void;
  /** Campaigns and what holds for them; absent: nothing is sponsored. */
  readonly sponsored?: SponsoredParts;
  /** Share of first pages on which two places change items at random. */
  readonly exploration: number;
  /** Share of first pages that try something hardly anybody was shown. */
  readonly newcomers: number;
}

const NEWEST: TailPlace = { createdAt: Infinity, item: 0 };

const askRanker = (ranker: FirstPassRanker, number: number): Operator<FeedWork> => ({
  name: ranker.name, about: ranker.about,
  timeoutMs: ranker.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  enabled: (work) => work.sort === 'relevance' && ranker.signals.every((family) => work.context.allowed[family]),
  fallback: {
    about: 'no candidates, and the page says what is missing',
    // Whoever answers late keeps the old list, which nobody reads any more.
    run: (work) => { work.lists[number] = createRankedList(); work.missing.push(ranker.name); },
  },
  run: (work, span) => {
    const list = work.lists[number];
    if (list === undefined) return undefined;
    const finish = (): void => { list.finish(ranker.limit); span.kept(list.size); span.counted('noEntityOrScore', list.refused); };
    const ranked = ranker.rank({ viewer: work.viewer, views: work.views, context: work.context }, list);
    return ranked === undefined ? finish() : ranked.then(finish);
  },
});

/** Later pages and pages by time take their items from an order fixed before; the rankers still say why an item is there. */
const continueFixed = (work: FeedWork, span: SpanRecorder, sponsored: SponsoredParts | undefined): void => {
  const { cursor } = work;
  const ranked = walkRanked(work, cursor ?? { ranked: new Int32Array(), offset: 0, sponsored: [] }, { span, parts: sponsored });
  const wanted = work.limit - ranked.found.length;
  const skip = new Set(cursor?.ranked);
  const walked = wanted > 0 ? walkTimeline(work, cursor?.tail ?? NEWEST, { wanted, skip, span }) : { found: [], next: cursor?.tail ?? NEWEST };
  keepOnly(work, [...ranked.found, ...walked.found]);
  work.tail = walked.next;
  work.fixed = ranked.fixed;
  span.kept(work.candidates.size);
};

const isFixed = (work: FeedWork): boolean => work.cursor !== undefined || work.sort === 'recent';

/** A thin first pass is topped up with the most recent eligible items. */
const fill = (work: FeedWork, span: SpanRecorder): void => {
  const wanted = work.limit - work.candidates.size;
  const known = new Set(work.candidates.item.subarray(0, work.candidates.size));
  walkTimeline(work, NEWEST, { wanted, skip: known, span });
  span.kept(work.candidates.size);
};

const itemsInOrder = ({ order, item, ordered }: Candidates): Int32Array => {
  const items = new Int32Array(ordered);
  for (let place = 0; place < ordered; place++) items[place] = item[order[place] ?? 0] ?? 0;
  return items;
};

/** Which places of the order are paid for, and by whom. */
const sponsoredPlaces = (work: FeedWork, campaigns: Campaigns | undefined): CursorState['sponsored'] => {
  const { order, ordered } = work.candidates;
  const places: { readonly place: number; readonly campaign: number }[] = [];
  if (work.ads.size === 0) return places;
  for (let place = 0; place < ordered; place++) {
    const campaign = campaignOf(work, order[place] ?? 0, campaigns);
    if (campaign >= 0) places.push({ place, campaign });
  }
  return places;
};

const paginate = (work: FeedWork, span: SpanRecorder, { cursors, campaigns }: { readonly cursors: CursorCodec; readonly campaigns: Campaigns | undefined }): void => {
  const { candidates, context, cursor } = work;
  const places = Math.min(work.limit, candidates.ordered);
  work.page = candidates.order.slice(0, places);
  span.kept(places);
  span.counted('belowThePage', candidates.ordered - places);
  const wasFixed = isFixed(work);
  const { ranked, offset, sponsored } = (wasFixed ? work.fixed : undefined) ?? { ranked: itemsInOrder(candidates), offset: places, sponsored: sponsoredPlaces(work, campaigns) };
  const tail = wasFixed ? work.tail : NEWEST;
  if (offset >= ranked.length && !hasMore(work, tail, ranked)) return;
  work.nextCursor = cursors.encode({
    sort: work.sort, createdAt: cursor?.createdAt ?? context.now, horizon: work.horizon, position: work.firstPosition + places,
    ranked, offset, sponsored, lastSponsored: work.lastSponsored, tail: tail ?? { createdAt: -Infinity, item: 0 },
  }, work.memberId);
};

/** Whether anything eligible is left below a place of the timeline: looks until it finds one. */
const hasMore = (work: FeedWork, tail: TailPlace | undefined, ranked: Int32Array): boolean => {
  if (tail === undefined) return false;
  const served = new Set(ranked);
  return anyBelow(work, tail, (item) => !served.has(item) && ineligible(work, item, seenRowOf(work, item)) === undefined);
};

/**
 * Features are defined over the pool's columns, in its order. Other rankers say why an item is there and bring it in; they are no
 * feature until they join the pool. A list of rankers that begins with the pool costs no copy.
 */
const poolScores = (rankers: readonly FirstPassRanker[]): ((scores: Float32Array, size: number) => Float32Array) => {
  const places = POOL.map(({ name }) => rankers.findIndex((ranker) => ranker.name === name));
  if (places.every((place, column) => place === column)) return (scores) => scores;
  return (scores, size) => {
    const inOrder = new Float32Array(POOL.length * CAPACITY);
    places.forEach((place, column) => { if (place >= 0) inOrder.set(scores.subarray(place * CAPACITY, place * CAPACITY + size), column * CAPACITY); });
    return inOrder;
  };
};

/** What could stand on a page. @param beside rankers whose lists are merged later */
export const gathering = (rankers: readonly FirstPassRanker[], beside: readonly Operator<FeedWork>[] = []): readonly Operator<FeedWork>[] => [
  parallel({ name: 'first-pass', about: 'eligible rankers, all at once: each its top k with a score and a reason', children: [...rankers.map(askRanker), ...beside] }),
  { name: 'merge', about: 'one candidate per item: every first-pass score kept, actors gathered, the dismissed and the gone removed; a number for its tracking id', run: (work, span) => { merge(work, span); digestEligible(work); } },
];

/** By the table of the member's variant. What is sorted by time follows none, so nobody is exposed to one there. */
const createPassOf = (secondPass: FeedParts['secondPass'], values: ActionValues): ((work: FeedWork) => SecondPass) => {
  const parameter = feedValues(values);
  return (work) => secondPass(work.sort === 'recent' ? values : work.context.variant(parameter));
};

/** The list. The order of the pool is the order of the ranker columns everywhere. */
export const feedWorkflow = ({ rankers, secondPass, values, cursors, exploration, newcomers, emit, sponsored }: FeedParts, scoresOf = poolScores(rankers), passOf = createPassOf(secondPass, values)): Operator<FeedWork> => sequence({
  name: 'feed', about: 'one page of the feed',
  children: [
    ...gathering(rankers, [{ ...askRanker(sponsoredRanker(sponsored), rankers.length), enabled: (work) => sponsored !== undefined && !isFixed(work) }]),
    { name: 'continue', about: 'later pages and sort=recent: the next items of the order fixed on the first page that keep the rules of a list', enabled: isFixed, run: (work, span) => { continueFixed(work, span, sponsored); } },
    { name: 'fill', about: 'the most recent eligible items where the first pass found fewer than a page', enabled: (work) => !isFixed(work) && work.candidates.size < work.limit, run: fill },
    { name: 'bring-sponsored', about: 'what campaigns promote joins the candidates, with what each pays now', enabled: (work) => sponsored !== undefined && !isFixed(work), run: (work, span) => { if (sponsored !== undefined) bringSponsored(work, span, sponsored); } },
    {
      name: 'features', about: 'one row per candidate, by the one definition that training reads too',
      run: (work, span) => {
        const { candidates, viewer, views, context } = work;
        computeFeatures({ size: candidates.size, item: candidates.item, seenRow: candidates.seenRow, scores: scoresOf(candidates.scores, candidates.size), stride: CAPACITY, campaign: candidates.campaign, viewer, views, context }, candidates.features);
        span.kept(candidates.size);
      },
    },
    {
      name: 'second-pass', about: `logistic regression per action, weighed into one value by ${values.version} or the member's variant of feedValues: ${Object.entries(values.actions).map(([name, value]) => `${name} ${value}`).join(', ')}`,
      run: (work, span) => {
        const { candidates } = work;
        const model = passOf(work);
        work.model = model.version;
        work.values = model.values;
        model.score(candidates.features, candidates.size, candidates.value);
        candidates.finalValue.set(candidates.value.subarray(0, candidates.size));
        candidates.propensity.fill(1, 0, candidates.size);
        candidates.forced.fill(0, 0, candidates.size);
        span.kept(candidates.size);
      },
    },
    sequence<FeedWork>({
      name: 're-rank', about: 'effects of the list as a whole', enabled: (work) => !isFixed(work),
      children: [
        { name: 'seen', about: 'discounts by impressions, orders by what is left', run: (work, span) => { discountSeen(work); orderByValue(work); setApart(work, passOf(work)); span.kept(work.candidates.ordered); } },
        { name: 'newcomers', about: `on ${(newcomers * 100).toFixed(1)} % of first pages one candidate that hardly anybody was shown yet takes a place drawn at random`, run: (work, span) => { raiseNewcomer(work, newcomers); span.kept(work.candidates.ordered); } },
        { name: 'diversity', about: `${LIST_RULES.version}: makers ${LIST_RULES.makerApart} apart, ${LIST_RULES.inARow} of a kind in a row, ${Object.entries(KIND_APART).map(([kind, others]) => `${kind} ${others}`).join(', ')} apart; then least like what stands above`, run: (work, span) => { diversify(work); span.kept(work.candidates.size); } },
        { name: 'explore', about: `on ${(exploration * 100).toFixed(1)} % of first pages two places that the rules let change items do so at random`, run: (work, span) => { explore(work, exploration); span.kept(work.candidates.size); } },
      ],
    }),
    { name: 'merge-sponsored', about: `sponsored cards where they are worth their place: from place ${(sponsored?.options ?? SPONSORED_DEFAULTS).rules.topSlot + 1}, ${(sponsored?.options ?? SPONSORED_DEFAULTS).rules.minGap} places from one to the next at least`, enabled: (work) => work.ads.size > 0, run: (work, span) => { if (sponsored !== undefined) mergeSponsored(work, span, { parts: sponsored, model: passOf(work) }); } },
    { name: 'bar-hidden', about: 'later pages: sponsored cards that their viewer would by now hide too likely leave the page', enabled: (work) => isFixed(work) && (work.cursor?.sponsored.length ?? 0) > 0, run: (work, span) => { if (sponsored !== undefined) barHidden(work, span, { parts: sponsored, model: passOf(work) }); } },
    { name: 'page', about: 'cuts the page and writes the cursor of the next', run: (work, span) => { paginate(work, span, { cursors, campaigns: sponsored?.campaigns }); } },
    { name: 'served', about: 'freezes the page into one record for the log: features, places, propensities, versions, trace', run: (work, span) => { emit(servedRecord(work, span.before, sponsored?.campaigns)); span.kept(work.page.length); } },
    { name: 'decorate', about: 'joins cards rendered on write with what depends on the viewer: reasons in their locale, what they did', run: (work, span) => { work.json = decorate(work, sponsored?.campaigns); span.kept(work.left.length); } },
    { name: 'answered', about: 'a second, short record for the log: which cards left, and at which places', run: (work, span) => { emit(answeredRecord({ requestId: work.context.requestId, member: work.memberId, at: work.context.now, surface: work.context.surface }, work.left)); span.kept(work.left.length); } },
  ],
});
