import { cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { HOUR, manualClock, MINUTE } from '../../src/core/clock.ts';
import { UNASSIGNED, type RequestContext } from '../../src/core/context.ts';
import type { Millis, RequestId } from '../../src/core/ids.ts';
import { seededRandom } from '../../src/core/random.ts';
import { DEFAULT_SIGNALS } from '../../src/core/registry.ts';
import type { FeedPage } from '../../src/http/contracts.ts';
import { stateKeyOf } from '../../src/journey/taste.ts';
import { createJourneyEvents } from '../../src/models/journey/events.ts';
import { openJourney, type JourneyReader } from '../../src/models/journey/reader.ts';
import { CONTENT_WIDTH } from '../../src/models/sequences/content.ts';
import type { OpenPlatform } from '../../src/platform/open.ts';
import { readJourneyOf } from '../../src/platform/reading.ts';
import { createWait } from '../../src/platform/taste.ts';
import { createViewerReader } from '../../src/rankers/viewer.ts';
import { publishJourney, SIZES } from '../support/journey-model.ts';
import { openTestPlatform, page, spawnServer, temporaryFolder, type Spawned } from '../support/real-server.ts';
import { call } from '../support/requests.ts';

const START = Date.UTC(2026, 5, 1, 12);
const ARTICLES = 60;
const articles = (now: number): readonly { readonly kind: string; readonly id: string; readonly createdAt: string; readonly attributes: object }[] => Array.from({ length: ARTICLES }, (_, n) => ({
  kind: 'article', id: `a${n}`, createdAt: new Date(now - (n + 2) * HOUR).toISOString(), attributes: { title: `Word${n} about word${n % 7}`, topics: [`topic ${n % 6}`] },
}));
const ITEMS = Array.from({ length: ARTICLES }, (_, n) => `article:a${n}`);
const member = (id: string, attributes: object = {}): object => ({ kind: 'member', id, attributes });
let made = 0;
const click = (who: string, item: string, { at, action = 'click' }: { readonly at: number; readonly action?: string }): object => ({ type: 'action', id: `event-${made++}`, member: `member:${who}`, item, at: new Date(at).toISOString(), action });

const CONTEXT: RequestContext = {
  requestId: 'test' as RequestId, now: START as Millis, deadlineMs: MINUTE, elapsed: () => 0, locale: 'en', timeZone: 'UTC', surface: 'feed', client: 'test',
  allowed: DEFAULT_SIGNALS, random: seededRandom(1), ...UNASSIGNED,
};

const open: OpenPlatform[] = [];
const openWithModel = async (options: { readonly data?: string; readonly faults?: unknown[] } = {}): Promise<{ readonly platform: OpenPlatform; readonly data: string; readonly clock: ReturnType<typeof manualClock> }> => {
  const data = options.data ?? temporaryFolder();
  await publishJourney(data, { items: ITEMS });
  const clock = manualClock(START);
  const platform = await openTestPlatform({ data, clock, ...(options.faults === undefined ? {} : { onModelFault: (error: unknown) => { options.faults?.push(error); } }) });
  open.push(platform);
  await platform.putEntities([...articles(START), member('ana', { topics: ['topic 1'], headline: 'Word3 words' }), member('ben')]);
  return { platform, data, clock };
};
afterEach(async () => { for (const platform of open.splice(0)) await platform.close(); });

const stateOf = (platform: OpenPlatform, who: string, now: number): { readonly standing: string; readonly state: Float32Array } => {
  const state = new Float32Array(SIZES.width);
  const number = platform.state.catalog.find(`member:${who}`);
  return { standing: platform.state.taste?.read(number, stateKeyOf(platform.state, number, Math.floor(now / 1000)), state) ?? 'no model', state };
};

/** The whole sequence through a reader of its own, asked at `now`. */
const forward = async (platform: OpenPlatform, reader: JourneyReader, { who, now }: { readonly who: string; readonly now: number }): Promise<Float32Array> => {
  const { catalog, journey, content } = platform.state;
  const events = createJourneyEvents();
  const number = catalog.find(`member:${who}`);
  journey.sequences.read(number, catalog.allowed(number), events);
  for (let i = 0; i < events.count; i++) {
    const item = events.item[i] ?? 0;
    events.row[i] = reader.itemRow(catalog.entities.name(item));
    events.features.set(content.of(item), i * CONTENT_WIDTH);
  }
  const state = new Float32Array(reader.width);
  await reader.state(events, Math.floor(now / 1000), state);
  return state;
};
const readerOf = async (data: string): Promise<JourneyReader> => {
  const reader = await openJourney(data);
  if (reader === undefined) throw new Error('the test wrote no model');
  return reader;
};
const farthest = (a: Float32Array, b: Float32Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);
const metric = async (platform: Pick<OpenPlatform, 'metrics'>, name: string): Promise<number> => Number((await platform.metrics()).split('\n').find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? Number.NaN);

interface TraceView { readonly items: readonly { readonly item: string; readonly firstPass: Readonly<Record<string, number>>; readonly reason: string; readonly actors: readonly string[] }[] }
const fits = (trace: unknown): Readonly<Record<string, number>> => Object.fromEntries((trace as TraceView).items.flatMap(({ item, firstPass }) => (firstPass['journey'] === undefined ? [] : [[item, firstPass['journey']]])));

describe('a member\'s state', () => {
  test('is that of a full forward pass over their sequence, to 1e-5, event after event', async () => {
    const { platform, data, clock } = await openWithModel();
    const reader = await readerOf(data);
    for (let n = 0; n < 60; n++) {
      clock.set(START + n * 17 * MINUTE);
      await platform.recordEvents([click('ana', ITEMS[(n * 13) % ARTICLES] ?? '', { at: clock.now(), action: ['click', 'like', 'share', 'hide'][n % 4] ?? '' })], { history: false });
      if (n % 7 !== 0) continue;
      await page(platform, 'ana');
      const { standing, state } = stateOf(platform, 'ana', clock.now());
      expect(standing).toBe('fresh');
      expect(farthest(state, await forward(platform, reader, { who: 'ana', now: clock.now() }))).toBeLessThan(1e-5);
    }
    await reader.close();
  });

  test('grows old when time goes by, by stretches that grow with it', async () => {
    const { platform, clock } = await openWithModel();
    await platform.recordEvents([click('ana', 'article:a1', { at: START })], { history: false });
    let encodings = 0;
    for (let minute = 0; minute < 3 * 24 * 60; minute += 10) {
      clock.set(START + minute * MINUTE);
      if (stateOf(platform, 'ana', clock.now()).standing !== 'fresh') encodings++;
      await page(platform, 'ana', { limit: 1 });
      expect(stateOf(platform, 'ana', clock.now()).standing).toBe('fresh');
    }
    expect(encodings).toBeGreaterThan(3);
    expect(encodings).toBeLessThan(12);
  });

  test('comes from the profile where there are no events, and changes with it', async () => {
    const { platform } = await openWithModel();
    await page(platform, 'ana');
    const first = stateOf(platform, 'ana', START);
    expect(first.standing).toBe('fresh');
    expect(Object.keys(fits(await platform.trace((await page(platform, 'ana')).requestId))).length).toBeGreaterThan(0);
    await platform.putEntities([member('ana', { topics: ['topic 4'], headline: 'Word5 words' })]);
    await page(platform, 'ana');
    expect(farthest(stateOf(platform, 'ana', START).state, first.state)).toBeGreaterThan(0.01);
    // Nothing is known of Ben.
    expect(fits(await platform.trace((await page(platform, 'ben')).requestId))).toEqual({});
    await platform.setConsent('ana', { ...DEFAULT_SIGNALS, profile: false });
    expect(fits(await platform.trace((await page(platform, 'ana')).requestId))).toEqual({});
  });

  test('made under another consent is not used', async () => {
    const { platform } = await openWithModel();
    await platform.recordEvents([click('ben', 'article:a1', { at: START }), click('ben', 'group:g1', { at: START, action: 'join' })], { history: false });
    await page(platform, 'ben');
    const before = stateOf(platform, 'ben', START);
    await platform.setConsent('ben', { ...DEFAULT_SIGNALS, graph: false });
    expect(stateOf(platform, 'ben', START).standing).toBe('none');
    await page(platform, 'ben');
    const after = stateOf(platform, 'ben', START);
    expect([before.standing, after.standing]).toEqual(['fresh', 'fresh']);
    expect(farthest(before.state, after.state)).toBeGreaterThan(1e-3);
  });

  test('older than the sequence makes the page where the encoder does not come in time, and the page is counted', async () => {
    const { platform, clock } = await openWithModel();
    await platform.recordEvents([click('ana', 'article:a1', { at: START })], { history: false });
    await page(platform, 'ana');
    const { catalog } = platform.state;
    const ana = catalog.find('member:ana');
    const never = createWait(platform.state, () => ({ ask: () => new Promise(() => undefined), waitMs: 1 }));
    const counted = async (): Promise<readonly number[]> => Promise.all(['fresh', 'old', 'none'].map((standing) => metric(platform, `throughline_journey_pages_total{state="${standing}"}`)));
    const before = await counted();
    expect(never(ana, START)).toBeUndefined();
    clock.set(START + 24 * HOUR);
    await never(ana, clock.now());
    await never(catalog.find('member:ben'), clock.now());
    expect((await counted()).map((count, i) => count - (before[i] ?? 0))).toEqual([1, 1, 1]);
    const viewer = createViewerReader().read(ana, platform.state, { ...CONTEXT, now: clock.now() as Millis });
    expect(viewer.taste?.state).toEqual(stateOf(platform, 'ana', clock.now()).state);
  });
});

describe('an accepted event', () => {
  test('changes the next page, and the page says because of what', async () => {
    const { platform, data } = await openWithModel();
    const reader = await readerOf(data);
    for (const item of ['article:a3', 'article:a9', 'article:a22']) {
      const before = fits(await platform.trace((await page(platform, 'ben', { limit: 50 })).requestId));
      await platform.recordEvents([click('ben', item, { at: START })], { history: false });
      const served = await page(platform, 'ben', { limit: 50 });
      const trace = await platform.trace(served.requestId);
      const after = fits(trace);
      expect(after).not.toEqual(before);
      expect(after[item]).toBeUndefined();
      const state = await forward(platform, reader, { who: 'ben', now: START });
      const vectors = platform.state.taste?.vectors ?? new Float32Array();
      for (const [name, score] of Object.entries(after)) {
        const at = platform.state.catalog.find(name) * reader.width;
        expect(score).toBeCloseTo(state.reduce((sum, value, i) => sum + value * (vectors[at + i] ?? 0), 0), 4);
      }
    }
    const named = (await platform.trace((await page(platform, 'ben', { limit: 50 })).requestId) as TraceView).items.flatMap(({ reason, actors }) => (reason === 'becauseOf' ? actors : []));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((item) => !['article:a3', 'article:a9', 'article:a22'].includes(item))).toEqual([]);
    await reader.close();
  });

  test('a new item has its vector within a second', async () => {
    const { platform } = await openWithModel();
    await platform.putEntities([{ kind: 'article', id: 'new', attributes: { title: 'Word3 about word3', topics: ['topic 3'] } }]);
    await expect.poll(() => {
      const at = platform.state.catalog.find('article:new') * SIZES.width;
      return platform.state.taste?.vectors.subarray(at, at + SIZES.width).some((value) => value !== 0);
    }, { timeout: 1000 }).toBe(true);
  });
});

