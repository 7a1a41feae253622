/** The wire as plain interfaces: kept in step with the server's schemas by a test, so that the browser carries no validator. */

export type FeedSort = 'relevance' | 'recent';

export interface Reason {
  /** For machines: networkLike, popularInTopic, … */
  code: string;
  /** For the viewer, in their locale. */
  text: string;
  /** Who is named in it, as references such as `member:7`. */
  actors: string[];
  /** Which skills are named in it: one of the viewer, then the one that it leads to. */
  skills?: string[] | undefined;
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
  /** When an event begins. */
  startsAt?: string | undefined;
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
  /** Present where somebody pays for the place of the card: label it as such. */
  sponsored?: { advertiser: Author | null } | undefined;
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

export type CardSlot = 'primary' | 'secondary' | 'socialProof' | 'text';

/** How a card looks. */
export interface CardTemplate {
  /** Lines of each slot that it has; the rest is cut with an ellipsis. */
  maxLines: { [Slot in CardSlot]?: number };
  /** Slots that are left out where there is no room, first to last. */
  drop: CardSlot[];
  image: 'small' | 'medium' | 'large';
}

export interface CardButton { action: string; label: string; done: string; undo: string; undoable: boolean }

export interface DiscoveryCard {
  trackingId: string;
  /** A reference, `kind:id`. */
  item: string;
  kind: string;
  position: number;
  slots: { [Slot in CardSlot]?: string };
  image: { shape: 'round' | 'square'; initials: string };
  /** Who is named in the social proof. */
  people: string[];
  reason: Reason;
  /** What is said once it was dismissed. */
  dismissed: string;
  viewer: { actions: string[] };
}

export interface Cohort {
  name: string; kind: string; title: string;
  reason?: string | undefined;
  /** One of the page's templates. */
  template: string;
  button: CardButton;
  /** How many there are behind "See all". */
  total: number;
  seeAll: string;
  /** Best first; at most two rows are shown, the others stand by for dismissed ones. */
  items: DiscoveryCard[];
}

interface CohortsAnswer {
  requestId: string; member: string;
  locale: string; direction: 'ltr' | 'rtl';
  words: { dismiss: string; undo: string; more: string; nothingHere: string; partlyMissing: string };
  templates: Record<string, CardTemplate>;
  /** Cohorts that did not answer in time, or failed. */
  missing: string[];
}

/** Cohorts for a member, in order. */
export interface DiscoveryPage extends CohortsAnswer { rules: string; order: string; cohorts: Cohort[] }

/** One cohort in full, a page of it. */
export interface CohortPage extends CohortsAnswer {
  /** Absent where it is missing. */
  cohort?: Cohort | undefined;
  /** Null at the end. */
  nextCursor: string | null;
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
  /** How long the member looked at it, where that is known. */
  visibleMs?: number | undefined;
  /** Undoes the event of this id. */
  of?: string | undefined;
}

export type ClientEvent = Impression | Action;

export interface Rejection { index: number; code: string; detail: string; field?: string | undefined }
export interface BatchAnswer { accepted: number; duplicates: number; rejected: Rejection[] }
export interface Why { trackingId: string; sentences: string[] }

export interface Expected { name: string; share: number }
/** What the journey model reads in a member's own events. */
export interface JourneyReading {
  member: string;
  /** The version that read it. */
  model: string;
  /** `withheld`: the member lets no event be used. `profile`: there is none, and their profile stands in. */
  basis: 'events' | 'profile' | 'nothing' | 'withheld';
  /** Oldest first. */
  events: {
    at: string; surface: string; action: string; item: string; title: string;
    /** As "5 s to 8 s"; null where it is not known. */
    dwell: string | null;
    /** Share of what is read that goes with this event; null where it is too far back to be read. */
    weight: number | null;
  }[];
  next: { items: { item: string; title: string; fit: number }[]; kinds: Expected[]; topics: Expected[] };
  /** What was expected after each of the last events, oldest first. */
  changes: { after: string; at: string; topics: Expected[] }[];
}

/** An epoch, counted from 1. `metric`: NDCG@10 of validation; null where nothing is validated. */
export interface CurvePoint { epoch: number; loss: number; metric: number | null }

/** A training run of the journey model that goes on, or was stopped. */
export interface JourneyRun {
  state: 'training' | 'stopped';
  phase: 'choosing' | 'heads' | 'everything';
  process: number | null;
  epoch: number; epochs: number; batch: number; batches: number; parameters: number;
  loss: number | null; learningRate: number | null; targetsPerSecond: number | null;
  elapsedMs: number;
  /** At the pace so far, if every epoch of this part is run. */
  leftMs: number | null;
  best: { epoch: number; metric: number } | null;
  curve: CurvePoint[];
  updatedAt: string;
}

/** A version of the journey model with its card. */
export interface JourneyModel {
  version: string; serves: boolean; createdAt: string; chosen: string; protocol: string;
  figures: Record<string, number>;
  curve: CurvePoint[];
  members: number; events: number; items: number; parameters: number; bytes: number;
  sizes: Record<string, number>;
  seed: number; seconds: number; commit: string;
  dataHash: string | null;
  machine: Record<string, string | number> | null;
}

export interface SecondPassModel { version: string; serves: boolean; createdAt: string; examples: number; figures: Record<string, number>; gate: string; commit: string }

/** What the console's page of models shows; versions newest first. */
export interface ModelsView {
  journey: { serving: string | null; run: JourneyRun | null; versions: JourneyModel[] };
  secondPass: { serving: string | null; values: { version: string; actions: Record<string, number> }; versions: SecondPassModel[] };
  faults: { version: string; detail: string }[];
}

/** Which signal families may shape what the member sees. */
export interface Consent { profile: boolean; activity: boolean; graph: boolean; sequence: boolean; messages: boolean }

export interface Entity { kind: string; id: string; createdAt: string; updatedAt: string; attributes: Record<string, unknown> }
export interface TokenAnswer { token: string; expiresAt: string }

/** RFC 9457, as far as a client reads it. */
export interface Problem { title: string; status: number; detail: string; code: string; rejected?: Rejection[] | undefined }
