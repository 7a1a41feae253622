import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/random.ts';
import { evaluate, hitsOf, METHODS, OURS, shareBelow } from '../../../../src/models/people/evaluate.ts';
import { auc } from '../../../../src/models/metrics.ts';
import { graphOf, pairsOf, tied } from '../../../../src/models/people/graph.ts';
import { addExamples, createExamples } from '../../../../src/models/people/examples.ts';
import { learn } from '../../../../src/models/people/learn.ts';
import { runPeople } from '../../../../src/models/people/run.ts';
import type { Task } from '../../../../src/models/people/split.ts';
import { createSurvey } from '../../../../src/models/people/survey.ts';
import { visit } from '../../../../src/models/people/visit.ts';
import { chanceGraph, communities, eventsOf, type Edge } from './made.ts';

describe('the first ten', () => {
  const others = Array.from({ length: 14 }, (_, i) => i);
  test('are counted by score', () => {
    expect(hitsOf({ scores: others, count: 14, rest: 0 }, [13, 5, 4, 3])).toBe(2 + 1);
  });
  test('share their last places among equals', () => {
    // Eight above, four equal for two places.
    const scores = others.map((i) => (i < 8 ? 9 : i < 12 ? 5 : 1));
    expect(hitsOf({ scores, count: 14, rest: 0 }, [5])).toBeCloseTo(0.5, 12);
    expect(hitsOf({ scores, count: 14, rest: 0 }, [9, 5, 1])).toBeCloseTo(1.5, 12);
  });
  test('have room for those without a score where few have one', () => {
    // Four scored, six places for thirty others.
    expect(hitsOf({ scores: [1, 1, 1, 1], count: 4, rest: 30 }, [1, Number.NaN])).toBeCloseTo(1 + 6 / 30, 12);
    expect(hitsOf({ scores: others, count: 14, rest: 30 }, [Number.NaN])).toBe(0);
  });
});

