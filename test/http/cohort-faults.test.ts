/** Cohorts of plug-ins that do what they should not: each costs itself alone, with one clear answer, and never the page. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { COHORTS, pluginCohort, type CohortPlugin } from '../../src/plugin.ts';
import { gatherSources } from '../../src/platform/plugins.ts';
import { discoverySchema } from '../../src/http/discovery-contracts.ts';
import { discoveryNetwork, type DiscoveryNetwork } from '../support/discovery-network.ts';
import { openTestPlatform, spawnServer, temporaryFolder } from '../support/real-server.ts';
import { call } from '../support/requests.ts';

const group = (id: string, score = 5): { readonly item: { readonly kind: string; readonly id: string }; readonly score: number } => ({ item: { kind: 'group', id }, score });
const broken = (changes: Readonly<Record<string, unknown>>): CohortPlugin => ({
  name: 'broken', about: 'of a test', kind: 'group', action: 'join', words: { title: { en: 'Broken groups' } }, timeoutMs: 40,
  fetch: () => undefined, transform: () => ({ items: [group('k1')] }), ...changes,
}) as CohortPlugin;
const networkWith = (changes: Readonly<Record<string, unknown>>): Promise<DiscoveryNetwork> => discoveryNetwork({ cohorts: [...COHORTS, pluginCohort(broken(changes))] });
const never = (): Promise<never> => new Promise(() => undefined);
// oxlint-disable-next-line unicorn/no-thenable -- a promise of another library, which is what the test is about
class Foreign { then(done: (value: string) => void): void { setTimeout(() => { done('k5'); }, 5); } }
const boom = (): never => { throw new Error('a bug'); };

interface SpanView { readonly operator: string; readonly outcome: string; readonly error?: string; readonly removed?: Readonly<Record<string, number>>; readonly children?: readonly SpanView[] }
const spansOf = (root: SpanView): readonly SpanView[] => [root, ...(root.children ?? []).flatMap(spansOf)];

const traced = async ({ platform }: DiscoveryNetwork, requestId: string): Promise<readonly SpanView[]> => {
  await platform.idle();
  return spansOf((await platform.trace(requestId) as { readonly workflow: SpanView }).workflow).filter(({ operator }) => operator.endsWith(' broken'));
};

/** What it does, where that shows, and what the trace calls it. */
const FAULTS: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, string, string]>> = {
  'throws while it fetches': [{ fetch: boom }, 'fetch broken', 'plugin/failed'],
  'rejects': [{ fetch: () => Promise.reject(new Error('down')) }, 'fetch broken', 'plugin/failed'],
  'never answers': [{ fetch: never }, 'fetch broken', 'plugin/timeout'],
  'throws while it says whom it is for': [{ eligible: boom }, 'fetch broken', 'plugin/failed'],
  'says later whom it is for, and fails then': [{ eligible: async () => boom() }, 'fetch broken', 'plugin/invalidAnswer'],
  'throws while it transforms': [{ transform: boom }, 'transform broken', 'plugin/failed'],
  'transforms later, and fails then': [{ transform: async () => boom() }, 'transform broken', 'plugin/invalidAnswer'],
  'answers nothing': [{ transform: () => undefined }, 'transform broken', 'plugin/invalidAnswer'],
  'answers null': [{ transform: () => null }, 'transform broken', 'plugin/invalidAnswer'],
  'answers a list of nulls': [{ transform: () => ({ items: [null, null] }) }, 'transform broken', 'plugin/invalidAnswer'],
  'answers texts for references': [{ transform: () => ({ items: [{ item: 'group:k1', score: 1 }] }) }, 'transform broken', 'plugin/invalidAnswer'],
  'answers a score that is no number': [{ transform: () => ({ items: [group('k1'), group('k2', Number.NaN)] }) }, 'transform broken', 'plugin/invalidAnswer'],
  'answers an unknown reason': [{ transform: () => ({ items: [{ ...group('k1'), reason: 'becauseISaySo' }] }) }, 'transform broken', 'plugin/invalidAnswer'],
  'answers a subject that is a book': [{ transform: () => ({ subject: 'x'.repeat(10_000), items: [group('k1')] }) }, 'transform broken', 'plugin/invalidAnswer'],
  'leaves out the subject that its words speak of': [{ words: { title: { en: 'From {subject}' } } }, 'transform broken', 'plugin/invalidAnswer'],
};

