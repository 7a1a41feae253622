import { expect, test } from 'vitest';
import { ClientError } from '../../../src/client/errors.ts';
import { createOutbox, type OutboxClock, type Store } from '../../../src/client/outbox.ts';
import type { Action, BatchAnswer, ClientEvent } from '../../../src/client/types.ts';

const event = (id: string): Action => ({ type: 'action', id, member: 'member:42', item: 'article:7', action: 'like', at: '2026-01-01T00:00:00.000Z' });

const memoryStore = (): Store & { readonly entries: Map<string, string> } => {
  const entries = new Map<string, string>();
  return {
    entries,
    get length() { return entries.size; },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => { entries.set(key, value); },
    removeItem: (key) => { entries.delete(key); },
  };
};

const handClock = (): OutboxClock & { pass(ms: number): Promise<void> } => {
  let now = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => now,
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => { timers = timers.filter((one) => one !== timer); };
    },
    pass: async (ms) => {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { run } of due) run();
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    },
  };
};

const stored = (count: number): BatchAnswer => ({ accepted: count, duplicates: 0, rejected: [] });
const unreachable = (): ClientError => new ClientError({ code: 'network/unreachable', status: 0, detail: 'no network' });

/** An outbox before a server that answers as told; `sent` are the batches as they left. */
const setUp = (answer: (batch: readonly ClientEvent[], turn: number) => BatchAnswer | ClientError, options: { readonly store?: Store; readonly capacity?: number } = {}) => {
  const sent: (readonly ClientEvent[])[] = [];
  const dropped: string[] = [];
  const clock = handClock();
  const outbox = createOutbox({
    owner: 'member:42', store: options.store ?? null, clock, onDropped: (events) => { dropped.push(...events.map(({ id }) => id)); },
    ...(options.capacity === undefined ? {} : { capacity: options.capacity }),
    send: (batch) => {
      sent.push(batch);
      const result = answer(batch, sent.length);
      return result instanceof ClientError ? Promise.reject(result) : Promise.resolve(result);
    },
  });
  return { sent, dropped, clock, outbox };
};
const idsOf = (batches: readonly (readonly ClientEvent[])[]): readonly (readonly string[])[] => batches.map((batch) => batch.map(({ id }) => id));

test('gathers events for a moment and sends them together', async () => {
  const { sent, clock, outbox } = setUp((batch) => stored(batch.length));
  outbox.add(event('a'));
  outbox.add(event('b'));
  expect(sent).toEqual([]);
  await clock.pass(1000);
  expect(idsOf(sent)).toEqual([['a', 'b']]);
  expect(outbox.size()).toBe(0);
});

test('sends the same bytes again until the server has them, waiting longer each time', async () => {
  const { sent, clock, outbox } = setUp((batch, turn) => (turn < 4 ? unreachable() : stored(batch.length)));
  outbox.add(event('a'));
  await clock.pass(1000);
  for (const [wait, turns] of [[999, 1], [1, 2], [1999, 2], [1, 3], [4000, 4]] as const) {
    await clock.pass(wait);
    expect(sent.length).toBe(turns);
  }
  expect(new Set(sent.map((batch) => JSON.stringify(batch))).size).toBe(1);
  expect(outbox.size()).toBe(0);
});

test('loses nothing when the page is gone before the server answered', async () => {
  const store = memoryStore();
  const first = setUp(unreachable, { store });
  first.outbox.add(event('a'));
  await first.clock.pass(1000);
  first.outbox.add(event('b'));
  first.outbox.close();
  const second = setUp((batch) => stored(batch.length), { store });
  await second.clock.pass(0);
  expect(idsOf(second.sent)).toEqual([['a', 'b']]);
  expect(second.sent[0]?.[0]).toEqual(first.sent[0]?.[0]);
  expect(store.entries.size).toBe(0);
});

test('keeps the events of other members apart', () => {
  const store = memoryStore();
  const { outbox } = setUp(unreachable, { store });
  outbox.add(event('a'));
  const other = createOutbox({ owner: 'member:7', store, clock: handClock(), send: () => Promise.reject(unreachable()) });
  expect(other.size()).toBe(0);
});

test('drops what the server rejects by index, and only that', async () => {
  const { dropped, clock, outbox } = setUp((batch) => ({ accepted: batch.length - 1, duplicates: 0, rejected: [{ index: 1, code: 'client/tooOld', detail: 'too old' }] }));
  for (const id of ['a', 'b', 'c']) outbox.add(event(id));
  await clock.pass(1000);
  expect(dropped).toEqual(['b']);
  expect(outbox.size()).toBe(0);
});

test('halves a batch that is refused as a whole until the bad event is alone', async () => {
  const { sent, dropped, clock, outbox } = setUp((batch) =>
    (batch.some(({ id }) => id === 'bad') ? new ClientError({ code: 'client/invalidRequest', status: 400, detail: 'no' }) : stored(batch.length)));
  for (const id of ['a', 'b', 'bad', 'c', 'd']) outbox.add(event(id));
  await clock.pass(1000);
  expect(dropped).toEqual(['bad']);
  expect(outbox.size()).toBe(0);
  expect(new Set(idsOf(sent).flat())).toEqual(new Set(['a', 'b', 'bad', 'c', 'd']));
});

test('holds a bounded number of events: the oldest go first', () => {
  const { dropped, outbox } = setUp(unreachable, { capacity: 2 });
  for (const id of ['a', 'b', 'c']) outbox.add(event(id));
  expect(dropped).toEqual(['a']);
  expect(outbox.size()).toBe(2);
});

test('sends at most what may be in flight when the page leaves, and forgets only what was answered', async () => {
  const { sent, clock, outbox } = setUp((batch) => stored(batch.length));
  for (let number = 0; number < 700; number++) outbox.add(event(`event-${number}`));
  outbox.leave();
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  expect(JSON.stringify(sent[0]).length).toBeLessThan(64 * 1024);
  expect(outbox.size()).toBe(700 - (sent[0]?.length ?? 0));
  await clock.pass(1000);
  expect(outbox.size()).toBe(0);
});
