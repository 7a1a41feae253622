/** Networks in which one inventory is as large as asked and everything else stays as it is: the members who ask, whom they know, what they did. */
import { openCatalog } from '../../src/catalog/catalog.ts';
import { encodeEntity } from '../../src/catalog/records.ts';
import { DAY, MINUTE } from '../../src/core/clock.ts';
import type { Millis } from '../../src/core/ids.ts';
import { seededRandom, type Random } from '../../src/core/random.ts';
import { eventRecord } from '../../src/funnel/validate.ts';
import type { LogRecord } from '../../src/log/port.ts';
import { createSpace, type Space } from '../../src/memory/space.ts';
import { openJourney } from '../../src/journey/journey.ts';
import type { Views } from '../../src/rankers/views.ts';

export const NOW = Date.UTC(2026, 10, 21, 12) as Millis;
/** Members who ask, among members who are there in any case. */
export const VIEWERS = 400;
const MEMBERS = 5000;
const COMPANIES = 2000;
const JOBS = 1000;
const TERMS = 3000;
const BLOCK = 2000;

const below = (random: Random, n: number): number => Math.floor(random.next() * n);
/** A few terms are everywhere, most are rare. */
const term = (random: Random): string => `term ${Math.floor(random.next() ** 3 * TERMS)}`;
const terms = (random: Random, count: number): string[] => [...new Set(Array.from({ length: count }, () => term(random)))];
const company = (random: Random): string => `company:c${Math.floor(random.next() ** 2 * COMPANIES)}`;
/** Ids of one kind, the newest with the highest number. */
const agoOf = (i: number, n: number, days: number): string => new Date(NOW - (1 - i / n) * days * DAY - MINUTE).toISOString();

interface Entity { readonly kind: string; readonly id: string; readonly createdAt?: string; readonly attributes: Readonly<Record<string, unknown>> }

/** One inventory: what its entities are, and what the viewers' events point at. */
export interface Inventory {
  readonly name: string;
  /** Spaces that hold what its rankers read, beside what every entity costs. */
  readonly indexes: readonly string[];
  readonly entity: (i: number, size: number, random: Random) => Entity;
  /** What a viewer did to one of them lately. */
  readonly action?: string;
  readonly kind: string;
}

export const INVENTORIES: readonly Inventory[] = [
  { name: 'posts', kind: 'post', action: 'like', indexes: ['authored', 'creatorsBy', 'activity'], entity: (i, n, r) => ({ kind: 'post', id: `${i}`, createdAt: agoOf(i, n, 30), attributes: { text: 'x', author: `member:m${below(r, MEMBERS)}`, topics: terms(r, 3) } }) },
  { name: 'articles', kind: 'article', action: 'longView', indexes: ['articlesBy', 'timeline', 'mentions.to', 'hot', 'neighbours'], entity: (i, n, r) => ({ kind: 'article', id: `${i}`, createdAt: agoOf(i, n, 30), attributes: { title: 'x', topics: terms(r, 3), ...(i % 2 === 0 ? { mentions: [company(r)] } : {}) } }) },
  { name: 'jobs', kind: 'job', action: 'click', indexes: ['jobsBy', 'askedBy', 'adjacency'], entity: (i, n, r) => ({ kind: 'job', id: `${i}`, createdAt: agoOf(i, n, 30), attributes: { title: 'x', company: company(r), skills: terms(r, 5) } }) },
  { name: 'members', kind: 'member', indexes: ['connected', 'heldBy', 'adjacency'], entity: (i, n, r) => ({ kind: 'member', id: `x${i}`, attributes: { company: company(r), skills: terms(r, 4), connections: Array.from({ length: 10 }, () => (r.next() < 0.05 ? `member:m${below(r, MEMBERS)}` : `member:x${below(r, n)}`)) } }) },
  { name: 'courses', kind: 'course', action: 'click', indexes: ['coursesBy'], entity: (i, n, r) => ({ kind: 'course', id: `${i}`, createdAt: agoOf(i, n, 300), attributes: { title: 'x', skills: terms(r, 3) } }) },
  { name: 'groups', kind: 'group', action: 'join', indexes: ['groupsBy', 'belongsTo'], entity: (i, n, r) => ({ kind: 'group', id: `${i}`, createdAt: agoOf(i, n, 300), attributes: { name: 'x', topics: terms(r, 3) } }) },
  { name: 'events', kind: 'event', action: 'attend', indexes: ['eventsBy', 'attends'], entity: (i, n, r) => ({ kind: 'event', id: `${i}`, createdAt: agoOf(i, n, 60), attributes: { title: 'x', topics: terms(r, 3), startsAt: new Date(NOW - (1 - i / n) * 60 * DAY + r.next() * 60 * DAY).toISOString() } }) },
];

