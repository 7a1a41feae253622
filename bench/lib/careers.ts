/**
 * Members on career tracks, where the truth is known (SEQUENCES 6.6): most stay, some stray for a session (a blip: events of another track in
 * the feed, minutes apart, then back), some change track for good (a pivot: as many events of it, over days and surfaces). A blip and a pivot
 * are alike in how many events of the other track there were and how lately; only what corroborates them differs. Some have two tracks side by
 * side for good (dual: each event is of either by an even chance, so that no order of events says anything), and some have one that comes and
 * goes by the calendar (recurring: for five days of every fourteen, counted from when it first came, then as long without it as is left). How
 * busy a recurring member is differs from one absence to the next, threefold, so that time tells when the other track is due and a count of events
 * does not.
 */
import type { Random } from '../../src/core/random.ts';
import type { SequenceData } from '../../src/models/sequences/data.ts';

export const TRACKS = 6;
export const SURFACES = ['feed', 'jobs', 'people', 'learning'] as const;
export const PER_TRACK = 48;
export const ITEMS: number = TRACKS * PER_TRACK;
/** Events of the other track before it is known which script this is. */
export const TURN = 5;
const DAY = 86_400;
const MINUTE = 60;
/** From one coming of what recurs to the next, and how long it stays: one calendar for all, each member's own beginning. */
const PERIOD = 14 * DAY;
const STAY = 5 * DAY;
export const COMINGS = 4;
/** Gaps between events, of what they are otherwise, while the other track stays: some thirteen events. */
const STAY_PACE = 0.7;
/** Chance that an event is of any track: nobody is of one piece. */
const STRAY = 0.15;
const FEED_SHARE = 0.7;

export const SCRIPTS = ['stable', 'blip', 'pivot', 'dual', 'recurring'] as const;
export type Script = (typeof SCRIPTS)[number];
export const trackOf = (item: number): number => Math.floor(item / PER_TRACK);
/** Some items of a track are more popular than others. An item may be met on any surface: where it was is said by the event alone. */
export const popularityOf = (item: number): number => 1 / (4 + (item % PER_TRACK));

export interface Life {
  readonly script: Script;
  readonly own: number;
  readonly other: number;
  readonly items: readonly number[];
  readonly surfaces: readonly number[];
  readonly seconds: readonly number[];
  /** Index of the first event of the turn; the length where there is none. */
  readonly turn: number;
  /** Where the other track comes and goes: events [from, end) of each stay, a stray among them or not. */
  readonly stays: readonly { readonly from: number; readonly end: number }[];
}

const weights: readonly number[] = Array.from({ length: PER_TRACK }, (_, i) => popularityOf(i));
const total: number = weights.reduce((sum, weight) => sum + weight, 0);

/** Never the item just met: a feed takes what was acted on off the page. */
const itemFrom = (random: Random, track: number, last: number | undefined): number => {
  let item = last;
  while (item === last) {
    let left = random.next() * total;
    item = track * PER_TRACK + Math.max(0, weights.findIndex((weight) => (left -= weight) <= 0));
  }
  return item ?? 0;
};
const surfaceFrom = (random: Random): number => (random.next() < FEED_SHARE ? 0 : 1 + Math.floor(random.next() * (SURFACES.length - 1)));
const trackFrom = (random: Random, own: number): number => (random.next() < STRAY ? Math.floor(random.next() * TRACKS) : own);

export interface Lengths { readonly before: number; readonly after: number }

/** @param before events on the member's own track. @param after events that follow the turn; of what recurs the calendar alone says how long it goes on */
export const createLife = (random: Random, { script, before, after }: { readonly script: Script } & Lengths): Life => {
  const own = Math.floor(random.next() * TRACKS);
  const other = (own + 1 + Math.floor(random.next() * (TRACKS - 1))) % TRACKS;
  const [items, surfaces, seconds]: [number[], number[], number[]] = [[], [], []];
  // A life with what recurs is longer, and begins as much earlier: else the last tenth of all events, which chooses the epoch, were of such lives alone.
  let at = Math.floor(random.next() * 30 * DAY) + (script === 'recurring' ? 0 : 2 * PERIOD);
  const add = (gap: number, track: number, surface: number): void => { at += gap; seconds.push(at); items.push(itemFrom(random, track, items.at(-1))); surfaces.push(surface); };
  const dayLater = (pace = 1): number => Math.floor((0.1 + random.next() * 0.9) * pace * DAY);
  const ordinary = (track: number): void => { add(dayLater(), trackFrom(random, track), surfaceFrom(random)); };
  const ofEither = (): number => (script === 'dual' && random.next() < 0.5 ? other : own);
  for (let event = 0; event < before; event++) ordinary(ofEither());
  for (let event = 0; event < TURN && (script === 'blip' || script === 'pivot'); event++) {
    if (script === 'blip') add(event === 0 ? dayLater() : Math.floor((1 + random.next() * 4) * MINUTE), other, 0);
    else add(dayLater(), other, event % 2 === 0 ? 1 + Math.floor(random.next() * 3) : 0);
  }
  const stays: { from: number; end: number }[] = [];
  /** Events before `until`; the first after it is the next one's. */
  const live = (track: number, pace: number, until: number): void => {
    for (let gap = dayLater(pace); at + gap < until; gap = dayLater(pace)) add(gap, trackFrom(random, track), surfaceFrom(random));
    at = until;
  };
  for (let coming = 0, due = at; coming < COMINGS && script === 'recurring'; coming++, due += PERIOD) {
    const from = items.length;
    live(other, STAY_PACE, due + STAY);
    stays.push({ from, end: items.length });
    live(own, 0.5 + random.next(), due + PERIOD);
  }
  for (let event = 0; event < after && script !== 'recurring'; event++) ordinary(script === 'pivot' ? other : ofEither());
  return { script, own, other, items, surfaces, seconds, turn: script === 'blip' || script === 'pivot' ? before : items.length, stays };
};

/** What an event tells a model besides its item. */
export interface Told {
  readonly surfaces: boolean;
  readonly times: boolean;
  /** The track of each item, as its content; else items are numbers alone. */
  readonly tracks: boolean;
}

/** Lives as the sequences that models read. */
export const dataOf = (lives: readonly Life[], { surfaces, times, tracks }: Told): SequenceData => {
  const item = Int32Array.from(lives.flatMap((life) => life.items));
  const starts = new Int32Array(lives.length + 1);
  lives.forEach((life, m) => { starts[m + 1] = (starts[m] ?? 0) + life.items.length; });
  return {
    members: lives.length, items: ITEMS, starts, item,
    ...(times ? { seconds: Float64Array.from(lives.flatMap((life) => life.seconds)) } : {}),
    ...(surfaces ? { surface: Uint8Array.from(lives.flatMap((life) => life.surfaces)), surfaces: SURFACES } : {}),
    ...(tracks ? { content: { width: 1, buckets: TRACKS + 1, features: Uint16Array.from({ length: ITEMS }, (_, i) => 1 + trackOf(i)) } } : {}),
    memberNames: lives.map((_, m) => String(m)), itemNames: Array.from({ length: ITEMS }, (_, i) => `article:${i}`),
  };
};
