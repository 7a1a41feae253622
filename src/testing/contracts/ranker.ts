/** What every first-pass ranker must do, whatever it knows. A ranker's test is one call. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STATE } from '../../catalog/catalog.ts';
import { MINUTE, SECOND } from '../../core/clock.ts';
import { UNASSIGNED, type RequestContext } from '../../core/context.ts';
import type { Millis, RequestId } from '../../core/ids.ts';
import { seededRandom } from '../../core/random.ts';
import { ALL_SIGNALS, ENTITY_KINDS, SIGNAL_FAMILIES } from '../../core/registry.ts';
import { createRankedList, MAX_ACTORS, termIn, type RankedList } from '../../rankers/ranked-list.ts';
import type { FirstPassRanker } from '../../rankers/ranker.ts';
import type { Views } from '../../rankers/views.ts';
import { REASON_CODES } from '../../rankers/reasons.ts';
import { createViewerReader } from '../../rankers/viewer.ts';

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

/** One candidate in words, so that two answers compare and a difference can be read. */
interface Answer { readonly item: string; readonly score: number; readonly reason: string | undefined; readonly actors: readonly string[]; readonly actorCount: number; readonly skills: readonly string[] }

const contextOf = (now: number): RequestContext => ({
  requestId: 'contract' as RequestId, now: now as Millis, deadlineMs: MINUTE, elapsed: () => 0, locale: 'en', timeZone: 'UTC', surface: 'feed', client: 'test',
  allowed: ALL_SIGNALS, random: seededRandom(1), ...UNASSIGNED,
});

const answersOf = (list: RankedList, { catalog }: Views): readonly Answer[] => Array.from({ length: list.size }, (_, row) => ({
  item: catalog.entities.name(list.item[row] ?? -1), score: list.score[row] ?? Number.NaN, reason: REASON_CODES[list.reason[row] ?? -1],
  actors: [...list.actors.subarray(row * MAX_ACTORS, (row + 1) * MAX_ACTORS)].filter((actor) => actor > 0).map((actor) => catalog.entities.name(actor - 1)),
  actorCount: list.actorCount[row] ?? 0,
  skills: [...list.actors.subarray(row * MAX_ACTORS, (row + 1) * MAX_ACTORS)].filter((place) => place < 0).map((place) => catalog.terms.name(termIn(place))),
}));

const rank = async ({ ranker, views, now }: RankerUnderTest, member: string): Promise<readonly Answer[]> => {
  const number = views.catalog.find(`member:${member}`);
  if (number < 0) throw new Error(`the contract was given a member that is not in the network: ${member}`);
  const context = contextOf(now);
  const list = createRankedList();
  list.clear(views.catalog.entities.size());
  await ranker.rank({ viewer: createViewerReader().read(number, views, context), views, context }, list);
  list.finish(ranker.limit);
  return answersOf(list, views);
};

/** Every typed array that can be reached from the views, as bytes. */
const columnsOf = (views: Views): string => {
  const seen = new Set<object>();
  const parts: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (ArrayBuffer.isView(value)) { parts.push(`${path} ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')}`); return; }
    for (const [name, child] of Object.entries(value)) visit(child, `${path}.${name}`);
  };
  visit(views, 'views');
  return parts.join('\n');
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