describe.each([0, 2])('a server with %i workers', (workers) => {
  let server: Spawned;
  afterEach(() => server.close());
  const ask = (path: string, body?: unknown) => call(server, path, { ...(body === undefined ? {} : { body }), headers: { connection: 'close' } });
  const served = async (): Promise<Readonly<Record<string, number>>> => {
    const { requestId } = (await ask('/v1/members/ben/feed?limit=50')).json as unknown as FeedPage;
    return fits((await ask(`/v1/traces/${requestId}`)).json);
  };

  test('makes the next page with the state after the event, takes up a model while it runs, and keeps it when the next is broken', async () => {
    server = await spawnServer({ workers });
    const now = Date.now();
    await ask('/v1/entities', [...articles(now), member('ben')]);
    expect(await served()).toEqual({});
    await publishJourney(server.data, { items: ITEMS, version: 'journey-one' });
    const metrics = async (): Promise<string> => (await ask('/metrics')).text;
    await expect.poll(metrics, { timeout: 10_000 }).toContain('throughline_journey_model{version="journey-one"} 1');
    let before: unknown = {};
    for (let n = 0; n < 12; n++) {
      expect((await ask('/v1/events', [click('ben', `article:a${n}`, { at: Date.now() })])).status).toBe(200);
      const after = await served();
      expect(Object.keys(after).length).toBeGreaterThan(0);
      expect(after).not.toEqual(before);
      expect(after[`article:a${n}`]).toBeUndefined();
      before = after;
    }
    expect(await metrics()).toContain('throughline_journey_pages_total{state="old"} 0');
    const folder = await publishJourney(server.data, { items: ITEMS, version: 'journey-two', seed: 2 });
    await expect.poll(metrics, { timeout: 10_000 }).toContain('throughline_journey_model{version="journey-two"} 1');
    expect(await served()).not.toEqual(before);
    // Broken before the pointer comes to it.
    const broken = await publishJourney(server.data, { items: ITEMS, version: 'journey-three', seed: 3 }).then((path) => { truncateSync(join(path, 'weights.f32'), 1000); return path; });
    expect(broken).not.toBe(folder);
    expect(await served()).not.toEqual({});
  });
});

