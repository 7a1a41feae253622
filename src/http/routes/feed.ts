/** The hot path. Its query is read by hand and its answer goes out as the bytes the platform joined. */
import { z } from 'zod';
import { idSchema } from '../../catalog/kinds.ts';
import { ThroughlineError } from '../../core/errors.ts';
import { printable } from '../../core/ids.ts';
import type { FeedQuery, FeedSort } from '../../feed/query.ts';
import { LIMITS, feedPageSchema, freshSchema } from '../contracts.ts';
import { localeOf } from '../locale.ts';
import { idParameter, type House, type QueryShape, type Reply, type Request, type Route } from '../route.ts';

const invalid = (field: string, detail: string): ThroughlineError => new ThroughlineError('client/invalidRequest', detail, { where: { field } });

const shown = (text: unknown): string => typeof text === 'string' ? printable(text) : '';

export const limitOf = (text: unknown, limits: House['limits']): number => {
  if (text === undefined) return limits.pageItemsByDefault;
  const limit = typeof text === 'string' && /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > limits.pageItems) throw invalid('limit', `limit must be a whole number from 1 to ${limits.pageItems}, not "${shown(text)}"`);
  return limit;
};

const sortOf = (text: unknown): FeedSort => {
  if (text === undefined || text === 'relevance') return 'relevance';
  if (text === 'recent') return 'recent';
  throw invalid('sort', `sort must be relevance or recent, not "${shown(text)}"`);
};

export const cursorOf = (text: unknown, limits: House['limits']): string | undefined => {
  if (text === undefined) return undefined;
  if (typeof text === 'string' && text.length > 0 && text.length <= limits.cursorBytes) return text;
  throw new ThroughlineError('client/invalidCursor', 'the cursor is not one of ours; send nextCursor of the last page as it came, or none for the first page', { where: { field: 'cursor' } });
};

/** What the feed and the page that shows it take. @throws client/invalidRequest, client/invalidCursor */
export const feedQueryOf = (request: Request, house: House): FeedQuery & { readonly locale: string } => {
  const { limit, sort, cursor } = request.query as Readonly<Record<string, unknown>>;
  const at = cursorOf(cursor, house.limits);
  return {
    member: idParameter(request), limit: limitOf(limit, house.limits), sort: sortOf(sort),
    ...(at === undefined ? {} : { cursor: at }), locale: localeOf(request.headers['accept-language']),
  };
};

const feed = async (request: Request, reply: Reply, house: House): Promise<Reply> => {
  const { json, requestId } = await house.platform.feed(feedQueryOf(request, house));
  return reply.header('x-request-id', requestId).header('content-type', 'application/json; charset=utf-8').send(json);
};

const sinceOf = (request: Request): string => {
  const { since } = request.query as Readonly<Record<string, unknown>>;
  if (typeof since !== 'string') throw invalid('since', 'since is missing; send the requestId of the page that is shown');
  return since;
};

export const FEED_PARAMETERS: Readonly<Record<string, QueryShape>> = {
  limit: { schema: z.int().min(1).max(LIMITS.pageItems).default(LIMITS.pageItemsByDefault), description: 'Items on the page' },
  cursor: { schema: z.string().max(LIMITS.cursorBytes), description: 'nextCursor of the page before; without it, the first page' },
  sort: { schema: z.enum(['relevance', 'recent']).default('relevance'), description: 'The order of the whole feed' },
};

export const feedRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/v1/members/{id}/feed', name: 'getFeed', tag: 'feed', summary: 'A page of a member\'s feed, ranked and explained',
    access: { scope: 'feed:read', member: 'path' },
    query: FEED_PARAMETERS,
    answers: { 200: { description: 'The page; x-request-id names its trace', schema: feedPageSchema } },
    problems: ['client/notFound', 'client/invalidCursor', 'client/cursorExpired', 'server/notReady', 'plugin/timeout', 'plugin/failed'],
    call: feed,
  },
  {
    method: 'GET', path: '/v1/members/{id}/feed/new', name: 'countNew', tag: 'feed', summary: 'How many items came since a page was made: asked now and then, so that they can wait until the member wants them',
    access: { scope: 'feed:read', member: 'path' },
    query: { since: { schema: idSchema, description: 'requestId of the page that is shown; it must be given' } },
    answers: { 200: { description: 'The number', schema: freshSchema } },
    problems: ['client/notFound', 'server/notReady'],
    call: (request, _reply, house) => house.platform.fresh({ member: idParameter(request), since: sinceOf(request) }),
  },
];
