import { describe, expect, test } from 'vitest';
import { COHORTS } from '../../src/discovery/pool/index.ts';
import { DEFAULT_RULES, rulesSchema } from '../../src/discovery/rules.ts';
import { cohortPageSchema, discoverySchema } from '../../src/http/discovery-contracts.ts';
import { discoveryNetwork } from '../support/discovery-network.ts';

const itemsOf = (page: { readonly cohorts: readonly { readonly items: readonly { readonly item: string }[] }[] }): readonly string[] => page.cohorts.flatMap(({ items }) => items.map(({ item }) => item));
const named = <T extends { readonly name: string }>(cohorts: readonly T[], name: string): T => {
  const found = cohorts.find((cohort) => cohort.name === name);
  if (found === undefined) throw new Error(`there is no ${name} among ${cohorts.map((cohort) => cohort.name).join(', ')}`);
  return found;
};
/** Rules that allow every cohort of the pool. */
const ALL = rulesSchema.parse({ ...DEFAULT_RULES, most: 20 });

describe('the cohorts of a member', () => {
  test('are as the API describes them, and every cohort of the pool has something', async () => {
    const { page } = await discoveryNetwork({ discovery: { rules: ALL } });
    const found = await page('ana');
    expect(discoverySchema.parse(found)).toEqual(found);
    expect(found.cohorts.map(({ name }) => name)).toEqual(COHORTS.map(({ name }) => name));
    expect(found.missing).toEqual([]);
  });

  test('follow the listed order, and no more of them stand than the rules allow', async () => {
    const rules = rulesSchema.parse({ version: 'mine', cohorts: [{ name: 'hashtags', items: 2 }, { name: 'pages' }], most: 3 });
    const { page } = await discoveryNetwork({ discovery: { rules } });
    const found = await page('ana');
    expect(found.rules).toBe('mine');
    expect(found.cohorts.map(({ name }) => name)).toEqual(['hashtags', 'pages', COHORTS[0]?.name]);
    expect(found.cohorts[0]?.items).toHaveLength(2);
    expect(found.cohorts[0]?.total).toBe(8);
  });

  test('show nobody twice, nobody of the viewer\'s own, and each kind under its cohort', async () => {
    const { page } = await discoveryNetwork({ discovery: { rules: ALL } });
    const found = await page('ana');
    const items = itemsOf(found);
    expect(new Set(items).size).toBe(items.length);
    for (const own of ['member:ana', 'member:bo', 'member:cy', 'group:sql']) expect(items).not.toContain(own);
    for (const { kind, items: cards } of found.cohorts) for (const card of cards) expect(card.kind).toBe(kind);
  });

  test('name in their heading what they are about, as the viewer writes it', async () => {
    const { page } = await discoveryNetwork({ discovery: { rules: ALL } });
    const { cohorts } = await page('ana');
    expect(named(cohorts, 'peopleFromCompany').title).toBe('People you may know from Acme');
    expect(named(cohorts, 'peopleFromSchool').title).toBe('People you may know from Tech');
    expect(named(cohorts, 'peopleFromRegion').title).toBe('People you may know from Berlin');
    expect(named(cohorts, 'peopleFromGroup').title).toBe('People from SQL Circle');
    expect(named(cohorts, 'peopleInSimilarRoles').reason).toBe('They work as Analyst');
    expect(named(cohorts, 'peopleInSimilarRoles').items.map(({ item }) => item).sort()).toEqual(Array.from({ length: 8 }, (_, i) => `member:r${i}`));
  });

  test('are told in the reader\'s language, from right to left where it runs so; an unknown one is told in English', async () => {
    const { page } = await discoveryNetwork();
    const [german, arabic, japanese, unknown] = await Promise.all(['de-AT', 'ar', 'ja', 'tlh'].map((locale) => page('ana', locale)));
    expect(german?.cohorts[0]).toMatchObject({ title: 'Vielleicht bekannt von Acme', button: { label: 'Vernetzen' } });
    expect(german?.locale).toBe('de');
    expect(arabic).toMatchObject({ locale: 'ar', direction: 'rtl' });
    expect(arabic?.cohorts[0]?.title).toContain('Acme');
    expect(arabic?.cohorts[0]?.title).not.toBe(unknown?.cohorts[0]?.title);
    expect(japanese?.cohorts[0]?.button.label).toBe('つながる');
    expect(unknown).toMatchObject({ locale: 'en', direction: 'ltr' });
  });

  test('lose whom the viewer dismissed, and get them back when that is undone; another takes the place', async () => {
    const { page, act } = await discoveryNetwork();
    const before = named((await page('ana')).cohorts, 'peopleFromCompany');
    const gone = before.items[0]?.item ?? '';
    const event = await act('ana', 'dismiss', { item: gone });
    const after = named((await page('ana')).cohorts, 'peopleFromCompany');
    expect(after.items.map(({ item }) => item)).not.toContain(gone);
    expect(after.items).toHaveLength(before.items.length);
    expect(after.total).toBe(before.total - 1);
    await act('ana', 'dismiss', { item: gone, of: event });
    expect(named((await page('ana')).cohorts, 'peopleFromCompany').items.map(({ item }) => item)).toContain(gone);
  });

  test.each([['connect', 'peopleFromCompany'], ['follow', 'pages'], ['join', 'groupsForYou'], ['subscribe', 'newsletters'], ['attend', 'eventsForYou'], ['follow', 'hashtags'], ['follow', 'influencers'], ['start', 'coursesAhead'], ['save', 'jobsThroughSkills']])('lose what the viewer did: %s in %s', async (action, cohort) => {
    const { page, act } = await discoveryNetwork({ discovery: { rules: ALL } });
    const card = named((await page('ana')).cohorts, cohort).items[0];
    expect(named((await page('ana')).cohorts, cohort).button.action).toBe(action);
    await act('ana', action, { item: card?.item ?? '' });
    expect(itemsOf(await page('ana'))).not.toContain(card?.item);
  });

  test('put what was shown again and again behind what was not', async () => {
    const { platform, page } = await discoveryNetwork();
    const [first] = named((await page('ana')).cohorts, 'groupsForYou').items;
    const { requestId } = await page('ana');
    await platform.recordEvents(Array.from({ length: 8 }, (_, i) => ({ type: 'impression', id: `look-${i}`, member: 'member:ana', item: first?.item, trackingId: `${requestId}-0`, span: `s${i}`, visibleMs: 900, at: new Date(Date.UTC(2026, 10, 21, 12)).toISOString() })), { history: false });
    expect(named((await page('ana')).cohorts, 'groupsForYou').items.at(-1)?.item).toBe(first?.item);
  });

  test('of somebody without a past are those that need none, and the page stands', async () => {
    const { page } = await discoveryNetwork();
    const found = await page('dee');
    expect(found.missing).toEqual([]);
    expect(discoverySchema.parse(found)).toEqual(found);
  });
});

