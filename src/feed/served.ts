/** The page as a served record: everything that learning and explanation need, frozen. */
import type { MemberId } from '../core/ids.ts';
import { encodeServed, type ServedItem, type ServedPage } from '../funnel/served.ts';
import type { LogRecord } from '../log/port.ts';
import { FEATURE_SET, FEATURES } from '../models/features.ts';
import { traceText } from '../workflow/trace.ts';
import type { Span } from '../workflow/workflow.ts';
import { namedActors } from '../rankers/named.ts';
import { CAPACITY, type FeedWork } from './candidates.ts';
import type { Campaigns } from './objectives/campaigns.ts';
import { campaignOf } from './objectives/sponsored.ts';
import { LIST_RULES } from './re-rankers/rules.ts';

const sponsoredOf = (work: FeedWork, c: number, campaigns: Campaigns | undefined): Pick<ServedItem, 'sponsored'> => {
  const campaign = campaignOf(work, c, campaigns);
  if (campaign < 0) return {};
  const pays = campaigns?.paysForClicks((work.candidates.campaign[c] ?? 0) - 1) === true ? 'click' : 'impressions';
  return { sponsored: { campaign: work.views.catalog.entities.name(campaign), pays, price: work.candidates.price[c] ?? 0 } };
};

const servedItem = (work: FeedWork, c: number, place: number): ServedItem => {
  const { candidates, rankers } = work;
  const scores: { ranker: number; score: number }[] = [];
  for (let ranker = 0; ranker < rankers.length; ranker++) {
    const score = candidates.scores[ranker * CAPACITY + c] ?? 0;
    if (score > 0) scores.push({ ranker, score });
  }
  return {
    candidate: c, position: work.firstPosition + place, item: work.views.catalog.entities.name(candidates.item[c] ?? 0),
    ranker: candidates.source[c] ?? 0, reason: candidates.reason[c] ?? 0, actors: namedActors(candidates.actors, c, work.views.catalog),
    propensity: candidates.propensity[c] ?? 1, forced: candidates.forced[c] === 1, scores,
    features: candidates.features.subarray(c * FEATURES, (c + 1) * FEATURES),
    value: candidates.value[c] ?? 0, finalValue: candidates.finalValue[c] ?? 0,
  };
};

export const servedRecord = (work: FeedWork, before: readonly Span[], campaigns: Campaigns | undefined): LogRecord => {
  const { context } = work;
  const page: ServedPage = {
    layer: 'mixer', surface: context.surface, sort: work.sort, model: work.model, weights: work.values, rules: LIST_RULES.version, journey: work.viewer.taste?.model ?? '',
    featureSet: FEATURE_SET, assignments: context.assignments, consent: context.allowed,
    eligible: work.eligible, eligibleDigest: work.eligibleDigest, rankers: work.rankers.map(({ name }) => name),
    items: Array.from(work.page, (c, place) => ({ ...servedItem(work, c, place), ...sponsoredOf(work, c, campaigns) })), 
    trace: traceText('feed', { before, kept: work.page.length, nameOf: work.views.catalog.entities.name }), ...(work.competing === undefined ? {} : { competing: work.competing }),
  };
  return { type: 'served', id: context.requestId, at: context.now, member: work.memberId as MemberId, deduplicate: 'never', payload: encodeServed(page) };
};

