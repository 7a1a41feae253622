import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawnServer, namesOf, type Spawned } from '../support/real-server.ts';
import { call, like, type Answer, type Sent } from '../support/requests.ts';
import type { FeedPage } from '../../src/http/contracts.ts';

let server: Spawned;
beforeAll(async () => {
  server = await spawnServer({ workers: 2 });
  await call(server, '/v1/entities', { body: [{ kind: 'member', id: '42', attributes: {} }, ...Array.from({ length: 50 }, (_, n) => ({ kind: 'article', id: `a${n}`, attributes: { title: `Title ${n}` } }))] });
});
afterAll(() => server.close());

/** A connection of its own, so that either worker may take it. */
const ask = (path: string, sent: Sent = {}): Promise<Answer> => call(server, path, { ...sent, headers: { ...sent.headers, connection: 'close' } });
const feed = async (query = 'limit=100'): Promise<FeedPage> => (await ask(`/v1/members/42/feed?${query}`)).json as unknown as FeedPage;
const ROUNDS = 40;

test('both workers answer', async () => {
  const processes = new Set<string>();
  for (let n = 0; n < 200 && processes.size < 2; n++) processes.add(String((await ask('/health/live')).headers.get('x-request-id')).split('.')[0] ?? '');
  expect(processes.size).toBe(2);
});

test('what one worker acknowledged is on the next page of any worker', async () => {
  for (let n = 0; n < ROUNDS; n++) {
    expect((await ask(`/v1/entities/article/new${n}`, { method: 'PUT', body: { attributes: { title: `New ${n}` } } })).status).toBe(200);
    const first = await feed('sort=recent&limit=1');
    expect(namesOf(first.items)).toEqual([`article:new${n}`]);
    expect((await ask('/v1/events', { body: like({ item: `article:new${n}` }) })).status).toBe(200);
    expect((await feed()).items.find(({ item }) => item === `article:new${n}`)?.viewer.actions).toEqual(['like']);
    expect((await ask('/v1/events', { body: like({ item: `article:new${n}`, action: 'hide' }) })).status).toBe(200);
    expect(namesOf((await feed()).items)).not.toContain(`article:new${n}`);
    expect((await ask(`/v1/entities/article/new${n}`)).status).toBe(200);
  }
});

test('a page has a trace and reasons at any worker as soon as it is there', async () => {
  for (let n = 0; n < ROUNDS; n++) {
    const { requestId, items } = await feed('limit=3');
    expect((await ask(`/v1/traces/${requestId}`)).json).toMatchObject({ requestId });
    expect((await ask(`/v1/members/42/why/${items[0]?.trackingId ?? ''}`)).status).toBe(200);
  }
});

test('pages stay whole while what they show is written again and deleted', async () => {
  let done = false;
  let pages = 0;
  const reading = Array.from({ length: 4 }, async () => {
    while (!done) {
      const { status, json } = await ask('/v1/members/42/feed?limit=50');
      expect(status).toBe(200);
      for (const { item, card } of (json as unknown as FeedPage).items) {
        if (/^article:a\d/u.test(item)) expect(card.title).toMatch(/^Title \d+( again)*$/u);
      }
      pages++;
    }
  });
  for (let round = 0; round < 30; round++) {
    await call(server, '/v1/entities', { body: Array.from({ length: 50 }, (_, n) => ({ kind: 'article', id: `a${n}`, attributes: { title: `Title ${n}${' again'.repeat(round % 20)}` } })) });
    await call(server, `/v1/entities/article/a${round}`, { method: 'DELETE' });
    await call(server, '/v1/entities', { body: Array.from({ length: 50 }, (_, n) => ({ kind: 'article', id: `grow${round}-${n}`, attributes: { title: 'Growth '.repeat(20), summary: 'More '.repeat(100) } })) });
  }
  done = true;
  await Promise.all(reading);
  expect(pages).toBeGreaterThan(10);
});

test('a consent given at one worker is obeyed by the next page of any', async () => {
  for (let n = 0; n < 10; n++) {
    const allowed = { profile: n % 2 === 0, activity: n % 3 === 0, graph: n % 2 === 1, sequence: true };
    await ask('/v1/members/42/consent', { method: 'PUT', body: allowed });
    const { requestId } = await feed('limit=1');
    expect((await ask(`/v1/traces/${requestId}`)).json).toMatchObject({ consent: allowed });
  }
});

test('a scrape of either worker tells what all of them counted', async () => {
  const counted = async (): Promise<number> => Number(/throughline_http_request_duration_seconds_count\{route="GET \/v1\/members\/\{id\}\/why\/\{trackingId\}",status="404"\} (\d+)/.exec((await ask('/metrics')).text)?.[1] ?? 0);
  for (let n = 0; n < ROUNDS; n++) await ask(`/v1/members/42/why/nothing-${n}`);
  for (let n = 0; n < 10; n++) expect(await counted()).toBe(ROUNDS);
});

test('one budget is spent once, however many workers ask at the same time', async () => {
  const [members, budget] = [60, 5.5];
  const iso = (fromNow: number): string => new Date(Date.now() + fromNow).toISOString();
  // Late in its time a campaign bids all it has left: nothing but the accounts holds it back.
  const { status, json } = await call(server, '/v1/entities', { body: [
    { kind: 'company', id: 'shop', attributes: { name: 'The Shop' } }, { kind: 'article', id: 'paid', createdAt: iso(-30 * 24 * 3_600_000), attributes: { title: 'Paid for' } },
    { kind: 'campaign', id: 'c', attributes: { item: 'article:paid', advertiser: 'company:shop', pays: 'impressions', bid: 1000, budget, currency: 'EUR', startsAt: iso(-3_600_000), endsAt: iso(60_000) } },
    ...Array.from({ length: members }, (_, n) => ({ kind: 'member', id: `m${n}`, attributes: {} })),
  ] });
  expect([status, json]).toMatchObject([200, { rejected: [] }]);
  const pages = await Promise.all(Array.from({ length: members }, async (_, n) => (await ask(`/v1/members/m${n}/feed?limit=20`)).json as unknown as FeedPage));
  expect(pages.flatMap(({ items }) => items.filter(({ sponsored }) => sponsored !== undefined)).length).toBe(Math.floor(budget));
});
