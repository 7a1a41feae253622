/** Models and what they read in a member's sequence, over HTTP. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOUR, manualClock, MINUTE } from '../../src/core/clock.ts';
import { DEFAULT_SIGNALS } from '../../src/core/registry.ts';
import { createDiary } from '../../src/models/journey/diary.ts';
import { openJourney } from '../../src/models/journey/reader.ts';
import { readJourneyOf } from '../../src/platform/reading.ts';
import { publishJourney } from '../support/journey-model.ts';
import { call } from '../support/requests.ts';
import { serveInProcess, spawnServer, temporaryFolder, type InProcess, type Spawned } from '../support/real-server.ts';

const ITEMS = 30;
const now = Date.now();
/** Of server and test: a state depends on when it is asked for. */
const clock = manualClock(now);
const ENTITIES = [
  ...['ana', 'ben'].map((id) => ({ kind: 'member', id, attributes: { name: id } })),
  ...Array.from({ length: ITEMS }, (_, n) => ({ kind: 'article', id: `a${n}`, createdAt: new Date(now - (n + 2) * HOUR).toISOString(), attributes: { title: `Article ${n}`, topics: [`topic ${n % 4}`] } })),
];
const EVENTS = Array.from({ length: 5 }, (_, n) => ({ type: 'action', id: `e${n}`, member: 'member:ana', item: `article:a${n * 3}`, action: n === 2 ? 'like' : 'click', at: new Date(now - (10 - n) * MINUTE).toISOString() }));
const names = ENTITIES.map(({ kind, id }) => `${kind}:${id}`);

