import { useContext, useState } from 'react';
import type { FeedItem } from 'throughline/client';
import { ServicesContext, useAnnounce, useServices } from './contexts.ts';
import { words } from '../words.ts';

export interface Toggle {
  readonly on: boolean;
  /** Does it, or undoes it by naming the event that did. @returns whether it happened */
  press(): boolean;
}

/** An action that can be taken back: like, save, hide, not interested. */
export const useToggle = (item: Pick<FeedItem, 'item' | 'trackingId' | 'viewer'>, action: string): Toggle => {
  // A card that scrolled out and came back finds what was done to it meanwhile.
  const known = useContext(ServicesContext)?.done.isOn(action, item.item);
  const [on, setOn] = useState(known ?? item.viewer.actions.includes(action));
  const services = useServices();
  const announce = useAnnounce();
  const press = (): boolean => {
    const { act, done } = services();
    if (!on) done.remember(action, item.item, act(item, action));
    else {
      const of = done.eventOf(action, item.item);
      if (of === undefined) {
        announce(words.elsewhere);
        return false;
      }
      act(item, action, of);
      done.undone(action, item.item);
    }
    setOn(!on);
    return true;
  };
  return { on, press };
};
