/** What a member tends to touch, and how readily: a few running means per member, kept up on write. */
import { HOUR } from '../core/clock.ts';
import { log2 } from '../core/powers.ts';
import type { Table } from '../memory/structures.ts';

export const HABIT_SCHEMA = {
  /** Decayed sums over first touches (factor `MEMORY` each): log2 of age in hours, of newer items, of people; and their weight. */
  age: 'f32', rank: 'f32', people: 'f32', weight: 'f32',
  /** Impressions as looks, and touches, ever. */
  looks: 'f32', touches: 'u32',
} as const;
export type Habits = Table<typeof HABIT_SCHEMA>;

/** About the last ten first touches count. */
const MEMORY = 0.9;
/** What a member without history is taken for, and how many touches that is worth. */
export const HABIT_PRIOR = { age: 4.3, rank: 3.6, people: 2.9, weight: 3 } as const;

const log2p = (value: number): number => Math.log2(1 + Math.max(0, value));

export interface Touched { readonly ageMs: number; readonly rank: number; readonly people: number }

export const learnHabit = ({ columns }: Habits, member: number, touched: Touched): void => {
  columns.age[member] = (columns.age[member] ?? 0) * MEMORY + log2p(touched.ageMs / HOUR);
  columns.rank[member] = (columns.rank[member] ?? 0) * MEMORY + log2p(touched.rank);
  columns.people[member] = (columns.people[member] ?? 0) * MEMORY + log2p(touched.people);
  columns.weight[member] = (columns.weight[member] ?? 0) * MEMORY + 1;
};

/** How much older, further down and more popular than usual this member's items are. Zero without history. */
export const habitOf = ({ columns }: Habits, member: number): { readonly age: number; readonly rank: number; readonly people: number } => {
  const weight = columns.weight[member] ?? 0;
  const lean = (sum: number, prior: number): number => (sum + HABIT_PRIOR.weight * prior) / (weight + HABIT_PRIOR.weight) - prior;
  return { age: lean(columns.age[member] ?? 0, HABIT_PRIOR.age), rank: lean(columns.rank[member] ?? 0, HABIT_PRIOR.rank), people: lean(columns.people[member] ?? 0, HABIT_PRIOR.people) };
};

export const forgetHabit = ({ columns }: Habits, member: number): void => {
  for (const column of Object.values(columns)) column[member] = 0;
};

/** Row 0 counts everybody: what a rate is compared with. `people` are first touches. */
export const TOTALS_SCHEMA = { looks: 'f64', touches: 'u32', people: 'u32' } as const;
export type Totals = Table<typeof TOTALS_SCHEMA>;

/** Looked at this often before a rate of one's own counts as much as everybody's. */
const RATE_PRIOR = 20;

interface Rate { readonly touches: number; readonly looks: number }

/** log2 of a rate over that of all, drawn towards it as by `prior` looks; 0 where nothing was looked at. */
export const relativeTo = (all: Rate, prior: number = RATE_PRIOR): ((touches: number, looks: number) => number) => {
  const common = (all.touches + 1) / (all.looks + 10);
  const drawn = prior * common;
  return (touches, looks) => (looks === 0 || all.looks === 0 ? 0 : log2((touches + drawn) / (looks + prior) / common));
};
