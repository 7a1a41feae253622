import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { insertSponsored, orderByWorth, sponsoredRow, type AdRules, type TwoColumns } from '../../../src/feed/objectives/insert.ts';

const RULES: AdRules = { version: 'test', topSlot: 1, minGap: 3, most: 5, hideCeiling: 0.1 };

/** The tenth place is looked at as much as those below it. */
const ATTENTION = Array.from({ length: 10 }, (_, slot) => 1 / (slot + 1));

interface Ad { readonly utility: number; readonly revenue: number; readonly hide: number }
const columnsOf = (organic: readonly number[], ads: readonly Ad[]): TwoColumns => ({
  organic, organicSize: organic.length, sponsoredSize: ads.length,
  utility: ads.map(({ utility }) => utility), revenue: ads.map(({ revenue }) => revenue), hide: ads.map(({ hide }) => hide),
});
const merged = (columns: TwoColumns, alpha: number, options: { readonly rules?: AdRules; readonly room?: number } = {}): readonly number[] => {
  const into = new Int32Array(options.room ?? columns.organicSize + columns.sponsoredSize);
  return [...into.subarray(0, insertSponsored(columns, { alpha, attention: ATTENTION, rules: options.rules ?? RULES }, into))];
};

const number = fc.double({ min: -1, max: 1, noNaN: true });
const ad = fc.record({ utility: number, revenue: fc.double({ min: 0, max: 2, noNaN: true }), hide: fc.double({ min: 0, max: 0.2, noNaN: true }) });
const rules = fc.record({ version: fc.constant('test'), topSlot: fc.nat(6), minGap: fc.integer({ min: 1, max: 6 }), most: fc.nat(8), hideCeiling: fc.constant(0.1) });
const alpha = fc.double({ min: 0, max: 5, noNaN: true });
const drawn = fc.record({ organic: fc.array(number, { maxLength: 40 }), ads: fc.array(ad, { maxLength: 12 }), rules, alpha, room: fc.nat(60) });

const slotsOf = (list: readonly number[]): readonly number[] => list.flatMap((code, slot) => (code < 0 ? [slot] : []));

