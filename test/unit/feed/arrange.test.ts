import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createArranger, RULES_KEPT, type Diversity } from '../../../src/feed/re-rankers/arrange.ts';
import type { ListRules } from '../../../src/feed/re-rankers/rules.ts';

const KINDS = 4;
const RULES: ListRules = { version: 'test', makerApart: 2, inARow: 2, kindApart: [0, 0, 3, 4] };
const ALIKE_BY_TOPIC = (topics: readonly number[]): Diversity => ({ strength: 0.5, likeness: (one, other) => Number(topics[one] === topics[other]) });
const INDIFFERENT: Diversity = { strength: 0, likeness: () => 0 };

interface Item { readonly kind: number; readonly maker: number; readonly topic: number; readonly value: number }
const item = fc.record({ kind: fc.nat(KINDS - 1), maker: fc.nat(5), topic: fc.nat(3), value: fc.double({ min: -1, max: 3, noNaN: true }) });

const arranger = createArranger({ capacity: 256, kinds: KINDS });
const arranged = (items: readonly Item[], diversity: Diversity = INDIFFERENT): readonly number[] => {
  const order = Int32Array.from(items.keys()).sort((a, b) => (items[b]?.value ?? 0) - (items[a]?.value ?? 0) || a - b);
  arranger.arrange({ size: items.length, order, value: items.map(({ value }) => value), kind: items.map(({ kind }) => kind), maker: items.map(({ maker }) => maker) }, RULES, diversity);
  return [...order];
};

/** By the words of the rules, slowly: how many of them an item would keep at the end of these. */
const keeps = (items: readonly Item[], above: readonly number[], c: number): number => {
  const own = items[c];
  const last = (n: number): readonly (Item | undefined)[] => above.slice(Math.max(0, above.length - n)).map((at) => items[at]);
  if (own === undefined) return RULES_KEPT.none;
  if (own.maker !== 0 && last(RULES.makerApart).some((other) => other?.maker === own.maker)) return RULES_KEPT.none;
  if (above.length >= RULES.inARow && last(RULES.inARow).every((other) => other?.kind === own.kind)) return RULES_KEPT.makersAlone;
  return last(RULES.kindApart[own.kind] ?? 0).some((other) => other?.kind === own.kind) ? RULES_KEPT.withoutKindApart : RULES_KEPT.all;
};

const lists = fc.array(item, { maxLength: 120 });

describe('an arranged list', () => {
  test.each([['by value alone', INDIFFERENT], ['by likeness too', undefined]] as const)('loses nothing, repeats nothing, and breaks no rule that any item left would have kept, %s', (_, given) => {
    fc.assert(fc.property(lists, (items) => {
      const order = arranged(items, given ?? ALIKE_BY_TOPIC(items.map(({ topic }) => topic)));
      expect(new Set(order).size).toBe(items.length);
      order.forEach((c, place) => {
        const above = order.slice(0, place);
        const most = order.slice(place).reduce((best, other) => Math.max(best, keeps(items, above, other)), 0);
        expect(keeps(items, above, c)).toBe(most);
      });
    }), { seed: 5, numRuns: 300 });
  });

  test('takes at each place the best of those that keep the rules, where likeness is left out', () => {
    fc.assert(fc.property(lists, (items) => {
      const order = arranged(items);
      order.forEach((c, place) => {
        const above = order.slice(0, place);
        const own = keeps(items, above, c);
        const better = order.slice(place).find((other) => keeps(items, above, other) === own && ((items[other]?.value ?? 0) > (items[c]?.value ?? 0) || (items[other]?.value === items[c]?.value && other < c)));
        expect(better).toBeUndefined();
      });
    }), { seed: 6, numRuns: 300 });
  });

  test('does not put what is alike together where something as good is not', () => {
    // Four about one topic, then four hardly worse about another: by value they would stand in two heaps. What follows is far worse.
    const items: readonly Item[] = Array.from({ length: 12 }, (_, c) => ({ kind: 0, maker: 0, topic: Math.floor(c / 4), value: c < 8 ? 2 - 0.01 * c : 0 }));
    const topics = (order: readonly number[]): readonly number[] => order.slice(0, 6).map((c) => items[c]?.topic ?? 0);
    expect(topics(arranged(items))).toEqual([0, 0, 0, 0, 1, 1]);
    expect(topics(arranged(items, ALIKE_BY_TOPIC(items.map(({ topic }) => topic))))).toEqual([0, 1, 0, 1, 0, 1]);
  });

  test('is the same for the same list', () => {
    fc.assert(fc.property(lists, (items) => {
      const diversity = ALIKE_BY_TOPIC(items.map(({ topic }) => topic));
      expect(arranged(items, diversity)).toEqual(arranged(items, diversity));
    }), { seed: 7, numRuns: 50 });
  });
});

test('a list that holds some of the candidates alone does not remember the lists before it', () => {
  fc.assert(fc.property(lists, fc.array(fc.nat(119), { minLength: 40, maxLength: 60 }), (items, chosen) => {
    const some = [...new Set(chosen)].filter((c) => c < items.length);
    const of = (one: ReturnType<typeof createArranger>): readonly number[] => {
      const order = Int32Array.from(some).sort((a, b) => (items[b]?.value ?? 0) - (items[a]?.value ?? 0) || a - b);
      one.arrange({ size: order.length, order, value: items.map(({ value }) => value), kind: items.map(({ kind }) => kind), maker: items.map(({ maker }) => maker) }, RULES, ALIKE_BY_TOPIC(items.map(({ topic }) => topic)));
      return [...order];
    };
    arranged(items, ALIKE_BY_TOPIC(items.map(({ topic }) => topic)));
    expect(of(arranger)).toEqual(of(createArranger({ capacity: 256, kinds: KINDS })));
  }), { seed: 5, numRuns: 200 });
});
