/** The wire: shapes of requests and answers. OpenAPI is generated from these; the client's types too. */
import { z } from 'zod';
import { idSchema, refSchema, timeSchema } from '../catalog/kinds.ts';

export const LIMITS = {
  bodyBytes: 8 * 1024 * 1024,
  batchRecords: 10_000,
  pageItems: 100,
  requestsInFlight: 512,
} as const;

const reason = z.object({
  code: z.string().describe('Why the item is here, for machines: networkLike, popularInTopic, …'),
  text: z.string().describe('The same for the viewer, in their locale'),
  actors: z.array(refSchema).describe('Who is named in it'),
});

const card = z.object({
  title: z.string(),
  untitled: z.boolean().describe('True where the item has no title of its own and its id stands in'),
  subtitle: z.string().nullable(),
  text: z.string().nullable(),
  url: z.string().nullable(),
  author: z.object({ ref: refSchema, name: z.string(), headline: z.string().nullable() }).nullable(),
  topics: z.array(z.string()),
  publishedAt: timeSchema,
});

export const feedItemSchema = z.object({
  trackingId: idSchema,
  item: refSchema,
  kind: z.string(),
  position: z.int().min(0).describe('Place in the whole feed, counted from 0 across pages'),
  reason,
  card,
  viewer: z.object({ actions: z.array(z.string()).describe('What the viewer has done to it and not undone: like, save, …') }),
});

export const feedPageSchema = z.object({
  requestId: idSchema,
  member: refSchema,
  sort: z.enum(['relevance', 'recent']),
  items: z.array(feedItemSchema),
  nextCursor: z.string().nullable().describe('Null at the end'),
  missing: z.array(z.string()).describe('First-pass rankers that did not answer in time'),
});
export type FeedItem = z.infer<typeof feedItemSchema>;
export type FeedPage = z.infer<typeof feedPageSchema>;

export const entitySchema = z.strictObject({
  createdAt: timeSchema.optional().describe('When it came into the world; default now'),
  attributes: z.record(z.string(), z.unknown()).describe('By kind: see the component schemas'),
});

export const batchAnswerSchema = z.object({
  accepted: z.int(), duplicates: z.int(),
  rejected: z.array(z.object({ index: z.int(), code: z.string(), detail: z.string(), field: z.string().optional() })),
});

export const whySchema = z.object({ trackingId: idSchema, sentences: z.array(z.string()).length(2) });
export const consentSchema = z.strictObject({ profile: z.boolean(), activity: z.boolean(), graph: z.boolean(), sequence: z.boolean() });
export const receiptSchema = z.object({ member: refSchema, records: z.int(), at: timeSchema });
export const tokenRequestSchema = z.strictObject({ member: refSchema });
export const tokenAnswerSchema = z.object({ token: z.string(), expiresAt: timeSchema });

/** RFC 9457. */
export const problemSchema = z.object({
  type: z.string(), title: z.string(), status: z.int(), detail: z.string(), code: z.string(),
  index: z.int().optional(), field: z.string().optional(), line: z.int().optional(),
  rejected: batchAnswerSchema.shape.rejected.optional(),
});
