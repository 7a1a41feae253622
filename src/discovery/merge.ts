/** From the cohorts' lists to candidates, and from candidates to what stands on the page. */
import { STATE } from '../catalog/catalog.ts';
import { actionNumber } from '../core/registry.ts';
import { DISMISSED } from '../journey/journey.ts';
import { MAX_ACTORS } from '../rankers/ranked-list.ts';
import type { SpanRecorder } from '../workflow/workflow.ts';
import { CAPACITY, type DiscoveryWork, type Shelf } from './work.ts';

/** What each time it was shown and passed by keeps of a candidate's score. */
const SHOWN_FADE = 0.9;
const FADES = Float32Array.from({ length: 32 }, (_, times) => SHOWN_FADE ** times);

/** Why it may not be shown to this viewer now, or undefined. */
const ineligible = (work: DiscoveryWork, item: number, did: number): string | undefined => {
  const { viewer, horizon, views: { catalog } } = work;
  const { state, addedAt } = catalog.items.columns;
  if (state[item] !== STATE.alive) return 'gone';
  if ((addedAt[item] ?? 0) > horizon) return 'newerThanFirstPage';
  if (item === viewer.number) return 'own';
  if ((did & DISMISSED) !== 0) return 'dismissed';
  return undefined;
};

const push = (work: DiscoveryWork, cohort: number, row: number): void => {
  const { candidates, results } = work;
  const list = results[cohort]?.list;
  if (list === undefined) return;
  const c = candidates.size++;
  candidates.item[c] = list.item[row] ?? 0;
  candidates.cohort[c] = cohort;
  candidates.score[c] = list.score[row] ?? 0;
  candidates.reason[c] = list.reason[row] ?? 0;
  candidates.actorCount[c] = list.actorCount[row] ?? 0;
  for (let a = 0; a < MAX_ACTORS; a++) candidates.actors[c * MAX_ACTORS + a] = list.actors[row * MAX_ACTORS + a] ?? 0;
};

/** The order of a cohort's candidates by score; of equals the newer entity first. */
const sortRange = ({ candidates }: DiscoveryWork, from: number, to: number): void => {
  const order = Array.from({ length: to - from }, (_, i) => from + i).sort((a, b) => (candidates.score[b] ?? 0) - (candidates.score[a] ?? 0) || (candidates.item[b] ?? 0) - (candidates.item[a] ?? 0));
  const moved = order.map((c) => ({ item: candidates.item[c] ?? 0, score: candidates.score[c] ?? 0, reason: candidates.reason[c] ?? 0, actorCount: candidates.actorCount[c] ?? 0, actors: candidates.actors.slice(c * MAX_ACTORS, (c + 1) * MAX_ACTORS) }));
  moved.forEach(({ item, score, reason, actorCount, actors }, i) => {
    const c = from + i;
    candidates.item[c] = item; candidates.score[c] = score; candidates.reason[c] = reason; candidates.actorCount[c] = actorCount;
    candidates.actors.set(actors, c * MAX_ACTORS);
  });
};

/** One candidate for each recommendation that may be shown, fresh ones before those that were passed by. A candidate's number is its tracking id. */
export const gatherCandidates = (work: DiscoveryWork, span: SpanRecorder): void => {
  const { viewer, candidates, views: { journey } } = work;
  work.cohorts.forEach((cohort, number) => {
    work.from[number] = candidates.size;
    const list = work.answered[number] === 1 ? work.results[number]?.list : undefined;
    const done = 1 << actionNumber(cohort.card.action);
    for (let row = 0; row < (list?.size ?? 0); row++) {
      const item = list?.item[row] ?? 0;
      const seen = viewer.number < 0 ? -1 : journey.seen.find(viewer.number, item);
      const did = seen < 0 ? 0 : (journey.seen.columns.actions[seen] ?? 0);
      const why = ineligible(work, item, did) ?? ((did & done) !== 0 ? 'done' : undefined);
      if (why !== undefined) { span.removed(item, why); continue; }
      if (candidates.size === CAPACITY) { span.removed(item, 'overCapacity'); continue; }
      push(work, number, row);
      const times = seen < 0 || !work.context.allowed.activity ? 0 : (journey.seen.columns.impressions[seen] ?? 0);
      const c = candidates.size - 1;
      candidates.score[c] = (candidates.score[c] ?? 0) * (FADES[Math.min(times, FADES.length - 1)] ?? 1);
    }
    work.to[number] = candidates.size;
    sortRange(work, work.from[number] ?? 0, candidates.size);
  });
  span.kept(candidates.size);
};

/** Cohorts in the order of their value, each with its best that stand in none above it. */
export const shelve = (work: DiscoveryWork, span: SpanRecorder): void => {
  const { taken, candidates, rules } = work;
  const order = work.cohorts.map((_, number) => number).filter((number) => work.from[number] !== work.to[number] && work.ruled[number] !== undefined)
    .sort((a, b) => (work.value[b] ?? 0) - (work.value[a] ?? 0) || a - b);
  const shelves: Shelf[] = [];
  for (const number of order) {
    const { items = rules.items, least = rules.least } = work.ruled[number] ?? {};
    const found: number[] = [];
    let total = 0;
    for (let c = work.from[number] ?? 0; c < (work.to[number] ?? 0); c++) {
      const item = candidates.item[c] ?? 0;
      if (taken.values[item] === 1) { span.removed(item, 'inACohortAbove'); continue; }
      total++;
      if (found.length < items) found.push(c);
    }
    if (found.length < least || shelves.length === rules.most) { span.counted(found.length < least ? 'tooFew' : 'cohortBelowThePage', found.length); continue; }
    for (const c of found) taken.set(candidates.item[c] ?? 0, 1);
    shelves.push({ cohort: number, candidates: found, total });
  }
  work.shelves = shelves;
  span.kept(shelves.reduce((sum, shelf) => sum + shelf.candidates.length, 0));
};
