/**
 * Members, companies, articles, posts and jobs as columns, with the indexes that the rankers read and the social graph.
 * A projection: the writer applies records, readers read in place. One dense integer per entity of any kind.
 */
import type { MemberId } from '../core/ids.ts';
import { ALL_SIGNALS, ENTITY_KINDS, SIGNAL_FAMILIES, type SignalFamilies } from '../core/registry.ts';
import type { StoredRecord } from '../log/port.ts';
import type { Space } from '../memory/space.ts';
import { openHeap, openLists, openTable, type Heap, type Lists, type Table } from '../memory/structures.ts';
import { openDictionary, type Dictionary } from '../memory/tables.ts';
import { authorPart, cardHead, nameOf } from './cards.ts';
import { decodeEntity, type StoredEntity } from './records.ts';

/** `mentioned`: an event or another entity named it, but nobody has described it yet. */
export const STATE = { mentioned: 0, alive: 1, deleted: 2 } as const;

/** Kinds that stand in the timeline; members and companies reach the feed through rankers alone. */
export const FEED_KINDS: readonly string[] = ['article', 'post', 'job'];

const ITEM_SCHEMA = {
  kind: 'u8', state: 'u8',
  /** Milliseconds since the epoch. */
  createdAt: 'f64',
  /** Log sequence + 1 of the record that first made it alive (since it was last deleted, or dated otherwise), and of its newest record. */
  addedAt: 'f64', record: 'f64',
  /** Dense numbers + 1; 0 for none. */
  author: 'i32', about: 'i32', company: 'i32',
  /** Places in the text heap; offset 0 for none. */
  card: 'u32', cardLength: 'u32', authorPart: 'u32', authorPartLength: 'u32', name: 'u32', nameLength: 'u32',
  /** Odd while its texts change, and another even number afterwards. */
  version: 'i32',
  /** Feed items that were there before it came. */
  serial: 'u32',
  /** One bit per signal family that the member has switched off. */
  withheld: 'u8',
} as const;

export type TextColumn = 'card' | 'authorPart' | 'name';
const TEXT_COLUMNS: readonly TextColumn[] = ['card', 'authorPart', 'name'];

export interface Catalog {
  readonly entities: Dictionary;
  readonly items: Table<typeof ITEM_SCHEMA>;
  readonly texts: Heap;
  readonly terms: Dictionary;
  /** Entity → its topics and skills (dense terms); term → recent feed items that carry it. */
  readonly termsOf: Lists;
  readonly byTerm: Lists;
  /** Row 0: every feed item alive, oldest first by (createdAt, number). Row 1 + kind: the same for one kind. */
  readonly timeline: Lists;
  /** Member → members (both ways); member → members and companies followed; actor → items authored. */
  readonly connections: Lists;
  readonly follows: Lists;
  readonly authored: Lists;
  /**
   * Hands a text of an entity to `take`: again, should it have changed meanwhile (texts are overwritten in place, under readers in
   * other threads). @returns false where there is none
   */
  readText(column: TextColumn, number: number, take: (bytes: Uint8Array, offset: number, length: number) => void): boolean;
  /** The dense number of a reference, made if new. Writer only. */
  intern(reference: string): number;
  /** -1 where nobody has mentioned it. */
  find(reference: string): number;
  /** About how many feed items came after this one: exact as long as items come in order and none is deleted. */
  newer(item: number): number;
  allowed(member: number): SignalFamilies;
  apply(record: StoredRecord): void;
  /** Called after each block: indexes that are kept in order take in what came out of order. */
  settle(): void;
  connect(a: number, b: number, undo: boolean): void;
  follow(member: number, target: number, undo: boolean): void;
  forget(member: MemberId): void;
}

export const kindNumber = (kind: string): number => ENTITY_KINDS.indexOf(kind);

const encoder = new TextEncoder();
const references = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : typeof value === 'string' ? [value] : []);
const normalise = (term: string): string => term.trim().toLowerCase().replace(/\s+/gu, ' ').slice(0, 80);

