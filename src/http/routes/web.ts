import { z } from 'zod';
import { idSchema } from '../../catalog/kinds.ts';
import { ThroughlineError } from '../../core/errors.ts';
import { isId } from '../../core/ids.ts';
import { validate } from '../../core/validation.ts';
import type { JourneyReading } from '../../platform/reading.ts';
import type { FeedPage } from '../contracts.ts';
import type { CohortPage, DiscoveryPage } from '../discovery-contracts.ts';
import type { RenderedCohorts } from '../../discovery/service.ts';
import { idParameter, notFound, type House, type Reply, type Request, type Route } from '../route.ts';
import { localeOf } from '../locale.ts';
import { COHORT_PARAMETERS, cohortQueryOf, discoveryQueryOf } from './discovery.ts';
import { FEED_PARAMETERS, feedQueryOf } from './feed.ts';

const html = 'text/html; charset=utf-8';

/** Only what the browser's build brings with it runs in the page; nothing of another origin loads. */
export const PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const send = (reply: Reply, text: string): Reply => reply.header('content-security-policy', PAGE_POLICY).type(html).send(text);

const nameOf = async (house: House, member: string): Promise<string | null> => {
  const name = (await house.platform.getEntity('member', member))?.attributes['name'];
  return typeof name === 'string' ? name : null;
};

const memberPage = async (request: Request, reply: Reply, house: House): Promise<Reply> => {
  const query = feedQueryOf(request, house);
  const { member, locale } = query;
  const [{ json, requestId }, memberName] = await Promise.all([house.platform.feed(query), nameOf(house, member)]);
  const page = JSON.parse(Buffer.from(json).toString('utf8')) as FeedPage;
  return send(reply.header('x-request-id', requestId), await house.pages.render({ page, member, memberName, members: [], locale, url: request.url }));
};

const parsed = <Page>({ json }: RenderedCohorts): Page => JSON.parse(Buffer.from(json).toString('utf8')) as Page;

/** In the reader's language, and so another page for another one. */
const networkPage = async (request: Request, reply: Reply, house: House): Promise<Reply> => {
  const query = discoveryQueryOf(request);
  const { member, locale } = query;
  const [rendered, memberName] = await Promise.all([house.platform.discovery(query), nameOf(house, member)]);
  const answer = reply.header('x-request-id', rendered.requestId).header('vary', 'accept-language');
  return send(answer, await house.pages.render({ page: null, discovery: parsed<DiscoveryPage>(rendered), member, memberName, members: [], locale, url: request.url }));
};

const cohortPage = async (request: Request, reply: Reply, house: House): Promise<Reply> => {
  const query = cohortQueryOf(request, house.limits);
  const { member, locale } = query;
  const [rendered, memberName] = await Promise.all([house.platform.cohort(query), nameOf(house, member)]);
  const answer = reply.header('x-request-id', rendered.requestId).header('vary', 'accept-language');
  return send(answer, await house.pages.render({ page: null, cohortPage: parsed<CohortPage>(rendered), member, memberName, members: [], locale, url: request.url }));
};

/** A page that cannot be shown yet says so instead of failing: whoever looks at it can do nothing about it. */
const readingOf = async (house: House, member: string): Promise<JourneyReading | null> => {
  try {
    const reading = await house.platform.journey(member);
    if (reading === undefined) throw notFound('there is no member of this id');
    return reading;
  } catch (error) {
    if (error instanceof ThroughlineError && error.code === 'client/noModel') return null;
    throw error;
  }
};

const journeyPage = async (request: Request, reply: Reply, house: House): Promise<Reply> => {
  const member = idParameter(request);
  const [reading, memberName] = await Promise.all([readingOf(house, member), nameOf(house, member)]);
  return send(reply, await house.pages.render({ page: null, reading, member, memberName, members: [], locale: localeOf(request.headers['accept-language']), url: request.url }));
};

const LIVE = z.strictObject({ live: z.enum(['on', 'off']).optional() });

const modelsPage = async (request: Request, reply: Reply, house: House): Promise<Reply> => {
  validate(LIVE, request.query);
  return send(reply, await house.pages.render({ page: null, models: await house.platform.modelsView(), member: null, memberName: null, members: [], locale: localeOf(request.headers['accept-language']), url: request.url }));
};

/** How many members the front page of an open server offers. */
const MEMBERS_OFFERED = 12;

const frontPage = async (request: Request, reply: Reply, house: House): Promise<Reply> => {
  const { member } = request.query as Readonly<Record<string, string | undefined>>;
  if (member === undefined) {
    // Who is a member is nobody's business beyond this machine.
    const members = house.identity.open ? await house.platform.members(MEMBERS_OFFERED) : [];
    return send(reply, await house.pages.render({ page: null, member: null, memberName: null, members, locale: localeOf(request.headers['accept-language']), url: request.url }));
  }
  if (!isId(member)) throw new ThroughlineError('client/invalidReference', 'member must be an id of 1 to 128 bytes without spaces or control characters', { where: { field: 'member' } });
  return reply.redirect(`/members/${encodeURIComponent(member)}`, 303);
};

export const webRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/', name: 'getFrontPage', tag: 'pages', summary: 'The front page; with a member, the way to the member\'s page', access: 'public',
    query: { member: { schema: idSchema, description: 'A member\'s id, without the kind' } },
    answers: { 200: { description: 'HTML', type: html }, 303: { description: 'To the member\'s page' } },
    call: frontPage,
  },
  {
    method: 'GET', path: '/members/{id}', name: 'getMemberPage', tag: 'pages', summary: 'A member\'s feed as a page, its first items in the HTML', access: { scope: 'feed:read', member: 'path' },
    query: FEED_PARAMETERS,
    answers: { 200: { description: 'HTML', type: html } }, problems: ['client/notFound', 'client/invalidCursor', 'client/cursorExpired', 'server/notReady'],
    call: memberPage,
  },
  {
    method: 'GET', path: '/members/{id}/network', name: 'getNetworkPage', tag: 'pages', summary: 'Cohorts for a member as a page, all of them in the HTML', access: { scope: 'feed:read', member: 'path' },
    answers: { 200: { description: 'HTML', type: html } }, problems: ['client/notFound', 'server/notReady'],
    call: networkPage,
  },
  {
    method: 'GET', path: '/members/{id}/network/{cohort}', name: 'getCohortPage', tag: 'pages', summary: 'One cohort in full as a page, its first cards in the HTML', access: { scope: 'feed:read', member: 'path' },
    query: COHORT_PARAMETERS,
    answers: { 200: { description: 'HTML', type: html } }, problems: ['client/notFound', 'client/invalidCursor', 'client/cursorExpired', 'server/notReady'],
    call: cohortPage,
  },
  {
    method: 'GET', path: '/members/{id}/journey', name: 'getJourneyPage', tag: 'pages', summary: 'What is read in a member\'s own events, as a page', access: { scope: 'traces:read', member: 'path' },
    answers: { 200: { description: 'HTML', type: html } }, problems: ['client/notFound'],
    call: journeyPage,
  },
  {
    method: 'GET', path: '/console/models', name: 'getModelsPage', tag: 'pages', summary: 'The models there are and how the one in training goes, as a page', access: { scope: 'admin' },
    query: { live: { schema: LIVE.shape.live, description: 'Whether the page of a run that goes on loads itself again; default on' } },
    answers: { 200: { description: 'HTML', type: html } },
    call: modelsPage,
  },
];