describe('over a store with a journey model', () => {
  const data = temporaryFolder();
  let server: InProcess;
  beforeAll(async () => {
    await publishJourney(data, { items: names, version: 'journey-drawn-1' });
    server = await serveInProcess({ data, clock });
    await call(server, '/v1/entities', { body: ENTITIES });
    await call(server, '/v1/events', { body: EVENTS });
  });
  afterAll(() => server.close());

  test('a member is told what the command line tells of them', async () => {
    const { status, json } = await call(server, '/v1/members/ana/journey');
    const reader = await openJourney(data);
    if (reader === undefined) throw new Error('there is no model');
    const told = await readJourneyOf(server.platform.state, reader, { member: 'ana', clock });
    await reader.close();
    expect(status).toBe(200);
    expect(json).toMatchObject({ member: 'member:ana', model: 'journey-drawn-1', basis: 'events' });
    const reading = json as unknown as NonNullable<typeof told>;
    expect(reading.events.map(({ item, action }) => [item, action])).toEqual(told?.events.map(({ item, action }) => [item, action]));
    reading.events.forEach(({ weight }, i) => { expect(weight ?? Number.NaN).toBeCloseTo(told?.events[i]?.weight ?? Number.NaN, 5); });
    expect(reading.next.items.slice(0, 3).map(({ item }) => item)).toEqual(told?.next.items.slice(0, 3).map(({ item }) => item));
    expect(reading.changes.map(({ after }) => after)).toEqual(EVENTS.map(({ item }) => item));
  });

  test('a served page names the model that the viewer\'s state came from, and none where they withhold it', async () => {
    const journeyOf = async (): Promise<unknown> => (await call(server, `/v1/traces/${String((await call(server, '/v1/members/ana/feed')).json['requestId'])}`)).json['journey'];
    expect(await journeyOf()).toBe('journey-drawn-1');
    await call(server, '/v1/members/ana/consent', { method: 'PUT', body: { ...DEFAULT_SIGNALS, sequence: false } });
    expect(await journeyOf()).toBe('');
    await call(server, '/v1/members/ana/consent', { method: 'PUT', body: DEFAULT_SIGNALS });
  });

  test('what a member withholds is not read, and an unknown member is not there', async () => {
    await call(server, '/v1/members/ana/consent', { method: 'PUT', body: { ...DEFAULT_SIGNALS, sequence: false } });
    expect((await call(server, '/v1/members/ana/journey')).json).toMatchObject({ basis: 'withheld', events: [], changes: [], next: { items: [] } });
    await call(server, '/v1/members/ana/consent', { method: 'PUT', body: DEFAULT_SIGNALS });
    expect((await call(server, '/v1/members/nobody/journey')).status).toBe(404);
    expect((await call(server, '/members/nobody/journey')).status).toBe(404);
  });

  test('many at once are answered one after the other, and too many refused', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => call(server, '/v1/members/ana/journey')));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(8);
    expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
  });

  test('another model is read with as soon as it serves', async () => {
    await publishJourney(data, { items: names, version: 'journey-drawn-2', seed: 2 });
    await server.platform.refreshModel();
    expect((await call(server, '/v1/members/ana/journey')).json).toMatchObject({ model: 'journey-drawn-2' });
  });

  test('the list of models says which serves, how a stopped run went, and which version cannot be read', async () => {
    mkdirSync(join(data, 'models', 'journey', 'run'), { recursive: true });
    const diary = createDiary(data);
    diary({ type: 'start', part: 'choosing', epochs: 4, batches: 10, parameters: 99, epoch: 0, batch: 0, resumed: false });
    for (const [epoch, loss, metric] of [[0, 3, 0.1], [1, 2, 0.3], [2, 1.5, 0.2]] as const) {
      for (const batch of [0, 9]) diary({ type: 'batch', epoch, batch, batches: 10, epochs: 4, loss, rate: 0.001, norm: 1, targetsPerSecond: 500, elapsedMs: epoch * 20_000 + batch * 2000 });
      diary({ type: 'epoch', best: metric > 0.2, partial: false, epoch, loss, metric, details: {}, elapsedMs: epoch * 20_000 + 20_000 });
    }
    mkdirSync(join(data, 'models', 'journey', 'journey-broken'));
    writeFileSync(join(data, 'models', 'journey', 'journey-broken', 'manifest.json'), '{"format":1');
    const { status, json } = await call(server, '/v1/models');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      journey: {
        serving: 'journey-drawn-2',
        versions: [{ version: 'journey-drawn-2', serves: true, sizes: { width: 16 }, curve: [] }, { version: 'journey-drawn-1', serves: false }],
        run: { state: 'stopped', process: null, epoch: 3, epochs: 4, batch: 10, loss: 1.5, leftMs: null, best: { epoch: 2, metric: 0.3 }, curve: [{ epoch: 1, metric: 0.1 }, { epoch: 2 }, { epoch: 3 }] },
      },
      secondPass: { versions: [] },
      faults: [{ version: 'journey-broken', detail: expect.stringContaining('cut short') as string }],
    });
    expect((await call(server, '/console/models?live=off')).status).toBe(200);
    expect((await call(server, '/console/models?live=perhaps')).status).toBe(422);
  });
});

test('a store without a model says so, to machines by a code and to people on a page', async () => {
  const server = await serveInProcess();
  await call(server, '/v1/entities', { body: ENTITIES.slice(0, 1) });
  expect((await call(server, '/v1/members/ana/journey')).json).toMatchObject({ code: 'client/noModel' });
  expect((await call(server, '/members/ana/journey')).status).toBe(200);
  expect((await call(server, '/v1/models')).json).toMatchObject({ journey: { serving: null, run: null, versions: [] } });
  await server.close();
});

test('workers answer too, through the encoder\'s own thread', async () => {
  const data = temporaryFolder();
  await publishJourney(data, { items: names });
  const server: Spawned = await spawnServer({ data, workers: 2 });
  await call(server, '/v1/entities', { body: ENTITIES });
  await call(server, '/v1/events', { body: EVENTS });
  expect((await call(server, '/v1/members/ana/journey')).json).toMatchObject({ model: 'journey-drawn-1', basis: 'events', events: { length: EVENTS.length } });
  expect((await call(server, '/v1/models')).json).toMatchObject({ journey: { serving: 'journey-drawn-1' } });
  await server.close();
});
