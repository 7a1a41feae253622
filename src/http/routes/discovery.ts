/** Cohorts for a member, and one of them in full. */
import { z } from 'zod';
import { LIMITS } from '../contracts.ts';
import { cohortPageSchema, discoverySchema } from '../discovery-contracts.ts';
import { localeOf } from '../locale.ts';
import { idParameter, type House, type Reply, type Request, type Route } from '../route.ts';
import { cursorOf, limitOf } from './feed.ts';
import type { CohortQuery, DiscoveryQuery, RenderedCohorts } from '../../discovery/service.ts';

const send = (reply: Reply, { json, requestId }: RenderedCohorts): Reply =>
  reply.header('x-request-id', requestId).header('content-type', 'application/json; charset=utf-8').header('vary', 'accept-language').send(Buffer.from(json.buffer, json.byteOffset, json.byteLength));

export const COHORT_PARAMETERS = {
  limit: { schema: z.int().min(1).max(LIMITS.pageItems).default(LIMITS.pageItemsByDefault), description: 'Cards on the page' },
  cursor: { schema: z.string().max(LIMITS.cursorBytes), description: 'nextCursor of the page before; without it, the first page' },
} as const;

/** What a request for cohorts asks, for the API and for the page. */
export const discoveryQueryOf = (request: Request): Required<DiscoveryQuery> => ({ member: idParameter(request), locale: localeOf(request.headers['accept-language']) });

export const cohortQueryOf = (request: Request, limits: House['limits']): CohortQuery & Required<DiscoveryQuery> => {
  const { limit, cursor } = request.query as Readonly<Record<string, unknown>>;
  const cohort = idParameter(request, 'cohort');
  const at = cursorOf(cursor, limits);
  return { ...discoveryQueryOf(request), cohort, limit: limitOf(limit, limits), ...(at === undefined ? {} : { cursor: at }) };
};

const list = async (request: Request, reply: Reply, { platform }: House): Promise<Reply> =>
  send(reply, await platform.discovery(discoveryQueryOf(request)));

const one = async (request: Request, reply: Reply, { platform, limits }: House): Promise<Reply> => send(reply, await platform.cohort(cohortQueryOf(request, limits)));

export const discoveryRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/v1/members/{id}/discovery', name: 'getDiscovery', tag: 'discovery', summary: 'Cohorts of people, pages, groups and more for a member, in order',
    access: { scope: 'feed:read', member: 'path' },
    answers: { 200: { description: 'The cohorts; x-request-id names their trace', schema: discoverySchema } },
    problems: ['client/notFound', 'server/notReady', 'plugin/timeout', 'plugin/failed'],
    call: list,
  },
  {
    method: 'GET', path: '/v1/members/{id}/discovery/{cohort}', name: 'getCohort', tag: 'discovery', summary: 'One cohort in full: what stands behind "See all"',
    access: { scope: 'feed:read', member: 'path' },
    query: COHORT_PARAMETERS,
    answers: { 200: { description: 'The page; x-request-id names its trace', schema: cohortPageSchema } },
    problems: ['client/notFound', 'client/invalidCursor', 'client/cursorExpired', 'server/notReady', 'plugin/timeout', 'plugin/failed'],
    call: one,
  },
];
