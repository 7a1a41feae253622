/** The rule of impressions without the browser: spans of visibility per card, on one clock. */

export interface Span {
  /** Counted from 1 per card. */
  readonly number: number;
  readonly startedMs: number;
  readonly visibleMs: number;
}

export interface Spans {
  /** The card became visible enough, or no longer is. Repeats are harmless. */
  set(key: string, visible: boolean, atMs: number): void;
  /** The whole page went out of sight (or came back): every span ends; what is still in place begins a new one on return. */
  suspend(suspended: boolean, atMs: number): void;
  /** The card left the page: its span ends and its state is dropped; its count goes on should it return. */
  remove(key: string, atMs: number): void;
}

/** Calls `onSpan` once per span of at least `minimumMs`, when it ends; shorter ones pass unsaid. */
export const createSpans = (options: { readonly minimumMs: number; readonly onSpan: (key: string, span: Span) => void }): Spans => {
  const visible = new Set<string>();
  const started = new Map<string, number>();
  const counts = new Map<string, number>();
  let suspended = false;

  const end = (key: string, atMs: number): void => {
    const startedMs = started.get(key);
    if (startedMs === undefined) return;
    started.delete(key);
    const visibleMs = atMs - startedMs;
    if (visibleMs < options.minimumMs) return;
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    options.onSpan(key, { number, startedMs, visibleMs });
  };
  return {
    set: (key, isVisible, atMs) => {
      if (!isVisible) {
        visible.delete(key);
        end(key, atMs);
        return;
      }
      visible.add(key);
      if (!suspended && !started.has(key)) started.set(key, atMs);
    },
    suspend: (isSuspended, atMs) => {
      if (isSuspended === suspended) return;
      suspended = isSuspended;
      if (suspended) for (const key of started.keys()) end(key, atMs);
      else for (const key of visible) started.set(key, atMs);
    },
    remove: (key, atMs) => {
      visible.delete(key);
      end(key, atMs);
    },
  };
};