describe('a model that cannot be served', () => {
  const breakages: readonly (readonly [string, (folder: string) => void, RegExp])[] = [
    ['cut short', (folder) => { truncateSync(join(folder, 'weights.f32'), 1000); }, /weights\.f32 has 1000 bytes/u],
    ['of a newer format', (folder) => { const file = join(folder, 'manifest.json'); writeFileSync(file, readFileSync(file, 'utf8').replace('"format": 2', '"format": 3')); }, /format 3/u],
    ['of an older format', (folder) => { const file = join(folder, 'manifest.json'); writeFileSync(file, readFileSync(file, 'utf8').replace('"format": 2', '"format": 1')); }, /format 1, which this version no longer reads: train again/u],
    ['of another layout', (folder) => { const file = join(folder, 'manifest.json'); writeFileSync(file, readFileSync(file, 'utf8').replace('"block0/query/weight"', '"block0/question/weight"')); }, /block0\/query\/weight/u],
  ];
  test.each(breakages)('because it is %s leaves the one before serving, says so once and is counted', async (_name, spoil, message) => {
    const faults: unknown[] = [];
    const { platform, data } = await openWithModel({ faults });
    await platform.recordEvents([click('ana', 'article:a1', { at: START })], { history: false });
    await page(platform, 'ana');
    const before = stateOf(platform, 'ana', START);
    // Held back until it is spoilt: the folder is looked at twice a second.
    const other = temporaryFolder();
    const folder = await publishJourney(other, { items: ITEMS, version: 'journey-broken', seed: 9 });
    spoil(folder);
    cpSync(join(other, 'models', 'journey'), join(data, 'models', 'journey'), { recursive: true });
    await platform.refreshModel();
    await platform.refreshModel();
    expect(faults).toHaveLength(1);
    expect(String(faults[0])).toMatch(message);
    expect(platform.state.taste?.model).toBe('journey-drawn-1');
    expect(stateOf(platform, 'ana', START)).toEqual(before);
    expect(await metric(platform, 'throughline_journey_models_refused_total')).toBe(1);
  });
});

