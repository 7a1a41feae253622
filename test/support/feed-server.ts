/** A small server with the contract of the feed page and none of the platform: for tests of the page by itself. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ClientEvent, Consent, DiscoveryPage, FeedPage, FeedSort } from '../../src/client/types.ts';
import { feedItem } from './feed-items.ts';

export interface FeedServer {
  readonly url: string;
  readonly member: string;
  /** Each event once, in order of arrival. */
  events(): readonly ClientEvent[];
  /** Events that came again with other content: always a fault of the page. */
  conflicts(): readonly ClientEvent[];
  stop(): Promise<void>;
}

export interface FeedServerOptions { readonly items?: number; readonly pageSize?: number; readonly missing?: readonly string[]; /** What the member's network answers, in whatever shape. */ readonly discovery?: DiscoveryPage }

const DIST = fileURLToPath(new URL('../../web/dist/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' };
const MEMBER = '42';
const PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'";

type Render = (input: { page: FeedPage | null; discovery?: DiscoveryPage; member: string | null; memberName?: string; members?: readonly { id: string; name: string; headline: string }[]; locale: string; url: string }) => string | Promise<string>;

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
};

const createStore = () => {
  const events = new Map<string, ClientEvent>();
  const conflicts: ClientEvent[] = [];
  return {
    events, conflicts,
    add: (batch: readonly ClientEvent[]) => {
      let duplicates = 0;
      for (const event of batch) {
        const known = events.get(event.id);
        if (known === undefined) events.set(event.id, event);
        else if (JSON.stringify(known) === JSON.stringify(event)) duplicates += 1;
        else conflicts.push(event);
      }
      return { accepted: batch.length - duplicates, duplicates, rejected: [] };
    },
  };
};

export const startFeedServer = async (options: FeedServerOptions = {}): Promise<FeedServer> => {
  const { items = 400, pageSize = 20, missing = [] } = options;
  const { render } = await import(pathToFileURL(join(DIST, 'server/entry-server.js')).href) as { render: Render };
  const store = createStore();
  let requests = 0;
  let consent: Consent = { profile: true, activity: true, graph: true, sequence: true, messages: false };

  const pageOf = (query: URLSearchParams): FeedPage => {
    const sort: FeedSort = query.get('sort') === 'recent' ? 'recent' : 'relevance';
    const from = Number(query.get('cursor') ?? 0);
    const request = `r${(requests += 1)}x`;
    const to = Math.min(items, from + pageSize);
    return {
      requestId: request, member: `member:${MEMBER}`, sort, missing: [...missing], nextCursor: to < items ? String(to) : null,
      items: Array.from({ length: to - from }, (_, index) => feedItem(from + index, { request, sort, now: Date.now() })),
    };
  };
  const json = (response: ServerResponse, body: unknown, status = 200): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
  };
  const routes: readonly (readonly [RegExp, (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void])[] = [
    [/^POST \/v1\/tokens$/u, (_, response) => { json(response, { token: 'test', expiresAt: new Date(Date.now() + 3_600_000).toISOString() }); }],
    [/^POST \/v1\/events$/u, async (request, response) => { json(response, store.add(await bodyOf(request) as ClientEvent[])); }],
    [/^GET \/v1\/members\/42\/feed$/u, (_, response, url) => { json(response, pageOf(url.searchParams)); }],
    [/^GET \/v1\/members\/42\/why\//u, (_, response, url) => { json(response, { trackingId: url.pathname.split('/').at(-1), sentences: ['Ana Ribeiro and 2 others in your network like this.', 'It is about Data engineering, which you have opened often this month.'] }); }],
    [/^GET \/v1\/members\/42\/consent$/u, (_, response) => { json(response, consent); }],
    [/^PUT \/v1\/members\/42\/consent$/u, async (request, response) => { consent = await bodyOf(request) as Consent; json(response, consent); }],
    [/^GET \/members\/42$/u, async (_, response, url) => {
      const html = await render({ page: pageOf(url.searchParams), member: MEMBER, memberName: 'Noor Vermeer', locale: 'en', url: url.pathname + url.search });
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_POLICY, 'cache-control': 'no-store' }).end(html);
    }],
    [/^GET \/members\/42\/network$/u, async (_, response, url) => {
      if (options.discovery === undefined) throw new Error('this test gave the server no cohorts');
      const html = await render({ page: null, discovery: options.discovery, member: MEMBER, memberName: 'Noor Vermeer', locale: 'en', url: url.pathname });
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_POLICY, 'cache-control': 'no-store' }).end(html);
    }],
    [/^GET \/$/u, async (_, response, url) => {
      const member = url.searchParams.get('member');
      if (member !== null) {
        response.writeHead(303, { location: `/members/${encodeURIComponent(member)}` }).end();
        return;
      }
      const html = await render({ page: null, member: null, members: [{ id: MEMBER, name: 'Noor Vermeer', headline: 'Data engineer' }], locale: 'en', url: '/' });
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_POLICY }).end(html);
    }],
    [/^GET \/assets\//u, async (_, response, url) => {
      const file = await readFile(join(DIST, 'client', normalize(url.pathname)));
      response.writeHead(200, { 'content-type': TYPES[extname(url.pathname)] ?? 'application/octet-stream' }).end(file);
    }],
    [/^GET \/favicon\.ico$/u, (_, response) => { response.writeHead(204).end(); }],
  ];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const route = routes.find(([pattern]) => pattern.test(`${request.method} ${url.pathname}`));
    if (route === undefined) json(response, { type: 'about:blank', title: 'Not found', status: 404, detail: `There is no ${url.pathname}.`, code: 'client/notFound' }, 404);
    else Promise.resolve(route[1](request, response, url)).catch((error: unknown) => { if (!response.headersSent) json(response, { code: 'server/internal', detail: String(error) }, 500); });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`, member: MEMBER,
    events: () => [...store.events.values()], conflicts: () => store.conflicts,
    stop: () => new Promise((resolve) => {
      server.close(() => { resolve(); });
      server.closeAllConnections();
    }),
  };
};
