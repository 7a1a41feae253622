/**
 * A store's log as sequences to learn from: the same events in the same order as serving reads, without the limit on how many. No id of a
 * member leaves here. Left out are members who withhold activity or sequence at the end of what is read, events of a family that they
 * withhold, and whatever came while it was withheld.
 */
import { decodeEntity } from '../../catalog/records.ts';
import { ACTIONS, signalsOf, SURFACES, type SignalFamilies } from '../../core/registry.ts';
import { decodeEvent } from '../../funnel/codec.ts';
import { actionOf, dwellOf, HISTORY_STRIDE, surfaceOf } from '../../journey/layout.ts';
import { enter, mayRead, openSequences, type Sequences } from '../../journey/sequences.ts';
import type { Log, Position, StoredRecord } from '../../log/port.ts';
import { createSpace } from '../../memory/space.ts';
import { CONTENT_BUCKETS, CONTENT_WIDTH, contentFeatures } from './content.ts';
import type { ContentRows, SequenceData, Split } from './data.ts';

export interface LogSequences {
  readonly data: SequenceData & Required<Pick<SequenceData, 'seconds' | 'action' | 'actions' | 'surface' | 'surfaces' | 'dwell' | 'content'>>;
  /** Where each partition was read to (exclusive). */
  readonly through: readonly Position[];
  /** Row of the data for a member's id, -1 for who is left out. For joining other records of the same log; it is not to be stored. */
  memberOf(id: string): number;
  /** Number in the data for a reference, -1 where no sequence and no example names it. */
  itemOf(reference: string): number;
}

export interface FromLogOptions {
  /** Read no further; default the end of the log as it is now. */
  readonly through?: readonly Position[];
  /** Members and items to have a place though they have no event: those of examples. */
  readonly members?: ReadonlySet<string>;
  readonly items?: ReadonlySet<string>;
  readonly onProgress?: (share: number) => void;
}

/** Names to numbers in order of first sight. */
interface Numbers { readonly names: readonly string[]; of(name: string): number; find(name: string): number }
const createNumbers = (): Numbers => {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  return {
    names,
    find: (name) => numbers.get(name) ?? -1,
    of: (name) => {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, names.length);
      return names.push(name) - 1;
    },
  };
};

/** What was read, before it is laid out. */
interface Read { readonly members: Numbers; readonly items: Numbers; readonly sequences: Sequences; readonly switched: ReadonlyMap<string, number>; readonly content: ReadonlyMap<string, Uint16Array> }

const decoder = new TextDecoder();

const createTaker = (): { readonly read: Read; take(record: StoredRecord): void } => {
  const members = createNumbers();
  const items = createNumbers();
  const sequences = openSequences(createSpace());
  const switched = new Map<string, number>();
  const content = new Map<string, Uint16Array>();
  return {
    read: { members, items, sequences, switched, content },
    take: (record) => {
      if (record.type === 'consent') switched.set(record.member ?? '', record.payload[1] ?? 0);
      else if (record.type === 'entity') {
        const entity = decodeEntity(record.payload);
        content.set(`${entity.kind}:${entity.id}`, contentFeatures(entity));
      } else if (record.type === 'entityDeleted') content.delete(decoder.decode(record.payload.subarray(1)));
      else if (record.type === 'event' && record.member !== undefined) {
        const event = decodeEvent(record.payload);
        enter(sequences, { member: members.of(record.member), item: items.of(event.item), at: record.at }, { event, allowed: signalsOf(switched.get(record.member) ?? 0) });
      }
    },
  };
};

const readLog = async (log: Log, through: readonly Position[], onProgress?: (share: number) => void): Promise<Read> => {
  const ends = new Map(through.map(({ partition, sequence }) => [partition, sequence]));
  const total = through.reduce((sum, { sequence }) => sum + sequence, 0);
  const { read, take } = createTaker();
  let done = 0;
  for await (const { partition, records } of log.read(through.map((end) => ({ partition: end.partition, sequence: 0 })))) {
    const end = ends.get(partition) ?? 0;
    for (const record of records) if (record.sequence < end) take(record);
    done += records.length;
    onProgress?.(Math.min(1, done / Math.max(total, 1)));
  }
  return read;
};

const isIn = (allowed: SignalFamilies): boolean => allowed.activity && allowed.sequence;

/** Triples of one member that may be learned from. */
const kept = (sequences: Sequences, member: number, allowed: SignalFamilies): Int32Array => {
  const values = sequences.lists.values(member);
  let to = 0;
  for (let at = 0; at < values.length; at += HISTORY_STRIDE) {
    if (!mayRead(actionOf(values[at + 1] ?? 0), allowed)) continue;
    values.copyWithin(to, at, at + HISTORY_STRIDE);
    to += HISTORY_STRIDE;
  }
  return values.subarray(0, to);
};

interface Row { readonly id: string; readonly triples: Int32Array }

