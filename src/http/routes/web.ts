import type { FeedPage } from '../contracts.ts';
import { localeOf } from '../locale.ts';
import { idParameter, type House, type Reply, type Request, type Route } from '../route.ts';

const html = 'text/html; charset=utf-8';

/** Only what the browser's build brings with it runs in the page; nothing of another origin loads. */
export const PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const send = (reply: Reply, text: string): Reply => reply.header('content-security-policy', PAGE_POLICY).type(html).send(text);

const memberPage = async (request: Request, reply: Reply, house: House): Promise<Reply> => {
  const member = idParameter(request);
  const locale = localeOf(request.headers['accept-language']);
  const { json, requestId } = await house.platform.feed({ member, limit: house.limits.pageItemsByDefault, sort: 'relevance', locale });
  const page = JSON.parse(Buffer.from(json).toString('utf8')) as FeedPage;
  return send(reply.header('x-request-id', requestId), await house.pages.render({ page, member, locale, url: request.url }));
};

export const webRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/', name: 'getFrontPage', tag: 'pages', summary: 'The front page', access: 'public',
    answers: { 200: { description: 'HTML', type: html } },
    call: async (request, reply, house) => send(reply, await house.pages.render({ page: null, member: null, locale: localeOf(request.headers['accept-language']), url: request.url })),
  },
  {
    method: 'GET', path: '/members/{id}', name: 'getMemberPage', tag: 'pages', summary: 'A member\'s feed as a page, its first items in the HTML', access: { scope: 'feed:read', member: 'path' },
    answers: { 200: { description: 'HTML', type: html } }, problems: ['client/notFound', 'server/notReady'],
    call: memberPage,
  },
];
