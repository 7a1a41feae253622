import { useRef, useState } from 'react';
import type { FeedItem } from 'throughline/client';
import { useAnnounce, useServices } from '../ui/contexts.ts';
import { words } from '../words.ts';
import { createDoneMemory } from './doneMemory.ts';

export interface Toggle {
  readonly on: boolean;
  /** Does it, or undoes it by naming the event that did. @returns whether it happened */
  press(): boolean;
}

/** An action that can be taken back: like, save, hide, not interested. */
export const useToggle = (item: FeedItem, action: string): Toggle => {
  const [on, setOn] = useState(item.viewer.actions.includes(action));
  const event = useRef<string>(undefined);
  const services = useServices();
  const announce = useAnnounce();
  const press = (): boolean => {
    const { act, client } = services();
    const memory = createDoneMemory(client.member);
    if (!on) {
      event.current = act(item, action);
      memory.remember(action, item.item, event.current);
    } else {
      const of = event.current ?? memory.eventOf(action, item.item);
      if (of === undefined) {
        announce(words.elsewhere);
        return false;
      }
      act(item, action, of);
    }
    setOn(!on);
    return true;
  };
  return { on, press };
};