describe('the reading of a journey', () => {
  test('names every event with its share, what is expected next, and how that changed', async () => {
    const { platform, data } = await openWithModel();
    const reader = await readerOf(data);
    for (let n = 0; n < 12; n++) await platform.recordEvents([click('ana', `article:a${n * 5}`, { at: START - (12 - n) * MINUTE, action: n % 2 === 0 ? 'click' : 'like' })], { history: false });
    const reading = await readJourneyOf(platform.state, reader, { member: 'ana', clock: manualClock(START), steps: 5 });
    expect(reading).toMatchObject({ member: 'member:ana', model: 'journey-drawn-1', basis: 'events' });
    expect(reading?.events.map(({ item }) => item)).toEqual(Array.from({ length: 12 }, (_, n) => `article:a${n * 5}`));
    expect(reading?.events[0]).toMatchObject({ surface: 'feed', action: 'click', title: 'Word0 about word0' });
    expect(reading?.events.reduce((sum, { weight }) => sum + (weight ?? 0), 0)).toBeCloseTo(1, 5);
    expect(reading?.next.kinds).toEqual([{ name: 'article', share: 1 }]);
    expect(reading?.next.items[0]?.fit).toBeGreaterThan(reading?.next.items[9]?.fit ?? 1);
    expect(reading?.changes.map(({ after }) => after)).toEqual([7, 8, 9, 10, 11].map((n) => `article:a${n * 5}`));
    expect(reading?.changes.at(-1)?.topics).toEqual(reading?.next.topics);
    await reader.close();
  });

  test('says so where there are no events, where they are withheld, and where nobody knows the member', async () => {
    const { platform, data } = await openWithModel();
    const reader = await readerOf(data);
    const basisOf = async (who: string): Promise<string | undefined> => (await readJourneyOf(platform.state, reader, { member: who, clock: manualClock(START) }))?.basis;
    expect([await basisOf('ana'), await basisOf('ben'), await basisOf('nobody')]).toEqual(['profile', 'nothing', undefined]);
    await platform.recordEvents([click('ana', 'article:a1', { at: START })], { history: false });
    await platform.setConsent('ana', { ...DEFAULT_SIGNALS, sequence: false });
    expect(await readJourneyOf(platform.state, reader, { member: 'ana', clock: manualClock(START) })).toMatchObject({ basis: 'withheld', events: [], changes: [] });
    await reader.close();
  });
});

