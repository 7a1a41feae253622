/**
 * One cross-surface sequence per member, and what follows from all of them: what each viewer has seen and done, how much each
 * item is touched now, which items are touched by the same people, what each actor did in public. A projection.
 */
import type { MemberId } from '../core/ids.ts';
import { ACTIONS, positiveBits, type ActionKind } from '../core/registry.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { edgeMadeBy, type EdgeName } from '../catalog/graph.ts';
import { decodeEvent, type StoredEvent } from '../funnel/codec.ts';
import type { StoredRecord } from '../log/port.ts';
import type { Space } from '../memory/space.ts';
import { openLists, type Lists } from '../memory/structures.ts';
import { openPairs, type Pairs } from '../memory/tables.ts';
import { HISTORY_EVENTS, HISTORY_STRIDE } from './layout.ts';
import { createLooks } from './looks.ts';
import { enter, openSequences, type Place, type Sequences } from './sequences.ts';
import { openTouches, type Touches } from './touches.ts';

/** Public deeds kept per actor, in triples of item, action and seconds. */
const ACTIVITY_EVENTS = 48;

const SEEN_SCHEMA = {
  impressions: 'u16',
  /** One bit per action done and not undone, by row of the registry. */
  actions: 'u32',
  /** Seconds since the epoch of the last impression or action. */
  lastAt: 'u32',
} as const;

export interface Journey extends Pick<Touches, 'counters' | 'habits' | 'totals' | 'neighbours' | 'hot' | 'likings'> {
  readonly sequences: Sequences;
  /** The lists of `sequences`, for rankers: they read the positive deeds alone. */
  readonly history: Lists;
  readonly activity: Lists;
  readonly seen: Pairs<typeof SEEN_SCHEMA>;
  /** Member → items of which there is a row in `seen`. */
  readonly seenBy: Lists;
  apply(record: StoredRecord): void;
  forget(member: MemberId): void;
}

const NOTHING = new Int32Array();

/** Removes the newest public deed of this item and action. */
const dropNewest = (lists: Lists, member: number, deed: { readonly item: number; readonly action: number }): void => {
  const values = lists.values(member);
  for (let at = values.length - HISTORY_STRIDE; at >= 0; at -= HISTORY_STRIDE) {
    if (values[at] !== deed.item || values[at + 1] !== deed.action) continue;
    lists.set(member, [...values.subarray(0, at), ...values.subarray(at + HISTORY_STRIDE)]);
    return;
  }
};

const bit = (name: string): number => 1 << ACTIONS.findIndex((action) => action.name === name);
/** A viewer who did one of these does not want the item again. */
export const DISMISSED: number = bit('hide') | bit('notInterested') | bit('report') | bit('dismiss');
/** By action: the kind of edge that it makes. */
const MAKES: readonly (EdgeName | undefined)[] = ACTIONS.map(({ name }) => edgeMadeBy(name));

/** What each viewer has seen and done to each item, and of which items there is something. */
interface Seen { readonly seen: Pairs<typeof SEEN_SCHEMA>; readonly seenBy: Lists; /** Writer only. */ seenRow(place: Place): number; forgetSeen(member: number): void }

const openSeen = (space: Space): Seen => {
  const seen = openPairs(space, 'seen', SEEN_SCHEMA);
  const seenBy = openLists(space, 'seenBy');
  return {
    seen, seenBy,
    seenRow: ({ member, item }) => {
      const before = seen.size();
      const row = seen.ensure(member, item);
      if (seen.size() > before) seenBy.push(member, item);
      return row;
    },
    forgetSeen: (member) => {
      seen.forget(member, seenBy.values(member));
      seenBy.clear(member);
    },
  };
};

interface DeedParts extends Pick<Seen, 'seen' | 'seenRow'> { readonly catalog: Catalog; readonly sequences: Sequences; readonly activity: Lists; readonly touches: Touches }

