/**
 * Learns the order of cohorts from their funnel, across all kinds: of each card that came into view, whether its viewer acted on it, from what was known
 * of its cohort when the page was made (frozen into the served record). How far down the page it stood is learned beside it and left out when serving.
 */
import type { Clock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { trackingId, type RequestId } from '../core/ids.ts';
import { ACTIONS } from '../core/registry.ts';
import { decodeEvent } from '../funnel/codec.ts';
import { decodeServed } from '../funnel/served.ts';
import type { Log } from '../log/port.ts';
import { fitFisher } from '../models/fisher.ts';
import { scoreRow, type Examples } from '../models/logistic.ts';
import { auc } from '../models/metrics.ts';
import { COHORT_FEATURES, COHORT_FEATURE_SET } from './features.ts';
import { relevanceOf, type RelevanceModel } from './second-pass.ts';
import { PLACES_A_COHORT } from './served.ts';
import type { RelevanceCard, RelevanceStore } from './store.ts';

/** One page as it was served, with the rows of features of its cohorts. */
interface Served {
  readonly requestId: RequestId;
  readonly at: number;
  readonly cohorts: readonly string[];
  readonly cards: readonly { readonly candidate: number; readonly cohort: number; readonly row: number }[];
  /** By cohort. */
  readonly features: ReadonlyMap<number, Float32Array>;
}

/** A card that came into view. */
interface Look { readonly page: number; readonly at: number; readonly cohort: string; readonly features: Float32Array; readonly row: number; readonly acted: boolean }

/** The later part of the pages, by time, is held out. */
const HELD_OUT = 0.2;
/** Fewer say nothing. */
const LEAST_ACTED = 30;
/** Held against each weight, in observations: there are few features and few cohorts. */
const RIDGE = 5;

const readPage = (id: string, at: number, payload: Uint8Array): Served | undefined => {
  const page = decodeServed(payload);
  // In one cohort in full there is no order of cohorts to learn.
  if (page.featureSet !== COHORT_FEATURE_SET || page.sort === 'cohort') return undefined;
  return {
    requestId: id as RequestId, at, cohorts: page.rankers,
    cards: page.items.map(({ candidate, ranker, position }) => ({ candidate, cohort: ranker, row: Math.floor(position / PLACES_A_COHORT) })),
    features: new Map(page.items.map(({ ranker, features }) => [ranker, features])),
  };
};

/** Every card that was looked at, page by page in order of time. */
const readLooks = async (log: Log): Promise<readonly Look[]> => {
  const pages: Served[] = [];
  const seen = new Set<string>();
  /** Events that are likings, by the card they were done on: what is undone counts no more. */
  const liked = new Map<string, string>();
  for await (const { records } of log.read(Array.from({ length: log.partitions }, (_, partition) => ({ partition, sequence: 0 })))) {
    for (const { type, id, at, payload } of records) {
      if (type === 'served') { const page = readPage(id, at, payload); if (page !== undefined) pages.push(page); }
      if (type !== 'event') continue;
      const event = decodeEvent(payload);
      if (event.trackingId === undefined || event.trackingId === '') continue;
      if (event.type === 'impression') seen.add(event.trackingId);
      else if (event.undo) liked.delete(event.trackingId);
      else if (ACTIONS[event.action]?.polarity === 1) liked.set(event.trackingId, id);
    }
  }
  pages.sort((a, b) => a.at - b.at);
  return pages.flatMap(({ requestId, at, cohorts, cards, features }, page) => cards.flatMap(({ candidate, cohort, row }): readonly Look[] => {
    const id = trackingId(requestId, candidate);
    const own = features.get(cohort);
    return own === undefined || (!seen.has(id) && !liked.has(id)) ? [] : [{ page, at, cohort: cohorts[cohort] ?? '', features: own, row, acted: liked.has(id) }];
  }));
};

/** Columns: features, how far down its cohort stood, and one for each cohort. */
const examplesOf = (looks: readonly Look[], cohorts: readonly string[]): Examples => {
  const width = COHORT_FEATURES + 1 + cohorts.length;
  const values = new Float32Array(looks.length * width);
  looks.forEach(({ features, row, cohort }, i) => {
    values.set(features, i * width);
    values[i * width + COHORT_FEATURES] = Math.log2(1 + row);
    const column = cohorts.indexOf(cohort);
    if (column >= 0) values[i * width + COHORT_FEATURES + 1 + column] = 1;
  });
  return { width, count: looks.length, values, labels: Uint8Array.from(looks, ({ acted }) => (acted ? 1 : 0)) };
};

/** Mean loss per look, in nats. */
const logLoss = (logits: readonly number[], looks: readonly Look[]): number =>
  looks.reduce((sum, { acted }, i) => { const z = logits[i] ?? 0; return sum + Math.log1p(Math.exp(acted ? -z : z)); }, 0) / Math.max(1, looks.length);

const fit = (looks: readonly Look[], version: string): { readonly model: RelevanceModel; readonly score: (held: readonly Look[]) => readonly number[] } => {
  const cohorts = [...new Set(looks.map(({ cohort }) => cohort))].sort();
  const head = fitFisher(examplesOf(looks, cohorts), { ridge: RIDGE });
  const model: RelevanceModel = {
    format: 1, version, featureSet: COHORT_FEATURE_SET, bias: head.bias, weights: Array.from(head.weights.slice(0, COHORT_FEATURES)),
    cohorts: Object.fromEntries(cohorts.map((cohort, i) => [cohort, head.weights[COHORT_FEATURES + 1 + i] ?? 0])),
  };
  return { model, score: (held) => { const { values } = examplesOf(held, cohorts); return held.map((_, row) => scoreRow(head, values, row)); } };
};

export interface RelevanceOutcome { readonly version: string; readonly published: boolean; readonly reason: string; readonly card: Omit<RelevanceCard, 'sha256'> }

/**
 * Fits to the earlier four fifths of the pages and is held against the rest; where it tells there better than how often each cohort is acted on, it is fitted
 * to all and published.
 * @throws client/noData
 */
export const trainDiscovery = async ({ log, store, clock, commit }: { readonly log: Log; readonly store: RelevanceStore; readonly clock: Clock; readonly commit: string }): Promise<RelevanceOutcome> => {
  const looks = await readLooks(log);
  const acted = looks.filter((look) => look.acted).length;
  if (acted < LEAST_ACTED) throw new ThroughlineError('client/noData', `there are ${acted} cards of cohorts that somebody acted on, of ${looks.length} looked at; ${LEAST_ACTED} at least are needed to learn their order: let members visit GET /v1/members/{id}/discovery and send what they do`);
  const version = `d${new Date(clock.now()).toISOString().replace(/[-:.]/gu, '').slice(0, 15)}`;
  const border = looks[Math.floor(looks.length * (1 - HELD_OUT))]?.page ?? 0;
  const [earlier, later] = [looks.filter(({ page }) => page < border), looks.filter(({ page }) => page >= border)];
  const rates = new Map<string, number>();
  const overall = acted / looks.length;
  for (const cohort of new Set(looks.map((look) => look.cohort))) {
    const own = earlier.filter((look) => look.cohort === cohort);
    rates.set(cohort, (own.filter((look) => look.acted).length + 10 * overall) / (own.length + 10));
  }
  const byRate = later.map(({ cohort }) => { const p = rates.get(cohort) ?? overall; return Math.log(p / (1 - p)); });
  const trial = fit(earlier, version);
  const scores = trial.score(later);
  const labels = Uint8Array.from(later, (look) => (look.acted ? 1 : 0));
  const figures = { logLoss: logLoss(scores, later), logLossByCohort: logLoss(byRate, later), auc: auc(later.map(({ cohort, features }) => relevanceOf(trial.model, cohort, { row: features, at: 0 })), labels), aucByCohort: auc(byRate, labels) };
  const published = figures.logLoss < figures.logLossByCohort;
  const { model } = fit(looks, version);
  const card = { format: 1 as const, version, createdAt: new Date(clock.now()).toISOString(), looks: looks.length, acted, pages: new Set(looks.map(({ page }) => page)).size, figures, commit };
  await store.save(model, card);
  if (published) await store.publish(version);
  return { version, published, card, reason: published ? 'it tells cards that are acted on from others better than the rate of their cohort does' : 'it tells no better than the rate of each cohort; what serves stays' };
};
