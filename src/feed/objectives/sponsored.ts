/**
 * Sponsored cards on their way through the pipeline: brought in beside the first pass, scored by the same heads, kept out of the organic
 * order, put among it at the end, and held against the budgets.
 */
import { FEATURES, SPONSORED } from '../../models/features.ts';
import type { SpanRecorder } from '../../workflow/workflow.ts';
import { MAX_ACTORS } from '../../rankers/ranked-list.ts';
import { addCandidate, CAPACITY, NO_RANKER, sponsoredList, type FeedWork } from '../candidates.ts';
import { ineligible, seenRowOf } from '../../rankers/eligible.ts';
import { brokenAt, createStretch, LIST_RULES, putItem, REACH } from '../re-rankers/rules.ts';
import { discountOf } from '../re-rankers/seen.ts';
import type { SecondPass } from '../second-pass.ts';
import { SCORED } from './ads.ts';
import type { Campaigns } from './campaigns.ts';
import { insertSponsored, isBarred, orderByWorth, sponsoredRow } from './insert.ts';
import { audienceOf, PROMOTED, type SponsoredParts } from './sponsored-ranker.ts';

/** Of the campaigns that are scored those that compete for places. */
const COMPETING = 16;
/** Who stands within this many pages of the organic order by value stands there for nothing. */
const FREE_PAGES = 2;
/** Of the organic order so many pages are recorded with what competed for places among them: a sponsored card pushes down what stands on the next page too. */
const RECORDED_PAGES = 2;

/** Brings in what the sponsored ranker found. What another ranker brought as well stays a candidate of its own right until values are known. */
export const bringSponsored = (work: FeedWork, span: SpanRecorder, parts: SponsoredParts): void => {
  const { candidates, context } = work;
  const { campaigns } = parts;
  const { size, item: items, actors } = sponsoredList(work);
  const audience = audienceOf(work, parts);
  const priceOf = campaigns.prices(context.now);
  let kept = 0;
  for (let i = 0; i < size; i++) {
    const item = items[i] ?? 0;
    const seenRow = seenRowOf(work, item);
    const why = ineligible(work, item, seenRow);
    if (why !== undefined) { span.removed(item, why); continue; }
    const row = campaigns.rowOf((actors[i * MAX_ACTORS] ?? 0) - 1);
    // Rankers that answer late leave time in which a campaign may change, and its budget be spent.
    if (row < 0 || (campaigns.columns.item[row] ?? 0) - 1 !== item || !campaigns.isFor(row, audience)) { span.removed(item, 'notTargeted'); continue; }
    const price = priceOf(row);
    if (price <= 0 || campaigns.spend.left(row) < price) { span.removed(item, 'budget'); continue; }
    const known = (work.byItem.values[item] ?? 0) - 1;
    const c = known >= 0 ? known : addCandidate(work, item, seenRow);
    if (c < 0) { span.removed(item, 'overCapacity'); continue; }
    if (known < 0) candidates.reason[c] = PROMOTED;
    (known < 0 ? candidates.campaign : candidates.offer)[c] = row + 1;
    candidates.price[c] = price;
    kept++;
  }
  span.kept(kept);
};

const rescored = new Float32Array(1);

/** The card is paid for from here on, which its viewer will see: it is scored again as such. */
const payFor = (work: FeedWork, c: number, model: SecondPass): void => {
  const { campaign, offer, features, value, finalValue } = work.candidates;
  campaign[c] = offer[c] ?? 0;
  const row = features.subarray(c * FEATURES, (c + 1) * FEATURES);
  row[SPONSORED] = 1;
  model.score(row, 1, rescored);
  value[c] = rescored[0] ?? 0;
  finalValue[c] = (value[c] ?? 0) * discountOf(work, c);
};

/**
 * After the values are known: what stands high in the organic order stands there for nothing, the rest of the sponsored leaves that order. What
 * then finds no place as sponsored either comes when the pages reach its time.
 */
