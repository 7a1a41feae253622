import { expect, test } from 'vitest';
import { HOUR, manualClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { decodeAnswered } from '../../src/funnel/answered.ts';
import { decodeServed } from '../../src/funnel/served.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import type { Log, StoredRecord } from '../../src/log/port.ts';
import { createPlatform } from '../../src/platform/create.ts';
import { discoveryNetwork } from '../support/discovery-network.ts';
import { openTestPlatform, page } from '../support/real-server.ts';

const recordsOf = async (platform: Awaited<ReturnType<typeof openTestPlatform>>): Promise<readonly StoredRecord[]> => {
  await platform.idle();
  const found: StoredRecord[] = [];
  for await (const { records } of platform.log.read([{ partition: 0, sequence: 0 }])) found.push(...records.filter(({ type }) => type === 'served' || type === 'answered'));
  return found;
};

test('the layer that answers tells what left, behind the record of the mixer and without its features', async () => {
  const platform = await openTestPlatform();
  await platform.putEntities([{ kind: 'member', id: '1', attributes: {} }, ...Array.from({ length: 40 }, (_, n) => ({ kind: 'article', id: `a${n}`, attributes: { title: `Article ${n}` } }))]);
  const first = await page(platform, '1', { limit: 10 });
  const second = await page(platform, '1', { limit: 10, cursor: first.nextCursor });
  const records = await recordsOf(platform);
  expect(records.map(({ type, id, member }) => [type, id, member])).toEqual([first, second].flatMap(({ requestId }) => [['served', requestId, '1'], ['answered', requestId, '1']]));
  for (const [n, { requestId, items }] of [first, second].entries()) {
    const [served, answered] = records.slice(2 * n);
    if (served === undefined || answered === undefined) throw new Error('a record is missing');
    const { surface, cards } = decodeAnswered(answered);
    expect(surface).toBe('feed');
    expect(cards).toEqual(items.map(({ trackingId, position }) => ({ candidate: Number.parseInt(trackingId.slice(requestId.length + 1), 36), position })));
    expect(cards).toEqual(decodeServed(served.payload).items.map(({ candidate, position }) => ({ candidate, position })));
    expect(answered.payload.length).toBeLessThan(served.payload.length / 10);
  }
  expect(await platform.trace(second.requestId)).toMatchObject({ requestId: second.requestId, layer: 'mixer' });
  await platform.close();
});

test('cohorts write the same two records, under their own surface', async () => {
  const { platform, page: cohorts, cohort } = await discoveryNetwork();
  const [found, full] = [await cohorts('ana'), await cohort({ member: 'ana', cohort: 'hashtags', limit: 3 })];
  await platform.idle();
  const records: StoredRecord[] = [];
  for await (const block of platform.log.read([{ partition: 0, sequence: 0 }])) records.push(...block.records.filter(({ type }) => type === 'served' || type === 'answered'));
  expect(records.map(({ type, id }) => [type, id])).toEqual([found.requestId, full.requestId].flatMap((id) => [['served', id], ['answered', id]]));
  const shown = found.cohorts.flatMap(({ items }) => items.map(({ trackingId, position }) => [trackingId, position]));
  const [, answered] = records;
  if (answered === undefined) throw new Error('a record is missing');
  const { surface, cards } = decodeAnswered(answered);
  expect(surface).toBe('discovery');
  expect(cards.map(({ candidate, position }) => [`${found.requestId}-${candidate.toString(36)}`, position])).toEqual(shown);
});

test('both records of a page go to the log in one write', async () => {
  const clock = manualClock(Date.UTC(2026, 5, 1));
  const memory = createMemoryLog({ partitions: 1, clock });
  const writes: (readonly string[])[] = [];
  const log: Log = { ...memory, append: (partition, records) => { writes.push(records.map(({ type }) => type)); return memory.append(partition, records); } };
  const platform = await createPlatform({ log, clock, elapsed: () => 0, random: seededRandom(3), secret: new Uint8Array(32), options: { deadlineMs: 1000, cursorLifetimeMs: HOUR, exploration: 0, stateWaitMs: 0 }, loadModel: async () => undefined });
  await platform.putEntities([{ kind: 'member', id: '1', attributes: {} }, { kind: 'article', id: 'a', attributes: { title: 'A' } }]);
  writes.length = 0;
  await page(platform, '1');
  await platform.idle();
  expect(writes).toEqual([['served', 'answered']]);
  await platform.close();
});
