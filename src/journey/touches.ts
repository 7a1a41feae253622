/** What a touch or an exposure changes of items, members and everybody: counters, habits, totals, heat, neighbours. */
import type { Catalog } from '../catalog/catalog.ts';
import type { StoredEvent } from '../funnel/codec.ts';
import { SURFACES } from '../core/registry.ts';
import type { Space } from '../memory/space.ts';
import { openTable, type Table } from '../memory/structures.ts';
import { COUNTER_SCHEMA, countImpression, countTouch, uncountTouch, type Counters } from './counters.ts';
import { forgetHabit, HABIT_SCHEMA, learnHabit, TOTALS_SCHEMA, type Habits, type Totals } from './habits.ts';
import { openHot, type Hot } from './hot.ts';
import { openNeighbours, type Neighbours } from './neighbours.ts';
import type { Place } from './sequences.ts';
import { surfaceOfEvent } from './surfaces.ts';

export interface Touches {
  readonly counters: Table<typeof COUNTER_SCHEMA>;
  readonly habits: Habits;
  readonly totals: Totals;
  readonly neighbours: Neighbours;
  readonly hot: Hot;
  /** @param past the member's history before this touch, in triples; @param isFirst of this member on this item */
  touch(place: Place, event: StoredEvent, of: { readonly past: Int32Array; readonly isFirst: boolean }): void;
  /** @param seconds when it was done, if that is still known; @param wasOnly no other positive action of the member is left on the item */
  takeBack(place: Place, event: StoredEvent, of: { readonly seconds: number | undefined; readonly wasOnly: boolean }): void;
  expose(place: Place): void;
  forget(member: number): void;
}

const FEED = SURFACES.indexOf('feed');
/** Rates of response are those of what was shown: what is found on another surface answers no impression. */
const inRates = (event: StoredEvent): boolean => event.trackingId !== '' || surfaceOfEvent(event) === FEED;

export const openTouches = (space: Space, catalog: Catalog): Touches => {
  const counters: Counters = openTable(space, 'counters', COUNTER_SCHEMA);
  const habits: Habits = openTable(space, 'habits', HABIT_SCHEMA);
  const totals: Totals = openTable(space, 'totals', TOTALS_SCHEMA);
  const neighbours = openNeighbours(space);
  const hot = openHot(space);
  const add = (column: { [row: number]: number }, row: number, amount: number): void => { column[row] = Math.max(0, (column[row] ?? 0) + amount); };
  const rate = ({ member }: Place, event: StoredEvent, amount: 1 | -1): void => {
    if (!inRates(event)) return;
    add(habits.columns.touches, member, amount);
    add(totals.columns.touches, 0, amount);
  };
  return {
    counters, habits, totals, neighbours, hot,
    touch: (place, event, { past, isFirst }) => {
      counters.ensure(place.item);
      habits.ensure(place.member);
      rate(place, event, 1);
      if (isFirst && inRates(event)) add(totals.columns.people, 0, 1);
      const { member, item, at } = place;
      const { people, touches } = counters.columns;
      // Whoever touches an item first brought it: that says nothing about what they like to find.
      if (isFirst && (touches[item] ?? 0) > 0) learnHabit(habits, member, { ageMs: at - (catalog.items.columns.createdAt[item] ?? at), rank: catalog.newer(item), people: people[item] ?? 0 });
      countTouch(counters.columns, item, { member, at, action: event.action, isFirst });
      if (catalog.isCandidate(item)) hot.touch(item, at);
      if (isFirst) neighbours.touch(item, past, catalog.isCandidate);
    },
    takeBack: (place, event, { seconds, wasOnly }) => {
      const { item } = place;
      if (seconds !== undefined) hot.takeBack(item, seconds * 1000);
      rate(place, event, -1);
      if (wasOnly && inRates(event)) add(totals.columns.people, 0, -1);
      uncountTouch(counters.columns, item, { at: seconds === undefined ? undefined : seconds * 1000, action: event.action, wasOnly });
    },
    expose: ({ member, item, at }) => {
      counters.ensure(item);
      habits.ensure(member);
      add(habits.columns.impressions, member, 1);
      add(totals.columns.impressions, 0, 1);
      countImpression(counters.columns, item, at);
    },
    forget: (member) => {
      habits.ensure(member);
      forgetHabit(habits, member);
      const { firstMember } = counters.columns;
      for (let item = 0; item < firstMember.length; item++) if (firstMember[item] === member + 1) firstMember[item] = 0;
    },
  };
};
