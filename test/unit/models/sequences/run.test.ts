import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/random.ts';
import type { Candidate, FitOptions } from '../../../../src/models/sequences/fit.ts';
import { popularity, recentPopularity } from '../../../../src/models/sequences/popularity.ts';
import type { PublishedTable } from '../../../../src/models/sequences/recipe.ts';
import { createPurse, run, type RunEvent, type RunOptions, type SplitRun } from '../../../../src/models/sequences/run.ts';
import { leaveOneOut } from '../../../../src/models/sequences/split.ts';
import { givenText, otherProtocols, rowsJson, splitJson, splitText } from '../../../../src/models/sequences/table.ts';
import { ring, sequences } from './made.ts';

const data = sequences(ring({ members: 60, items: 30, length: 8 }));
const splits = [leaveOneOut(data)];

/** Knows the ring but for a share of members, which the seed draws. */
const knowing = (name: string, share: number, seen: FitOptions[] = []): Candidate => ({
  name, seeded: true, share: 1,
  fit: (_, __, options) => {
    seen.push(options);
    options.report({ type: 'epoch', epoch: 1 });
    const random = seededRandom(options.seed).fork(name);
    return Promise.resolve({
      name, card: { chosen: `epoch ${options.seed}`, validation: {}, parameters: 3, usesTime: true },
      score: (_data, { ends, members }, out) => { out.fill(0); members.forEach((_member, row) => { out[row * 30 + (((data.item[(ends[row] ?? 0) - 1] ?? 0) + (random.next() < share ? 1 : 20)) % 30)] = 1; }); },
    });
  },
});

const options = (over: Partial<RunOptions> = {}): RunOptions => ({
  candidates: [popularity, recentPopularity, knowing('twin', 0.5), knowing('ours', 0.9)], ours: 'ours', seeds: [1, 2, 3],
  signal: new AbortController().signal, report: () => undefined, now: () => 0, random: seededRandom(9), ...over,
});
const first = async (over: Partial<RunOptions> = {}): Promise<SplitRun> => {
  const [one] = await run(data, splits, options(over));
  if (one === undefined) throw new Error('there is one split');
  return one;
};

describe('a run', () => {
  test('fits every seed of what has chance in it, once what has none, and nothing that does not fit the data', async () => {
    const { models } = await first();
    expect(models.map(({ model, seeds }) => [model, seeds])).toEqual([['popularity', [1]], ['twin', [1, 2, 3]], ['ours', [1, 2, 3]]]);
  });

  test('gives mean, lowest and highest over seeds', async () => {
    const { rows, models } = await first();
    const values = models[1]?.metrics.map((one) => one['hr@10']) ?? [];
    expect(rows[1]?.['hr@10']).toEqual({ mean: expect.closeTo(values.reduce((a, b) => a + b) / 3, 12), low: Math.min(...values), high: Math.max(...values) });
    expect(Math.max(...values)).toBeGreaterThan(Math.min(...values));
  });

  test('compares ours with every other over the same members, and gives the same intervals again', async () => {
    const { differences } = await first();
    expect(differences.map(({ model, minus, metric }) => `${model} ${minus} ${metric}`)).toEqual(['ours popularity hr@10', 'ours popularity ndcg@10', 'ours twin hr@10', 'ours twin ndcg@10']);
    expect(differences[2]?.low).toBeGreaterThan(0);
    expect((await first()).differences).toEqual(differences);
  });

  test('tells what happens, with who it is about', async () => {
    const events: RunEvent[] = [];
    await first({ candidates: [knowing('ours', 1)], seeds: [4], report: (event) => { events.push(event); } });
    expect(events.map(({ type }) => type)).toEqual(['fit', 'progress', 'ranking', 'ranked']);
    expect(events[3]).toMatchObject({ model: 'ours', seed: 4, split: 'leave-one-out', metrics: { 'hr@10': 1 }, card: { chosen: 'epoch 4' } });
  });

  test('that is stopped in the midst of a fit leaves it out where another seed stands for the model, and shows it where none does', async () => {
    const stoppedIn = async (name: string, seed: number): Promise<SplitRun> => {
      const stop = new AbortController();
      const stopping = (of: string): Candidate => { const made = knowing(of, 0.9); return { ...made, fit: (...asked) => { if (of === name && asked[2].seed === seed) stop.abort(); return made.fit(...asked); } }; };
      return first({ candidates: [stopping('twin'), stopping('ours')], seeds: [1, 2], signal: stop.signal });
    };
    const seedsOf = ({ models, left }: SplitRun): unknown => [models.map(({ model, seeds }) => [model, seeds]), left];
    expect(seedsOf(await stoppedIn('twin', 2))).toEqual([[['twin', [1]], ['ours', [1]]], 2]);
    expect(seedsOf(await stoppedIn('twin', 1))).toEqual([[['twin', [1]]], 3]);
  });

  test('that is stopped keeps what is done, and says what is left', async () => {
    const controller = new AbortController();
    const stopping: Candidate = { ...knowing('ours', 1), fit: (...args) => { controller.abort(); return knowing('ours', 1).fit(...args); } };
    const { models, left } = await first({ candidates: [popularity, stopping], signal: controller.signal });
    expect(models.map(({ model, seeds }) => [model, seeds])).toEqual([['popularity', [1]], ['ours', [1]]]);
    expect(left).toBe(2);
  });

  test('closes what it fitted, even when ranking fails', async () => {
    let closed = 0;
    const failing: Candidate = { ...knowing('ours', 1), fit: async (...args) => ({ ...await knowing('ours', 1).fit(...args), score: (_, __, out) => { out.fill(Number.NaN); }, close: () => { closed++; } }) };
    await expect(first({ candidates: [failing], seeds: [1] })).rejects.toThrow(/ours|not numbers/u);
    expect(closed).toBe(1);
  });

  test('hands each fit its folder and its part of the budget', async () => {
    const seen: FitOptions[] = [];
    await first({ candidates: [knowing('twin', 1, seen), knowing('ours', 1, seen)], seeds: [1, 2], budgetSeconds: 100, folderOf: ({ split, model, seed }) => `${split}/${model}/${seed}` });
    expect(seen.map(({ budgetSeconds, folder, seed }) => [budgetSeconds, folder, seed])).toEqual([[25, 'leave-one-out/twin/1', 1], [100 / 3, 'leave-one-out/ours/1', 1], [50, 'leave-one-out/twin/2', 2], [100, 'leave-one-out/ours/2', 2]]);
  });
});

