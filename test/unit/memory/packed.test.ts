import { expect, test } from 'vitest';
import { attachSpace, createSpace } from '../../../src/memory/space.ts';
import { openPacked } from '../../../src/memory/structures.ts';

const SCHEMA = { at: 'f64', weight: 'f32', people: 'u32', first: 'i32' } as const;

test('a row of numbers side by side keeps each apart, grows, and is read by others', () => {
  const space = createSpace();
  const rows = openPacked(space, 'rows', SCHEMA);
  const reader = attachSpace(space.share());
  const seen = openPacked(reader, 'rows', SCHEMA);
  // 8 + 4 + 4 + 4 bytes, in whole doubles.
  expect(rows.words).toBe(6);
  for (const row of [0, 1, 1023, 1024, 5000]) {
    rows.ensure(row);
    const at = row * rows.words;
    rows.columns.at[at >> 1] = 1e12 + row;
    rows.columns.weight[at] = 0.5;
    rows.columns.people[at] = 4_000_000_000;
    rows.columns.first[at] = -row;
  }
  reader.refresh();
  for (const row of [0, 1, 1023, 1024, 5000]) {
    const at = row * seen.words;
    expect([seen.columns.at[at >> 1], seen.columns.weight[at], seen.columns.people[at], seen.columns.first[at]]).toEqual([1e12 + row, 0.5, 4_000_000_000, 0 - row]);
  }
  expect([seen.columns.weight[2 * seen.words], seen.columns.people[4999 * seen.words]]).toEqual([0, 0]);
});
