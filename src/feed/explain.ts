/** A served record told back: to an engineer as a tree and a table, to the member in two plain sentences. */
import { trackingId, type RequestId } from '../core/ids.ts';
import { decodeServed, namedIn, type ServedItem, type ServedPage, type Sponsored } from '../funnel/served.ts';
import type { StoredRecord } from '../log/port.ts';
import { FEATURE_SET } from '../models/features.ts';
import { actorList, REASON_CODES, reasonText } from '../rankers/reasons.ts';
import type { SecondPass } from './second-pass.ts';

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

/** Features in a member's words. A feature without words is not mentioned. */
const WORDS: Readonly<Record<string, string>> = {
  fresh6h: 'it is new', newest: 'it is new', fresh36h: 'it is recent', logAgeHours: 'it is recent', logNewer: 'it is recent',
  touches10m: 'people are reading it right now', touches1h: 'many people are reading it now', trend: 'many people are reading it now', touches6h: 'many people are reading it today', touches1d: 'many people are reading it today',
  touches7d: 'it was read by many this week', strong1d: 'people respond to it', people: 'many people have read it', pace: 'many people have read it',
  responseRate: 'those who see it tend to open it', responseRate1d: 'those who see it tend to open it',
  declaredTopics: 'it is about topics on your profile', sameCompany: 'it concerns your company', recentTopics: 'you have been reading about its topics', kindShare: 'you often open things of its kind',
  recentMaker: 'you respond to what its author makes', makerShare: 'you read what the same person brings', logMaker: 'you read what the same person brings', tiedToMaker: 'you are tied to its author',
  neighbours: 'people who read what you read also read it', logNeighbours: 'people who read what you read also read it',
  journeyFit: 'it follows from what you did before', 'score:journey': 'it follows from what you did before', 'from:journey': 'it follows from what you did before',
  ageHabit: 'it suits your reading habits', rankHabit: 'it suits your reading habits', popularityHabit: 'it suits your reading habits', nearLast: 'it came at about the same time as what you just read',
  'score:network': 'people you know have to do with it', 'from:network': 'people you know have to do with it', 'score:jobs': 'it asks for skills of yours', 'from:jobs': 'it asks for skills of yours',
  'score:people': 'you have connections in common', 'from:people': 'you have connections in common', 'score:news': 'it suits your interests',
};

const listed = (parts: readonly string[]): string => (parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1] ?? ''}`);

/** @param names of the item's actors and skills, as the viewer may see them */
export const whyOf = (trace: Trace, item: TraceItem, names: Pick<TraceItem, 'actors' | 'skills'>): readonly [string, string] => {
  if (trace.sort === 'recent') return ['You asked for the most recent first.', 'Nothing of your profile or activity decided its place.'];
  const code = REASON_CODES.find((known) => known === item.reason) ?? 'recent';
  const first = `You see this because: ${reasonText(code, { actors: actorList(names.actors, item.actors.length), terms: names.skills })}.`;
  const causes = [...new Set(item.features.filter(({ contribution }) => contribution > 0).map(({ feature }) => WORDS[feature]).filter((words) => words !== undefined))].slice(0, 3);
  const second = item.forced ? 'Its place was chosen at random, which we do now and then to learn what people like.'
    : causes.length === 0 ? 'It was among the best of what is new for you.' : `It stands here mostly because ${listed(causes)}.`;
  return [first, second];
};
