/** The wire: shapes of requests and answers. OpenAPI is generated from these; the client's types too. */
import { z } from 'zod';
import { idSchema, kindSchema, refSchema, timeSchema } from '../catalog/kinds.ts';

export const LIMITS = {
  bodyBytes: 8 * 1024 * 1024,
  /** Of one line of an NDJSON stream; the stream itself may be of any length. */
  lineBytes: 8 * 1024 * 1024,
  batchRecords: 10_000,
  /** Rejections listed in one answer; further ones are counted. */
  listedRejections: 10_000,
  headerBytes: 16 * 1024,
  /** A cursor names every item that was ranked: at most 1,024 of up to 5 bytes. */
  cursorBytes: 8192,
  pageItems: 100,
  pageItemsByDefault: 20,
  requestsInFlight: 512,
  /** A JSON body must be here after this long; an NDJSON stream must bring a kilobyte in each such span. */
  bodyTimeoutMs: 30_000,
  headersTimeoutMs: 10_000,
  /** A connection on which nothing moves, in either direction, is closed. */
  idleTimeoutMs: 120_000,
} as const;
export type Limits = Readonly<Record<keyof typeof LIMITS, number>>;

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

/** One record of a batch in, with its kind and id beside what `PUT` takes. */
export const entityRecordSchema = z.strictObject({ kind: kindSchema, id: idSchema, ...entitySchema.shape });
export const entityViewSchema = z.object({ kind: z.string(), id: idSchema, createdAt: timeSchema, updatedAt: timeSchema, attributes: z.record(z.string(), z.unknown()) });

export const rejectionSchema = z.object({
  index: z.int().min(0).describe('Place of the record in the batch, counted from 0'),
  line: z.int().min(1).optional().describe('Line of the NDJSON stream, counted from 1'),
  code: z.string(), detail: z.string(), field: z.string().optional(),
});
export const batchAnswerSchema = z.object({
  accepted: z.int().min(0).describe('Stored, and on disk'),
  duplicates: z.int().min(0).describe('There already, with the same content'),
  rejected: z.array(rejectionSchema),
  rejectedUnlisted: z.int().optional().describe('Further rejections, counted and not listed'),
});
export type BatchAnswer = z.infer<typeof batchAnswerSchema>;

export const whySchema = z.object({ trackingId: idSchema, sentences: z.array(z.string()).length(2) });
export const consentSchema = z.strictObject({
  profile: z.boolean(), activity: z.boolean(), graph: z.boolean(), sequence: z.boolean(),
  messages: z.boolean().default(false).describe('With whom the member exchanges messages, never what; off unless switched on'),
});
export const receiptSchema = z.object({ member: refSchema, records: z.int(), at: timeSchema });
export const tokenRequestSchema = z.strictObject({ member: refSchema });
export const tokenAnswerSchema = z.object({ token: z.string(), expiresAt: timeSchema });

/** RFC 9457. */
export const problemSchema = z.object({
  type: z.string(), title: z.string(), status: z.int(), detail: z.string(), code: z.string(),
  index: z.int().optional(), field: z.string().optional(), line: z.int().optional(), column: z.int().optional(),
  ...batchAnswerSchema.partial().shape,
});
export type Problem = z.infer<typeof problemSchema>;

export const healthSchema = z.object({ ready: z.boolean(), reason: z.string().optional(), writable: z.boolean(), model: z.string().nullable(), events: z.int(), entities: z.int(), workers: z.int() });
export const liveSchema = z.object({ live: z.literal(true) });
export const traceSchema = z.looseObject({ requestId: idSchema, member: refSchema });
