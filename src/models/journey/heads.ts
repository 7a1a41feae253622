/**
 * The two ranking heads on a frozen trunk. The light head answers for every candidate of a page, from [state, state × item, item, features]; the
 * head of finalists adds to its logits what it reads in the states of at most FINALISTS candidates that have each read the history.
 *
 * Both learn from requests after the moment that the trunk was trained to: a state that had learned the answers would promise too much.
 */
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { ACTIONS } from '../../core/registry.ts';
import type { ExampleBuffer } from '../example-buffer.ts';
import type { StoredHeads, StoredWeights } from './artefact.ts';
import { createJourneyEvents, type JourneyEvents } from './events.ts';
import { fitHead, type HeadExamples, type HeadRequests } from './fit-head.ts';
import { fillFinalist, FINALIST_HIDDEN, LIGHT_HIDDEN } from './inputs.ts';
import { createLightInputs, fitLight, LIGHT_CONTEXT, storedLight, type RowTaste } from './light.ts';
import type { JourneyReader } from './reader.ts';
import { FINALISTS } from './state-encoder.ts';
import { storedWeights } from './trained.ts';
import { CONTENT_WIDTH } from '../sequences/content.ts';
import type { JourneyExamples } from '../sequences/ranking-examples.ts';

/** What a touch is called where nothing was shown and any positive action counts. */
const TOUCH = 'touch';
const LEAST_DEEDS = 30;
const LEAST_REQUESTS = 60;
/** The latest requests say most about what comes. */
const MOST_REQUESTS = 4000;
const TOP = 10;

export interface HeadFigures {
  /** Mean NDCG@10 of the last requests, which chose nothing: by state · item, by the light head, by both heads; and how many there were. */
  readonly state: number; readonly light: number; readonly finalists: number; readonly requests: number;
  /** The same of the linear model that the light head adds to, and of that with a head that reads features alone; absent where the head stands alone. */
  readonly linear?: number; readonly plain?: number;
  readonly lightLoss: string; readonly finalistsLoss: string;
}
export interface TrainedHeads { readonly heads: StoredHeads; readonly figures: HeadFigures }

export interface HeadOptions { readonly seed: number; readonly random: Random; readonly clock: Clock; readonly signal?: AbortSignal; /** Seconds: requests before it are not learned from. */ readonly after: number; readonly onProgress?: (share: number) => void }

/** Requests after a moment: rows of the examples [from, to). */
interface Request { readonly from: number; readonly to: number }

const requestsOf = ({ examples: { rows } }: JourneyExamples, after: number): readonly Request[] => {
  const all: Request[] = [];
  for (let query = 0; query + 1 < rows.queries.length; query++) {
    const [from = 0, to = 0] = [rows.queries[query], rows.queries[query + 1]];
    if (to - from >= 2 && (rows.at[from] ?? 0) >= after * 1000) all.push({ from, to });
  }
  return all.toSorted((a, b) => (rows.at[a.from] ?? 0) - (rows.at[b.from] ?? 0)).slice(-MOST_REQUESTS);
};

/** Actions that logits are for: those of the registry that occur often enough, as bits. */
const actionsOf = ({ examples: { rows, source } }: JourneyExamples, requests: readonly Request[]): readonly { readonly name: string; readonly bit: number; readonly sign: number }[] => {
  if (source === 'touches') return [{ name: TOUCH, bit: 1, sign: 1 }];
  const counts = ACTIONS.map(() => 0);
  for (const { from, to } of requests) for (let row = from; row < to; row++) counts.forEach((count, action) => { if (((rows.bits[row] ?? 0) >>> action & 1) === 1) counts[action] = count + 1; });
  return ACTIONS.flatMap(({ name, polarity }, action) => ((counts[action] ?? 0) >= LEAST_DEEDS ? [{ name, bit: 1 << action, sign: name === 'dwell' ? 1 : polarity }] : []));
};

/** A member's events up to an index of the data, as a reader is given them. */
const eventsUpTo = ({ data }: JourneyExamples, { from, end, rows }: { readonly from: number; readonly end: number; readonly rows: Int32Array }, into: JourneyEvents): JourneyEvents => {
  const first = Math.max(from, end - into.item.length);
  into.count = end - first;
  for (let event = first, i = 0; event < end; event++, i++) {
    const item = data.item[event] ?? 0;
    into.item[i] = item;
    into.row[i] = rows[item] ?? -1;
    into.features.set(data.content.features.subarray(item * CONTENT_WIDTH, (item + 1) * CONTENT_WIDTH), i * CONTENT_WIDTH);
    for (const name of ['action', 'surface', 'dwell', 'seconds'] as const) into[name][i] = data[name][event] ?? 0;
  }
  return into;
};

