/** What every cohort must do, whatever it recommends. A cohort's test is one call. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STATE } from '../../catalog/catalog.ts';
import { manualClock, MINUTE } from '../../core/clock.ts';
import { seededRandom } from '../../core/random.ts';
import { ACTIONS, ALL_SIGNALS, ENTITY_KINDS, SIGNAL_FAMILIES, type SignalFamilies, type SignalFamily } from '../../core/registry.ts';
import type { Cohort } from '../../discovery/cohort.ts';
import { rulesSchema } from '../../discovery/rules.ts';
import { NO_RELEVANCE } from '../../discovery/second-pass.ts';
import { createDiscoveryService, type DiscoveryService } from '../../discovery/service.ts';
import { TEMPLATE_NAMES } from '../../discovery/templates.ts';
import { createResult } from '../../discovery/work.ts';
import type { Views } from '../../rankers/views.ts';
import { checkMessage, valuesOf } from '../../words/words.ts';
import { answersOf, columnsOf, requestOf, type Answer } from './answers.ts';

/** A cohort over a network that gives it something to find. `state` of an open platform serves as `views`. */
export interface CohortUnderTest {
  readonly cohort: Cohort;
  readonly views: Views;
  /** Time of the request, ms. */
  readonly now: number;
  /** Members who ask, by id. The cohort finds something for at least one of them. */
  readonly members: readonly string[];
  /** Members of whom nobody knows anything, by id: it has nothing for them. Empty for a cohort that asks nothing of its viewer. */
  readonly newcomers: readonly string[];
  /** References of entities that were deleted; at least one of the cohort's kind. */
  readonly deleted: readonly string[];
  destroy?(): Promise<void>;
}

interface Found { readonly subject: string | undefined; readonly list: readonly Answer[] }
interface Card { readonly item: string; readonly kind: string; readonly position: number }
interface FullPage { readonly cohort: { readonly total: number; readonly title: string; readonly items: readonly Card[] }; readonly nextCursor: string | null; readonly missing: readonly string[] }
interface ListPage { readonly cohorts: readonly { readonly name: string; readonly items: readonly Card[] }[]; readonly missing: readonly string[] }

const MOST = 500;
const PAGE = 3;
const MANY = 1000;

/** What was fetched, transformed twice: the second time shows whether the first changed it. */
const find = async ({ cohort, ...network }: CohortUnderTest, member: string): Promise<readonly [Found, Found]> => {
  const request = requestOf(network, member);
  const once = (raw: unknown): Found => {
    const result = createResult();
    result.list.clear(network.views.catalog.entities.size());
    cohort.transform(raw, request, result);
    result.list.finish(cohort.limit);
    return { subject: result.subject, list: answersOf(result.list, network.views) };
  };
  if (cohort.eligible?.(request) === false) return [{ subject: undefined, list: [] }, { subject: undefined, list: [] }];
  const fetched = cohort.fetch(request);
  const raw = fetched instanceof Promise ? await fetched : fetched;
  return [once(raw), once(raw)];
};

const serviceOf = ({ cohort, views, now }: Pick<CohortUnderTest, 'cohort' | 'views' | 'now'>): DiscoveryService => createDiscoveryService({
  views, cohorts: [cohort], horizon: () => Number.MAX_SAFE_INTEGER, refresh: () => undefined, relevance: NO_RELEVANCE, clock: manualClock(now), elapsed: () => 0, random: seededRandom(1),
  cursorSecret: new Uint8Array(32), options: { deadlineMs: MINUTE, cursorLifetimeMs: MINUTE, rules: rulesSchema.parse({ version: 'contract', cohorts: [] }) }, emit: () => undefined,
});
const read = <T>({ json }: { readonly json: Uint8Array }): T => JSON.parse(new TextDecoder().decode(json)) as T;
const listFor = async (under: CohortUnderTest, member: string): Promise<ListPage> => read(await serviceOf(under).page({ member }));

/** "See all" to its end. */
const allPages = async ({ cohort, ...network }: CohortUnderTest, member: string, limit: number): Promise<readonly FullPage[]> => {
  const service = serviceOf({ cohort, ...network });
  const pages: FullPage[] = [];
  let cursor: string | undefined;
  do {
    const page = read<FullPage>(await service.cohort({ member, cohort: cohort.name, limit, ...(cursor === undefined ? {} : { cursor }) }));
    pages.push(page);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && pages.length < MANY);
  return pages;
};

/** The same network, whose members allow what is said here. */
const allowing = (views: Views, allowed: SignalFamilies): Views => ({ ...views, catalog: Object.create(views.catalog, { allowed: { value: () => allowed } }) as Views['catalog'] });
const without = (family: SignalFamily): SignalFamilies => ({ ...ALL_SIGNALS, [family]: false });

