/** The feed as a service: a query in, a rendered page out, its served record handed on. Runs in the main thread and in workers alike. */
import type { Clock } from '../core/clock.ts';
import type { Assigned } from '../core/context.ts';
import { ThroughlineError } from '../core/errors.ts';
import type { Millis } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { LogRecord } from '../log/port.ts';
import type { FeedQuery, FreshQuery, RenderedPage } from '../feed/query.ts';
import type { FirstPassRanker } from '../rankers/ranker.ts';
import { createRequests } from '../rankers/requests.ts';
import type { Views } from '../rankers/views.ts';
import { runOperator, type Operator } from '../workflow/workflow.ts';
import { createWorkPool, type FeedWork } from './candidates.ts';
import { createCursorCodec } from './cursor.ts';
import type { Campaigns } from './objectives/campaigns.ts';
import { SPONSORED_DEFAULTS, type SponsoredOptions } from './objectives/settings.ts';
import { freshWorkflow, timeOfRequest, type Fresh } from './fresh.ts';
import { feedWorkflow, gathering } from './pipeline.ts';
import type { SecondPass } from './second-pass.ts';
import { DEFAULT_VALUES, type ActionValues } from './values.ts';

export interface FeedServiceParts {
  readonly views: Views;
  readonly horizon: () => number;
  readonly refresh: () => void;
  /** Waits, within bounds, for what the journey model makes of the viewer; undefined where there is nothing to wait for. */
  readonly prepare?: (viewer: number, now: Millis) => Promise<void> | undefined;
  readonly secondPass: (values: ActionValues) => SecondPass;
  /** What experiments give a member, by id and dense number; absent: there are none. */
  readonly assigned?: (member: string, viewer: number) => Assigned;
  readonly rankers: readonly FirstPassRanker[];
  readonly campaigns: Campaigns;
  readonly clock: Clock;
  readonly elapsed: () => number;
  readonly random: Random;
  readonly cursorSecret: Uint8Array;
  readonly options: FeedOptions;
  /** Takes the served record; the page does not wait for it (see docs/decisions). */
  readonly emit: (record: LogRecord) => void;
}

export interface FeedOptions {
  /** Milliseconds within which a page must be ready. */
  readonly deadlineMs: number;
  readonly cursorLifetimeMs: number;
  /** Share of first pages that explore. */
  readonly exploration: number;
  /** Share of first pages that try something hardly anybody was shown; absent: none. */
  readonly newcomers?: number;
  /** How long a page waits for the journey model to take in what its member just did. */
  readonly stateWaitMs: number;
  /** Absent: `DEFAULT_VALUES`. */
  readonly values?: ActionValues;
  /** Absent: `SPONSORED_DEFAULTS`. */
  readonly sponsored?: SponsoredOptions;
}

export interface FeedService {
  readonly workflow: Operator<FeedWork>;
  page(query: FeedQuery): Promise<RenderedPage>;
  /** How many items could stand on a page now that came after this one was made, at most `MOST_FRESH`. @throws client/notFound, client/invalidRequest */
  fresh(query: FreshQuery): Promise<Fresh>;
}

export const createFeedService = (parts: FeedServiceParts): FeedService => {
  const { views, clock, random, options } = parts;
  const cursors = createCursorCodec({ secret: parts.cursorSecret, lifetimeMs: options.cursorLifetimeMs, digest: (number) => views.catalog.entities.digest(number) });
  const workflow = feedWorkflow({ rankers: parts.rankers, secondPass: parts.secondPass, values: options.values ?? DEFAULT_VALUES, cursors, exploration: options.exploration, newcomers: options.newcomers ?? 0, emit: parts.emit, sponsored: { campaigns: parts.campaigns, options: options.sponsored ?? SPONSORED_DEFAULTS } });
  const pool = createWorkPool(views, parts.rankers);
  const { viewerOf, contextOf } = createRequests({ views, clock, elapsed: parts.elapsed, random, deadlineMs: options.deadlineMs, surface: 'feed', assigned: parts.assigned });
  const freshness = freshWorkflow(gathering(parts.rankers));

  return {
    workflow,
    fresh: async ({ member, since }) => {
      const at = timeOfRequest(since);
      parts.refresh();
      const viewer = viewerOf(member);
      const work = pool.take({ context: contextOf({ member }, viewer, clock.now()), viewer, memberId: member, limit: 0, sort: 'relevance', cursor: undefined, horizon: parts.horizon() });
      const span = runOperator(freshness.operator, work, work.context);
      if (span instanceof Promise) await span;
      const count = freshness.count(work, at);
      pool.give(work);
      return count;
    },
    page: async (query) => {
      parts.refresh();
      const now = clock.now();
      const viewer = viewerOf(query.member);
      const cursor = query.cursor === undefined ? undefined : cursors.decode(query.cursor, query.member, now);
      if (cursor !== undefined && cursor.sort !== query.sort) throw new ThroughlineError('client/invalidCursor', `the cursor was made for sort=${cursor.sort}; ask for that, or start again without a cursor`);
      const waiting = parts.prepare?.(viewer, now);
      if (waiting !== undefined) {
        await waiting;
        parts.refresh();
      }
      const work = pool.take({ context: contextOf(query, viewer, now), viewer, memberId: query.member, limit: query.limit, sort: query.sort, cursor, horizon: cursor?.horizon ?? parts.horizon() });
      const span = runOperator(workflow, work, work.context);
      if (span instanceof Promise) await span;
      const page = { json: work.json, requestId: work.context.requestId };
      pool.give(work);
      return page;
    },
  };
};
