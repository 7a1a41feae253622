import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { insertSponsored, orderByWorth, sponsoredRow, type AdRules, type TwoColumns } from '../../../src/feed/objectives/insert.ts';

const RULES: AdRules = { version: 'test', topSlot: 1, minGap: 3, most: 5, hideCeiling: 0.1 };

interface Ad { readonly utility: number; readonly revenue: number; readonly hide: number }
const columnsOf = (organic: readonly number[], ads: readonly Ad[]): TwoColumns => ({
  organic, organicSize: organic.length, sponsoredSize: ads.length,
  utility: ads.map(({ utility }) => utility), revenue: ads.map(({ revenue }) => revenue), hide: ads.map(({ hide }) => hide),
});
const merged = (columns: TwoColumns, alpha: number, options: { readonly rules?: AdRules; readonly room?: number } = {}): readonly number[] => {
  const into = new Int32Array(options.room ?? columns.organicSize + columns.sponsoredSize);
  return [...into.subarray(0, insertSponsored(columns, { alpha, rules: options.rules ?? RULES }, into))];
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
    const slots = insertSponsored(columns, { alpha: 0, rules: { ...RULES, minGap: 1 }, fits: (row, slot, above) => row !== 0 || (slot === above && slot >= 2) }, into);
    expect([...into.subarray(0, slots)]).toEqual([0, 1, -1, -2, 2, 3]);
  });

  test('moves no advertisement down when revenue is worth more, and so earns no less where places further up are looked at more', () => {
    fc.assert(fc.property(drawn, alpha, ({ organic, ads, rules: given, alpha: worth }, more) => {
      const list = columnsOf(organic, ads);
      const placeOf = (from: readonly number[]): ReadonlyMap<number, number> => new Map(from.map((code, slot) => [code, slot]));
      const [less, greater] = [placeOf(merged(list, worth, { rules: given, room: 30 })), placeOf(merged(list, worth + more, { rules: given, room: 30 }))];
      for (const [code, slot] of less) if (code < 0) expect(greater.get(code) ?? Infinity).toBeLessThanOrEqual(slot);
      const earned = (places: ReadonlyMap<number, number>): number => [...places].reduce((sum, [code, slot]) => sum + (code < 0 ? (ads[sponsoredRow(code)]?.revenue ?? 0) / (slot + 1) : 0), 0);
      expect(earned(greater)).toBeGreaterThanOrEqual(earned(less) - 1e-12);
    }), { seed: 13, numRuns: 1000 });
  });

  test('is the best list there is by utility and alpha times revenue, where columns are in that order and rules leave all free', () => {
    const free: AdRules = { version: 'test', topSlot: 0, minGap: 1, most: 9, hideCeiling: 1 };
    fc.assert(fc.property(fc.array(number, { minLength: 3, maxLength: 6 }), fc.array(ad, { maxLength: 4 }), alpha, (values, offers, worth) => {
      const organic = values.toSorted((a, b) => b - a);
      const ads = offers.toSorted((a, b) => b.utility + worth * b.revenue - a.utility - worth * a.revenue);
      const sum = (list: readonly number[]): number => list.slice(0, 3).reduce((total, code, slot) => total + (code >= 0 ? (organic[code] ?? 0) : (ads[sponsoredRow(code)]?.utility ?? 0) + worth * (ads[sponsoredRow(code)]?.revenue ?? 0)) / (slot + 1), 0);
      const every = (o: number, a: number, above: readonly number[]): readonly (readonly number[])[] => (above.length === 3 ? [above] : [...(o < organic.length ? every(o + 1, a, [...above, o]) : []), ...(a < ads.length ? every(o, a + 1, [...above, -1 - a]) : [])]);
      expect(sum(merged(columnsOf(organic, ads), worth, { rules: free, room: 3 }))).toBeCloseTo(Math.max(...every(0, 0, []).map(sum)), 9);
    }), { seed: 14, numRuns: 500 });
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
