/** Judges ways of scoring by hidden ties that they were not learned from. */
import type { Examples } from './examples.ts';

/** A regression on all features, trees, or one known score alone by the name of its feature. */
export type Way = string;

/** What one or more ways say of every row, in the mean, with so many trees. */
export interface Scores { readonly ways: readonly Way[]; readonly trees: number; readonly list: Float64Array; readonly pair: Float64Array }
export interface Judged { readonly ways: readonly Way[]; readonly trees: number; readonly recall: number; readonly auc: number }
export interface Choice { readonly ways: readonly Way[]; readonly trees: number; readonly judged: readonly Judged[] }

const FIRST = 10;

/** Mean over members of the share of their hidden ties among the first ten of their candidates. */
export const recallOf = ({ list, groups }: Examples, scores: Float64Array): number => {
  const [labels, of] = [list.labels(), list.groups()];
  let [sum, members] = [0, 0];
  for (const group of groups) if (group.sought > 0) members++;
  for (let from = 0, to = 0; from < scores.length; from = to) {
    while (to < scores.length && of[to] === of[from]) to++;
    const sorted = scores.slice(from, to).sort();
    const last = sorted[sorted.length - FIRST] ?? Number.NEGATIVE_INFINITY;
    let [hits, above, equal, equalHits] = [0, 0, 0, 0];
    for (let row = from; row < to; row++) {
      const score = scores[row] ?? 0;
      if (score > last) { above++; hits += labels[row] ?? 0; } else if (score === last) { equal++; equalHits += labels[row] ?? 0; }
    }
    sum += (hits + (equal > 0 ? equalHits * Math.min(1, (FIRST - above) / equal) : 0)) / Math.max(groups[of[from] ?? 0]?.sought ?? 1, 1);
  }
  return sum / Math.max(members, 1);
};

/** How often a tie comes before a pair of strangers of the same task. */
export const aucOf = ({ pair, groups }: Examples, scores: Float64Array): number => {
  const [labels, of] = [pair.labels(), pair.groups()];
  const order = Int32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  const tasks = 1 + groups.reduce((most, { task }) => Math.max(most, task), 0);
  const [below, wins, ties] = [new Float64Array(tasks), new Float64Array(tasks), new Float64Array(tasks)];
  const taskOf = (row: number): number => groups[of[row] ?? 0]?.task ?? 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    const value = scores[order[from] ?? 0];
    const [own, strangers] = [new Float64Array(tasks), new Float64Array(tasks)];
    for (; to < order.length && scores[order[to] ?? 0] === value; to++) {
      const row = order[to] ?? 0;
      const task = taskOf(row);
      if (labels[row] === 1) own[task] = (own[task] ?? 0) + 1; else strangers[task] = (strangers[task] ?? 0) + 1;
    }
    for (let task = 0; task < tasks; task++) {
      wins[task] = (wins[task] ?? 0) + (own[task] ?? 0) * ((below[task] ?? 0) + (strangers[task] ?? 0) / 2);
      ties[task] = (ties[task] ?? 0) + (own[task] ?? 0);
      below[task] = (below[task] ?? 0) + (strangers[task] ?? 0);
    }
  }
  let [sum, all] = [0, 0];
  for (let task = 0; task < tasks; task++) if ((below[task] ?? 0) > 0) { sum += (wins[task] ?? 0) / (below[task] ?? 1); all += ties[task] ?? 0; }
  return all > 0 ? sum / all : 0.5;
};

/** Several ways together: the mean of what each says. */
export const together = (parts: readonly Scores[], trees: number): Scores => {
  const ways = parts.flatMap((part) => part.ways);
  const mean = (of: (part: Scores) => Float64Array): Float64Array => {
    const out = new Float64Array(parts[0] === undefined ? 0 : of(parts[0]).length);
    for (const part of parts) of(part).forEach((value, row) => { out[row] = (out[row] ?? 0) + (value * part.ways.length) / ways.length; });
    return out;
  };
  return { ways, trees, list: mean(({ list }) => list), pair: mean(({ pair }) => pair) };
};

const judge = (examples: Examples, { ways, trees, list, pair }: Scores): Judged => ({ ways, trees, recall: recallOf(examples, list), auc: aucOf(examples, pair) });

/** A tenth more ties found in lists is worth a tenth fewer lost against strangers. */
const worth = ({ recall, auc }: Judged): number => Math.log(recall + 0.01) - Math.log(1 - auc + 0.001);

/** Of what is learned alone, the best known score alone, and the two together, the one that finds most. */
export const choose = (examples: Examples, known: readonly Scores[], learned: readonly Scores[]): Choice => {
  const judgedKnown = known.map((one) => judge(examples, one));
  const best = known[judgedKnown.reduce((top, one, i) => (worth(one) > worth(judgedKnown[top] ?? one) ? i : top), 0)];
  const judged = [...judgedKnown, ...learned.flatMap((one) => [one, ...(best === undefined ? [] : [together([one, best], one.trees)])]).map((one) => judge(examples, one))];
  const { ways, trees } = judged.reduce((a, b) => (worth(b) > worth(a) ? b : a));
  return { ways, trees, judged };
};