/** What both heads read, computed once: [requests, width], [items, width]. */
interface Known { readonly requests: readonly Request[]; readonly states: Float32Array; readonly vectors: Float32Array; readonly raw: Float32Array; readonly rows: Int32Array; readonly requestOf: Int32Array; readonly rowOf: Int32Array }

const know = async (reader: JourneyReader, journeys: JourneyExamples, requests: readonly Request[]): Promise<Known> => {
  const { data, examples } = journeys;
  const { width } = reader;
  const rows = Int32Array.from(data.itemNames, reader.itemRow);
  const [vectors, raw] = [new Float32Array(data.items * width), new Float32Array(data.items * width)];
  reader.vectors({ rows, features: data.content.features }, vectors);
  reader.rawVectors({ rows, features: data.content.features }, raw);
  const states = new Float32Array(requests.length * width);
  const events = createJourneyEvents();
  for (const [at, { from }] of requests.entries()) {
    const member = examples.rows.member[from] ?? 0;
    eventsUpTo(journeys, { from: data.starts[member] ?? 0, end: examples.ends[from] ?? 0, rows }, events);
    await reader.state(events, Math.floor((examples.rows.at[from] ?? 0) / 1000), states.subarray(at * width, (at + 1) * width));
  }
  const total = requests.reduce((sum, { from, to }) => sum + to - from, 0);
  const [requestOf, rowOf] = [new Int32Array(total), new Int32Array(total)];
  let place = 0;
  requests.forEach(({ from, to }, at) => { for (let row = from; row < to; row++, place++) { requestOf[place] = at; rowOf[place] = row; } });
  return { requests, states, vectors, raw, rows, requestOf, rowOf };
};

const part = (array: Float32Array, at: number, width: number): Float32Array => array.subarray(at * width, (at + 1) * width);

/** NDCG@10 of binary gains in the order of scores, ties broken by place. */
const ndcg = (scores: Float64Array, gains: Uint8Array): number => {
  const order = Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const discounted = (at: readonly number[]): number => at.slice(0, TOP).reduce((sum, row, place) => sum + (gains[row] ?? 0) / Math.log2(place + 2), 0);
  const best = discounted(order.toSorted((a, b) => (gains[b] ?? 0) - (gains[a] ?? 0)));
  return best === 0 ? 0 : discounted(order) / best;
};

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** One number a row: what speaks for it less what speaks against. */
const worth = (logits: Float32Array, row: number, signs: readonly number[]): number => {
  if (signs.length === 1) return logits[row] ?? 0;
  return signs.reduce((sum, sign, action) => sum + sign * sigmoid(logits[row * signs.length + action] ?? 0), 0);
};

interface Scored { readonly queries: Int32Array; readonly gains: Uint8Array }

/** Mean NDCG@10 of requests in which something was liked and something was not. */
const meanNdcg = ({ queries, gains }: Scored, requests: readonly number[], scoreOf: (row: number) => number): number => {
  let [sum, count] = [0, 0];
  for (const request of requests) {
    const [from = 0, to = 0] = [queries[request], queries[request + 1]];
    const own = gains.subarray(from, to);
    const liked = own.reduce((total, gain) => total + gain, 0);
    if (liked === 0 || liked === own.length) continue;
    sum += ndcg(Float64Array.from({ length: to - from }, (_, i) => scoreOf(from + i)), own);
    count++;
  }
  return count === 0 ? 0 : sum / count;
};

