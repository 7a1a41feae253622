/**
 * Members, companies, articles, posts and jobs as columns, with the indexes that the rankers read and the social graph.
 * A projection: the writer applies records, readers read in place. One dense integer per entity of any kind.
 */
import type { Attributes } from '../core/context.ts';
import type { MemberId, Millis } from '../core/ids.ts';
import { ENTITY_KINDS, signalsOf, type SignalFamilies } from '../core/registry.ts';
import type { StoredRecord } from '../log/port.ts';
import type { Space } from '../memory/space.ts';
import { openHeap, openLists, openTable, type Lists, type Table } from '../memory/structures.ts';
import { openDictionary, type Dictionary } from '../memory/tables.ts';
import { openAlike, type Alike } from './alike.ts';
import { authorPart, cardHead, nameOf } from './cards.ts';
import { openCarriers, type Carriers } from './carriers.ts';
import { openGraph, type Graph } from './graph.ts';
import { statedAttributes, statedText } from './stated.ts';
import { statedEdges } from './stated-edges.ts';
import { openTexts, TEXT_SCHEMA, type Texts } from './texts.ts';
import { GRAMMATICAL_GENDERS, kindRow } from './kinds.ts';
import { decodeEntity, type StoredEntity } from './records.ts';
import { openTimeline, type Timeline } from './timeline.ts';

/** `mentioned`: an event or another entity named it, but nobody has described it yet. */
export const STATE = { mentioned: 0, alive: 1, deleted: 2 } as const;

const ITEM_SCHEMA = {
  kind: 'u8', state: 'u8',
  /** Milliseconds since the epoch. */
  createdAt: 'f64',
  /** Log sequence + 1 of the record that first made it alive (since it was last deleted, or dated otherwise), and of its newest record. */
  addedAt: 'f64', record: 'f64',
  /** Dense numbers + 1; 0 for none. */
  author: 'i32', about: 'i32', company: 'i32',
  ...TEXT_SCHEMA,
  /** Feed items that were there before it came. */
  serial: 'u32',
  /** 1 for a member who is a creator; and when an event begins, seconds since the epoch (0: it does not say). */
  creator: 'u8', startsAt: 'u32',
  /** Place in GRAMMATICAL_GENDERS + 1; 0 for who states none. */
  gender: 'u8',
  /** One bit per signal family that the member has switched, off or on (see `switchedBits`). */
  switched: 'u8',
} as const;

export interface Catalog extends Graph, Pick<Carriers, 'terms' | 'termsOf' | 'under' | 'skills' | 'adjacency' | 'termName'> {
  readonly entities: Dictionary;
  readonly items: Table<typeof ITEM_SCHEMA>;
  readonly texts: Texts;
  readonly alike: Alike;
  /** See `timeline.ts` for its rows. */
  readonly timeline: Lists;
  /** Actor → items authored. */
  readonly authored: Lists;
  /** The dense number of a reference, made if new. Writer only. */
  intern(reference: string): number;
  /** -1 where nobody has mentioned it. */
  find(reference: string): number;
  /** About how many feed items came after this one: exact as long as items come in order and none is deleted. */
  newer(item: number): number;
  /** As shown to others; "Someone" for who is gone or unknown. */
  nameOf(number: number): string;
  /** How it appears as an author, as JSON; empty where it is not alive. */
  authorPartOf(number: number): string;
  /** What a member states of themselves: to be used where they allow their profile to be. */
  statedBy(member: number): Attributes;
  allowed(member: number): SignalFamilies;
  /** Whether it may stand on a page: of a kind that rankers return. */
  isCandidate(number: number): boolean;
  apply(record: StoredRecord): void;
  /** Called after each block: indexes that are kept in order take in what came out of order. */
  settle(): void;
  forgetMember(member: MemberId): void;
}

export const kindNumber = (kind: string): number => ENTITY_KINDS.indexOf(kind);

const decoder = new TextDecoder();
const references = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : typeof value === 'string' ? [value] : []);
type Items = Table<typeof ITEM_SCHEMA>;

/** What becomes of an item: an edited one keeps its date, and with it its place in time. */
type Change = 'new' | 'edited' | 'redated' | 'deleted';