test('of an erased member neither state nor vector is left in memory', async () => {
  const { platform } = await openWithModel();
  await platform.putEntities([{ kind: 'post', id: 'p1', attributes: { text: 'Word1 word2 word3', author: 'member:ana' } }]);
  await platform.recordEvents([click('ana', 'article:a1', { at: START }), click('ana', 'article:a5', { at: START })], { history: false });
  await page(platform, 'ana');
  const { taste, catalog } = platform.state;
  if (taste === undefined) throw new Error('there is no model');
  const vectorOf = (reference: string): Float32Array => { const at = catalog.find(reference) * SIZES.width; return taste.vectors.slice(at, at + SIZES.width); };
  const traces = [stateOf(platform, 'ana', START).state, vectorOf('member:ana'), vectorOf('post:p1')].map((floats) => Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength));
  const found = (): readonly boolean[] => traces.map((bytes) => tasteBuffers(platform).some((buffer) => buffer.includes(bytes)));
  expect(found()).toEqual([true, true, true]);
  await platform.erase('ana');
  expect(found()).toEqual([false, false, false]);
});

const tasteBuffers = (platform: OpenPlatform): readonly Buffer[] => {
  const { taste } = platform.state;
  return taste === undefined || !('space' in taste) ? [] : buffersOf(taste.space as OpenPlatform['state']['space']);
};
const buffersOf = (space: OpenPlatform['state']['space']): readonly Buffer[] => {
  const buffers: Buffer[] = [];
  for (const [name] of space.sizes()) space.bind(name, 0, (buffer) => { buffers.push(Buffer.from(new Uint8Array(buffer))); });
  return buffers;
};
