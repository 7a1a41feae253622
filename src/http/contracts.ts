/** The wire: shapes of requests and answers. OpenAPI is generated from these; the client's types too. */
import { z } from 'zod';
import { idSchema, kindSchema, refSchema, timeSchema } from '../catalog/kinds.ts';
import { experimentSchema } from '../experiments/experiment.ts';

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

export const reasonSchema = z.object({
  code: z.string().describe('Why the item is here, for machines: networkLike, popularInTopic, …'),
  text: z.string().describe('The same for the viewer, in their locale'),
  actors: z.array(refSchema).describe('Who is named in it'),
  skills: z.array(z.string()).optional().describe('Which skills are named in it: one of the viewer, then the one that it leads to'),
});

const author = z.object({ ref: refSchema, name: z.string(), headline: z.string().nullable() }).nullable();

const card = z.object({
  title: z.string(),
  untitled: z.boolean().describe('True where the item has no title of its own and its id stands in'),
  subtitle: z.string().nullable(),
  text: z.string().nullable(),
  url: z.string().nullable(),
  author,
  topics: z.array(z.string()),
  publishedAt: timeSchema,
  startsAt: timeSchema.optional().describe('When an event begins'),
});

export const feedItemSchema = z.object({
  trackingId: idSchema,
  item: refSchema,
  kind: z.string(),
  position: z.int().min(0).describe('Place in the whole feed, counted from 0 across pages'),
  reason: reasonSchema,
  card,
  viewer: z.object({ actions: z.array(z.string()).describe('What the viewer has done to it and not undone: like, save, …') }),
  sponsored: z.object({ advertiser: author }).optional().describe('Present where somebody pays for the place of the card: label it as such'),
});

export const feedPageSchema = z.object({
  requestId: idSchema,
  member: refSchema,
  sort: z.enum(['relevance', 'recent']),
  items: z.array(feedItemSchema),
  nextCursor: z.string().nullable().describe('Null at the end'),
  missing: z.array(z.string()).describe('First-pass rankers that did not answer in time'),
});
/** Behind "n new". */
export const freshSchema = z.object({ count: z.int().min(0).describe('Items that came since that page was made and could stand on it'), more: z.boolean().describe('There are more than were counted') });
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

const expected = z.array(z.object({ name: z.string(), share: z.number() }));
export const journeyReadingSchema = z.object({
  member: refSchema,
  model: z.string().describe('The version that read it'),
  basis: z.enum(['events', 'profile', 'nothing', 'withheld']).describe('withheld: the member lets no event be used; profile: there is none, and their profile stands in'),
  events: z.array(z.object({
    at: timeSchema, surface: z.string(), action: z.string(), item: refSchema, title: z.string(),
    dwell: z.string().nullable().describe('How long it was looked at, as "5 s to 8 s"; null where that is not known'),
    weight: z.number().nullable().describe('Share of what is read that goes with this event; null where it is too far back to be read'),
  })).describe('Oldest first'),
  next: z.object({ items: z.array(z.object({ item: refSchema, title: z.string(), fit: z.number() })), kinds: expected, topics: expected }).describe('What is expected next'),
  changes: z.array(z.object({ after: refSchema, at: timeSchema, topics: expected })).describe('What was expected after each of the last events, oldest first'),
});

const figures = z.record(z.string(), z.number());
const curve = z.array(z.object({ epoch: z.int().describe('Counted from 1'), loss: z.number(), metric: z.number().nullable().describe('NDCG@10 of validation; null where nothing is validated') }));
const journeyModel = z.object({
  version: z.string(), serves: z.boolean(), createdAt: z.string(), chosen: z.string().describe('What came out of which data'), protocol: z.string(),
  figures, curve, members: z.int(), events: z.int(), items: z.int(), parameters: z.int(), bytes: z.int(), sizes: figures,
  seed: z.number(), seconds: z.number(), commit: z.string(),
  dataHash: z.string().nullable().describe('SHA-256 of what was learned from; null on older cards'), machine: z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
});
const journeyRun = z.object({
  state: z.enum(['training', 'stopped']), phase: z.enum(['choosing', 'heads', 'everything']).describe('Epochs are tried, then heads are fitted, then a few more epochs go through everything'),
  process: z.int().nullable(), epoch: z.int(), epochs: z.int(), batch: z.int(), batches: z.int(), parameters: z.int(),
  loss: z.number().nullable(), learningRate: z.number().nullable(), targetsPerSecond: z.number().nullable(),
  elapsedMs: z.number(), leftMs: z.number().nullable().describe('At the pace so far, if every epoch of this part is run'),
  best: z.object({ epoch: z.int(), metric: z.number() }).nullable(), curve, updatedAt: timeSchema,
});
export const modelsSchema = z.object({
  journey: z.object({ serving: z.string().nullable(), run: journeyRun.nullable().describe('The run that goes on, or was stopped'), versions: z.array(journeyModel).describe('Newest first') }),
  secondPass: z.object({
    serving: z.string().nullable(),
    values: z.object({ version: z.string(), actions: z.record(z.string(), z.number()) }).describe('What the probability of each action is worth in the feed; interact is any positive one'),
    versions: z.array(z.object({ version: z.string(), serves: z.boolean(), createdAt: z.string(), examples: z.int(), figures, gate: z.string(), commit: z.string() })).describe('Newest first'),
  }),
  faults: z.array(z.object({ version: z.string(), detail: z.string() })).describe('Versions that cannot be read, and why'),
});

export const experimentViewSchema = z.object({
  key: z.string(), ...experimentSchema.shape, layer: z.string(), seed: z.string(), updatedAt: timeSchema,
  fault: z.string().optional().describe('Why it does not run though it is meant to'),
});
export const experimentPreviewSchema = z.object({
  experiment: z.string(), member: refSchema, parameter: z.string(),
  variant: z.string().nullable().describe('Null where the default holds'),
  reason: z.enum(['OVERRIDE', 'TARGETING_MATCH', 'SPLIT', 'DEFAULT', 'DISABLED']).describe('In the words of OpenFeature: a condition was met and the hash chose, the hash chose, not in the experiment, stopped; or named in overrides'),
  value: z.unknown().describe('What the parameter is for the member'),
});

export const healthSchema = z.object({ ready: z.boolean(), reason: z.string().optional(), writable: z.boolean(), model: z.string().nullable(), events: z.int(), entities: z.int(), workers: z.int() });
export const liveSchema = z.object({ live: z.literal(true) });
export const traceSchema = z.looseObject({ requestId: idSchema, member: refSchema });
