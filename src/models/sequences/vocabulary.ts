/** What events of a data set are made of: the sizes of the tables that a model learns for it. */
import type { ContentRows, SequenceData } from './data.ts';

export interface Vocabulary {
  readonly items: number;
  /** Rows of each attribute of an event, by name; absent where all events are alike in it. */
  readonly attributes: Readonly<Partial<Record<EventAttribute, number>>>;
  /** Shape of items' content features; absent where items are ids alone. */
  readonly content?: Pick<ContentRows, 'width' | 'buckets'>;
  /** Whether events have times, and with them predictions a time of request. */
  readonly time: boolean;
}
export const EVENT_ATTRIBUTES = ['surface', 'action', 'dwell', 'pause'] as const;
export type EventAttribute = (typeof EVENT_ATTRIBUTES)[number];

/** Where each step of a pause begins, in seconds: a minute, ten, an hour, four, a day, a week. */
const PAUSES: readonly number[] = [60, 600, 3600, 4 * 3600, 86_400, 7 * 86_400];
/** How long after the one before it an event came, in 1 to 7 steps: events of one sitting tell less than as many on as many days. 0: none is read before it. */
export const pauseOf = (seconds: number): number => {
  let step = 1;
  for (const begins of PAUSES) if (seconds >= begins) step++;
  return step;
};

/** Rows that registries may grow to without the model having to change its shape. */
const ROWS: Readonly<Record<EventAttribute, number>> = { surface: 32, action: 64, dwell: 32, pause: 8 };

/** @param pauses whether events tell how long after each other they came, where there are times */
export const vocabularyOf = (data: SequenceData, { pauses = false }: { readonly pauses?: boolean } = {}): Vocabulary => ({
  items: data.items,
  attributes: Object.fromEntries(EVENT_ATTRIBUTES.filter((name) => (name === 'pause' ? pauses && data.seconds !== undefined : data[name] !== undefined)).map((name) => [name, ROWS[name]])),
  ...(data.content === undefined ? {} : { content: { width: data.content.width, buckets: data.content.buckets } }),
  time: data.seconds !== undefined,
});

/** Edges of time gaps grow by a third; the last holds all beyond some 10 years. */
export const GAP_BUCKETS = 64;
const GAP_GROWTH = 0.301;
/** Where each bucket begins, in seconds. */
const GAP_EDGES: Float64Array = Float64Array.from({ length: GAP_BUCKETS + 1 }, (_, bucket) => (bucket === GAP_BUCKETS ? Number.POSITIVE_INFINITY : Math.exp(bucket * GAP_GROWTH)));
const MOST_GAP: number = 2 ** 31 - 1;
/** The bucket of the least number with a given exponent and four bits behind its first: an encoder asks for twenty thousand a state. */
const GAP_STARTS: Uint8Array = Uint8Array.from({ length: 31 * 16 }, (_, place) => {
  const least = 2 ** (place >> 4) * (1 + (place & 15) / 16);
  return GAP_EDGES.findLastIndex((edge) => edge <= least);
});
/** floor(ln(seconds) / .301), by comparison alone. */
export const gapBucket = (seconds: number): number => {
  const gap = seconds > 1 ? Math.min(seconds, MOST_GAP) : 1;
  const whole = Math.floor(gap);
  const exponent = 31 - Math.clz32(whole);
  const behind = (exponent >= 4 ? whole >> (exponent - 4) : whole << (4 - exponent)) & 15;
  let bucket = GAP_STARTS[exponent * 16 + behind] ?? 0;
  while (gap >= (GAP_EDGES[bucket + 1] ?? 0)) bucket++;
  return bucket;
};
