import type { CohortPage, DiscoveryPage, FeedPage, FeedSort } from 'throughline/client';

interface Common {
  readonly memberName: string | null;
  /** Path of the page without its query. */
  readonly path: string;
  /** True where the page continues from a cursor in its address. */
  readonly continued: boolean;
}

/** All that the first page of a feed is made from: the server renders it, the browser continues from the same. */
export interface View extends Common {
  readonly page: FeedPage;
  readonly locale: string;
  /** When it was rendered, in milliseconds: ages are counted from here on both sides. */
  readonly now: number;
}

/** The same for the page of cohorts, and for one cohort in full. */
export interface NetworkView extends Common { readonly discovery: DiscoveryPage }
export interface CohortView extends Common { readonly cohortPage: CohortPage }
export type AnyView = View | NetworkView | CohortView;

export const memberOf = (view: AnyView): string => ('page' in view ? view.page : 'discovery' in view ? view.discovery : view.cohortPage).member;

export const VIEW_ELEMENT = 'throughline-view';

export const addressOf = (path: string, query: { readonly sort: FeedSort; readonly cursor?: string }): string => {
  const params = new URLSearchParams();
  if (query.sort !== 'relevance') params.set('sort', query.sort);
  if (query.cursor !== undefined) params.set('cursor', query.cursor);
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
};

/** Where a member's feed and network are. */
export const feedPath = (member: string): string => `/members/${encodeURIComponent(idOf(member))}`;
export const networkPath = (member: string, cohort?: string): string => `${feedPath(member)}/network${cohort === undefined ? '' : `/${encodeURIComponent(cohort)}`}`;

/** What follows `member:`; the id as people write it. */
export const idOf = (ref: string): string => ref.slice(ref.indexOf(':') + 1);
