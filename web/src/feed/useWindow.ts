import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** At most this many articles stand in the document. */
export const WINDOW = 60;
const BEFORE = 16;
const STEP = 8;

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
  const [start, setStart] = useState(0);
  const heights = useRef<number[]>([]);
  const gap = useRef(0);
  const sizes = useRef<ResizeObserver>(null);
  const indexes = useRef(new Map<Element, number>());

  const typical = useRef(320);
  const extent = useCallback((from: number, to: number): number => {
    let sum = 0;
    for (let index = from; index < to; index++) sum += (heights.current[index] ?? typical.current) + gap.current;
    return sum;
  }, []);
  const startFor = useCallback((index: number): number => Math.max(0, Math.floor((index - BEFORE) / STEP) * STEP), []);

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
      while (index < count - 1 && offset + (heights.current[index] ?? typical.current) < 0) {
        offset += (heights.current[index] ?? typical.current) + gap.current;
        index += 1;
      }
      setStart(startFor(index));
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
  }, [count, feed, startFor]);

  // Another list may be shorter than where the last one stood.
  const from = Math.min(start, startFor(Math.max(0, count - 1)));
  const end = Math.min(count, from + WINDOW);
  const reveal = useCallback((index: number) => { setStart(startFor(index)); }, [startFor]);
  return { start: from, end, before: extent(0, from), after: extent(end, count), measure, reveal };
};
