/**
 * A plain feed, of before anybody learned anything: by turns what those one knows have written, newest first, and what is popular; now and then a job,
 * an event, a group, a course, a newsletter, or what somebody pays for.
 */
import type { Random } from '../../core/random.ts';
import { HOUR } from '../../core/clock.ts';
import { popular, type Items } from './items.ts';

/** What one's network wrote: the newest, as a ring for each member; a power of two. */
const INBOX = 128;
/** Popular items are ranked anew this often, among those of the last days. */
const RANKED_EVERY_MS = 2 * HOUR;
const POPULAR_MOST = 160;
/** The turns of a feed: from the network, popular, offered, paid for. */
const TURNS = [0, 1, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2] as const;
/** What has been passed so often comes no more. */
const SHOWN_MOST = 3;

/** An item, and until when it is shown (milliseconds since the epoch; Infinity: always). */
export interface Lasting { readonly item: number; readonly endsAt: number }

export interface PlainFeed {
  /** Somebody wrote an item: it goes to the members who know them. */
  deliver(item: number, members: readonly number[]): void;
  /** Jobs, events, groups, courses, newsletters. */
  offer(item: Lasting): void;
  /** Somebody pays for it. */
  promote(item: Lasting): void;
  /** Starts at the top for this member. */
  open(member: number, at: number, random: Random): void;
  /** The next item that was not shown too often, -1 where there is nothing more. @param times how often the member has passed an item */
  next(times: (item: number) => number): number;
  /** Whether the item that came last is paid for. */
  readonly sponsored: boolean;
  /** Forgets offers of before. @param row the first item of the last days */
  age(row: number, at: number): void;
}

interface Cursor { readonly source: 0 | 1 | 2 | 3; place: number }

/** The newest items of each member's network, newest first, and how often each was shown from here. */
const createRings = (members: number): { push(item: number, to: readonly number[]): void; slot(member: number, place: number): number; readonly items: Int32Array; readonly shown: Uint8Array } => {
  const rings = new Int32Array(members * INBOX);
  const shown = new Uint8Array(members * INBOX);
  const written = new Int32Array(members);
  return {
    items: rings, shown,
    push: (item, to) => {
      for (const member of to) {
        const count = written[member] ?? 0;
        const slot = member * INBOX + (count & INBOX - 1);
        rings[slot] = item;
        shown[slot] = 0;
        written[member] = count + 1;
      }
    },
    slot: (member, place) => {
      const count = written[member] ?? 0;
      return place >= count || place >= INBOX ? -1 : member * INBOX + (count - 1 - place & INBOX - 1);
    },
  };
};

/** Which items came in this session: a stamp for each. */
const createStamps = (): { begin(): void; mark(item: number): void; has(item: number): boolean } => {
  let stamps = new Int32Array(4096);
  let session = 0;
  return {
    begin: () => { session++; },
    mark: (item) => {
      if (item >= stamps.length) { const larger = new Int32Array(2 * Math.max(item, stamps.length)); larger.set(stamps); stamps = larger; }
      stamps[item] = session;
    },
    has: (item) => stamps[item] === session,
  };
};

/** What is popular, ranked anew every so often. */
const createRanking = (items: Items): { at(place: number): number; refresh(from: number, at: number): void } => {
  const ranked = { rows: new Int32Array(POPULAR_MOST), scores: new Float64Array(POPULAR_MOST) };
  let size = 0;
  let rankedAt = Number.NEGATIVE_INFINITY;
  return {
    at: (place) => (place >= size ? -1 : (ranked.rows[place] ?? -1)),
    refresh: (from, at) => {
      if (at - rankedAt < RANKED_EVERY_MS) return;
      rankedAt = at;
      size = popular(items, { from, at }, ranked);
    },
  };
};

export const createPlainFeed = (items: Items, members: number): PlainFeed => {
  const rings = createRings(members);
  const ranking = createRanking(items);
  let firstRow = 0;
  let offers: Lasting[] = [];
  let campaigns: Lasting[] = [];
  const cursors: readonly Cursor[] = [{ source: 0, place: 0 }, { source: 1, place: 0 }, { source: 2, place: 0 }, { source: 3, place: 0 }];
  const stamps = createStamps();
  let reader = 0;
  let now = 0;
  let turn = 0;
  let startOffer = 0;
  let sponsored = false;
  const isNew = (item: number): boolean => (items.publishedAt[item] ?? 0) <= now && !stamps.has(item);
  const fromNetwork = (cursor: Cursor): number => {
    for (;;) {
      const slot = rings.slot(reader, cursor.place);
      if (slot < 0) return -1;
      cursor.place++;
      const item = rings.items[slot] ?? 0;
      // Behind what is too old all is older still.
      if (item < firstRow) { cursor.place = INBOX; return -1; }
      const times = rings.shown[slot] ?? 0;
      if (times >= SHOWN_MOST || !isNew(item)) continue;
      rings.shown[slot] = times + 1;
      return item;
    }
  };
  /** The item at a place of a source, -1 behind its end. */
  const at = (source: number, place: number): number => {
    if (source === 1) return ranking.at(place);
    const lasting = source === 2 ? offers : campaigns;
    return place >= lasting.length ? -1 : (lasting[(startOffer + place) % lasting.length]?.item ?? -1);
  };
  const take = (cursor: Cursor, times: (item: number) => number): number => {
    if (cursor.source === 0) return fromNetwork(cursor);
    for (;;) {
      const item = at(cursor.source, cursor.place);
      if (item < 0) return -1;
      cursor.place++;
      if (isNew(item) && times(item) < SHOWN_MOST) return item;
    }
  };
  return {
    get sponsored() { return sponsored; },
    deliver: rings.push,
    offer: (item) => { offers.push(item); },
    promote: (item) => { campaigns.push(item); },
    open: (member, time, random) => {
      reader = member;
      now = time;
      turn = 0;
      startOffer = Math.floor(random.next() * 4096);
      for (const cursor of cursors) cursor.place = 0;
      stamps.begin();
      ranking.refresh(firstRow, now);
    },
    next: (times) => {
      for (let tries = 0; tries < TURNS.length; tries++) {
        const source = TURNS[turn++ % TURNS.length] ?? 0;
        const cursor = cursors[source];
        const item = cursor === undefined ? -1 : take(cursor, times);
        if (item < 0) continue;
        stamps.mark(item);
        sponsored = source === 3;
        return item;
      }
      return -1;
    },
    age: (row, time) => {
      firstRow = row;
      campaigns = campaigns.filter(({ endsAt }) => endsAt > time);
      offers = offers.filter(({ endsAt }) => endsAt > time);
    },
  };
};
