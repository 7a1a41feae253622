/** What there is beside the feed: schools, hashtags, courses, groups, newsletters, gatherings and the topics that one can search for, a few for each topic. */
import { pick, sample } from './chance.ts';
import type { Entity } from './content.ts';
import { fill } from './text/frames.ts';
import { PLACES } from './text/names.ts';
import { skillsOf } from './text/occupations.ts';
import { SCHOOLS } from './text/schools.ts';
import { TOPICS } from './text/fields.ts';
import type { World } from './world.ts';

/** Texts by kind, one entity for each. {Thing} {topic} {place} {company}: see text/frames.ts. */
const FRAMES: Readonly<Record<'group' | 'course' | 'newsletter' | 'event', readonly (readonly [name: string, text: string])[]>> = {
  group: [
    ['{topic} practitioners', 'Questions, answers and war stories about {thing}.'], ['{topic} in {place}', 'People near {place} who meet, and talk about {thing} in between.'], ['New to {topic}', 'For the first years: no question about {thing} is too simple.'],
  ],
  course: [
    ['{Thing}: foundations', 'From first principles to a small project of your own.'], ['{topic} in practice', 'Case studies on {thing}, with exercises.'],
    ['{topic} for leads', 'Deciding about {thing} when you no longer do it yourself.'], ['A week of {thing}', 'Five short lessons, one for each working day.'],
  ],
  newsletter: [['The {topic} letter', 'Every second week: what is new in {thing}, and what can wait.'], ['Notes on {thing}', 'One person, one page a week.']],
  event: [['{topic} meet-up in {place}', 'Short talks about {thing}, and time to talk.']],
};
const NAMED: ReadonlySet<string> = new Set(['group']);

const standing = (world: World, topic: number, founded: string): readonly Entity[] => {
  const of = TOPICS[topic];
  if (of === undefined) return [];
  const own: Entity = { kind: 'topic', id: `t${topic}`, createdAt: founded, attributes: { name: of.name } };
  const hashtag: Entity = { kind: 'hashtag', id: `h${topic}`, createdAt: founded, attributes: { name: of.name.replaceAll(/\W/gu, '').toLowerCase(), topics: [of.name] } };
  const creators = world.declaring(of.name).filter(({ creator }) => creator);
  return [own, hashtag, ...Object.entries(FRAMES).flatMap(([kind, frames]) => frames.map(([title, text], number): Entity => {
    const random = world.random.fork(`shelf:${kind}:${topic}:${number}`);
    const company = pick(random, world.companies.filter(({ topics }) => topics.includes(of.name)).concat(world.companies.slice(0, 1)));
    const slots = { topic: of.name, thing: pick(random, of.things), place: pick(random, PLACES).split(',')[0] ?? '', company: company.name };
    // Every second newsletter is a creator's, where one writes about it.
    const author = kind === 'newsletter' && number === 1 && creators.length > 0 ? pick(random, creators) : company;
    const attributes = NAMED.has(kind)
      ? { name: fill(title, slots), about: fill(text, slots), topics: [of.name] }
      : { title: fill(title, slots), summary: fill(text, slots), author: author.ref, topics: [of.name], ...(kind === 'course' ? { skills: sample(random, skillsOf(of), 2) } : {}) };
    return { kind, id: `${kind.charAt(0)}${topic}-${number + 1}`, createdAt: founded, attributes };
  }))];
};

/** Everything that stands there from the beginning. A pure function of the world and the date. */
export const standingEntities = (world: World, founded: string): readonly Entity[] => [
  ...SCHOOLS.map(({ id, name, place, about }): Entity => ({ kind: 'school', id, createdAt: founded, attributes: { name, place, about } })),
  ...TOPICS.flatMap((_, topic) => standing(world, topic, founded)),
];

/** References by kind and topic, so that a member can look for something. */
export interface Shelves { add(entity: Entity): void; of(kind: string, topic: string): readonly string[] }

/** @param entities what there is in the beginning; what is published later is added */
export const createShelves = (entities: readonly Entity[]): Shelves => {
  const shelves = new Map<string, string[]>();
  const add = ({ kind, id, attributes }: Entity): void => {
    for (const topic of Array.isArray(attributes['topics']) ? attributes['topics'] as readonly string[] : []) {
      const key = `${kind} ${topic}`;
      const shelf = shelves.get(key);
      if (shelf === undefined) shelves.set(key, [`${kind}:${id}`]);
      else shelf.push(`${kind}:${id}`);
    }
  };
  for (const entity of entities) add(entity);
  return { add, of: (kind, topic) => shelves.get(`${kind} ${topic}`) ?? [] };
};
