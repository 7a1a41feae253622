/** Small data that tests make themselves. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SequenceData, SequenceScorer } from '../../../../src/models/sequences/data.ts';

/** A file in a folder of its own. */
export const fileWith = (content: string | Buffer, name = 'sequences.txt'): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'throughline-sequences-')), name);
  writeFileSync(file, content);
  return file;
};

/** Sequences written out: one list of items a member, and times beside them where there are some. */
export const sequences = (items: readonly (readonly number[])[], seconds?: readonly (readonly number[])[]): SequenceData => {
  const flat = items.flat();
  const count = Math.max(...flat) + 1;
  return {
    members: items.length, items: count,
    starts: Int32Array.from([0, ...items.map((_, m) => items.slice(0, m + 1).flat().length)]),
    item: Int32Array.from(flat),
    ...(seconds === undefined ? {} : { seconds: Float64Array.from(seconds.flat()) }),
    memberNames: items.map((_, m) => `m${m}`), itemNames: Array.from({ length: count }, (_, i) => `i${i}`),
  };
};

/** Says of every member the same scores, or those of a function of the member. */
export const saying = (scores: (member: number) => readonly number[]): SequenceScorer => ({
  name: 'saying',
  score: (data, { members }, out) => { members.forEach((member, row) => { out.set(scores(member), row * data.items); }); },
});

/** Sequences in which each item is followed by the next one round a ring: what neighbours and sequence models can learn. */
export const ring = (shape: { readonly members: number; readonly items: number; readonly length: number }): readonly (readonly number[])[] =>
  Array.from({ length: shape.members }, (_, m) => Array.from({ length: shape.length }, (_, e) => (m * 7 + e) % shape.items));
