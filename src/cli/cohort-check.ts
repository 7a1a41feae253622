/** What a plug-in's cohorts would do on a server, told before they are on one: every fault in a sentence, and what they would show. */
import { performance } from 'node:perf_hooks';
import { kindRow, registerKind } from '../catalog/kinds.ts';
import { manualClock } from '../core/clock.ts';
import { UNASSIGNED } from '../core/context.ts';
import { ThroughlineError } from '../core/errors.ts';
import { printable, type Millis, type RequestId } from '../core/ids.ts';
import { seededRandom } from '../core/random.ts';
import { registerAction } from '../core/registry.ts';
import type { Cohort } from '../discovery/cohort.ts';
import { checkPlugin, pluginCohort, type CohortAnswer, type CohortPlugin } from '../discovery/plugin.ts';
import { COHORTS } from '../discovery/pool/index.ts';
import { rulesSchema } from '../discovery/rules.ts';
import { NO_RELEVANCE } from '../discovery/second-pass.ts';
import { createDiscoveryService } from '../discovery/service.ts';
import { createResult } from '../discovery/work.ts';
import { loadPlugin } from '../platform/plugins.ts';
import { createViewerReader } from '../rankers/viewer.ts';
import type { RankRequest } from '../rankers/ranker.ts';
import type { Views } from '../rankers/views.ts';

/** What it is tried over. */
export interface Ground {
  readonly views: Views;
  /** Members who ask, by id. */
  readonly members: readonly string[];
  /** Puts entities there that an answer speaks of; absent where the store is not ours to write. */
  readonly standIn?: (entities: readonly object[]) => Promise<void>;
}

export interface Shown { readonly member: string; readonly title: string; readonly reason?: string; readonly total: number; readonly cards: readonly { readonly item: string; readonly text: string }[] }
/** Faults keep it from a page; remarks are worth knowing. */
export interface CohortReport { readonly name: string; readonly about: string; readonly kind: string; readonly template: string; readonly action: string; readonly faults: readonly string[]; readonly remarks: readonly string[]; readonly shown: readonly Shown[] }
export interface FileReport { readonly file: string; readonly faults: readonly string[]; readonly cohorts: readonly CohortReport[] }

interface Notes { readonly faults: Set<string>; readonly remarks: Set<string> }
interface Tried { readonly cohort: Cohort; readonly answer: () => CohortAnswer | undefined }

/** Read of an answer, at most (see discovery/plugin.ts). */
const READ = 2000;
const CARDS = 5;
const DEADLINE_MS = 10_000;
const MOST_SENTENCE = 600;

/** On one line, whatever was thrown. */
const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replace(/[\s\p{C}]+/gu, ' ').slice(0, MOST_SENTENCE);
const hasMarkup = (text: string | undefined): boolean => /<[a-z!/]/iu.test(text ?? '');

/** The plug-in as a cohort; what its transform answered last can be looked at. */
const trying = (plugin: CohortPlugin): Tried => {
  let last: CohortAnswer | undefined;
  const watched = Object.create(plugin, { transform: { value: (...args: Parameters<CohortPlugin['transform']>) => { last = undefined; last = plugin.transform(...args); return last; } } }) as CohortPlugin;
  return { cohort: pluginCohort(watched), answer: () => last };
};

const requestFor = (views: Views, member: string, now: number): RankRequest => {
  const number = views.catalog.find(`member:${member}`);
  const context = {
    requestId: 'check' as RequestId, now: now as Millis, deadlineMs: Infinity, elapsed: () => 0, locale: 'en', timeZone: 'UTC', surface: 'discovery', client: 'check',
    allowed: views.catalog.allowed(number), random: seededRandom(1), ...UNASSIGNED,
  };
  return { viewer: createViewerReader().read(number, views, context), views, context };
};

const within = async <T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  try { return await Promise.race([work, new Promise<never>((_, reject) => { timer = setTimeout(() => { reject(late()); }, ms); })]); } finally { clearTimeout(timer); }
};

