/** A history made without a server: the same truth, the same members, and the same every time. */
import { describe, expect, test } from 'vitest';
import { kindRow } from '../../../src/catalog/kinds.ts';
import { DAY } from '../../../src/core/clock.ts';
import { seededRandom } from '../../../src/core/random.ts';
import { HAPPENINGS, type EventBlock } from '../../../src/world/history/blocks.ts';
import { generateHistory, type HistoryTold } from '../../../src/world/history/generate.ts';
import { createItems, popular } from '../../../src/world/history/items.ts';
import { createResponseTable, kindNumber } from '../../../src/world/history/kinds.ts';
import { createReader } from '../../../src/world/history/responses.ts';
import { createSeenPairs } from '../../../src/world/history/seen.ts';
import type { Entity } from '../../../src/world/content.ts';
import { parameters, RESPONSE_NAMES, type Scalars } from '../../../src/world/parameters.ts';
import { firstEntities } from '../../../src/world/run.ts';
import { createWorld } from '../../../src/world/world.ts';

const START = Date.UTC(2026, 0, 5);

interface Row { readonly what: string; readonly member: number; readonly item: string; readonly at: number; readonly visit: number; readonly place: number; readonly visibleMs: number }
const rowsOf = (events: EventBlock, refs: readonly string[]): Row[] => Array.from({ length: events.count }, (_, i) => ({
  what: HAPPENINGS[events.what[i] ?? 0] ?? '', member: events.member[i] ?? 0, item: refs[events.item[i] ?? 0] ?? '', at: events.at[i] ?? 0, visit: events.visit[i] ?? 0, place: events.place[i] ?? 0, visibleMs: events.visibleMs[i] ?? 0,
}));

const history = async (values: Partial<Scalars>, days = 4): Promise<{ readonly told: HistoryTold; readonly rows: readonly Row[]; readonly entities: readonly Entity[] }> => {
  const rows: Row[] = [];
  const entities: Entity[] = [];
  const told = await generateHistory(createWorld(parameters({ members: 120, ...values })), {
    start: START, days, sink: { entities: (fresh) => { entities.push(...fresh); }, events: (events, refs) => { rows.push(...rowsOf(events, refs)); } },
  });
  return { told, rows, entities };
};

describe('the truth as columns', () => {
  test('gives every card the probabilities that the truth gives it', () => {
    const world = createWorld(parameters({ members: 60, pivots: 0.5 }));
    const table = createResponseTable();
    const items = createItems(world.truth, table);
    const reader = createReader(items, table, world.values);
    const random = seededRandom(1);
    const shown = firstEntities(world, START).filter(({ kind }) => table.kinds[kindNumber(kind)] !== undefined);
    let compared = 0;
    for (const entity of shown.slice(-400)) {
      const item = items.add(entity);
      const person = world.people[Math.floor(random.next() * world.people.length)];
      if (person === undefined) continue;
      const at = START + Math.floor(random.next() * 60 * DAY);
      const author = items.authors[item] ?? '';
      const tie = person.inner.ties.get(author) ?? 0;
      const seenBefore = Math.floor(random.next() * 4);
      const done = random.next() < 0.3 ? 1 << RESPONSE_NAMES.indexOf('like') : 0;
      const sponsored = random.next() < 0.2;
      const truth = world.truth.responses(person, {
        item: `${entity.kind}:${entity.id}`, kind: entity.kind, topics: entity.attributes['topics'] as readonly string[], author: author === '' ? null : author, actors: [],
        publishedAt: Date.parse(entity.createdAt), at, seenBefore, done: done === 0 ? [] : ['like'], sponsored,
      });
      reader.begin(person, at);
      const { responses } = reader.look({ item, at, tie, seenBefore, done, sponsored });
      RESPONSE_NAMES.forEach((name, number) => {
        const place = responses.indexOf(number);
        expect(place < 0 ? 0 : reader.probabilities[place], `${name} of ${entity.kind}:${entity.id}`).toBeCloseTo(truth[name], 12);
        compared++;
      });
    }
    expect(compared).toBeGreaterThan(4000);
  });
});

