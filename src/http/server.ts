/** The HTTP edge: registers the rows of `routes/` on the web framework. What a request may do is decided in `admission.ts`. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import type { Platform } from '../platform/api.ts';
import { createAdmission, API_HEADERS, type Admission } from './admission.ts';
import { assertMayListen, createIdentity, type KeyRecord } from './auth.ts';
import { addBodyParsers } from './body.ts';
import { LIMITS, type Limits } from './contracts.ts';
import { createHttpMetrics, type HttpMetrics } from './metrics.ts';
import { openApiDocument } from './openapi.ts';
import { createPageRenderer } from './pages.ts';
import { asThroughlineError, BatchFailure, problemOf, PROBLEM_TYPE, retryAfterOf } from './problems.ts';
import type { House, Log, Reply, Request, Route } from './route.ts';
import { ROUTES } from './routes/index.ts';
import { PAGE_POLICY } from './routes/web.ts';

export interface HttpConfig {
  /** The address the server will listen on; without keys it must be loopback. */
  readonly host: string;
  readonly keys: readonly KeyRecord[];
  /** Signs member tokens; the same in all processes of one data folder, at least 32 bytes. */
  readonly tokenSecret: Uint8Array;
  readonly limits?: Partial<Limits>;
  /** Folder with the built web application: `client/` and `server/entry-server.js`. Default: web/dist of the package. */
  readonly webRoot?: string;
}

export interface HttpParts { readonly platform: Platform; readonly config: HttpConfig; readonly clock: Clock; readonly logger?: Log; readonly metrics?: HttpMetrics }

/** Frames of a stack without its first line: a message could name a member. */
const frames = (thrown: unknown): string => (thrown instanceof Error ? thrown.stack ?? '' : '').split('\n').filter((line) => line.startsWith('    at ')).join('\n');

const LINGER_BYTES: number = 64 * 1024 * 1024;

const sendProblem = (reply: Reply, thrown: unknown): Reply => {
  const error = thrown instanceof BatchFailure ? thrown.error : asThroughlineError(thrown);
  const problem = problemOf(error, thrown instanceof BatchFailure ? thrown.answer : {});
  const retryAfter = retryAfterOf(error.code);
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  // A body declared too large is refused at once; it is read to its end all the same, or the sender would see a broken connection instead of the answer.
  if (problem.status === 413 && Number(reply.request.headers['content-length'] ?? Infinity) <= LINGER_BYTES) reply.removeHeader('connection');
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.headers(API_HEADERS).code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
};

const createErrorHandler = (logger: Log | undefined) => (thrown: unknown, request: Request, reply: Reply): Reply => {
  const { cause, code } = thrown instanceof BatchFailure ? thrown.error : asThroughlineError(thrown);
  if (code === 'server/internal') {
    const origin = cause ?? thrown;
    logger?.error({ requestId: request.id, route: request.routeOptions.url, code, error: origin instanceof Error ? origin.name : typeof origin, stack: frames(origin) }, 'a request failed inside');
  }
  return sendProblem(reply, thrown);
};

const pattern = (path: string): RegExp => new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);

/** 404, or 405 with Allow where the path exists under other methods. */
const createMissHandler = (routes: readonly Route[]): ((request: Request, reply: Reply) => Reply) => {
  const known = routes.map((route) => ({ method: route.method, pattern: pattern(route.path) }));
  return (request, reply) => {
    const [path = ''] = request.url.split('?');
    const methods = known.filter((route) => route.pattern.test(path)).map((route) => route.method);
    if (methods.length === 0) return sendProblem(reply, new ThroughlineError('client/notFound', 'there is nothing at this path; /v1/openapi.json lists what there is'));
    const allow = [...new Set(methods.flatMap((method) => method === 'GET' ? ['GET', 'HEAD'] : [method]))].join(', ');
    return sendProblem(reply.header('allow', allow), new ThroughlineError('client/methodNotAllowed', `this path does not take ${request.method}; it takes ${allow}`));
  };
};