export const setApart = (work: FeedWork, model: SecondPass): void => {
  const { candidates, ads } = work;
  const { order, campaign, offer } = candidates;
  ads.size = 0;
  let kept = 0;
  for (let place = 0; place < candidates.ordered; place++) {
    const c = order[place] ?? 0;
    if (offer[c] !== 0 && place >= FREE_PAGES * work.limit) payFor(work, c, model);
    if (campaign[c] === 0) order[kept++] = c;
    else if (ads.size < ads.candidate.length) ads.candidate[ads.size++] = c;
  }
  candidates.ordered = kept;
};

const organic = new Float32Array(CAPACITY);
const into = new Int32Array(CAPACITY);
const merged = new Int32Array(CAPACITY);
const utility = new Float64Array(SCORED);
const revenue = new Float64Array(SCORED);
const hide = new Float64Array(SCORED);
const bestFirst = new Int32Array(SCORED);

/** The column: utility as the re-rankers left it, revenue as price times the probability of what is paid for, given a look. */
const fillColumn = (work: FeedWork, { campaigns }: SponsoredParts, model: SecondPass): void => {
  const { ads, candidates: { features, finalValue, price, campaign } } = work;
  const clickHead = Math.max(0, model.heads.indexOf('click'));
  const hideHead = model.heads.indexOf('hide');
  const click = (c: number): number => model.predict(features, c, clickHead);
  const earns = (c: number): number => (price[c] ?? 0) * (campaigns.paysForClicks((campaign[c] ?? 0) - 1) ? click(c) : 1);
  for (let row = 0; row < ads.size; row++) revenue[row] = earns(ads.candidate[row] ?? 0);
  // The best by revenue compete.
  orderByWorth({ organic, organicSize: 0, utility: revenue, revenue, hide, sponsoredSize: ads.size }, 0, bestFirst);
  const kept = Array.from(bestFirst.subarray(0, Math.min(COMPETING, ads.size)), (row) => ads.candidate[row] ?? 0);
  ads.size = 0;
  for (const c of kept) {
    const row = (campaign[c] ?? 0) - 1;
    if (!campaigns.spend.reserve(row, price[c] ?? 0)) continue;
    utility[ads.size] = finalValue[c] ?? 0;
    revenue[ads.size] = earns(c);
    hide[ads.size] = hideHead < 0 ? 0 : model.predict(features, c, hideHead);
    ads.candidate[ads.size++] = c;
  }
};

/** A stretch of the merged list around a place. */
const around = createStretch(2 * REACH + 1);

/** Whether a sponsored candidate breaks no rule of the list, between what stands above it and the organic items below, that the item it pushes down did not break before. */
const keepsRules = (work: FeedWork) => (row: number, slot: number, organicPlace: number): boolean => {
  const { ads, candidates: { item, order, ordered }, views: { catalog: { items: { columns } } } } = work;
  const first = Math.max(0, slot - REACH);
  const put = (c: number): void => { putItem(around, around.size++, { item: item[c] ?? 0, columns }); };
  const broken = (sponsored: number | undefined): number => {
    around.size = 0;
    for (let place = first; place < slot; place++) { const code = into[place] ?? 0; put(code >= 0 ? (order[code] ?? 0) : (ads.candidate[sponsoredRow(code)] ?? 0)); }
    if (sponsored !== undefined) put(sponsored);
    for (let place = organicPlace; place < Math.min(ordered, organicPlace + REACH); place++) put(order[place] ?? 0);
    return brokenAt(around, slot - first, LIST_RULES);
  };
  return (broken(ads.candidate[row] ?? 0) & ~broken(undefined)) === 0;
};

