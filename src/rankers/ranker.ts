/** First-pass rankers: each scores its own inventory through an index made for it and returns its top k with a score and a reason. */
import { STATE } from '../catalog/catalog.ts';
import type { RequestContext } from '../core/context.ts';
import { parseRef, type EntityRef } from '../core/ids.ts';
import { ThroughlineError } from '../core/errors.ts';
import type { SignalFamily } from '../core/registry.ts';
import { because, type RankedList } from './ranked-list.ts';
import { REASONS, type ReasonCode } from './reasons.ts';
import type { Viewer } from './viewer.ts';
import type { Views } from './views.ts';

export interface RankRequest { readonly viewer: Viewer; readonly views: Views; readonly context: RequestContext }

export interface FirstPassRanker {
  readonly name: string;
  readonly about: string;
  readonly kinds: readonly string[];
  /** Every one of these must be allowed by the viewer, or the ranker is not asked. */
  readonly signals: readonly SignalFamily[];
  readonly limit: number;
  readonly timeoutMs?: number;
  /** Adds candidates; the list keeps its `limit` best. Synchronous rankers cost no promise. */
  rank(request: RankRequest, into: RankedList): void | Promise<void>;
}

/** The friendly form for plug-ins: `fetch` may do I/O, `transform` is pure. */
export interface PluginRanker<Raw = unknown> {
  readonly name: string;
  readonly about: string;
  readonly kinds: readonly string[];
  readonly signals?: readonly SignalFamily[];
  readonly limit?: number;
  readonly timeoutMs?: number;
  fetch(request: PluginRequest): Promise<Raw>;
  transform(raw: Raw, request: PluginRequest): readonly PluginCandidate[];
}
export interface PluginRequest { readonly viewer: EntityRef; readonly limit: number; readonly now: number; readonly locale: string; readonly signal: AbortSignal }
/** A score is above 0; higher is better. */
export interface PluginCandidate { readonly item: EntityRef; readonly score: number; readonly reason: ReasonCode }

/** Of a ranker that names none. */
export const DEFAULT_TIMEOUT_MS = 80;
const DEFAULT_LIMIT = 100;

/** Plug-ins may be written without types. @throws plugin/invalidAnswer */
const checkAnswer = (name: string, answer: unknown): readonly PluginCandidate[] => {
  const invalid = (detail: string): ThroughlineError => new ThroughlineError('plugin/invalidAnswer', `first-pass ranker "${name}" ${detail}`);
  if (!Array.isArray(answer)) throw invalid('did not answer a list');
  for (const candidate of answer as readonly (Partial<PluginCandidate> | null | undefined)[]) {
    const { item, score, reason } = candidate ?? {};
    if (typeof item?.kind !== 'string' || typeof item.id !== 'string') throw invalid('answered something without an item of the form { kind, id }');
    if (typeof score !== 'number' || !Number.isFinite(score) || score <= 0) throw invalid('answered a score that is not a number above 0');
    if (reason === undefined || !Object.hasOwn(REASONS, reason)) throw invalid(`answered the unknown reason "${String(reason)}"`);
  }
  return answer as readonly PluginCandidate[];
};

/** One adapter from the friendly form: answers are checked and copied in; what comes after the deadline goes nowhere. */
export const pluginRanker = <Raw>(plugin: PluginRanker<Raw>): FirstPassRanker => {
  const limit = plugin.limit ?? DEFAULT_LIMIT;
  const timeoutMs = plugin.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  return {
    name: plugin.name, about: plugin.about, kinds: plugin.kinds, signals: plugin.signals ?? [], limit, timeoutMs,
    rank: async ({ viewer, views, context }, into) => {
      const request: PluginRequest = {
        viewer: parseRef(views.catalog.entities.name(viewer.number)), limit, now: context.now, locale: context.locale,
        signal: AbortSignal.timeout(timeoutMs),
      };
      const answer = plugin.transform(await plugin.fetch(request), request);
      if (request.signal.aborted) return;
      for (const { item, score, reason } of checkAnswer(plugin.name, answer)) {
        const number = views.catalog.find(`${item.kind}:${item.id}`);
        const isThere = number >= 0 && views.catalog.items.columns.state[number] === STATE.alive;
        // What is not there counts as refused: the trace tells how much of an answer that was.
        into.add(isThere && plugin.kinds.includes(item.kind) ? number : -1, score, because(reason));
      }
    },
  };
};