describe('a cohort of a plug-in that', () => {
  test.each(Object.entries(FAULTS))('%s is missing by name, and the trace says why; all others stand', async (_what, [changes, operator, error]) => {
    const network = await networkWith(changes);
    const alone = await discoveryNetwork();
    const [found, without] = [await network.page('ana'), await alone.page('ana')];
    expect(found.missing).toEqual(['broken']);
    expect(found.cohorts.map(({ name, total }) => [name, total])).toEqual(without.cohorts.map(({ name, total }) => [name, total]));
    expect((await traced(network, found.requestId)).find((span) => span.operator === operator)).toMatchObject({ outcome: 'fallback', error });
    expect(await network.cohort({ member: 'ana', cohort: 'broken' })).toMatchObject({ missing: ['broken'], nextCursor: null, cohort: { items: [] } });
  });

  test('answers other kinds, what was never heard of, or the viewer, shows none of it, and the trace counts it', async () => {
    const network = await networkWith({ transform: () => ({ items: [{ item: { kind: 'member', id: 'bo' }, score: 9 }, { item: { kind: 'member', id: 'ana' }, score: 9 }, group('nobody', 8), group('k2', 7)] }) });
    const found = await network.page('ana');
    expect(found.missing).toEqual([]);
    expect((await network.cohort({ member: 'ana', cohort: 'broken' })).cohort?.items.map(({ item }) => item)).toEqual(['group:k2']);
    expect((await traced(network, found.requestId)).find(({ operator }) => operator === 'transform broken')?.removed).toMatchObject({ noEntityOrScore: 3 });
  });

  test('answers a million items is read as far as anybody could look, and cut to its limit', async () => {
    const network = await networkWith({ limit: 4, transform: () => ({ items: Array.from({ length: 1_000_000 }, (_, i) => group(`k${i}`, 1_000_000 - i)) }) });
    const { cohort, missing } = await network.cohort({ member: 'ana', cohort: 'broken' });
    expect(missing).toEqual([]);
    expect(cohort?.items.map(({ item }) => item)).toEqual(['group:k0', 'group:k1', 'group:k2', 'group:k3']);
  });

  test('answers late, after the page, shows in no page, and what was cached of it serves the next', async () => {
    const network = await networkWith({ cacheMs: 60_000, timeoutMs: 20, fetch: async () => { await sleep(60); return 'late'; } });
    const pages = [await network.page('ana')];
    await sleep(100);
    expect(pages[0]?.missing).toEqual(['broken']);
    expect((await network.cohort({ member: 'ana', cohort: 'broken' })).cohort?.items).toHaveLength(1);
    const uncached = await networkWith({ timeoutMs: 20, fetch: async ({ viewer }: { readonly viewer: { readonly id: string } }) => { await sleep(viewer.id === 'ana' ? 60 : 0); return viewer.id; }, transform: (id: string) => ({ items: [group(id === 'ana' ? 'k1' : 'k2')] }) });
    expect((await uncached.page('ana')).missing).toEqual(['broken']);
    for (let times = 0; times < 8; times++) {
      const { cohort } = await uncached.cohort({ member: 'dee', cohort: 'broken' });
      expect(cohort?.items.map(({ item }) => item)).toEqual(['group:k2']);
      await sleep(15);
    }
  });

  test('answers a promise that is none of the language\'s own is waited for', async () => {
    const network = await networkWith({ fetch: () => new Foreign(), transform: (id: string) => ({ items: [group(id)] }) });
    expect((await network.cohort({ member: 'ana', cohort: 'broken' })).cohort?.items.map(({ item }) => item)).toEqual(['group:k5']);
  });

  test('has markup in its subject and in titles is shown as it was written, as text; in its words it is refused', async () => {
    const network = await networkWith({ words: { title: { en: 'From {subject}' } }, transform: () => ({ subject: '<script>alert("{1}")</script>', items: [group('marked')] }) });
    await network.platform.putEntities([{ kind: 'group', id: 'marked', attributes: { name: '<img src=x onerror=alert(1)> & {count}' } }]);
    const { cohort } = await network.cohort({ member: 'ana', cohort: 'broken' });
    expect(cohort?.title).toBe('From <script>alert("{1}")</script>');
    expect(cohort?.items[0]?.slots.primary).toBe('<img src=x onerror=alert(1)> & {count}');
    expect(() => pluginCohort(broken({ words: { title: { en: '<b>Groups</b>' } } }))).toThrow(/"words\.title", en: the pattern has a "<"; words are plain text/u);
  });
});

