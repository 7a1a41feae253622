import type { FeedItem, FeedPage, FeedSort } from 'throughline/client';

/** `idle`: more can be asked for; `end`: there is no more. */
export type FeedStatus = 'idle' | 'loading' | 'offline' | 'failed' | 'expired' | 'end';

export interface FeedState {
  /** requestId of the page that the list began with. */
  readonly since: string;
  readonly sort: FeedSort;
  readonly items: readonly FeedItem[];
  readonly cursor: string | null;
  readonly status: FeedStatus;
  /** Loaded by scrolling since the last press of "Load more". */
  readonly autoPages: number;
  readonly degraded: boolean;
}

export type FeedChange =
  | { readonly type: 'started' }
  | { readonly type: 'pressed' }
  | { readonly type: 'loaded'; readonly page: FeedPage }
  | { readonly type: 'replaced'; readonly page: FeedPage }
  | { readonly type: 'restored'; readonly state: FeedState }
  | { readonly type: 'failed'; readonly status: 'offline' | 'failed' | 'expired' };

/** Pages that load by scrolling before the member is asked: the footer must stay reachable. */
export const AUTO_PAGES = 5;

export const stateOf = (page: FeedPage): FeedState => ({
  since: page.requestId, sort: page.sort, items: page.items, cursor: page.nextCursor, status: page.nextCursor === null ? 'end' : 'idle', autoPages: 1, degraded: page.missing.length > 0,
});

export const changeFeed = (state: FeedState, change: FeedChange): FeedState => {
  switch (change.type) {
    case 'started': return { ...state, status: 'loading' };
    case 'pressed': return { ...state, autoPages: 0 };
    case 'failed': return { ...state, status: change.status };
    case 'replaced': return stateOf(change.page);
    case 'restored': return change.state;
    case 'loaded': {
      const { page } = change;
      const known = new Set(state.items.map(({ trackingId }) => trackingId));
      const fresh = page.items.filter(({ trackingId }) => !known.has(trackingId));
      return {
        ...state, items: [...state.items, ...fresh], cursor: page.nextCursor, status: page.nextCursor === null ? 'end' : 'idle',
        autoPages: state.autoPages + 1, degraded: state.degraded || page.missing.length > 0,
      };
    }
  }
};
