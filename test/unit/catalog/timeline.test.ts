import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTimeline } from '../../../src/catalog/timeline.ts';
import { createSpace } from '../../../src/memory/space.ts';
import { entityDeletedRecord, entityRecord } from '../../../src/catalog/validate.ts';
import { manualClock } from '../../../src/core/clock.ts';
import type { Millis } from '../../../src/core/ids.ts';
import { createMemoryLog } from '../../../src/log/memory.ts';
import type { LogRecord } from '../../../src/log/port.ts';
import { openState } from '../../../src/platform/state.ts';

const NOW = Date.parse('2026-05-04T09:00:00Z') as Millis;
const ITEMS = 12;

type Step = { readonly does: 'put' | 'remove'; readonly item: number; readonly at: number } | { readonly does: 'settle' };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constantFrom('put' as const, 'put' as const, 'remove' as const), item: fc.nat(ITEMS - 1), at: fc.nat(9) }),
  fc.constant({ does: 'settle' as const }),
);

test('every list stands in the order of time after each settling, whatever was put, dated otherwise and removed', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
    const columns = { createdAt: new Float64Array(ITEMS), kind: Uint8Array.from({ length: ITEMS }, (_kind, item) => item % 3) };
    const timeline = openTimeline(createSpace(), { columns });
    const alive = new Set<number>();
    const plain = (keeps: (item: number) => boolean): number[] => [...alive].filter(keeps).sort((a, b) => (columns.createdAt[a] ?? 0) - (columns.createdAt[b] ?? 0) || a - b);
    for (const one of [...steps, { does: 'settle' as const }]) {
      if (one.does === 'settle') {
        timeline.settle();
        expect([...timeline.lists.values(0)]).toEqual(plain(() => true));
        for (const kind of [0, 1, 2]) expect([...timeline.lists.values(1 + kind)]).toEqual(plain((item) => columns.kind[item] === kind));
      } else if (one.does === 'remove') {
        if (alive.delete(one.item)) timeline.remove(one.item);
      } else {
        if (alive.has(one.item)) timeline.takeOut(one.item);
        columns.createdAt[one.item] = one.at;
        alive.add(one.item);
        timeline.add(one.item);
      }
      expect(timeline.size()).toBe(alive.size);
    }
  }), { seed: 3, numRuns: 200 });
});

test('an item that is edited and keeps its date moves nothing', async () => {
  let ids = 0;
  const put = (id: string, title: string, createdAt: number): LogRecord => entityRecord({ kind: 'article', id, createdAt: new Date(createdAt).toISOString(), attributes: { title } }, { now: NOW, recordId: `r${ids++}` });
  const log = createMemoryLog({ partitions: 1, clock: manualClock(NOW) });
  const { catalog, apply } = openState(createSpace());
  let next = 0;
  const write = async (...records: readonly LogRecord[]): Promise<readonly string[]> => {
    await log.append(0, records);
    for await (const block of log.read([{ partition: 0, sequence: next }])) { apply(block); next = (block.records.at(-1)?.sequence ?? 0) + 1; }
    return [...catalog.timeline.values(0)].map((number) => catalog.entities.name(number));
  };
  expect(await write(put('a', 'Bridges', NOW - 3000), put('b', 'Dams', NOW - 2000))).toEqual(['article:a', 'article:b']);
  const block = catalog.timeline.view.head[0];
  expect(await write(put('a', 'Bridges and dams', NOW - 3000))).toEqual(['article:a', 'article:b']);
  expect(catalog.timeline.view.head[0]).toBe(block);
  expect(catalog.nameOf(catalog.find('article:a'))).toBe('Bridges and dams');
  expect(await write(put('a', 'Bridges', NOW - 1000))).toEqual(['article:b', 'article:a']);
  expect(await write(entityDeletedRecord('article:b', { now: NOW, recordId: 'gone' }))).toEqual(['article:a']);
});
