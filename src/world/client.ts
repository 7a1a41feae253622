/** The world's only way to the platform: its public HTTP API, over any transport. */
import { ThroughlineError } from '../core/errors.ts';
import type { Entity } from './content.ts';

export interface TransportRequest { readonly method: 'GET' | 'PUT' | 'POST'; readonly path: string; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
/** `inject` of an in-process server, or `fetch` beside a running one. Header names in lower case. */
export type Transport = (request: TransportRequest) => Promise<{ readonly status: number; readonly body: string }>;

/** What the world reads of a page; the whole shape is in the API description. */
export interface FeedCard {
  readonly trackingId: string;
  readonly item: string;
  readonly kind: string;
  readonly position: number;
  readonly reason: { readonly actors: readonly string[] };
  readonly card: { readonly title: string; readonly topics: readonly string[]; readonly author: { readonly ref: string } | null; readonly publishedAt: string };
  readonly viewer: { readonly actions: readonly string[] };
  /** Present where somebody pays for the place. */
  readonly sponsored?: object | undefined;
}
export interface Page { readonly items: readonly FeedCard[]; readonly nextCursor: string | null }

export interface WorldEvent {
  readonly type: 'impression' | 'action';
  readonly id: string;
  readonly member: string;
  readonly item: string;
  readonly at: string;
  /** Absent where it was done beside the feed; then `surface` says where. */
  readonly trackingId?: string;
  readonly surface?: string;
  readonly span?: string;
  readonly visibleMs?: number;
  readonly action?: string;
}

export interface WorldClient {
  feed(memberId: string, page: { readonly limit: number; readonly cursor?: string }): Promise<Page>;
  events(events: readonly WorldEvent[], sentAt: number): Promise<void>;
  /** Many at once, as lines of JSON. */
  entities(entities: readonly Entity[]): Promise<void>;
  entity(entity: Entity): Promise<void>;
}

const JSON_HEADERS = { 'content-type': 'application/json' };

export const createClient = (transport: Transport): WorldClient => {
  const send = async (request: TransportRequest): Promise<unknown> => {
    const { status, body } = await transport(request);
    if (status >= 200 && status < 300) return body === '' ? undefined : JSON.parse(body);
    throw new ThroughlineError('server/internal', `${request.method} ${request.path} was answered ${status}: ${body.slice(0, 300)}; the demo world acts only through requests that should succeed`);
  };
  /** A batch may succeed in part: whatever the world sends is meant to be valid, so one refusal is an error. */
  const sendBatch = async (request: TransportRequest): Promise<void> => {
    const answer = await send(request) as { readonly rejected?: readonly { readonly index: number; readonly code: string; readonly detail: string }[] } | undefined;
    const first = answer?.rejected?.[0];
    if (first !== undefined) throw new ThroughlineError('server/internal', `${request.method} ${request.path} refused record ${first.index} with ${first.code}: ${first.detail}`, { where: { index: first.index } });
  };
  return {
    feed: async (memberId, { limit, cursor }) => {
      const query = cursor === undefined ? `limit=${limit}` : `limit=${limit}&cursor=${encodeURIComponent(cursor)}`;
      return await send({ method: 'GET', path: `/v1/members/${encodeURIComponent(memberId)}/feed?${query}` }) as Page;
    },
    events: async (events, sentAt) => {
      const stamp = new Date(sentAt).toISOString();
      await sendBatch({ method: 'POST', path: '/v1/events', headers: JSON_HEADERS, body: JSON.stringify(events.map((event) => ({ ...event, sentAt: stamp }))) });
    },
    entities: async (entities) => {
      await sendBatch({ method: 'POST', path: '/v1/entities', headers: { 'content-type': 'application/x-ndjson' }, body: entities.map((entity) => JSON.stringify(entity)).join('\n') });
    },
    entity: async ({ kind, id, createdAt, attributes }) => {
      await send({ method: 'PUT', path: `/v1/entities/${kind}/${id}`, headers: JSON_HEADERS, body: JSON.stringify({ createdAt, attributes }) });
    },
  };
};

export interface Outbox {
  /** `at`: the time of sending, should it be sent now. */
  add(events: readonly WorldEvent[], at: number): Promise<void>;
  put(entity: Entity, at: number): Promise<void>;
  flush(at: number): Promise<void>;
}

/** Collects until `size` events wait, as a client's send queue does, then sends all there is side by side; `size` 1 sends at once. */
export const createOutbox = (client: WorldClient, size: number): Outbox => {
  let events: WorldEvent[] = [];
  let entities: Entity[] = [];
  const flush = async (at: number): Promise<void> => {
    const [things, happened] = [entities, events];
    [entities, events] = [[], []];
    const [first, ...more] = things;
    await Promise.all([
      first === undefined ? undefined : more.length === 0 ? client.entity(first) : client.entities(things),
      happened.length === 0 ? undefined : client.events(happened, at),
    ]);
  };
  const sendWhenFull = (at: number): Promise<void> => size <= 1 || events.length >= size ? flush(at) : Promise.resolve();
  return {
    flush,
    add: (more, at) => { events.push(...more); return sendWhenFull(at); },
    put: (entity, at) => { entities.push(entity); return sendWhenFull(at); },
  };
};