test('a budget is shared over what is still to come: what is left unused goes on, what is free takes from it', () => {
  let now = 0;
  const { take } = createPurse(100, [0, 1, 3, 1], () => now * 1000);
  expect(take(0)).toBeUndefined();
  now = 20;
  expect(take(1)).toBe(16);
  now = 26;
  expect(take(2)).toBe(55.5);
  now = 120;
  expect(take(3)).toBe(0);
  expect(createPurse(undefined, [1], () => 0).take(0)).toBeUndefined();
});

describe('the table', () => {
  const published: readonly PublishedTable[] = [
    { comparesWith: 'leave-one-out', protocol: 'the same', figures: [{ model: 'Elsewhere', 'hr@10': 0.1234, 'ndcg@10': 0.0567, source: 'A paper' }] },
    { comparesWith: 'global time split', protocol: 'by time', figures: [{ model: 'Later', 'hr@10': 0.2, 'ndcg@10': 0.1, source: 'A paper' }] },
    { protocol: 'a hundred others', figures: [{ model: 'Sampled', 'hr@10': 0.8, 'ndcg@10': 0.6, source: 'Another' }] },
  ];

  test('puts published figures of this protocol beside ours, and no others', async () => {
    const text = splitText(await first(), published);
    expect(text).toMatch(/^ {2}Elsewhere +\.1234 +\.0567 +A paper$/mu);
    expect(text).toMatch(/^ {2}ours \(t\) +\d?\.\d{4} \(\d?\.\d{4}–\d?\.\d{4}\)/mu);
    expect(text).toMatch(/minus twin +HR@10 \+\.\d{4} \[\+\.\d{4}, \+\.\d{4}\].*above zero/u);
    expect(text).not.toMatch(/Later|Sampled/u);
    expect(otherProtocols(published)).toMatch(/not comparable[\s\S]*a hundred others:[\s\S]*Sampled/u);
    expect(otherProtocols(published)).not.toContain('Elsewhere');
    expect(otherProtocols(published.slice(0, 2))).toBe('');
  });

  test('states the protocol and how ties count', async () => {
    const text = splitText(await first(), []).replaceAll('\n', ' ');
    expect(text).toContain('last event is tested');
    expect(text).toContain('half of those scored alike');
    expect(text).toContain('60 members tested');
  });

  test('tells of members whose order in the file decides', async () => {
    const one = await first();
    expect(splitText({ ...one, report: { ...one.report, tied: 7 } }, [])).toContain('For 7 of the 60 tested members');
    expect(splitText(one, [])).not.toContain('bears the time');
  });

  test('as JSON has one row a model with mean, low and high', async () => {
    const one = await first();
    const [row] = JSON.parse(JSON.stringify(rowsJson(one))) as readonly Record<string, unknown>[];
    expect(row).toMatchObject({ model: 'popularity', seeds: [1], 'hr@10': { mean: expect.any(Number), low: expect.any(Number), high: expect.any(Number) }, 'ndcg@10': { mean: expect.any(Number) } });
    expect(splitJson(one, published)).toMatchObject({ name: 'leave-one-out', tested: 60, published: [{ protocol: 'the same' }], rows: [{ model: 'popularity' }, { model: 'twin' }, { model: 'ours' }] });
  });

  test('shows what a frozen recipe gave', () => {
    const text = givenText([{ date: '2026-11-21', commit: 'abc', machine: 'two cores', seeds: [1, 2, 3], split: 'leave-one-out', rows: [{ model: 'ours', figures: { 'hr@10': { mean: 0.3, low: 0.29, high: 0.31 } } }] }], 'leave-one-out').join('\n');
    expect(text).toContain('2026-11-21, commit abc, two cores, seeds 1, 2, 3');
    expect(text).toContain('HR@10 .3000 (.2900–.3100)');
  });
});
