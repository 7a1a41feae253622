import { createSpans, type Span } from './spans.ts';

export interface SeenSpan {
  /** What was given to `observe`: the card's tracking id. */
  readonly key: string;
  /** Names the span: the same card seen twice has two, and a retry of one keeps its name. */
  readonly span: string;
  readonly visibleMs: number;
  /** When it began, by the device's clock, in milliseconds since the epoch. */
  readonly at: number;
}

export interface TrackerOptions {
  /** The scrolling box; default the viewport. */
  readonly root?: Element | null;
  readonly minimumVisibleMs?: number;
  readonly minimumRatio?: number;
  /** Called when a span ends: scrolled out, tab hidden, page left, card removed. */
  readonly onImpression: (seen: SeenSpan) => void;
  /** `now`: milliseconds on the page's monotonic clock; `epoch`: what to add to it for wall time. */
  readonly clock?: { now(): number; epoch(): number };
  /** Distinguishes this visit from another that shows the same tracking ids (a page brought back from a cache). */
  readonly visit?: string;
}

export interface ImpressionTracker {
  observe(element: Element, key: string): void;
  /** Ends the card's span. */
  unobserve(element: Element): void;
  close(): void;
}

const pageClock = { now: () => performance.now(), epoch: () => Date.now() - performance.now() };
const newVisit = (): string => Array.from(crypto.getRandomValues(new Uint32Array(1)), (part) => part.toString(36)).join('');

type Read = (entries: readonly IntersectionObserverEntry[], threshold: number) => void;

/** One observer per threshold: cards no taller than the root share theirs. */
const createObservers = (root: Element | null, read: Read) => {
  const observers = new Map<number, IntersectionObserver>();
  return {
    at: (threshold: number): IntersectionObserver => {
      const existing = observers.get(threshold);
      if (existing !== undefined) return existing;
      const observer = new IntersectionObserver((entries) => { read(entries, threshold); }, { root, threshold });
      observers.set(threshold, observer);
      return observer;
    },
    /** Crossings already measured but not yet told must count before a span is cut short. */
    drain: (): void => {
      for (const [threshold, observer] of observers) read(observer.takeRecords(), threshold);
    },
    close: (): void => {
      for (const observer of observers.values()) observer.disconnect();
    },
  };
};

interface Tracked { readonly key: string; observer?: IntersectionObserver; threshold?: number }

/**
 * One impression per span of at least `minimumVisibleMs` (300) during which the card was visible enough on a visible page.
 * Visible enough: at least `minimumRatio` (half) of the card lies inside the root; a card taller than the root, which
 * could never reach that honestly, counts while it covers at least that share of the root's height.
 *
 * The browser reports crossings with the time of the frame they happened in, so a span is exact to one frame.
 */
export const createImpressionTracker = (options: TrackerOptions): ImpressionTracker => {
  const { root = null, minimumVisibleMs = 300, minimumRatio = 0.5, clock = pageClock, visit = newVisit() } = options;
  const tracked = new Map<Element, Tracked>();
  const spans = createSpans({
    minimumMs: minimumVisibleMs,
    onSpan: (key, span: Span) => options.onImpression({
      key, span: `${key}.${visit}.${span.number}`, visibleMs: Math.min(Math.round(span.visibleMs), 86_400_000), at: Math.round(clock.epoch() + span.startedMs),
    }),
  });

  const read = (entries: readonly IntersectionObserverEntry[], threshold: number): void => {
    for (const entry of entries) {
      const card = tracked.get(entry.target);
      if (card?.threshold === threshold) spans.set(card.key, entry.isIntersecting && entry.intersectionRatio >= threshold, entry.time);
    }
  };
  const observers = createObservers(root, read);
  /** Chooses the card's threshold anew from its height; observing again makes the browser report where it stands. */
  const arm = (element: Element, card: Tracked): void => {
    const rootHeight = root?.clientHeight ?? document.documentElement.clientHeight;
    const threshold = Math.min(minimumRatio, minimumRatio * rootHeight / Math.max(element.getBoundingClientRect().height, 1));
    card.observer?.unobserve(element);
    card.threshold = threshold;
    card.observer = observers.at(threshold);
    card.observer.observe(element);
  };
  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const card = tracked.get(target);
      if (card !== undefined) arm(target, card);
    }
  });
  const armAll = (): void => {
    for (const [element, card] of tracked) arm(element, card);
  };
  const sight = (): void => {
    observers.drain();
    spans.suspend(document.visibilityState === 'hidden', clock.now());
  };
  const leave = (): void => {
    observers.drain();
    spans.suspend(true, clock.now());
  };
  document.addEventListener('visibilitychange', sight);
  window.addEventListener('pagehide', leave);
  window.addEventListener('pageshow', sight);
  window.addEventListener('resize', armAll);
  sight();

  return {
    observe: (element, key) => {
      if (tracked.has(element)) return;
      tracked.set(element, { key });
      sizes.observe(element);
    },
    unobserve: (element) => {
      const card = tracked.get(element);
      if (card === undefined) return;
      observers.drain();
      sizes.unobserve(element);
      card.observer?.unobserve(element);
      tracked.delete(element);
      spans.remove(card.key, clock.now());
    },
    close: () => {
      leave();
      sizes.disconnect();
      observers.close();
      document.removeEventListener('visibilitychange', sight);
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('pageshow', sight);
      window.removeEventListener('resize', armAll);
      tracked.clear();
    },
  };
};
