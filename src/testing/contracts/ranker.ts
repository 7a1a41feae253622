/** What every first-pass ranker must do, whatever it knows. A ranker's test is one call. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STATE } from '../../catalog/catalog.ts';
import { SECOND } from '../../core/clock.ts';
import { ENTITY_KINDS, SIGNAL_FAMILIES } from '../../core/registry.ts';
import { createRankedList, MAX_ACTORS } from '../../rankers/ranked-list.ts';
import type { FirstPassRanker } from '../../rankers/ranker.ts';
import type { Views } from '../../rankers/views.ts';
import { answersOf, columnsOf, requestOf, type Answer } from './answers.ts';

/** A ranker over a network that gives it something to find. `state` of an open platform serves as `views`. */
export interface RankerUnderTest {
  readonly ranker: FirstPassRanker;
  readonly views: Views;
  /** Time of the request, ms. */
  readonly now: number;
  /** Members who ask, by id. The ranker finds something for at least one of them; one without a past belongs among them. */
  readonly members: readonly string[];
  /** References of entities that were deleted; at least one of a kind that the ranker returns. */
  readonly deleted: readonly string[];
  destroy?(): Promise<void>;
}

const rank = async ({ ranker, ...network }: RankerUnderTest, member: string): Promise<readonly Answer[]> => {
  const request = requestOf(network, member);
  const list = createRankedList();
  list.clear(network.views.catalog.entities.size());
  await ranker.rank(request, list);
  list.finish(ranker.limit);
  return answersOf(list, network.views);
};

const testDeclaration = (name: string, under: () => RankerUnderTest): void => {
  test('declares a name, what it is about, registered kinds, known signals and a limit that a page can use', () => {
    const { ranker } = under();
    expect(ranker.name).toBe(name);
    expect(ranker.about).not.toBe('');
    expect(ranker.kinds.length).toBeGreaterThan(0);
    expect(ranker.kinds.filter((kind) => !ENTITY_KINDS.includes(kind))).toEqual([]);
    expect(ranker.signals.filter((signal) => !SIGNAL_FAMILIES.includes(signal))).toEqual([]);
    expect(ranker.limit).toBeGreaterThan(0);
    expect(ranker.timeoutMs ?? 1).toBeGreaterThan(0);
    expect(ranker.timeoutMs ?? 1).toBeLessThanOrEqual(SECOND);
  });
};

/** @param create called once, before the tests */
export const testRanker = (name: string, create: () => Promise<RankerUnderTest>): void => {
  describe(`first-pass ranker ${name}`, () => {
    let under: RankerUnderTest;
    let answers: readonly (readonly Answer[])[] = [];
    const all = (): readonly Answer[] => answers.flat();
    beforeAll(async () => {
      under = await create();
      answers = await Promise.all(under.members.map((member) => rank(under, member)));
    });
    afterAll(async () => { await under.destroy?.(); });

    testDeclaration(name, () => under);
    test('finds something in the network it is given', () => {
      expect(all().length).toBeGreaterThan(0);
    });
    test('returns at most its limit, each item once, best first', () => {
      for (const answer of answers) {
        expect(answer.length).toBeLessThanOrEqual(under.ranker.limit);
        expect(new Set(answer.map(({ item }) => item)).size).toBe(answer.length);
        expect(answer.map(({ score }) => score)).toEqual(answer.map(({ score }) => score).toSorted((a, b) => b - a));
      }
    });
    test('scores are finite and above zero', () => {
      expect(all().filter(({ score }) => !Number.isFinite(score) || score <= 0)).toEqual([]);
    });
    test('returns only the kinds it declares', () => {
      expect(all().filter(({ item }) => !under.ranker.kinds.includes(item.split(':', 1).join()))).toEqual([]);
    });
    test('gives a known reason for each, and names whom or which skills the reason speaks of', () => {
      expect(all().filter(({ reason }) => reason === undefined)).toEqual([]);
      expect(all().filter(({ actors, actorCount }) => actors.length !== Math.min(MAX_ACTORS, actorCount) || actors.includes(''))).toEqual([]);
      expect(all().filter(({ skills }) => ![0, 2].includes(skills.length) || skills.includes(''))).toEqual([]);
    });
    test('returns nothing that was deleted', () => {
      expect(under.deleted.some((reference) => under.ranker.kinds.includes(reference.split(':', 1).join()))).toBe(true);
      expect(all().filter(({ item }) => under.deleted.includes(item))).toEqual([]);
      expect(all().filter(({ item }) => under.views.catalog.items.columns.state[under.views.catalog.find(item)] !== STATE.alive)).toEqual([]);
    });
    test('answers the same when asked again', async () => {
      expect(await Promise.all(under.members.map((member) => rank(under, member)))).toEqual(answers);
    });
    test('leaves every column as it was', async () => {
      const before = columnsOf(under.views);
      for (const member of under.members) await rank(under, member);
      expect(columnsOf(under.views) === before).toBe(true);
    });
  });
};