/** Which feed items come from an author, and where they stand in time. */
const openIndexes = (space: Space, items: Items): { readonly authored: Lists; readonly timeline: Timeline; enter(number: number, change: Change): void; leave(number: number, change: Change): void } => {
  const authored = openLists(space, 'authored', { keep: 64 });
  const timeline = openTimeline(space, items);
  const isFeedKind = (number: number): boolean => kindRow(ENTITY_KINDS[items.columns.kind[number] ?? 0] ?? '')?.inFeed === true;
  const authorOf = (number: number): number => (items.columns.author[number] ?? 0) - 1;
  return {
    authored, timeline,
    enter: (number, change) => {
      if (!isFeedKind(number)) return;
      if (change !== 'edited') timeline.add(number);
      if (authorOf(number) >= 0) authored.push(authorOf(number), number);
    },
    leave: (number, change) => {
      if (!isFeedKind(number)) return;
      if (change === 'redated') timeline.takeOut(number);
      if (change === 'deleted') timeline.remove(number);
      if (authorOf(number) >= 0) authored.remove(authorOf(number), number);
    },
  };
};

/** An item with another date stands elsewhere in the timeline and counts as new: feeds already begun leave it out, lest they show it twice. */
const stamp = (items: Items, number: number, { record, change, before }: { readonly record: StoredRecord; readonly change: Change; readonly before: number }): void => {
  if (change !== 'edited') items.columns.addedAt[number] = record.sequence + 1;
  if (change === 'new') items.columns.serial[number] = before;
  items.columns.record[number] = record.sequence + 1;
  items.columns.state[number] = STATE.alive;
};

const bury = ({ columns }: Items, number: number): void => {
  columns.state[number] = STATE.deleted;
  columns.gender[number] = 0;
};

/** How a sentence speaks of a member who says so; undefined for everybody else. */
export const genderOf = ({ items: { columns } }: Pick<Catalog, 'items'>, number: number): string | undefined => GRAMMATICAL_GENDERS[(columns.gender[number] ?? 0) - 1];

interface Described { readonly entity: StoredEntity; readonly intern: (reference: string) => number }

const LAST_SECOND = 2 ** 32 - 1;
const secondsOf = ({ kind, attributes: { startsAt } }: StoredEntity): number =>
  (kind === 'event' && typeof startsAt === 'string' ? Math.min(LAST_SECOND, Math.max(1, Math.floor(Date.parse(startsAt) / 1000))) : 0);

const GENDERS: readonly unknown[] = GRAMMATICAL_GENDERS;

/** The entities that another names as its author, subject or company; when it came into the world, and when it begins. */
const linkTo = (items: Items, number: number, { entity, intern }: Described): void => {
  items.columns.createdAt[number] = entity.createdAt;
  items.columns.startsAt[number] = secondsOf(entity);
  items.columns.gender[number] = entity.kind === 'member' ? GENDERS.indexOf(entity.attributes['grammaticalGender']) + 1 : 0;
  for (const column of ['author', 'about', 'company'] as const) {
    // What a post is about is an entity; what a member or a company writes about itself is a text.
    const reference = column === 'about' && entity.kind !== 'post' ? undefined : entity.attributes[column];
    const target = typeof reference === 'string' ? intern(reference) + 1 : 0;
    items.columns[column][number] = target;
  }
};

/** The edges that an entity's record tells of: connections and follows are added to those there are, the others are all there are. */
const relateTo = (graph: Graph, number: number, { entity, intern }: Described): void => {
  for (const other of references(entity.attributes['connections'])) graph.relate('connected', { from: number, to: intern(other), undo: false });
  for (const other of references(entity.attributes['follows'])) graph.relate('follows', { from: number, to: intern(other), undo: false });
  for (const { edge, targets } of statedEdges(entity)) graph.relateAll(edge, number, targets.map(intern));
};

/** Posts and articles stand in an index of their own as long as their author is a creator. */
const createCreators = (items: Items, { authored, credit }: Pick<Carriers, 'credit'> & { readonly authored: Lists }) => (number: number, creator: 0 | 1): void => {
  if (items.columns.creator[number] === creator) return;
  items.columns.creator[number] = creator;
  for (const item of authored.values(number)) credit(item, creator === 1);
};

const textsOf = (entity: StoredEntity): Parameters<Texts['write']>[1] => {
  const stated = statedText(entity);
  return { card: cardHead(entity), authorPart: authorPart(entity), name: nameOf(entity), ...(stated === undefined ? {} : { stated }) };
};

const textReaders = (items: Items, texts: Texts): Pick<Catalog, 'nameOf' | 'authorPartOf' | 'statedBy'> => ({
  nameOf: (number) => texts.read('name', number) || 'Someone',
  authorPartOf: (number) => texts.read('authorPart', number),
  statedBy: (member) => (member < 0 ? {} : statedAttributes(texts.read('stated', member), (items.columns.createdAt[member] ?? 0) as Millis)),
});

