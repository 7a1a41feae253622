/** The surfaces of the product over one state: the same in the main thread and in workers. */
import type { Clock } from '../core/clock.ts';
import type { Millis } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { Cohort } from '../discovery/cohort.ts';
import { createDiscoveryService, type DiscoveryOptions } from '../discovery/service.ts';
import { createFeedService, type FeedOptions } from '../feed/service.ts';
import type { LogRecord } from '../log/port.ts';
import type { FirstPassRanker } from '../rankers/ranker.ts';
import type { Platform } from './api.ts';
import type { State } from './state.ts';

export interface SurfaceParts {
  readonly state: State;
  readonly rankers: readonly FirstPassRanker[];
  readonly cohorts: readonly Cohort[];
  readonly feed: FeedOptions;
  readonly discovery: DiscoveryOptions;
  readonly clock: Clock;
  readonly elapsed: () => number;
  readonly random: { readonly feed: Random; readonly discovery: Random };
  /** Signs cursors; the same for all processes of one data folder. */
  readonly secret: Uint8Array;
  /** Takes in memory that has grown since. */
  readonly refresh: () => void;
  /** See `FeedServiceParts`. */
  readonly prepare: (viewer: number, now: Millis) => Promise<void> | undefined;
  /** Takes served records; pages do not wait for them. */
  readonly emit: (record: LogRecord) => void;
}

export const createSurfaces = ({ state, rankers, cohorts, prepare, random, ...parts }: SurfaceParts): Pick<Platform, 'feed' | 'fresh' | 'discovery' | 'cohort'> => {
  const shared = { views: state, horizon: state.horizon, refresh: parts.refresh, clock: parts.clock, elapsed: parts.elapsed, cursorSecret: parts.secret, emit: parts.emit, assigned: state.assigned };
  const feed = createFeedService({ ...shared, campaigns: state.campaigns, prepare, secondPass: state.model.by, rankers, random: random.feed, options: parts.feed });
  const discovery = createDiscoveryService({ ...shared, cohorts, relevance: state.relevance, random: random.discovery, options: parts.discovery });
  return { feed: feed.page, fresh: feed.fresh, discovery: discovery.page, cohort: discovery.cohort };
};
