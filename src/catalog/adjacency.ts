/**
 * Adjacent skills: for each skill those that stand with it in what people have and in what jobs ask for, more than chance would put them
 * there. Learned from the network itself; a taxonomy speaks where the network has seen too little, and fades as it sees more.
 *
 * With s of the newest holders of a skill looked at, c of them with another, and e of them expected to have it by chance, the other's weight is
 * (c / (s + TAXONOMY)) * sqrt(1 - e / c): the geometric mean of how many have both and how many of those chance does not explain. What is
 * left to one, TAXONOMY / (s + TAXONOMY), goes to the taxonomy.
 *
 * Cost: a row is made anew when an eighth of its holders came or went, from at most 2 x SAMPLE of them; so a skill with n holders is
 * made about 8 ln n times in all, and reading costs one look at its row.
 */
import type { Space } from '../memory/space.ts';
import { createScratch } from '../memory/scratch.ts';
import { openTable, type Lists, type Table } from '../memory/structures.ts';
import type { Skills } from './skills.ts';

/** Adjacent skills kept per skill. */
export const ADJACENT = 16;
/** Holders looked at per skill, the newest: of members and of jobs each. */
export const SAMPLE = 256;
/** Holders whose word weighs as much as the taxonomy's. */
const TAXONOMY = 2;
/** One in so many holders may have changed before a row is made anew. */
const LAG = 8;

export type Role = 'held' | 'asked';
export const ROLES: readonly Role[] = ['held', 'asked'];

export interface Adjacency {
  /** Slot s of term t is row t x ADJACENT + s: term + 1 (0: none, here and behind) and weight in (0, 1), the largest first. */
  readonly rows: Table<{ readonly term: 'i32'; readonly weight: 'f32' }>;
  /** The same as lists, for tests and slow paths. */
  adjacent(term: number): { readonly terms: Int32Array; readonly weights: Float32Array };
  /** How many members have the skill and how many jobs ask for it. */
  holders(term: number): number;
  /** An entity begins (1) or ceases (-1) to have these skills. Writer only. */
  count(role: Role, skills: Int32Array, by: 1 | -1): void;
  /** Terms stand for others now: how many hold them by role, and rows that name them, are set right. Writer only. */
  recount(holders: ReadonlyMap<number, Readonly<Record<Role, number>>>): void;
  /** Makes rows anew where enough changed; with `all`, where anything did. Writer only. */
  settle(options?: { readonly all: boolean }): void;
}

export interface AdjacencyParts {
  readonly skills: Pick<Skills, 'eachClose' | 'takeMoved'>;
  /** Skill → those that have it, in order of their newest record. */
  readonly holders: Readonly<Record<Role, Lists>>;
  /** Adds one for each skill of the entity. */
  readonly eachSkill: (entity: number, visit: (term: number) => void) => void;
}

interface Rows extends Pick<Adjacency, 'rows' | 'adjacent'> {
  /** Empties the row of a term. */
  clear(term: number): void;
  /** Puts another where its weight belongs in the row of a term; one that weighs nothing, or less than all sixteen, goes nowhere. */
  place(term: number, other: number, weight: number): void;
}

const openRows = (space: Space): Rows => {
  const rows = openTable(space, 'adjacency', { term: 'i32', weight: 'f32' });
  return {
    rows,
    adjacent: (term) => {
      const start = term * ADJACENT;
      const terms = rows.columns.term.slice(start, start + ADJACENT).filter((each) => each > 0).map((each) => each - 1);
      return { terms, weights: rows.columns.weight.slice(start, start + terms.length) };
    },
    clear: (term) => {
      const start = term * ADJACENT;
      rows.ensure(start + ADJACENT);
      rows.columns.weight.fill(0, start, start + ADJACENT);
      rows.columns.term.fill(0, start, start + ADJACENT);
    },
    place: (term, other, weight) => {
      const start = term * ADJACENT;
      const { term: terms, weight: weights } = rows.columns;
      let at = start + ADJACENT - 1;
      if (weight <= (weights[at] ?? 0)) return;
      for (; at > start && (weights[at - 1] ?? 0) < weight; at--) {
        terms[at] = terms[at - 1] ?? 0;
        weights[at] = weights[at - 1] ?? 0;
      }
      terms[at] = other + 1;
      weights[at] = weight;
    },
  };
};

