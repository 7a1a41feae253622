/**
 * Members on career tracks, where the truth is known (SEQUENCES 6.6): most stay, some stray for a session (a blip: events of another track in
 * the feed, minutes apart, then back), some change track for good (a pivot: as many events of it, over days and surfaces). A blip and a pivot
 * are alike in how many events of the other track there were and how lately; only what corroborates them differs.
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
/** Chance that an event is of any track: nobody is of one piece. */
const STRAY = 0.15;
const FEED_SHARE = 0.7;

export type Script = 'stable' | 'blip' | 'pivot';
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

/** @param before events on the member's own track. @param after events that follow the turn */
export const createLife = (random: Random, { script, before, after }: { readonly script: Script; readonly before: number; readonly after: number }): Life => {
  const own = Math.floor(random.next() * TRACKS);
  const other = (own + 1 + Math.floor(random.next() * (TRACKS - 1))) % TRACKS;
  const [items, surfaces, seconds]: [number[], number[], number[]] = [[], [], []];
  let at = Math.floor(random.next() * 30 * DAY);
  const add = (gap: number, track: number, surface: number): void => { at += gap; seconds.push(at); items.push(itemFrom(random, track, items.at(-1))); surfaces.push(surface); };
  const dayLater = (): number => Math.floor((0.1 + random.next() * 0.9) * DAY);
  const ordinary = (track: number): void => { add(dayLater(), trackFrom(random, track), surfaceFrom(random)); };
  for (let event = 0; event < before; event++) ordinary(own);
  for (let event = 0; event < TURN && script !== 'stable'; event++) {
    if (script === 'blip') add(event === 0 ? dayLater() : Math.floor((1 + random.next() * 4) * MINUTE), other, 0);
    else add(dayLater(), other, event % 2 === 0 ? 1 + Math.floor(random.next() * 3) : 0);
  }
  for (let event = 0; event < after; event++) ordinary(script === 'pivot' ? other : own);
  return { script, own, other, items, surfaces, seconds, turn: script === 'stable' ? items.length : before };
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
