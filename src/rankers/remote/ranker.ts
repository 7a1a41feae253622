/** First-pass rankers that are services of their own, in any language: asked over HTTP, with answers in a form of theirs. */
import { z } from 'zod';
import { ThroughlineError } from '../../core/errors.ts';
import { NAME_PATTERN, parseRef, type EntityRef } from '../../core/ids.ts';
import { SIGNAL_FAMILIES } from '../../core/registry.ts';
import type { PluginCandidate, PluginRanker, PluginRequest } from '../ranker.ts';
import { REASON_CODES, type ReasonCode } from '../reasons.ts';
import { createBreaker } from './breaker.ts';
import { callService } from './call.ts';

const name = z.string().regex(NAME_PATTERN, 'must be letters and digits, beginning with a small letter');
const path = z.string().regex(/^[\w-]+(?:\.[\w-]+)*$/u, 'must be names joined by dots, such as result.jobs');

/** How a service is described in the configuration. */
export const remoteSchema = z.strictObject({
  name: name.describe('Its name in pages, traces and answers'),
  url: z.url({ protocol: /^https?$/u }).max(2048).describe('Where it answers POST requests'),
  kinds: z.array(z.string().regex(NAME_PATTERN)).min(1).max(16).describe('Entity kinds that it may return'),
  signals: z.array(z.enum(SIGNAL_FAMILIES)).default([]).describe('What it knows of a member: it is not asked about those who withhold one of these'),
  limit: z.int().min(1).max(500).default(100).describe('Candidates at most'),
  timeoutMs: z.int().min(1).max(2000).default(80).describe('How long a page waits for it'),
  headers: z.record(z.string().max(128), z.string().max(4096)).default({}).describe('Sent with each request, such as a key'),
  reason: z.enum(REASON_CODES as readonly [ReasonCode, ...ReasonCode[]]).default('popularNow').describe('Why its items are there, where it does not say so itself'),
  answer: z.strictObject({
    list: path.default('candidates').describe('Where the list stands in its answer'),
    item: path.default('item').describe('In each entry, the item: kind:id, or the id alone where it returns one kind'),
    score: path.default('score').describe('In each entry, a number above 0, higher is better'),
    reason: path.default('reason').describe('In each entry, the code of a reason; it may be missing'),
  }).prefault({}).describe('Where things stand in its answer'),
  privateAddresses: z.boolean().default(false).describe('Whether it may be inside the operator\'s own network'),
});
export type RemoteOptions = z.infer<typeof remoteSchema>;

const MOST_BYTES = 262_144;
/** After so many failures in a row it is left alone for so long. */
const BREAKER = { failures: 5, pauseMs: 10_000 } as const;

const at = (value: unknown, places: string): unknown => places.split('.').reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? (inner as Readonly<Record<string, unknown>>)[key] : undefined), value);

const itemOf = (value: unknown, { name: own, kinds }: RemoteOptions): EntityRef => {
  const text = typeof value === 'number' ? String(value) : value;
  const [only] = kinds;
  if (typeof text !== 'string' || text === '') throw new ThroughlineError('plugin/invalidAnswer', `the service of "${own}" answered an entry without an item`);
  return kinds.length === 1 && only !== undefined && !text.startsWith(`${only}:`) ? { kind: only, id: text } : parseRef(text);
};

const candidatesOf = (text: string, options: RemoteOptions): readonly PluginCandidate[] => {
  const { name: own, answer, limit, reason } = options;
  let parsed: unknown;
  try { parsed = JSON.parse(text); } catch (cause) { throw new ThroughlineError('plugin/invalidAnswer', `the service of "${own}" answered something that is not JSON`, { cause }); }
  const list = at(parsed, answer.list);
  if (!Array.isArray(list)) throw new ThroughlineError('plugin/invalidAnswer', `the service of "${own}" answered no list at "${answer.list}"`);
  return list.slice(0, limit).map((entry: unknown) => ({ item: itemOf(at(entry, answer.item), options), score: at(entry, answer.score) as number, reason: (at(entry, answer.reason) ?? reason) as ReasonCode }));
};

/** Asked once more where it could not be reached or broke off, as long as there is time. */
const ask = async (options: RemoteOptions, request: PluginRequest): Promise<string> => {
  const { name: own, url, headers, privateAddresses } = options;
  const body = JSON.stringify({ member: request.viewer, limit: request.limit, now: request.now, locale: request.locale });
  const call = (): Promise<string> => callService({ name: own, url: new URL(url), headers, body, mostBytes: MOST_BYTES, privateAddresses, signal: request.signal });
  try { return await call(); } catch (error) {
    if (request.signal.aborted || !(error instanceof ThroughlineError) || error.code !== 'plugin/failed') throw error;
    return call();
  }
};

/** What a service answers is checked as a plug-in's is. @throws plugin/failed while it is left alone */
export const remoteRanker = (options: RemoteOptions): PluginRanker<string> => {
  const { name: own, kinds, signals, limit, timeoutMs } = options;
  const breaker = createBreaker(BREAKER);
  return {
    name: own, about: `what the service at ${new URL(options.url).host} returns`, kinds, signals, limit, timeoutMs,
    fetch: async (request) => {
      if (!breaker.mayCall(request.now)) throw new ThroughlineError('plugin/failed', `the service of "${own}" failed ${BREAKER.failures} times in a row and is left alone for ${BREAKER.pauseMs / 1000} s`);
      try {
        const text = await ask(options, request);
        breaker.succeeded();
        return text;
      } catch (error) {
        breaker.failed(request.now);
        throw error;
      }
    },
    transform: (text) => candidatesOf(text, options),
  };
};
