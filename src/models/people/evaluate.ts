/** Looks for hidden ties: how many stand among the first ten of a member's list, and how often one comes before a pair of strangers. */
import type { Random } from '../../core/random.ts';
import { learnedScore, type Learned } from './learn.ts';
import { KNOWN, WITHIN_TWO_STEPS, type KnownName, type Selected, type Survey } from './survey.ts';
import type { Task } from './split.ts';
import { createTop } from './top.ts';
import { drawn, neighboursOf, strangersOf, visit } from './visit.ts';

export const FIRST = 10;
export const OURS = 'people you may know';
export type Method = KnownName | typeof OURS;
export const METHODS: readonly Method[] = [OURS, ...KNOWN];

/** What one method did, in the same order of members and pairs for each. */
export interface Outcome {
  readonly method: Method;
  /** By tested member: share of the hidden ties among the first ten. */
  readonly recalls: Float64Array;
  /** By hidden tie of those members: share of the pairs of strangers that score less, equals counted half. */
  readonly wins: Float64Array;
}

export interface Evaluation {
  readonly outcomes: readonly Outcome[];
  /** The place among the tested of the member of each hidden tie in `wins`. */
  readonly memberOf: Int32Array;
  readonly tested: number;
  readonly hiddenTies: number;
  readonly strangers: number;
}

/** Scores of the first `count`, everyone else lower (`rest` of them, all alike). */
export interface Scored { readonly scores: ArrayLike<number>; readonly count: number; readonly rest: number }

const top = createTop(FIRST);

/**
 * How many of the sought stand among the first ten: where the tenth place is shared by equals, each has the same chance of it.
 * @param sought scores of those sought, NaN for those that have none
 */
export const hitsOf = ({ scores, count, rest }: Scored, sought: ArrayLike<number>): number => {
  top.clear();
  for (let i = 0; i < count; i++) top.offer(scores[i] ?? 0, i);
  const full = top.count === FIRST;
  const last = full ? top.values[0] ?? 0 : Number.NEGATIVE_INFINITY;
  let [above, equal] = [0, 0];
  for (let i = 0; i < count; i++) { const score = scores[i] ?? 0; if (score > last) above++; else if (score === last) equal++; }
  const chance = full ? (FIRST - above) / equal : Math.min(1, (FIRST - above) / Math.max(rest, 1));
  let hits = 0;
  for (let i = 0; i < sought.length; i++) {
    const score = sought[i] ?? Number.NaN;
    if (Number.isNaN(score)) hits += full ? 0 : chance;
    else hits += score > last ? 1 : score === last ? chance : 0;
  }
  return hits;
};

/** Share of sorted values below one, equals counted half. */
export const shareBelow = (sorted: Float64Array, value: number): number => {
  const place = (test: (other: number) => boolean): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) { const middle = (low + high) >> 1; if (test(sorted[middle] ?? 0)) low = middle + 1; else high = middle; }
    return low;
  };
  return (place((other) => other < value) + place((other) => other <= value)) / (2 * Math.max(sorted.length, 1));
};

/** By walks a pair has two scores, one each way; as the walk may be turned round, the other follows from the degrees. */
const bothWays = (method: KnownName, score: number, ends: { readonly own: number; readonly other: number }): number =>
  (method === 'personalised PageRank' ? score * (1 + ends.own / ends.other) : score);

interface Parts { readonly survey: Survey; readonly learned: Learned; readonly row: Float32Array; /** [members], to score one after the other */ readonly scores: Float64Array }

const oursOf = ({ survey, learned, row }: Parts, other: number): number => { survey.write(other, row, 0); return learnedScore(learned, row, 0); };

/** Hits of each method for the member that is looked at. */
const hitsOfAll = (parts: Parts, sought: Int32Array): readonly number[] => {
  const { survey: { everyone, within, candidates, scores: known }, scores } = parts;
  const hits = ({ members, count }: Selected, score: (other: number) => number, soughtScores: Float64Array): number => {
    for (let i = 0; i < count; i++) scores[i] = score(members[i] ?? 0);
    return hitsOf({ scores, count, rest: everyone.count - count }, soughtScores);
  };
  const listed = new Set(candidates.members.subarray(0, candidates.count));
  const ours = (other: number): number => oursOf(parts, other);
  return [
    hits(candidates, ours, Float64Array.from(sought, (other) => (listed.has(other) ? ours(other) : Number.NaN))),
    ...KNOWN.map((method) => {
      const score = known[method];
      // Beyond two steps these scores are all 0 and tied with each other.
      return WITHIN_TWO_STEPS.includes(method) ? hits(within, score, Float64Array.from(sought, (other) => score(other) || Number.NaN)) : hits(everyone, score, Float64Array.from(sought, score));
    }),
  ];
};

export interface Looking { readonly members: number; readonly strangers: number; readonly each: number; readonly random: Random; readonly onMember: () => void }

/** Looks for the hidden ties of a task with every method; all answer about the same members and the same pairs. */
export const evaluate = (task: Task, { survey, learned }: { readonly survey: Survey; readonly learned: Learned }, looking: Looking): Evaluation => {
  const { graph: { present, degrees }, hidden } = task;
  const parts: Parts = { survey, learned, row: new Float32Array(survey.features.length), scores: new Float64Array(task.graph.members) };
  const members = drawn(hidden.present, looking.members, looking.random);
  const recalls = METHODS.map(() => new Float64Array(members.length));
  const found: number[][] = METHODS.map(() => []);
  const strange: number[][] = METHODS.map(() => []);
  const memberOf: number[] = [];
  let at = 0;
  const score = (member: number, other: number, into: readonly number[][]): void => {
    into[0]?.push(oursOf(parts, other));
    KNOWN.forEach((method, i) => into[i + 1]?.push(bothWays(method, survey.scores[method](other), { own: degrees[member] ?? 1, other: degrees[other] ?? 1 })));
  };
  visit(survey, members, (member) => {
    const sought = neighboursOf(hidden, member);
    hitsOfAll(parts, sought).forEach((hits, i) => { const column = recalls[i]; if (column !== undefined) column[at] = hits / sought.length; });
    for (const other of sought) { score(member, other, found); memberOf.push(at); }
    at++;
    looking.onMember();
  });
  visit(survey, drawn(present, looking.strangers, looking.random), (member) => {
    for (const other of strangersOf(task, member, { count: looking.each, random: looking.random })) score(member, other, strange);
    looking.onMember();
  });
  const outcomes = METHODS.map((method, i): Outcome => {
    const sorted = Float64Array.from(strange[i] ?? []).sort();
    return { method, recalls: recalls[i] ?? new Float64Array(), wins: Float64Array.from(found[i] ?? [], (value) => shareBelow(sorted, value)) };
  });
  return { outcomes, memberOf: Int32Array.from(memberOf), tested: members.length, hiddenTies: memberOf.length, strangers: strange[0]?.length ?? 0 };
};
