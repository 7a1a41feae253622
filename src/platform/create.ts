/** The only place where anything is constructed: log, projections, feed, models. The main thread is the sole writer of all of it. */
import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { MemberId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { Cohort } from '../discovery/cohort.ts';
import { COHORTS } from '../discovery/pool/index.ts';
import { DISCOVERY_DEFAULTS, type DiscoveryOptions } from '../discovery/service.ts';
import type { ServingModel } from '../feed/second-pass.ts';
import type { FeedOptions } from '../feed/service.ts';
import { DEFAULT_VALUES } from '../feed/values.ts';
import { eventRecord } from '../funnel/validate.ts';
import type { Log, LogRecord } from '../log/port.ts';
import { createProjector } from '../log/projector.ts';
import { createSpace } from '../memory/space.ts';
import { consentRecord } from '../privacy/consent.ts';
import { POOL } from '../rankers/pool/index.ts';
import type { FirstPassRanker } from '../rankers/ranker.ts';
import type { Platform } from './api.ts';
import { noModels, type ModelsView, type Serving } from './models-view.ts';
import { createEntities } from './entities.ts';
import { createExperimentMethods } from './experiments.ts';
import type { ConfiguredDefaults } from './parameters.ts';
import { createIntake, type Intake, type Stamp } from './intake.ts';
import { createPublishing, type Publishing } from './publishing.ts';
import { openState, settingOf, type State } from './state.ts';
import { createSurfaces } from './surfaces.ts';
import { createTasteHouse, type TasteHouse } from './taste.ts';
import { createTraces } from './traces.ts';
import type { EncoderHost } from './encoder-host.ts';

export interface PlatformParts {
  readonly log: Log;
  readonly clock: Clock;
  readonly elapsed: () => number;
  readonly random: Random;
  /** Signs cursors; the same for all processes of one data folder. */
  readonly secret: Uint8Array;
  readonly options: FeedOptions;
  readonly rankers?: readonly FirstPassRanker[];
  /** Absent: the pool, and `DISCOVERY_DEFAULTS`. */
  readonly cohorts?: readonly Cohort[];
  readonly discovery?: DiscoveryOptions;
  /** Loads a published model by version, for traces of pages that it ranked. */
  readonly loadModel: (version: string) => Promise<ServingModel | undefined>;
  readonly onReplay?: (records: number) => void;
  /** Models as they stand in the data folder; absent: there is none. */
  readonly readModels?: (serving: Serving) => Promise<ModelsView>;
  /** Starts the encoder, with the first journey model; absent: none is ever served. */
  readonly startEncoder?: (state: State) => Promise<EncoderHost>;
}

export interface MainPlatform extends Platform, Publishing {
  readonly log: Log;
  readonly state: State;
  /** Takes served records of workers. */
  record(records: readonly LogRecord[]): void;
  /** Served records may still be on their way from workers: `gather` brings them in before a page is said to be unknown. */
  beforeMiss(gather: () => Promise<unknown>): void;
  /** Serves a version of the journey model. @throws what its files deserve; the one before it stays */
  serveJourney(version: string): Promise<void>;
  /** Calls back, once a journey model serves, with what another thread needs to read from it. */
  readonly attachTaste: TasteHouse['attach'];
  /** Resolves when everything recorded so far is on disk and applied. */
  idle(): Promise<void>;
}

/** The record proves that it was asked for and keeps no id: a digest that only this store can make. */
const erasureProof = (secret: Uint8Array, reference: string): Uint8Array => Uint8Array.of(1, ...createHash('sha256').update(secret).update(reference).digest());

const metricsText = (state: State, intake: Intake, records: number): string => [
  '# HELP throughline_records_total Records accepted, those replayed at start included.', '# TYPE throughline_records_total counter', `throughline_records_total ${records}`,
  '# HELP throughline_entities Entities known.', '# TYPE throughline_entities gauge', `throughline_entities ${state.catalog.entities.size()}`,
  '# HELP throughline_log_writable Whether the log takes records.', '# TYPE throughline_log_writable gauge', `throughline_log_writable ${intake.writable ? 1 : 0}`, '',
].join('\n');

/** @throws server/… when the log cannot be opened or replayed */
export const createPlatform = async (parts: PlatformParts): Promise<MainPlatform> => {
  const { log, clock, random, options: { values = DEFAULT_VALUES } } = parts;
  const { cohorts = COHORTS, discovery = DISCOVERY_DEFAULTS } = parts;
  const defaults: ConfiguredDefaults = { values, rules: discovery.rules, cohorts: cohorts.map(({ name }) => name) };
  const state = openState(createSpace(), defaults);
  const { catalog } = state;
  const taste = createTasteHouse({ state, start: parts.startEncoder, waitMs: parts.options.stateWaitMs });
  const projector = createProjector(log, (block) => {
    state.apply(block);
    taste.applied(block);
  });
  const intake = createIntake(projector);
  let records = await projector.replay(parts.onReplay);
  const boot = `~${clock.now().toString(36)}${random.fork('session').next().toString(36).slice(2, 8)}`;
  let recordNumber = 0;
  /** Where and when of a record that the server writes itself. */
  const stamp = (): Stamp => ({ now: clock.now(), recordId: `${boot}-${(recordNumber++).toString(36)}` });

  let gather: () => Promise<unknown> = async () => undefined;
  const surfaces = createSurfaces({
    state, rankers: parts.rankers ?? POOL, cohorts, feed: parts.options, discovery, clock, elapsed: parts.elapsed,
    random: { feed: random.fork('feed'), discovery: random.fork('discovery') }, secret: parts.secret, refresh: () => state.taste?.refresh(), prepare: taste.prepare, emit: (served) => { intake.record([served]); },
  });
  const traces = createTraces({ log, state, idle: intake.idle, gather: () => gather(), loadModel: parts.loadModel });

  return {
    log, state,
    record: intake.record,
    beforeMiss: (next) => { gather = next; },
    idle: intake.idle,
    ...surfaces,
    trace: traces.trace,
    why: traces.why,
    ...createEntities({ log, catalog, intake, stamp }),
    ...createExperimentMethods({ state, setting: settingOf(defaults), intake, stamp }),
    recordEvents: async (values, { history }) => {
      const outcome = await intake.storeBatch(values, (value) => eventRecord(value, { now: clock.now(), history }));
      records += outcome.accepted;
      return outcome;
    },
    erase: async (member) => {
      const reference = `member:${member}`;
      const { now, recordId } = stamp();
      await intake.submit([{ type: 'erasure', id: recordId, at: now, deduplicate: 'never', payload: erasureProof(parts.secret, reference) }]);
      await intake.idle();
      state.forget(member as MemberId);
      await taste.forget();
      // Pages served before that may name the member: they go into the log first, to be redacted with it.
      await gather();
      await intake.idle();
      return { member: reference, records: await log.erase(member as MemberId), at: new Date(now).toISOString() };
    },
    getConsent: async (member) => ({ ...catalog.allowed(catalog.find(`member:${member}`)) }),
    setConsent: async (member, allowed) => { await intake.submit([consentRecord(member, allowed, stamp())]); },
    serveJourney: taste.serve,
    attachTaste: taste.attach,
    ...createPublishing({ state, intake, stamp }),
    modelsView: async () => await parts.readModels?.({ journey: state.taste?.model ?? '', secondPass: state.model.version, values }) ?? noModels(values),
    journey: taste.reading,
    health: async () => ({
      ready: !intake.stopped, writable: intake.writable, model: state.model.version, events: records, entities: catalog.entities.size(), workers: 0,
      ...(intake.stopped ? { reason: 'stopping' } : {}),
    }),
    metrics: async () => `${metricsText(state, intake, records)}${taste.metrics()}`,
    close: async () => {
      intake.stop();
      await intake.idle();
      await taste.close();
      await log.close();
    },
  };
};
