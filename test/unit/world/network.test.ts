/** The whole network at its beginning: kinds, careers, who belongs where. */
import { describe, expect, test } from 'vitest';
import { kindRow } from '../../../src/catalog/kinds.ts';
import { DAY } from '../../../src/core/clock.ts';
import { eventSchema } from '../../../src/funnel/events.ts';
import { firstDeeds } from '../../../src/world/belonging.ts';
import { inBurst } from '../../../src/world/career.ts';
import { RANKS } from '../../../src/world/life-story.ts';
import { parameters, type Scalars } from '../../../src/world/parameters.ts';
import { PERTURBED } from '../../../src/world/perturbed.ts';
import { firstEntities } from '../../../src/world/run.ts';
import { OCCUPATIONS, skillsOf, titlesOf } from '../../../src/world/text/occupations.ts';
import { TOPICS } from '../../../src/world/text/fields.ts';
import { createWorld } from '../../../src/world/world.ts';

const START = Date.parse('2026-11-09T08:00:00Z');
const world = createWorld(parameters({ members: 400 }));
const entities = firstEntities(world, START);
const refs = new Set(entities.map(({ kind, id }) => `${kind}:${id}`));
const of = (kind: string) => entities.filter((entity) => entity.kind === kind);
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

describe('the network', () => {
  test('has every kind that a professional network has, and attributes that its kinds allow', () => {
    const kinds = ['member', 'company', 'school', 'article', 'post', 'job', 'group', 'course', 'event', 'newsletter', 'topic', 'hashtag', 'campaign'];
    expect(kinds.filter((kind) => of(kind).length === 0)).toEqual([]);
    for (const { kind, attributes } of entities) expect(kindRow(kind)?.attributes.safeParse(attributes).error, JSON.stringify(attributes)).toBe(undefined);
  });

  test('points only at what is there', () => {
    for (const { kind, id, attributes } of entities) {
      const positions = (attributes['positions'] ?? []) as readonly { readonly company: string }[];
      const education = (attributes['education'] ?? []) as readonly { readonly school: string }[];
      const named = [...texts(attributes['connections']), ...texts(attributes['follows']), ...texts(attributes['mentions']), ...['author', 'company', 'item', 'advertiser'].flatMap((name) => (typeof attributes[name] === 'string' ? [String(attributes[name])] : []))];
      for (const ref of [...named, ...positions.map(({ company }) => company), ...education.map(({ school }) => school)]) expect(refs.has(ref), `${kind}:${id} names ${ref}`).toBe(true);
    }
  });

  test('has titles and tools of every topic from the table, and no two topics with the same ones', () => {
    expect(Object.keys(OCCUPATIONS).sort()).toEqual(TOPICS.map(({ name }) => name).sort());
    for (const topic of TOPICS) expect([titlesOf(topic).length >= 8, skillsOf(topic).length >= 8, new Set(skillsOf(topic)).size]).toEqual([true, true, skillsOf(topic).length]);
    expect(new Set(TOPICS.map((topic) => skillsOf(topic).join('|'))).size).toBe(TOPICS.length);
  });

  test('pays for updates and jobs to be seen: a budget, a bid and days that are in order', () => {
    const items = new Set(of('campaign').map(({ attributes }) => String(attributes['item']).split(':')[0]));
    expect(items).toEqual(new Set(['post', 'job']));
    const pays = new Set(of('campaign').map(({ attributes }) => attributes['pays']));
    expect(pays).toEqual(new Set(['click', 'impressions']));
  });

  test('is named by its members: articles and posts mention companies, newsletters and events have creators behind them', () => {
    const mentioning = (kind: string): number => of(kind).filter(({ attributes }) => texts(attributes['mentions']).length > 0).length;
    expect(Math.min(mentioning('post'), mentioning('article'))).toBeGreaterThan(5);
    const creators = new Set(world.people.filter(({ creator }) => creator).map(({ ref }) => ref));
    for (const kind of ['newsletter', 'event']) expect(of(kind).some(({ attributes }) => creators.has(String(attributes['author'])))).toBe(true);
  });
});