/** What an action changes, once it is known that it may. */
const openDeeds = ({ catalog, seen, seenRow, sequences, activity, touches }: DeedParts): {
  /** Whom the member is tied to. */
  relate(place: Place, event: StoredEvent): void;
  /** What the viewer has done to the item, and what follows from it for everybody where they did it because they liked it. @param seconds when an undone action was done */
  count(place: Place, event: StoredEvent, seconds: number | undefined): void;
} => {
  const relate = ({ member, item }: Place, event: StoredEvent): void => {
    const edge = MAKES[event.action];
    if (edge !== undefined) catalog.relate(edge, { from: member, to: item, undo: event.undo });
  };
  const add = (place: Place, event: StoredEvent, isFirst: boolean): void => {
    const { member, item, at } = place;
    touches.touch(place, event, { past: isFirst ? sequences.lists.values(member) : NOTHING, isFirst });
    if (ACTIONS[event.action]?.public === true) activity.push(member, item, event.action, Math.floor(at / 1000));
  };
  /** An action undone leaves no deed to be told and no interest to be read; what it taught of habits and neighbours is too little to find again. */
  const takeBack = (place: Place, event: StoredEvent, past: { readonly seconds: number | undefined; readonly wasOnly: boolean }): void => {
    dropNewest(activity, place.member, { item: place.item, action: event.action });
    touches.takeBack(place, event, past);
  };
  const count = (place: Place, event: StoredEvent, seconds: number | undefined): void => {
    const { at } = place;
    const flag = 1 << event.action;
    const positive = positiveBits();
    const row = seenRow(place);
    const before = seen.columns.actions[row] ?? 0;
    seen.columns.actions[row] = event.undo ? before & ~flag : before | flag;
    seen.columns.lastAt[row] = Math.floor(at / 1000);
    if ((flag & positive) === 0) return;
    if (!event.undo) add(place, event, (before & positive) === 0);
    else if ((before & flag) !== 0) takeBack(place, event, { seconds, wasOnly: (before & positive) === flag });
  };
  return { relate, count };
};

export const openJourney = (space: Space, catalog: Catalog): Journey => {
  const sequences = openSequences(space, { keep: HISTORY_EVENTS });
  const history = sequences.lists;
  const activity = openLists(space, 'activity', { keep: ACTIVITY_EVENTS * HISTORY_STRIDE });
  const { seen, seenBy, seenRow, forgetSeen } = openSeen(space);
  const touches = openTouches(space, catalog);
  const looks = createLooks();

  const { relate, count } = openDeeds({ catalog, seen, seenRow, sequences, activity, touches });
  const act = (place: Place, event: StoredEvent): void => {
    const action: ActionKind | undefined = ACTIONS[event.action];
    if (action === undefined) return;
    const allowed = catalog.allowed(place.member);
    const isSignal = allowed.activity && allowed[action.signal];
    // Dismissals and undoings are instructions, not signals: they are obeyed whatever is switched off.
    if (allowed.graph || event.undo) relate(place, event);
    if (!isSignal && !event.undo && action.polarity !== -1) return;
    // An undoing is told when the deed was; a deed is counted against the sequence as it was before.
    const seconds = event.undo ? enter(sequences, place, { event, allowed }) : undefined;
    if (action.sequenceOnly !== true) count(place, event, seconds);
    if (!event.undo) enter(sequences, place, { event, allowed });
  };
  const expose = (place: Place, event: StoredEvent): void => {
    const { member, at } = place;
    const allowed = catalog.allowed(member);
    if (!allowed.activity) return;
    enter(sequences, place, { event, allowed });
    const row = seenRow(place);
    seen.columns.impressions[row] = Math.min(65_535, (seen.columns.impressions[row] ?? 0) + 1);
    seen.columns.lastAt[row] = Math.floor(at / 1000);
    touches.expose(place, looks.of(event.trackingId));
  };

  const { counters, habits, totals, neighbours, hot, likings } = touches;
  return {
    sequences, history, activity, seen, seenBy, counters, habits, totals, neighbours, hot, likings,
    apply: (record) => {
      looks.apply(record);
      if (record.type !== 'event' || record.member === undefined) return;
      const event = decodeEvent(record.payload);
      const place = { member: catalog.intern(`member:${record.member}`), item: catalog.intern(event.item), at: record.at };
      if (event.type === 'impression') expose(place, event);
      else act(place, event);
    },
    forget: (member) => {
      const number = catalog.find(`member:${member}`);
      if (number < 0) return;
      forgetSeen(number);
      sequences.clear(number);
      activity.clear(number);
      touches.forget(number);
    },
  };
};
