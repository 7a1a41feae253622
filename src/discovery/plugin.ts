/** The friendly form of a cohort, for plug-ins and for services of their own: references in, references out. What it answers is checked and copied in. */
import { STATE } from '../catalog/catalog.ts';
import { NAME_PATTERN, parseRef, printable, type EntityRef } from '../core/ids.ts';
import { ThroughlineError } from '../core/errors.ts';
import { ACTIONS, ENTITY_KINDS, SIGNAL_FAMILIES, type SignalFamily } from '../core/registry.ts';
import { because } from '../rankers/ranked-list.ts';
import { DEFAULT_TIMEOUT_MS, type PluginRequest, type RankRequest } from '../rankers/ranker.ts';
import { REASONS, type ReasonCode } from '../rankers/reasons.ts';
import { checkMessage, valuesOf } from '../words/words.ts';
import type { Cohort, CohortResult, CohortWords } from './cohort.ts';
import { TEMPLATE_NAMES, type TemplateName } from './templates.ts';

export interface CohortPlugin<Raw = unknown> {
  readonly name: string;
  readonly about: string;
  readonly kind: string;
  readonly words: CohortWords;
  /** The action of the button; default follow. */
  readonly action?: string;
  /** Default medium. */
  readonly template?: TemplateName;
  readonly signals?: readonly SignalFamily[];
  /** Default 100, at most 500. */
  readonly limit?: number;
  readonly timeoutMs?: number;
  readonly cacheMs?: number;
  eligible?(request: PluginRequest): boolean;
  fetch(request: PluginRequest): Raw | Promise<Raw>;
  transform(raw: Raw, request: PluginRequest): CohortAnswer;
}

/** A score is above 0; higher is better. The reason may be left out: then the heading says it all. */
export interface CohortAnswer {
  /** What `{subject}` stands for in the words. */
  readonly subject?: string;
  readonly items: readonly { readonly item: EntityRef; readonly score: number; readonly reason?: ReasonCode }[];
}

const DEFAULT_LIMIT = 100;
const DEFAULT_ACTION = 'follow';
const MOST = 500;
/** Longer answers are cut before anybody looks at what is in them. */
const MOST_READ = 2000;
const MOST_SUBJECT = 200;

type Partly<T> = { readonly [K in keyof T]?: unknown };

/** What the words of a cohort may speak of. */
const SUBJECT = 'subject';

const isIn = (value: unknown, known: readonly unknown[]): boolean => value === undefined || known.includes(value);

const isMessage = (message: unknown): message is CohortWords['title'] => typeof message === 'object' && message !== null && Object.values(message).every((text) => typeof text === 'string');

/** What is wrong with one of its messages. */
const messageFaults = (place: string, message: unknown): readonly string[] => {
  if (!isMessage(message)) return [`"words.${place}" must be texts by language, such as { en: "Groups for you" }`];
  return checkMessage(message, [SUBJECT]).map((fault) => `"words.${place}", ${fault}`);
};

/** What is wrong with a kind and an action that is done to it. Kinds and actions of plug-ins are registered before. */
const targetFaults = (kind: unknown, action: unknown): readonly string[] => {
  if (typeof kind !== 'string' || !NAME_PATTERN.test(kind)) return ['"kind" must be an entity kind, such as group'];
  if (!ENTITY_KINDS.includes(kind)) return [`"kind" names ${kind}, which there is not; known: ${ENTITY_KINDS.join(', ')}; a plug-in adds one with a row of its kinds`];
  const row = ACTIONS.find(({ name }) => name === (action ?? DEFAULT_ACTION));
  if (row === undefined) return [`"action" must be one of ${ACTIONS.map(({ name }) => name).join(', ')}; a plug-in adds one with a row of its actions`];
  const can = ACTIONS.filter(({ targets, derived }) => derived !== true && (targets.length === 0 || targets.includes(kind)));
  return can.includes(row) ? [] : [`"action" is ${row.name}, which cannot be done to a ${kind}; these can: ${can.map(({ name }) => name).join(', ')}`];
};

/** What is wrong with a plug-in, in sentences; plug-ins may be written without types. */
export const checkPlugin = (plugin: unknown): readonly string[] => {
  if (typeof plugin !== 'object' || plugin === null) return ['it is no object'];
  const { name, about, kind, words, action, template, signals, limit, timeoutMs, cacheMs, eligible, fetch, transform } = plugin as Partly<CohortPlugin>;
  const { title, reason } = (typeof words === 'object' && words !== null ? words : {}) as Partly<CohortWords>;
  const isCount = (value: unknown, most: number): boolean => value === undefined || (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most);
  const faults: readonly (string | false)[] = [
    (typeof name !== 'string' || !NAME_PATTERN.test(name)) && '"name" must be letters and digits, beginning with a small letter',
    typeof about !== 'string' && '"about" must say in one line what it recommends',
    !isIn(template, TEMPLATE_NAMES) && `"template" must be one of ${TEMPLATE_NAMES.join(', ')}`,
    !(signals === undefined || (Array.isArray(signals) && signals.every((family) => isIn(family, SIGNAL_FAMILIES)))) && `"signals" must name ${SIGNAL_FAMILIES.join(', ')}`,
    !isCount(limit, MOST) && `"limit" must be a whole number from 1 to ${MOST}`,
    !isCount(timeoutMs, 2000) && '"timeoutMs" must be a whole number from 1 to 2000',
    !isCount(cacheMs, 300_000) && '"cacheMs" must be a whole number from 1 to 300000',
    eligible !== undefined && typeof eligible !== 'function' && '"eligible" must be a function',
    typeof fetch !== 'function' && '"fetch" must be a function',
    typeof transform !== 'function' && '"transform" must be a function',
  ];
  return [...faults.filter((fault) => fault !== false), ...targetFaults(kind, action), ...messageFaults('title', title), ...(reason === undefined ? [] : messageFaults('reason', reason))];
};

