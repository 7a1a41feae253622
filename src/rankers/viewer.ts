/** The viewer as a ranker sees them: who they are and what their recent journey says, gathered once per request. */
import type { RequestContext } from '../core/context.ts';
import { ACTIONS, ENTITY_KINDS } from '../core/registry.ts';
import { DAY, HOUR } from '../core/clock.ts';
import { decay } from '../journey/counters.ts';
import { habitOf } from '../journey/habits.ts';
import { actionOf, HISTORY_STRIDE } from '../journey/layout.ts';
import { LIKINGS } from '../journey/likings.ts';
import { BASIS, stateKeyOf } from '../journey/taste.ts';
import { NEIGHBOURS } from '../journey/neighbours.ts';
import { createScratch, type Scratch } from '../memory/scratch.ts';
import type { Views } from './views.ts';

/** Touches looked back upon, and items whose neighbours are asked. */
const HISTORY_READ = 256;
const NEIGHBOURS_ASKED = 20;
/** What each step back in the journey keeps of a neighbour's weight. */
const NEIGHBOUR_FADE = 0.9;
/** Numbers in a state, at most. */
const WIDEST = 1024;
const INTEREST_HALF_LIFE_MS: number = 7 * DAY;

export interface Viewer {
  /** Dense number; -1 for somebody nobody has mentioned. */
  readonly number: number;
  readonly company: number;
  /** Term → how much the profile and the recent journey are about it (profile 1, each touch at most 1, decayed). */
  readonly terms: Scratch;
  /** Sum of the weights of the touches behind `terms`. */
  readonly termWeight: number;
  /** Actor → how often the viewer acted on what they made, decayed. */
  readonly actors: Scratch;
  /** Item → summed similarity to what the viewer touched last (cosine of shared people). */
  readonly neighbours: Scratch;
  /** Term → 1 where the viewer declares it. */
  readonly declared: Scratch;
  /** Actor → 1 where the viewer is connected to them or follows them. */
  readonly ties: Scratch;
  /** Maker (see `makerOf`) → how often the viewer touched what they brought, and the sum over all makers. */
  readonly makers: Scratch;
  readonly makerTouches: number;
  /** Entity kind → share of the viewer's recent touches. */
  readonly kinds: Float64Array;
  /** Likings (see `Likings`) by term and by kind: how often it was shown to them and how often that was liked. */
  readonly shownTerms: Scratch;
  readonly likedTerms: Scratch;
  readonly shownKinds: Float64Array;
  readonly likedKinds: Float64Array;
  /** The same of anything. */
  readonly anyShown: number;
  readonly anyLiked: number;
  /** Entity kind → items of it that the viewer waved away in the last day. */
  readonly waved: Uint16Array;
  /** Touches looked back upon, and of them those in the last hour, the last day and the last week. */
  readonly touches: number;
  readonly lastHour: number;
  readonly lastDay: number;
  readonly lastWeek: number;
  /** Milliseconds since the last touch, and the item touched; -1 without history. */
  readonly idleMs: number;
  readonly lastItem: number;
  /** How much older, further down and more popular than usual what they touch is. */
  readonly habit: { readonly age: number; readonly rank: number; readonly people: number };
  /** Their state, and the vectors that it is to be held against; undefined where there is no model, no state, or no consent. */
  readonly taste: ViewerTaste | undefined;
}

/** All of one model. */
export interface ViewerTaste {
  /** Its version. */
  readonly model: string;
  readonly width: number;
  /** [width] */
  readonly state: Float32Array;
  /** Vector of entity e at e × width. */
  readonly vectors: Float32Array;
  /** Which of them were written lately, as `Taste` in journey/taste.ts lays it out. */
  readonly changed: Int32Array;
  /** True where the state was made from their profile alone, for want of events. */
  readonly isProfile: boolean;
}

export interface ViewerReader { read(number: number, views: Views, context: RequestContext): Viewer }

/** Who brought an item: its author, or where it has none, whoever touched it first. -1 where nobody did. */
export const makerOf = ({ catalog, journey }: Views, item: number): number =>
  ((catalog.items.columns.author[item] ?? 0) || (journey.counters.columns.firstMember[item * journey.counters.words] ?? 0)) - 1;

