/**
 * Which entities carry which terms: topics and skills as they write them, resolved to what they stand for. A term that comes to stand for
 * another is put right at the end of the block, in what was written before too; one such block costs a pass over all entities.
 */
import { ENTITY_KINDS } from '../core/registry.ts';
import type { Space } from '../memory/space.ts';
import { openLists, openTable, type Lists } from '../memory/structures.ts';
import { openDictionary, type Dictionary } from '../memory/tables.ts';
import { openAdjacency, ROLES, type Adjacency, type Role } from './adjacency.ts';
import { kindRow, type KindRow } from './kinds.ts';
import type { StoredEntity } from './records.ts';
import { openSkills, type Skills } from './skills.ts';

/** Carriers of a term that are kept in its lists: the newest. */
const KEPT = 512;

export interface Carriers {
  readonly terms: Dictionary;
  /** Entity → its topics and skills (dense terms), its skills last. */
  readonly termsOf: Lists;
  /** Term → recent feed items that carry it. */
  readonly byTerm: Lists;
  /** Skill → members who have it, and jobs that ask for it: the newest. */
  readonly heldBy: Lists;
  readonly askedBy: Lists;
  readonly skills: Skills;
  readonly adjacency: Adjacency;
  /** A term as its skill writes it, else as it is. */
  termName(term: number): string;
  /** What the entity carries from now on. Writer only, as all that follows. @param intern makes a reference a dense number */
  describe(number: number, entity: StoredEntity, intern: (reference: string) => number): void;
  /** It takes its place in the lists of its terms, or leaves them. */
  enter(number: number): void;
  leave(number: number): void;
  clear(number: number): void;
  settle(entities: number): void;
  /** Forgets words that only an erased member, or an earlier version of something, used. */
  forgetUnused(entities: number): void;
}

/** What stands in the catalogue's own columns. */
export interface CarrierColumns { readonly columns: { readonly kind: Uint8Array; readonly record: Float64Array } }

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : typeof value === 'string' ? [value] : []);

/** How a topic or a skill is written when it is compared: small letters, one space, at most 80 characters. */
export const normalise = (term: string): string => term.trim().toLowerCase().replace(/\s+/gu, ' ').slice(0, 80);

/** Terms as an entity writes them. */
interface Written { readonly others: readonly number[]; readonly skills: readonly number[] }

interface TermLists {
  readonly lists: Lists;
  /** Its skills, where they stand: good until something is written. */
  skillsOf(number: number): Int32Array;
  /** Resolves and keeps what an entity writes. */
  write(number: number, written: Written): void;
  /** Resolves it again where it carries one of these terms, or wrote any that stands for another. @returns whether it did */
  rewrite(number: number, changed: ReadonlySet<number>): boolean;
  clear(number: number): void;
}

const openTermLists = (space: Space, { resolve }: Skills): TermLists => {
  const lists = openLists(space, 'termsOf');
  /** How many of an entity's terms are skills: its last ones. */
  const counts = openTable(space, 'carriers', { skills: 'u8' });
  /** Of entities with a term that stands for another: what they wrote. */
  const kept = new Map<number, Written>();
  const spanOf = (number: number): Int32Array => {
    const { data, head } = lists.view;
    const block = head[number] ?? 0;
    return data.subarray(block + 2, block + 2 + (data[block] ?? 0));
  };
  const firstSkill = (number: number): number => lists.length(number) - (counts.columns.skills[number] ?? 0);
  const write = (number: number, written: Written): void => {
    const skills = new Set(written.skills.map(resolve));
    const others = new Set(written.others.map(resolve));
    for (const term of skills) others.delete(term);
    lists.set(number, [...others, ...skills]);
    counts.ensure(number);
    counts.columns.skills[number] = Math.min(255, skills.size);
    if ([...written.others, ...written.skills].some((term) => resolve(term) !== term)) kept.set(number, written);
    else kept.delete(number);
  };
  return {
    lists, write,
    skillsOf: (number) => spanOf(number).subarray(firstSkill(number)),
    rewrite: (number, changed) => {
      const own = spanOf(number);
      const before = kept.get(number);
      if (before === undefined && !own.some((term) => changed.has(term))) return false;
      const first = firstSkill(number);
      write(number, before ?? { others: [...own.subarray(0, first)], skills: [...own.subarray(first)] });
      return true;
    },
    clear: (number) => {
      lists.clear(number);
      counts.columns.skills[number] = 0;
      kept.delete(number);
    },
  };
};

interface Indexes extends Readonly<Record<Role, Lists>> { readonly feed: Lists }

