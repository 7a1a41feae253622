import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/random.ts';
import { fitTrees, treesScore, type TreeRows } from '../../../../src/models/people/trees.ts';
import { createTop } from '../../../../src/models/people/top.ts';
import { auc } from '../../../../src/models/metrics.ts';

const OPTIONS = { directions: [0, 0, 0], trees: 40, depth: 3, rate: 0.2, ridge: 1, leafMin: 1, featureShare: 1 } as const;

/** Three features: happens where the first two disagree about the middle, which no sum of them can say; the third says nothing. */
const disagreement = (count: number, seed: number): TreeRows => {
  const random = seededRandom(seed);
  const values = Float32Array.from({ length: count * 3 }, () => random.next());
  return { width: 3, count, values, labels: Uint8Array.from({ length: count }, (_, row) => (((values[row * 3] ?? 0) > 0.5) !== ((values[row * 3 + 1] ?? 0) > 0.5) ? 1 : 0)) };
};
const scoresOf = (trees: ReturnType<typeof fitTrees>, { values, count, width }: TreeRows): Float64Array => Float64Array.from({ length: count }, (_, row) => treesScore(trees, values, row * width));

describe('boosted trees', () => {
  test('learn what two features say only together, of rows they have not seen', () => {
    const trees = fitTrees(disagreement(2_000, 1), { ...OPTIONS, random: seededRandom(1) });
    const unseen = disagreement(500, 2);
    expect(auc(scoresOf(trees, unseen), unseen.labels)).toBeGreaterThan(0.98);
    expect(trees.gains[2]).toBeLessThan(0.05 * ((trees.gains[0] ?? 0) + (trees.gains[1] ?? 0)));
  });

  test('mean what they say: predicted chances add up to what happened', () => {
    const rows = disagreement(2_000, 3);
    const noisy: TreeRows = { ...rows, labels: rows.labels.map((label, row) => (row % 4 === 0 ? 1 - label : label)) };
    const scores = scoresOf(fitTrees(noisy, { ...OPTIONS, random: seededRandom(1) }), noisy);
    const predicted = scores.reduce((sum, score) => sum + 1 / (1 + Math.exp(-score)), 0);
    expect(predicted / noisy.labels.reduce((sum, label) => sum + label, 0)).toBeCloseTo(1, 1);
  });

  test.each([1, -1] as const)('never turn against a declared direction (%i)', (direction) => {
    const random = seededRandom(5);
    const values = Float32Array.from({ length: 1_500 * 2 }, () => random.next());
    // Truth and chance pull both ways.
    const labels = Uint8Array.from({ length: 1_500 }, (_, row) => (random.next() < 0.3 + 0.4 * Math.sin(9 * (values[row * 2] ?? 0)) * (values[row * 2 + 1] ?? 0) ? 1 : 0));
    const trees = fitTrees({ width: 2, count: 1_500, values, labels }, { ...OPTIONS, directions: [direction, 0], depth: 4, random });
    for (let second = 0; second < 1; second += 0.05) {
      let before = Number.NEGATIVE_INFINITY;
      for (let first = 0; first < 1; first += 0.01) {
        const score = direction * treesScore(trees, Float32Array.of(direction === 1 ? first : 1 - first, second), 0) * direction;
        expect(score).toBeGreaterThanOrEqual(before - 1e-9);
        before = score;
      }
    }
  });

  test('are the same again from the same seed, and say the base rate where nothing can be told', () => {
    const rows = disagreement(300, 6);
    const [a, b] = [1, 1].map((seed) => fitTrees(rows, { ...OPTIONS, featureShare: 0.5, random: seededRandom(seed) }));
    expect(a).toEqual(b);
    const constant: TreeRows = { width: 1, count: 100, values: new Float32Array(100), labels: Uint8Array.from({ length: 100 }, (_, row) => (row < 20 ? 1 : 0)) };
    expect(treesScore(fitTrees(constant, { ...OPTIONS, directions: [0], random: seededRandom(1) }), constant.values, 0)).toBeCloseTo(Math.log(0.25), 1);
  });
});

describe('the highest of many', () => {
  test('are those that sorting gives, best first', () => {
    const random = seededRandom(8);
    for (let round = 0; round < 20; round++) {
      const values = Array.from({ length: Math.floor(random.next() * 60) }, () => Math.floor(random.next() * 20));
      const top = createTop(10);
      values.forEach((value, member) => { top.offer(value, member); });
      top.sort();
      const sorted = values.toSorted((a, b) => b - a).slice(0, 10);
      expect(Array.from(top.values.subarray(0, top.count))).toEqual(sorted);
      expect(Array.from(top.members.subarray(0, top.count), (member) => values[member])).toEqual(sorted);
    }
  });
});
