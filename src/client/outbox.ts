import { ClientError } from './errors.ts';
import type { BatchAnswer, ClientEvent, Rejection } from './types.ts';

/** What the outbox needs of `localStorage`. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export interface OutboxClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** @returns what cancels it */
  after(ms: number, run: () => void): () => void;
}

export interface OutboxOptions {
  /** Resolves when the events are stored for good; `keepalive` when the page is leaving. */
  readonly send: (events: readonly ClientEvent[], options: { readonly keepalive: boolean }) => Promise<BatchAnswer>;
  /** Keeps unsent events over reloads and lost connections; default `localStorage`, null for none. */
  readonly store?: Store | null;
  /** Whose events: queues of different owners never mix. */
  readonly owner: string;
  readonly clock?: OutboxClock;
  /** How long to gather before sending; default 1000. */
  readonly gatherMs?: number;
  /** Beyond this many unsent events the oldest go; default 1000. */
  readonly capacity?: number;
  /** Called with events given up: refused by the server, or beyond the capacity. */
  readonly onDropped?: (events: readonly ClientEvent[], why: string) => void;
}

export interface Outbox {
  add(event: ClientEvent): void;
  /** Sends now what there is; resolves when nothing is under way (sent, or kept for a later try). */
  flush(): Promise<void>;
  /** The page may be gone in a moment: sends with keepalive whatever fits, and forgets nothing. */
  leave(): void;
  /** Unsent events. */
  size(): number;
  close(): void;
}

const BATCH = 100;
/** Browsers let 64 KB of keepalive bodies be in flight; the rest waits in the store for the next visit. */
const LEAVING_BYTES = 60_000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;

const pageClock: OutboxClock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => { clearTimeout(timer); };
  },
};

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

const isPermanent = (error: unknown): error is ClientError =>
  error instanceof ClientError && error.status >= 400 && error.status < 500 && ![401, 403, 408, 425, 429].includes(error.status);

/**
 * Carries events to the server at least once; the server counts each id once. Failures are retried with the same bytes,
 * doubling the wait up to a minute. A batch refused as a whole is halved until the one bad event is alone and dropped.
 */
export const createOutbox = (options: OutboxOptions): Outbox => {
  const { send, owner, clock = pageClock, gatherMs = 1000, capacity = 1000 } = options;
  const slot = createSlot(options.store === undefined ? localStorage : options.store, owner);
  let queue: readonly ClientEvent[] = slot.adopt();
  let batchSize = BATCH;
  let retryMs = FIRST_RETRY_MS;
  let cancel: (() => void) | undefined;
  let sending: Promise<void> | undefined;
  let closed = false;

  const keep = (events: readonly ClientEvent[]): void => {
    const excess = events.length - capacity;
    queue = excess > 0 ? events.slice(excess) : events;
    if (excess > 0) options.onDropped?.(events.slice(0, excess), 'the outbox is full');
    slot.save(queue);
  };
  const settle = (sent: readonly ClientEvent[]): void => {
    const ids = new Set(sent.map(({ id }) => id));
    keep(queue.filter(({ id }) => !ids.has(id)));
  };
  const settleRejected = (batch: readonly ClientEvent[], rejected: readonly Rejection[]): void => {
    for (const { index, detail } of rejected) options.onDropped?.(batch.slice(index, index + 1), detail);
    settle(batch);
  };
  const schedule = (ms: number): void => {
    if (closed || cancel !== undefined) return;
    cancel = clock.after(ms, () => {
      cancel = undefined;
      void flush();
    });
  };
  /** The same bytes on every try: the time of sending is written once. */
  const stamped = (count: number): readonly ClientEvent[] => {
    const sentAt = new Date(clock.now()).toISOString();
    queue = queue.map((event, index) => (index >= count || event.sentAt !== undefined ? event : { ...event, sentAt }));
    slot.save(queue);
    return queue.slice(0, count);
  };
  /** @returns whether to go on with the next batch */
  const refused = (batch: readonly ClientEvent[], error: unknown): boolean => {
    if (!isPermanent(error)) {
      schedule(retryMs);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      return false;
    }
    if (error.rejected !== undefined) settleRejected(batch, error.rejected);
    else if (batch.length > 1) batchSize = Math.ceil(batch.length / 2);
    else settleRejected(batch, [{ index: 0, code: error.code, detail: error.detail }]);
    return true;
  };
  const drain = async (): Promise<void> => {
    let goOn = true;
    while (goOn && queue.length > 0) {
      const batch = stamped(batchSize);
      try {
        const answer = await send(batch, { keepalive: false });
        settleRejected(batch, answer.rejected);
        batchSize = BATCH;
        retryMs = FIRST_RETRY_MS;
      } catch (error) {
        goOn = refused(batch, error);
      }
    }
  };
  const flush = (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    sending ??= drain().finally(() => { sending = undefined; });
    return sending;
  };
  if (queue.length > 0) {
    keep(queue);
    schedule(0);
  }
  return {
    add: (event) => {
      keep([...queue, event]);
      schedule(gatherMs);
    },
    flush,
    leave: () => {
      const events = stamped(queue.length);
      let size = 0;
      // Two bytes beside each event: brackets and commas.
      const fits = events.filter((event) => (size += new Blob([JSON.stringify(event)]).size + 2) <= LEAVING_BYTES);
      if (fits.length > 0) send(fits, { keepalive: true }).then(({ rejected }) => { settleRejected(fits, rejected); }, () => { schedule(retryMs); });
    },
    size: () => queue.length,
    close: () => {
      closed = true;
      cancel?.();
    },
  };
};
