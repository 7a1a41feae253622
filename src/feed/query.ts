/** What is asked of a feed, and what comes back. */
export type FeedSort = 'relevance' | 'recent';
export interface FeedQuery {
  readonly member: string;
  readonly limit: number;
  readonly sort: FeedSort;
  readonly cursor?: string;
  readonly locale?: string;
  readonly surface?: string;
}

/** `since`: requestId of the page that is shown. */
export interface FreshQuery { readonly member: string; readonly since: string }

/** A page of the feed as JSON text in UTF-8 (shape: `FeedPage` in http/contracts.ts), joined from parts rendered on write. */
export interface RenderedPage { readonly json: Uint8Array; readonly requestId: string }
