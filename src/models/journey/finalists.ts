/** The head of finalists: to the logits of the light head it adds what it reads in the states of the best candidates, each of which has read the history. */
import { fitHead, type FitHeadOptions, type HeadExamples } from './fit-head.ts';
import { worth, type HeadTask } from './head-task.ts';
import { fillFinalist, FINALIST_HIDDEN } from './inputs.ts';
import { FINALISTS } from './state-encoder.ts';
import type { StoredWeights } from './artefact.ts';
import { storedWeights } from './trained.ts';
import type { ChosenPlaces, Trunk } from './trunk.ts';

export interface FittedFinalists {
  readonly weights: StoredWeights;
  /** By place: finalists before the rest, in the order of both heads; the rest as the light head has them. */
  scoreOf(place: number): number;
}

export interface FinalistsAsked {
  readonly task: HeadTask;
  readonly trunk: Trunk;
  /** Logits [places · actions] of the light head. */
  readonly light: Float32Array;
  /** Mean NDCG@10 of requests by a score. */
  readonly judge: (requests: readonly number[], scoreOf: (place: number) => number) => number;
}

/** The best places of each request, in order of places. */
const bestOf = (queries: Int32Array, scoreOf: (place: number) => number): ChosenPlaces => {
  const places: number[] = [];
  const starts = [0];
  for (let request = 0; request + 1 < queries.length; request++) {
    const [from = 0, to = 0] = [queries[request], queries[request + 1]];
    const order = Array.from({ length: to - from }, (_, i) => from + i).sort((a, b) => scoreOf(b) - scoreOf(a) || a - b);
    places.push(...order.slice(0, FINALISTS).sort((a, b) => a - b));
    starts.push(places.length);
  }
  return { queries: Int32Array.from(starts), places: Int32Array.from(places) };
};

/** Of numbers [places · each] those of some places. */
const picked = <T extends Float32Array | Uint8Array>(from: T, places: Int32Array, { each, into }: { readonly each: number; readonly into: T }): T => {
  places.forEach((place, at) => { into.set(from.subarray(place * each, (place + 1) * each), at * each); });
  return into;
};

const examplesOf = async ({ task: { labels, actions }, trunk, light }: FinalistsAsked, best: ChosenPlaces): Promise<HeadExamples> => {
  const { width, stateOf, vectorOf } = trunk;
  const own = await trunk.candidateStates(best);
  const each = actions.length;
  const length = best.places.length * each;
  return {
    queries: best.queries,
    labels: picked(labels, best.places, { each, into: new Uint8Array(length) }),
    base: picked(light, best.places, { each, into: new Float32Array(length) }),
    fill: (at, out, to) => {
      const place = best.places[at] ?? 0;
      fillFinalist({ state: stateOf(place), vector: vectorOf(place), own: own.subarray(at * width, (at + 1) * width), width }, out, to);
    },
  };
};

/** Below every finalist. */
const BEHIND = -1e6;

export const fitFinalists = async (asked: FinalistsAsked, options: Omit<FitHeadOptions, 'score'>): Promise<FittedFinalists> => {
  const { task: { actions, queries, parts }, trunk: { width }, light, judge } = asked;
  const byLight = (place: number): number => worth(actions, light, place);
  const best = bestOf(queries, byLight);
  const placeInBest = new Map(Array.from(best.places, (place, at) => [place, at]));
  const together = (logits: Float32Array) => (place: number): number => {
    const at = placeInBest.get(place);
    return at === undefined ? byLight(place) + BEHIND : worth(actions, logits, at);
  };
  const shape = { inputs: 3 * width, hidden: FINALIST_HIDDEN, actions: actions.length };
  const fitted = await fitHead(await examplesOf(asked, best), shape, { ...options, requests: parts, score: (logits, requests) => judge(requests, together(logits)) });
  return { weights: storedWeights(fitted.arena), scoreOf: together(await fitted.logits()) };
};
