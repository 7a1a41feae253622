/** The friendly form of a cohort, for plug-ins and for services of their own: references in, references out. What it answers is checked and copied in. */
import { STATE } from '../catalog/catalog.ts';
import { KIND_PATTERN, parseRef, printable, type EntityRef } from '../core/ids.ts';
import { ThroughlineError } from '../core/errors.ts';
import { ACTIONS, SIGNAL_FAMILIES, type SignalFamily } from '../core/registry.ts';
import { because } from '../rankers/ranked-list.ts';
import { DEFAULT_TIMEOUT_MS, type PluginRequest, type RankRequest } from '../rankers/ranker.ts';
import { REASONS, type ReasonCode } from '../rankers/reasons.ts';
import { checkMessage } from '../words/words.ts';
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

/** A score is above 0; higher is better. The reason may be left out. */
export interface CohortAnswer {
  /** What `{subject}` stands for in the words. */
  readonly subject?: string;
  readonly items: readonly { readonly item: EntityRef; readonly score: number; readonly reason?: ReasonCode }[];
}

const DEFAULT_LIMIT = 100;
const MOST = 500;
/** Longer answers are cut before anybody looks at what is in them. */
const MOST_READ = 2000;
const MOST_SUBJECT = 200;
const NAME = /^[a-z][a-zA-Z0-9]{0,31}$/u;

type Partly<T> = { readonly [K in keyof T]?: unknown };

const isIn = (value: unknown, known: readonly unknown[]): boolean => value === undefined || known.includes(value);

/** What is wrong with a plug-in, in sentences; plug-ins may be written without types. */
export const checkPlugin = (plugin: unknown): readonly string[] => {
  if (typeof plugin !== 'object' || plugin === null) return ['it is no object'];
  const { name, about, kind, words, action, template, signals, limit, timeoutMs, cacheMs, eligible, fetch, transform } = plugin as Partly<CohortPlugin>;
  const { title, reason } = (typeof words === 'object' && words !== null ? words : {}) as Partly<CohortWords>;
  const isMessage = (message: unknown): message is CohortWords['title'] => typeof message === 'object' && message !== null && Object.values(message).every((text) => typeof text === 'string');
  const isCount = (value: unknown, most: number): boolean => value === undefined || (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most);
  const faults: readonly (string | false)[] = [
    (typeof name !== 'string' || !NAME.test(name)) && '"name" must be letters and digits, beginning with a small letter',
    typeof about !== 'string' && '"about" must say in one line what it recommends',
    (typeof kind !== 'string' || !KIND_PATTERN.test(kind)) && '"kind" must be an entity kind, such as group',
    !isMessage(title) && '"words.title" must be texts by language, such as { en: "Groups for you" }',
    reason !== undefined && !isMessage(reason) && '"words.reason" must be texts by language',
    !isIn(action, ACTIONS.map((row) => row.name)) && `"action" must be one of ${ACTIONS.map((row) => row.name).join(', ')}`,
    !isIn(template, TEMPLATE_NAMES) && `"template" must be one of ${TEMPLATE_NAMES.join(', ')}`,
    !(signals === undefined || (Array.isArray(signals) && signals.every((family) => isIn(family, SIGNAL_FAMILIES)))) && `"signals" must name ${SIGNAL_FAMILIES.join(', ')}`,
    !isCount(limit, MOST) && `"limit" must be a whole number from 1 to ${MOST}`,
    !isCount(timeoutMs, 2000) && '"timeoutMs" must be a whole number from 1 to 2000',
    !isCount(cacheMs, 300_000) && '"cacheMs" must be a whole number from 1 to 300000',
    eligible !== undefined && typeof eligible !== 'function' && '"eligible" must be a function',
    typeof fetch !== 'function' && '"fetch" must be a function',
    typeof transform !== 'function' && '"transform" must be a function',
  ];
  const messages = [title, reason].flatMap((message) => (isMessage(message) ? checkMessage(message, ['subject']) : []));
  return [...faults.filter((fault) => fault !== false), ...messages];
};

/** @throws plugin/invalidAnswer */
const checkAnswer = (name: string, answer: unknown): CohortAnswer => {
  const invalid = (detail: string): ThroughlineError => new ThroughlineError('plugin/invalidAnswer', `the cohort "${name}" ${detail}`);
  const { subject, items } = (answer ?? {}) as Partly<CohortAnswer>;
  if (!Array.isArray(items)) throw invalid('did not answer { items: […] }');
  if (subject !== undefined && (typeof subject !== 'string' || subject.length > MOST_SUBJECT)) throw invalid(`answered a subject that is no text of at most ${MOST_SUBJECT} characters`);
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
    into.list.add(number >= 0 && catalog.items.columns.state[number] === STATE.alive ? number : -1, score, because(reason ?? 'popularNow'));
  }
};

/** @throws client/invalidConfig with everything that is wrong */
export const pluginCohort = <Raw>(plugin: CohortPlugin<Raw>): Cohort => {
  const faults = checkPlugin(plugin);
  if (faults.length > 0) throw new ThroughlineError('client/invalidConfig', `a cohort${typeof plugin?.name === 'string' ? ` "${printable(plugin.name)}"` : ''} cannot be used: ${faults.join('; ')}; "throughline cohort check" says the same of a file`);
  const { name, about, kind, words, action = 'follow', template = 'medium', signals = [], limit = DEFAULT_LIMIT, timeoutMs = DEFAULT_TIMEOUT_MS, cacheMs } = plugin;
  const asPlugin = ({ viewer, views, context }: RankRequest, signal: AbortSignal): PluginRequest =>
    ({ viewer: parseRef(views.catalog.entities.name(viewer.number)), limit, now: context.now, locale: context.locale, signal });
  const cohort: Cohort<Raw> = {
    name, about, kind, words, card: { template, action }, signals, limit, timeoutMs, ...(cacheMs === undefined ? {} : { cacheMs }),
    ...(plugin.eligible === undefined ? {} : { eligible: (request: RankRequest) => plugin.eligible?.(asPlugin(request, AbortSignal.timeout(timeoutMs))) === true }),
    fetch: (request) => plugin.fetch(asPlugin(request, AbortSignal.timeout(timeoutMs))),
    transform: (raw, request, into) => { fill(checkAnswer(name, plugin.transform(raw, asPlugin(request, AbortSignal.timeout(timeoutMs)))), { kind, into, request }); },
  };
  return cohort;
};