function* background(random: Random): Generator<Entity> {
  for (let i = 0; i < COMPANIES; i++) yield { kind: 'company', id: `c${i}`, attributes: { name: `Company ${i}` } };
  for (let i = 0; i < MEMBERS; i++) {
    yield {
      kind: 'member', id: `m${i}`,
      attributes: {
        name: `Member ${i}`, company: company(random), skills: terms(random, 6), topics: terms(random, 3), creator: i % 10 === 0,
        connections: Array.from({ length: 25 }, () => `member:m${below(random, MEMBERS)}`), follows: Array.from({ length: 15 }, () => company(random)),
      },
    };
  }
  for (let i = 0; i < JOBS; i++) yield { kind: 'job', id: `b${i}`, createdAt: agoOf(i, JOBS, 30), attributes: { title: 'x', company: company(random), skills: terms(random, 5) } };
}

/** What members did in the last ten days: to the inventory, as many as follow from its size or not, and to jobs. */
function* deeds(inventory: Inventory, size: number, random: Random): Generator<object> {
  let ids = 0;
  const deed = (member: number, item: string, action: string): object => ({ type: 'action', id: `e${ids++}`, member: `member:m${member}`, item, action, at: new Date(NOW - below(random, 10 * DAY) - MINUTE).toISOString() });
  for (let member = 0; member < MEMBERS; member++) {
    const many = member < VIEWERS ? 60 : 8;
    const { action, kind } = inventory;
    if (action !== undefined) for (let n = 0; n < many; n++) yield deed(member, `${kind}:${Math.floor(size * (1 - random.next() ** 3))}`, action);
    if (member < VIEWERS) for (let n = 0; n < 6; n++) yield deed(member, `job:b${below(random, JOBS)}`, 'click');
  }
}

export interface Built { readonly views: Views; readonly space: Space; readonly seconds: number }

/** What rankers read, and nothing else of a platform. @param elapsed milliseconds of the clock by which building is timed */
export const build = (inventory: Inventory, size: number, elapsed: () => number): Built => {
  const random = seededRandom(11);
  const space = createSpace();
  const catalog = openCatalog(space);
  const journey = openJourney(space, catalog);
  let sequence = 0;
  const write = (record: LogRecord): void => {
    const stored = { ...record, sequence: sequence++ };
    catalog.apply(stored);
    journey.apply(stored);
    if (sequence % BLOCK === 0) catalog.settle();
  };
  const put = ({ kind, id, createdAt, attributes }: Entity): void => {
    write({ type: 'entity', id: '', at: NOW, deduplicate: 'never', payload: encodeEntity({ kind, id, createdAt: (createdAt === undefined ? NOW : Date.parse(createdAt)) as Millis, attributes }) });
  };
  for (const entity of background(random.fork('background'))) put(entity);
  catalog.settle();
  const started = elapsed();
  const chance = random.fork(inventory.name);
  for (let i = 0; i < size; i++) put(inventory.entity(i, size, chance));
  catalog.settle();
  const seconds = (elapsed() - started) / 1000;
  for (const event of deeds(inventory, size, random.fork('deeds'))) write(eventRecord(event, { now: NOW, history: true }));
  catalog.settle();
  return { views: { catalog, journey }, space, seconds };
};
