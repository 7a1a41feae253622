/**
 * Who stands under a term, in one index for each ranker that asks: whoever looks for jobs reads past no post. The newest last; events in the
 * order in which they begin.
 */
import { ENTITY_KINDS } from '../core/registry.ts';
import type { Space } from '../memory/space.ts';
import { openLists, type Lists } from '../memory/structures.ts';
import { kindRow, type KindRow } from './kinds.ts';

/** Kept under a term: the newest; of events those that begin next. A list is cut to so many when it is twice as long. */
const KEPT = 512;
/** Of events that do not say when they begin, the newest are kept. */
const UNDATED_KEPT = 64;

/**
 * Members by skills that they have, jobs by skills that they ask for; the kinds that rankers return by all their terms; posts and articles whose
 * author is a creator, and the creators themselves.
 */
const NAMES = ['held', 'asked', 'article', 'job', 'course', 'group', 'event', 'company', 'newsletter', 'hashtag', 'creators', 'influencers'] as const;
export type IndexName = (typeof NAMES)[number];
const KINDS: ReadonlySet<string> = new Set(['article', 'job', 'course', 'group', 'event', 'company', 'newsletter', 'hashtag'] satisfies IndexName[]);
const isKind = (name: string): name is IndexName => KINDS.has(name);

/** What stands in the catalogue's own columns. */
export interface CarrierColumns {
  readonly columns: {
    readonly kind: Uint8Array; readonly record: Float64Array; readonly createdAt: Float64Array;
    readonly author: Int32Array; readonly creator: Uint8Array; readonly startsAt: Uint32Array;
  };
}

/** The terms of an entity, and those of them that are skills. */
export interface OwnTerms { readonly all: Int32Array; readonly skills: Int32Array }

export interface UnderTerms {
  readonly lists: Readonly<Record<IndexName, Lists>>;
  rowOf(number: number): KindRow | undefined;
  /** Every index that an entity stands in, with the terms that it stands under there. */
  each(number: number, own: OwnTerms, visit: (name: IndexName, terms: Int32Array) => void): void;
  add(name: IndexName, term: number, number: number): void;
  remove(name: IndexName, term: number, number: number): void;
  /** Under these terms stands nobody else from now on. */
  replace(terms: ReadonlySet<number>, carriers: ReadonlyMap<IndexName, ReadonlyMap<number, readonly number[]>>): void;
}

interface Soonest { add(term: number, number: number): void; inOrder(numbers: readonly number[]): readonly number[] }

/** Events under a term: those that do not say when they begin first, then the others as they begin. */
const openSoonest = (events: Lists, { columns }: CarrierColumns): Soonest => {
  const before = (a: number, b: number): number => (columns.startsAt[a] ?? 0) - (columns.startsAt[b] ?? 0) || a - b;
  /** What came last into the world says how late it is: there is no clock here. */
  let nowSeconds = 0;
  const mayStillCome = (numbers: readonly number[]): readonly number[] => {
    const undated = numbers.filter((number) => columns.startsAt[number] === 0);
    return [...undated.slice(-UNDATED_KEPT), ...numbers.filter((number) => (columns.startsAt[number] ?? 0) >= Math.max(1, nowSeconds)).slice(0, KEPT)];
  };
  const place = (term: number, number: number): number => {
    const { data, head } = events.view;
    const first = (head[term] ?? 0) + 2;
    let low = first;
    let high = first + (data[head[term] ?? 0] ?? 0);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(data[middle] ?? 0, number) < 0) low = middle + 1; else high = middle;
    }
    return low - first;
  };
  return {
    add: (term, number) => {
      nowSeconds = Math.max(nowSeconds, Math.floor((columns.createdAt[number] ?? 0) / 1000));
      if (events.length(term) >= 2 * KEPT) events.set(term, mayStillCome([...events.values(term)]));
      events.insert(term, place(term, number), number);
    },
    inOrder: (numbers) => { const sorted = numbers.toSorted(before); return sorted.length < 2 * KEPT ? sorted : mayStillCome(sorted); },
  };
};

export const openUnderTerms = (space: Space, items: CarrierColumns): UnderTerms => {
  const open = (name: string): Lists => openLists(space, name, { keep: KEPT });
  const lists = {
    held: open('heldBy'), asked: open('askedBy'), article: open('articlesBy'), job: open('jobsBy'), course: open('coursesBy'), group: open('groupsBy'),
    event: openLists(space, 'eventsBy'), company: open('companiesBy'), newsletter: open('newslettersBy'), hashtag: open('hashtagsBy'),
    creators: open('creatorsBy'), influencers: open('influencersBy'),
  };
  const soonest = openSoonest(lists.event, items);
  const { columns } = items;
  const newest = (numbers: readonly number[]): readonly number[] => numbers.toSorted((a, b) => (columns.record[a] ?? 0) - (columns.record[b] ?? 0)).slice(-KEPT);
  const rowOf = (number: number): KindRow | undefined => kindRow(ENTITY_KINDS[columns.kind[number] ?? 0] ?? '');
  const isByCreator = (number: number): boolean => { const author = (columns.author[number] ?? 0) - 1; return author >= 0 && columns.creator[author] === 1; };
  return {
    lists, rowOf,
    each: (number, { all, skills }, visit) => {
      const row = rowOf(number);
      if (row === undefined) return;
      if (isKind(row.name)) visit(row.name, all);
      if (row.inFeed && isByCreator(number)) visit('creators', all);
      if (columns.creator[number] === 1) visit('influencers', all);
      if (row.skills !== undefined) visit(row.skills, skills);
    },
    add: (name, term, number) => { if (name === 'event') soonest.add(term, number); else lists[name].push(term, number); },
    remove: (name, term, number) => { lists[name].remove(term, number); },
    replace: (terms, carriers) => {
      for (const name of NAMES) {
        for (const term of terms) {
          const numbers = carriers.get(name)?.get(term) ?? [];
          lists[name].set(term, name === 'event' ? soonest.inOrder(numbers) : newest(numbers));
        }
      }
    },
  };
};
