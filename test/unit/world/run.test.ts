import { describe, expect, test } from 'vitest';
import { kindRow } from '../../../src/catalog/kinds.ts';
import { DAY, MINUTE, SECOND, manualClock } from '../../../src/core/clock.ts';
import { isId } from '../../../src/core/ids.ts';
import { seededRandom } from '../../../src/core/random.ts';
import { eventSchema } from '../../../src/funnel/events.ts';
import { dailyPace, gentlePace } from '../../../src/world/pace.ts';
import { PARAMETERS, parameters, printParameters, RESPONSE_NAMES } from '../../../src/world/parameters.ts';
import { firstEntities, live, populate } from '../../../src/world/run.ts';
import { createSchedule, simulatedTimeline } from '../../../src/world/schedule.ts';
import type { Task } from '../../../src/world/schedule.ts';
import { createWorld } from '../../../src/world/world.ts';
import { createFakeFeed } from './fake-feed.ts';
import type { FakeFeed } from './fake-feed.ts';

const START = Date.parse('2026-11-09T08:00:00Z');
const SMALL = { members: 60 };

const history = async (options: { readonly seed?: number; readonly sessions?: number; readonly batch?: number }): Promise<FakeFeed> => {
  const fake = createFakeFeed(5);
  const world = createWorld(parameters({ ...SMALL, seed: options.seed ?? 1 }));
  await populate(fake.transport, world, { start: START });
  await live(fake.transport, world, { run: 'h', timeline: simulatedTimeline(manualClock(START)), pace: dailyPace(world.values), sessions: options.sessions ?? 200, until: START + 3 * DAY, batch: options.batch ?? 50 });
  return fake;
};

describe('a history', () => {
  test('with the same seed and the same answers makes the same requests', async () => {
    const [one, again] = [await history({}), await history({})];
    expect(one.requests.length).toBeGreaterThan(200);
    expect(again.requests).toEqual(one.requests);
  });
  test('with another seed makes other requests', async () => expect((await history({ seed: 2 })).requests).not.toEqual((await history({})).requests));
  test('writes only entities and events that the API accepts', async () => {
    const { entities, events } = await history({});
    for (const { kind, id, attributes } of entities) {
      expect(isId(id), id).toBe(true);
      expect(kindRow(kind)?.attributes.safeParse(attributes).error, JSON.stringify(attributes)).toBe(undefined);
    }
    for (const event of events) expect(eventSchema.safeParse(event).error, JSON.stringify(event)).toBe(undefined);
  });
  test('gives every event an id of its own, and every entity', async () => {
    const { entities, events } = await history({});
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    expect(new Set(entities.map(({ kind, id }) => `${kind}:${id}`)).size).toBe(entities.length);
  });
  test('sends one impression for each card passed, and no action of the feed without one', async () => {
    const { events } = await history({});
    const seen = new Set(events.filter((event) => event.type === 'impression').map((event) => event.trackingId));
    expect(events.filter((event) => event.type === 'action' && event.surface === undefined).every((event) => seen.has(event.trackingId))).toBe(true);
    expect(seen.size).toBe(events.filter((event) => event.type === 'impression').length);
  });
  test('never dates an event later than its request', async () => {
    const { requests } = await history({ batch: 1 });
    const sent = requests.filter((request) => request.path === '/v1/events').flatMap((request) => JSON.parse(request.body ?? '[]') as { readonly at: string; readonly sentAt: string }[]);
    expect(sent.length).toBeGreaterThan(1000);
    for (const { at, sentAt } of sent) expect(at <= sentAt).toBe(true);
  });
  test('stops when it is told to', async () => {
    const fake = createFakeFeed(5);
    const world = createWorld(parameters(SMALL));
    const stop = new AbortController();
    const began = await live(fake.transport, world, { run: 'x', timeline: simulatedTimeline(manualClock(START)), pace: dailyPace(world.values), signal: stop.signal, onProgress: (sessions) => { if (sessions === 5) stop.abort(); } });
    expect(began).toBe(5);
  });
  test('ends with the error of a server that refuses, unless told to go on', async () => {
    const refusing = () => Promise.resolve({ status: 503, body: '{"code":"server/overloaded"}' });
    const world = createWorld(parameters(SMALL));
    const options = { run: 'x', pace: dailyPace(world.values), sessions: 3, until: START + DAY };
    await expect(live(refusing, world, { ...options, timeline: simulatedTimeline(manualClock(START)) })).rejects.toThrow(/answered 503/);
    const failures: unknown[] = [];
    await live(refusing, world, { ...options, timeline: simulatedTimeline(manualClock(START)), onFailure: (error) => failures.push(error) });
    expect(failures.length).toBeGreaterThanOrEqual(3);
  });
});

