import { ClientError, problemOf } from './errors.ts';
import type { BatchAnswer, ClientEvent, CohortPage, Consent, DiscoveryPage, Entity, FeedPage, FeedSort, JourneyReading, TokenAnswer, Why } from './types.ts';

export interface ClientOptions {
  /** Where the server is, without a trailing slash; default: the page's own origin. */
  readonly baseUrl?: string;
  /** The member this client speaks for, as a reference: `member:42`. */
  readonly member: string;
  /** A member token; without one the client mints its own (the server lets loopback do so) and renews it. */
  readonly token?: string;
  readonly fetch?: typeof fetch;
}

export interface PageQuery { readonly cursor?: string; readonly limit?: number; readonly signal?: AbortSignal }
export interface FeedQuery extends PageQuery { readonly sort?: FeedSort }

export interface Client {
  readonly member: string;
  feed(query?: FeedQuery): Promise<FeedPage>;
  /** The cohorts of the member, in order. */
  discovery(query?: { readonly signal?: AbortSignal }): Promise<DiscoveryPage>;
  /** One cohort in full, a page of it. Fails with client/cursorExpired where the first page is too old to go on from. */
  cohort(name: string, query?: PageQuery): Promise<CohortPage>;
  /** How many items came since a page was made, by its requestId. */
  countNew(since: string): Promise<{ readonly count: number; readonly more: boolean }>;
  /** Resolves when the events are on the server's disk. `keepalive`: outlives the page; at most 64 KB in flight. */
  sendEvents(events: readonly ClientEvent[], options?: { readonly keepalive?: boolean }): Promise<BatchAnswer>;
  /** Why the member sees this card, in two plain sentences. */
  why(trackingId: string): Promise<Why>;
  /** What is read in the member's own events. Fails with client/noModel where no journey model serves. */
  journey(): Promise<JourneyReading>;
  /** @param ref `kind:id` */
  entity(ref: string): Promise<Entity>;
  consent(): Promise<Consent>;
  setConsent(consent: Consent): Promise<void>;
}

interface Call { readonly method?: string; readonly body?: unknown; readonly keepalive?: boolean; readonly signal?: AbortSignal | undefined }

const initOf = (call: Call, token: string): RequestInit => ({
  method: call.method ?? 'GET',
  headers: {
    accept: 'application/json',
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
  },
  ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  ...(call.signal === undefined ? {} : { signal: call.signal }),
  keepalive: call.keepalive ?? false,
});

/** Everything fails with `ClientError`; an aborted call fails with its signal's reason. */
export const createClient = ({ baseUrl = '', member, token: given, fetch: fetchOf = (...args) => fetch(...args) }: ClientOptions): Client => {
  let token: string | undefined = given;
  let minting: Promise<string> | undefined;

  const send = async (path: string, call: Call, bearer: string): Promise<Response> => {
    try {
      return await fetchOf(baseUrl + path, initOf(call, bearer));
    } catch (cause) {
      if (call.signal?.aborted === true) throw cause;
      throw new ClientError({ code: 'network/unreachable', status: 0, detail: 'The server could not be reached; check the connection.' }, { cause });
    }
  };
  const mint = async (): Promise<string> => {
    const response = await send('/v1/tokens', { method: 'POST', body: { member } }, '');
    if (!response.ok) throw await problemOf(response);
    const answer: TokenAnswer = await response.json();
    return answer.token;
  };
  // While the page leaves there is no time for a second round trip: the token at hand goes along as it is.
  const bearer = async (): Promise<string> => {
    minting ??= token === undefined ? mint() : Promise.resolve(token);
    try {
      token = await minting;
      return token;
    } finally {
      minting = undefined;
    }
  };
  const request = async (path: string, call: Call = {}): Promise<Response> => {
    let response = await send(path, call, token ?? await bearer());
    if (response.status === 401 && given === undefined) {
      token = undefined;
      response = await send(path, call, await bearer());
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  };
  const json = async <Answer>(path: string, call?: Call): Promise<Answer> => (await request(path, call)).json();
  const own = `/v1/members/${encodeURIComponent(member.slice(member.indexOf(':') + 1))}`;

  const page = <Answer>(path: string, { signal, ...asked }: FeedQuery): Promise<Answer> => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(asked)) if (value !== undefined) query.set(name, String(value));
    return json(`${own}/${path}?${query}`, { signal });
  };

  return {
    member,
    feed: (query = {}) => page('feed', query),
    discovery: (query = {}) => page('discovery', query),
    cohort: (name, query = {}) => page(`discovery/${encodeURIComponent(name)}`, query),
    countNew: (since) => json(`${own}/feed/new?since=${encodeURIComponent(since)}`),
    sendEvents: (events, { keepalive = false } = {}) => json('/v1/events', { method: 'POST', body: events, keepalive }),
    why: (trackingId) => json(`${own}/why/${encodeURIComponent(trackingId)}`),
    journey: () => json(`${own}/journey`),
    entity: (ref) => json(`/v1/entities/${ref.split(':', 1).join()}/${encodeURIComponent(ref.slice(ref.indexOf(':') + 1))}`),
    consent: () => json(`${own}/consent`),
    setConsent: async (consent) => { await request(`${own}/consent`, { method: 'PUT', body: consent }); },
  };
};