test('with one cohort that hangs for two seconds the page comes at its deadline, whole but for that one, time after time', async () => {
  let asked = 0;
  const hangs = pluginCohort(broken({ timeoutMs: 2000, fetch: async () => { asked++; await sleep(2000); } }));
  const platform = await openTestPlatform({ cohorts: [...COHORTS, hangs], discovery: { deadlineMs: 60 } });
  await platform.putEntities([{ kind: 'member', id: 'ana', attributes: { topics: ['data'] } }, ...Array.from({ length: 20 }, (_, i) => ({ kind: 'group', id: `k${i}`, attributes: { name: `Circle ${i}`, topics: ['data'] } }))]);
  for (let times = 0; times < 20; times++) {
    const before = asked;
    const found = discoverySchema.parse(JSON.parse(Buffer.from((await platform.discovery({ member: 'ana' })).json).toString()));
    expect([found.missing, found.cohorts.map(({ name }) => name)]).toEqual([['broken'], ['groupsForYou']]);
    // It was asked for this page and had not answered when the page came.
    expect(asked).toBe(before + 1);
  }
  await platform.close();
});

/** Modules as they would be written by hand, and the sentence that the server answers when it is started with them. */
const MODULES: Readonly<Record<string, readonly [string, RegExp]>> = {
  'throws at load': ['throw new Error("no database");', /the plug-in ".*" cannot be loaded \(no database\)/u],
  'is no JavaScript': ['export default {', /cannot be loaded/u],
  'exports nothing': ['export const cohorts = [];', /has no default export/u],
  'exports its lists under other names': ['export default { cohort: [] };', /"cohort" is none of rankers, cohorts, actions, kinds/u],
  'exports what is no list': ['export default { cohorts: {} };', /"cohorts" must be a list/u],
  'exports nothing in its list': ['export default { cohorts: [null] };', /a cohort cannot be used: it is no object/u],
  'adds a kind without a schema': ['export default { kinds: [{ name: "gizmo", inFeed: false }] };', /the kind "gizmo" has no "attributes"/u],
  'takes a name of the pool': ['export default { cohorts: [{ ...MINE, name: "pages" }] };', /there is a cohort "pages" already/u],
  'repeats a name of its own': ['export default { cohorts: [MINE, MINE] };', /there is a cohort "mine" already/u],
  'names a kind that there is not': ['export default { cohorts: [{ ...MINE, kind: "gadget" }] };', /"kind" names gadget, which there is not/u],
  'names an action that its kind cannot take': ['export default { cohorts: [{ ...MINE, action: "attend" }] };', /"action" is attend, which cannot be done to a group; these can: .*join/u],
  'speaks of what nobody gives': ['export default { cohorts: [{ ...MINE, words: { title: { en: "{count} groups" } } }] };', /"words\.title", en: nothing fills \{count\}; there is \{subject\}/u],
  'calls a ranker as the one of sponsored cards is called': ['export default { rankers: [{ name: "sponsored", about: "of a test", kinds: ["article"], fetch: () => [], transform: () => [] }] };', /there is a ranker "sponsored" already/u],
  'has markup in its words': ['export default { cohorts: [{ ...MINE, words: { title: { en: "<b>Mine</b>" } } }] };', /words are plain text/u],
};
const MINE = 'const MINE = { name: "mine", about: "of a test", kind: "group", action: "join", words: { title: { en: "Mine" } }, fetch: () => [], transform: () => ({ items: [] }) };\n';
const moduleWith = (text: string): string => {
  const file = join(temporaryFolder(), 'plugin.mjs');
  writeFileSync(file, MINE + text);
  return file;
};

