/**
 * Which entities carry which terms: topics and skills as they write them, resolved to what they stand for. A term that comes to stand for
 * another is put right at the end of the block, in what was written before too; one such block costs a pass over all entities.
 */
import type { Space } from '../memory/space.ts';
import { openLists, openTable, type Lists } from '../memory/structures.ts';
import { openDictionary, type Dictionary } from '../memory/tables.ts';
import { openAdjacency, type Adjacency, type Role } from './adjacency.ts';
import { kindRow } from './kinds.ts';
import type { StoredEntity } from './records.ts';
import { openSkills, type Skills } from './skills.ts';
import { openUnderTerms, type CarrierColumns, type IndexName, type OwnTerms, type UnderTerms } from './under-terms.ts';

export interface Carriers {
  readonly terms: Dictionary;
  /** Entity → its topics and skills (dense terms), its skills last. */
  readonly termsOf: Lists;
  /** Term → who carries it, in an index for each ranker that asks (see `under-terms.ts`). */
  readonly under: Readonly<Record<IndexName, Lists>>;
  readonly skills: Skills;
  readonly adjacency: Adjacency;
  /** A term as its skill writes it, else as it is. */
  termName(term: number): string;
  /** What the entity carries from now on. Writer only, as all that follows. @param intern makes a reference a dense number */
  describe(number: number, entity: StoredEntity, intern: (reference: string) => number): void;
  /** It takes its place in the lists of its terms, or leaves them. */
  enter(number: number): void;
  leave(number: number): void;
  /** Its author is a creator from now on, or is none any more. */
  credit(number: number, isByCreator: boolean): void;
  clear(number: number): void;
  settle(entities: number): void;
  /** Forgets words that only an erased member, or an earlier version of something, used. */
  forgetUnused(entities: number): void;
}

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

/** Makes the lists of some terms anew, from all carriers. @returns how many have a term and how many ask for it, by term */
const createRespell = (under: UnderTerms, { lists, skillsOf, rewrite }: TermLists) => (changed: ReadonlySet<number>, entities: number): ReadonlyMap<number, Readonly<Record<Role, number>>> => {
  const found = new Map<IndexName, Map<number, number[]>>();
  for (let number = 0; number < entities; number++) {
    if (!rewrite(number, changed)) continue;
    under.each(number, { all: lists.values(number), skills: skillsOf(number).slice() }, (name, terms) => {
      const byTerm = found.get(name) ?? new Map([...changed].map((term) => [term, [] as number[]]));
      found.set(name, byTerm);
      for (const term of terms) byTerm.get(term)?.push(number);
    });
  }
  under.replace(changed, found);
  const count = (role: Role, term: number): number => found.get(role)?.get(term)?.length ?? 0;
  return new Map([...changed].map((term) => [term, { held: count('held', term), asked: count('asked', term) }]));
};

export const openCarriers = (space: Space, items: CarrierColumns, nameOf: (entity: number) => string): Carriers => {
  const terms = openDictionary(space, 'terms');
  const skills = openSkills(space);
  const termLists = openTermLists(space, skills);
  const under = openUnderTerms(space, items);
  const respell = createRespell(under, termLists);
  const adjacency = openAdjacency(space, { skills, holders: under.lists, eachSkill: (entity, visit) => { for (const term of termLists.skillsOf(entity)) visit(term); } });
  const internAll = (names: readonly string[]): readonly number[] => [...new Set(names.map(normalise))].map((name) => terms.intern(name));
  const ownOf = (number: number): OwnTerms => ({ all: termLists.lists.values(number), skills: termLists.skillsOf(number).slice() });
  const place = (number: number, count: 1 | -1): void => {
    const own = ownOf(number);
    under.each(number, own, (name, terms) => { for (const term of terms) if (count === 1) under.add(name, term, number); else under.remove(name, term, number); });
    const role = under.rowOf(number)?.skills;
    if (role !== undefined) adjacency.count(role, own.skills, count);
  };
  return {
    terms, termsOf: termLists.lists, under: under.lists, skills, adjacency,
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
    enter: (number) => { place(number, 1); },
    leave: (number) => { place(number, -1); },
    credit: (number, isByCreator) => { for (const term of termLists.lists.values(number)) if (isByCreator) under.add('creators', term, number); else under.remove('creators', term, number); },
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
