/**
 * What the edges (HTTP, command line) may ask of the house. The same interface stands in the main thread, where it does the
 * work, and in a worker, where `feed` reads shared columns and the rest is passed to the main thread.
 */
import type { EntityInput } from '../catalog/records.ts';
import type { ErrorCode, Where } from '../core/errors.ts';
import type { SignalFamilies } from '../core/registry.ts';
import type { CohortQuery, DiscoveryQuery, RenderedCohorts } from '../discovery/service.ts';
import type { Reason } from '../experiments/assign.ts';
import type { Experiment } from '../experiments/experiment.ts';
import type { Fresh } from '../feed/fresh.ts';
import type { FeedQuery, FreshQuery, RenderedPage } from '../feed/query.ts';
import type { ModelsView } from './models-view.ts';
import type { JourneyReading } from './reading.ts';

/** One failure of one record in a batch. */
export interface Rejection { readonly index: number; readonly code: ErrorCode; readonly detail: string; readonly where?: Where }

export interface BatchOutcome {
  /** Records stored, and on disk. */
  readonly accepted: number;
  /** Records that were there already, with the same content. */
  readonly duplicates: number;
  readonly rejected: readonly Rejection[];
}

export interface MemberSketch { readonly id: string; readonly name: string; readonly headline: string | null }
export interface EntityView extends EntityInput { readonly createdAt: string; readonly updatedAt: string }

/** An experiment with all that was left out filled in. `fault`: why it does not run though it is meant to. */
export interface ExperimentView extends Experiment { readonly updatedAt: string; readonly fault?: string }
/** What one member gets of one experiment, and why; `variant` is null where the default holds. */
export interface ExperimentPreview { readonly experiment: string; readonly member: string; readonly parameter: string; readonly variant: string | null; readonly reason: Reason; readonly value: unknown }

export interface Health { readonly ready: boolean; readonly reason?: string; readonly writable: boolean; readonly model: string | null; readonly events: number; readonly entities: number; readonly workers: number }

export interface Platform {
  putEntities(entities: readonly unknown[]): Promise<BatchOutcome>;
  /** The first members there are, for a page to choose from. */
  members(limit: number): Promise<readonly MemberSketch[]>;
  getEntity(kind: string, id: string): Promise<EntityView | undefined>;
  /** @returns false where there was none. */
  deleteEntity(kind: string, id: string): Promise<boolean>;
  /** Validates each event alone; resolves when the accepted ones are on disk and visible to the next request. */
  recordEvents(events: readonly unknown[], options: { readonly history: boolean }): Promise<BatchOutcome>;
  feed(query: FeedQuery): Promise<RenderedPage>;
  /** How many items came since a page was made that could stand on it. @throws client/notFound, client/invalidRequest */
  fresh(query: FreshQuery): Promise<Fresh>;
  /** The ranked cohorts of a member, as JSON. @throws client/notFound */
  discovery(query: DiscoveryQuery): Promise<RenderedCohorts>;
  /** A page of one cohort in full. @throws client/notFound, client/invalidCursor, client/cursorExpired */
  cohort(query: CohortQuery): Promise<RenderedCohorts>;
  /** The request as a tree of operators, JSON ready; undefined where unknown or retired. */
  trace(requestId: string): Promise<unknown>;
  /** Two plain sentences for the member, in their locale; undefined where the tracking id is not of this member. */
  why(member: string, trackingId: string, locale: string): Promise<{ readonly sentences: readonly [string, string] } | undefined>;
  /** Removes everything of a member; resolves with a receipt when no byte is left. */
  erase(member: string): Promise<{ readonly member: string; readonly records: number; readonly at: string }>;
  getConsent(member: string): Promise<SignalFamilies>;
  setConsent(member: string, allowed: SignalFamilies): Promise<void>;
  /** All experiments, by key. */
  experiments(): Promise<readonly ExperimentView[]>;
  getExperiment(key: string): Promise<ExperimentView | undefined>;
  /** Writes an experiment, or replaces it; the next request of any worker obeys. @throws client/invalidRequest, client/tooLarge with one sentence */
  putExperiment(key: string, input: unknown): Promise<ExperimentView>;
  /** @returns false where there was none. */
  deleteExperiment(key: string): Promise<boolean>;
  /** Exposes nobody. @throws client/notFound */
  previewExperiment(key: string, member: string): Promise<ExperimentPreview>;
  /** Models: which there are, which serve, and how the one in training goes. */
  modelsView(): Promise<ModelsView>;
  /** What the journey model that serves reads in a member's sequence, as far as they allow; undefined where there is no such member. @throws client/noModel */
  journey(member: string): Promise<JourneyReading | undefined>;
  health(): Promise<Health>;
  /** Prometheus text of counters held by the main thread (requests are counted by http itself). */
  metrics(): Promise<string>;
  close(): Promise<void>;
}