/** Puts the sponsored among the organic. Those that stand on this page hold their price; those below it will ask again. */
export const mergeSponsored = (work: FeedWork, span: SpanRecorder, { parts, model }: { readonly parts: SponsoredParts; readonly model: SecondPass }): void => {
  const { ads, candidates } = work;
  const { order, campaign, price, finalValue } = candidates;
  const { campaigns, options: { alpha, rules } } = parts;
  fillColumn(work, parts, model);
  for (let place = 0; place < candidates.ordered; place++) organic[place] = finalValue[order[place] ?? 0] ?? 0;
  const columns = { organic, organicSize: candidates.ordered, utility, revenue, hide, sponsoredSize: ads.size, order: bestFirst };
  orderByWorth(columns, alpha, bestFirst);
  work.competing = {
    organic: organic.slice(0, Math.min(candidates.ordered, RECORDED_PAGES * work.limit)),
    utility: Float32Array.from(utility.subarray(0, ads.size)), revenue: Float32Array.from(revenue.subarray(0, ads.size)), hide: Float32Array.from(hide.subarray(0, ads.size)),
  };
  const room = Math.min(CAPACITY, candidates.ordered + ads.size);
  const slots = insertSponsored(columns, { alpha, rules, attention: model.attention, fits: keepsRules(work) }, into.subarray(0, room));
  const stands = new Uint8Array(ads.size);
  for (let slot = 0; slot < slots; slot++) {
    const code = into[slot] ?? 0;
    merged[slot] = code >= 0 ? (order[code] ?? 0) : (ads.candidate[-1 - code] ?? 0);
    if (code >= 0) continue;
    stands[-1 - code] = 1;
    if (slot < work.limit) work.lastSponsored = slot;
    else campaigns.spend.release((campaign[merged[slot] ?? 0] ?? 0) - 1, price[merged[slot] ?? 0] ?? 0);
  }
  for (let row = 0; row < ads.size; row++) {
    const c = ads.candidate[row] ?? 0;
    if (stands[row] === 1) continue;
    campaigns.spend.release((campaign[c] ?? 0) - 1, price[c] ?? 0);
    span.removed(candidates.item[c] ?? 0, isBarred(hide[row] ?? 0, rules) ? 'likelyHidden' : 'outbid');
  }
  order.set(merged.subarray(0, slots));
  candidates.ordered = slots;
  span.kept(stands.reduce((sum, each) => sum + each, 0));
};

/** Why a sponsored item of a first page may not stand at its turn on a later one, or undefined: then its price is held. */
export const admitSponsored = (work: FeedWork, parts: SponsoredParts, card: { readonly candidate: number; readonly campaign: number; readonly position: number }): string | undefined => {
  const { candidates, context } = work;
  const { campaigns, options: { rules } } = parts;
  const row = campaigns.rowOf(card.campaign);
  // What went since the first page may have brought two of them closer.
  if (card.position < rules.topSlot || (work.lastSponsored >= 0 && card.position - work.lastSponsored < rules.minGap)) return 'tooClose';
  if (row < 0 || !campaigns.isFor(row, audienceOf(work, parts))) return 'notTargeted';
  const price = campaigns.prices(context.now)(row);
  if (price <= 0 || !campaigns.spend.reserve(row, price)) return 'budget';
  candidates.campaign[card.candidate] = row + 1;
  candidates.price[card.candidate] = price;
  if (candidates.source[card.candidate] === NO_RANKER) candidates.reason[card.candidate] = PROMOTED;
  work.lastSponsored = card.position;
  return undefined;
};

/** On a later page: what its viewer would by now hide too likely leaves the page, one card shorter, and gives its price back. */
export const barHidden = (work: FeedWork, span: SpanRecorder, { parts: { campaigns, options: { rules } }, model }: { readonly parts: SponsoredParts; readonly model: SecondPass }): void => {
  const { order, campaign, price, item, features } = work.candidates;
  const head = model.heads.indexOf('hide');
  let kept = 0;
  for (let place = 0; place < work.candidates.ordered; place++) {
    const c = order[place] ?? 0;
    if (campaign[c] === 0 || head < 0 || !isBarred(model.predict(features, c, head), rules)) { order[kept++] = c; continue; }
    campaigns.spend.release((campaign[c] ?? 0) - 1, price[c] ?? 0);
    span.removed(item[c] ?? 0, 'likelyHidden');
  }
  work.candidates.ordered = kept;
  span.kept(kept);
};

/** Entity number of the campaign behind a candidate, -1 for none. */
export const campaignOf = ({ candidates }: FeedWork, c: number, campaigns: Campaigns | undefined): number =>
  (candidates.campaign[c] === 0 ? -1 : (campaigns?.columns.entity[(candidates.campaign[c] ?? 0) - 1] ?? 0) - 1);