/** What an answer says beside what it should. */
const readAnswer = (answer: CohortAnswer, { kind, limit }: Cohort, { faults, remarks }: Notes): void => {
  const { items, subject } = answer;
  const others = new Set(items.slice(0, READ).map(({ item }) => item.kind).filter((each) => each !== kind));
  if (others.size > 0) faults.add(`it answered entities of other kinds (${[...others].slice(0, 5).map(printable).join(', ')}), which are left out; it recommends ${kind} alone`);
  if (items.length > READ) faults.add(`it answered ${items.length} items; the first ${READ} are read and the best ${limit} kept: answer the best alone`);
  if (hasMarkup(subject)) remarks.add('its subject has markup, which is shown as text');
  if (items.length === 0) remarks.add('it answered an empty list for some of those who were tried');
};

/** @returns what it answered, as far as it is read, to compare; and for how many milliseconds it kept the thread */
const transformOnce = ({ cohort, answer }: Tried, raw: unknown, request: RankRequest): { readonly said: string; readonly ms: number } => {
  const result = createResult();
  result.list.clear(request.views.catalog.entities.size());
  const begun = performance.now();
  cohort.transform(raw, request, result);
  const ms = performance.now() - begun;
  const found = answer();
  return { said: JSON.stringify([found?.subject, found?.items.length, found?.items.slice(0, READ)]), ms };
};

/** Asks it for one member, as a page would. @returns what it answered */
const probe = async (tried: Tried, request: RankRequest, notes: Notes): Promise<CohortAnswer | undefined> => {
  const { cohort, answer } = tried;
  const { timeoutMs = 80 } = cohort;
  try {
    if (cohort.eligible?.(request) === false) { notes.remarks.add('it is not for some of those who were tried'); return undefined; }
    const started = performance.now();
    const fetching = cohort.fetch(request);
    const held = performance.now() - started;
    const raw: unknown = fetching instanceof Promise ? await within(fetching, timeoutMs, () => new Error(`"fetch" did not answer within its ${timeoutMs} ms; a page would go without it`)) : fetching;
    const first = transformOnce(tried, raw, request);
    if (held + first.ms > timeoutMs) notes.faults.add(`it kept the thread to itself for longer than its ${timeoutMs} ms: nobody else's page moves meanwhile`);
    if (transformOnce(tried, raw, request).said !== first.said) notes.faults.add('"transform" answered otherwise when it was given the same again; it must be pure, for what was fetched may be used for many pages');
    const found = answer();
    if (found !== undefined) readAnswer(found, cohort, notes);
    return found;
  } catch (error) {
    notes.faults.add(error instanceof ThroughlineError ? sentence(error) : `it threw: ${sentence(error)}`);
    return undefined;
  }
};

/** Entities that an answer speaks of and that are not there, called by their ids: enough to see the cards. */
const standIns = (answers: readonly CohortAnswer[], { kind }: Cohort): readonly object[] => {
  const ids = new Set(answers.flatMap(({ items }) => items.slice(0, READ).filter(({ item }) => item.kind === kind).map(({ item }) => item.id)));
  return [...ids].flatMap((id) => {
    const attributes = [{ name: id }, { title: id }, {}].find((each) => kindRow(kind)?.attributes.safeParse(each).success === true);
    return attributes === undefined ? [] : [{ kind, id, attributes }];
  });
};

interface Page { readonly cohorts: readonly { readonly title: string; readonly reason?: string; readonly total: number; readonly items: readonly { readonly item: string; readonly slots: Readonly<Record<string, string>> }[] }[] }

