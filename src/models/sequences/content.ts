/**
 * What an item is about, as at most `CONTENT_WIDTH` hashed feature ids: a model that sums learned rows for them has a vector for an item
 * that nobody has touched yet. Ids depend on the entity's own attributes alone, so they are the same in training and serving. No name
 * of a member is among them. Feature hashing: Weinberger et al. 2009.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import { kindRow } from '../../catalog/kinds.ts';
import { decodeEntity, type StoredEntity } from '../../catalog/records.ts';
import type { MemberId } from '../../core/ids.ts';
import { hash32 } from '../../core/random.ts';
import type { StoredRecord } from '../../log/port.ts';
import type { Space } from '../../memory/space.ts';
import { openTable, type Table } from '../../memory/structures.ts';

/** Feature ids per item; 0 fills what is left. */
export const CONTENT_WIDTH = 16;
/** Ids are 1 to CONTENT_BUCKETS - 1. */
export const CONTENT_BUCKETS: number = 2 ** 15;
const MOST_TERMS = 6;
/** Of a text without a title, what is read of it. */
const TEXT_READ = 300;

/** Words that stand in every title, in the languages that the demo and the usual data sets have. */
const STOP_WORDS: ReadonlySet<string> = new Set(('a an and are as at be but by for from has have how if in into is it its more not of on or our out so than that the their this to was we what when why will with you your '
  + 'o os e de da do das dos em na no nas nos para por que um uma com como se mais').split(' '));

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []);
const plain = (value: string): string => value.normalize('NFKC').trim().toLowerCase().replace(/\s+/gu, ' ');

/** The id of a feature: its name, mixed so that low bits depend on all of it. */
export const contentId = (feature: string): number => {
  let h = hash32(feature);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h ^= h >>> 13;
  return 1 + ((h >>> 0) % (CONTENT_BUCKETS - 1));
};

const wordsOf = (entity: StoredEntity): readonly string[] => {
  const { attributes } = entity;
  // A member's name says who they are and not what they are about.
  const name = entity.kind === 'member' ? '' : text(attributes['name']);
  const title = text(attributes['title']) || text(attributes['headline']) || name || (text(attributes['text']) || text(attributes['summary']) || text(attributes['about'])).slice(0, TEXT_READ);
  return (plain(title).match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 1 && !STOP_WORDS.has(word));
};

/** Each word, and with it the pair that it makes with the word before. */
const phrasesOf = (words: readonly string[]): readonly string[] => words.flatMap((word, i) => (i === 0 ? [`w:${word}`] : [`w:${word}`, `b:${words[i - 1] ?? ''} ${word}`]));

/** Features by name, the most telling first. */
const featuresOf = (entity: StoredEntity): readonly string[] => {
  const { attributes, kind } = entity;
  const own = (prefix: string, name: string): readonly string[] => (text(attributes[name]) === '' ? [] : [`${prefix}:${plain(text(attributes[name]))}`]);
  const named = kindRow(kind)?.isTerm === true ? [text(attributes['name'])] : [];
  const terms = [...named, ...texts(attributes['topics']), ...texts(attributes['skills'])].map((term) => `t:${plain(term)}`);
  return [
    `k:${kind}`, ...own('a', 'author'), ...own('c', 'company'), ...own('s', 'source'), ...own('i', 'industry'), ...own('l', 'language'),
    ...[...new Set(terms)].slice(0, MOST_TERMS), ...phrasesOf(wordsOf(entity)),
  ];
};

/** @returns CONTENT_WIDTH ids, distinct, the most telling first, zeros behind */
export const contentFeatures = (entity: StoredEntity): Uint16Array => {
  const ids = new Uint16Array(CONTENT_WIDTH);
  let count = 0;
  for (const feature of featuresOf(entity)) {
    if (count === CONTENT_WIDTH) break;
    const id = contentId(feature);
    if (!ids.subarray(0, count).includes(id)) ids[count++] = id;
  }
  return ids;
};

/** Rows of shared memory: feature f of entity n is row n × CONTENT_WIDTH + f. All zero for what nobody has described. */
export interface Content {
  readonly rows: Table<{ readonly feature: 'u16' }>;
  /**
   * To be called before the catalogue applies the same record: whoever then sees the entity's version (`catalog.items.columns.version`)
   * sees the content that belongs to it. Writer only.
   */
  apply(record: StoredRecord): void;
  /** To be called before the catalogue forgets the member. Writer only. */
  forget(member: MemberId): void;
  /** The ids of one entity; all zero where it is not described. */
  of(entity: number): Uint16Array;
}

const decoder = new TextDecoder();
const NOTHING = new Uint16Array(CONTENT_WIDTH);

export const openContent = (space: Space, catalog: Catalog): Content => {
  const rows = openTable(space, 'content', { feature: 'u16' });
  const write = (entity: number, ids: Uint16Array): void => {
    if (entity < 0) return;
    rows.ensure((entity + 1) * CONTENT_WIDTH);
    rows.columns.feature.set(ids, entity * CONTENT_WIDTH);
  };
  return {
    rows,
    apply: (record) => {
      if (record.type === 'entity') {
        const entity = decodeEntity(record.payload);
        write(catalog.intern(`${entity.kind}:${entity.id}`), contentFeatures(entity));
      } else if (record.type === 'entityDeleted') write(catalog.find(decoder.decode(record.payload.subarray(1))), NOTHING);
    },
    forget: (member) => {
      const number = catalog.find(`member:${member}`);
      if (number < 0) return;
      write(number, NOTHING);
      const { author } = catalog.items.columns;
      for (let item = 0; item < catalog.entities.size(); item++) if (author[item] === number + 1) write(item, NOTHING);
    },
    of: (entity) => {
      const start = entity * CONTENT_WIDTH;
      return entity < 0 || start + CONTENT_WIDTH > rows.columns.feature.length ? NOTHING.slice() : rows.columns.feature.slice(start, start + CONTENT_WIDTH);
    },
  };
};
