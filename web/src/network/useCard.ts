import { useCallback } from 'react';
import type { CardButton, DiscoveryCard } from 'throughline/client';
import { useServices } from '../ui/contexts.ts';
import { useToggle } from '../ui/useToggle.ts';

export interface CardBehaviour {
  readonly on: boolean;
  /** Done, and not to be taken back. */
  readonly final: boolean;
  /** Does what the button says, or undoes it. */
  press(): void;
  /** Opened, to see more. */
  view(): void;
  /** For the card's element: tells what was seen of it when it leaves the screen. */
  readonly watch: (element: HTMLElement | null) => (() => void) | undefined;
}

/** What a card does, whatever it looks like and whatever it recommends. */
export const useCard = (card: DiscoveryCard, button: CardButton): CardBehaviour => {
  const { on, press } = useToggle(card, button.action);
  const services = useServices();
  const final = on && !button.undoable;
  const watch = useCallback((element: HTMLElement | null) => (element === null ? undefined : services().watch(element, card)), [card, services]);
  return {
    on, final, watch,
    press: () => { if (!final) press(); },
    view: () => { services().act(card, 'view'); },
  };
};
