/** Served records told back: found by request id, explained with the model that ranked them. */
import { genderOf } from '../catalog/catalog.ts';
import { requestOf, type TrackingId } from '../core/ids.ts';
import { traceOf, whyOf, type Trace } from '../feed/explain.ts';
import { createSecondPass, UNTRAINED, type SecondPass, type ServingModel } from '../feed/second-pass.ts';
import type { Log, StoredRecord } from '../log/port.ts';
import { listed } from '../words/words.ts';
import type { State } from './state.ts';

export interface Traces {
  trace(requestId: string): Promise<Trace | undefined>;
  why(member: string, trackingId: string, locale: string): Promise<{ readonly sentences: readonly [string, string] } | undefined>;
}

export interface TraceParts {
  readonly log: Log;
  readonly state: State;
  readonly idle: () => Promise<void>;
  /** Brings in served records that are still on their way from workers. */
  readonly gather: () => Promise<unknown>;
  readonly loadModel: (version: string) => Promise<ServingModel | undefined>;
}

export const createTraces = ({ log, state, idle, gather, loadModel }: TraceParts): Traces => {
  const models = new Map<string, SecondPass>([[UNTRAINED.version, createSecondPass(UNTRAINED)]]);
  const modelOf = async (version: string): Promise<SecondPass | undefined> => {
    const known = models.get(version);
    if (known !== undefined) return known;
    // A model that is gone or unreadable leaves a trace without contributions, not without a trace.
    const loaded = await loadModel(version).catch(() => undefined);
    if (loaded === undefined) return undefined;
    const model = createSecondPass(loaded);
    models.set(version, model);
    return model;
  };
  const nameOf = (number: number, locale: string): string => state.catalog.texts.read('name', number) || listed([], 1, locale);
  const skillName = (term: string): string => { const number = state.catalog.terms.find(term); return number < 0 ? term : state.catalog.termName(number); };
  const findServed = async (requestId: string): Promise<StoredRecord | undefined> => {
    // The page may be a moment ahead of its record.
    await idle();
    const sequence = state.pages.find(requestId);
    const stored = sequence < 0 ? undefined : log.get({ partition: 0, sequence });
    return stored?.type === 'served' && stored.id === requestId ? stored : undefined;
  };
  const trace = async (requestId: string): Promise<Trace | undefined> => {
    let stored = await findServed(requestId);
    if (stored === undefined) {
      await gather();
      stored = await findServed(requestId);
    }
    return stored === undefined ? undefined : traceOf(stored, await modelOf(traceOf(stored, undefined).model));
  };
  return {
    trace,
    why: async (member, tracking, locale) => {
      const served = await trace(requestOf(tracking as TrackingId));
      const item = served?.items.find((candidate) => candidate.trackingId === tracking);
      if (served === undefined || item === undefined || served.member !== `member:${member}`) return undefined;
      const actors = item.actors.map((reference) => state.catalog.find(reference));
      const gender = actors[0] === undefined ? undefined : genderOf(state.catalog, actors[0]);
      return { sentences: whyOf(served, item, { names: actors.map((actor) => nameOf(actor, locale)), skills: item.skills.map(skillName), gender, locale }) };
    },
  };
};