describe('a history without a server', async () => {
  const { told, rows, entities } = await history({});

  test('is the same for the same seed, and another for another', async () => {
    const [again, other] = [await history({}), await history({ seed: 8 })];
    expect(again.told).toEqual(told);
    expect(again.rows).toEqual(rows);
    expect(again.entities).toEqual(entities);
    expect(other.told.digest).not.toBe(told.digest);
  });

  test('counts what it hands over', () => {
    expect([told.events, told.entities]).toEqual([rows.length, entities.length]);
    for (const [name, count] of Object.entries(told.happened)) expect(rows.filter(({ what }) => what === name), name).toHaveLength(count);
    expect(told.sessions).toBeGreaterThan(500);
  });

  test('holds only entities that the platform takes, each once, and events about what is there', () => {
    const known = new Set(entities.map(({ kind, id }) => `${kind}:${id}`));
    expect(known.size).toBe(entities.length);
    for (const { kind, attributes } of entities) expect(kindRow(kind)?.attributes.safeParse(attributes).error, JSON.stringify(attributes)).toBe(undefined);
    for (const { item } of rows) if (!known.has(item)) expect(item).toBe('among the entities');
  });

  test('has all that members do: what the feed invites to, and what is done beside it', () => {
    const missing = HAPPENINGS.filter((name) => (told.happened[name] ?? 0) === 0);
    // Members are not among the cards of a plain feed, and a report comes once in a thousand cards.
    expect(missing.filter((name) => !['connect', 'report', 'follow', 'buy', 'complete'].includes(name))).toEqual([]);
  });

  test('shows a card before anything is done to it, once a place, and nothing before it was written', () => {
    const createdAt = new Map(entities.map(({ kind, id, createdAt: at }) => [`${kind}:${id}`, Date.parse(at)]));
    const shown = new Map<string, Row>();
    for (const row of rows) if (row.what === 'impression') { const key = `${row.visit} ${row.place}`; expect(shown.has(key)).toBe(false); shown.set(key, row); }
    for (const row of rows) {
      expect(row.at).toBeGreaterThanOrEqual(createdAt.get(row.item) ?? Infinity);
      if (row.place < 0) continue;
      const card = shown.get(`${row.visit} ${row.place}`);
      expect([card?.item, card?.member]).toEqual([row.item, row.member]);
      expect(row.at <= (card?.at ?? 0) && row.at >= (card?.at ?? 0) - (card?.visibleMs ?? 0)).toBe(true);
    }
  });

  test('keeps to one day at a time: nothing is left undone when it is stopped between two', async () => {
    const stop = new AbortController();
    const days: number[] = [];
    await generateHistory(createWorld(parameters({ members: 40 })), { start: START, days: 9, sink: { entities: () => undefined, events: () => undefined }, signal: stop.signal, onProgress: (done) => { days.push(done); if (done === 2) stop.abort(); } });
    expect(days).toEqual([1, 2]);
  });

  test('sees members leave, and the more the less satisfied they are', async () => {
    const [few, many] = [await history({ leaves: 0, returnBias: 50 }, 6), await history({ leaves: 0.02, returnBias: -1 }, 6)];
    expect(few.told.gone).toBe(0);
    expect(many.told.gone).toBeGreaterThan(10);
    expect(many.told.sessions).toBeLessThan(0.8 * few.told.sessions);
  });
});

describe('pairs that were seen', () => {
  test('are found again as many as there are, and forgotten by item', () => {
    const pairs = createSeenPairs();
    for (let member = 0; member < 400; member++) for (let item = 0; item < 300; item++) { const slot = pairs.slot(member, item); pairs.times[slot] = (member + item) % 250; pairs.done[slot] = item; }
    expect(pairs.size).toBe(120_000);
    for (let member = 0; member < 400; member += 7) for (let item = 0; item < 300; item += 3) expect([pairs.times[pairs.slot(member, item)], pairs.done[pairs.slot(member, item)]]).toEqual([(member + item) % 250, item]);
    pairs.forget((item) => item >= 200);
    expect(pairs.size).toBe(40_000);
    expect([pairs.times[pairs.slot(3, 199)], pairs.times[pairs.slot(3, 200)]]).toEqual([0, 203]);
  });
});

test('what is popular is what was liked most and last, as sorting says', () => {
  const random = seededRandom(2);
  const count = 500;
  const heat = Float64Array.from({ length: count }, () => (random.next() < 0.3 ? 0 : Math.floor(random.next() * 40)));
  const publishedAt = Float64Array.from({ length: count }, () => START - random.next() * 4 * DAY);
  const into = { rows: new Int32Array(60), scores: new Float64Array(60) };
  expect(popular({ count, heat, publishedAt }, { from: 100, at: START }, into)).toBe(60);
  const score = (row: number): number => (heat[row] ?? 0) * 0.5 ** ((START - (publishedAt[row] ?? 0)) / DAY);
  const sorted = Array.from({ length: count }, (_, row) => row).filter((row) => row >= 100 && (heat[row] ?? 0) > 0).sort((a, b) => score(b) - score(a) || a - b);
  expect([...into.rows]).toEqual(sorted.slice(0, 60));
});
