/** The only place where anything is constructed: log, projections, feed, models. The main thread is the sole writer of all of it. */
import { createHash } from 'node:crypto';
import { entityDeletedRecord, entityRecord } from '../catalog/validate.ts';
import { decodeEntity } from '../catalog/records.ts';
import { STATE } from '../catalog/catalog.ts';
import type { Clock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { candidateOf, requestOf, type MemberId, type Millis, type TrackingId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { traceOf, whyOf, type Trace } from '../feed/explain.ts';
import { createSecondPass, UNTRAINED, type SecondPass, type ServingModel } from '../feed/second-pass.ts';
import { createFeedService, type FeedOptions } from '../feed/service.ts';
import { eventRecord } from '../funnel/validate.ts';
import type { Appended, Log, LogRecord, StoredRecord } from '../log/port.ts';
import { createProjector } from '../log/projector.ts';
import { createSpace } from '../memory/space.ts';
import { consentRecord } from '../privacy/consent.ts';
import { POOL } from '../rankers/pool/index.ts';
import type { FirstPassRanker } from '../rankers/ranker.ts';
import type { BatchOutcome, EntityView, Platform, Rejection } from './api.ts';
import { openState, type State } from './state.ts';

export interface PlatformParts {
  readonly log: Log;
  readonly clock: Clock;
  readonly elapsed: () => number;
  readonly random: Random;
  /** Signs cursors; the same for all processes of one data folder. */
  readonly secret: Uint8Array;
  readonly options: FeedOptions;
  readonly rankers?: readonly FirstPassRanker[];
  /** Loads a published model by version, for traces of pages that it ranked. */
  readonly loadModel: (version: string) => Promise<ServingModel | undefined>;
  readonly onReplay?: (records: number) => void;
}

export interface MainPlatform extends Platform {
  readonly log: Log;
  readonly state: State;
  /** Takes served records of workers. */
  record(records: readonly LogRecord[]): void;
  /** Served records may still be on their way from workers: `gather` brings them in before a page is said to be unknown. */
  beforeMiss(gather: () => Promise<unknown>): void;
  /** Swaps the model being served, and writes that down. */
  publish(model: ServingModel): Promise<void>;
  /** Resolves when everything recorded so far is on disk and applied. */
  idle(): Promise<void>;
}

const rejection = (error: unknown, index: number): Rejection => {
  if (!(error instanceof ThroughlineError)) throw error;
  return { index, code: error.code, detail: error.message, where: { ...error.where, index } };
};

const textEncoder = new TextEncoder();

/** @throws server/… when the log cannot be opened or replayed */
export const createPlatform = async (parts: PlatformParts): Promise<MainPlatform> => {
  const { log, clock, random } = parts;
  const state = openState(createSpace());
  const { catalog } = state;
  const projector = createProjector(log, state.apply);
  let writable = true;
  let closing = false;
  let recordNumber = 0;
  const boot = clock.now().toString(36);
  const events = { accepted: await projector.replay(parts.onReplay) };
  const session = random.fork('session').next().toString(36).slice(2, 8);
  /** Ids of records that the server writes itself. */
  const ownId = (): string => `~${boot}${session}-${(recordNumber++).toString(36)}`;

  const submit = async (records: readonly LogRecord[]): Promise<readonly Appended[]> => {
    if (closing) throw new ThroughlineError('server/notReady', 'the server is stopping; send it again in a moment');
    if (records.length === 0) return [];
    try { return await projector.submit(0, records); } catch (error) {
      if (error instanceof ThroughlineError && error.code === 'server/storeUnwritable') writable = false;
      throw error;
    }
  };
  const record = (records: readonly LogRecord[]): void => {
    if (!writable || closing) return;
    // A page that was not recorded is a page that nobody learns from; it was served all the same (see health.writable).
    submit(records).catch(() => undefined);
  };
  /** Validates each alone, stores the good ones together, and says what became of each. */
  const storeBatch = async (values: readonly unknown[], toRecord: (value: unknown) => LogRecord): Promise<BatchOutcome> => {
    const records: LogRecord[] = [];
    const indices: number[] = [];
    const rejected: Rejection[] = [];
    values.forEach((value, index) => {
      try { records.push(toRecord(value)); indices.push(index); } catch (error) { rejected.push(rejection(error, index)); }
    });
    const appended = await submit(records);
    appended.forEach(({ outcome }, i) => {
      if (outcome !== 'quarantined') return;
      rejected.push(rejection(new ThroughlineError('client/conflict', `the event id "${records[i]?.id ?? ''}" came before with another content; that one stands and this one is quarantined. Give each event an id of its own`, { where: { field: 'id' } }), indices[i] ?? 0));
    });
    const count = (wanted: Appended['outcome']): number => appended.filter(({ outcome }) => outcome === wanted).length;
    return { accepted: count('stored'), duplicates: count('duplicate'), rejected: rejected.sort((a, b) => a.index - b.index) };
  };

  const newest = (number: number): StoredRecord | undefined => {
    const sequence = (catalog.items.columns.record[number] ?? 0) - 1;
    return sequence < 0 || catalog.items.columns.state[number] !== STATE.alive ? undefined : log.get({ partition: 0, sequence });
  };
  const find = (kind: string, id: string): number => catalog.find(`${kind}:${id}`);
  const createdBefore = (reference: string): Millis | undefined => {
    const number = catalog.find(reference);
    return catalog.items.columns.state[number] === STATE.alive ? catalog.items.columns.createdAt[number] as Millis : undefined;
  };

  const feed = createFeedService({
    views: state, horizon: state.horizon, refresh: () => undefined, secondPass: () => state.model.current, rankers: parts.rankers ?? POOL,
    clock, elapsed: parts.elapsed, random: random.fork('feed'), cursorSecret: parts.secret, options: parts.options, emit: (served) => { record([served]); },
  });
  const models = new Map<string, SecondPass>([[UNTRAINED.version, createSecondPass(UNTRAINED)]]);
  const modelOf = async (version: string): Promise<SecondPass | undefined> => {
    const known = models.get(version);
    if (known !== undefined) return known;
    const loaded = await parts.loadModel(version).catch(() => undefined);
    if (loaded === undefined) return undefined;
    const model = createSecondPass(loaded);
    models.set(version, model);
    return model;
  };
  let gather: () => Promise<unknown> = async () => undefined;
  const findServed = async (requestId: string): Promise<StoredRecord | undefined> => {
    await projector.idle();
    const sequence = state.pages.find(requestId);
    const stored = sequence < 0 ? undefined : log.get({ partition: 0, sequence });
    return stored?.type === 'served' && stored.id === requestId ? stored : undefined;
  };
  const trace = async (requestId: string): Promise<Trace | undefined> => {
    let stored = await findServed(requestId);
    if (stored === undefined) {
      await gather();
      stored = await findServed(requestId);
    }
    if (stored === undefined) return undefined;
    const served = traceOf(stored, undefined);
    return traceOf(stored, await modelOf(served.model));
  };
  const nameOf = (reference: string): string => {
    const number = catalog.find(reference);
    let name = '';
    const has = number >= 0 && catalog.readText('name', number, (from, offset, length) => { name = Buffer.from(from.subarray(offset, offset + length)).toString('utf8'); });
    return has ? name : 'Someone';
  };

  return {
    log, state, record,
    beforeMiss: (next) => { gather = next; },
    idle: projector.idle,
    putEntities: (entities) => storeBatch(entities, (value) => entityRecord(value, { now: clock.now(), recordId: ownId(), createdBefore })),
    getEntity: async (kind, id): Promise<EntityView | undefined> => {
      const stored = newest(find(kind, id));
      if (stored === undefined) return undefined;
      const entity = decodeEntity(stored.payload);
      return { kind, id, attributes: entity.attributes, createdAt: new Date(entity.createdAt).toISOString(), updatedAt: new Date(stored.at).toISOString() };
    },
    deleteEntity: async (kind, id) => {
      if (newest(find(kind, id)) === undefined) return false;
      await submit([entityDeletedRecord(`${kind}:${id}`, { now: clock.now(), recordId: ownId() })]);
      return true;
    },
    recordEvents: async (values, { history }) => {
      const outcome = await storeBatch(values, (value) => eventRecord(value, { now: clock.now(), history }));
      events.accepted += outcome.accepted;
      return outcome;
    },
    feed: feed.page,
    trace,
    why: async (member, tracking) => {
      const served = await trace(requestOf(tracking as TrackingId));
      const item = served?.items.find((candidate) => candidate.trackingId === tracking);
      if (served === undefined || item === undefined || served.member !== `member:${member}` || Number.isNaN(candidateOf(tracking as TrackingId))) return undefined;
      return { sentences: whyOf(served, item, item.actors.map(nameOf)) };
    },
    erase: async (member) => {
      const reference = `member:${member}`;
      await projector.idle();
      const at = clock.now();
      // The record proves that it was asked for and keeps no id: a digest that only this store can make.
      const proof = createHash('sha256').update(parts.secret).update(reference).digest();
      await submit([{ type: 'erasure', id: ownId(), at, deduplicate: 'never', payload: Uint8Array.of(1, ...proof) }]);
      state.forget(member as MemberId);
      // Pages served before that may name the member: they go into the log first, to be redacted with it.
      await gather();
      await projector.idle();
      const records = await log.erase(member as MemberId);
      return { member: reference, records, at: new Date(at).toISOString() };
    },
    getConsent: async (member) => ({ ...catalog.allowed(find('member', member)) }),
    setConsent: async (member, allowed) => { await submit([consentRecord(member, allowed, { now: clock.now(), recordId: ownId() })]); },
    publish: async (model) => {
      if (state.model.current.version === model.version) return;
      await submit([{ type: 'model', id: ownId(), at: clock.now(), deduplicate: 'never', payload: Uint8Array.of(1, ...textEncoder.encode(model.version)) }]);
      state.model.publish(model);
      models.set(model.version, createSecondPass(model));
    },
    health: async () => ({ ready: !closing, writable, model: state.model.current.version, events: events.accepted, entities: catalog.entities.size(), workers: 0, ...(closing ? { reason: 'stopping' } : {}) }),
    metrics: async () => [
      '# HELP throughline_records_total Records accepted, those replayed at start included.', '# TYPE throughline_records_total counter', `throughline_records_total ${events.accepted}`,
      '# HELP throughline_entities Entities known.', '# TYPE throughline_entities gauge', `throughline_entities ${catalog.entities.size()}`,
      '# HELP throughline_log_writable Whether the log takes records.', '# TYPE throughline_log_writable gauge', `throughline_log_writable ${writable ? 1 : 0}`, '',
    ].join('\n'),
    close: async () => {
      closing = true;
      await projector.idle();
      await log.close();
    },
  };
};
