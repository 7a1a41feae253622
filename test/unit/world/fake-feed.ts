/** The smallest platform a world can live on: remembers entities and answers random ones in the shape of a feed page. */
import { seededRandom } from '../../../src/core/random.ts';
import type { FeedPage } from '../../../src/http/contracts.ts';
import { sample } from '../../../src/world/chance.ts';
import type { Page, Transport, TransportRequest, WorldEvent } from '../../../src/world/client.ts';
import type { Entity } from '../../../src/world/content.ts';

export interface FakeFeed { readonly transport: Transport; readonly requests: readonly TransportRequest[]; readonly entities: readonly Entity[]; readonly events: readonly WorldEvent[] }

const PAGE = 20;
const STANDING: ReadonlySet<string> = new Set(['group', 'course', 'newsletter', 'event', 'hashtag', 'school']);
/** What the world reads of a page is part of what the API answers: held here by the compiler. */
const answerable = (page: FeedPage): Page => page;

const lines = (body: string): Entity[] => body.split('\n').map((line) => JSON.parse(line) as Entity);
const titleOf = (attributes: Readonly<Record<string, unknown>>): string | undefined => [attributes['title'], attributes['text']].find((one) => typeof one === 'string');
const texts = (value: unknown): string[] => Array.isArray(value) ? value.map(String) : [];

export const createFakeFeed = (seed: number): FakeFeed => {
  const random = seededRandom(seed);
  const entities: Entity[] = [];
  const events: WorldEvent[] = [];
  const requests: TransportRequest[] = [];
  let served = 0;
  const standing = { [Symbol.iterator]: () => entities.filter(({ kind }) => STANDING.has(kind)).slice(0, 240)[Symbol.iterator]() };
  const page = (member: string, start: number): FeedPage => {
    const request = `r${++served}`;
    // Members and what they read, and of the rest what stands at the end: groups, courses, newsletters, events.
    const feedable = sample(random.fork(request), [...entities.slice(20, 500), ...standing], PAGE);
    const items = feedable.map(({ kind, id, createdAt, attributes }, number): FeedPage['items'][number] => ({
      trackingId: `${request}-${number}`, item: `${kind}:${id}`, kind, position: start + number,
      reason: { code: 'random', text: 'Chance', actors: [] },
      card: { title: titleOf(attributes) ?? id, untitled: false, subtitle: null, text: null, url: null, author: typeof attributes['author'] === 'string' ? { ref: attributes['author'], name: '?', headline: null } : null, topics: texts(attributes['topics']), publishedAt: createdAt },
      viewer: { actions: [] },
    }));
    return { requestId: request, member, sort: 'relevance', items, nextCursor: start + PAGE < 100 ? String(start + PAGE) : null, missing: [] };
  };
  const answer = ({ method, path, body = '' }: TransportRequest): unknown => {
    const url = new URL(path, 'http://fake');
    const [, , collection = '', kind = '', id = ''] = url.pathname.split('/');
    if (method === 'GET' && collection === 'members') return answerable(page(`member:${kind}`, Number(url.searchParams.get('cursor') ?? 0)));
    const before = entities.length + events.length;
    if (method === 'PUT') entities.push({ kind, id, ...JSON.parse(body) as Omit<Entity, 'kind' | 'id'> });
    else if (collection === 'entities') entities.push(...lines(body));
    else events.push(...JSON.parse(body) as WorldEvent[]);
    return { accepted: entities.length + events.length - before, duplicates: 0, rejected: [] };
  };
  return { entities, events, requests, transport: (request) => { requests.push(request); return Promise.resolve({ status: 200, body: JSON.stringify(answer(request)) }); } };
};