/** What the parser of HTTP itself refuses never becomes a request; it is answered on the bare socket. */
const answerSocket = (error: Error & { readonly code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) { socket.destroy(); return; }
  const fault = error.code === 'HPE_HEADER_OVERFLOW' ? new ThroughlineError('client/headersTooLarge', 'the request line and headers are larger than the limit; send fewer or shorter headers')
    : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? new ThroughlineError('client/timeout', 'the request did not arrive in time; send it again over a faster connection')
      : new ThroughlineError('client/invalidHttp', 'the bytes are not an HTTP request; send one of HTTP/1.1');
  const problem = problemOf(fault);
  const body = JSON.stringify(problem);
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
};

const register = (app: FastifyInstance, route: Route, parts: { readonly house: House; readonly admission: Admission }): void => {
  const { house } = parts;
  app.route({
    method: route.method, url: route.path.replace(/\{(\w+)\}/g, ':$1'),
    onRequest: parts.admission.admit(route),
    handler: (request: Request, reply: Reply) => route.call(request, reply, house) as Promise<unknown>,
  });
};

const createApp = (limits: Limits): FastifyInstance => {
  let sequence = 0;
  const process32 = Buffer.from(crypto.getRandomValues(new Uint8Array(6))).toString('base64url');
  const app = fastify({
    logger: false, bodyLimit: limits.bodyBytes, return503OnClosing: false, forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1024, caseSensitive: true }, genReqId: () => `${process32}.${(sequence++).toString(36)}`,
    connectionTimeout: limits.idleTimeoutMs, requestTimeout: 0,
    http: { maxHeaderSize: limits.headerBytes, headersTimeout: limits.headersTimeoutMs, connectionsCheckingInterval: Math.min(5000, limits.headersTimeoutMs) },
    clientErrorHandler: answerSocket,
    frameworkErrors: (error, request, reply) => { sendProblem(reply.header('x-request-id', request.id) as unknown as Reply, error); },
  });
  app.decorateRequest('caller');
  app.decorateRequest('startedAt', 0);
  app.decorateRequest('settled', false);
  return app;
};

/** Browser files whose names carry a digest of their content never change. */
const serveAssets = (app: FastifyInstance, root: string, guard: Admission['guard']): void => {
  void app.register(async (scope) => {
    scope.addHook('onRequest', guard);
    await scope.register(fastifyStatic, {
      root, wildcard: false, index: false, dotfiles: 'ignore',
      setHeaders: (response, path) => {
        response.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
        response.header('content-security-policy', PAGE_POLICY);
      },
    });
  });
};

/** A server ready to listen. @throws server/keysRequired */
export const createHttpServer = (parts: HttpParts): FastifyInstance => {
  const { platform, config, clock, logger } = parts;
  assertMayListen(config.host, config.keys);
  const limits: Limits = { ...LIMITS, ...config.limits };
  const identity = createIdentity({ host: config.host, keys: config.keys, tokenSecret: config.tokenSecret, clock });
  const pages = createPageRenderer(config.webRoot);
  let description: string | undefined;
  const house: House = { platform, identity, clock, limits, metrics: parts.metrics ?? createHttpMetrics(), pages, description: () => description ??= JSON.stringify(openApiDocument(ROUTES)) };
  const app = createApp(limits);
  const admission = createAdmission({ house, app, ...(logger === undefined ? {} : { logger }) });
  addBodyParsers(app, limits);
  app.setErrorHandler(createErrorHandler(logger));
  app.setNotFoundHandler({ preValidation: admission.admitMiss }, createMissHandler(ROUTES));
  for (const route of ROUTES) register(app, route, { house, admission });
  if (pages.assets !== undefined) serveAssets(app, pages.assets, admission.guard);
  app.addHook('onClose', async () => { house.metrics.close(); });
  return app;
};

/** Finishes what is in flight, takes nothing new, and gives up on what is left after `withinMs`. */
export const closeGracefully = async (app: FastifyInstance, options: { readonly withinMs: number }): Promise<void> => {
  const timer = setTimeout(() => app.server.closeAllConnections(), options.withinMs);
  await app.close();
  clearTimeout(timer);
};