/** Members with an event, and those asked for; in order of first sight. */
const rowsOf = ({ members, sequences, switched }: Read, asked: ReadonlySet<string>): readonly Row[] => {
  const rows: Row[] = [];
  for (const id of new Set([...members.names, ...asked])) {
    const allowed = signalsOf(switched.get(id) ?? 0);
    if (!isIn(allowed)) continue;
    const number = members.find(id);
    const triples = number < 0 ? new Int32Array() : kept(sequences, number, allowed);
    if (triples.length > 0 || asked.has(id)) rows.push({ id, triples });
  }
  return rows;
};

const contentOf = (names: readonly string[], content: ReadonlyMap<string, Uint16Array>): ContentRows => {
  const features = new Uint16Array(names.length * CONTENT_WIDTH);
  names.forEach((name, item) => { features.set(content.get(name) ?? [], item * CONTENT_WIDTH); });
  return { width: CONTENT_WIDTH, buckets: CONTENT_BUCKETS, features };
};

/** Items dense over those that occur; members as numbers alone. */
const layOut = (read: Read, rows: readonly Row[], asked: ReadonlySet<string>): { readonly data: LogSequences['data']; readonly items: Numbers } => {
  const events = rows.reduce((sum, { triples }) => sum + triples.length / HISTORY_STRIDE, 0);
  const items = createNumbers();
  const starts = new Int32Array(rows.length + 1);
  const columns = { item: new Int32Array(events), seconds: new Float64Array(events), action: new Uint8Array(events), surface: new Uint8Array(events), dwell: new Uint8Array(events) };
  let event = 0;
  rows.forEach(({ triples }, m) => {
    for (let at = 0; at < triples.length; at += HISTORY_STRIDE, event++) {
      const deed = triples[at + 1] ?? 0;
      columns.item[event] = items.of(read.items.names[triples[at] ?? 0] ?? '');
      columns.seconds[event] = triples[at + 2] ?? 0;
      columns.action[event] = actionOf(deed);
      columns.surface[event] = surfaceOf(deed);
      columns.dwell[event] = dwellOf(deed);
    }
    starts[m + 1] = event;
  });
  for (const reference of asked) items.of(reference);
  return {
    items,
    data: {
      members: rows.length, items: items.names.length, starts, ...columns, actions: ACTIONS.map(({ name }) => name), surfaces: SURFACES,
      content: contentOf(items.names, read.content), memberNames: rows.map((_, m) => String(m)), itemNames: items.names,
    },
  };
};

/** Sequences of a whole store, with content. Memory: about 30 bytes an event and 32 an item, twice while reading. */
export const readSequences = async (log: Log, options: FromLogOptions = {}): Promise<LogSequences> => {
  const through = options.through ?? log.end();
  const read = await readLog(log, through, options.onProgress);
  const rows = rowsOf(read, options.members ?? new Set());
  const { data, items } = layOut(read, rows, options.items ?? new Set());
  const numbers = new Map(rows.map(({ id }, m) => [id, m]));
  return { data, through, memberOf: (id) => numbers.get(id) ?? -1, itemOf: items.find };
};

/** Events of actions that a member does because they like something are what a model is to expect next; the others are read and not predicted. */
export const isTarget = (data: SequenceData, event: number): boolean =>
  data.action === undefined || ACTIONS.find(({ name }) => name === data.actions?.[data.action?.[event] ?? 0])?.polarity === 1;

/** `isTarget` of every event. */
export const targetsOf = (data: SequenceData): Uint8Array => {
  const wanted = (data.actions ?? []).map((name) => ACTIONS.find((action) => action.name === name)?.polarity === 1);
  return Uint8Array.from(data.item, (_, event) => Number(data.action === undefined || wanted[data.action[event] ?? 0] === true));
};

/**
 * For a model that will serve: everything before a moment is learned from, and each member's first target after it, on an item that somebody
 * touched before it, validates. Nothing is kept for a test. The moment is where `share` of all events have happened.
 */
export const trainingSplit = (data: SequenceData, share = 0.9): Split => {
  const seconds = data.seconds ?? Float64Array.from(data.item, (_, event) => event);
  const cutoff = seconds.toSorted()[Math.min(seconds.length - 1, Math.floor(seconds.length * share))] ?? 0;
  const targets = (data.actions ?? []).map((name) => ACTIONS.find((action) => action.name === name)?.polarity === 1);
  const isWanted = (event: number): boolean => data.action === undefined || targets[data.action[event] ?? 0] === true;
  const touched = new Uint8Array(data.items);
  const trainEnds = Int32Array.from({ length: data.members }, (_, m) => {
    let event = data.starts[m] ?? 0;
    for (; event < (data.starts[m + 1] ?? 0) && (seconds[event] ?? 0) < cutoff; event++) touched[data.item[event] ?? 0] = 1;
    return event;
  });
  const validation = trainEnds.map((from, m) => {
    for (let event = from; from > (data.starts[m] ?? 0) && event < (data.starts[m + 1] ?? 0); event++) if (isWanted(event) && touched[data.item[event] ?? 0] === 1) return event;
    return -1;
  });
  return {
    protocol: `everything before ${new Date(cutoff * 1000).toISOString()} is learned from; each member's first action after it, on an item somebody touched before, validates`,
    trainEnds, validation, test: new Int32Array(data.members).fill(-1), cutoffs: { validation: cutoff, test: Number.POSITIVE_INFINITY },
  };
};