interface Counts {
  readonly table: Table<Readonly<Record<Role, 'u32'>>>;
  /** Entities with any skill. */
  readonly entities: Record<Role, number>;
  holders(term: number): number;
}

const openCounts = (space: Space): Counts => {
  const table = openTable(space, 'holders', { held: 'u32', asked: 'u32' });
  return { table, entities: { held: 0, asked: 0 }, holders: (term) => (table.columns.held[term] ?? 0) + (table.columns.asked[term] ?? 0) };
};

/** Makes the row of a term from its holders and the taxonomy. */
const createMaker = ({ skills, holders, eachSkill }: AdjacencyParts, rows: Rows, counts: Counts): ((term: number) => void) => {
  const together = createScratch();
  const close = createScratch();
  /** Counts what the newest holders have beside it. @returns how many were looked at */
  const look = (role: Role, term: number): number => {
    const { data, head } = holders[role].view;
    const block = head[term] ?? 0;
    const end = block + 2 + (data[block] ?? 0);
    const first = Math.max(block + 2, end - SAMPLE);
    for (let at = first; at < end; at++) eachSkill(data[at] ?? 0, (other) => { if (other !== term) together.add(other, 1); });
    return end - first;
  };
  const byChance = (role: Role, other: number): number => (counts.table.columns[role][other] ?? 0) / Math.max(1, counts.entities[role]);
  return (term) => {
    rows.clear(term);
    if (counts.holders(term) === 0) return;
    together.clear(counts.table.columns.held.length);
    close.clear(counts.table.columns.held.length);
    const held = look('held', term);
    const asked = look('asked', term);
    const trust = 1 / (held + asked + TAXONOMY);
    // What nobody has or asks for would take a place and lead nowhere.
    skills.eachClose(term, (other, share) => { if (counts.holders(other) > 0) close.add(other, share); });
    const said = (other: number): number => { const share = close.values[other] ?? 0; return (trust * TAXONOMY * share) / (1 + share); };
    for (let i = 0; i < together.count; i++) {
      const other = together.touched[i] ?? 0;
      const both = together.values[other] ?? 0;
      const expected = held * byChance('held', other) + asked * byChance('asked', other);
      rows.place(term, other, trust * both * Math.sqrt(Math.max(0, 1 - expected / both)) + said(other));
    }
    for (let i = 0; i < close.count; i++) {
      const other = close.touched[i] ?? 0;
      if (together.values[other] === 0) rows.place(term, other, said(other));
    }
  };
};

export const openAdjacency = (space: Space, parts: AdjacencyParts): Adjacency => {
  const rows = openRows(space);
  const counts = openCounts(space);
  const make = createMaker(parts, rows, counts);
  const { eachClose, takeMoved } = parts.skills;
  /** Term → holders that came or went since its row was made. */
  const changes = new Map<number, number>();
  let touched = new Set<number>();
  const change = (term: number, by: number): void => {
    changes.set(term, (changes.get(term) ?? 0) + by);
    touched.add(term);
  };
  const force = (term: number): void => { if (counts.holders(term) > 0) change(term, Number.POSITIVE_INFINITY); };
  return {
    rows: rows.rows, adjacent: rows.adjacent, holders: counts.holders,
    count: (role, terms, by) => {
      if (terms.length === 0) return;
      counts.entities[role] += by;
      for (const term of terms) {
        counts.table.ensure(term);
        const isFirst = counts.holders(term) === 0;
        const column = counts.table.columns[role];
        column[term] = (column[term] ?? 0) + by;
        change(term, 1);
        // What nobody had stood in no row.
        if (isFirst) eachClose(term, force);
      }
    },
    recount: (now) => {
      for (const [term, by] of now) {
        counts.table.ensure(term);
        for (const role of ROLES) counts.table.columns[role][term] = by[role];
        change(term, Number.POSITIVE_INFINITY);
      }
      const { term: terms } = rows.rows.columns;
      for (let row = 0; row < terms.length; row++) if (now.has((terms[row] ?? 0) - 1)) force(Math.floor(row / ADJACENT));
    },
    settle: (options) => {
      for (const term of takeMoved()) force(term);
      for (const term of touched) {
        if (options?.all !== true && (changes.get(term) ?? 0) * LAG < counts.holders(term)) continue;
        make(term);
        changes.delete(term);
      }
      touched = new Set();
    },
  };
};
