/** For whom campaigns are meant: words of members, wishes of campaigns, and an index from the one to the other. */
import type { StoredEntity } from '../../catalog/records.ts';
import type { Space } from '../../memory/space.ts';
import { openLists, type Lists } from '../../memory/structures.ts';
import { openDictionary } from '../../memory/tables.ts';

/** Campaigns that one request looks at: the newest of each entry of the index. */
export const PER_ENTRY = 256;

const listed = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : typeof value === 'string' ? [value] : []);
const word = (list: string, value: string): string => `${list}:${value.trim().toLowerCase().replace(/\s+/gu, ' ')}`;

/** What of a member a campaign can ask for, by its lists; those that tell members apart best come first. */
const ASKED: Readonly<Record<string, string>> = { companies: 'company', skills: 'skills', topics: 'topics', industries: 'industry', places: 'place' };
const LISTS = Object.keys(ASKED);

/** Everybody: the entry of campaigns without targeting. */
export const EVERYBODY = 0;

export interface Targeting {
  /** Entries under which the campaign stands. */
  target(row: number, attributes: StoredEntity['attributes']): void;
  describe(member: number, attributes: StoredEntity['attributes']): void;
  isForEverybody(row: number): boolean;
  matches(row: number, member: number): boolean;
  forget(member: number, rows: { readonly members: number; readonly campaigns: number }): void;
  /** Entry → campaigns; member → entries. */
  readonly byEntry: Lists;
  readonly entriesOf: Lists;
}

/** Words by number; wishes of a campaign as one list: for each of its lists how many words, and the words. */
export const openTargeting = (space: Space): Targeting => {
  const words = openDictionary(space, 'targeting.words');
  const entriesOf = openLists(space, 'targeting.of');
  const wishes = openLists(space, 'targeting.wishes');
  const byEntry = openLists(space, 'targeting.entries', { keep: 2 * PER_ENTRY });
  const standsUnder = openLists(space, 'targeting.under');
  const has = (member: number, number: number): boolean => entriesOf.has(member, number + 1);
  return {
    byEntry, entriesOf,
    target: (row, attributes) => {
      const targeting = (attributes['targeting'] ?? {}) as Readonly<Record<string, unknown>>;
      const groups = LISTS.filter((list) => targeting[list] !== undefined).map((list) => listed(targeting[list]).map((value) => words.intern(word(list, value))));
      for (const entry of standsUnder.values(row)) byEntry.remove(entry, row);
      wishes.set(row, groups.flatMap((group) => [group.length, ...group]));
      const entries = groups.length === 0 ? [EVERYBODY] : [...new Set(groups[0])].map((number) => number + 1);
      standsUnder.set(row, entries);
      if (attributes['item'] !== undefined) for (const entry of entries) byEntry.push(entry, row);
    },
    describe: (member, attributes) => {
      const own = LISTS.flatMap((list) => listed(attributes[ASKED[list] ?? '']).map((value) => words.intern(word(list, value)) + 1));
      if (own.length > 0 || entriesOf.length(member) > 0) entriesOf.set(member, [...new Set(own)]);
    },
    isForEverybody: (row) => wishes.length(row) === 0,
    matches: (row, member) => {
      const { data, head } = wishes.view;
      const block = head[row] ?? 0;
      const end = block + 2 + (data[block] ?? 0);
      for (let at = block + 2; at < end;) {
        const last = at + (data[at] ?? 0);
        let found = false;
        while (at < last && !found) found = has(member, data[++at] ?? 0);
        if (!found) return false;
        at = last + 1;
      }
      return true;
    },
    forget: (member, { members, campaigns }) => {
      entriesOf.clear(member);
      const used = new Set<number>();
      for (let other = 0; other < members; other++) for (const entry of entriesOf.values(other)) used.add(entry - 1);
      for (let row = 0; row < campaigns; row++) {
        const list = wishes.values(row);
        for (let at = 0; at < list.length; at += 1 + (list[at] ?? 0)) for (const number of list.subarray(at + 1, at + 1 + (list[at] ?? 0))) used.add(number);
      }
      const unused: number[] = [];
      for (let number = 0; number < words.size(); number++) if (!used.has(number) && words.name(number) !== '') unused.push(number);
      if (unused.length > 0) words.forget(...unused);
    },
  };
};