describe('social proof', () => {
  test('names connections who follow, and none who withholds their network', async () => {
    const { platform, page } = await discoveryNetwork();
    const proof = async (): Promise<{ readonly text: string | undefined; readonly people: readonly string[] }> => {
      const card = named((await page('ana')).cohorts, 'pages').items.find(({ item }) => item === 'company:p3');
      return { text: card?.slots.socialProof, people: card?.people ?? [] };
    };
    expect(await proof()).toEqual({ text: 'Followed by Cy and Bo', people: ['member:cy', 'member:bo'] });
    await platform.setConsent('cy', { profile: true, activity: true, graph: false, sequence: true, messages: false });
    expect(await proof()).toEqual({ text: 'Followed by Bo', people: ['member:bo'] });
  });

  test('says nothing of their network to a viewer who withholds theirs', async () => {
    const { platform, page } = await discoveryNetwork();
    await platform.setConsent('ana', { profile: true, activity: true, graph: false, sequence: true, messages: false });
    const found = await page('ana');
    expect(found.cohorts.map(({ name }) => name)).not.toContain('peopleFromCompany');
    expect(found.cohorts.flatMap(({ items }) => items.flatMap(({ people }) => people))).toEqual([]);
  });
});

describe('one cohort in full', () => {
  test('shows each of its recommendations once, page by page, whatever happens in between', async () => {
    const { cohort, page, act, platform } = await discoveryNetwork();
    const total = named((await page('ana')).cohorts, 'peopleFromCompany').total;
    expect(total).toBe(30);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await cohort({ member: 'ana', cohort: 'peopleFromCompany', limit: 7, ...(cursor === undefined ? {} : { cursor }) });
      expect(cohortPageSchema.parse(answer)).toEqual(answer);
      const items = answer.cohort?.items ?? [];
      expect(items.map(({ position }) => position)).toEqual(items.map((_, i) => seen.length + i));
      seen.push(...items.map(({ item }) => item));
      if (cursor === undefined) {
        // One goes, one comes: the order that was begun stands.
        await act('ana', 'dismiss', { item: 'member:c3' });
        await platform.putEntities([{ kind: 'member', id: 'late', attributes: { name: 'Late', company: 'company:acme' } }]);
      }
      cursor = answer.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).not.toContain('member:late');
    expect(seen.length).toBeGreaterThanOrEqual(29);
  });

  test('that does not exist is refused with those that do', async () => {
    const { cohort } = await discoveryNetwork();
    await expect(cohort({ member: 'ana', cohort: 'nobody' })).rejects.toThrow(/no cohort "nobody"; known: peopleFromCompany/u);
  });
});

