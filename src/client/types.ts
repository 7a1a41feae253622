/** The wire as plain interfaces: kept in step with the server's schemas by a test, so that the browser carries no validator. */

export type FeedSort = 'relevance' | 'recent';

export interface Reason {
  /** For machines: networkLike, popularInTopic, … */
  code: string;
  /** For the viewer, in their locale. */
  text: string;
  /** Who is named in it, as references such as `member:7`. */
  actors: string[];
}

export interface Author { ref: string; name: string; headline: string | null }

export interface Card {
  title: string;
  /** True where the item has no title of its own and its id stands in. */
  untitled: boolean;
  subtitle: string | null;
  text: string | null;
  url: string | null;
  author: Author | null;
  topics: string[];
  /** ISO 8601. */
  publishedAt: string;
}

export interface FeedItem {
  trackingId: string;
  /** A reference, `kind:id`. */
  item: string;
  kind: string;
  /** Place in the whole feed, counted from 0 across pages. */
  position: number;
  reason: Reason;
  card: Card;
  viewer: { actions: string[] };
}

export interface FeedPage {
  requestId: string;
  member: string;
  sort: FeedSort;
  items: FeedItem[];
  /** Null at the end. */
  nextCursor: string | null;
  /** First-pass rankers that did not answer in time: not empty means a degraded page. */
  missing: string[];
}

interface EventBase {
  /** The same id counts once within 30 days, so a retry is harmless. */
  id: string;
  member: string;
  item: string;
  at: string;
  sentAt?: string | undefined;
  surface?: string | undefined;
}

export interface Impression extends EventBase {
  type: 'impression';
  trackingId: string;
  /** Names one visibility span of the card. */
  span: string;
  visibleMs: number;
}

export interface Action extends EventBase {
  type: 'action';
  action: string;
  trackingId?: string | undefined;
  /** Undoes the event of this id. */
  of?: string | undefined;
}

export type ClientEvent = Impression | Action;

export interface Rejection { index: number; code: string; detail: string; field?: string | undefined }
export interface BatchAnswer { accepted: number; duplicates: number; rejected: Rejection[] }
export interface Why { trackingId: string; sentences: string[] }

/** Which signal families may shape what the member sees. */
export interface Consent { profile: boolean; activity: boolean; graph: boolean; sequence: boolean; messages: boolean }

export interface Entity { kind: string; id: string; createdAt: string; updatedAt: string; attributes: Record<string, unknown> }
export interface TokenAnswer { token: string; expiresAt: string }

/** RFC 9457, as far as a client reads it. */
export interface Problem { title: string; status: number; detail: string; code: string; rejected?: Rejection[] | undefined }