describe('members', () => {
  test('have a career behind them: positions in order, the last of them now, and schools before', () => {
    for (const { story, company } of world.people) {
      const [now] = story.positions;
      expect([now?.company, now?.to]).toEqual([company, undefined]);
      story.positions.forEach(({ from, to }, n) => {
        expect(from <= (to ?? '9')).toBe(true);
        if (n > 0) expect((to ?? '') <= (story.positions[n - 1]?.from ?? '')).toBe(true);
      });
      expect((story.education.at(-1)?.to ?? '9') <= (story.positions.at(-1)?.from ?? '')).toBe(true);
      expect(story.headline.length > 0 && story.about.length > 0).toBe(true);
    }
  });

  test('rise in rank with the years', () => {
    const mean = (of: readonly number[]): number => of.reduce((sum, one) => sum + one, 0) / of.length;
    const years = RANKS.map((_, rank) => mean(world.people.filter(({ story }) => story.rank === rank).map(({ story }) => story.years)));
    expect(years.toSorted((a, b) => a - b)).toEqual(years);
  });

  test('follow creators by what they care about, and creators write most', () => {
    const { people } = world;
    const byRef = new Map(people.map((person) => [person.ref, person]));
    const shares = (one: readonly number[], other: readonly number[]): number => one.reduce((sum, value, topic) => sum + value * (other[topic] ?? 0), 0);
    const creators = people.filter(({ creator }) => creator);
    let followed = 0; let any = 0; let pairs = 0;
    for (const person of people) {
      for (const ref of texts(person.attributes['follows'])) {
        const creator = byRef.get(ref);
        if (creator === undefined) continue;
        expect(creator.creator).toBe(true);
        followed += shares(person.inner.interest, creator.inner.interest);
        any += creators.reduce((sum, one) => sum + shares(person.inner.interest, one.inner.interest), 0) / creators.length;
        pairs++;
      }
    }
    expect(pairs).toBeGreaterThan(people.length);
    expect(followed).toBeGreaterThan(1.1 * any);
    const authorship = (isCreator: boolean): number => { const some = people.filter(({ creator }) => creator === isCreator); return some.reduce((sum, { inner }) => sum + inner.authorship, 0) / some.length; };
    expect(authorship(true)).toBeGreaterThan(2 * authorship(false));
  });

  test('belong to groups, read newsletters, go to events and have begun courses of theirs before the history begins', () => {
    const deeds = firstDeeds(world, { entities, start: START });
    expect(new Set(deeds.map(({ action }) => action))).toEqual(new Set(['join', 'subscribe', 'attend', 'start']));
    expect(new Set(deeds.map(({ id }) => id)).size).toBe(deeds.length);
    for (const deed of deeds) {
      expect(eventSchema.safeParse(deed).error, JSON.stringify(deed)).toBe(undefined);
      expect(refs.has(deed.item) && Date.parse(deed.at) <= START && Date.parse(deed.at) >= START - world.values.backlogDays * DAY).toBe(true);
    }
    const joins = deeds.filter(({ action }) => action === 'join').length / world.people.length;
    expect(joins).toBeGreaterThan(0.7 * world.values.groupsJoined);
    expect(joins).toBeLessThan(1.3 * world.values.groupsJoined);
  });

  test('who have bursts have them for their days and no others', () => {
    const hours = Array.from({ length: world.values.turnDays * 24 }, (_, hour) => START + hour * 3_600_000);
    const bursting = world.people.filter(({ inner }) => inner.career.burstMs > 0);
    expect(bursting.length / world.people.length).toBeCloseTo(world.values.bursts, 1);
    for (const { inner } of bursting.slice(0, 5)) expect(hours.filter((at) => inBurst(inner.career, at))).toHaveLength(24 * world.values.burstDays);
    for (const { inner } of world.people.filter(({ inner: { career } }) => career.burstMs === 0).slice(0, 5)) expect(hours.some((at) => inBurst(inner.career, at))).toBe(false);
  });
});

describe('worlds that differ', () => {
  test('are five, each in what it names and in nothing that it does not', () => {
    expect(PERTURBED).toHaveLength(5);
    for (const { name, values } of PERTURBED) {
      for (const [parameter, value] of Object.entries(values)) expect(value, `${name}: ${parameter}`).not.toBe(parameters()[parameter as keyof Scalars]);
    }
    expect(new Set(PERTURBED.flatMap(({ values }) => Object.keys(values))).size).toBeGreaterThan(20);
  });
});
