/**
 * Cold starts, by the truth: a member of whom nothing is known but a profile, and items that nobody has touched yet. NDCG@10 of each way of ranking, with
 * the true chance of a positive action as an item's gain.
 */
import { ThroughlineError } from '../core/errors.ts';
import { FEATURE_NAMES, FEATURES } from '../models/features.ts';
import type { Person } from '../world/people.ts';
import type { House } from './demo-house.ts';
import { orderOf, type Policy, type Pool } from './world-policies.ts';

/** NDCG@10 by policy: of members who just joined, one figure for each; of items that nobody touched, one for each request that had enough of them. */
export interface Cold { readonly members: ReadonlyMap<string, readonly number[]>; readonly items: ReadonlyMap<string, readonly number[]> }

const TOP = 10;
/** Fewer items that nobody touched say nothing about who finds the good ones; a page has few of them at a time, so all of them are ranked. */
const LEAST_ITEMS = 4;
const PEOPLE = FEATURE_NAMES.indexOf('people');

/** DCG of the first ten over that of the best ten. 0 where nothing is worth anything. */
export const ndcgOf = (worth: ArrayLike<number>, order: ArrayLike<number>): number => {
  const discounted = (gains: readonly number[]): number => gains.slice(0, TOP).reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0);
  const best = discounted(Array.from(worth).sort((a, b) => b - a));
  return best === 0 ? 0 : discounted(Array.from(order, (card) => worth[card] ?? 0)) / best;
};

/** What of a pool nobody has touched; undefined where that is too little. */
export const untouched = ({ cards, features, worth, annoyance }: Pool): Pool | undefined => {
  const kept = cards.flatMap((_, card) => (features[card * FEATURES + PEOPLE] === 0 ? [card] : []));
  if (kept.length < LEAST_ITEMS) return undefined;
  const rows = new Float32Array(kept.length * FEATURES);
  kept.forEach((card, row) => { rows.set(features.subarray(card * FEATURES, (card + 1) * FEATURES), row * FEATURES); });
  const of = (column: Float64Array): Float64Array => Float64Array.from(kept, (card) => column[card] ?? 0);
  return { cards: kept.flatMap((card) => cards[card] ?? []), features: rows, worth: of(worth), annoyance: of(annoyance) };
};

/** By policy: its NDCG@10. */
export const ndcgBy = (pool: Pool, policies: readonly Policy[]): ReadonlyMap<string, number> => new Map(policies.map(({ name, scores }) => [name, ndcgOf(pool.worth, orderOf(pool, scores(pool)))]));

/** Somebody with the profile and the mind of a member, who came just now: no connections, no past. */
export const joined = async ({ transport }: House, person: Person, id: string): Promise<Person> => {
  const { connections: _known, follows: _followed, ...attributes } = person.attributes;
  const { status, body } = await transport({ method: 'PUT', path: `/v1/entities/member/${id}`, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ attributes }) });
  if (status >= 300) throw new ThroughlineError('server/internal', `member:${id} could not join the world: ${status} ${body.slice(0, 200)}`);
  return { ...person, id, ref: `member:${id}`, attributes, inner: { ...person.inner, ties: new Map() } };
};
