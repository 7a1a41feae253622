/**
 * What the ranking heads are fitted to: requests after a moment, their candidates one after the other, and what came of each. A place is one
 * candidate of one request; the places of a request stand together, requests in order of time.
 */
import { ACTIONS } from '../../core/registry.ts';
import type { RankingExamples } from '../sequences/ranking-examples.ts';
import type { HeadRequests } from './fit-head.ts';
import { POSITIVE_BITS } from '../examples.ts';
import { sigmoid } from '../logistic.ts';
import { ANSWER, TOUCH } from './light.ts';

const LEAST_DEEDS = 30;
const LEAST_REQUESTS = 60;
/** The latest requests say most about what comes. */
const MOST_REQUESTS = 4000;

/** What one of the logits is for. `bit`: in the examples' bits, one of them or more. `sign`: 1 where it speaks for a candidate, -1 against, 0 neither. */
export interface HeadAction { readonly name: string; readonly bit: number; readonly sign: number }

/** Six tenths of the requests are learned from, two choose, and on the last two the figures are taken. */
interface Parts extends HeadRequests { readonly told: readonly number[] }

export interface HeadTask {
  /** Places of request q: [queries[q], queries[q + 1]). */
  readonly queries: Int32Array;
  /** By place: its row of the examples, and its request. */
  readonly rowOf: Int32Array;
  readonly requestOf: Int32Array;
  readonly actions: readonly HeadAction[];
  /** [places · actions] of 0 and 1. */
  readonly labels: Uint8Array;
  /** [places] 1 where something came that speaks for the candidate. */
  readonly gains: Uint8Array;
  readonly parts: Parts;
}

/** Rows of the examples [from, to). */
interface Request { readonly from: number; readonly to: number }

const requestsAfter = (after: number, { rows }: RankingExamples): readonly Request[] => {
  const all: Request[] = [];
  for (let query = 0; query + 1 < rows.queries.length; query++) {
    const [from = 0, to = 0] = [rows.queries[query], rows.queries[query + 1]];
    if (to - from >= 2 && (rows.at[from] ?? 0) >= after * 1000) all.push({ from, to });
  }
  return all.toSorted((a, b) => (rows.at[a.from] ?? 0) - (rows.at[b.from] ?? 0)).slice(-MOST_REQUESTS);
};

/** Any positive action, which alone speaks for what was shown, then the actions of the registry that occur often enough. */
const actionsOf = ({ rows, source }: RankingExamples, rowOf: Int32Array): readonly HeadAction[] => {
  if (source === 'touches') return [{ name: TOUCH, bit: 1, sign: 1 }];
  const counts = ACTIONS.map(() => 0);
  for (const row of rowOf) counts.forEach((count, action) => { if (((rows.bits[row] ?? 0) >>> action & 1) === 1) counts[action] = count + 1; });
  const frequent = ACTIONS.flatMap(({ name, polarity }, action) => ((counts[action] ?? 0) >= LEAST_DEEDS ? [{ name, bit: 1 << action, sign: Math.min(0, polarity) }] : []));
  return frequent.some(({ bit }) => (bit & POSITIVE_BITS) !== 0) ? [{ name: ANSWER, bit: POSITIVE_BITS, sign: 1 }, ...frequent] : [];
};

/** Places of requests, in a row. */
const layOut = (requests: readonly Request[]): Pick<HeadTask, 'queries' | 'rowOf' | 'requestOf'> => {
  const queries = new Int32Array(requests.length + 1);
  requests.forEach(({ from, to }, request) => { queries[request + 1] = (queries[request] ?? 0) + to - from; });
  const places = queries.at(-1) ?? 0;
  const [rowOf, requestOf] = [new Int32Array(places), new Int32Array(places)];
  let place = 0;
  requests.forEach(({ from, to }, request) => { for (let row = from; row < to; row++, place++) { rowOf[place] = row; requestOf[place] = request; } });
  return { queries, rowOf, requestOf };
};

const inThree = (count: number): Parts => {
  const all = Array.from({ length: count }, (_, i) => i);
  const [choosing, told] = [Math.floor(count * 0.6), Math.floor(count * 0.8)];
  return { learned: all.slice(0, choosing), choosing: all.slice(choosing, told), told: all.slice(told) };
};

/** @param after seconds: requests before it are not learned from. @returns undefined where there are too few of them */
export const headTask = (examples: RankingExamples, after: number): HeadTask | undefined => {
  const requests = requestsAfter(after, examples);
  const places = layOut(requests);
  const actions = actionsOf(examples, places.rowOf);
  if (requests.length < LEAST_REQUESTS || actions.length === 0) return undefined;
  const { bits } = examples.rows;
  const has = (place: number, mask: number): number => Number(((bits[places.rowOf[place] ?? 0] ?? 0) & mask) !== 0);
  const wanted = actions.reduce((all, { bit, sign }) => (sign > 0 ? all | bit : all), 0);
  return {
    ...places, actions, parts: inThree(requests.length),
    gains: Uint8Array.from(places.rowOf, (_, place) => has(place, wanted)),
    labels: Uint8Array.from({ length: places.rowOf.length * actions.length }, (_, i) => has(Math.floor(i / actions.length), actions[i % actions.length]?.bit ?? 0)),
  };
};

/** One number of the logits [rows · actions] of a row: what speaks for it less what speaks against. One logit is its own order. */
export const worth = (actions: readonly HeadAction[], logits: Float32Array, row: number): number => {
  if (actions.length === 1) return logits[row] ?? 0;
  return actions.reduce((sum, { sign }, action) => sum + sign * sigmoid(logits[row * actions.length + action] ?? 0), 0);
};
