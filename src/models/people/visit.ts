/** Who is looked at, drawn by chance, and the walk from one to the next in blocks. */
import type { Random } from '../../core/random.ts';
import { tied, type Graph } from './graph.ts';
import type { Task } from './split.ts';
import type { Survey } from './survey.ts';
import { WALKERS } from './walks.ts';

/** `most` of them without repeats, by chance; all, in a chance order, where they are no more. */
export const drawn = (from: ArrayLike<number>, most: number, random: Random): number[] => {
  const all = Array.from(from);
  for (let i = 0; i < Math.min(most, all.length); i++) {
    const j = i + Math.floor(random.next() * (all.length - i));
    [all[i], all[j]] = [all[j] ?? 0, all[i] ?? 0];
  }
  return all.slice(0, most);
};

/** Looks at one member after the other. @param each called while the survey looks at that member */
export const visit = (survey: Survey, members: readonly number[], each: (member: number) => void): void => {
  for (let start = 0; start < members.length; start += WALKERS) {
    const block = members.slice(start, start + WALKERS);
    survey.block(block);
    block.forEach((member, place) => { survey.look(place); each(member); });
  }
};

const TRIES = 50;

/** Members by chance who are tied to a member neither in the graph nor out of sight; fewer than asked where there are hardly any. */
export const strangersOf = ({ graph, hidden }: Task, member: number, draw: { readonly count: number; readonly random: Random }): number[] => {
  const { present } = graph;
  const out: number[] = [];
  for (let left = TRIES * draw.count; left > 0 && out.length < draw.count; left--) {
    const other = present[Math.floor(draw.random.next() * present.length)] ?? 0;
    if (other !== member && !tied(graph, member, other) && !tied(hidden, member, other)) out.push(other);
  }
  return out;
};

export const neighboursOf = ({ data, from, to }: Graph, member: number): Int32Array => data.subarray(from(member), to(member));