const NO_HABIT = { age: 0, rank: 0, people: 0 } as const;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const readProfile = (viewer: Mutable<Viewer>, views: Views): void => {
  const { data, head } = views.catalog.termsOf.view;
  const block = head[viewer.number] ?? 0;
  const length = data[block] ?? 0;
  for (let i = 0; i < length; i++) {
    const term = data[block + 2 + i] ?? 0;
    viewer.declared.set(term, 1);
    viewer.terms.add(term, 1);
  }
  viewer.company = (views.catalog.items.columns.company[viewer.number] ?? 0) - 1;
};

const readTies = (viewer: Viewer, { catalog }: Views): void => {
  for (const lists of [catalog.edges.connected.from, catalog.edges.follows.from]) {
    const { data, head } = lists.view;
    const block = head[viewer.number] ?? 0;
    const end = block + 2 + (data[block] ?? 0);
    for (let at = block + 2; at < end; at++) viewer.ties.set(data[at] ?? 0, 1);
  }
};

const askNeighbours = (viewer: Viewer, views: Views, { item, weight }: { readonly item: number; readonly weight: number }): void => {
  const { item: others, count } = views.journey.neighbours.rows.columns;
  const { columns: { people }, words } = views.journey.counters;
  const own = people[item * words] ?? 0;
  for (let slot = item * NEIGHBOURS; slot < (item + 1) * NEIGHBOURS; slot++) {
    const other = (others[slot] ?? 0) - 1;
    if (other < 0) continue;
    viewer.neighbours.add(other, (weight * (count[slot] ?? 0)) / Math.sqrt(own * (people[other * words] ?? 0) + 10));
  }
};

/** The neighbours of the last distinct items; the further back, the less. */
const readNeighbours = (viewer: Viewer, recent: ReadonlySet<number>, views: Views): void => {
  let weight = 1;
  for (const item of recent) {
    askNeighbours(viewer, views, { item, weight });
    weight *= NEIGHBOUR_FADE;
  }
};

const readTouch = (viewer: Mutable<Viewer>, views: Views, touch: { readonly item: number; readonly weight: number }): void => {
  const { author, kind } = views.catalog.items.columns;
  const terms = views.catalog.termsOf.view;
  const { item, weight } = touch;
  viewer.termWeight += weight;
  const termBlock = terms.head[item] ?? 0;
  const termCount = terms.data[termBlock] ?? 0;
  for (let i = 0; i < termCount; i++) viewer.terms.add(terms.data[termBlock + 2 + i] ?? 0, weight / Math.sqrt(termCount));
  const author_ = (author[item] ?? 0) - 1;
  if (author_ >= 0) viewer.actors.add(author_, weight);
  const maker = makerOf(views, item);
  if (maker >= 0 && maker !== viewer.number) { viewer.makers.add(maker, 1); viewer.makerTouches++; }
  const k = kind[item] ?? 0;
  viewer.kinds[k] = (viewer.kinds[k] ?? 0) + 1;
};

const wave = ({ waved }: Viewer, kind: number): void => { waved[kind] = (waved[kind] ?? 0) + 1; };

const readLikings = (viewer: Mutable<Viewer>, { journey: { likings } }: Views): void => {
  const { key, shown, liked } = likings.rows.columns;
  const first = likings.firstOf(viewer.number);
  for (let slot = first; slot >= 0 && slot < first + LIKINGS; slot++) {
    const own = key[slot] ?? 0;
    const [times, likes] = [shown[slot] ?? 0, liked[slot] ?? 0];
    if (own > 0) { viewer.shownTerms.set(own - 1, times); viewer.likedTerms.set(own - 1, likes); }
    if (own < 0) { viewer.shownKinds[-own - 1] = times; viewer.likedKinds[-own - 1] = likes; viewer.anyShown += times; viewer.anyLiked += likes; }
  }
};

