/** What a touch or an exposure changes of items, members and everybody: counters, habits, totals, heat, neighbours. */
import type { Catalog } from '../catalog/catalog.ts';
import type { StoredEvent } from '../funnel/codec.ts';
import { SURFACES } from '../core/registry.ts';
import type { Space } from '../memory/space.ts';
import { openPacked, openTable } from '../memory/structures.ts';
import { COUNTER_SCHEMA, countImpression, countTouch, uncountTouch, type Counters } from './counters.ts';
import { forgetHabit, HABIT_SCHEMA, learnHabit, TOTALS_SCHEMA, type Habits, type Totals } from './habits.ts';
import { openHot, type Hot } from './hot.ts';
import { kindKey, openLikings, termKey, type Likings } from './likings.ts';
import { openNeighbours, type Neighbours } from './neighbours.ts';
import type { Place } from './sequences.ts';
import { surfaceOfEvent } from './surfaces.ts';

export interface Touches {
  readonly counters: Counters;
  readonly habits: Habits;
  readonly totals: Totals;
  readonly neighbours: Neighbours;
  readonly hot: Hot;
  readonly likings: Likings;
  /** @param past the member's history before this touch, in triples; @param isFirst of this member on this item */
  touch(place: Place, event: StoredEvent, of: { readonly past: Int32Array; readonly isFirst: boolean }): void;
  /** @param seconds when it was done, if that is still known; @param wasOnly no other positive action of the member is left on the item */
  takeBack(place: Place, event: StoredEvent, of: { readonly seconds: number | undefined; readonly wasOnly: boolean }): void;
  /** @param look how much of a look it was, 0 to 1 */
  expose(place: Place, look: number): void;
  forget(member: number): void;
}

const FEED = SURFACES.indexOf('feed');
/** Rates of response are those of what was shown: what is found on another surface answers no impression. */
const inRates = (event: StoredEvent): boolean => event.trackingId !== '' || surfaceOfEvent(event) === FEED;

export const openTouches = (space: Space, catalog: Catalog): Touches => {
  const counters: Counters = openPacked(space, 'counters', COUNTER_SCHEMA);
  const habits: Habits = openTable(space, 'habits', HABIT_SCHEMA);
  const totals: Totals = openTable(space, 'totals', TOTALS_SCHEMA);
  const neighbours = openNeighbours(space);
  const hot = openHot(space);
  const likings = openLikings(space);
  /** What an item is, for likings: its kind and its topics. */
  const eachKey = (item: number, visit: (key: number) => void): void => {
    visit(kindKey(catalog.items.columns.kind[item] ?? 0));
    const { data, head } = catalog.termsOf.view;
    const block = head[item] ?? 0;
    for (let i = 0; i < (data[block] ?? 0); i++) visit(termKey(data[block + 2 + i] ?? 0));
  };
  const add = (column: { [row: number]: number }, row: number, amount: number): void => { column[row] = Math.max(0, (column[row] ?? 0) + amount); };
  const rate = ({ member, item }: Place, event: StoredEvent, { amount, isOnly }: { readonly amount: 1 | -1; readonly isOnly: boolean }): void => {
    if (!inRates(event)) return;
    if (isOnly) eachKey(item, (key) => { likings.like(member, key, amount); });
    add(habits.columns.touches, member, amount);
    add(totals.columns.touches, 0, amount);
  };
  return {
    counters, habits, totals, neighbours, hot, likings,
    touch: (place, event, { past, isFirst }) => {
      counters.ensure(place.item);
      habits.ensure(place.member);
      rate(place, event, { amount: 1, isOnly: isFirst });
      if (isFirst && inRates(event)) add(totals.columns.people, 0, 1);
      const { member, item, at } = place;
      const { people, touches } = counters.columns;
      const row = item * counters.words;
      // Whoever touches an item first brought it: that says nothing about what they like to find.
      if (isFirst && (touches[row] ?? 0) > 0) learnHabit(habits, member, { ageMs: at - (catalog.items.columns.createdAt[item] ?? at), rank: catalog.newer(item), people: people[row] ?? 0 });
      countTouch(counters, item, { member, at, action: event.action, isFirst });
      if (catalog.isCandidate(item)) hot.touch(item, at);
      if (isFirst) neighbours.touch(item, past, catalog.isCandidate);
    },
    takeBack: (place, event, { seconds, wasOnly }) => {
      const { item } = place;
      if (seconds !== undefined) hot.takeBack(item, seconds * 1000);
      rate(place, event, { amount: -1, isOnly: wasOnly });
      if (wasOnly && inRates(event)) add(totals.columns.people, 0, -1);
      uncountTouch(counters, item, { at: seconds === undefined ? undefined : seconds * 1000, action: event.action, wasOnly });
    },
    expose: ({ member, item, at }, look) => {
      counters.ensure(item);
      habits.ensure(member);
      add(habits.columns.looks, member, look);
      add(totals.columns.looks, 0, look);
      countImpression(counters, item, { at, look });
      const maker = (catalog.items.columns.author[item] ?? 0) - 1;
      if (maker >= 0) { counters.ensure(maker); add(counters.columns.shownOfMaker, maker * counters.words, 1); }
      eachKey(item, (key) => { likings.show(member, key, look); });
    },
    forget: (member) => {
      habits.ensure(member);
      forgetHabit(habits, member);
      likings.forget(member);
      const { firstMember } = counters.columns;
      for (let row = 0; row < firstMember.length; row += counters.words) if (firstMember[row] === member + 1) firstMember[row] = 0;
    },
  };
};