export const openCatalog = (space: Space): Catalog => {
  const entities = openDictionary(space, 'entities');
  const terms = openDictionary(space, 'terms');
  const items = openTable(space, 'items', ITEM_SCHEMA);
  const texts = openHeap(space, 'texts');
  const lists = (name: string, keep?: number): Lists => openLists(space, name, keep === undefined ? {} : { keep });
  const termsOf = lists('termsOf');
  const byTerm = lists('byTerm', 512);
  const timeline = lists('timeline');
  const connections = lists('connections');
  const follows = lists('follows');
  const authored = lists('authored', 64);
  /** Newcomers of this block, not yet in the timeline. */
  let arrivals: number[] = [];

  const intern = (reference: string): number => {
    const number = entities.intern(reference);
    items.ensure(number);
    items.columns.kind[number] = kindNumber(reference.slice(0, reference.indexOf(':')));
    return number;
  };
  const wipe = (column: TextColumn, number: number): void => {
    const lengths = items.columns[`${column}Length`];
    texts.wipe(items.columns[column][number] ?? 0, lengths[number] ?? 0);
    items.columns[column][number] = 0;
    lengths[number] = 0;
  };
  const write = (number: number, written: Readonly<Partial<Record<TextColumn, string>>>): void => {
    Atomics.add(items.columns.version, number, 1);
    for (const column of TEXT_COLUMNS) {
      wipe(column, number);
      const text = written[column];
      if (text === undefined) continue;
      const bytes = encoder.encode(text);
      items.columns[column][number] = texts.write(bytes);
      items.columns[`${column}Length`][number] = bytes.length;
    }
    Atomics.add(items.columns.version, number, 1);
  };
  const readText: Catalog['readText'] = (column, number, take) => {
    for (;;) {
      const version = Atomics.load(items.columns.version, number);
      const offset = items.columns[column][number] ?? 0;
      const length = items.columns[`${column}Length`][number] ?? 0;
      if (version % 2 === 0) take(texts.view.bytes, offset, length);
      if (!space.isCurrent()) space.refresh();
      else if (version % 2 === 0 && Atomics.load(items.columns.version, number) === version) return offset !== 0;
    }
  };
  const isFeedKind = (number: number): boolean => FEED_KINDS.includes(ENTITY_KINDS[items.columns.kind[number] ?? 0] ?? '');
  const before = (a: number, b: number): number => {
    const { createdAt } = items.columns;
    return (createdAt[a] ?? 0) - (createdAt[b] ?? 0) || a - b;
  };
  const insert = (row: number, added: readonly number[]): void => {
    const current = timeline.values(row);
    const last = current[current.length - 1];
    if (last === undefined || before(last, added[0] ?? 0) < 0) { for (const number of added) timeline.push(row, number); return; }
    timeline.set(row, Int32Array.from([...current, ...added]).sort(before));
  };
  const leave = (number: number): void => {
    timeline.remove(0, number);
    timeline.remove(1 + (items.columns.kind[number] ?? 0), number);
    for (const term of termsOf.values(number)) byTerm.remove(term, number);
    const author = (items.columns.author[number] ?? 0) - 1;
    if (author >= 0) authored.remove(author, number);
  };
  const symmetric = (lists_: Lists, a: number, b: number, undo: boolean): void => {
    if (undo) { lists_.remove(a, b); lists_.remove(b, a); return; }
    if (!lists_.has(a, b)) { lists_.push(a, b); lists_.push(b, a); }
  };
  const connect = (a: number, b: number, undo: boolean): void => { if (a !== b) symmetric(connections, a, b, undo); };
  const follow = (member: number, target: number, undo: boolean): void => {
    if (undo) follows.remove(member, target);
    else if (!follows.has(member, target)) follows.push(member, target);
  };

  const describe = (number: number, entity: StoredEntity): void => {
    const { attributes } = entity;
    const { columns } = items;
    const link = (column: 'author' | 'about' | 'company', name: string): void => {
      // What a post is about is an entity; what a member or a company writes about itself is a text.
      const reference = name === 'about' && entity.kind !== 'post' ? undefined : attributes[name];
      const target = typeof reference === 'string' ? intern(reference) + 1 : 0;
      items.columns[column][number] = target;
    };
    link('author', 'author'); link('about', 'about'); link('company', 'company');
    columns.createdAt[number] = entity.createdAt;
    const own = [...new Set([...references(attributes['topics']), ...references(attributes['skills'])].map(normalise))].map((term) => terms.intern(term));
    termsOf.set(number, own);
    write(number, { card: cardHead(entity), authorPart: authorPart(entity), name: nameOf(entity) });
    for (const other of references(attributes['connections'])) connect(number, intern(other), false);
    for (const other of references(attributes['follows'])) follow(number, intern(other), false);
  };
  const enter = (number: number): void => {
    if (!isFeedKind(number)) return;
    arrivals.push(number);
    for (const term of termsOf.values(number)) byTerm.push(term, number);
    const author = (items.columns.author[number] ?? 0) - 1;
    if (author >= 0) authored.push(author, number);
  };
  const remove = (number: number): void => {
    if (items.columns.state[number] !== STATE.alive) return;
    if (isFeedKind(number)) leave(number);
    arrivals = arrivals.filter((arrival) => arrival !== number);
    const { columns } = items;
    columns.state[number] = STATE.deleted;
    write(number, {});
    termsOf.clear(number);
  };
  /** Words that only an erased member, or an earlier version of something, used. */
  const forgetUnusedTerms = (): void => {
    const used = new Set<number>();
    for (let number = 0; number < entities.size(); number++) for (const term of termsOf.values(number)) used.add(term);
    const unused: number[] = [];
    for (let term = 0; term < terms.size(); term++) if (!used.has(term) && terms.name(term) !== '') unused.push(term);
    terms.forget(...unused);
  };
  const put = (record: StoredRecord): void => {
    const entity = decodeEntity(record.payload);
    const number = intern(`${entity.kind}:${entity.id}`);
    const wasAlive = items.columns.state[number] === STATE.alive;
    const isRedated = wasAlive && items.columns.createdAt[number] !== entity.createdAt;
    if (wasAlive && isFeedKind(number)) leave(number);
    arrivals = arrivals.filter((arrival) => arrival !== number);
    describe(number, entity);
    // An item with another date stands elsewhere in the timeline: feeds already begun leave it out, lest they show it twice.
    if (!wasAlive || isRedated) items.columns.addedAt[number] = record.sequence + 1;
    if (!wasAlive) {
      items.columns.serial[number] = timeline.length(0) + arrivals.length;
    }
    items.columns.record[number] = record.sequence + 1;
    items.columns.state[number] = STATE.alive;
    enter(number);
  };

  return {
    entities, items, texts, terms, termsOf, byTerm, timeline, connections, follows, authored, intern, connect, follow, readText,
    find: (reference) => entities.find(reference),
    newer: (item) => Math.max(0, timeline.length(0) - 1 - (items.columns.serial[item] ?? 0)),
    allowed: (member) => {
      const bits = member < 0 ? 0 : (items.columns.withheld[member] ?? 0);
      if (bits === 0) return ALL_SIGNALS;
      return Object.fromEntries(SIGNAL_FAMILIES.map((family, i) => [family, (bits & (1 << i)) === 0])) as unknown as SignalFamilies;
    },
    apply: (record) => {
      switch (record.type) {
        case 'entity': put(record); break;
        case 'entityDeleted': {
          const number = entities.find(new TextDecoder().decode(record.payload.subarray(1)));
          if (number >= 0) remove(number);
          break;
        }
        case 'consent': items.columns.withheld[intern(`member:${record.member ?? ''}`)] = record.payload[1] ?? 0; break;
        case 'event': case 'served': case 'erasure': case 'model': break;
        default: record.type satisfies never;
      }
    },
    settle: () => {
      if (arrivals.length === 0) return;
      const sorted = arrivals.sort(before);
      arrivals = [];
      insert(0, sorted);
      for (const kind of new Set(sorted.map((number) => items.columns.kind[number] ?? 0))) insert(1 + kind, sorted.filter((number) => items.columns.kind[number] === kind));
    },
    forget: (member) => {
      const number = entities.find(`member:${member}`);
      if (number < 0) return;
      // `authored` keeps the newest alone.
      for (let item = 0; item < entities.size(); item++) if (items.columns.author[item] === number + 1) remove(item);
      for (const other of connections.values(number)) connections.remove(other, number);
      for (let other = 0; other < entities.size(); other++) follows.remove(other, number);
      connections.clear(number); follows.clear(number); authored.clear(number);
      remove(number);
      entities.forget(number);
      forgetUnusedTerms();
    },
  };
};