const readHistory = (viewer: Mutable<Viewer>, views: Views, context: RequestContext): void => {
  const { data, head } = views.journey.history.view;
  const block = head[viewer.number] ?? 0;
  const end = block + 2 + (data[block] ?? 0);
  const recent = new Set<number>();
  let touches = 0;
  for (let at = end - HISTORY_STRIDE; at >= block + 2 && touches < HISTORY_READ; at -= HISTORY_STRIDE) {
    const action = ACTIONS[actionOf(data[at + 1] ?? 0)];
    const item = data[at] ?? 0;
    const elapsed = context.now - (data[at + 2] ?? 0) * 1000;
    if (action?.polarity === -1 && elapsed < DAY) wave(viewer, views.catalog.items.columns.kind[item] ?? 0);
    // A sequence holds dismissals and long looks too: they are no interest.
    if (action?.polarity !== 1 || !context.allowed[action.signal]) continue;
    touches++;
    if (elapsed < HOUR) viewer.lastHour++;
    if (elapsed < DAY) viewer.lastDay++;
    if (elapsed < 7 * DAY) viewer.lastWeek++;
    if (viewer.lastItem < 0 && views.catalog.isCandidate(item)) { viewer.lastItem = item; viewer.idleMs = Math.max(0, elapsed); }
    if (recent.size < NEIGHBOURS_ASKED) recent.add(item);
    readTouch(viewer, views, { item, weight: decay(elapsed, INTEREST_HALF_LIFE_MS) });
  }
  viewer.touches = touches;
  readNeighbours(viewer, recent, views);
  for (let k = 0; k < viewer.kinds.length; k++) viewer.kinds[k] = touches === 0 ? 0 : (viewer.kinds[k] ?? 0) / touches;
  viewer.habit = habitOf(views.journey.habits, viewer.number);
};

/** @param memory for the state: larger than any width where it is long enough */
const readTaste = (number: number, views: Views, { now, memory }: { readonly now: number; readonly memory: Float32Array }): ViewerTaste | undefined => {
  const { taste } = views;
  if (taste === undefined || taste.width === 0 || taste.width > memory.length) return undefined;
  const standing = taste.read(number, stateKeyOf(views, number, Math.floor(now / 1000)), memory);
  if (standing !== 'fresh' && standing !== 'old') return undefined;
  return { model: taste.model, width: taste.width, state: memory.subarray(0, taste.width), vectors: taste.vectors, changed: taste.changed, isProfile: taste.basisOf(number) === BASIS.profile };
};

/** A reader keeps its scratch memory: one per request in flight. */
export const createViewerReader = (): ViewerReader => {
  const viewer: Mutable<Viewer> = {
    number: -1, company: -1, terms: createScratch(), actors: createScratch(), neighbours: createScratch(), declared: createScratch(), ties: createScratch(),
    makers: createScratch(), makerTouches: 0, termWeight: 0, kinds: new Float64Array(ENTITY_KINDS.length), waved: new Uint16Array(ENTITY_KINDS.length),
    shownTerms: createScratch(), likedTerms: createScratch(), shownKinds: new Float64Array(ENTITY_KINDS.length), likedKinds: new Float64Array(ENTITY_KINDS.length), anyShown: 0, anyLiked: 0,
    touches: 0, lastHour: 0, lastDay: 0, lastWeek: 0, idleMs: -1, lastItem: -1, habit: NO_HABIT, taste: undefined,
  };
  const memory = new Float32Array(WIDEST);
  return {
    read: (number, views, context) => {
      const entities = views.catalog.entities.size();
      const terms = views.catalog.terms.size();
      viewer.terms.clear(terms); viewer.declared.clear(terms); viewer.actors.clear(entities); viewer.neighbours.clear(entities); viewer.ties.clear(entities); viewer.makers.clear(entities);
      viewer.number = number; viewer.company = -1;
      viewer.touches = 0; viewer.lastHour = 0; viewer.lastDay = 0; viewer.lastWeek = 0; viewer.idleMs = -1; viewer.lastItem = -1; viewer.makerTouches = 0; viewer.termWeight = 0; viewer.habit = NO_HABIT; viewer.taste = undefined;
      viewer.kinds.fill(0);
      viewer.waved.fill(0); viewer.anyShown = 0; viewer.anyLiked = 0; viewer.shownKinds.fill(0); viewer.likedKinds.fill(0);
      viewer.shownTerms.clear(terms); viewer.likedTerms.clear(terms);
      if (number < 0) return viewer;
      if (context.allowed.graph) readTies(viewer, views);
      if (context.allowed.profile) readProfile(viewer, views);
      if (context.allowed.activity) readLikings(viewer, views);
      if (context.allowed.activity && context.allowed.sequence) {
        readHistory(viewer, views, context);
        viewer.taste = readTaste(number, views, { now: context.now, memory });
      }
      return viewer;
    },
  };
};
