/**
 * One sequence per member across every surface, in order of time: what sequence models read, and, its positive part, rankers.
 * A late event goes where its time says. Writes happen in place, under readers in other threads; so a member's version is odd while
 * their sequence changes, and a reader that saw it change reads again. Another version is also how a cached state is known to be old.
 *
 * Looks: a card visible for at least `LONG_LOOK_MS` is an event of its own (`dwell`); a shorter look is none. A look and an action on the
 * same item within `SAME_LOOK_SECONDS` of each other are one event: the action, which takes the look's dwell, however short.
 */
import { ACTIONS, type SignalFamilies } from '../core/registry.ts';
import type { StoredEvent } from '../funnel/codec.ts';
import type { Space } from '../memory/space.ts';
import { openLists, openTable, type Lists } from '../memory/structures.ts';
import { actionOf, dwellBucket, dwellOf, HISTORY_STRIDE, packDeed, surfaceOf } from './layout.ts';
import { surfaceOfEvent } from './surfaces.ts';

/** Events that a model reads; one more is what it is asked about in training. */
export const SEQUENCE_EVENTS = 200;
export const LONG_LOOK_MS = 5000;
export const SAME_LOOK_SECONDS = 120;
export const DWELL: number = ACTIONS.findIndex(({ name }) => name === 'dwell');

/** The newest events of one member, oldest first: rows [0, count). */
export interface SequenceColumns {
  count: number;
  /** Dense entity; row of the action registry; row of `SURFACES`; dwell bucket (0: not known); seconds since the epoch. */
  readonly item: Int32Array;
  readonly action: Uint8Array;
  readonly surface: Uint8Array;
  readonly dwell: Uint8Array;
  readonly seconds: Int32Array;
}

export const createSequenceColumns = (events: number = SEQUENCE_EVENTS + 1): SequenceColumns =>
  ({ count: 0, item: new Int32Array(events), action: new Uint8Array(events), surface: new Uint8Array(events), dwell: new Uint8Array(events), seconds: new Int32Array(events) });

export interface SequenceEvent { readonly item: number; readonly action: number; readonly surface: number; readonly seconds: number; /** How long the member looked, where the event says it. */ readonly visibleMs?: number }
export interface Look { readonly item: number; readonly surface: number; readonly seconds: number; readonly visibleMs: number }

export interface Sequences {
  /** In triples; see `layout.ts`. */
  readonly lists: Lists;
  /** Writer only. */
  add(member: number, event: SequenceEvent): void;
  /** Writer only. */
  look(member: number, look: Look): void;
  /** Removes the newest event of this item and action. Writer only. @returns its time in seconds, undefined where there is none */
  drop(member: number, deed: { readonly item: number; readonly action: number }): number | undefined;
  /** Writer only. */
  clear(member: number): void;
  /** Even where nothing is changing; another number after every change. */
  version(member: number): number;
  /**
   * Fills `into` with the newest events that the member lets be used, none where activity or sequence is withheld.
   * @returns the version that was read
   */
  read(member: number, allowed: SignalFamilies, into: SequenceColumns): number;
}

/** Whether an event of this action may be read now. */
export const mayRead = (action: number, allowed: SignalFamilies): boolean => {
  const row = ACTIONS[action];
  return row !== undefined && allowed.activity && allowed.sequence && allowed[row.signal];
};

/** Puts the last triple of a list where its time says; of equal times it stays the last. */
const settle = (data: Int32Array, first: number, last: number): void => {
  const [item = 0, deed = 0, seconds = 0] = data.subarray(last, last + HISTORY_STRIDE);
  let at = last;
  while (at > first && (data[at - 1] ?? 0) > seconds) at -= HISTORY_STRIDE;
  if (at === last) return;
  data.copyWithin(at + HISTORY_STRIDE, at, last);
  data[at] = item;
  data[at + 1] = deed;
  data[at + 2] = seconds;
};

/** Where a member's triples begin and end in the heap. */
const spanOf = ({ view: { data, head } }: Lists, member: number): { readonly data: Int32Array; readonly first: number; readonly end: number; readonly block: number } => {
  const block = head[member] ?? 0;
  return { data, block, first: block + 2, end: block + 2 + (data[block] ?? 0) };
};

const removeAt = (lists: Lists, member: number, at: number): void => {
  const { data, block, end } = spanOf(lists, member);
  data.copyWithin(at, at + HISTORY_STRIDE, end);
  data.fill(0, end - HISTORY_STRIDE, end);
  data[block] = (data[block] ?? 0) - HISTORY_STRIDE;
};

/** The newest event on this item within one look of `seconds` for which `wanted` holds, or -1. */
const findNear = (lists: Lists, member: number, near: { readonly item: number; readonly seconds: number; readonly wanted: (action: number) => boolean }): number => {
  const { data, first, end } = spanOf(lists, member);
  for (let at = end - HISTORY_STRIDE; at >= first; at -= HISTORY_STRIDE) {
    const apart = (data[at + 2] ?? 0) - near.seconds;
    if (apart < -SAME_LOOK_SECONDS) return -1;
    if (apart <= SAME_LOOK_SECONDS && data[at] === near.item && near.wanted(actionOf(data[at + 1] ?? 0))) return at;
  }
  return -1;
};

const isDwell = (action: number): boolean => action === DWELL;
const isAny = (): boolean => true;