describe('sponsored among organic', () => {
  test('breaks no rule, loses and repeats nothing, and keeps both orders', () => {
    fc.assert(fc.property(drawn, ({ organic, ads, rules: given, alpha: worth, room }) => {
      const list = merged(columnsOf(organic, ads), worth, { rules: given, room });
      const slots = slotsOf(list);
      expect(slots.length).toBeLessThanOrEqual(given.most);
      slots.forEach((slot, n) => { expect(slot).toBeGreaterThanOrEqual(n === 0 ? given.topSlot : (slots[n - 1] ?? 0) + given.minGap); });
      const ranks = slots.map((slot) => sponsoredRow(list[slot] ?? 0));
      expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b));
      for (const rank of ranks) expect(ads[rank]?.hide).toBeLessThanOrEqual(given.hideCeiling);
      expect(list.filter((code) => code >= 0)).toEqual(Array.from({ length: Math.min(organic.length, room - slots.length) }, (_, place) => place));
    }), { seed: 11, numRuns: 1000 });
  });

  test('lets an advertisement wait where it does not fit', () => {
    const into = new Int32Array(8);
    const columns = columnsOf([0, 0, 0, 0], [{ utility: 1, revenue: 0, hide: 0 }, { utility: 1, revenue: 0, hide: 0 }]);
    const slots = insertSponsored(columns, { alpha: 0, attention: ATTENTION, rules: { ...RULES, minGap: 1 }, fits: (row, slot, above) => row !== 0 || (slot === above && slot >= 2) }, into);
    expect([...into.subarray(0, slots)]).toEqual([0, 1, -1, -2, 2, 3]);
  });

  /** What a list is worth by a column of each kind, place by place as they are looked at. */
  const sum = (list: readonly number[], of: { organic(place: number): number; sponsored(row: number): number }): number =>
    list.reduce((total, code, slot) => total + (ATTENTION[Math.min(slot, ATTENTION.length - 1)] ?? 0) * (code >= 0 ? of.organic(code) : of.sponsored(sponsoredRow(code))), 0);

  test('earns no less where revenue is worth more, and is liked no more', () => {
    fc.assert(fc.property(drawn, alpha, ({ organic, ads, rules: given, alpha: worth, room }, more) => {
      const columns = columnsOf(organic, ads);
      const [less, greater] = [merged(columns, worth, { rules: given, room }), merged(columns, worth + more, { rules: given, room })];
      const earned = (list: readonly number[]): number => sum(list, { organic: () => 0, sponsored: (row) => ads[row]?.revenue ?? 0 });
      const liked = (list: readonly number[]): number => sum(list, { organic: (place) => organic[place] ?? 0, sponsored: (row) => ads[row]?.utility ?? 0 });
      expect(earned(greater)).toBeGreaterThanOrEqual(earned(less) - 1e-9);
      expect(liked(greater)).toBeLessThanOrEqual(liked(less) + 1e-9);
    }), { seed: 13, numRuns: 1000 });
  });

  test('is worth most of all lists that keep both orders and the rules, whatever order the organic column is in', () => {
    const small = fc.record({ organic: fc.array(number, { maxLength: 6 }), ads: fc.array(ad, { maxLength: 3 }), rules: fc.record({ version: fc.constant('test'), topSlot: fc.nat(2), minGap: fc.integer({ min: 1, max: 3 }), most: fc.nat(3), hideCeiling: fc.constant(0.1) }), alpha, room: fc.nat(8) });
    fc.assert(fc.property(small, ({ organic, ads, rules: given, alpha: worth, room }) => {
      const allowed = ads.flatMap(({ hide }, row) => (hide <= given.hideCeiling ? [row] : []));
      const every = (list: readonly number[], a: number): readonly (readonly number[])[] => {
        const places = list.filter((code) => code >= 0).length;
        if (list.length === room || places === organic.length) return [list];
        const last = list.findLastIndex((code) => code < 0);
        const row = allowed[a];
        const mayStand = row !== undefined && a < given.most && list.length >= given.topSlot && (last < 0 || list.length - last >= given.minGap);
        return [...every([...list, places], a), ...(mayStand ? every([...list, -1 - row], a + 1) : [])];
      };
      const value = (list: readonly number[]): number => sum(list, { organic: (place) => organic[place] ?? 0, sponsored: (row) => (ads[row]?.utility ?? 0) + worth * (ads[row]?.revenue ?? 0) });
      expect(value(merged(columnsOf(organic, ads), worth, { rules: given, room }))).toBeCloseTo(Math.max(...every([], 0).map(value)), 9);
    }), { seed: 14, numRuns: 1000 });
  });

  test('bars an advertisement whose prediction is no number', () => {
    expect(merged(columnsOf([0, 0, 0], [{ utility: 9, revenue: 9, hide: Number.NaN }]), 1)).toEqual([0, 1, 2]);
  });

  test('chooses in the order of worth at a multiplier, and in no other where it is given one', () => {
    const list = columnsOf([0, 0, 0, 0, 0], [{ utility: 0.1, revenue: 1, hide: 0 }, { utility: 0.3, revenue: 0, hide: 0 }, { utility: 0.3, revenue: 0, hide: 0 }, { utility: 0, revenue: 9, hide: 0 }]);
    const order = (alpha: number): Int32Array => { const into = new Int32Array(4); orderByWorth(list, alpha, into); return into; };
    expect([...order(0)]).toEqual([1, 2, 0, 3]);
    expect([...order(1)]).toEqual([3, 0, 1, 2]);
    expect(merged({ ...list, order: order(1) }, 1)).toEqual([0, -4, 1, 2, -1, 3, 4]);
  });
});
