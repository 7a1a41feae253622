import { describe, expect, test } from 'vitest';
import { DAY, HOUR, manualClock } from '../../../src/core/clock.ts';
import { parameters, RESPONSE_NAMES } from '../../../src/world/parameters.ts';
import type { ResponseName } from '../../../src/world/parameters.ts';
import { dailyPace } from '../../../src/world/pace.ts';
import { live, populate } from '../../../src/world/run.ts';
import { simulatedTimeline } from '../../../src/world/schedule.ts';
import { TOPICS } from '../../../src/world/text/fields.ts';
import type { Exposure } from '../../../src/world/truth.ts';
import { ACTIONS } from '../../../src/core/registry.ts';
import { createWorld } from '../../../src/world/world.ts';
import type { World } from '../../../src/world/world.ts';
import { createFakeFeed } from './fake-feed.ts';

const START = Date.parse('2026-11-09T08:00:00Z');
const world = createWorld(parameters());

/** Sum of what happened beside the sum of its probabilities: how many standard deviations apart. */
const createTally = (): { add(happened: boolean, probability: number): void; deviations(): number; count(): number } => {
  let observed = 0; let expected = 0; let variance = 0; let count = 0;
  return {
    add: (happened, probability) => { observed += Number(happened); expected += probability; variance += probability * (1 - probability); count++; },
    deviations: () => variance === 0 ? 0 : Math.abs(observed - expected) / Math.sqrt(variance),
    count: () => count,
  };
};
type Tallies = Map<string, ReturnType<typeof createTally>>;
const tallyOf = (tallies: Tallies, name: string): ReturnType<typeof createTally> => {
  const tally = tallies.get(name) ?? createTally();
  tallies.set(name, tally);
  return tally;
};

const liveFor = async (lived: World, days: number): Promise<{ readonly byResponse: Tallies; readonly byPosition: Tallies; readonly byDecile: Tallies }> => {
  const fake = createFakeFeed(3);
  const [byResponse, byPosition, byDecile]: [Tallies, Tallies, Tallies] = [new Map(), new Map(), new Map()];
  await populate(fake.transport, lived, { start: START });
  await live(fake.transport, lived, {
    run: 'h', timeline: simulatedTimeline(manualClock(START)), pace: dailyPace(lived.values), until: START + days * DAY, batch: 100,
    observe: (person, { card, exposure, examined, responses }) => {
      const truth = lived.truth.observable(person, exposure, card.position);
      for (const name of RESPONSE_NAMES) tallyOf(byResponse, name).add(responses.includes(name), truth[name]);
      tallyOf(byPosition, String(card.position)).add(examined, lived.truth.examination(card.position));
      tallyOf(byDecile, String(Math.floor(truth.click * 10))).add(responses.includes('click'), truth.click);
    },
  });
  return { byResponse, byPosition, byDecile };
};

const exposure: Exposure = { item: 'article:1', kind: 'article', topics: ['Hiring'], author: null, actors: [], publishedAt: START, at: START, seenBefore: 0, done: [] };
const person = world.people[0];
const probability = (name: ResponseName, changes: Partial<Exposure>): number => {
  if (person === undefined) throw new Error('the world is empty');
  return world.truth.responses(person, { ...exposure, ...changes })[name];
};

describe('what members do agrees with the truth', async () => {
  const { byResponse, byPosition, byDecile } = await liveFor(createWorld(parameters()), 4);
  test.each([...byResponse])('%s happens as often as its probabilities say', (_, tally) => expect(tally.deviations()).toBeLessThan(4));
  test('and so it does at every level of probability', () => {
    for (const [decile, tally] of byDecile) expect(tally.deviations(), `clicks of probability ${Number(decile) / 10}`).toBeLessThan(4);
  });
  test('cards are examined as often as the curve says, at every place', () => {
    expect(byPosition.size).toBeGreaterThan(30);
    for (const [position, tally] of byPosition) expect(tally.deviations(), `place ${position}`).toBeLessThan(4);
  });
});

