import { describe, expect, test } from 'vitest';
import { seededRandom, type Random } from '../../../src/core/random.ts';
import { pairsThatMaySwap } from '../../../src/feed/re-rankers/explore.ts';
import { brokenAt, type ListRules } from '../../../src/feed/re-rankers/rules.ts';

const RULES: ListRules = { version: 'test', makerApart: 2, inARow: 2, kindApart: [0, 0, 3, 4] };
const KINDS = 1;
const ROW = 2;
const MAKERS = 4;

interface List { readonly kind: Int32Array; readonly maker: Int32Array; readonly size: number }
const listOf = (...cards: readonly (readonly [kind: number, maker: number])[]): List => ({ kind: Int32Array.from(cards, ([kind]) => kind), maker: Int32Array.from(cards, ([, maker]) => maker), size: cards.length });
const draw = (random: Random, { size, kinds, makers }: { readonly size: number; readonly kinds: number; readonly makers: number }): List =>
  listOf(...Array.from({ length: size }, () => [Math.floor(random.next() ** 2 * kinds), Math.floor(random.next() * makers)] as const));

/** Said the other way round: pairs and runs of a whole list. */
const byPairs = ({ kind, maker, size }: List): number[] => {
  const broken = Array.from({ length: size }, () => 0);
  const mark = (places: readonly number[], rule: number): void => { for (const place of places) broken[place] = (broken[place] ?? 0) | rule; };
  for (let a = 0; a < size; a++) {
    for (let b = a + 1; b < size; b++) {
      if (maker[a] !== 0 && maker[a] === maker[b] && b - a <= RULES.makerApart) mark([a, b], MAKERS);
      if (kind[a] === kind[b] && b - a <= (RULES.kindApart[kind[a] ?? 0] ?? 0)) mark([a, b], KINDS);
    }
    const run = Array.from({ length: RULES.inARow + 1 }, (_, i) => a + i);
    if (run.every((place) => place < size && kind[place] === kind[a])) mark(run, ROW);
  }
  return broken;
};
const all = (list: List): number[] => Array.from({ length: list.size }, (_, place) => brokenAt(list, place, RULES));

describe('the rules of a list', () => {
  test('name what a place breaks with what stands above and below', () => {
    expect(all(listOf([0, 1], [1, 2], [0, 1]))).toEqual([MAKERS, 0, MAKERS]);
    expect(all(listOf([0, 1], [1, 2], [0, 3], [1, 1]))).toEqual([0, 0, 0, 0]);
    expect(all(listOf([0, 0], [0, 0], [0, 0], [1, 0]))).toEqual([ROW, ROW, ROW, 0]);
    expect(all(listOf([2, 0], [0, 0], [1, 0], [2, 0]))).toEqual([KINDS, 0, 0, KINDS]);
    expect(all(listOf([2, 0], [0, 0], [1, 0], [0, 0], [2, 0]))).toEqual([0, 0, 0, 0, 0]);
    expect(all(listOf())).toEqual([]);
  });

  test('are the same read place by place and pair by pair, in lists of all sorts', () => {
    const random = seededRandom(41);
    for (let n = 0; n < 3000; n++) {
      const list = draw(random, { size: 1 + Math.floor(random.next() * 24), kinds: 1 + (n % 4), makers: 1 + (n % 9) });
      expect(all(list)).toEqual(byPairs(list));
    }
  });
});

describe('two places that change items', () => {
  const pairsOf = (list: List, places: number): string[] => {
    const into = new Int32Array(places * (places - 1));
    const count = pairsThatMaySwap(list, places, { into, rules: RULES });
    return Array.from({ length: count }, (_, k) => `${into[2 * k]} ${into[2 * k + 1]}`);
  };
  const swapped = ({ kind, maker, size }: List, a: number, b: number): List => {
    const change = (column: Int32Array): Int32Array => { const copy = column.slice(); copy[a] = column[b] ?? 0; copy[b] = column[a] ?? 0; return copy; };
    return { kind: change(kind), maker: change(maker), size };
  };

  test('are every pair after which a list that kept its rules still keeps them, and no other', () => {
    const random = seededRandom(42);
    let lists = 0;
    let [allowed, refused] = [0, 0];
    while (lists < 150) {
      const list = draw(random, { size: 14, kinds: 4, makers: 30 });
      if (all(list).some((broken) => broken !== 0)) continue;
      lists++;
      const wanted: string[] = [];
      for (let a = 0; a < 10; a++) for (let b = a + 1; b < 10; b++) { if (all(swapped(list, a, b)).every((broken) => broken === 0)) wanted.push(`${a} ${b}`); else refused++; }
      allowed += wanted.length;
      expect(pairsOf(list, 10)).toEqual(wanted);
    }
    expect(allowed).toBeGreaterThan(1000);
    expect(refused).toBeGreaterThan(1000);
  });

  test('may be any where one kind alone breaks the same rule everywhere, and leave the list as it was', () => {
    const list = listOf(...Array.from({ length: 12 }, (_, n) => [0, n + 1] as const));
    const before = { kind: list.kind.slice(), maker: list.maker.slice() };
    expect(pairsOf(list, 8)).toHaveLength(28);
    expect({ kind: list.kind, maker: list.maker }).toEqual(before);
  });
});