/** Also what only looks like one: plug-ins bring promises of other libraries. */
const isPromise = (value: unknown): value is PromiseLike<unknown> => typeof value === 'object' && value !== null && typeof (value as Partial<PromiseLike<unknown>>).then === 'function';

/** Left alone, a promise that fails would end the whole process. @throws plugin/invalidAnswer where one was answered */
const atOnce = <T>(name: string, what: string, value: T): T => {
  if (!isPromise(value)) return value;
  Promise.resolve(value).catch(() => undefined);
  throw new ThroughlineError('plugin/invalidAnswer', `"${what}" of the cohort "${name}" answered a promise; it must answer at once: wait for others in "fetch"`);
};

/** @param named.needsSubject whether its words speak of one. @throws plugin/invalidAnswer */
const checkAnswer = ({ name, needsSubject }: { readonly name: string; readonly needsSubject: boolean }, answer: unknown): CohortAnswer => {
  const invalid = (detail: string): ThroughlineError => new ThroughlineError('plugin/invalidAnswer', `the cohort "${name}" ${detail}`);
  const { subject, items } = (answer ?? {}) as Partly<CohortAnswer>;
  if (!Array.isArray(items)) throw invalid('did not answer { items: […] }');
  if (subject !== undefined && (typeof subject !== 'string' || subject.length > MOST_SUBJECT)) throw invalid(`answered a subject that is no text of at most ${MOST_SUBJECT} characters`);
  if (needsSubject && items.length > 0 && (subject ?? '').trim() === '') throw invalid('answered no subject, and its words speak of {subject}');
  const read = items.slice(0, MOST_READ) as readonly (Partly<CohortAnswer['items'][number]> | null | undefined)[];
  for (const entry of read) {
    const { item, score, reason } = entry ?? {};
    const { kind, id } = (item ?? {}) as Partly<EntityRef>;
    if (typeof kind !== 'string' || typeof id !== 'string') throw invalid('answered something without an item of the form { kind, id }');
    if (typeof score !== 'number' || !Number.isFinite(score) || score <= 0) throw invalid('answered a score that is not a number above 0');
    if (reason !== undefined && (typeof reason !== 'string' || !Object.hasOwn(REASONS, reason))) throw invalid(`answered the unknown reason ${printable(JSON.stringify(reason))}`);
  }
  return { ...(subject === undefined ? {} : { subject }), items: read as CohortAnswer['items'] };
};

const fill = (answer: CohortAnswer, { kind, into, request: { views: { catalog } } }: { readonly kind: string; readonly into: CohortResult; readonly request: RankRequest }): void => {
  into.subject = answer.subject;
  for (const { item, score, reason } of answer.items) {
    const number = item.kind === kind ? catalog.find(`${item.kind}:${item.id}`) : -1;
    // Told of all the same, so that the trace counts what was refused.
    into.list.add(number >= 0 && catalog.items.columns.state[number] === STATE.alive ? number : -1, score, because(reason ?? 'suggested'));
  }
};

/** @throws client/invalidConfig with everything that is wrong */
export const pluginCohort = <Raw>(plugin: CohortPlugin<Raw>): Cohort => {
  const faults = checkPlugin(plugin);
  if (faults.length > 0) throw new ThroughlineError('client/invalidConfig', `a cohort${typeof plugin?.name === 'string' ? ` "${printable(plugin.name)}"` : ''} cannot be used: ${faults.join('; ')}; "throughline cohort check" says the same of a file`);
  const { name, about, kind, words, action = DEFAULT_ACTION, template = 'medium', signals = [], limit = DEFAULT_LIMIT, timeoutMs = DEFAULT_TIMEOUT_MS, cacheMs } = plugin;
  const needsSubject = [words.title, words.reason].some((message) => message !== undefined && valuesOf(message).includes(SUBJECT));
  const asPlugin = ({ viewer, views, context }: RankRequest, signal: AbortSignal): PluginRequest =>
    ({ viewer: parseRef(views.catalog.entities.name(viewer.number)), limit, now: context.now, locale: context.locale, signal });
  const cohort: Cohort<Raw> = {
    name, about, kind, words, card: { template, action }, signals, limit, timeoutMs, ...(cacheMs === undefined ? {} : { cacheMs }),
    ...(plugin.eligible === undefined ? {} : { eligible: (request: RankRequest) => atOnce(name, 'eligible', plugin.eligible?.(asPlugin(request, AbortSignal.timeout(timeoutMs)))) === true }),
    fetch: (request) => {
      const raw = plugin.fetch(asPlugin(request, AbortSignal.timeout(timeoutMs)));
      return isPromise(raw) ? Promise.resolve(raw) : raw;
    },
    transform: (raw, request, into) => {
      const answer = atOnce(name, 'transform', plugin.transform(raw, asPlugin(request, AbortSignal.timeout(timeoutMs))));
      fill(checkAnswer({ name, needsSubject }, answer), { kind, into, request });
    },
  };
  return cohort;
};
