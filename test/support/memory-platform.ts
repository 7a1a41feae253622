/** The platform in maps: keeps what it is given, validates as the real one must, pages in order of arrival. For tests of the edges. */
import { ATTRIBUTES, kindRow } from '../../src/catalog/kinds.ts';
import { DAY, MINUTE, type Clock } from '../../src/core/clock.ts';
import { ThroughlineError } from '../../src/core/errors.ts';
import { actionNumber, DEFAULT_SIGNALS, type SignalFamilies } from '../../src/core/registry.ts';
import { validate } from '../../src/core/validation.ts';
import { eventSchema, type ClientEvent } from '../../src/funnel/events.ts';
import type { DiscoveryPage } from '../../src/http/discovery-contracts.ts';
import { entityRecordSchema, type FeedItem, type FeedPage } from '../../src/http/contracts.ts';
import { DEFAULT_VALUES } from '../../src/feed/values.ts';
import { noModels } from '../../src/platform/models-view.ts';
import { readExperiment } from '../../src/experiments/experiment.ts';
import { settingOf } from '../../src/platform/state.ts';
import type { BatchOutcome, EntityView, ExperimentView, Platform, Rejection } from '../../src/platform/api.ts';
import type { FeedQuery } from '../../src/feed/query.ts';

export interface MemoryPlatform extends Platform {
  /** Makes the store refuse every write after so many more. */
  failWrites(options?: { readonly after: number }): void;
  /** Holds every feed until the function that comes back is called. */
  holdFeeds(): () => void;
  /** The same for writes of entities. */
  holdWrites(): () => void;
  /** Ranks nothing any more; answers these bytes. */
  answer(page: Uint8Array): void;
  readonly events: ReadonlyMap<string, ClientEvent>;
  readonly entities: ReadonlyMap<string, EntityView>;
}

interface Outcome { accepted: number; duplicates: number; rejected: Rejection[] }

const each = (records: readonly unknown[], store: (record: unknown) => 'accepted' | 'duplicates'): BatchOutcome => {
  const outcome: Outcome = { accepted: 0, duplicates: 0, rejected: [] };
  records.forEach((record, index) => {
    try {
      outcome[store(record)]++;
    } catch (error) {
      if (!(error instanceof ThroughlineError) || error.code === 'server/storeUnwritable') throw error;
      outcome.rejected.push({ index, code: error.code, detail: error.message, where: error.where });
    }
  });
  return outcome;
};

const readEntity = (record: unknown, clock: Clock): EntityView => {
  const { kind, id, createdAt, attributes } = validate(entityRecordSchema, record);
  const row = kindRow(kind);
  if (row === undefined) throw new ThroughlineError('client/unknownKind', `there is no kind "${kind}"; known: ${Object.keys(ATTRIBUTES).join(', ')}`, { where: { field: 'kind' } });
  try { validate(row.attributes, attributes); } catch (error) {
    if (!(error instanceof ThroughlineError)) throw error;
    throw new ThroughlineError(error.code, `in attributes: ${error.message}`, { where: { field: `attributes.${error.where.field ?? ''}` } });
  }
  const now = new Date(clock.now()).toISOString();
  return { kind, id, createdAt: createdAt ?? now, updatedAt: now, attributes };
};

const assertTime = (event: ClientEvent, clock: Clock, history: boolean): void => {
  const at = Date.parse(event.at);
  if (at > clock.now() + 5 * MINUTE) throw new ThroughlineError('client/inTheFuture', `at is ${event.at}, which is in the future; set the clock of the device`, { where: { field: 'at' } });
  if (!history && at < clock.now() - 30 * DAY) throw new ThroughlineError('client/tooOld', `at is ${event.at}, more than 30 days ago; send it to /v1/events/history`, { where: { field: 'at' } });
};

const itemOf = (entity: EntityView, requestId: string, position: number): FeedItem => ({
  trackingId: `${requestId}-${position.toString(36)}`, item: `${entity.kind}:${entity.id}`, kind: entity.kind, position,
  reason: { code: 'recent', text: 'New', actors: [] },
  card: { title: typeof entity.attributes['title'] === 'string' ? entity.attributes['title'] : `Article ${entity.id}`, untitled: entity.attributes['title'] === undefined, subtitle: null, text: null, url: null, author: null, topics: [], publishedAt: entity.createdAt },
  viewer: { actions: [] },
});