/** Where a carrier stands under its terms; the lists of some terms may be made anew from all carriers. */
const openIndexes = (space: Space, items: CarrierColumns, { lists, skillsOf, rewrite }: TermLists): { readonly by: Indexes; rowOf(number: number): KindRow | undefined; respell(changed: ReadonlySet<number>, entities: number): ReadonlyMap<number, Readonly<Record<Role, number>>> } => {
  const by: Indexes = { feed: openLists(space, 'byTerm', { keep: KEPT }), held: openLists(space, 'heldBy', { keep: KEPT }), asked: openLists(space, 'askedBy', { keep: KEPT }) };
  const rowOf = (number: number): KindRow | undefined => kindRow(ENTITY_KINDS[items.columns.kind[number] ?? 0] ?? '');
  const newest = (numbers: readonly number[]): readonly number[] =>
    numbers.toSorted((a, b) => (items.columns.record[a] ?? 0) - (items.columns.record[b] ?? 0)).slice(-KEPT);
  return {
    by, rowOf,
    respell: (changed, entities) => {
      const found = new Map([...changed].map((term) => [term, { feed: [] as number[], held: [] as number[], asked: [] as number[] }]));
      for (let number = 0; number < entities; number++) {
        if (!rewrite(number, changed)) continue;
        const row = rowOf(number);
        if (row?.inFeed === true) for (const term of lists.values(number)) found.get(term)?.feed.push(number);
        if (row?.skills !== undefined) for (const term of skillsOf(number)) found.get(term)?.[row.skills].push(number);
      }
      for (const [term, carriers] of found) for (const name of ['feed', ...ROLES] as const) by[name].set(term, newest(carriers[name]));
      return new Map([...found].map(([term, { held, asked }]) => [term, { held: held.length, asked: asked.length }]));
    },
  };
};

export const openCarriers = (space: Space, items: CarrierColumns, nameOf: (entity: number) => string): Carriers => {
  const terms = openDictionary(space, 'terms');
  const skills = openSkills(space);
  const termLists = openTermLists(space, skills);
  const { by, rowOf, respell } = openIndexes(space, items, termLists);
  const adjacency = openAdjacency(space, { skills, holders: by, eachSkill: (entity, visit) => { for (const term of termLists.skillsOf(entity)) visit(term); } });
  const internAll = (names: readonly string[]): readonly number[] => [...new Set(names.map(normalise))].map((name) => terms.intern(name));
  const place = (number: number, into: { readonly count: 1 | -1; readonly change: (lists: Lists, term: number) => void }): void => {
    const row = rowOf(number);
    if (row?.inFeed === true) for (const term of termLists.lists.values(number)) into.change(by.feed, term);
    if (row?.skills === undefined) return;
    const own = termLists.skillsOf(number).slice();
    for (const term of own) into.change(by[row.skills], term);
    adjacency.count(row.skills, own, into.count);
  };
  return {
    terms, termsOf: termLists.lists, byTerm: by.feed, heldBy: by.held, askedBy: by.asked, skills, adjacency,
    termName: (term) => (skills.shownBy(term) < 0 ? terms.name(term) : nameOf(skills.shownBy(term))),
    describe: (number, { kind, attributes }, intern) => {
      const row = kindRow(kind);
      const others = internAll([...(row?.isTerm === true ? texts(attributes['name']) : []), ...texts(attributes['topics'])]);
      const own = internAll(texts(attributes['skills']));
      for (const term of [...others, ...own]) skills.use(term);
      const [term] = others;
      if (row?.hasAliases === true && term !== undefined) {
        const links = [...new Set([...texts(attributes['broader']), ...texts(attributes['related'])])];
        skills.describe(number, { term, aliases: internAll(texts(attributes['aliases'])).filter((alias) => alias !== term), links: links.map(intern) });
      }
      termLists.write(number, { others, skills: own });
    },
    enter: (number) => { place(number, { count: 1, change: (lists, term) => { lists.push(term, number); } }); },
    leave: (number) => { place(number, { count: -1, change: (lists, term) => { lists.remove(term, number); } }); },
    clear: (number) => {
      skills.describe(number, undefined);
      termLists.clear(number);
    },
    settle: (entities) => {
      const changed = skills.settle();
      if (changed.size > 0) adjacency.recount(respell(changed, entities));
      adjacency.settle();
    },
    forgetUnused: (entities) => {
      adjacency.settle({ all: true });
      const inUse = new Set<number>(skills.named());
      for (let number = 0; number < entities; number++) for (const term of termLists.lists.values(number)) inUse.add(term);
      const unused: number[] = [];
      for (let term = 0; term < terms.size(); term++) if (!inUse.has(term) && terms.name(term) !== '') unused.push(term);
      terms.forget(...unused);
    },
  };
};