describe('the world', () => {
  const world = createWorld(parameters());
  const entities = firstEntities(world, START);
  test('knits every member into the network, both ways', () => {
    for (const person of world.people) {
      const connections = person.attributes['connections'] as readonly string[];
      expect(connections.length).toBeGreaterThan(2);
      for (const ref of connections) expect(world.personOf(ref)?.attributes['connections']).toContain(person.ref);
    }
  });
  test('has communities: most connections stay in the industry', () => {
    const pairs = world.people.flatMap((person) => (person.attributes['connections'] as readonly string[]).map((ref) => world.personOf(ref)?.field === person.field));
    expect(pairs.filter(Boolean).length / pairs.length).toBeGreaterThan(0.6);
    expect(pairs.filter(Boolean).length / pairs.length).toBeLessThan(0.95);
  });
  test('tells different stories', () => {
    const titles = entities.filter(({ kind }) => kind === 'article').map(({ attributes }) => attributes['title']);
    expect(titles.length).toBeGreaterThan(150);
    expect(new Set(titles).size / titles.length).toBeGreaterThan(0.93);
  });
  test('prints every parameter and every response', () => {
    const printed = printParameters(world.values);
    for (const name of [...Object.keys(PARAMETERS), ...RESPONSE_NAMES]) expect(printed).toMatch(new RegExp(`^${name} `, 'm'));
    expect(printParameters(parameters({ members: 1234 }))).toMatch(/^members +1234 /m);
  });
});

describe('time', () => {
  const arrivals = (days: number): number => {
    const [pace, random] = [dailyPace(parameters()), seededRandom(1)];
    let count = 0;
    for (let at = START; at < START + days * DAY; at += pace(at, 500, random)) count++;
    return count;
  };
  test('brings as many arrivals to a working day as expected', () => expect(arrivals(5) / (5 * 500)).toBeCloseTo(1, 1));
  test('beside a server is gentle, and slows down', () => {
    const [pace, random] = [gentlePace(START, 500), seededRandom(1)];
    const mean = (at: number, perDay: number): number => Array.from({ length: 2000 }, () => pace(at, perDay, random)).reduce((sum, one) => sum + one, 0) / 2000;
    expect(mean(START, 500)).toBeLessThan(2.5 * SECOND);
    expect(mean(START + DAY, 500)).toBeGreaterThan(20 * SECOND);
    expect(mean(START, 28)).toBeGreaterThan(2 * MINUTE);
  });
  test('runs tasks in the order in which they fall due', async () => {
    const schedule = createSchedule(simulatedTimeline(manualClock(0)));
    const log: string[] = [];
    async function* task(name: string, gap: number): Task { for (let at = gap; at <= 60; at += gap) { log.push(`${name}${at - gap}`); yield at; } }
    schedule.spawn(task('a', 20), 0);
    schedule.spawn(task('b', 30), 0);
    await schedule.run({ until: 1000 });
    expect(log).toEqual(['a0', 'b0', 'a20', 'b30', 'a40']);
  });
});
