import type { FeedPage, FeedSort } from 'throughline/client';

/** All that the first page is made from: the server renders it, the browser continues from the same. */
export interface View {
  readonly page: FeedPage;
  readonly memberName: string | null;
  readonly locale: string;
  /** Path of the page without its query. */
  readonly path: string;
  /** True where the page continues from a cursor in its address. */
  readonly continued: boolean;
  /** When it was rendered, in milliseconds: ages are counted from here on both sides. */
  readonly now: number;
}

export const VIEW_ELEMENT = 'throughline-view';

export const addressOf = (path: string, query: { readonly sort: FeedSort; readonly cursor?: string }): string => {
  const params = new URLSearchParams();
  if (query.sort !== 'relevance') params.set('sort', query.sort);
  if (query.cursor !== undefined) params.set('cursor', query.cursor);
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
};

/** What follows `member:`; the id as people write it. */
export const idOf = (ref: string): string => ref.slice(ref.indexOf(':') + 1);