/** What stands on the page of each member, made as the server makes it. */
const show = async (cohort: Cohort, { views, members }: Ground, now: number): Promise<readonly Shown[]> => {
  const service = createDiscoveryService({
    views, cohorts: [cohort], horizon: () => Number.MAX_SAFE_INTEGER, refresh: () => undefined, relevance: NO_RELEVANCE, clock: manualClock(now), elapsed: () => performance.now(), random: seededRandom(1),
    cursorSecret: new Uint8Array(32), options: { deadlineMs: DEADLINE_MS, cursorLifetimeMs: DEADLINE_MS, rules: rulesSchema.parse({ version: 'check', cohorts: [] }) }, emit: () => undefined,
  });
  const shown: Shown[] = [];
  for (const member of members) {
    const { cohorts: [found] } = JSON.parse(new TextDecoder().decode((await service.page({ member })).json)) as Page;
    if (found === undefined) { shown.push({ member, title: '', total: 0, cards: [] }); continue; }
    const cards = found.items.slice(0, CARDS).map(({ item, slots }) => ({ item, text: Object.values(slots).join(' · ') }));
    shown.push({ member, title: found.title, ...(found.reason === undefined ? {} : { reason: found.reason }), total: found.total, cards });
  }
  return shown;
};

const checkOne = async (plugin: CohortPlugin, taken: ReadonlySet<string>, asked: { readonly ground: Ground; readonly now: number }): Promise<CohortReport> => {
  const { ground, now } = asked;
  const wrong = [...checkPlugin(plugin), ...(taken.has(plugin?.name) ? [`there is a cohort "${plugin.name}" already; give yours another name`] : [])];
  const { name = '', about = '', kind = '', template = 'medium', action = 'follow' } = (plugin ?? {}) as Partial<CohortPlugin>;
  const told = { name, about, kind, template, action };
  if (checkPlugin(plugin).length > 0) return { ...told, faults: wrong, remarks: [], shown: [] };
  const notes: Notes = { faults: new Set(wrong), remarks: new Set() };
  const tried = trying(plugin);
  const answers: CohortAnswer[] = [];
  for (const member of ground.members) {
    const answer = await probe(tried, requestFor(ground.views, member, now), notes);
    if (answer !== undefined) answers.push(answer);
  }
  const absent = standIns(answers, tried.cohort);
  if (ground.standIn !== undefined) {
    await ground.standIn(absent);
    if (absent.length > 0) notes.remarks.add('what it answered stands here under its ids; --data shows the cards of a store');
    if (absent.length === 0 && answers.some(({ items }) => items.length > 0)) notes.remarks.add(`a ${kind} cannot be made up here, so no card is shown; --data shows those of a store`);
  }
  const isUnknown = ({ item }: CohortAnswer['items'][number]): boolean => item.kind === kind && ground.views.catalog.find(`${item.kind}:${item.id}`) < 0;
  const unknown = new Set(ground.standIn === undefined ? answers.flatMap(({ items }) => items.slice(0, READ).filter(isUnknown).map(({ item }) => item.id)) : []);
  if (unknown.size > 0) notes.remarks.add(`${unknown.size} of what it answered ${unknown.size === 1 ? 'is' : 'are'} not in the store, such as ${printable([...unknown][0] ?? '')}, and left out`);
  return { ...told, faults: [...notes.faults], remarks: [...notes.remarks], shown: await show(tried.cohort, ground, now) };
};

/**
 * Loads a file as the server would, into nothing that serves. Its kinds and actions are registered before the ground is laid, so that a
 * store with entities of them can be read.
 * @param lay makes what it is tried over
 */
export const checkFile = async (file: string, lay: () => Promise<Ground>, now: number): Promise<FileReport> => {
  try {
    const plugin = await loadPlugin(file);
    for (const kind of plugin.kinds ?? []) registerKind(kind);
    for (const action of plugin.actions ?? []) registerAction(action);
    const plugins = plugin.cohorts ?? [];
    if (plugins.length === 0) return { file, faults: ['it adds no cohort: its default export has no "cohorts"'], cohorts: [] };
    const ground = await lay();
    const taken = new Set(COHORTS.map(({ name }) => name));
    const cohorts: CohortReport[] = [];
    for (const each of plugins) {
      cohorts.push(await checkOne(each, taken, { ground, now }));
      taken.add(each?.name);
    }
    return { file, faults: [], cohorts };
  } catch (error) {
    if (error instanceof ThroughlineError && error.code === 'client/invalidConfig') return { file, faults: [sentence(error)], cohorts: [] };
    throw error;
  }
};
