/** What a viewer's skills lead to: skills that they do not have, adjacent to ones that they do. */
import { ADJACENT } from '../catalog/adjacency.ts';
import type { Lists } from '../memory/structures.ts';
import { createScratch, type Scratch } from '../memory/scratch.ts';
import type { RankedList, Why } from './ranked-list.ts';
import type { RankRequest } from './ranker.ts';
import { reasonNumber, type ReasonCode } from './reasons.ts';

/** Terms of the viewer that are asked, and carriers read of each skill that they lead to. */
const KNOWN_READ = 16;
const CARRIERS_READ = 8;
/** Less than this is not worth a reason. */
const LEAST = 0.05;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface Found {
  /** Skill → those who carry it, the newest last. */
  readonly carriers: Lists;
  readonly reason: ReasonCode;
  /** What a carrier of a skill is worth that fully follows from the viewer's; 0: not wanted. */
  readonly worth: (carrier: number) => number;
}

/** Adjacent skill → how much of it follows from what the viewer has (summed), the largest part of that, and the skill + 1 it comes from. Used by one request at a time: rankers that ask await nothing. */
const follows: Scratch = createScratch();
const part: Scratch = createScratch();
const from: Scratch = createScratch();
/** Filled anew for each skill: a list copies what it is told. */
const terms = { known: -1, asked: -1 };
const why: Mutable<Why> = { reason: 0, actor: -1, terms };

const gather = ({ viewer, views: { catalog } }: RankRequest): void => {
  const { term: others, weight: weights } = catalog.adjacency.rows.columns;
  const { touched, count } = viewer.declared;
  for (const scratch of [follows, part, from]) scratch.clear(catalog.terms.size());
  for (let i = 0; i < Math.min(KNOWN_READ, count); i++) {
    const known = touched[i] ?? 0;
    for (let slot = known * ADJACENT; slot < (known + 1) * ADJACENT; slot++) {
      const other = (others[slot] ?? 0) - 1;
      if (other < 0) break;
      if (viewer.declared.values[other] === 1) continue;
      const weight = weights[slot] ?? 0;
      follows.add(other, weight);
      if (weight <= (part.values[other] ?? 0)) continue;
      part.set(other, weight);
      from.set(other, known + 1);
    }
  }
};

/**
 * Adds carriers of skills adjacent to those that the viewer declares, each saying which known skill leads to which. Cost: at most
 * KNOWN_READ x ADJACENT looks at the table and CARRIERS_READ carriers for each skill found, whatever the inventory.
 */
export const addThroughSkills = (request: RankRequest, into: RankedList, { carriers, reason, worth }: Found): void => {
  gather(request);
  const { data, head } = carriers.view;
  why.reason = reasonNumber(reason);
  for (let i = 0; i < follows.count; i++) {
    const asked = follows.touched[i] ?? 0;
    const much = Math.min(1, follows.values[asked] ?? 0);
    if (much < LEAST) continue;
    terms.asked = asked;
    terms.known = (from.values[asked] ?? 0) - 1;
    const block = head[asked] ?? 0;
    const end = block + 2 + (data[block] ?? 0);
    for (let at = Math.max(block + 2, end - CARRIERS_READ); at < end; at++) {
      const carrier = data[at] ?? 0;
      const value = worth(carrier);
      if (value > 0) into.add(carrier, value * much, why);
    }
  }
};
