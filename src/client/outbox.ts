import { ClientError } from './errors.ts';
import { createQueue, type Store } from './queue.ts';
import type { BatchAnswer, ClientEvent, Rejection } from './types.ts';

export type { Store } from './queue.ts';

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

const isPermanent = (error: unknown): error is ClientError =>
  error instanceof ClientError && error.status >= 400 && error.status < 500 && ![401, 403, 408, 425, 429].includes(error.status);

/** As many of the first events as make a body of so many bytes; two bytes beside each for brackets and commas. */
const startOf = (events: readonly ClientEvent[], bytes: number): readonly ClientEvent[] => {
  let left = bytes;
  const count = events.findIndex((event) => (left -= new Blob([JSON.stringify(event)]).size + 2) < 0);
  return count < 0 ? events : events.slice(0, count);
};

/**
 * Carries events to the server at least once; the server counts each id once. Failures are retried with the same bytes,
 * doubling the wait up to a minute. A batch refused as a whole is halved until the one bad event is alone and dropped.
 */
export const createOutbox = (options: OutboxOptions): Outbox => {
  const { send, clock = pageClock, gatherMs = 1000 } = options;
  const queue = createQueue({
    store: options.store === undefined ? localStorage : options.store, owner: options.owner, capacity: options.capacity ?? 1000,
    onOverflow: (events) => options.onDropped?.(events, 'the outbox is full'),
  });
  let batchSize = BATCH;
  let retryMs = FIRST_RETRY_MS;
  let cancel: (() => void) | undefined;
  let sending: Promise<void> | undefined;
  let closed = false;

  const settle = (batch: readonly ClientEvent[], rejected: readonly Rejection[]): void => {
    for (const { index, detail } of rejected) options.onDropped?.(batch.slice(index, index + 1), detail);
    queue.remove(batch);
  };
  const schedule = (ms: number): void => {
    if (closed || cancel !== undefined) return;
    cancel = clock.after(ms, () => {
      cancel = undefined;
      void flush();
    });
  };
  /** @returns whether to go on with the next batch */
  const refused = (batch: readonly ClientEvent[], error: unknown): boolean => {
    if (!isPermanent(error)) {
      schedule(retryMs);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      return false;
    }
    if (error.rejected !== undefined) settle(batch, error.rejected);
    else if (batch.length > 1) batchSize = Math.ceil(batch.length / 2);
    else settle(batch, [{ index: 0, code: error.code, detail: error.detail }]);
    return true;
  };
  const drain = async (): Promise<void> => {
    let goOn = true;
    while (goOn && queue.size() > 0) {
      const batch = queue.first(batchSize, clock.now());
      try {
        const answer = await send(batch, { keepalive: false });
        settle(batch, answer.rejected);
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
  if (queue.size() > 0) schedule(0);
  return {
    add: (event) => {
      queue.add(event);
      schedule(gatherMs);
    },
    flush,
    leave: () => {
      const fits = startOf(queue.first(queue.size(), clock.now()), LEAVING_BYTES);
      if (fits.length > 0) send(fits, { keepalive: true }).then(({ rejected }) => { settle(fits, rejected); }, () => { schedule(retryMs); });
    },
    size: queue.size,
    close: () => {
      closed = true;
      cancel?.();
    },
  };
};