/** Ties of `edges` from `from` on are hidden. */
const taskWith = (edges: readonly Edge[], from: number): Task => {
  const pairs = pairsOf(eventsOf(edges));
  const later = new Set(edges.slice(from).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`));
  const hides = Uint8Array.from({ length: pairs.count }, (_, pair) => (later.has(`${pairs.low[pair] ?? 0}-${pairs.high[pair] ?? 0}`) ? 1 : 0));
  return { graph: graphOf(pairs, hides.map((own) => 1 - own)), hidden: graphOf(pairs, hides) };
};

const outcomesOf = (task: Task, seed = 1): ReturnType<typeof evaluate> => {
  const survey = createSurvey(task.graph, seededRandom(seed));
  const examples = createExamples(survey.features.length);
  const all = { task: 0, members: 1_000, strangers: 1_000, each: 5, onMember: () => undefined };
  addExamples(examples, { task, survey }, { ...all, random: seededRandom(seed) });
  return evaluate(task, { survey, learned: learn(survey.features, examples, seededRandom(seed)) }, { ...all, random: seededRandom(seed) });
};

test('the known scores find what a look by hand finds', () => {
  // 0 knows 1, 2 and 3; 4 knows all three, 5 two, 6 one and eleven others: 0 has fourteen candidates. Hidden: 0-4, and 0-7 of those eleven.
  const tail = Array.from({ length: 11 }, (_, i): Edge => [6, 7 + i]);
  const known: Edge[] = [[0, 1], [0, 2], [0, 3], [4, 1], [4, 2], [4, 3], [5, 1], [5, 2], [6, 3], ...tail];
  const { outcomes, memberOf } = outcomesOf(taskWith([...known, [0, 4], [0, 7]], known.length));
  // Members stand in a chance order; 0 is the one with two hidden ties.
  const zero = [0, 1, 2].find((place) => memberOf.filter((own) => own === place).length === 2) ?? -1;
  const recall = (method: string): number | undefined => outcomes.find((one) => one.method === method)?.recalls[zero];
  // 4, 5 and 6 have common neighbours with 0; eleven others share the seven places that are left.
  expect(recall('common neighbours')).toBeCloseTo((1 + 7 / 11) / 2, 12);
  expect(recall('Adamic-Adar')).toBeCloseTo((1 + 7 / 11) / 2, 12);
  // By degree 6, 4 and 5 come first too.
  expect(recall('preferential attachment')).toBeCloseTo((1 + 7 / 11) / 2, 12);
});

test('the share of strangers below a hidden tie is its chance to win, equals counted half', () => {
  const strangers = Float64Array.of(1, 2, 2, 4);
  expect([0, 1, 2, 3, 5].map((score) => shareBelow(strangers, score))).toEqual([0, 0.125, 0.5, 0.75, 1]);
  const random = seededRandom(1);
  const draw = (count: number): Float64Array => Float64Array.from({ length: count }, () => Math.floor(random.next() * 8));
  const [hidden, strange] = [draw(40), draw(60).sort()];
  const mean = hidden.reduce((sum, score) => sum + shareBelow(strange, score) / hidden.length, 0);
  expect(mean).toBeCloseTo(auc([...hidden, ...strange], [...hidden.map(() => 1), ...strange.map(() => 0)]), 12);
});

describe('on a graph by chance', () => {
  const edges = chanceGraph(40, 0.25, 3);
  const task = taskWith(edges, edges.length - 30);
  const survey = createSurvey(task.graph, seededRandom(1));

  test('recall of every known score is what ranking all candidates gives', () => {
    const { outcomes } = outcomesOf(task);
    for (const { method, recalls } of outcomes) {
      if (method === OURS) continue;
      const plain: number[] = [];
      visit(survey, [...task.hidden.present], (member) => {
        const score = survey.scores[method];
        const all = [...task.graph.present].filter((other) => other !== member && !tied(task.graph, member, other));
        const sought = [...task.hidden.data.subarray(task.hidden.from(member), task.hidden.to(member))];
        const hits = sought.map((other) => {
          const above = all.filter((one) => score(one) > score(other)).length;
          const equal = all.filter((one) => score(one) === score(other)).length;
          return Math.min(Math.max((10 - above) / equal, 0), 1);
        });
        plain.push(hits.reduce((a, b) => a + b, 0) / sought.length);
      });
      const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);
      expect(sum(recalls), method).toBeCloseTo(sum(plain), 9);
    }
  });

  test('every method answers about the same members and pairs', () => {
    const { outcomes, memberOf, hiddenTies, tested } = outcomesOf(task);
    expect(outcomes.map(({ method }) => method)).toEqual(METHODS);
    for (const { recalls, wins } of outcomes) {
      expect([recalls.length, wins.length]).toEqual([tested, hiddenTies]);
      for (const share of [...recalls, ...wins]) expect(share >= 0 && share <= 1).toBe(true);
    }
    expect(memberOf).toHaveLength(hiddenTies);
  });

  test('candidates are neither the member nor its neighbours, each once', () => {
    visit(survey, [...task.graph.present], (member) => {
      const candidates = [...survey.candidates.members.subarray(0, survey.candidates.count)];
      expect(new Set(candidates).size).toBe(candidates.length);
      expect(candidates.filter((other) => other === member || tied(task.graph, member, other))).toEqual([]);
    });
  });
});

describe('on communities', () => {
  const run = runPeople(eventsOf(communities(24, 20, 5)), { seed: 1, random: seededRandom(1), onProgress: () => undefined });
  const figures = Object.fromEntries(run.figures.map((one) => [one.method, one]));

  test('what is learned knows better than degrees, and common neighbours do too', () => {
    for (const metric of ['recall@10', 'auc'] as const) {
      const degrees = figures['preferential attachment']?.[metric] ?? 1;
      expect(figures[OURS]?.[metric]).toBeGreaterThan(degrees + 0.2);
      expect(figures['Adamic-Adar']?.[metric]).toBeGreaterThan(degrees + 0.2);
    }
    expect(run.differences.find(({ minus, metric }) => minus === 'preferential attachment' && metric === 'auc')?.low).toBeGreaterThan(0);
  });

  test('the same seed gives the same figures', () => {
    const again = runPeople(eventsOf(communities(24, 20, 5)), { seed: 1, random: seededRandom(1), onProgress: () => undefined });
    expect(again.figures).toEqual(run.figures);
    expect(again.differences).toEqual(run.differences);
  });
});