describe('the truth', () => {
  test('knows no response that the platform has no action for', () => {
    const known = new Set(ACTIONS.map(({ name }) => name));
    expect(RESPONSE_NAMES.filter((name) => !known.has(name))).toEqual([]);
  });

  test('has an examination curve that starts at 1, never rises and keeps its floor', () => {
    const curve = Array.from({ length: 100 }, (_, position) => world.truth.examination(position));
    expect(curve[0]).toBe(1);
    expect(curve.every((one, position) => one <= (curve[position - 1] ?? 1))).toBe(true);
    expect(curve.at(-1)).toBe(world.values.examinationFloor);
  });
  test('likes fresh items better than old ones and new ones better than seen ones', () => {
    expect(probability('click', {})).toBeGreaterThan(probability('click', { at: START + 72 * HOUR }));
    expect(probability('click', {})).toBeGreaterThan(probability('click', { seenBefore: 3 }));
  });
  test('prefers the topics a member cares about, and those of friends', () => {
    const favourite = person?.inner.interest.indexOf(Math.max(...person.inner.interest)) ?? 0;
    const dullest = person?.inner.interest.indexOf(Math.min(...person.inner.interest)) ?? 0;
    const names = world.companies.flatMap((company) => company.topics);
    const byNumber = [...new Set(names)];
    expect(probability('longView', { topics: [byNumber[favourite] ?? ''] })).toBeGreaterThan(probability('longView', { topics: [byNumber[dullest] ?? ''] }));
    expect(probability('like', { actors: [...person?.inner.ties.keys() ?? []] })).toBeGreaterThan(probability('like', {}));
  });
  test('does to each kind what can be done to it, and follows only members who write for an audience', () => {
    const kinds = { join: 'group', attend: 'event', subscribe: 'newsletter', start: 'course', buy: 'course', apply: 'job', connect: 'member' } as const;
    for (const [name, kind] of Object.entries(kinds)) {
      expect(probability(name as ResponseName, { kind, item: `${kind}:none` })).toBeGreaterThan(0);
      expect(probability(name as ResponseName, { kind: 'post' })).toBe(0);
    }
    for (const { creator, ref } of world.people.slice(0, 60)) expect(probability('follow', { kind: 'member', item: ref }) > 0, ref).toBe(creator);
  });
  test('hides and reports more readily what it likes less, and likes less what somebody pays for', () => {
    for (const name of ['hide', 'report'] as const) expect(probability(name, { sponsored: true })).toBeGreaterThan(probability(name, {}));
    expect(probability('click', { sponsored: true })).toBeLessThan(probability('click', {}));
  });
  test('rises or falls with the distance from past topics, by member and by nothing else', () => {
    const odds = (p: number): number => Math.log(p / (1 - p));
    for (const one of world.people.slice(0, 20)) {
      const outside = TOPICS.findIndex((_, topic) => !one.inner.past.has(topic));
      const told: Exposure = { ...exposure, topics: [TOPICS[outside]?.name ?? ''] };
      const plain = { ...one, inner: { ...one.inner, novelty: 0 } };
      expect(odds(world.truth.responses(one, told).click) - odds(world.truth.responses(plain, told).click)).toBeCloseTo(one.inner.novelty, 9);
      const inside: Exposure = { ...exposure, topics: one.declared };
      expect(world.truth.responses(one, inside)).toEqual(world.truth.responses(plain, inside));
    }
    const novelties = world.people.map(({ inner }) => inner.novelty);
    expect(Math.min(...novelties) < -0.3 && Math.max(...novelties) > 0.3).toBe(true);
  });
  test('does once what is done once, and only to kinds it can be done to', () => {
    expect(probability('like', { done: ['like'] })).toBe(0);
    expect(probability('click', { done: ['click'] })).toBeGreaterThan(0);
    expect(probability('connect', {})).toBe(0);
    expect(probability('like', { kind: 'job' })).toBe(0);
  });
});
