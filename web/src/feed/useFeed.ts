import { useCallback, useEffect, useReducer, useRef } from 'react';
import { ClientError, type FeedSort } from 'throughline/client';
import { useAnnounce, useServices } from '../ui/contexts.ts';
import { addressOf, type View } from '../view.ts';
import { words } from '../words.ts';
import { changeFeed, stateOf, type FeedState } from './feedState.ts';

export interface FeedControls {
  readonly state: FeedState;
  /** Asks for the next page; nothing happens while one is under way or at the end. */
  more(): void;
  /** The same by the member's own hand: scrolling may go on loading afterwards. */
  pressMore(): void;
  /** Loads the list anew, in this order. */
  sortBy(sort: FeedSort, options?: { readonly push: boolean }): void;
  restore(state: FeedState): void;
}

const failureOf = (error: unknown): 'offline' | 'failed' | 'expired' => {
  if (!(error instanceof ClientError)) return 'failed';
  if (error.status === 0) return 'offline';
  return error.status === 410 ? 'expired' : 'failed';
};

export const useFeed = (view: View): FeedControls => {
  const [state, change] = useReducer(changeFeed, view.page, stateOf);
  const services = useServices();
  const announce = useAnnounce();
  const underWay = useRef<AbortController>(null);
  const latest = useRef(state);
  useEffect(() => { latest.current = state; }, [state]);

  const load = useCallback(async (sort: FeedSort, cursor: string | null): Promise<void> => {
    underWay.current?.abort();
    const controller = new AbortController();
    underWay.current = controller;
    change({ type: 'started' });
    try {
      const { client, settled } = services();
      await settled();
      const page = await client.feed({ sort, signal: controller.signal, ...(cursor === null ? {} : { cursor }) });
      if (controller.signal.aborted) return;
      change({ type: cursor === null ? 'replaced' : 'loaded', page });
      announce(cursor === null ? words.sorted[sort] : words.loaded(page.items.length));
    } catch (error) {
      if (!controller.signal.aborted) change({ type: 'failed', status: failureOf(error) });
    } finally {
      if (underWay.current === controller) underWay.current = null;
    }
  }, [announce, services]);

  const more = useCallback(() => {
    const { sort, cursor, status } = latest.current;
    if (underWay.current === null && status !== 'end' && cursor !== null) void load(sort, cursor);
  }, [load]);
  const pressMore = useCallback(() => {
    change({ type: 'pressed' });
    more();
  }, [more]);
  const sortBy = useCallback((sort: FeedSort, options = { push: true }) => {
    if (options.push) history.pushState(null, '', addressOf(view.path, { sort }));
    window.scrollTo({ top: 0 });
    void load(sort, null);
  }, [load, view.path]);
  const restore = useCallback((saved: FeedState) => { change({ type: 'restored', state: saved }); }, []);

  useEffect(() => {
    const onPop = (): void => {
      sortBy(new URLSearchParams(location.search).get('sort') === 'recent' ? 'recent' : 'relevance', { push: false });
    };
    const onOnline = (): void => {
      if (latest.current.status === 'offline') more();
    };
    window.addEventListener('popstate', onPop);
    window.addEventListener('online', onOnline);
    return () => {
      window.removeEventListener('popstate', onPop);
      window.removeEventListener('online', onOnline);
    };
  }, [more, sortBy]);
  return { state, more, pressMore, sortBy, restore };
};
