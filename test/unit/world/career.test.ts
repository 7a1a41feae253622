import { describe, expect, test } from 'vitest';
import { ACTIONS, SURFACES } from '../../../src/core/registry.ts';
import { DAY, HOUR, manualClock } from '../../../src/core/clock.ts';
import { interestAt, turned } from '../../../src/world/career.ts';
import type { WorldEvent } from '../../../src/world/client.ts';
import { dailyPace } from '../../../src/world/pace.ts';
import { parameters, STALLS } from '../../../src/world/parameters.ts';
import type { Person } from '../../../src/world/people.ts';
import { live, populate } from '../../../src/world/run.ts';
import { simulatedTimeline } from '../../../src/world/schedule.ts';
import { TOPICS } from '../../../src/world/text/fields.ts';
import { createWorld } from '../../../src/world/world.ts';
import { createFakeFeed } from './fake-feed.ts';

const START = Date.parse('2026-11-09T08:00:00Z');
const DAYS = 12;
const world = createWorld(parameters({ pivots: 0.4, blips: 0.4 }));
const of = (script: string): readonly Person[] => world.people.filter(({ inner }) => inner.career.script === script);
const hours = Array.from({ length: 48 * 24 }, (_, hour) => START + hour * HOUR);

describe('a career', () => {
  test('is stable for most, and of each script for some', () => {
    const shares = createWorld(parameters({ members: 2000 })).people.map(({ inner }) => inner.career.script);
    expect(shares.filter((script) => script === 'stable').length / 2000).toBeCloseTo(0.84, 1);
    expect(Math.min(...['blip', 'pivot'].map((script) => shares.filter((one) => one === script).length))).toBeGreaterThan(100);
  });

  test('that is stable keeps every interest at every moment', () => {
    for (const { inner } of of('stable').slice(0, 5)) for (const at of hours) expect(TOPICS.map((_, topic) => interestAt(inner, topic, at))).toEqual(inner.interest);
  });

  test('that pivots spends as long on its new track as on its old one, and leaves what it was about', () => {
    for (const { inner } of of('pivot').slice(0, 5)) {
      const { career } = inner;
      const away = hours.filter((at) => turned(career, at).isTurned);
      expect(away.length / hours.length).toBeCloseTo(0.5, 2);
      for (const at of away) {
        expect(interestAt(inner, career.other, at)).toBeGreaterThan(0.9);
        expect(interestAt(inner, career.track, at)).toBeLessThan(0.35);
      }
    }
  });

  test('that strays is away for an evening and comes back as it was', () => {
    for (const { inner } of of('blip').slice(0, 5)) {
      const { career } = inner;
      const away = hours.filter((at) => turned(career, at).isTurned);
      expect(away).toHaveLength(2 * world.values.blipHours);
      for (const at of away) expect([interestAt(inner, career.other, at), interestAt(inner, career.track, at)]).toEqual([0.95, inner.interest[career.track]]);
    }
  });
});

describe('life beside the feed', async () => {
  const fake = createFakeFeed(4);
  await populate(fake.transport, world, { start: START });
  await live(fake.transport, world, { run: 'h', timeline: simulatedTimeline(manualClock(START)), pace: dailyPace(world.values), until: START + DAYS * DAY, batch: 200 });
  const errands = fake.events.filter(({ surface }) => surface !== undefined);
  const topicsOf = new Map(fake.entities.map(({ kind, id, attributes }) => [`${kind}:${id}`, [...(attributes['topics'] as readonly string[] | undefined ?? []), ...(kind === 'topic' ? [String(attributes['name'])] : [])]]));
  const isAbout = (event: WorldEvent, topic: number): boolean => topicsOf.get(event.item)?.includes(TOPICS[topic]?.name ?? '') === true && !event.item.startsWith('member:') && !event.item.startsWith('company:');
  const turnedErrands = (person: Person): readonly WorldEvent[] => errands.filter(({ member, at }) => member === person.ref && turned(person.inner.career, Date.parse(at)).isTurned);

  test('happens on every surface, with things that are there and actions that may be done to them', () => {
    expect(new Set(errands.map(({ surface }) => surface))).toEqual(new Set([...STALLS.map(({ surface }) => surface), 'search']));
    for (const { action, item, surface } of errands) {
      const row = ACTIONS.find(({ name }) => name === action);
      expect(row !== undefined && (row.targets.length === 0 || row.targets.includes(item.slice(0, item.indexOf(':')))), `${action} ${item}`).toBe(true);
      expect(topicsOf.has(item), item).toBe(true);
      expect(SURFACES.some((name) => name === surface)).toBe(true);
    }
    expect(errands.some(({ action }) => action === 'accept')).toBe(true);
  });

  test('follows a pivot onto several surfaces over days', () => {
    const spread = of('pivot').map((person) => turnedErrands(person).filter((event) => isAbout(event, person.inner.career.other)));
    const followed = spread.filter((events) => new Set(events.map(({ surface }) => surface)).size >= 2 && new Set(events.map(({ at }) => at.slice(0, 10))).size >= 2);
    expect(followed.length).toBeGreaterThan(15);
  });

  test('has nothing to do with what a member merely strays to', () => {
    const strayed = of('blip').flatMap((person) => turnedErrands(person).filter((event) => isAbout(event, person.inner.career.other) && topicsOf.get(event.item)?.length === 1));
    expect(strayed).toEqual([]);
  });
});
