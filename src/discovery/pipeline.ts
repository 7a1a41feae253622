/** Where a request for cohorts goes: this list, from top to bottom. `throughline workflow discovery` prints it. */
import { answeredRecord } from '../funnel/answered.ts';
import type { LogRecord } from '../log/port.ts';
import { DEFAULT_TIMEOUT_MS } from '../rankers/ranker.ts';
import { dependent, sequence, type Operator, type SpanRecorder } from '../workflow/workflow.ts';
import type { Cohort } from './cohort.ts';
import type { CohortCursorCodec } from './cursor.ts';
import { decorateCohorts } from './decorate.ts';
import { computeCohortFeatures } from './features.ts';
import { gatherCandidates, shelve } from './merge.ts';
import { createOnce, type Once } from './once.ts';
import { scoreCohorts, type RelevanceSlot } from './second-pass.ts';
import { servedCohorts } from './served.ts';
import { createResult, type DiscoveryWork } from './work.ts';

export interface DiscoveryParts {
  readonly cohorts: readonly Cohort[];
  readonly cursors: CohortCursorCodec;
  readonly relevance: Pick<RelevanceSlot, 'current' | 'by'>;
  /** Takes the served record; the page does not wait for it (docs/decisions/0005). */
  readonly emit: (record: LogRecord) => void;
}

/** Answers of cohorts kept for a while, per thread. */
const MOST_KEPT = 10_000;

const isFor = ({ viewer, views, context }: DiscoveryWork, cohort: Cohort): boolean =>
  cohort.signals.every((family) => context.allowed[family]) && cohort.eligible?.({ viewer, views, context }) !== false;

/** Whoever answers late fills memory that nobody reads any more. */
const miss = (work: DiscoveryWork, cohort: Cohort, number: number): void => {
  work.fetched[number] = 0;
  work.results[number] = createResult();
  work.results[number].list.clear(work.views.catalog.entities.size());
  work.missing.push(cohort.name);
};

const fetchOf = (cohort: Cohort, number: number, once: Once): Operator<DiscoveryWork> => ({
  name: `fetch ${cohort.name}`, about: cohort.about, timeoutMs: cohort.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  // A predicate of a plug-in that fails is a failure of the cohort: it is asked within the operator.
  enabled: ({ only, ruled }) => (only === undefined ? ruled[number] !== undefined : only.cohort === number),
  fallback: { about: 'without it, and the page says what is missing', run: (work) => { miss(work, cohort, number); } },
  run: (work, span) => {
    if (!isFor(work, cohort)) { span.counted('notForThisViewer', 1); return undefined; }
    const request = { viewer: work.viewer, views: work.views, context: work.context };
    const { cacheMs, timeoutMs = DEFAULT_TIMEOUT_MS } = cohort;
    const key = `${number} ${work.viewer.number} ${work.context.locale}`;
    const raw = cacheMs === undefined ? cohort.fetch(request) : once.ask(key, { now: work.context.now, forMs: cacheMs, waitMs: timeoutMs }, () => cohort.fetch(request));
    const take = (value: unknown): void => { work.raw[number] = value; work.fetched[number] = 1; };
    // The work may have gone on to another request before a late answer comes.
    const { requestId } = work.context;
    return raw instanceof Promise ? raw.then((value) => { if (work.context.requestId === requestId && !work.missing.includes(cohort.name)) take(value); }) : take(raw);
  },
});

const transformOf = (cohort: Cohort, number: number): Operator<DiscoveryWork> => ({
  name: `transform ${cohort.name}`, about: `${cohort.kind}, at most ${cohort.limit}`, after: [`fetch ${cohort.name}`],
  enabled: (work) => work.fetched[number] === 1,
  fallback: { about: 'without it, and the page says what is missing', run: (work) => { miss(work, cohort, number); } },
  run: (work, span) => {
    const result = work.results[number];
    if (result === undefined) return;
    cohort.transform(work.raw[number], { viewer: work.viewer, views: work.views, context: work.context }, result);
    result.list.finish(cohort.limit);
    span.kept(result.list.size);
    span.counted('noEntityOrScore', result.list.refused);
  },
});

/** One cohort in full: the first page fixes the order, later ones go on in it. */
const paginate = (work: DiscoveryWork, span: SpanRecorder, cursors: CohortCursorCodec): void => {
  const { only, candidates, cohorts, context } = work;
  if (only === undefined) return;
  const { cohort, limit, cursor } = only;
  const byItem = new Map<number, number>();
  for (let c = work.from[cohort] ?? 0; c < (work.to[cohort] ?? 0); c++) byItem.set(candidates.item[c] ?? 0, c);
  const order = cursor === undefined ? [...byItem.keys()] : [...cursor.items];
  const page: number[] = [];
  let at = 0;
  for (; at < order.length && page.length < limit; at++) {
    const c = byItem.get(order[at] ?? -1);
    // Dismissed, done or gone since.
    if (c !== undefined) page.push(c);
  }
  const rest = order.slice(at).filter((item) => byItem.has(item));
  work.shelves = [{ cohort, candidates: page, total: work.firstPosition + page.length + rest.length }];
  work.nextCursor = rest.length === 0 ? null : cursors.encode({
    cohort: cohorts[cohort]?.name ?? '', createdAt: cursor?.createdAt ?? context.now, position: work.firstPosition + page.length, horizon: work.horizon, items: Int32Array.from(rest),
  }, work.memberId);
  span.kept(page.length);
};

export const discoveryWorkflow = ({ cohorts, cursors, relevance, emit }: DiscoveryParts): Operator<DiscoveryWork> => {
  const once = createOnce(MOST_KEPT);
  return sequence<DiscoveryWork>({
    name: 'discovery', about: 'cohorts for one member, or one of them in full',
    children: [
      dependent({ name: 'first-pass', about: 'every cohort at once: fetch, then transform to one form', children: cohorts.flatMap((cohort, number) => [fetchOf(cohort, number, once), transformOf(cohort, number)]) }),
      { name: 'merge', about: 'one candidate, with its tracking id, for each recommendation that may be shown', run: gatherCandidates },
      { name: 'features', about: 'one row for each cohort, by the one definition that learning reads too', enabled: ({ only }) => only === undefined, run: (work, span) => { computeCohortFeatures(work); span.kept(work.cohorts.length); } },
      { name: 'second-pass', about: 'the order of cohorts: by rules, or by relevance where the rules say so and a model serves', enabled: ({ only }) => only === undefined, run: (work, span) => { scoreCohorts(work, relevance); span.kept(work.cohorts.length); } },
      { name: 'shelve', about: 'each cohort with its best that stand in none above it; no more cohorts than the rules allow', enabled: ({ only }) => only === undefined, run: shelve },
      { name: 'page', about: 'of one cohort in full: cuts the page and writes the cursor of the next', enabled: ({ only }) => only !== undefined, run: (work, span) => { paginate(work, span, cursors); } },
      { name: 'served', about: 'freezes the page into one record for the log: features, places, rules, versions, trace', run: (work, span) => { emit(servedCohorts(work, span.before)); span.kept(work.shelves.length); } },
      { name: 'decorate', about: 'words in the viewer\'s language, cards by template, social proof', run: (work, span) => { work.json = decorateCohorts(work); span.kept(work.answered.length); } },
      { name: 'answered', about: 'a second, short record for the log: which cards left, and at which places', run: (work, span) => { emit(answeredRecord({ requestId: work.context.requestId, member: work.memberId, at: work.context.now, surface: work.context.surface }, work.answered)); span.kept(work.answered.length); } },
    ],
  });
};
