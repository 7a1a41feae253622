import { describe, expect, test } from 'vitest';
import type { SequenceData, Split } from '../../../../src/models/sequences/data.ts';
import type { Candidate } from '../../../../src/models/sequences/fit.ts';
import { buildNeighbours, lastItemNeighbours, recentNeighbours } from '../../../../src/models/sequences/neighbours.ts';
import { countItems, fadingPopularity, popularity, recentPopularity } from '../../../../src/models/sequences/popularity.ts';
import { metricsOf, rank, type Metrics } from '../../../../src/models/sequences/protocol.ts';
import { leaveOneOut, timeSplit } from '../../../../src/models/sequences/split.ts';
import { ring, sequences } from './made.ts';

const fit = (candidate: Candidate, data: SequenceData, split: Split): ReturnType<Candidate['fit']> => candidate.fit(data, split, { seed: 1, signal: new AbortController().signal, report: () => undefined });
const tested = async (candidate: Candidate, data: SequenceData, split: Split): Promise<Metrics> => metricsOf(await rank(await fit(candidate, data, split), { data, split }, { stage: 'test' }));

const scoresOf = async (candidate: Candidate, data: SequenceData, split: Split): Promise<number[]> => {
  const scorer = await fit(candidate, data, split);
  const out = new Float32Array(data.items);
  const member = split.test.findIndex((event) => event >= 0);
  const end = split.test[member] ?? 0;
  await scorer.score(data, { members: Int32Array.of(member), ends: Int32Array.of(end), ...(data.seconds === undefined ? {} : { seconds: Float64Array.of(data.seconds[end] ?? 0) }) }, out);
  return [...out];
};

test('popularity counts what may be learned from, and nothing of what is validated or tested', async () => {
  const data = sequences([[0, 1, 2, 3], [0, 1, 3, 2], [0, 0, 4, 5, 1]]);
  const { split } = leaveOneOut(data);
  expect(await scoresOf(popularity, data, split)).toEqual([4, 2, 0, 0, 1, 0]);
  expect([...countItems(data, split.trainEnds)]).toEqual([4, 2, 0, 0, 1, 0]);
});

describe('neighbours', () => {
  const data = sequences([[0, 1, 2], [0, 2, 1], [0, 1]]);
  const row = (item: number, settings: Parameters<typeof buildNeighbours>[2]): Readonly<Record<number, number>> => {
    const { starts, items, weights } = buildNeighbours(data, data.starts.slice(1), settings);
    return Object.fromEntries(Array.from({ length: (starts[item + 1] ?? 0) - (starts[item] ?? 0) }, (_, k) => [items[(starts[item] ?? 0) + k], weights[(starts[item] ?? 0) + k]]));
  };
  test('weigh by how often and how near they follow', () => expect(row(0, { window: 2, before: 0, damping: 0 })).toEqual({ 1: 2.5, 2: 1.5 }));
  test('may count what came before', () => expect(row(1, { window: 1, before: 0.5, damping: 0 })).toEqual({ 0: 1, 2: 1.5 }));
  test('are damped by popularity', () => expect(row(0, { window: 1, before: 0, damping: 1 })).toEqual({ 1: expect.closeTo(2 / 3, 6), 2: 0.5 }));
  test('end where the part that may be learned from ends', () => {
    expect([...buildNeighbours(data, Int32Array.of(1, 4, 8), { window: 5, before: 1, damping: 0 }).items]).toEqual([1, 0]);
  });

  test.each([['last', lastItemNeighbours], ['recent', recentNeighbours]] as const)('find what always follows (%s)', async (_, candidate) => {
    const made = sequences(ring({ members: 200, items: 40, length: 12 }));
    const { split } = leaveOneOut(made);
    expect((await tested(candidate, made, split))['hr@10']).toBe(1);
    expect((await tested(popularity, made, split))['hr@10']).toBeLessThan(0.6);
  });
});

describe('popularity of the last days', () => {
  const DAY = 86_400;
  /** Every eight days three other items are what everybody touches, half of the members eight days ahead; every third event is on an item of one's own. */
  const fashions = (): SequenceData => {
    const item = (m: number, e: number): number => (e % 3 === 1 ? 100 + m * 10 + e : 3 * Math.floor((e * 2 + m * 2 + (m % 2) * 8) / 8) + (m + e) % 3);
    const events = <Value>(of: (m: number, e: number) => Value): Value[][] => Array.from({ length: 60 }, (_, m) => Array.from({ length: 10 }, (_unused, e) => of(m, e)));
    return sequences(events(item), events((m, e) => (e * 2 + m * 2) * DAY));
  };

  test('follows the fashion where popularity of all time cannot, with days that validation chose', async () => {
    const data = fashions();
    const { split } = leaveOneOut(data);
    expect((await tested(recentPopularity, data, split)).mrr).toBeGreaterThan((await tested(popularity, data, split)).mrr);
    expect((await fit(recentPopularity, data, split)).card.chosen).toMatch(/^\d+ days?$/u);
  });

  test('sees nothing from the moment of the request on', async () => {
    const data = sequences([[0, 1, 2, 3], [4, 5, 6, 7, 1]], [[1, 2, 3, 4], [5, 6, 7, 8, 9]].map((list) => list.map((at) => at * DAY)));
    const scores = await scoresOf(recentPopularity, data, leaveOneOut(data).split);
    expect(scores.slice(4)).toEqual([0, 0, 0, 0]);
  });

  test.each([['counted', recentPopularity], ['fading', fadingPopularity]] as const)('by a split by time sees nothing from the cut-off on (%s)', async (_, candidate) => {
    const data = fashions();
    const made = timeSplit(data);
    if ('none' in made) throw new Error(made.none);
    const seen = await scoresOf(candidate, data, made.split);
    const known = made.split.candidates?.test ?? new Uint8Array(0);
    const floor = Math.min(...seen);
    expect(seen.flatMap((score, item) => (score > floor && known[item] !== 1 ? [item] : []))).toEqual([]);
    expect(seen.some((score) => score > floor)).toBe(true);
  });

  test('is not for files without times', () => {
    const data = sequences([[0, 1, 2]]);
    expect(recentPopularity.fits?.(data, leaveOneOut(data).split)).toBe(false);
  });
});
