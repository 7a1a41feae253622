import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/random.ts';
import type { Split } from '../../../../src/models/sequences/data.ts';
import { overSeeds, pairedDifference } from '../../../../src/models/sequences/paired.ts';
import { askedMembers, metricsOf, rank, type Ranks } from '../../../../src/models/sequences/protocol.ts';
import { leaveOneOut } from '../../../../src/models/sequences/split.ts';
import { saying, sequences } from './made.ts';

/** One member who did 0, 1, 2, 3 in a catalogue of eight: 3 is tested, 0 to 2 are seen. */
const data = sequences([[0, 1, 2, 3], [4, 5, 6, 7]]);
const { split } = leaveOneOut(data);
const first = async (scores: readonly number[], within: Split = split): Promise<number | undefined> => (await rank(saying(() => scores), { data, split: within }, { stage: 'test' })).ranks[0];

describe('the rank of what came', () => {
  test('is one more than what scored higher', async () => expect(await first([0, 0, 0, 5, 9, 1, 7, 2])).toBe(3));
  test('does not count what the member had seen', async () => expect(await first([9, 9, 9, 5, 4, 1, 3, 2])).toBe(1));
  test('counts half of what scored alike', async () => expect(await first([0, 5, 0, 5, 5, 5, 5, 9])).toBe(1 + 1 + 1.5));
  test('of a model that knows nothing is the middle', async () => expect(await first([1, 1, 1, 1, 1, 1, 1, 1])).toBe(3));
  test('counts a seen item once, however often it was seen', async () => {
    const again = sequences([[0, 1, 0, 0, 2, 3], [4, 5, 6, 7]]);
    const { ranks } = await rank(saying(() => [9, 1, 9, 5, 7, 1, 1, 1]), { data: again, split: leaveOneOut(again).split }, { stage: 'test' });
    expect(ranks[0]).toBe(2);
  });
  test('is among the candidates of the split', async () => {
    const mask = Uint8Array.from([0, 1, 1, 1, 0, 1, 1, 0]);
    expect(await first([9, 9, 9, 5, 9, 1, 7, 9], { ...split, candidates: { validation: mask, test: mask } })).toBe(2);
  });
  test('takes infinite scores as scores', async () => expect(await first([0, 0, 0, 1, Infinity, -Infinity, 0, 0])).toBe(2));
  test('is refused where a score is not a number, the target\'s or another', async () => {
    await expect(first([0, 0, 0, Number.NaN, 0, 0, 0, 0])).rejects.toThrow(/saying gave \d+ scores that are not numbers/u);
    await expect(first([0, 0, 0, 1, Number.NaN, 0, 0, 0])).rejects.toThrow(/not numbers/u);
  });
});

test('members keep their own rows and ends over blocks, and validation asks before the validated event', async () => {
  const many = sequences(Array.from({ length: 600 }, (_, m) => [m % 7, (m + 1) % 7, (m + 2) % 7, (m + 3) % 7]));
  const asked: [number, number][] = [];
  const scorer = { name: 'last item plus one', score: (_: unknown, queries: { readonly members: Int32Array; readonly ends: Int32Array }, out: Float32Array): void => {
    out.fill(0);
    queries.members.forEach((member, row) => {
      const end = queries.ends[row] ?? 0;
      asked.push([member, end]);
      out[row * 7 + ((many.item[end - 1] ?? 0) + 1) % 7] = 1;
    });
  } };
  const { ranks, members } = await rank(scorer, { data: many, split: leaveOneOut(many).split }, { stage: 'validation' });
  expect(new Set(ranks)).toEqual(new Set([1]));
  expect([members.length, asked.length, asked[599]]).toEqual([600, 600, [599, 2398]]);
});

test('fewer members are asked by spreading over all', () => {
  const many = sequences(Array.from({ length: 10 }, () => [0, 1, 2]));
  expect([...askedMembers(leaveOneOut(many).split, { stage: 'test', membersMax: 5 })]).toEqual([0, 2, 4, 6, 8]);
});

const ranked = (...ranks: readonly number[]): Ranks => ({ members: Int32Array.from(ranks.keys()), ranks: Float64Array.from(ranks) });

test('metrics are those computed by hand', () => {
  const metrics = metricsOf(ranked(1, 3, 10.5, 60));
  expect(metrics['hr@10']).toBe(0.5);
  expect(metrics['ndcg@10']).toBeCloseTo((1 + 1 / 2) / 4, 12);
  expect(metrics['hr@50']).toBe(0.75);
  expect(metrics['ndcg@50']).toBeCloseTo((1 + 1 / 2 + 1 / Math.log2(11.5)) / 4, 12);
  expect(metrics['hr@200']).toBe(1);
  expect(metrics.mrr).toBeCloseTo((1 + 1 / 3 + 1 / 10.5 + 1 / 60) / 4, 12);
});

describe('two models over the same members', () => {
  test('differ by the mean of what each member gains, over the seeds of each', () => {
    const { mean } = pairedDifference('hr@10', { a: [ranked(1, 1, 20, 20), ranked(1, 20, 20, 20)], b: [ranked(20, 1, 20, 20)] }, seededRandom(1));
    expect(mean).toBeCloseTo((1 - 0.5) / 4, 12);
  });
  test('have an interval that a real difference leaves zero out of, and chance does not', () => {
    const random = seededRandom(3);
    const coin = (): Ranks => ranked(...Array.from({ length: 2000 }, () => (random.next() < 0.3 ? 1 : 99)));
    const worse = coin();
    const better: Ranks = { members: worse.members, ranks: worse.ranks.map((value) => (value === 99 && random.next() < 0.05 ? 1 : value)) };
    expect(pairedDifference('hr@10', { a: [better], b: [worse] }, seededRandom(1)).low).toBeGreaterThan(0);
    const chance = pairedDifference('hr@10', { a: [coin()], b: [coin()] }, seededRandom(1));
    expect(chance.low).toBeLessThan(0);
    expect(chance.high).toBeGreaterThan(0);
  });
  test('are not paired over different members', () => {
    expect(() => pairedDifference('mrr', { a: [ranked(1, 2)], b: [ranked(1, 2, 3)] }, seededRandom(1))).toThrow(/cannot be paired/u);
  });
});

test('over seeds there are a mean, a lowest and a highest', () => expect(overSeeds([3, 1, 2])).toEqual({ mean: 2, low: 1, high: 3 }));
