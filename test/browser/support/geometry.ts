/**
 * An oracle of impressions that shares nothing with the tracker: every animation frame it measures every card with
 * getBoundingClientRect and keeps, per card, the spans in which the rule held. It is written to the profile's storage
 * when the page goes, so that reloads and navigations can be checked too.
 */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { ClientEvent, Impression } from '../../../src/client/types.ts';

export interface MeasuredSpan { readonly key: string; readonly from: number; readonly to: number; /** Longest frame before or after its edges: no measurement is better than this. */ slackMs: number }

const STORAGE = 'oracle';
const MINIMUM_MS = 300;

/** Runs inside the page. */
const measure = (storage: string): void => {
  interface Open { from: number; slackMs: number }
  const open = new Map<string, Open>();
  const closed: MeasuredSpan[] = JSON.parse(sessionStorage.getItem(storage) ?? '[]') as MeasuredSpan[];
  let last = performance.now();
  // The browser tells a crossing some time within the frame that this script saw begin: a long frame counts on both sides.
  let edges: { slackMs: number }[] = [];
  const wall = (time: number): number => performance.timeOrigin + time;
  const close = (key: string, time: number, slackMs: number): void => {
    const span = open.get(key);
    if (span === undefined) return;
    open.delete(key);
    const measured = { key, from: wall(span.from), to: wall(time), slackMs: Math.max(span.slackMs, slackMs) };
    closed.push(measured);
    edges.push(measured);
  };
  const holds = (card: Element): boolean => {
    const box = card.getBoundingClientRect();
    const height = document.documentElement.clientHeight;
    const width = document.documentElement.clientWidth;
    const seenHeight = Math.max(0, Math.min(box.bottom, height) - Math.max(box.top, 0));
    const seenWidth = Math.max(0, Math.min(box.right, width) - Math.max(box.left, 0));
    const half = seenHeight * seenWidth >= 0.5 * box.width * box.height;
    return half || (box.height > height && seenHeight >= 0.5 * height);
  };
  const look = (time: number): void => {
    const slackMs = time - last;
    last = time;
    for (const edge of edges) edge.slackMs = Math.max(edge.slackMs, slackMs);
    edges = [];
    const now = new Set<string>();
    // Before its script runs a page is paper: the link to the next page goes when it comes alive.
    const alive = document.querySelector('[role="feed"]') !== null && document.querySelector('a[rel="next"]') === null;
    if (alive && document.visibilityState === 'visible') {
      for (const card of document.querySelectorAll<HTMLElement>('article[data-tracking-id]:not([data-dismissed])')) {
        if (holds(card)) now.add(card.dataset['trackingId'] ?? '');
      }
    }
    for (const key of open.keys()) if (!now.has(key)) close(key, time, slackMs);
    for (const key of now) {
      if (open.has(key)) continue;
      const span = { from: time, slackMs };
      open.set(key, span);
      edges.push(span);
    }
  };
  const everyFrame = (): void => {
    look(performance.now());
    requestAnimationFrame(everyFrame);
  };
  requestAnimationFrame(everyFrame);
  document.addEventListener('visibilitychange', () => { look(performance.now()); });
  window.addEventListener('pagehide', () => {
    const time = performance.now();
    for (const key of open.keys()) close(key, time, time - last);
    sessionStorage.setItem(storage, JSON.stringify(closed));
  });
};

export const installOracle = async (page: Page): Promise<void> => { await page.addInitScript(measure, STORAGE); };

/** Leaves the page for another of the same origin, and reads what was measured until then. */
export const measuredSpans = async (page: Page, url: string): Promise<readonly MeasuredSpan[]> => {
  await page.goto(`${url}/favicon.ico`).catch(() => undefined);
  await page.goto(`${url}/v1/nothing-here`);
  return page.evaluate((storage) => JSON.parse(sessionStorage.getItem(storage) ?? '[]') as MeasuredSpan[], STORAGE);
};

const FRAME_MS = 17;
const lengthOf = (span: MeasuredSpan): number => span.to - span.from;
const marginOf = (span: MeasuredSpan): number => span.slackMs + 2 * FRAME_MS;
const certain = (span: MeasuredSpan): boolean => lengthOf(span) >= MINIMUM_MS + marginOf(span);
const possible = (span: MeasuredSpan): boolean => lengthOf(span) >= MINIMUM_MS - marginOf(span);

export const isImpression = (event: ClientEvent): event is Impression => event.type === 'impression';

/** The spans that must have been told, in order; those within a frame of the limit may or may not have been. */
export const certainSpans = (spans: readonly MeasuredSpan[]): readonly MeasuredSpan[] => spans.filter(certain);

/**
 * Spans of one card that only a frame lies between: whoever looks once a frame may have seen them as one. `joined` is that reading.
 * Any other span stands alone.
 */
const pairsByKey = (spans: readonly MeasuredSpan[]): readonly { readonly spans: readonly MeasuredSpan[]; readonly joined?: MeasuredSpan }[] => {
  const pairs: { spans: MeasuredSpan[]; joined?: MeasuredSpan }[] = [];
  for (const span of spans.toSorted((a, b) => a.key.localeCompare(b.key) || a.from - b.from)) {
    const last = pairs.at(-1);
    const before = last?.spans.at(-1);
    if (last === undefined || before === undefined || before.key !== span.key || span.from - before.to > span.slackMs + FRAME_MS) { pairs.push({ spans: [span] }); continue; }
    last.spans.push(span);
    last.joined = { ...span, from: last.spans[0]?.from ?? span.from, slackMs: Math.max(before.slackMs, span.slackMs) };
  }
  return pairs;
};

/** One impression for each span clearly over the limit, with its length; none for any clearly under; nothing else. */
export const checkImpressions = (spans: readonly MeasuredSpan[], impressions: readonly Impression[]): void => {
  const left = [...impressions];
  const take = (span: MeasuredSpan): boolean => {
    const at = left.findIndex((one) => one.trackingId === span.key && Math.abs(Date.parse(one.at) - span.from) <= marginOf(span) && Math.abs(one.visibleMs - lengthOf(span)) <= 2 * marginOf(span));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  };
  const apart: MeasuredSpan[] = [];
  for (const pair of pairsByKey(spans)) apart.push(...(pair.joined !== undefined && take(pair.joined) ? [] : pair.spans));
  const missed = apart.filter(possible).filter((span) => !take(span) && certain(span));
  expect({ missed, untrue: left }).toEqual({ missed: [], untrue: [] });
};
