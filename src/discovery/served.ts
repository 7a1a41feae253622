/** The page of cohorts as a served record: the same record as the feed's, with cohorts where the feed has rankers. */
import type { MemberId } from '../core/ids.ts';
import { encodeServed, type ServedItem, type ServedPage } from '../funnel/served.ts';
import type { LogRecord } from '../log/port.ts';
import { namedActors } from '../rankers/named.ts';
import { traceText } from '../workflow/trace.ts';
import type { Span } from '../workflow/workflow.ts';
import { COHORT_FEATURES, COHORT_FEATURE_SET } from './features.ts';
import type { DiscoveryWork, Shelf } from './work.ts';

export const DISCOVERY_SURFACE = 'discovery';
/** Place of a card on the page: the row of its cohort times this, and its own place in the cohort. */
export const PLACES_A_COHORT = 64;

const itemsOf = (work: DiscoveryWork, { cohort, candidates: cards }: Shelf, row: number): readonly ServedItem[] => {
  const { candidates, value, views: { catalog } } = work;
  const features = work.features.subarray(cohort * COHORT_FEATURES, (cohort + 1) * COHORT_FEATURES);
  return cards.map((c, place) => ({
    candidate: c, position: positionOf(work, row, place), item: catalog.entities.name(candidates.item[c] ?? 0), ranker: cohort,
    reason: candidates.reason[c] ?? 0, actors: namedActors(candidates.actors, c, catalog), propensity: 1, forced: false,
    scores: [{ ranker: cohort, score: candidates.score[c] ?? 0 }], features, value: value[cohort] ?? 0, finalValue: value[cohort] ?? 0,
  }));
};

/** In one cohort in full: its place behind the pages before. */
export const positionOf = ({ only, firstPosition }: DiscoveryWork, row: number, place: number): number => (only === undefined ? row * PLACES_A_COHORT + place : firstPosition + place);

export const servedCohorts = (work: DiscoveryWork, before: readonly Span[]): LogRecord => {
  const { context, rules, only, shelves, views: { catalog } } = work;
  const items = shelves.flatMap((shelf, row) => itemsOf(work, shelf, row));
  const page: ServedPage = {
    layer: 'mixer', surface: context.surface, sort: only === undefined ? rules.order : 'cohort', model: work.model, weights: '', rules: rules.version, journey: work.viewer.taste?.model ?? '',
    featureSet: COHORT_FEATURE_SET, assignments: context.assignments, consent: context.allowed, eligible: work.candidates.size, eligibleDigest: 0,
    rankers: work.cohorts.map(({ name }) => name), items, trace: traceText(DISCOVERY_SURFACE, { before, kept: items.length, nameOf: catalog.entities.name }),
  };
  return { type: 'served', id: context.requestId, at: context.now, member: work.memberId as MemberId, deduplicate: 'never', payload: encodeServed(page) };
};