describe('a plug-in that', () => {
  test.each(Object.entries(MODULES))('%s is refused when the server starts, in a sentence', async (_what, [text, sentence]) => {
    await expect(gatherSources({ plugins: [moduleWith(text)], remotes: [], cohorts: [] })).rejects.toThrow(sentence);
    await expect(gatherSources({ plugins: [moduleWith(text)], remotes: [], cohorts: [] })).rejects.toMatchObject({ code: 'client/invalidConfig' });
  });

  test('cannot be used keeps the server from starting, and says so in one object', async () => {
    await expect(spawnServer({ plugins: [moduleWith('export default { cohorts: [{ ...MINE, name: "pages" }] };')] })).rejects.toThrow(/ended with 78 before it was up: \{"error":\{"code":"client\/invalidConfig","detail":"there is a cohort \\"pages\\" already; give yours another name"\}\}\n$/u);
  });

  test.each([0, 2])('leaves a promise behind that fails does not end the server, with %i workers', async (workers) => {
    const stray = moduleWith('export default { cohorts: [{ ...MINE, fetch: () => { Promise.reject(new Error("stray")); return []; } }] };');
    const server = await spawnServer({ workers, plugins: [stray] });
    await call(server, '/v1/entities', { body: [{ kind: 'member', id: 'ana', attributes: {} }] });
    for (let times = 0; times < 6; times++) expect((await call(server, '/v1/members/ana/discovery')).json).toMatchObject({ missing: [] });
    await server.close();
  });
});

describe('a cursor of "See all"', () => {
  const first = async (network: DiscoveryNetwork): Promise<string> => (await network.cohort({ member: 'ana', cohort: 'peopleFromCompany', limit: 5 })).nextCursor ?? '';

  test('of another member, of another cohort, tampered with, cut off, or of the feed is refused in a sentence', async () => {
    const network = await discoveryNetwork();
    const cursor = await first(network);
    const ask = (changes: Readonly<Record<string, string>>): Promise<unknown> => network.cohort({ member: 'ana', cohort: 'peopleFromCompany', limit: 5, cursor, ...changes });
    await expect(ask({ member: 'bo' })).rejects.toThrow('the cursor is not one of this member\'s cohorts; ask for the first page without a cursor');
    await expect(ask({ cohort: 'groupsForYou' })).rejects.toThrow('the cursor is one of another cohort; ask for the first page without a cursor');
    const random = seededRandom(5);
    for (let times = 0; times < 60; times++) {
      const at = Math.floor(random.next() * cursor.length);
      const other = cursor[at] === 'A' ? 'B' : 'A';
      await expect(ask({ cursor: cursor.slice(0, at) + other + cursor.slice(at + 1) })).rejects.toMatchObject({ code: 'client/invalidCursor' });
      await expect(ask({ cursor: cursor.slice(0, at) })).rejects.toMatchObject({ code: 'client/invalidCursor' });
    }
    expect(await ask({})).toMatchObject({ cohort: { name: 'peopleFromCompany' } });
  });

  test('that is older than it lives is refused as expired', async () => {
    const network = await discoveryNetwork();
    const cursor = await first(network);
    network.clock.set(network.clock.now() + 2 * HOUR + MINUTE);
    await expect(network.cohort({ member: 'ana', cohort: 'peopleFromCompany', cursor })).rejects.toThrow('the cursor is older than 120 minutes; ask for the first page again, without a cursor');
  });
});
