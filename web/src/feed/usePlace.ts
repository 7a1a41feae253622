import { useContext, useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import type { FeedItem } from 'throughline/client';
import { ServicesContext } from '../ui/contexts.ts';
import { changeFeed, type FeedState } from './feedState.ts';
import type { FeedControls } from './useFeed.ts';
import type { FeedWindow } from './useWindow.ts';

interface Place { readonly state: FeedState; readonly trackingId: string; readonly top: number }

const TOGGLES = ['like', 'save', 'hide', 'notInterested'];

const keyOf = (): string => `throughline.place.${location.pathname}${location.search}`;

const cameBack = (): boolean => performance.getEntriesByType('navigation').some((entry) => (entry as PerformanceNavigationTiming).type === 'back_forward');

const savedPlace = (): Place | undefined => {
  try {
    const text = sessionStorage.getItem(keyOf());
    return text === null ? undefined : JSON.parse(text) as Place;
  } catch {
    return undefined;
  }
};

/** Leaving remembers the list and the article on top; coming back shows the same, at the same offset. */
export const usePlace = (feed: RefObject<HTMLElement | null>, controls: FeedControls, shown: FeedWindow): void => {
  const { state, restore } = controls;
  const goal = useRef<Place>(null);
  const done = useContext(ServicesContext)?.done;
  const latest = useRef(state);
  useEffect(() => { latest.current = state; }, [state]);

  useLayoutEffect(() => {
    const place = cameBack() ? savedPlace() : undefined;
    if (place !== undefined) {
      goal.current = place;
      restore(changeFeed(place.state, { type: 'restored', state: place.state.status === 'loading' ? { ...place.state, status: 'idle' } : place.state }));
    }
    const asLeft = (item: FeedItem): FeedItem => {
      const actions = [...new Set([...item.viewer.actions, ...TOGGLES])].filter((action) => done?.isOn(action, item.item) ?? item.viewer.actions.includes(action));
      return { ...item, viewer: { actions } };
    };
    const save = (): void => {
      const top = [...feed.current?.querySelectorAll<HTMLElement>('[data-tracking-id]') ?? []].find((article) => article.getBoundingClientRect().bottom > 0);
      try {
        if (top !== undefined) sessionStorage.setItem(keyOf(), JSON.stringify({ state: { ...latest.current, items: latest.current.items.map(asLeft) }, trackingId: top.dataset['trackingId'], top: top.getBoundingClientRect().top }));
      } catch { /* Storage is full or forbidden: coming back begins at the top. */ }
    };
    window.addEventListener('pagehide', save);
    return () => { window.removeEventListener('pagehide', save); };
  }, [done, feed, restore]);

  // Twice: once the article is revealed, its own offset is known exactly.
  useLayoutEffect(() => {
    const place = goal.current;
    if (place === null) return;
    const index = state.items.findIndex(({ trackingId }) => trackingId === place.trackingId);
    if (index < 0) return;
    if (index < shown.start || index >= shown.end) {
      shown.reveal(index);
      return;
    }
    const article = feed.current?.querySelector(`[data-tracking-id="${CSS.escape(place.trackingId)}"]`);
    if (!article) return;
    goal.current = null;
    window.scrollBy({ top: article.getBoundingClientRect().top - place.top, behavior: 'instant' });
  });
};
