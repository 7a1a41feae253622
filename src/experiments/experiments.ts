/** The experiments there are: a projection of the log, published whole in shared memory, so that one change holds for the next request of every worker. */
import { UNASSIGNED, type Assign, type Assigned, type Parameter, type Subject } from '../core/context.ts';
import { ThroughlineError } from '../core/errors.ts';
import type { MemberId, Millis } from '../core/ids.ts';
import type { StoredRecord } from '../log/port.ts';
import { openDocument } from '../memory/document.ts';
import type { Space } from '../memory/space.ts';
import { assign, makeReady, type Assignment, type ReadyExperiment } from './assign.ts';
import type { Experiment, Setting } from './experiment.ts';
import { layerBucket } from './hash.ts';
import { decodeExperiment, withoutMember } from './records.ts';

export interface StoredExperiment {
  readonly experiment: Experiment;
  readonly updatedAt: Millis;
  /** Why it does not run though it is meant to: what it varies, or a value of it, is none any more. */
  readonly fault?: string;
}

export interface Experiments {
  /** By key. */
  all(): readonly StoredExperiment[];
  get(key: string): StoredExperiment | undefined;
  /** What a member gets of one experiment, and why; exposes nobody. Undefined where there is none. */
  preview(key: string, subject: Subject): (Assignment & { readonly value: unknown }) | undefined;
  /** What code asks when it makes a page. */
  readonly assign: Assign;
  /** Writer only, as all that follows. */
  apply(record: StoredRecord): void;
  /** Called after each block: publishes what it changed. */
  settle(): void;
  forget(member: MemberId): void;
}

interface Book {
  readonly stored: ReadonlyMap<string, StoredExperiment>;
  readonly ready: ReadonlyMap<string, ReadyExperiment>;
  /** By parameter, those that run. */
  readonly running: ReadonlyMap<string, readonly ReadyExperiment[]>;
}

const EMPTY: Book = { stored: new Map(), ready: new Map(), running: new Map() };

const bookOf = (list: readonly StoredExperiment[], setting: Setting): Book => {
  const [stored, ready, running] = [new Map<string, StoredExperiment>(), new Map<string, ReadyExperiment>(), new Map<string, ReadyExperiment[]>()];
  for (const entry of list) {
    const { key, status, parameter } = entry.experiment;
    try {
      const one = makeReady(entry.experiment, setting);
      ready.set(key, one);
      stored.set(key, entry);
      if (status === 'running') running.set(parameter, [...running.get(parameter) ?? [], one]);
    } catch (error) {
      // Pages go on without it; whoever looks it up is told.
      if (!(error instanceof ThroughlineError)) throw error;
      stored.set(key, { ...entry, fault: error.message });
    }
  }
  return { stored, ready, running };
};

/** Of all experiments of one parameter at most one range holds the member; who is named in another goes there. */
const choose = (competing: readonly ReadyExperiment[], subject: Subject): { readonly key: string; readonly assignment: Assignment } | undefined => {
  let chosen: { readonly key: string; readonly assignment: Assignment } | undefined;
  // They are of one layer.
  const bucket = layerBucket(competing[0]?.experiment.layer ?? '', subject.member);
  for (const one of competing) {
    const assignment = assign(one, subject, bucket);
    if (assignment.reason === 'OVERRIDE') return { key: one.experiment.key, assignment };
    if (assignment.variant !== undefined) chosen ??= { key: one.experiment.key, assignment };
  }
  return chosen;
};

/** One request: each parameter is decided once, when it is first asked for. */
const beginRequest = (running: Book['running'], { member, attributes }: Subject): Assigned => {
  const assignments: Record<string, string> = {};
  const decided = new Map<string, unknown>();
  let known: ReturnType<Subject['attributes']> | undefined;
  const subject: Subject = { member, attributes: () => known ??= attributes() };
  return {
    assignments,
    variant: <V>(parameter: Parameter<V>): V => {
      const competing = running.get(parameter.name);
      if (competing === undefined) return parameter.default;
      if (!decided.has(parameter.name)) {
        const chosen = choose(competing, subject);
        const variant = chosen?.assignment.variant;
        if (chosen !== undefined && variant !== undefined) assignments[chosen.key] = variant.name;
        decided.set(parameter.name, variant === undefined ? parameter.default : variant.value);
      }
      // The schema of the parameter of this name has read the value.
      return decided.get(parameter.name) as V;
    },
  };
};

export const openExperiments = (space: Space, setting: Setting): Experiments => {
  const document = openDocument<readonly StoredExperiment[]>(space, 'experiments');
  let published: readonly StoredExperiment[] | undefined;
  let book = EMPTY;
  /** What the writer knows, and whether it is published. */
  const entries = new Map<string, StoredExperiment>();
  let isPublished = true;
  /** Compiled when it is first asked for after a change, and not again. */
  const current = (): Book => {
    const list = document.read();
    if (list === published) return book;
    published = list;
    book = bookOf(list ?? [], setting);
    return book;
  };
  const publish = (): void => {
    document.write([...entries.values()].sort((a, b) => (a.experiment.key < b.experiment.key ? -1 : 1)));
    isPublished = true;
  };
  const put = (entry: StoredExperiment): void => { entries.set(entry.experiment.key, entry); isPublished = false; };
  const settle = (): void => { if (!isPublished) publish(); };
  return {
    all: () => [...current().stored.values()],
    get: (key) => current().stored.get(key),
    preview: (key, subject) => {
      const one = current().ready.get(key);
      if (one === undefined) return undefined;
      const assignment = assign(one, subject);
      return { ...assignment, value: assignment.variant === undefined ? one.parameter.default : assignment.variant.value };
    },
    assign: (subject) => {
      const { running } = current();
      return running.size === 0 ? UNASSIGNED : beginRequest(running, subject);
    },
    apply: (record) => {
      if (record.type !== 'experiment') return;
      const { key, experiment } = decodeExperiment(record.payload);
      if (experiment !== null) put({ experiment, updatedAt: record.at });
      else if (entries.delete(key)) isPublished = false;
    },
    settle,
    forget: (member) => {
      for (const { experiment, ...entry } of entries.values()) {
        const left = withoutMember(experiment, member);
        if (left !== experiment) put({ ...entry, experiment: left });
      }
      settle();
    },
  };
};