const cursorStart = (cursor: string | undefined): number => {
  if (cursor === undefined) return 0;
  if (cursor === 'expired') throw new ThroughlineError('client/cursorExpired', 'the cursor has expired; ask for the first page again, without a cursor');
  const start = /^at-(\d+)$/.exec(cursor)?.[1];
  if (start === undefined) throw new ThroughlineError('client/invalidCursor', 'the cursor is not one of ours; ask for the first page without one', { where: { field: 'cursor' } });
  return Number(start);
};

export const createMemoryPlatform = (clock: Clock): MemoryPlatform => {
  const entities = new Map<string, EntityView>();
  const events = new Map<string, ClientEvent>();
  const consents = new Map<string, SignalFamilies>();
  const pages = new Map<string, FeedPage>();
  const experiments = createExperimentList(clock);
  let writes = Number.POSITIVE_INFINITY;
  const feeds = createGate();
  const gate = createGate();
  let fixed: Uint8Array | undefined;
  let requests = 0;
  const assertWritable = (): void => {
    if (writes-- <= 0) throw new ThroughlineError('server/storeUnwritable', 'the log could not be written: the disk is full; nothing new is acknowledged until the server is restarted');
  };
  const recordEvent = (record: unknown, history: boolean): 'accepted' | 'duplicates' => {
    const event = validate(eventSchema, record);
    if (event.type === 'action') actionNumber(event.action);
    assertTime(event, clock, history);
    const before = events.get(event.id);
    if (before === undefined) { events.set(event.id, event); return 'accepted'; }
    if (JSON.stringify(before) === JSON.stringify(event)) return 'duplicates';
    throw new ThroughlineError('client/conflict', `the event ${event.id} came before with another payload; give a new event a new id`, { where: { field: 'id' } });
  };
  const page = (query: FeedQuery): FeedPage => {
    const start = cursorStart(query.cursor);
    const all = [...entities.values()].filter((entity) => entity.kind !== 'member');
    const requestId = `request${requests++}`;
    const items = all.slice(start, start + query.limit).map((entity, place) => itemOf(entity, requestId, start + place));
    const next = start + items.length;
    return { requestId, member: `member:${query.member}`, sort: query.sort, items, nextCursor: next < all.length ? `at-${next}` : null, missing: [] };
  };
  return {
    events, entities,
    failWrites: ({ after } = { after: 0 }) => { writes = after; },
    holdFeeds: feeds.hold,
    holdWrites: gate.hold,
    answer: (bytes) => { fixed = bytes; },
    putEntities: async (records) => {
      await gate.pass();
      assertWritable();
      return each(records, (record) => {
        const entity = readEntity(record, clock);
        entities.set(`${entity.kind}:${entity.id}`, entity);
        return 'accepted';
      });
    },
    getEntity: async (kind, id) => entities.get(`${kind}:${id}`),
    deleteEntity: async (kind, id) => entities.delete(`${kind}:${id}`),
    recordEvents: async (records, { history }) => { assertWritable(); return each(records, (record) => recordEvent(record, history)); },
    feed: async (query) => {
      await feeds.pass();
      if (fixed !== undefined) return { json: fixed, requestId: 'fixed' };
      const answer = page(query);
      pages.set(answer.requestId, answer);
      return { json: Buffer.from(JSON.stringify(answer)), requestId: answer.requestId };
    },
    fresh: async ({ member, since }) => {
      const shown = pages.get(since);
      if (!entities.has(`member:${member}`)) throw new ThroughlineError('client/notFound', `there is no member "${member}"`);
      if (shown === undefined) throw new ThroughlineError('client/invalidRequest', 'since must be the requestId of a page of this feed, as it came', { where: { field: 'since' } });
      const known = new Set(shown.items.map(({ item }) => item));
      return { count: page({ member, limit: 99, sort: 'relevance' }).items.filter(({ item }) => !known.has(item)).length, more: false };
    },
    discovery: async ({ member, locale = 'en' }) => {
      const requestId = `request${requests++}`;
      const answer: DiscoveryPage = {
        requestId, member: `member:${member}`, locale, direction: 'ltr', words: { dismiss: 'Dismiss', undo: 'Undo', more: 'More', nothingHere: 'Nothing here yet', partlyMissing: 'Some suggestions could not be loaded' },
        templates: {}, rules: 'memory', order: 'rules', cohorts: [], missing: [],
      };
      return { json: Buffer.from(JSON.stringify(answer)), requestId };
    },
    cohort: async ({ cohort }) => { throw new ThroughlineError('client/notFound', `there is no cohort "${cohort}"`); },
    trace: async (requestId) => {
      const served = pages.get(requestId);
      return served === undefined ? undefined : { requestId, member: served.member, root: { operator: 'feed', ms: 1, kept: served.items.length, removed: [], children: [], outcome: 'ok' } };
    },
    why: async (member, trackingId) => {
      const served = pages.get(trackingId.slice(0, trackingId.lastIndexOf('-')));
      if (served?.member !== `member:${member}` || !served.items.some((item) => item.trackingId === trackingId)) return undefined;
      return { sentences: ['It is new.', 'You switched nothing off.'] };
    },
    erase: async (member) => {
      assertWritable();
      const reference = `member:${member}`;
      const own = [...events.values()].filter((event) => event.member === reference);
      for (const event of own) events.delete(event.id);
      for (const [id, served] of pages) if (served.member === reference) pages.delete(id);
      const records = own.length + (entities.delete(reference) ? 1 : 0) + (consents.delete(member) ? 1 : 0);
      return { member, records, at: new Date(clock.now()).toISOString() };
    },
    members: async (limit) => [...entities.values()].filter(({ kind }) => kind === 'member').slice(0, limit).map(({ id, attributes }) => ({ id, name: typeof attributes['name'] === 'string' ? attributes['name'] : id, headline: null })),
    getConsent: async (member) => consents.get(member) ?? DEFAULT_SIGNALS,
    setConsent: async (member, allowed) => { assertWritable(); consents.set(member, allowed); },
    experiments: async () => experiments.views(),
    getExperiment: async (key) => experiments.view(key),
    putExperiment: async (key, input) => { assertWritable(); return experiments.put(key, input); },
    deleteExperiment: async (key) => experiments.remove(key),
    previewExperiment: async (key, member) => {
      if (!entities.has(`member:${member}`) || experiments.view(key) === undefined) throw new ThroughlineError('client/notFound', `there is no experiment "${key}" or no member "${member}"`);
      return { experiment: key, member: `member:${member}`, parameter: 'feedValues', variant: null, reason: 'DEFAULT', value: DEFAULT_VALUES };
    },
    modelsView: async () => noModels(DEFAULT_VALUES),
    journey: async (member) => {
      if (!entities.has(`member:${member}`)) return undefined;
      throw new ThroughlineError('client/noModel', 'no journey model serves here yet');
    },
    health: async () => ({ ready: true, writable: writes > 0, model: null, events: events.size, entities: entities.size, workers: 0 }),
    metrics: async () => `# HELP throughline_events_total Events stored.\n# TYPE throughline_events_total counter\nthroughline_events_total ${events.size}\n`,
    close: async () => undefined,
  };
};

const createExperimentList = (clock: Clock) => {
  const all = new Map<string, ExperimentView>();
  return {
    views: () => [...all.values()], view: (key: string) => all.get(key), remove: (key: string) => all.delete(key),
    put: (key: string, input: unknown): ExperimentView => {
      const view = { ...readExperiment(key, input, settingOf({})), updatedAt: new Date(clock.now()).toISOString() };
      all.set(key, view);
      return view;
    },
  };
};

const createGate = (): { pass(): Promise<void>; hold(): () => void } => {
  let held: Promise<void> | undefined;
  return {
    pass: async () => { if (held !== undefined) await held; },
    hold: () => {
      let open = (): void => undefined;
      held = new Promise<void>((resolve) => { open = resolve; });
      return () => { held = undefined; open(); };
    },
  };
};
