/** What one request for cohorts carries through its workflow: columns of candidates, cohort after cohort. Pooled. */
import type { RequestContext } from '../core/context.ts';
import type { AnsweredCard } from '../funnel/answered.ts';
import { createScratch, type Scratch } from '../memory/scratch.ts';
import { createRankedList, MAX_ACTORS } from '../rankers/ranked-list.ts';
import type { Views } from '../rankers/views.ts';
import { createViewerReader, type Viewer, type ViewerReader } from '../rankers/viewer.ts';
import type { Cohort, CohortResult } from './cohort.ts';
import type { CohortCursor } from './cursor.ts';
import type { DiscoveryRules, Ruled } from './rules.ts';

/** Candidates of all cohorts of a request. */
export const CAPACITY = 4096;

/** One cohort as it stands on the page. */
export interface Shelf {
  /** Its number in the list of cohorts. */
  readonly cohort: number;
  /** Candidates of it, best first. */
  candidates: readonly number[];
  /** How many there are behind "See all", these included. */
  total: number;
}

export interface Candidates {
  size: number;
  readonly item: Int32Array;
  readonly score: Float32Array;
  readonly reason: Uint16Array;
  readonly actors: Int32Array;
  readonly actorCount: Uint16Array;
}

/** `only`: one cohort in full, a page of it. */
export interface DiscoveryWork {
  context: RequestContext;
  views: Views;
  viewer: Viewer;
  memberId: string;
  only: { readonly cohort: number; readonly limit: number; readonly cursor: CohortCursor | undefined } | undefined;
  rules: DiscoveryRules;
  /** What the rules say of each cohort. */
  ruled: readonly (Ruled | undefined)[];
  /** Log sequences below this were visible when the first page was made. */
  horizon: number;
  readonly reader: ViewerReader;
  readonly cohorts: readonly Cohort[];
  /** By cohort: whether it was asked and has answered, what it answered, what that was transformed to. */
  readonly fetched: Uint8Array;
  readonly raw: unknown[];
  readonly results: CohortResult[];
  readonly missing: string[];
  readonly candidates: Candidates;
  /** By cohort: its first candidate and the one behind its last. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** By cohort, FEATURES apart; and what the second pass makes of them. */
  features: Float32Array;
  readonly value: Float32Array;
  model: string;
  shelves: Shelf[];
  /** Cards that stand on the page as it leaves. */
  readonly answered: AnsweredCard[];
  readonly taken: Scratch;
  firstPosition: number;
  nextCursor: string | null;
  json: Uint8Array;
}

const createCandidates = (): Candidates => ({
  size: 0, item: new Int32Array(CAPACITY), score: new Float32Array(CAPACITY), reason: new Uint16Array(CAPACITY),
  actors: new Int32Array(CAPACITY * MAX_ACTORS), actorCount: new Uint16Array(CAPACITY),
});

export type WorkSeed = Pick<DiscoveryWork, 'context' | 'memberId' | 'only' | 'rules' | 'ruled' | 'horizon'> & { readonly viewer: number };

export interface WorkPool { take(seed: WorkSeed): DiscoveryWork; give(work: DiscoveryWork): void }

export const createResult = (): CohortResult => ({ subject: undefined, list: createRankedList() });

/** @param width numbers in the features of one cohort */
export const createWorkPool = (views: Views, cohorts: readonly Cohort[], width: number): WorkPool => {
  const free: DiscoveryWork[] = [];
  const create = (seed: WorkSeed): DiscoveryWork => {
    const reader = createViewerReader();
    return {
      ...seed, views, reader, viewer: reader.read(-1, views, seed.context), cohorts, fetched: new Uint8Array(cohorts.length), raw: cohorts.map(() => undefined),
      results: cohorts.map(createResult), missing: [], candidates: createCandidates(), from: new Int32Array(cohorts.length), to: new Int32Array(cohorts.length),
      features: new Float32Array(cohorts.length * width), value: new Float32Array(cohorts.length), model: '', shelves: [], answered: [], taken: createScratch(), firstPosition: 0, nextCursor: null, json: new Uint8Array(),
    };
  };
  return {
    take: (seed) => {
      const work = free.pop() ?? create(seed);
      const entities = views.catalog.entities.size();
      Object.assign(work, { context: seed.context, memberId: seed.memberId, only: seed.only, rules: seed.rules, ruled: seed.ruled, horizon: seed.horizon, model: '', shelves: [], nextCursor: null });
      work.viewer = work.reader.read(seed.viewer, views, seed.context);
      work.fetched.fill(0);
      work.raw.fill(undefined);
      work.results.forEach((result) => { result.subject = undefined; result.list.clear(entities); });
      work.missing.length = 0;
      work.answered.length = 0;
      work.candidates.size = 0;
      work.features.fill(0);
      work.taken.clear(entities);
      work.firstPosition = seed.only?.cursor?.position ?? 0;
      return work;
    },
    give: (work) => { free.push(work); },
  };
};
