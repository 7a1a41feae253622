/** The candidates of one request as columns, and the memory that carries a request through the pipeline. Pooled: nothing is allocated per candidate. */
import type { RequestContext } from '../core/context.ts';
import { createScratch, type Scratch } from '../memory/scratch.ts';
import { FEATURES } from '../models/features.ts';
import { POOL } from '../rankers/pool/index.ts';
import { createRankedList, MAX_ACTORS, type RankedList } from '../rankers/ranked-list.ts';
import type { FirstPassRanker } from '../rankers/ranker.ts';
import type { Views } from '../rankers/views.ts';
import { createViewerReader, type Viewer, type ViewerReader } from '../rankers/viewer.ts';
import type { FeedSort } from '../feed/query.ts';
import type { CursorState, Fixed } from './cursor.ts';
import type { AnsweredCard } from '../funnel/answered.ts';
import type { Competing } from '../funnel/served.ts';
import { createAds, type Ads } from './objectives/ads.ts';

export const CAPACITY = 1024;
/** Places that rankers leave for the items of the page itself (later pages, fill). */
export const RESERVED = 128;
/** Row of `source` for candidates that no ranker returned (later pages, fill). */
export const NO_RANKER = 255;

export interface Candidates {
  size: number;
  readonly item: Int32Array;
  /** Row of (viewer, item) in what has been seen, -1 for none: good until something is awaited, for rows move when their table grows. */
  readonly seenRow: Int32Array;
  /** Score of ranker r at r × CAPACITY + c; 0 for candidates that are still to come. */
  readonly scores: Float32Array;
  /** The ranker whose reason is shown, the reason, and who or what is named in it (see `RankedList.actors`). */
  readonly source: Uint8Array;
  readonly reason: Uint16Array;
  readonly actors: Int32Array;
  readonly actorCount: Uint16Array;
  readonly features: Float32Array;
  /** What the second pass says, and what the re-rankers leave of it. */
  readonly value: Float32Array;
  readonly finalValue: Float32Array;
  readonly propensity: Float32Array;
  readonly forced: Uint8Array;
  /** Row + 1 of the campaign that pays for the card, 0 for nobody; of one that would, should the card not stand high without it; and what it pays for a click or an impression. */
  readonly campaign: Int32Array;
  readonly offer: Int32Array;
  readonly price: Float64Array;
  /** Candidate numbers, best first, and how many: sponsored ones are not among them until they are merged. */
  readonly order: Int32Array;
  ordered: number;
}

export interface FeedWork {
  context: RequestContext;
  views: Views;
  viewer: Viewer;
  limit: number;
  sort: FeedSort;
  memberId: string;
  /** Of the page before; undefined on the first page. */
  cursor: CursorState | undefined;
  /** Log sequences below this were visible when the first page was made. */
  horizon: number;
  readonly reader: ViewerReader;
  /** One per ranker and, last, that of the sponsored; that of a ranker which failed is replaced by an empty one. */
  readonly lists: RankedList[];
  readonly rankers: readonly FirstPassRanker[];
  readonly missing: string[];
  readonly candidates: Candidates;
  /** Item → candidate number + 1; 0 or less for what is no candidate. */
  readonly byItem: Scratch;
  /** Candidate numbers of this page, in order, and the place of the first in the whole feed. */
  page: Int32Array;
  firstPosition: number;
  eligible: number;
  eligibleDigest: number;
  nextCursor: string | null;
  /** The version that scored; and the page as UTF-8 JSON, at the end. */
  model: string;
  /** Version of the table of values. */
  values: string;
  json: Uint8Array;
  /** What of the page left: an item that went while it was made did not. */
  readonly left: AnsweredCard[];
  /** What `continue` left of the order of the first page; and where it stopped in the timeline (undefined: at its end). */
  fixed: Fixed | undefined;
  /** Sponsored candidates that are set apart; and the place in the whole feed of the last one served, -1 for none. */
  readonly ads: Ads;
  /** What competed for sponsored places; undefined where nothing did. */
  competing: Competing | undefined;
  lastSponsored: number;
  tail: { readonly createdAt: number; readonly item: number } | undefined;
}

