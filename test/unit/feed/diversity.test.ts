import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FeedWork } from '../../../src/feed/candidates.ts';
import { diversify } from '../../../src/feed/re-rankers/diversity.ts';
import { ENTITY_KINDS } from '../../../src/core/registry.ts';

interface Item { readonly kind: number; readonly maker: number }

const APART: readonly number[] = ENTITY_KINDS.map((kind) => ({ job: 4, member: 5 } as Record<string, number>)[kind] ?? 0);

/** The plain twin: at each place, of the next 49 that are left the first that keeps its distance to those placed, else the very first. */
const plain = (items: readonly Item[]): number[] => {
  const left = [...items.keys()];
  const placed: number[] = [];
  const isClash = (c: number, back: number): boolean => {
    const [own, other] = [items[c], items[placed[placed.length - back] ?? -1]];
    if (own === undefined || other === undefined) return false;
    return (back <= (APART[own.kind] ?? 0) && own.kind === other.kind) || (back <= 2 && own.maker !== 0 && own.maker === other.maker);
  };
  while (left.length > 0) {
    const found = left.slice(0, 49).findIndex((c) => ![1, 2, 3, 4, 5].some((back) => isClash(c, back)));
    placed.push(...left.splice(Math.max(0, found), 1));
  }
  return placed;
};

const diversified = (items: readonly Item[]): number[] => {
  const order = Int32Array.from(items.keys());
  const columns = { kind: Uint8Array.from(items, ({ kind }) => kind), author: Int32Array.from(items, ({ maker }) => maker) };
  diversify({ candidates: { order, item: Int32Array.from(items.keys()), size: items.length }, views: { catalog: { items: { columns } } } } as unknown as FeedWork);
  return [...order];
};

test('keeps makers and kinds apart exactly as the rules read, and loses nothing', () => {
  const item = fc.record({ kind: fc.integer({ min: 0, max: ENTITY_KINDS.length - 1 }), maker: fc.integer({ min: 0, max: 6 }) });
  fc.assert(fc.property(fc.array(item, { maxLength: 200 }), (items) => { expect(diversified(items)).toEqual(plain(items)); }), { seed: 5, numRuns: 200 });
});
