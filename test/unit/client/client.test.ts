import { expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import { createClient } from '../../../src/client/client.ts';
import type * as Wire from '../../../src/client/types.ts';
import type { ClientEvent } from '../../../src/funnel/events.ts';
import type { CohortPage, DiscoveryPage } from '../../../src/http/discovery-contracts.ts';
import type { batchAnswerSchema, consentSchema, FeedPage, journeyReadingSchema, modelsSchema, problemSchema, tokenAnswerSchema, whySchema } from '../../../src/http/contracts.ts';

type Call = readonly [path: string, init: RequestInit];

const setUp = (answer: (path: string, init: RequestInit) => Response, token?: string) => {
  const calls: Call[] = [];
  const client = createClient({
    baseUrl: 'https://feed.example', member: 'member:42', ...(token === undefined ? {} : { token }),
    fetch: (path, init) => {
      calls.push([path as string, init ?? {}]);
      return Promise.resolve().then(() => answer(path as string, init ?? {}));
    },
  });
  return { calls, client };
};
const bearerOf = ([, init]: Call): string | null => new Headers(init.headers).get('authorization');

test('has the types of the server’s schemas', () => {
  expectTypeOf<Wire.FeedPage>().toEqualTypeOf<FeedPage>();
  expectTypeOf<Wire.DiscoveryPage>().toEqualTypeOf<DiscoveryPage>();
  expectTypeOf<Wire.CohortPage>().toEqualTypeOf<CohortPage>();
  expectTypeOf<Wire.ClientEvent>().toEqualTypeOf<ClientEvent>();
  expectTypeOf<Wire.Consent>().toEqualTypeOf<z.infer<typeof consentSchema>>();
  expectTypeOf<Wire.Why>().toEqualTypeOf<z.infer<typeof whySchema>>();
  expectTypeOf<Wire.JourneyReading>().toEqualTypeOf<z.infer<typeof journeyReadingSchema>>();
  expectTypeOf<Wire.ModelsView>().toEqualTypeOf<z.infer<typeof modelsSchema>>();
  expectTypeOf<Wire.TokenAnswer>().toEqualTypeOf<z.infer<typeof tokenAnswerSchema>>();
  expectTypeOf<z.infer<typeof batchAnswerSchema>>().toExtend<Wire.BatchAnswer>();
  expectTypeOf<z.infer<typeof problemSchema>>().toExtend<Wire.Problem>();
});

test('mints a token once, for calls that start together too, and anew when it has expired', async () => {
  let minted = 0;
  const { calls, client } = setUp((path, init) => {
    if (path.endsWith('/v1/tokens')) return Response.json({ token: `t${(minted += 1)}`, expiresAt: '2026-01-01T00:00:00Z' });
    return new Headers(init.headers).get('authorization') === 'Bearer t1' && calls.length > 4 ? Response.json({ code: 'client/unauthorized' }, { status: 401 }) : Response.json({});
  });
  await Promise.all([client.consent(), client.feed({ sort: 'recent', cursor: 'c/1' })]);
  expect(minted).toBe(1);
  expect(calls.map(([path]) => path)).toContain('https://feed.example/v1/members/42/feed?sort=recent&cursor=c%2F1');
  await client.consent();
  await client.consent();
  expect(minted).toBe(2);
  expect(calls.map(bearerOf).at(-1)).toBe('Bearer t2');
});

test('uses the token it was given, and never mints another', async () => {
  const { calls, client } = setUp(() => Response.json({ code: 'client/unauthorized', detail: 'The token has expired; sign in again.' }, { status: 401 }), 'mine');
  await expect(client.why('r1-0')).rejects.toMatchObject({ code: 'client/unauthorized', status: 401, detail: 'The token has expired; sign in again.' });
  expect(calls.map(bearerOf)).toEqual(['Bearer mine']);
});

test('turns problem documents, foreign error pages and lost connections into errors with a code', async () => {
  const problem = (response: () => Response) => setUp(response, 't').client.feed();
  await expect(problem(() => Response.json({ code: 'client/cursorExpired', detail: 'Ask for the first page.' }, { status: 410 }))).rejects.toMatchObject({ code: 'client/cursorExpired', status: 410 });
  await expect(problem(() => new Response('<h1>Bad gateway</h1>', { status: 502 }))).rejects.toMatchObject({ code: 'server/failed', status: 502 });
  await expect(problem(() => { throw new TypeError('fetch failed'); })).rejects.toMatchObject({ code: 'network/unreachable', status: 0 });
});

test('asks for cohorts, and for one of them page by page', async () => {
  const { calls, client } = setUp(() => Response.json({}), 't');
  await client.discovery();
  await client.cohort('groups/you', { cursor: 'c/1', limit: 30 });
  expect(calls.map(([path]) => path)).toEqual(['https://feed.example/v1/members/42/discovery?', 'https://feed.example/v1/members/42/discovery/groups%2Fyou?cursor=c%2F1&limit=30']);
});

test('sends events with keepalive when the page leaves', async () => {
  const { calls, client } = setUp(() => Response.json({ accepted: 1, duplicates: 0, rejected: [] }), 't');
  await client.sendEvents([], { keepalive: true });
  expect(calls[0]?.[1]).toMatchObject({ method: 'POST', keepalive: true, body: '[]' });
});
