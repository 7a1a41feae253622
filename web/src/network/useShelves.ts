import { useReducer, useRef } from 'react';
import type { Cohort, DiscoveryCard } from 'throughline/client';
import { useAnnounce, useServices } from '../ui/contexts.ts';
import { words } from '../words.ts';
import { nameOf } from './layout.ts';
import { addPage, putBack, takeOut, type Gone } from './shelf.ts';

/** A dismissal that can be taken back. */
export interface Dismissal extends Gone { readonly cohort: string; /** The event that undoing it names. */ readonly eventId: string }

interface State {
  readonly cards: ReadonlyMap<string, readonly DiscoveryCard[]>;
  /** The newest last: taken back one after the other, each finds its place again. */
  readonly dismissals: readonly Dismissal[];
}

type Change =
  | { readonly type: 'dismissed'; readonly cohort: string; readonly cards: readonly DiscoveryCard[]; readonly dismissal: Dismissal }
  | { readonly type: 'undone' }
  | { readonly type: 'closed' }
  | { readonly type: 'loaded'; readonly cohort: string; readonly items: readonly DiscoveryCard[] }
  | { readonly type: 'replaced'; readonly cohorts: readonly Cohort[] };

const stateOf = (cohorts: readonly Cohort[]): State => ({ cards: new Map(cohorts.map(({ name, items }) => [name, items])), dismissals: [] });

const changeShelves = (state: State, change: Change): State => {
  switch (change.type) {
    case 'dismissed': return { cards: new Map(state.cards).set(change.cohort, change.cards), dismissals: [...state.dismissals, change.dismissal] };
    case 'undone': {
      const last = state.dismissals.at(-1);
      if (last === undefined) return state;
      return { cards: new Map(state.cards).set(last.cohort, putBack(state.cards.get(last.cohort) ?? [], last)), dismissals: state.dismissals.slice(0, -1) };
    }
    case 'closed': return { ...state, dismissals: [] };
    case 'loaded': return { ...state, cards: new Map(state.cards).set(change.cohort, addPage(state.cards.get(change.cohort) ?? [], change.items, state.dismissals)) };
    case 'replaced': return stateOf(change.cohorts);
  }
};

export interface Shelves {
  cards(cohort: string): readonly DiscoveryCard[];
  /** The newest dismissal that can still be taken back. */
  readonly last: Dismissal | undefined;
  /** After a change of the cards the focus goes to this place of a cohort. */
  sendFocus(cohort: string, place: number): void;
  /** Whoever asks first has it: the cohort of this name, or anybody who names none. @returns the place; undefined where the focus stays where it is */
  takeFocus(cohort?: string): number | undefined;
  /** @param shown how many cards of the cohort are in sight */
  dismiss(cohort: string, card: DiscoveryCard, shown: number): void;
  undo(): void;
  /** The time to take dismissals back is over. */
  close(): void;
  load(cohort: string, items: readonly DiscoveryCard[]): void;
  replace(cohorts: readonly Cohort[]): void;
}

export const useShelves = (cohorts: readonly Cohort[]): Shelves => {
  const [state, change] = useReducer(changeShelves, cohorts, stateOf);
  const goal = useRef<{ readonly cohort: string; readonly place: number }>(null);
  const services = useServices();
  const announce = useAnnounce();
  const last = state.dismissals.at(-1);
  const cards = (cohort: string): readonly DiscoveryCard[] => state.cards.get(cohort) ?? [];
  const sendFocus = (cohort: string, place: number): void => { goal.current = { cohort, place }; };
  return {
    cards, last, sendFocus,
    takeFocus: (cohort) => {
      if (goal.current === null || (cohort !== undefined && goal.current.cohort !== cohort)) return undefined;
      const { place } = goal.current;
      goal.current = null;
      return place;
    },
    dismiss: (cohort, card, shown) => {
      const after = takeOut(cards(cohort), card.trackingId, shown);
      if (after === undefined) return;
      const eventId = services().act(card, 'dismiss');
      sendFocus(cohort, after.gone.place);
      change({ type: 'dismissed', cohort, cards: after.cards, dismissal: { ...after.gone, cohort, eventId } });
    },
    undo: () => {
      if (last === undefined) return;
      services().act(last.card, 'dismiss', last.eventId);
      sendFocus(last.cohort, last.place);
      change({ type: 'undone' });
      announce(words.cardBack(nameOf(last.card)));
    },
    close: () => { change({ type: 'closed' }); },
    load: (cohort, items) => { change({ type: 'loaded', cohort, items }); },
    replace: (next) => { change({ type: 'replaced', cohorts: next }); },
  };
};