/** The best rows of each request by the light head, in order of rows. */
const finalistsOf = (queries: Int32Array, scoreOf: (row: number) => number): { readonly queries: Int32Array; readonly places: Int32Array } => {
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

/** Six tenths of the requests are learned from, two choose, and on the last two the figures are taken. */
interface Parts extends HeadRequests { readonly told: readonly number[] }
const inThree = (count: number): Parts => {
  const all = Array.from({ length: count }, (_, i) => i);
  return { learned: all.slice(0, Math.floor(count * 0.6)), choosing: all.slice(Math.floor(count * 0.6), Math.floor(count * 0.8)), told: all.slice(Math.floor(count * 0.8)) };
};

const storedHeads = (light: StoredWeights, finalists: StoredWeights, actions: readonly string[]): StoredHeads => {
  const values = new Float32Array(light.values.length + finalists.values.length);
  values.set(light.values);
  values.set(finalists.values, light.values.length);
  return {
    actions, context: LIGHT_CONTEXT, hidden: LIGHT_HIDDEN, values,
    layout: [...light.layout, ...finalists.layout.map((entry) => ({ ...entry, name: `finalists/${entry.name}`, offset: entry.offset + light.values.length }))],
  };
};

const candidateStates = async (reader: JourneyReader, { journeys, known }: { readonly journeys: JourneyExamples; readonly known: Known }, { queries, places }: ReturnType<typeof finalistsOf>): Promise<Float32Array> => {
  const { width } = reader;
  const out = new Float32Array(places.length * width);
  const events = createJourneyEvents();
  const { rows } = known;
  const { at, member, item } = journeys.examples.rows;
  for (let request = 0; request + 1 < queries.length; request++) {
    const [from = 0, to = 0] = [queries[request], queries[request + 1]];
    const row = known.requests[request]?.from ?? 0;
    eventsUpTo(journeys, { from: journeys.data.starts[member[row] ?? 0] ?? 0, end: journeys.examples.ends[row] ?? 0, rows }, events);
    const candidates = new Float32Array((to - from) * width);
    for (let i = from; i < to; i++) candidates.set(part(known.raw, item[known.rowOf[places[i] ?? 0] ?? 0] ?? 0, width), (i - from) * width);
    await reader.candidateStates(events, Math.floor((at[row] ?? 0) / 1000), { candidates, out: out.subarray(from * width, to * width) });
  }
  return out;
};

interface LightAsked {
  readonly rows: ExampleBuffer; readonly known: Known; readonly parts: Parts; readonly queries: Int32Array; readonly labels: Uint8Array; readonly width: number; readonly actions: number;
  readonly tasteOf: (row: number) => RowTaste | undefined;
  readonly score: (logits: Float32Array, requests: readonly number[]) => number;
}
/** Logits by place [places · actions]; of touches also the linear model underneath, which is in them. */
interface Light { readonly weights: StoredWeights; readonly logits: Float32Array; readonly linear?: Float32Array; readonly plain?: Float32Array; readonly loss: string }

/** From all touches, those that the trunk had learned without a state; on top of the linear model that the second pass is where nothing was shown. */
const lightOfTouches = async ({ rows, known, parts, width, tasteOf }: LightAsked, { seed, random, clock, signal }: HeadOptions): Promise<Light> => {
  const queryOf = (request: number | undefined): number => rows.queries.indexOf(known.requests[request ?? 0]?.from ?? 0);
  const fitted = await fitLight(rows, { seed, random, clock, width, tasteOf, cuts: [queryOf(parts.choosing[0]), queryOf(parts.told[0])], ...(signal === undefined ? {} : { signal }) });
  const byPlace = (byRow: Float32Array): Float32Array => Float32Array.from(known.rowOf, (row) => byRow[row] ?? 0);
  return { weights: fitted.weights, logits: byPlace(fitted.together), linear: byPlace(fitted.linear), plain: byPlace(fitted.plain), loss: fitted.readsState ? 'choice' : 'choice, features alone' };
};

const lightOfImpressions = async ({ rows, known, parts, queries, labels, width, tasteOf, actions, score }: LightAsked, { seed, random, clock, signal }: HeadOptions): Promise<Light> => {
  const inputs = createLightInputs(rows, width, tasteOf);
  const examples: HeadExamples = { queries, labels, fill: (place, out, to) => { inputs.fill(known.rowOf[place] ?? 0, out, to); } };
  const fitted = await fitHead(examples, { inputs: inputs.count, hidden: LIGHT_HIDDEN, actions }, { seed, random, clock, requests: parts, score, ...(signal === undefined ? {} : { signal }) });
  return { weights: storedLight(storedWeights(fitted.arena), inputs.scale), logits: await fitted.logits(), loss: fitted.loss };
};

/** @returns undefined where there are too few requests to learn from */
export const trainHeads = async (reader: JourneyReader, journeys: JourneyExamples, options: HeadOptions): Promise<TrainedHeads | undefined> => {
  const { width } = reader;
  const { examples: { rows } } = journeys;
  const requests = requestsOf(journeys, options.after);
  const actions = actionsOf(journeys, requests);
  if (requests.length < LEAST_REQUESTS || actions.length === 0) return undefined;
  const known = await know(reader, journeys, requests);
  options.onProgress?.(0.3);
  const signs = actions.map(({ sign }) => sign);
  const positive = actions.reduce((bits, { bit, sign }) => (sign > 0 ? bits | bit : bits), 0);
  const queries = new Int32Array(requests.length + 1);
  requests.forEach(({ from, to }, at) => { queries[at + 1] = (queries[at] ?? 0) + to - from; });
  const total = queries[requests.length] ?? 0;
  const gains = Uint8Array.from(known.rowOf, (row) => Number(((rows.bits[row] ?? 0) & positive) !== 0));
  const labels = new Uint8Array(total * actions.length);
  known.rowOf.forEach((row, i) => { actions.forEach(({ bit }, a) => { labels[i * actions.length + a] = Number(((rows.bits[row] ?? 0) & bit) !== 0); }); });
  const parts = inThree(requests.length);
  const vectorOf = (place: number): Float32Array => part(known.vectors, rows.item[known.rowOf[place] ?? 0] ?? 0, width);
  const stateOf = (place: number): Float32Array => part(known.states, known.requestOf[place] ?? 0, width);
  const scored: Scored = { queries, gains };
  const fit = { seed: options.seed, random: options.random, clock: options.clock, requests: parts, ...(options.signal === undefined ? {} : { signal: options.signal }) };
  const placeOf = new Map(Array.from(known.rowOf, (row, place) => [row, place]));
  const tasteOf = (row: number): RowTaste | undefined => { const place = placeOf.get(row); return place === undefined ? undefined : { state: stateOf(place), vector: vectorOf(place) }; };
  const asked: LightAsked = { rows, known, parts, queries, labels, width, tasteOf, actions: actions.length, score: (logits, some) => meanNdcg(scored, some, (row) => worth(logits, row, signs)) };
  const byLight = await (journeys.examples.source === 'touches' ? lightOfTouches : lightOfImpressions)(asked, { ...options, random: options.random.fork('light') });
  const lightLogits = byLight.logits;
  options.onProgress?.(0.6);
  const lightScore = (row: number): number => worth(lightLogits, row, signs);
  const last = finalistsOf(queries, lightScore);
  const own = await candidateStates(reader, { journeys, known }, last);
  options.onProgress?.(0.8);
  const finalists: HeadExamples = {
    queries: last.queries,
    labels: Uint8Array.from({ length: last.places.length * actions.length }, (_, i) => labels[(last.places[Math.floor(i / actions.length)] ?? 0) * actions.length + i % actions.length] ?? 0),
    base: Float32Array.from({ length: last.places.length * actions.length }, (_, i) => lightLogits[(last.places[Math.floor(i / actions.length)] ?? 0) * actions.length + i % actions.length] ?? 0),
    fill: (at, out, to) => { const place = last.places[at] ?? 0; fillFinalist({ state: stateOf(place), vector: vectorOf(place), own: part(own, at, width), width }, out, to); },
  };
  /** Finalists before the rest, in their own order; the rest as the light head had them. */
  const together = (logits: Float32Array): ((row: number) => number) => {
    const places = new Map(Array.from(last.places, (place, at) => [place, at]));
    return (row) => { const at = places.get(row); return at === undefined ? lightScore(row) - 1e6 : worth(logits, at, signs); };
  };
  const byFinalists = await fitHead(finalists, { inputs: 3 * width, hidden: FINALIST_HIDDEN, actions: actions.length }, { ...fit, random: options.random.fork('finalists'), score: (logits, asked) => meanNdcg(scored, asked, together(logits)) });
  const finalistLogits = await byFinalists.logits();
  const cosine = (place: number): number => { const [s, v] = [stateOf(place), vectorOf(place)]; let sum = 0; for (let i = 0; i < width; i++) sum += (s[i] ?? 0) * (v[i] ?? 0); return sum; };
  const figureOf = (name: string, scores: Float32Array | undefined): Readonly<Record<string, number>> => (scores === undefined ? {} : { [name]: meanNdcg(scored, parts.told, (place) => scores[place] ?? 0) });
  options.onProgress?.(1);
  return {
    heads: storedHeads(byLight.weights, storedWeights(byFinalists.arena), actions.map(({ name }) => name)),
    figures: {
      state: meanNdcg(scored, parts.told, cosine), light: meanNdcg(scored, parts.told, lightScore), finalists: meanNdcg(scored, parts.told, together(finalistLogits)),
      ...figureOf('linear', byLight.linear), ...figureOf('plain', byLight.plain),
      requests: parts.told.length, lightLoss: byLight.loss, finalistsLoss: byFinalists.loss,
    },
  };
};
