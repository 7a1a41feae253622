/** How many members are looked at: what a graph allows in about the same time, whatever its size. */
import type { Pairs } from './graph.ts';

/** Nanoseconds for all looks of one run, on one core of a small server. */
const WORK_NS = 25e9;
/** What a look takes of them: by edge of the graph, by neighbour of a neighbour, by member, and in any case. */
const EDGE_NS = 25;
const TWO_STEPS_NS = 10;
const MEMBER_NS = 70;
const LOOK_NS = 1.5e6;

export interface Sizes {
  /** Members whose hidden ties are looked for, at most. */
  readonly tested: number;
  /** Members that strangers are drawn for, and strangers of each. */
  readonly strangers: number;
  readonly each: number;
  /** The same for learning, over all tasks together. */
  readonly learned: number;
  readonly learnedStrangers: number;
  /** Times that ties are hidden to learn from. */
  readonly learnTasks: number;
  /** Times that ties are hidden to test, where they are hidden by chance. */
  readonly rounds: number;
}

const between = (value: number, low: number, high: number): number => Math.round(Math.min(Math.max(value, low), high));

/** Hidden ties that are enough to learn from: fewer in one task, more tasks. */
const ENOUGH = 2_500;
const TASKS_MAX = 5;
/** Hidden ties that are enough to test on. */
const ENOUGH_TESTED = 250;
const ROUNDS_MAX = 4;

export const sizesFor = ({ members, count, low, high }: Pairs): Sizes => {
  const degrees = new Float64Array(members);
  for (const ends of [low, high]) for (const end of ends) degrees[end] = (degrees[end] ?? 0) + 1;
  const twoSteps = degrees.reduce((sum, degree) => sum + degree * degree, 0) / Math.max(members, 1);
  const looks = WORK_NS / (EDGE_NS * count + TWO_STEPS_NS * twoSteps + MEMBER_NS * members + LOOK_NS);
  return {
    tested: between(looks * 0.45, 100, 3_000), strangers: between(looks * 0.1, 100, 1_000), each: 10,
    learned: between(looks * 0.35, 100, 2_000), learnedStrangers: between(looks * 0.1, 100, 800),
    learnTasks: between(ENOUGH / Math.max(count * 0.1, 1), 1, TASKS_MAX),
    rounds: between(ENOUGH_TESTED / Math.max(count * 0.1, 1), 1, ROUNDS_MAX),
  };
};
