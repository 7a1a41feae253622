import { describe, expect, test } from 'vitest';
import { breadthReport, breadthText, creatorsOf, giniOf, lensOf, openedBy, type Breadth, type Opened } from '../../../src/cli/world-breadth.ts';
import { seededRandom } from '../../../src/core/random.ts';
import type { FeedCard } from '../../../src/world/client.ts';
import { parameters } from '../../../src/world/parameters.ts';
import { matchOf } from '../../../src/world/truth.ts';
import { createWorld } from '../../../src/world/world.ts';

test('the Gini coefficient is 0 where all have the same, and near 1 where one has everything', () => {
  expect(giniOf([2, 2, 2, 2])).toBeCloseTo(0, 12);
  expect(giniOf([0, 0, 0, 4])).toBeCloseTo(0.75, 12);
  expect(giniOf([3, 1])).toBeCloseTo(0.25, 12);
  expect([giniOf([]), giniOf([0, 0])]).toEqual([0, 0]);
});

describe('a page', () => {
  const lens = { outside: [0, 1, 0.5, 1], creatorOf: [-1, 0, 0, 1], wanted: Uint8Array.of(1, 1) };
  const page = { places: 3, examination: (place: number) => [0.8, 0.5, 0.25, 1][place] ?? 0 };
  const opened = (order: readonly number[]): Opened => openedBy({ worth: Float64Array.of(0.5, 0.2, 0.4, 1) }, order, { lens, page });

  test('opens up what is acted on outside the past, and creators of whom a card is looked at', () => {
    const { acted, outside, reached, exposure } = opened([2, 1, 0, 3]);
    expect(acted).toBeCloseTo(0.8 * 0.4 + 0.5 * 0.2 + 0.25 * 0.5, 12);
    expect(outside).toBeCloseTo(0.8 * 0.4 * 0.5 + 0.5 * 0.2, 12);
    expect([...exposure].map((looks) => Number(looks.toFixed(9)))).toEqual([1.3, 0]);
    // Either of two cards will do; the other creator's stands below the page.
    expect(reached).toBeCloseTo(1 - 0.2 * 0.5, 12);
  });

  test('reaches nobody who is not wanted', () => {
    expect(openedBy({ worth: new Float64Array(4) }, [1, 3, 2], { lens: { ...lens, wanted: Uint8Array.of(0, 1) }, page }).reached).toBeCloseTo(0.5, 12);
  });
});

describe('a report', () => {
  const pageOf = (acted: number, outside: number, exposure: readonly number[]): Opened => ({ acted, outside, reached: exposure.filter((looks) => looks > 0).length / 2, exposure: Float64Array.from(exposure) });
  const run: Breadth = {
    wanted: [1, 1, 0, 2],
    opened: new Map([
      ['popular', Array.from({ length: 4 }, () => pageOf(1, 0.5, [1, 0]))], ['ours', Array.from({ length: 4 }, () => pageOf(2, 0.2, [0.5, 0.5]))], ['knows', Array.from({ length: 4 }, () => pageOf(3, 0.3, [0, 0]))],
    ]),
    sponsored: { ceiling: 0.05, predicted: [0.01, 0.05, Number.NaN, 0.06] },
  };
  const report = breadthReport([run, run], { ours: 'ours', more: 'knows', less: 'popular' }, { cluster: Int32Array.from({ length: 8 }, (_, n) => n), random: seededRandom(1) });
  const of = (name: string): (typeof report.rows)[number] | undefined => report.rows.find((row) => row.name === name);

  test('says the share outside the past, of what is acted on', () => {
    expect(report.rows.map(({ name, serendipity }) => [name, serendipity.mean])).toEqual([['popular', 0.5], ['ours', expect.closeTo(0.1, 12)], ['knows', expect.closeTo(0.1, 12)]]);
  });

  test('compares at the engagement of ours: half of the pages are others, which act on more or on less', () => {
    expect(of('ours')?.outsideAtEqualEngagement.mean).toBeCloseTo(0.2, 12);
    expect(of('popular')?.outsideAtEqualEngagement.mean).toBeCloseTo((0.5 + 0.3) / 2, 12);
    expect(of('knows')?.outsideAtEqualEngagement.mean).toBeCloseTo((0.5 + 0.3) / 2, 12);
  });

  test('counts those reached among those wanted, and how evenly creators of each world are looked at', () => {
    expect(report.wanted).toBe(8);
    expect([of('popular')?.reach.mean, of('ours')?.reach.mean, of('knows')?.reach.mean]).toEqual([0.5, 1, 0]);
    expect([of('popular')?.gini.mean, of('ours')?.gini.mean, of('knows')?.gini.mean]).toEqual([0.5, 0, 0]);
    expect(report.creators).toBe(4);
  });

  test('counts sponsored cards above the ceiling, and those whose prediction is no number', () => {
    expect(report.sponsored).toEqual({ cards: 8, ceiling: 0.05, aboveCeiling: 4, highest: Number.NaN });
    expect(breadthText(report)).toHaveLength(6);
  });

  test('is as wide as members differ, and no wider', () => {
    for (const { serendipity, outsideAtEqualEngagement, gini } of report.rows) for (const { mean, low, high } of [serendipity, outsideAtEqualEngagement, gini]) expect([low, high]).toEqual([expect.closeTo(mean, 12), expect.closeTo(mean, 12)]);
  });
});

test('wanted are creators whom few follow, whom the member cares for and does not know, and who have something to show', () => {
  const world = createWorld(parameters({ members: 200, creators: 0.3 }));
  const creators = creatorsOf(world);
  const { people, niche, numberOf } = creators;
  expect(people.length).toBeGreaterThan(20);
  expect(niche.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(people.length / 2);
  // Every second creator has a card, and so has somebody who is none.
  const cards = [...people.filter((_, number) => number % 2 === 0), ...world.people.filter(({ creator }) => !creator).slice(0, 1)].map(({ ref, declared }, n): FeedCard => ({
    trackingId: `t${n}`, item: `post:${n}`, kind: 'post', position: n, reason: { actors: [] }, viewer: { actions: [] }, card: { title: '', topics: declared, author: { ref }, publishedAt: '2026-01-01T00:00:00.000Z' },
  }));
  let wanted = 0;
  for (const person of world.people) {
    const lens = lensOf(cards, creators, { person, at: 0 });
    expect(lens.creatorOf).toHaveLength(cards.length);
    expect([lens.creatorOf[0], lens.creatorOf[cards.length - 1]]).toEqual([0, -1]);
    people.forEach((creator, number) => {
      if (lens.wanted[number] !== 1) return;
      wanted++;
      expect([niche[number], number % 2, numberOf(creator.ref), creator === person, person.inner.ties.has(creator.ref)]).toEqual([1, 0, number, false, false]);
      expect(matchOf(person, { topics: creator.declared, at: 0 }).interest).toBeGreaterThanOrEqual(0.5);
    });
  }
  expect(wanted).toBeGreaterThan(20);
});
