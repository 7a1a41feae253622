import { useCallback, type KeyboardEvent, type RefObject } from 'react';

const FOCUSABLE = 'a[href], button:not([disabled]), input, summary, [tabindex="0"]';

const focusOn = (element: HTMLElement | undefined): void => {
  if (element === undefined) return;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: 'nearest' });
};

/** Page keys go through the articles, Ctrl+End and Ctrl+Home step out of the feed: the W3C's feed pattern. */
export const useFeedKeys = (feed: RefObject<HTMLElement | null>): ((event: KeyboardEvent) => void) => useCallback((event) => {
  const element = feed.current;
  if (element === null || !(event.target instanceof HTMLElement)) return;
  if (event.target.closest('dialog') !== null) return;
  const articles = [...element.querySelectorAll<HTMLElement>('[role="article"], article')];
  const here = articles.findIndex((article) => article.contains(event.target as HTMLElement));

  const step = (by: 1 | -1): void => {
    const visible = articles.findIndex((article) => article.getBoundingClientRect().bottom > 0);
    const next = articles[here < 0 ? visible : here + by];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: 'start' });
  };
  const leave = (side: number): void => {
    const outside = [...document.querySelectorAll<HTMLElement>(FOCUSABLE)]
      .filter((one) => !element.contains(one) && (element.compareDocumentPosition(one) & side) !== 0 && one.getClientRects().length > 0);
    focusOn(side === Node.DOCUMENT_POSITION_FOLLOWING ? outside[0] : outside.at(-1));
  };
  const keys: Readonly<Record<string, (() => void) | undefined>> = event.ctrlKey
    ? { End: () => { leave(Node.DOCUMENT_POSITION_FOLLOWING); }, Home: () => { leave(Node.DOCUMENT_POSITION_PRECEDING); } }
    : { PageDown: () => { step(1); }, PageUp: () => { step(-1); } };
  const run = keys[event.key];
  if (run === undefined) return;
  event.preventDefault();
  run();
}, [feed]);
