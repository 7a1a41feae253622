import type { ClientEvent } from './types.ts';

/** What the outbox needs of `localStorage`. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export interface Queue {
  add(event: ClientEvent): void;
  /** The first events, stamped once with the time of sending: the same bytes on every try. */
  first(count: number, now: number): readonly ClientEvent[];
  remove(events: readonly ClientEvent[]): void;
  size(): number;
}

export interface QueueOptions {
  readonly store: Store | null;
  readonly owner: string;
  readonly capacity: number;
  /** Called with the oldest events, which had to go. */
  readonly onOverflow: (events: readonly ClientEvent[]) => void;
}

/** One slot of the store per page, so that two tabs never overwrite each other's queue. */
const createSlot = (store: Store | null, owner: string) => {
  const prefix = `throughline.outbox.${owner}.`;
  const own = prefix + Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join('');
  return {
    /** Takes over what earlier pages left. A tab still alive may send the same events too: their ids make that harmless. */
    adopt: (): ClientEvent[] => {
      const found: ClientEvent[] = [];
      try {
        const keys = Array.from({ length: store?.length ?? 0 }, (_, index) => store?.key(index) ?? '').filter((key) => key.startsWith(prefix));
        for (const key of keys) {
          found.push(...JSON.parse(store?.getItem(key) ?? '[]') as ClientEvent[]);
          store?.removeItem(key);
        }
      } catch { /* A damaged or forbidden store holds nothing we could send. */ }
      return found;
    },
    save: (events: readonly ClientEvent[]): void => {
      try {
        if (events.length === 0) store?.removeItem(own);
        else store?.setItem(own, JSON.stringify(events));
      } catch { /* Storage is full or forbidden: the events are still in memory and are sent from there. */ }
    },
  };
};

/** Unsent events in order, in memory and in the store. */
export const createQueue = ({ store, owner, capacity, onOverflow }: QueueOptions): Queue => {
  const slot = createSlot(store, owner);
  let events: readonly ClientEvent[] = [];
  const keep = (next: readonly ClientEvent[]): void => {
    const excess = next.length - capacity;
    events = excess > 0 ? next.slice(excess) : next;
    slot.save(events);
    if (excess > 0) onOverflow(next.slice(0, excess));
  };
  keep(slot.adopt());
  return {
    add: (event) => { keep([...events, event]); },
    first: (count, now) => {
      const sentAt = new Date(now).toISOString();
      keep(events.map((event, index) => (index >= count || event.sentAt !== undefined ? event : { ...event, sentAt })));
      return events.slice(0, count);
    },
    remove: (sent) => {
      const ids = new Set(sent.map(({ id }) => id));
      keep(events.filter(({ id }) => !ids.has(id)));
    },
    size: () => events.length,
  };
};