export const createCandidates = (rankers: number): Candidates => ({
  size: 0,
  item: new Int32Array(CAPACITY), seenRow: new Int32Array(CAPACITY), scores: new Float32Array(CAPACITY * rankers),
  source: new Uint8Array(CAPACITY), reason: new Uint16Array(CAPACITY), actors: new Int32Array(CAPACITY * MAX_ACTORS), actorCount: new Uint16Array(CAPACITY),
  features: new Float32Array(CAPACITY * FEATURES), value: new Float32Array(CAPACITY), finalValue: new Float32Array(CAPACITY),
  propensity: new Float32Array(CAPACITY), forced: new Uint8Array(CAPACITY), campaign: new Int32Array(CAPACITY), offer: new Int32Array(CAPACITY), price: new Float64Array(CAPACITY), order: new Int32Array(CAPACITY), ordered: 0,
});

/** What the sponsored ranker found. */
export const sponsoredList = ({ lists, rankers }: FeedWork): RankedList => lists[rankers.length] ?? NOTHING;
const NOTHING = createRankedList();

/** Adds a candidate that no ranker returned. @returns its number, or -1 when there is no room. */
export const addCandidate = (work: FeedWork, item: number, seenRow: number): number => {
  const { candidates, byItem } = work;
  const known = (byItem.values[item] ?? 0) - 1;
  if (known >= 0) return known;
  if (candidates.size === CAPACITY) return -1;
  const c = candidates.size++;
  byItem.set(item, c + 1);
  candidates.item[c] = item;
  candidates.seenRow[c] = seenRow;
  candidates.source[c] = NO_RANKER;
  candidates.reason[c] = 0;
  candidates.campaign[c] = 0;
  candidates.offer[c] = 0;
  for (let a = c * MAX_ACTORS; a < (c + 1) * MAX_ACTORS; a++) candidates.actors[a] = 0;
  candidates.actorCount[c] = 0;
  return c;
};

export type WorkSeed = Pick<FeedWork, 'context' | 'limit' | 'sort' | 'memberId' | 'cursor' | 'horizon'> & { readonly viewer: number };

export interface WorkPool { take(seed: WorkSeed): FeedWork; give(work: FeedWork): void }

/** Work is taken for a request and given back after it; there are as many as requests in flight at once. */
export const createWorkPool = (views: Views, rankers: readonly FirstPassRanker[] = POOL): WorkPool => {
  const free: FeedWork[] = [];
  const create = (seed: WorkSeed): FeedWork => {
    const reader = createViewerReader();
    return {
      ...seed, views, reader, viewer: reader.read(-1, views, seed.context), rankers,
      lists: [...rankers, undefined].map(() => createRankedList()), missing: [], candidates: createCandidates(rankers.length), byItem: createScratch(),
      page: new Int32Array(), firstPosition: 0, eligible: 0, eligibleDigest: 0, nextCursor: null, model: '', values: '', json: new Uint8Array(), left: [], fixed: undefined, ads: createAds(), competing: undefined, lastSponsored: -1, tail: undefined,
    };
  };
  return {
    take: (seed) => {
      const work = free.pop() ?? create(seed);
      work.context = seed.context; work.limit = seed.limit; work.sort = seed.sort; work.memberId = seed.memberId;
      work.cursor = seed.cursor; work.horizon = seed.horizon;
      work.viewer = work.reader.read(seed.viewer, views, seed.context);
      work.candidates.size = 0;
      work.candidates.scores.fill(0);
      work.candidates.ordered = 0;
      work.ads.size = 0;
      work.competing = undefined;
      work.lastSponsored = seed.cursor?.lastSponsored ?? -1;
      work.byItem.clear(views.catalog.entities.size());
      for (const list of work.lists) list.clear(views.catalog.entities.size());
      work.missing.length = 0;
      work.left.length = 0;
      work.firstPosition = seed.cursor?.position ?? 0;
      work.nextCursor = null;
      return work;
    },
    give: (work) => { free.push(work); },
  };
};
