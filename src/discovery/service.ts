/** Discovery as a service: a query in, rendered cohorts out, the served record handed on. Runs in the main thread and in workers alike. */
import { HOUR, type Clock } from '../core/clock.ts';
import type { Assigned } from '../core/context.ts';
import { ThroughlineError } from '../core/errors.ts';
import { printable, type Millis } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { LogRecord } from '../log/port.ts';
import { createRequests } from '../rankers/requests.ts';
import type { Views } from '../rankers/views.ts';
import { runOperator, type Operator } from '../workflow/workflow.ts';
import type { Cohort } from './cohort.ts';
import { createCohortCursors } from './cursor.ts';
import { COHORT_FEATURES } from './features.ts';
import { discoveryWorkflow } from './pipeline.ts';
import { applyRules, DEFAULT_RULES, discoveryRules, type DiscoveryRules } from './rules.ts';
import type { RelevanceSlot } from './second-pass.ts';
import { DISCOVERY_SURFACE } from './served.ts';
import { createWorkPool, type DiscoveryWork } from './work.ts';

export interface DiscoveryOptions {
  /** Milliseconds within which the cohorts must be ready. */
  readonly deadlineMs: number;
  readonly cursorLifetimeMs: number;
  readonly rules: DiscoveryRules;
}

export const DISCOVERY_DEFAULTS: DiscoveryOptions = { deadlineMs: 250, cursorLifetimeMs: 2 * HOUR, rules: DEFAULT_RULES };

export interface DiscoveryServiceParts {
  readonly views: Views;
  readonly cohorts: readonly Cohort[];
  readonly horizon: () => number;
  readonly refresh: () => void;
  /** What experiments give a member, by id and dense number; absent: there are none. */
  readonly assigned?: (member: string, viewer: number) => Assigned;
  readonly relevance: Pick<RelevanceSlot, 'current' | 'by'>;
  readonly clock: Clock;
  readonly elapsed: () => number;
  readonly random: Random;
  readonly cursorSecret: Uint8Array;
  readonly options: DiscoveryOptions;
  readonly emit: (record: LogRecord) => void;
}

export interface DiscoveryQuery { readonly member: string; readonly locale?: string }
export interface CohortQuery extends DiscoveryQuery { readonly cohort: string; readonly limit: number; readonly cursor?: string }
/** JSON in UTF-8. */
export interface RenderedCohorts { readonly json: Uint8Array; readonly requestId: string }

export interface DiscoveryService {
  readonly workflow: Operator<DiscoveryWork>;
  /** The ranked cohorts of a member. @throws client/notFound */
  page(query: DiscoveryQuery): Promise<RenderedCohorts>;
  /** A page of one cohort in full. @throws client/notFound, client/invalidCursor, client/cursorExpired */
  cohort(query: CohortQuery): Promise<RenderedCohorts>;
}

type Asked = Pick<DiscoveryWork, 'only'> & { readonly query: DiscoveryQuery; readonly viewer: number; readonly now: Millis };

/** @throws client/invalidConfig for rules that name an unknown cohort */
export const createDiscoveryService = (parts: DiscoveryServiceParts): DiscoveryService => {
  const { views, cohorts, clock, elapsed, random, options } = parts;
  const cursors = createCohortCursors({ secret: parts.cursorSecret, lifetimeMs: options.cursorLifetimeMs, digest: (number) => views.catalog.entities.digest(number) });
  const workflow = discoveryWorkflow({ cohorts, cursors, relevance: parts.relevance, emit: parts.emit });
  const pool = createWorkPool(views, cohorts, COHORT_FEATURES);
  const { viewerOf, contextOf } = createRequests({ views, clock, elapsed, random, deadlineMs: options.deadlineMs, surface: DISCOVERY_SURFACE, assigned: parts.assigned });
  const names = cohorts.map(({ name }) => name);
  const rulesOf = discoveryRules(options.rules, names);

  const answer = async ({ query, only, viewer, now }: Asked): Promise<RenderedCohorts> => {
    const context = contextOf(query, viewer, now);
    // One cohort in full does not depend on them, so it exposes nobody to an experiment of theirs.
    const rules = only === undefined ? context.variant(rulesOf) : rulesOf.default;
    const ruled = applyRules(rules, names, { connections: views.catalog.edges.connected.from.length(viewer), locale: context.locale });
    const work = pool.take({ context, viewer, memberId: query.member, only, rules, ruled, horizon: only?.cursor?.horizon ?? parts.horizon() });
    const span = runOperator(workflow, work, context);
    if (span instanceof Promise) await span;
    const page = { json: work.json, requestId: context.requestId };
    pool.give(work);
    return page;
  };
  return {
    workflow,
    page: async (query) => {
      parts.refresh();
      return answer({ query, only: undefined, viewer: viewerOf(query.member), now: clock.now() });
    },
    cohort: async (query) => {
      parts.refresh();
      const now = clock.now();
      const viewer = viewerOf(query.member);
      const cohort = names.indexOf(query.cohort);
      if (cohort < 0) throw new ThroughlineError('client/notFound', `there is no cohort "${printable(query.cohort)}"; known: ${names.join(', ')}`);
      const cursor = query.cursor === undefined ? undefined : cursors.decode(query.cursor, { member: query.member, cohort: query.cohort, now });
      return answer({ query, only: { cohort, limit: query.limit, cursor }, viewer, now });
    },
  };
};
