/** The door: counts requests in flight and turns the surplus away, then lets each in as the caller it is. Runs before a body is read. */
import type { FastifyInstance, onRequestHookHandler, preValidationHookHandler } from 'fastify';
import { ThroughlineError } from '../core/errors.ts';
import { printable } from '../core/ids.ts';
import { assertLocalBrowser, assertMayReach } from './access.ts';
import type { Caller } from './auth.ts';
import { NOBODY, type House, type Log, type Parameters, type Reply, type Request, type Route } from './route.ts';

/** On every answer of the API. Answers are of one member or of the house: no cache keeps them, no page of another origin embeds them. */
export const API_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Of the places in flight, the part kept for events while everything else is turned away already. */
const KEPT_FOR_EVENTS = 1 / 8;
const CLIENT_GONE = 499;

export interface Admission {
  admit(route: Route): onRequestHookHandler;
  /** For paths and methods that are not routes. */
  readonly admitMiss: preValidationHookHandler;
  /** For files of the browser. */
  readonly guard: onRequestHookHandler;
}

const assertKnownQuery = (route: Route, query: unknown): void => {
  for (const name of Object.keys(query as object)) {
    const known = route.query ?? {};
    if (!Object.hasOwn(known, name)) {
      const names = Object.keys(known);
      throw new ThroughlineError('client/invalidRequest', `unknown query parameter "${printable(name)}"; ${names.length === 0 ? 'this path takes none' : `known are ${names.join(', ')}`}`, { where: { field: printable(name) } });
    }
    if (Array.isArray((query as Readonly<Record<string, unknown>>)[name])) throw new ThroughlineError('client/invalidRequest', `the query parameter "${name}" stands there twice; send it once`, { where: { field: name } });
  }
};

const createObserver = (house: House, logger: Log | undefined): ((route: string, request: Request, reply: Reply) => void) => {
  const { metrics } = house;
  return (route, request, reply) => {
    const status = reply.raw.writableFinished || reply.raw.headersSent ? reply.statusCode : CLIENT_GONE;
    const ms = performance.now() - request.startedAt;
    metrics.observe(route, status, ms / 1000);
    if (logger === undefined) return;
    const level = status >= 500 ? 'warn' : status >= 400 ? 'info' : 'debug';
    if (logger.isLevelEnabled(level)) logger[level]({ requestId: request.id, route, status, ms: Math.round(ms * 1000) / 1000 }, 'request');
  };
};

/** What every request goes through first, routes or not. */
const createArrivals = (parts: AdmissionParts): ((request: Request, reply: Reply, as: { readonly route: string; readonly counted: boolean }) => void) => {
  const { house: { metrics }, app } = parts;
  const observe = createObserver(parts.house, parts.logger);
  let closing = false;
  app.addHook('preClose', async () => { closing = true; });
  return (request, reply, { route, counted }) => {
    request.startedAt = performance.now();
    request.caller = NOBODY;
    reply.headers(API_HEADERS).header('x-request-id', request.id);
    if (counted) metrics.inFlight++;
    const settle = (): void => {
      if (request.settled) return;
      request.settled = true;
      if (counted) metrics.inFlight--;
      observe(route, request, reply);
      // An answer begun before the close went out as keep-alive; its connection would hold the close up.
      if (closing) setImmediate(() => app.server.closeIdleConnections());
    };
    reply.raw.once('finish', settle);
    reply.raw.once('close', settle);
  };
};

const enter = (route: Route, request: Request, caller: Caller): void => {
  request.caller = caller;
  assertMayReach(route.access, caller, (request.params as Parameters)['id']);
  assertKnownQuery(route, request.query);
};

type Done = (error?: Error) => void;

const attempt = (done: Done, work: () => void): void => {
  try { work(); } catch (error) { done(error as Error); return; }
  done();
};

/** A token seen for the first time takes a moment to verify. */
const enterLater = async (pending: Promise<Caller>, done: Done, use: (caller: Caller) => void): Promise<void> => {
  let caller: Caller;
  try { caller = await pending; } catch (error) { done(error as Error); return; }
  attempt(done, () => use(caller));
};

export interface AdmissionParts { readonly house: House; readonly app: FastifyInstance; readonly logger?: Log }

export const createAdmission = (parts: AdmissionParts): Admission => {
  const { metrics, limits, identity } = parts.house;
  const arrive = createArrivals(parts);

  const assertRoom = (share: number): void => {
    if (metrics.inFlight <= limits.requestsInFlight * share) return;
    metrics.countShed();
    throw new ThroughlineError('server/overloaded', 'too many requests are in flight; wait as long as Retry-After says, and send it again');
  };
  const guardBrowser = (request: Request): void => {
    if (identity.open) assertLocalBrowser({ method: request.method, host: request.headers.host, origin: request.headers.origin });
  };
  const admit = (route: Route): onRequestHookHandler => {
    const as = { route: `${route.method} ${route.path}`, counted: route.shed !== 'never' };
    const share = route.shed === 'last' ? 1 : 1 - KEPT_FOR_EVENTS;
    const identify = (request: Request): Caller | Promise<Caller> => route.access === 'public' ? NOBODY : identity.identify(request.headers.authorization);
    return (request, reply, done) => {
      let caller: Caller | Promise<Caller>;
      try {
        arrive(request, reply, as);
        if (as.counted) assertRoom(share);
        guardBrowser(request);
        caller = identify(request);
      } catch (error) {
        done(error as Error);
        return;
      }
      if (caller instanceof Promise) void enterLater(caller, done, (known) => enter(route, request, known));
      else { const known = caller; attempt(done, () => enter(route, request, known)); }
    };
  };
  return {
    admit,
    admitMiss: (request, reply, done) => attempt(done, () => { arrive(request, reply, { route: 'none', counted: false }); guardBrowser(request); }),
    guard: (request, reply, done) => attempt(done, () => { reply.headers({ ...API_HEADERS, 'cache-control': 'no-cache' }); guardBrowser(request); }),
  };
};