interface Forgetting { readonly entities: Dictionary; readonly items: Items; readonly graph: Graph; readonly authored: Lists; readonly timeline: Timeline; readonly carriers: Carriers; readonly alike: Alike }

/** A member, with what they wrote, and the words that nobody else used. */
const createForgetMember = ({ entities, items, graph, authored, timeline, carriers, alike }: Forgetting, remove: (number: number) => void) => (member: MemberId): void => {
  const number = entities.find(`member:${member}`);
  if (number < 0) return;
  // `authored` keeps the newest alone.
  for (let item = 0; item < entities.size(); item++) if (items.columns.author[item] === number + 1) remove(item);
  graph.forget(number, entities.size());
  authored.clear(number);
  remove(number);
  timeline.settle();
  items.columns.switched[number] = 0;
  entities.forget(number);
  carriers.forgetUnused(entities.size());
  alike.forgetUnused(entities.size());
};

export const openCatalog = (space: Space): Catalog => {
  const entities = openDictionary(space, 'entities');
  const items = openTable(space, 'items', ITEM_SCHEMA);
  const graph = openGraph(space);
  const { authored, timeline, enter, leave } = openIndexes(space, items);
  const texts = openTexts(space, items, openHeap(space, 'texts'));
  const carriers = openCarriers(space, items, (number) => texts.read('name', number));
  const { terms, termsOf, under, skills, adjacency, termName } = carriers;
  const alike = openAlike(space);

  const intern = (reference: string): number => {
    const number = entities.intern(reference);
    items.ensure(number);
    items.columns.kind[number] = kindNumber(reference.slice(0, reference.indexOf(':')));
    return number;
  };
  const takeForCreator = createCreators(items, { authored, credit: carriers.credit });
  const describe = (number: number, entity: StoredEntity): void => {
    linkTo(items, number, { entity, intern });
    takeForCreator(number, entity.kind === 'member' && entity.attributes['creator'] === true ? 1 : 0);
    carriers.describe(number, entity, intern);
    alike.describe(number, entity);
    texts.write(number, textsOf(entity));
    relateTo(graph, number, { entity, intern });
  };
  const remove = (number: number): void => {
    if (items.columns.state[number] !== STATE.alive) return;
    leave(number, 'deleted');
    carriers.leave(number);
    takeForCreator(number, 0);
    bury(items, number);
    texts.write(number, {});
    carriers.clear(number);
    alike.describe(number, undefined);
    for (const { edge } of statedEdges({ kind: ENTITY_KINDS[items.columns.kind[number] ?? 0] ?? '', attributes: {} })) graph.relateAll(edge, number, []);
  };
  const put = (record: StoredRecord): void => {
    const entity = decodeEntity(record.payload);
    const number = intern(`${entity.kind}:${entity.id}`);
    const wasAlive = items.columns.state[number] === STATE.alive;
    const change = !wasAlive ? 'new' : items.columns.createdAt[number] === entity.createdAt ? 'edited' : 'redated';
    if (wasAlive) { leave(number, change); carriers.leave(number); }
    describe(number, entity);
    stamp(items, number, { record, change, before: timeline.size() });
    enter(number, change);
    carriers.enter(number);
  };

  return {
    ...graph, ...textReaders(items, texts), entities, items, texts, alike, terms, termsOf, under, skills, adjacency, termName, timeline: timeline.lists, authored, intern,
    find: (reference) => entities.find(reference),
    newer: (item) => Math.max(0, timeline.size() - 1 - (items.columns.serial[item] ?? 0)),
    allowed: (member) => signalsOf(member < 0 ? 0 : (items.columns.switched[member] ?? 0)),
    isCandidate: (number) => kindRow(ENTITY_KINDS[items.columns.kind[number] ?? 0] ?? '')?.isCandidate !== false,
    apply: (record) => {
      switch (record.type) {
        case 'entity': put(record); break;
        case 'entityDeleted': remove(entities.find(decoder.decode(record.payload.subarray(1)))); break;
        case 'consent': items.columns.switched[intern(`member:${record.member ?? ''}`)] = record.payload[1] ?? 0; break;
        case 'event': case 'served': case 'erasure': case 'model': case 'experiment': case 'answered': break;
        default: record.type satisfies never;
      }
    },
    settle: () => { timeline.settle(); carriers.settle(entities.size()); },
    forgetMember: createForgetMember({ entities, items, graph, authored, timeline, carriers, alike }, remove),
  };
};
