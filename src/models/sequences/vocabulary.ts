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
export const EVENT_ATTRIBUTES = ['surface', 'action', 'dwell'] as const;
export type EventAttribute = (typeof EVENT_ATTRIBUTES)[number];

/** Rows that registries may grow to without the model having to change its shape. */
const ROWS: Readonly<Record<EventAttribute, number>> = { surface: 32, action: 64, dwell: 32 };

export const vocabularyOf = (data: SequenceData): Vocabulary => ({
  items: data.items,
  attributes: Object.fromEntries(EVENT_ATTRIBUTES.filter((name) => data[name] !== undefined).map((name) => [name, ROWS[name]])),
  ...(data.content === undefined ? {} : { content: { width: data.content.width, buckets: data.content.buckets } }),
  time: data.seconds !== undefined,
});

/** Edges of time gaps grow by a third; the last holds all beyond some 10 years. */
export const GAP_BUCKETS = 64;
export const gapBucket = (seconds: number): number => Math.min(GAP_BUCKETS - 1, Math.floor(Math.log(Math.max(1, seconds)) / 0.301));
