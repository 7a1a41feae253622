/** The viewer as a ranker sees them: who they are and what their recent journey says, gathered once per request. */
import type { RequestContext } from '../core/context.ts';
import { ACTIONS } from '../core/registry.ts';
import { DAY, HOUR } from '../core/clock.ts';
import { decay } from '../journey/counters.ts';
import { HISTORY_STRIDE } from '../journey/layout.ts';
import { NEIGHBOURS } from '../journey/neighbours.ts';
import { createScratch, type Scratch } from '../memory/scratch.ts';
import type { Views } from './ranker.ts';

/** Events looked back upon, and items whose neighbours are asked. */
const HISTORY_READ = 64;
const NEIGHBOURS_ASKED = 20;
const INTEREST_HALF_LIFE_MS: number = 7 * DAY;

export interface Viewer {
  /** Dense number; -1 for somebody nobody has mentioned. */
  readonly number: number;
  readonly company: number;
  /** Term → how much the profile and the recent journey are about it (profile 1, each touch at most 1, decayed). */
  readonly terms: Scratch;
  /** Actor → how often the viewer acted on what they made, decayed. */
  readonly actors: Scratch;
  /** Item → summed similarity to what the viewer touched last (cosine of shared people). */
  readonly neighbours: Scratch;
  /** Term → 1 where the viewer declares it. */
  readonly declared: Scratch;
  /** Actor → 1 where the viewer is connected to them or follows them. */
  readonly ties: Scratch;
  /** Touches in the last hour and in the last week; mean log2 age in hours of what they touch; 0 without history. */
  readonly lastHour: number;
  readonly lastWeek: number;
  readonly habitualAge: number;
  readonly habitualPopularity: number;
}

export interface ViewerReader { read(number: number, views: Views, context: RequestContext): Viewer }

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
  for (const lists of [catalog.connections, catalog.follows]) {
    const { data, head } = lists.view;
    const block = head[viewer.number] ?? 0;
    const end = block + 2 + (data[block] ?? 0);
    for (let at = block + 2; at < end; at++) viewer.ties.set(data[at] ?? 0, 1);
  }
};

const askNeighbours = (viewer: Viewer, item: number, weight: number, views: Views): void => {
  const { item: others, count } = views.journey.neighbours.rows.columns;
  const { people } = views.journey.counters.columns;
  const own = people[item] ?? 0;
  for (let slot = item * NEIGHBOURS; slot < (item + 1) * NEIGHBOURS; slot++) {
    const other = (others[slot] ?? 0) - 1;
    if (other < 0) continue;
    viewer.neighbours.add(other, (weight * (count[slot] ?? 0)) / Math.sqrt(own * (people[other] ?? 0) + 1));
  }
};

const readHistory = (viewer: Mutable<Viewer>, views: Views, context: RequestContext): void => {
  const { data, head } = views.journey.history.view;
  const { author, createdAt } = views.catalog.items.columns;
  const { touches } = views.journey.counters.columns;
  const terms = views.catalog.termsOf.view;
  const block = head[viewer.number] ?? 0;
  const end = block + 2 + (data[block] ?? 0);
  const start = Math.max(block + 2, end - HISTORY_READ * HISTORY_STRIDE);
  let ages = 0; let popularity = 0; let events = 0;
  for (let at = end - HISTORY_STRIDE; at >= start; at -= HISTORY_STRIDE) {
    const item = data[at] ?? 0;
    const when = (data[at + 2] ?? 0) * 1000;
    const elapsed = context.now - when;
    const weight = decay(elapsed, INTEREST_HALF_LIFE_MS) * (ACTIONS[data[at + 1] ?? 0]?.polarity ?? 0);
    if (elapsed < HOUR) viewer.lastHour++;
    if (elapsed < 7 * DAY) viewer.lastWeek++;
    const termBlock = terms.head[item] ?? 0;
    const termCount = terms.data[termBlock] ?? 0;
    for (let i = 0; i < termCount; i++) viewer.terms.add(terms.data[termBlock + 2 + i] ?? 0, weight / Math.sqrt(termCount));
    const maker = (author[item] ?? 0) - 1;
    if (maker >= 0) viewer.actors.add(maker, weight);
    if (events < NEIGHBOURS_ASKED) askNeighbours(viewer, item, weight, views);
    ages += Math.log2(1 + Math.max(0, when - (createdAt[item] ?? 0)) / HOUR);
    popularity += Math.log2(1 + (touches[item] ?? 0));
    events++;
  }
  viewer.habitualAge = events === 0 ? 0 : ages / events;
  viewer.habitualPopularity = events === 0 ? 0 : popularity / events;
};

/** A reader keeps its scratch memory: one per request in flight. */
export const createViewerReader = (): ViewerReader => {
  const viewer: Mutable<Viewer> = {
    number: -1, company: -1, terms: createScratch(), actors: createScratch(), neighbours: createScratch(), declared: createScratch(), ties: createScratch(),
    lastHour: 0, lastWeek: 0, habitualAge: 0, habitualPopularity: 0,
  };
  return {
    read: (number, views, context) => {
      const entities = views.catalog.entities.size();
      const terms = views.catalog.terms.size();
      viewer.terms.clear(terms); viewer.declared.clear(terms); viewer.actors.clear(entities); viewer.neighbours.clear(entities); viewer.ties.clear(entities);
      viewer.number = number; viewer.company = -1;
      viewer.lastHour = 0; viewer.lastWeek = 0; viewer.habitualAge = 0; viewer.habitualPopularity = 0;
      if (number < 0) return viewer;
      if (context.allowed.graph) readTies(viewer, views);
      if (context.allowed.profile) readProfile(viewer, views);
      if (context.allowed.activity && context.allowed.sequence) readHistory(viewer, views, context);
      return viewer;
    },
  };
};
