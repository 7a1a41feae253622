import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** At most this many articles stand in the document. */
export const WINDOW = 60;
const BEFORE = 16;
const STEP = 8;
/** Until an article has been measured. */
const TYPICAL_PX = 320;

const startFor = (index: number): number => Math.max(0, Math.floor((index - BEFORE) / STEP) * STEP);

export interface FeedWindow {
  readonly start: number;
  readonly end: number;
  /** Height that stands for the articles before and after, in pixels. */
  readonly before: number;
  readonly after: number;
  /** Measures an article as long as it stands. */
  measure(element: HTMLElement, index: number): () => void;
  /** Brings an article into the window, so that it can be scrolled to. */
  reveal(index: number): void;
}

/** Which articles around the viewport to render; the heights of the others are remembered, so that nothing moves. */
export const useWindow = (count: number, feed: RefObject<HTMLElement | null>): FeedWindow => {
  const [range, setRange] = useState({ start: 0, end: Math.min(count, WINDOW), before: 0, after: 0 });
  const heights = useRef<number[]>([]);
  const gap = useRef(0);
  const sizes = useRef<ResizeObserver>(null);
  const indexes = useRef(new Map<Element, number>());

  /** Chooses the window around an article. */
  const reveal = useCallback((index: number): void => {
    const extent = (from: number, to: number): number => {
      let sum = 0;
      for (let at = from; at < to; at++) sum += (heights.current[at] ?? TYPICAL_PX) + gap.current;
      return sum;
    };
    const start = startFor(index);
    const end = Math.min(count, start + WINDOW);
    const next = { start, end, before: extent(0, start), after: extent(end, count) };
    setRange((was) => (was.start === start && was.end === end && was.before === next.before && was.after === next.after ? was : next));
  }, [count]);

  const measure = useCallback((element: HTMLElement, index: number): (() => void) => {
    sizes.current ??= new ResizeObserver((entries) => {
      for (const { target, borderBoxSize } of entries) {
        const at = indexes.current.get(target);
        if (at !== undefined) heights.current[at] = borderBoxSize[0]?.blockSize ?? 0;
      }
    });
    const observer = sizes.current;
    heights.current[index] = element.getBoundingClientRect().height;
    indexes.current.set(element, index);
    observer.observe(element);
    return () => {
      observer.unobserve(element);
      indexes.current.delete(element);
    };
  }, []);

  useLayoutEffect(() => {
    const element = feed.current;
    if (element === null) return;
    gap.current = Number.parseFloat(getComputedStyle(element).rowGap) || 0;
    let frame = 0;
    const update = (): void => {
      frame = 0;
      let offset = element.getBoundingClientRect().top;
      let index = 0;
      while (index < count - 1 && offset + (heights.current[index] ?? TYPICAL_PX) < 0) {
        offset += (heights.current[index] ?? TYPICAL_PX) + gap.current;
        index += 1;
      }
      reveal(index);
    };
    const onScroll = (): void => { frame ||= requestAnimationFrame(update); };
    window.addEventListener('scroll', onScroll, { passive: true });
    window.addEventListener('resize', onScroll);
    update();
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', onScroll);
      window.removeEventListener('resize', onScroll);
    };
  }, [count, feed, reveal]);

  return { ...range, measure, reveal };
};
