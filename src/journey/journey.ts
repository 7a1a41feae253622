/**
 * One cross-surface sequence per member, and what follows from all of them: what each viewer has seen and done, how much each
 * item is touched now, which items are touched by the same people, what each actor did in public. A projection.
 */
import type { MemberId } from '../core/ids.ts';
import { ACTIONS, positiveBits } from '../core/registry.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { decodeEvent, UNKNOWN_ACTION, type StoredEvent } from '../funnel/codec.ts';
import type { StoredRecord } from '../log/port.ts';
import type { Space } from '../memory/space.ts';
import { openLists, type Lists } from '../memory/structures.ts';
import { openPairs, type Pairs } from '../memory/tables.ts';
import { HISTORY_EVENTS, HISTORY_STRIDE } from './layout.ts';
import { openTouches, type Place, type Touches } from './touches.ts';

/** Public deeds kept per actor, in the same triples. */
const ACTIVITY_EVENTS = 48;

const SEEN_SCHEMA = {
  impressions: 'u16',
  /** One bit per action done and not undone, by row of the registry. */
  actions: 'u32',
  /** Seconds since the epoch of the last impression or action. */
  lastAt: 'u32',
} as const;

export interface Journey extends Pick<Touches, 'counters' | 'habits' | 'totals' | 'neighbours' | 'hot'> {
  readonly history: Lists;
  readonly activity: Lists;
  readonly seen: Pairs<typeof SEEN_SCHEMA>;
  apply(record: StoredRecord): void;
  forget(member: MemberId): void;
}

const NOTHING = new Int32Array();

/** Removes the newest triple of this item and action. @returns its time in seconds, undefined where there is none */
const dropNewest = (lists: Lists, member: number, deed: { readonly item: number; readonly action: number }): number | undefined => {
  const values = lists.values(member);
  for (let at = values.length - HISTORY_STRIDE; at >= 0; at -= HISTORY_STRIDE) {
    if (values[at] !== deed.item || values[at + 1] !== deed.action) continue;
    const seconds = values[at + 2];
    lists.set(member, [...values.subarray(0, at), ...values.subarray(at + HISTORY_STRIDE)]);
    return seconds;
  }
  return undefined;
};

const bit = (name: string): number => 1 << ACTIONS.findIndex((action) => action.name === name);
/** A viewer who did one of these does not want the item again. */
export const DISMISSED: number = bit('hide') | bit('notInterested');
const FOLLOW = ACTIONS.findIndex((action) => action.name === 'follow');
const CONNECT = ACTIONS.findIndex((action) => action.name === 'connect');

export const openJourney = (space: Space, catalog: Catalog): Journey => {
  const history = openLists(space, 'history', { keep: HISTORY_EVENTS * HISTORY_STRIDE });
  const activity = openLists(space, 'activity', { keep: ACTIVITY_EVENTS * HISTORY_STRIDE });
  const seen = openPairs(space, 'seen', SEEN_SCHEMA);
  const touches = openTouches(space, catalog);

  const relate = ({ member, item }: Place, event: StoredEvent): void => {
    if (event.action === FOLLOW) catalog.follow(member, item, event.undo);
    if (event.action === CONNECT) catalog.connect(member, item, event.undo);
  };
  const add = (place: Place, event: StoredEvent, isFirst: boolean): void => {
    const { member, item, at } = place;
    touches.touch(place, event, { past: isFirst ? history.values(member) : NOTHING, isFirst });
    if (ACTIONS[event.action]?.public === true) activity.push(member, item, event.action, Math.floor(at / 1000));
    if (catalog.allowed(member).sequence) history.push(member, item, event.action, Math.floor(at / 1000));
  };
  /** An action undone leaves no deed to be told and no interest to be read; what it taught of habits and neighbours is too little to find again. */
  const takeBack = (place: Place, event: StoredEvent, wasOnly: boolean): void => {
    const deed = { item: place.item, action: event.action };
    dropNewest(activity, place.member, deed);
    touches.takeBack(place, event, { seconds: dropNewest(history, place.member, deed), wasOnly });
  };
  const act = (place: Place, event: StoredEvent): void => {
    if (event.action === UNKNOWN_ACTION) return;
    const { member, item, at } = place;
    const allowed = catalog.allowed(member);
    const flag = 1 << event.action;
    const positive = positiveBits();
    const isPositive = (flag & positive) !== 0;
    // Dismissals and undoings are instructions, not signals: they are obeyed whatever is switched off.
    if (allowed.graph || event.undo) relate(place, event);
    if (isPositive && !event.undo && !(allowed.activity && allowed[ACTIONS[event.action]?.signal ?? 'activity'])) return;
    const row = seen.ensure(member, item);
    const before = seen.columns.actions[row] ?? 0;
    seen.columns.actions[row] = event.undo ? before & ~flag : before | flag;
    seen.columns.lastAt[row] = Math.floor(at / 1000);
    if (!isPositive) return;
    if (!event.undo) add(place, event, (before & positive) === 0);
    else if ((before & flag) !== 0) takeBack(place, event, (before & positive) === flag);
  };
  const expose = (place: Place): void => {
    const { member, item, at } = place;
    if (!catalog.allowed(member).activity) return;
    const row = seen.ensure(member, item);
    seen.columns.impressions[row] = Math.min(65_535, (seen.columns.impressions[row] ?? 0) + 1);
    seen.columns.lastAt[row] = Math.floor(at / 1000);
    touches.expose(place);
  };

  const { counters, habits, totals, neighbours, hot } = touches;
  return {
    history, activity, seen, counters, habits, totals, neighbours, hot,
    apply: (record) => {
      if (record.type !== 'event' || record.member === undefined) return;
      const event = decodeEvent(record.payload);
      const place = { member: catalog.intern(`member:${record.member}`), item: catalog.intern(event.item), at: record.at };
      if (event.type === 'impression') expose(place);
      else act(place, event);
    },
    forget: (member) => {
      const number = catalog.find(`member:${member}`);
      if (number < 0) return;
      const everything = function* (): Iterable<number> { for (let item = 0; item < catalog.entities.size(); item++) yield item; };
      seen.forget(number, everything());
      history.clear(number);
      activity.clear(number);
      touches.forget(number);
    },
  };
};