const testDeclaration = (name: string, under: () => CohortUnderTest): void => {
  test('declares a name, what it is about, a kind, known signals, a card whose action can be done to it, and limits that a page can use', () => {
    const { cohort } = under();
    expect(cohort.name).toBe(name);
    expect(cohort.about).not.toBe('');
    expect(ENTITY_KINDS).toContain(cohort.kind);
    expect(cohort.signals.filter((signal) => !SIGNAL_FAMILIES.includes(signal))).toEqual([]);
    expect(TEMPLATE_NAMES).toContain(cohort.card.template);
    const action = ACTIONS.find((row) => row.name === cohort.card.action);
    expect(action?.targets.length === 0 || action?.targets.includes(cohort.kind) === true).toBe(true);
    expect(cohort.limit).toBeGreaterThan(0);
    expect(cohort.limit).toBeLessThanOrEqual(MOST);
    for (const ms of [cohort.timeoutMs ?? 1, cohort.cacheMs ?? 1]) expect(ms).toBeGreaterThan(0);
  });
  test('has its words in order: each language can be said, with the same values, and speaks of nothing but its subject', () => {
    const { title, reason } = under().cohort.words;
    for (const message of reason === undefined ? [title] : [title, reason]) {
      expect(checkMessage(message, ['subject'])).toEqual([]);
    }
  });
};

const testConsent = (under: () => CohortUnderTest): void => {
  test('is not asked about a viewer who withholds one of its families, and stands whatever else is withheld', async () => {
    for (const family of SIGNAL_FAMILIES) {
      const { cohort, views, ...rest } = under();
      let asked = 0;
      const watched: Cohort = Object.create(cohort, { fetch: { value: (request: Parameters<Cohort['fetch']>[0]) => { asked++; return cohort.fetch(request); } } }) as Cohort;
      for (const member of rest.members) expect((await listFor({ ...rest, cohort: watched, views: allowing(views, without(family)) }, member)).missing).toEqual([]);
      if (cohort.signals.includes(family)) expect(asked).toBe(0);
    }
  });
};

const testPages = (under: () => CohortUnderTest): void => {
  test('goes on behind "See all" without repeats to the end, and shows nothing of the viewer\'s own', async () => {
    for (const member of under().members) {
      const [whole] = await allPages(under(), member, MANY);
      const pages = await allPages(under(), member, PAGE);
      const shown = pages.flatMap(({ cohort }) => cohort.items);
      expect(new Set(shown.map(({ item }) => item)).size).toBe(shown.length);
      expect(shown.map(({ item }) => item)).toEqual(whole?.cohort.items.map(({ item }) => item));
      expect(shown.map(({ position }) => position)).toEqual(shown.map((_, i) => i));
      expect(pages.map(({ cohort }) => cohort.total)).toEqual(pages.map(() => shown.length));
      expect(shown.map(({ item }) => item)).not.toContain(`member:${member}`);
      expect(pages.flatMap(({ missing }) => missing)).toEqual([]);
    }
  });
};

/** @param create called once, before the tests */
export const testCohort = (name: string, create: () => Promise<CohortUnderTest>): void => {
  describe(`cohort ${name}`, () => {
    let under: CohortUnderTest;
    let found: readonly (readonly [Found, Found])[] = [];
    const all = (): readonly Answer[] => found.flatMap(([{ list }]) => list);
    beforeAll(async () => {
      under = await create();
      found = await Promise.all(under.members.map((member) => find(under, member)));
    });
    afterAll(async () => { await under.destroy?.(); });

    testDeclaration(name, () => under);
    test('finds something in the network it is given', () => {
      expect(all().length).toBeGreaterThan(0);
    });
    test('returns at most its limit, each item once, best first, with scores above zero and known reasons', () => {
      for (const [{ list }] of found) {
        expect(list.length).toBeLessThanOrEqual(under.cohort.limit);
        expect(new Set(list.map(({ item }) => item)).size).toBe(list.length);
        expect(list.map(({ score }) => score)).toEqual(list.map(({ score }) => score).toSorted((a, b) => b - a));
        expect(list.filter(({ score, reason }) => !Number.isFinite(score) || score <= 0 || reason === undefined)).toEqual([]);
      }
    });
    test('returns its kind and no other, nothing that is unknown and nothing that was deleted', () => {
      const kindOf = (reference: string): string => reference.split(':', 1).join();
      expect(all().filter(({ item }) => kindOf(item) !== under.cohort.kind)).toEqual([]);
      expect(under.deleted.some((reference) => kindOf(reference) === under.cohort.kind)).toBe(true);
      expect(all().filter(({ item }) => under.deleted.includes(item))).toEqual([]);
      const { catalog } = under.views;
      expect(all().filter(({ item }) => catalog.items.columns.state[catalog.find(item)] !== STATE.alive)).toEqual([]);
    });
    test('names a subject wherever its words speak of one', () => {
      const { title, reason } = under.cohort.words;
      const speaks = [title, reason].some((message) => message !== undefined && valuesOf(message).includes('subject'));
      expect(found.filter(([{ list, subject }]) => speaks && list.length > 0 && (subject ?? '').trim() === '')).toEqual([]);
    });
    test('transforms what was fetched without changing it, and answers the same when asked again', async () => {
      for (const [first, second] of found) expect(second).toEqual(first);
      expect(await Promise.all(under.members.map((member) => find(under, member)))).toEqual(found);
    });
    test('leaves every column as it was', async () => {
      const before = columnsOf(under.views);
      for (const member of under.members) await find(under, member);
      expect(columnsOf(under.views) === before).toBe(true);
    });
    test('has an empty list for a member without a past, and the page stands', async () => {
      for (const member of under.newcomers) {
        expect((await find(under, member))[0].list).toEqual([]);
        expect(await listFor(under, member)).toMatchObject({ cohorts: [], missing: [] });
        expect(await allPages(under, member, PAGE)).toMatchObject([{ nextCursor: null, cohort: { items: [], total: 0 } }]);
      }
    });
    testConsent(() => under);
    testPages(() => under);
  });
};