describe('rules that name an unknown cohort', () => {
  test('are refused when the platform opens, by name', async () => {
    await expect(discoveryNetwork({ discovery: { rules: rulesSchema.parse({ version: 'x', cohorts: [{ name: 'nobody' }] }) } })).rejects.toThrow(/name the cohort "nobody", which does not exist/u);
  });
});

test('a card\'s tracking id leads to the page it stood on, with its cohort and its place', async () => {
  const { page, platform } = await discoveryNetwork();
  const found = await page('ana');
  const card = named(found.cohorts, 'groupsForYou').items[1];
  await platform.idle();
  const trace = await platform.trace(found.requestId) as { readonly items: readonly { readonly trackingId: string; readonly item: string; readonly position: number; readonly firstPass: Readonly<Record<string, number>> }[] };
  const served = trace.items.find(({ trackingId }) => trackingId === card?.trackingId);
  expect(served).toMatchObject({ item: card?.item, position: card?.position });
  expect(Object.keys(served?.firstPass ?? {})).toEqual(['groupsForYou']);
  expect((await platform.why('ana', card?.trackingId ?? '', 'en'))?.sentences[0]).toContain('You see this because');
});

describe('rules under experiment', () => {
  const experiment = (value: unknown): Readonly<Record<string, unknown>> => ({
    parameter: 'discoveryRules', variants: [{ name: 'asToday', weight: 0.5, value: DEFAULT_RULES }, { name: 'hashtagsFirst', weight: 0.5, value }], overrides: { ana: 'hashtagsFirst', bo: 'asToday' },
  });
  const rules = { version: 'hashtags-1', cohorts: [{ name: 'hashtags' }], others: 'none' };

  test('hold from the next request on, are written down with the page, and end with the experiment; one cohort in full exposes nobody', async () => {
    const { platform, page, cohort } = await discoveryNetwork();
    await platform.putExperiment('shelves', experiment(rules));
    const found = await page('ana');
    expect(found.rules).toBe('hashtags-1');
    expect(found.cohorts.map(({ name }) => name)).toEqual(['hashtags']);
    expect((await page('bo')).rules).toBe(DEFAULT_RULES.version);
    await platform.idle();
    expect(await platform.trace(found.requestId)).toMatchObject({ surface: 'discovery', rules: 'hashtags-1', assignments: { shelves: 'hashtagsFirst' } });
    const full = await cohort({ member: 'ana', cohort: 'hashtags' });
    await platform.idle();
    expect(await platform.trace(full.requestId)).toMatchObject({ sort: 'cohort', assignments: {} });
    await platform.putExperiment('shelves', { ...experiment(rules), status: 'stopped' });
    expect((await page('ana')).rules).toBe(DEFAULT_RULES.version);
  });

  test('that name an unknown cohort are refused with the cohorts there are', async () => {
    const { platform, page } = await discoveryNetwork();
    await expect(platform.putExperiment('shelves', experiment({ ...rules, cohorts: [{ name: 'nobody' }] }))).rejects.toThrow(/name the cohort "nobody", which does not exist; known: peopleFromCompany/u);
    expect((await page('ana')).rules).toBe(DEFAULT_RULES.version);
  });
});
