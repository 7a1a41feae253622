/** A served record told back: to an engineer as a tree and a table, to the member in two plain sentences. */
import { trackingId, type RequestId } from '../core/ids.ts';
import { decodeServed, namedIn, type ServedItem, type ServedPage, type Sponsored } from '../funnel/served.ts';
import type { StoredRecord } from '../log/port.ts';
import { FEATURE_SET } from '../models/features.ts';
import { REASON_CODES, reasonText } from '../rankers/reasons.ts';
import type { SecondPass } from './second-pass.ts';
import { recentFirst, whySentences } from './why.ts';

export interface TraceItem {
  readonly position: number;
  readonly trackingId: string;
  readonly item: string;
  readonly reason: string;
  readonly actors: readonly string[];
  /** Skills that the reason speaks of: one of the viewer's, and the one that it leads to. */
  readonly skills: readonly string[];
  readonly firstPass: Readonly<Record<string, number>>;
  readonly value: number;
  readonly finalValue: number;
  readonly propensity: number;
  readonly forced: boolean;
  /** Absent where nobody pays for the card. */
  readonly sponsored?: Sponsored;
  /** Probability by action; empty where the model that served is gone or knew other features. */
  readonly predictions: Readonly<Record<string, number>>;
  /** What each feature added to the logit of the first head, strongest first. */
  readonly features: readonly { readonly feature: string; readonly value: number; readonly contribution: number }[];
}

export interface Trace {
  readonly requestId: string;
  readonly member: string;
  readonly at: string;
  readonly layer: string; readonly surface: string; readonly sort: string;
  readonly model: string; readonly weights: string; readonly rules: string;
  /** Version of the journey model that the viewer's state came from; empty where none was used. */
  readonly journey: string;
  readonly assignments: Readonly<Record<string, string>>;
  readonly consent: Readonly<Record<string, boolean>>;
  readonly eligible: number; readonly eligibleDigest: string;
  /** The tree of operators. */
  readonly workflow: unknown;
  readonly items: readonly TraceItem[];
}

const round = (value: number): number => Math.round(value * 1e5) / 1e5;

const traceItem = (page: ServedPage, item: ServedItem, parts: { readonly requestId: string; readonly model: SecondPass | undefined }): TraceItem => {
  const model = page.featureSet === FEATURE_SET ? parts.model : undefined;
  return {
    position: item.position, trackingId: trackingId(parts.requestId as RequestId, item.candidate), item: item.item,
    reason: REASON_CODES[item.reason] ?? 'recent', ...namedIn(item),
    firstPass: Object.fromEntries(item.scores.map(({ ranker, score }) => [page.rankers[ranker] ?? String(ranker), round(score)])),
    value: round(item.value), finalValue: round(item.finalValue), propensity: round(item.propensity), forced: item.forced,
    ...(item.sponsored === undefined ? {} : { sponsored: item.sponsored }),
    predictions: model === undefined ? {} : Object.fromEntries(model.heads.map((head, h) => [head, round(model.predict(item.features, 0, h))])),
    features: model === undefined ? [] : model.contributions(item.features, 0)
      .filter(({ value }) => value !== 0)
      .map(({ feature, value, contribution }) => ({ feature, value: round(value), contribution: round(contribution) }))
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  };
};

export const traceOf = (record: StoredRecord, model: SecondPass | undefined): Trace => {
  const page = decodeServed(record.payload);
  return {
    requestId: record.id, member: `member:${record.member ?? ''}`, at: new Date(record.at).toISOString(),
    layer: page.layer, surface: page.surface, sort: page.sort, model: page.model, weights: page.weights, rules: page.rules, journey: page.journey,
    assignments: page.assignments, consent: { ...page.consent }, eligible: page.eligible, eligibleDigest: page.eligibleDigest.toString(16).padStart(8, '0'),
    workflow: JSON.parse(page.trace) as unknown,
    items: page.items.map((item) => traceItem(page, item, { requestId: record.id, model })),
  };
};

/** What the member may be told of whom and what a reason names. */
export interface Told { readonly names: readonly string[]; readonly skills: readonly string[]; readonly gender: string | undefined; readonly locale: string }

export const whyOf = (trace: Trace, item: TraceItem, { names, skills, gender, locale }: Told): readonly [string, string] => {
  if (trace.sort === 'recent') return recentFirst(locale);
  const code = REASON_CODES.find((known) => known === item.reason) ?? 'recent';
  const reason = reasonText(code, { names, total: item.actors.length, terms: skills, gender }, locale);
  return whySentences({ reason, forced: item.forced, features: item.features.filter(({ contribution }) => contribution > 0).map(({ feature }) => feature) }, locale);
};
