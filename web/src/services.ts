import { createClient, createImpressionTracker, createOutbox, type Action, type Client, type FeedItem } from 'throughline/client';
import { createDoneMemory, type DoneMemory } from './doneMemory.ts';

/** Of what was served: the least that events name. */
export type Shown = Pick<FeedItem, 'item' | 'trackingId'>;

/** What the page does with the world outside; absent while the server renders. */
export interface Services {
  readonly client: Client;
  readonly done: DoneMemory;
  /** Watches a card; @returns what stops it and ends its span. */
  watch(element: Element, item: Shown): () => void;
  /** Records an action and sends it at once; @returns its event id, which undoing it names. */
  act(item: Shown, action: string, of?: string): string;
  /** Resolves when recorded actions have reached the server, or after a moment when they cannot. */
  settled(): Promise<void>;
}

const SETTLE_MS = 500;
const LONG_VIEW_MS = 10_000;

const newId = (): string => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16).padStart(8, '0')).join('');

/** @param surface named in every event where it is another than the feed */
export const createServices = (member: string, surface?: string): Services => {
  const client = createClient({ member });
  const outbox = createOutbox({ owner: member, send: (events, options) => client.sendEvents(events, options) });
  const items = new Map<string, Shown>();
  const longViews = new Set<string>();

  const where = surface === undefined ? {} : { surface };
  const act = (item: Shown, action: string, of?: string): string => {
    const event: Action = { type: 'action', id: newId(), ...where, member, item: item.item, trackingId: item.trackingId, action, at: new Date().toISOString(), ...(of === undefined ? {} : { of }) };
    outbox.add(event);
    return event.id;
  };
  const tracker = createImpressionTracker({
    onImpression: ({ key, span, visibleMs, at }) => {
      const item = items.get(key);
      if (item === undefined) return;
      outbox.add({ type: 'impression', id: span, span, ...where, member, item: item.item, trackingId: key, at: new Date(at).toISOString(), visibleMs });
      // A card of the feed is read; one that suggests somebody is only there.
      if (surface === undefined && visibleMs >= LONG_VIEW_MS && !longViews.has(key)) {
        longViews.add(key);
        act(item, 'longView');
      }
    },
  });
  // Registered after the tracker's own listeners, so that the spans it ends are among what is sent.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') outbox.leave();
  });
  window.addEventListener('pagehide', () => { outbox.leave(); });
  window.addEventListener('online', () => { void outbox.flush(); });

  return {
    client,
    done: createDoneMemory(member),
    watch: (element, item) => {
      items.set(item.trackingId, item);
      tracker.observe(element, item.trackingId);
      return () => { tracker.unobserve(element); };
    },
    act: (item, action, of) => {
      const id = act(item, action, of);
      void outbox.flush();
      return id;
    },
    settled: () => Promise.race([outbox.flush(), new Promise<void>((resolve) => { setTimeout(resolve, SETTLE_MS); })]),
  };
};
