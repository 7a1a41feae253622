import { idSchema } from '../../catalog/kinds.ts';
import { ThroughlineError } from '../../core/errors.ts';
import { isId } from '../../core/ids.ts';
import type { FeedPage } from '../contracts.ts';
import type { House, Reply, Request, Route } from '../route.ts';
import { localeOf } from '../locale.ts';
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
];
