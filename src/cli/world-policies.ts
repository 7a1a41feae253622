/** Ways to order the same candidates, to be held against the truth: without a model, with one, and knowing all. */
import { ENTITY_KINDS } from '../core/registry.ts';
import { createArranger } from '../feed/re-rankers/arrange.ts';
import { LIST_RULES } from '../feed/re-rankers/rules.ts';
import { createSecondPass, UNTRAINED, type ServingModel } from '../feed/second-pass.ts';
import { FEATURE_NAMES, FEATURES } from '../models/features.ts';
import type { FeedCard } from '../world/client.ts';

/** What one member could be shown at one moment. */
export interface Pool {
  readonly cards: readonly FeedCard[];
  /** [cards, FEATURES], as they were served. */
  readonly features: Float32Array;
  /** By card: the true chance that the member acts on it because they like it, once they look at it. */
  readonly worth: Float64Array;
  /** By card: the true chance that the member hides or reports it, once they look at it. */
  readonly annoyance: Float64Array;
}

export interface Policy { readonly name: string; scores(pool: Pool): ArrayLike<number> }

const POPULARITY = FEATURE_NAMES.indexOf('touches7d');

const byModel = (name: string, model: ServingModel): Policy => {
  const pass = createSecondPass(model);
  return { name, scores: ({ cards, features }) => { const scores = new Float32Array(cards.length); pass.score(features, cards.length, scores); return scores; } };
};

export const ORACLE = 'oracle';
export const POPULAR = 'popularity';
export const REGRESSION = 'regression';
export const WITH_JOURNEY = 'regression + journey model';

/** @param models what was learned from the same log without what the journey model says, and with it; the second absent where no journey model serves */
export const policiesOf = (models: { readonly regression: ServingModel; readonly withJourney?: ServingModel }): readonly Policy[] => [
  { name: 'recency', scores: ({ cards }) => Float64Array.from(cards, ({ card }) => Date.parse(card.publishedAt)) },
  { name: POPULAR, scores: ({ cards, features }) => Float64Array.from(cards, (_, c) => features[c * FEATURES + POPULARITY] ?? 0) },
  byModel('rules by hand', UNTRAINED),
  byModel(REGRESSION, models.regression),
  ...(models.withJourney === undefined ? [] : [byModel(WITH_JOURNEY, models.withJourney)]),
  { name: ORACLE, scores: ({ worth }) => worth },
];

const MOST = 1024;
const arranger = createArranger({ capacity: MOST, kinds: ENTITY_KINDS.length });

/** The pool best first by these scores, ties by place in the pool, under the hard rules that every policy keeps. */
export const orderOf = ({ cards }: Pool, scores: ArrayLike<number>): Int32Array => {
  const makers = new Map<string, number>();
  const maker = Int32Array.from(cards, ({ card: { author } }) => {
    if (author === null) return 0;
    const known = makers.get(author.ref) ?? makers.size + 1;
    makers.set(author.ref, known);
    return known;
  });
  const order = Int32Array.from({ length: Math.min(MOST, cards.length) }, (_, c) => c).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  arranger.arrange({ size: order.length, order, value: scores, kind: Uint8Array.from(cards, ({ kind }) => Math.max(0, ENTITY_KINDS.indexOf(kind))), maker }, LIST_RULES, { strength: 0, likeness: () => 0 });
  return order;
};

/** Cards of a page that its member is expected to act on because they like them. @param examination by place from 0 */
export const engagementOf = ({ worth }: Pool, order: ArrayLike<number>, { places, examination }: { readonly places: number; examination(place: number): number }): number => {
  let sum = 0;
  for (let place = 0; place < Math.min(places, order.length); place++) sum += examination(place) * (worth[order[place] ?? 0] ?? 0);
  return sum;
};