const createReader = (space: Space, lists: Lists, versions: { readonly columns: { readonly version: Int32Array } }): Sequences['read'] => {
  const copy = (member: number, allowed: SignalFamilies, into: SequenceColumns): void => {
    const { data, first, end } = spanOf(lists, member);
    const room = into.item.length;
    let to = room;
    // From the newest back into the end of the columns, then forward to their front: one pass, whatever is left out.
    for (let at = end - HISTORY_STRIDE; at >= first && to > 0; at -= HISTORY_STRIDE) {
      const deed = data[at + 1] ?? 0;
      if (!mayRead(actionOf(deed), allowed)) continue;
      to--;
      into.item[to] = data[at] ?? 0;
      into.action[to] = actionOf(deed);
      into.surface[to] = surfaceOf(deed);
      into.dwell[to] = dwellOf(deed);
      into.seconds[to] = data[at + 2] ?? 0;
    }
    into.count = room - to;
    if (to > 0) for (const column of [into.item, into.action, into.surface, into.dwell, into.seconds]) column.copyWithin(0, to, room);
  };
  return (member, allowed, into) => {
    for (;;) {
      const version = member < 0 || member >= versions.columns.version.length ? 0 : Atomics.load(versions.columns.version, member);
      if (version === 0 || version % 2 !== 0) into.count = 0;
      else copy(member, allowed, into);
      // Larger memory announced meanwhile may be where the sequence has gone to.
      if (!space.isCurrent()) { space.refresh(); continue; }
      if (version === 0) return 0;
      if (version % 2 === 0 && Atomics.load(versions.columns.version, member) === version) return version;
    }
  };
};

/** @param options.keep events kept per member, at least; absent: all of them */
export const openSequences = (space: Space, options: { readonly keep?: number } = {}): Sequences => {
  const lists = openLists(space, 'history', options.keep === undefined ? {} : { keep: options.keep * HISTORY_STRIDE });
  const versions = openTable(space, 'sequences', { version: 'i32' });
  const change = (member: number, write: () => void): void => {
    versions.ensure(member);
    Atomics.add(versions.columns.version, member, 1);
    write();
    Atomics.add(versions.columns.version, member, 1);
  };
  const insert = (member: number, event: SequenceEvent & { readonly dwell: number }): void => {
    lists.push(member, event.item, packDeed(event.action, event.surface, event.dwell), event.seconds);
    const { data, first, end } = spanOf(lists, member);
    settle(data, first, end - HISTORY_STRIDE);
  };
  return {
    lists,
    add: (member, event) => {
      change(member, () => {
        const look = findNear(lists, member, { ...event, wanted: isDwell });
        const seen = look < 0 ? 0 : dwellOf(lists.view.data[look + 1] ?? 0);
        const dwell = event.visibleMs === undefined || event.visibleMs === 0 ? seen : Math.max(seen, dwellBucket(event.visibleMs));
        if (look >= 0) removeAt(lists, member, look);
        insert(member, { ...event, dwell });
      });
    },
    look: (member, { item, surface, seconds, visibleMs }) => {
      const dwell = dwellBucket(visibleMs);
      const at = findNear(lists, member, { item, seconds, wanted: isAny });
      if (at < 0 && visibleMs < LONG_LOOK_MS) return;
      change(member, () => {
        if (at < 0) { insert(member, { item, action: DWELL, surface, seconds, dwell }); return; }
        const { data } = lists.view;
        const deed = data[at + 1] ?? 0;
        data[at + 1] = packDeed(actionOf(deed), surfaceOf(deed), Math.max(dwell, dwellOf(deed)));
      });
    },
    drop: (member, { item, action }) => {
      const { data, first, end } = spanOf(lists, member);
      for (let at = end - HISTORY_STRIDE; at >= first; at -= HISTORY_STRIDE) {
        if (data[at] !== item || actionOf(data[at + 1] ?? 0) !== action) continue;
        const seconds = data[at + 2];
        change(member, () => { removeAt(lists, member, at); });
        return seconds;
      }
      return undefined;
    },
    clear: (member) => { change(member, () => { lists.clear(member); }); },
    version: (member) => versions.columns.version[member] ?? 0,
    read: createReader(space, lists, versions),
  };
};

/** Who, what and when (ms), in dense numbers. */
export interface Place { readonly member: number; readonly item: number; readonly at: number }

/**
 * What an event does to its member's sequence, as far as the member allows it; undoing is always obeyed. Serving and training
 * both come through here, so a model reads what it learned from.
 * @returns when an undone action was done, in seconds; undefined otherwise
 */
export const enter = (sequences: Sequences, { member, item, at }: Place, { event, allowed }: { readonly event: StoredEvent; readonly allowed: SignalFamilies }): number | undefined => {
  const seconds = Math.floor(at / 1000);
  if (event.type === 'impression') {
    if (allowed.activity && allowed.sequence) sequences.look(member, { item, surface: surfaceOfEvent(event), seconds, visibleMs: event.visibleMs });
  } else if (event.undo) return sequences.drop(member, { item, action: event.action });
  else if (mayRead(event.action, allowed)) sequences.add(member, { item, action: event.action, surface: surfaceOfEvent(event), seconds, visibleMs: event.visibleMs });
  return undefined;
};
