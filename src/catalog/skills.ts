/**
 * What terms mean. Entries of a taxonomy (kind `skill`) say under which other names they are known, and what is close to them: a term that
 * is an alias of one skill stands for that skill's own term, wherever it is written and whenever it was. A projection: what stands for
 * what follows from the skills that are alive, whatever the order in which they came.
 */
import type { Space } from '../memory/space.ts';
import { openTable } from '../memory/structures.ts';

const SCHEMA = {
  /** Term + 1 that this one stands for; 0: itself. */
  standsFor: 'i32',
  /** Entity + 1 of the skill whose name shows how it is written; 0: none. */
  shownBy: 'i32',
  /** 1 once an entity carried it. */
  isUsed: 'u8',
} as const;

/** What a skill says of itself, in dense numbers: its own term, those it is also known by, and the skills it belongs to or is close to. */
export interface Said { readonly term: number; readonly aliases: readonly number[]; readonly links: readonly number[] }

export interface Skills {
  /** The term that this one stands for; itself where no skill, or more than one, calls it an alias. A skill's own name always stands for itself. */
  resolve(term: number): number;
  /** The skill that is named so; -1 where there is none. */
  shownBy(term: number): number;
  /** Notes that an entity carries the term as it is written. Writer only. */
  use(term: number): void;
  /** What a skill says from now on; undefined: nothing any more. Writer only. */
  describe(skill: number, said: Said | undefined): void;
  /**
   * Settles what stands for what. Cost: that of the terms which skills named since. Writer only.
   * @returns terms that somebody carries and whose meaning is another now, with what they meant and what they mean
   */
  settle(): ReadonlySet<number>;
  /** Terms whose taxonomy changed since this was last asked. Writer only. */
  takeMoved(): ReadonlySet<number>;
  /** Each term that the taxonomy puts close to this one: 1 for a link between the two, less for a neighbour in common the more it has. Writer only. */
  eachClose(term: number, visit: (other: number, share: number) => void): void;
  /** Every term that a skill names. Writer only. */
  named(): Iterable<number>;
}

/** A skill with more neighbours than this says nothing about any two of them. */
const HUB_MOST = 256;
const NOBODY: ReadonlySet<number> = new Set();

/** Lists of few numbers by number. */
interface Index { get(key: number): readonly number[]; add(key: number, value: number): void; remove(key: number, value: number): void }

const createIndex = (): Index => {
  const lists = new Map<number, number[]>();
  return {
    get: (key) => lists.get(key) ?? [],
    add: (key, value) => {
      const list = lists.get(key);
      if (list === undefined) lists.set(key, [value]);
      else if (!list.includes(value)) list.push(value);
    },
    remove: (key, value) => {
      const rest = (lists.get(key) ?? []).filter((each) => each !== value);
      if (rest.length === 0) lists.delete(key);
      else lists.set(key, rest);
    },
  };
};

/** Links between skills as both ends see them, and how close they put terms. */
const openLinks = (said: ReadonlyMap<number, Said>, named: Index): { link(skill: number, links: readonly number[]): void; unlink(skill: number, links: readonly number[]): void; eachClose: Skills['eachClose'] } => {
  const linkedBy = new Map<number, Set<number>>();
  const around = function* (skill: number): Iterable<number> {
    const own = said.get(skill)?.links ?? [];
    yield* own;
    for (const other of linkedBy.get(skill) ?? NOBODY) if (!own.includes(other)) yield other;
  };
  const eachClose: Skills['eachClose'] = (term, visit) => {
    const tell = (skill: number, share: number): void => {
      const other = said.get(skill)?.term ?? term;
      if (other !== term) visit(other, share);
    };
    for (const skill of named.get(term)) {
      for (const hub of around(skill)) {
        tell(hub, 1);
        const size = (said.get(hub)?.links.length ?? 0) + (linkedBy.get(hub)?.size ?? 0);
        // Adamic and Adar 2003: what few share says more.
        if (size <= HUB_MOST) for (const other of around(hub)) if (other !== skill) tell(other, 1 / Math.log2(1 + size));
      }
    }
  };
  return {
    eachClose,
    link: (skill, links) => {
      for (const other of links) {
        const known = linkedBy.get(other);
        if (known === undefined) linkedBy.set(other, new Set([skill]));
        else known.add(skill);
      }
    },
    unlink: (skill, links) => {
      for (const other of links) {
        const known = linkedBy.get(other);
        known?.delete(skill);
        if (known?.size === 0) linkedBy.delete(other);
      }
    },
  };
};

export const openSkills = (space: Space): Skills => {
  const { columns, ensure } = openTable(space, 'meanings', SCHEMA);
  // The writer's own: readers need to know what a term stands for, not why.
  const said = new Map<number, Said>();
  const named = createIndex();
  const claimed = createIndex();
  const links = openLinks(said, named);
  let touched = new Set<number>();
  let moved = new Set<number>();

  const resolve = (term: number): number => ((columns.standsFor[term] ?? 0) || term + 1) - 1;
  const meaning = (term: number): number => {
    if (named.get(term).length > 0) return term;
    const meant = new Set(claimed.get(term).map((skill) => said.get(skill)?.term ?? term));
    const [only = term] = meant;
    return meant.size === 1 ? only : term;
  };
  const touch = ({ term, aliases }: Said): void => {
    for (const each of [term, ...aliases]) { ensure(each); touched.add(each); }
    moved.add(term);
    links.eachClose(term, (other) => { moved.add(other); });
  };
  const withdraw = (skill: number): void => {
    const before = said.get(skill);
    if (before === undefined) return;
    touch(before);
    named.remove(before.term, skill);
    for (const alias of before.aliases) claimed.remove(alias, skill);
    links.unlink(skill, before.links);
    said.delete(skill);
  };
  return {
    resolve,
    shownBy: (term) => (columns.shownBy[term] ?? 0) - 1,
    use: (term) => { ensure(term); columns.isUsed[term] = 1; },
    describe: (skill, next) => {
      withdraw(skill);
      if (next === undefined) return;
      said.set(skill, next);
      named.add(next.term, skill);
      for (const alias of next.aliases) claimed.add(alias, skill);
      links.link(skill, next.links);
      touch(next);
    },
    settle: () => {
      const changed = new Set<number>();
      for (const term of touched) {
        columns.shownBy[term] = named.get(term).reduce((first, skill) => (first === 0 ? skill + 1 : Math.min(first, skill + 1)), 0);
        const before = resolve(term);
        const after = meaning(term);
        if (before === after) continue;
        columns.standsFor[term] = after === term ? 0 : after + 1;
        if (columns.isUsed[term] === 1) changed.add(term).add(before).add(after);
      }
      touched = new Set();
      return changed;
    },
    takeMoved: () => {
      const taken = moved;
      moved = new Set();
      return taken;
    },
    eachClose: links.eachClose,
    named: function* () { for (const { term, aliases } of said.values()) { yield term; yield* aliases; } },
  };
};
