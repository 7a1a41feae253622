/** The browser's door to Throughline: a typed client, an outbox that loses no event, and a tracker of what was seen. */
export { createClient, type Client, type ClientOptions, type FeedQuery, type PageQuery } from './client.ts';
export { ClientError } from './errors.ts';
export { createImpressionTracker, type ImpressionTracker, type SeenSpan, type TrackerOptions } from './impressions.ts';
export { createOutbox, type Outbox, type OutboxClock, type OutboxOptions, type Store } from './outbox.ts';
export { createSpans, type Span, type Spans } from './spans.ts';
export type * from './types.ts';
