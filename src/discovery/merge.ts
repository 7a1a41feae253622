/** From the cohorts' lists to candidates, and from candidates to what stands on the page. */
import { actionNumber } from '../core/registry.ts';
import { orderBest } from '../memory/order.ts';
import { ineligible, seenRowOf } from '../rankers/eligible.ts';
import { MAX_ACTORS, type RankedList } from '../rankers/ranked-list.ts';
import type { SpanRecorder } from '../workflow/workflow.ts';
import { CAPACITY, type Candidates, type DiscoveryWork, type Shelf } from './work.ts';

/** What each time it was shown and passed by keeps of a candidate's score. */
const SHOWN_FADE = 0.9;
const FADES = Float32Array.from({ length: 32 }, (_, times) => SHOWN_FADE ** times);

/** Rows of a list that may be shown, and by row what is left of their scores. */
const rows = new Int32Array(CAPACITY);
const faded = new Float32Array(CAPACITY);

const push = (candidates: Candidates, list: RankedList, row: number): void => {
  const c = candidates.size++;
  candidates.item[c] = list.item[row] ?? 0;
  candidates.score[c] = faded[row] ?? 0;
  candidates.reason[c] = list.reason[row] ?? 0;
  candidates.actorCount[c] = list.actorCount[row] ?? 0;
  for (let a = 0; a < MAX_ACTORS; a++) candidates.actors[c * MAX_ACTORS + a] = list.actors[row * MAX_ACTORS + a] ?? 0;
};

/** Rows of one cohort's list that may be shown. @returns how many, the first ones of `rows` */
const keepEligible = (work: DiscoveryWork, { item, score, size }: RankedList, { action, span }: { readonly action: string; readonly span: SpanRecorder }): number => {
  const { actions, impressions } = work.views.journey.seen.columns;
  const done = 1 << actionNumber(action);
  let kept = 0;
  for (let row = 0; row < size; row++) {
    const number = item[row] ?? 0;
    const seen = seenRowOf(work, number);
    const why = ineligible(work, number, seen) ?? (seen >= 0 && ((actions[seen] ?? 0) & done) !== 0 ? 'done' : undefined);
    if (why !== undefined) { span.removed(number, why); continue; }
    const times = seen < 0 || !work.context.allowed.activity ? 0 : (impressions[seen] ?? 0);
    faded[row] = (score[row] ?? 0) * (FADES[Math.min(times, FADES.length - 1)] ?? 1);
    rows[kept++] = row;
  }
  return kept;
};

/** One candidate for each recommendation that may be shown, fresh ones before those that were passed by. A candidate's number is its tracking id. */
export const gatherCandidates = (work: DiscoveryWork, span: SpanRecorder): void => {
  const { candidates } = work;
  work.cohorts.forEach(({ card: { action } }, number) => {
    work.from[number] = candidates.size;
    const list = work.fetched[number] === 1 ? work.results[number]?.list : undefined;
    if (list !== undefined) {
      const kept = keepEligible(work, list, { action, span });
      const taken = Math.min(kept, CAPACITY - candidates.size);
      orderBest(rows, { size: kept, limit: taken }, { score: faded, tie: list.item });
      for (let i = 0; i < taken; i++) push(candidates, list, rows[i] ?? 0);
      span.counted('overCapacity', kept - taken);
    }
    work.to[number] = candidates.size;
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
