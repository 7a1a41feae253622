/** The attributes of each entity kind: one schema for the API, imports and the log. Unknown attributes are refused. */
import { z } from 'zod';
import { ThroughlineError } from '../core/errors.ts';
import { ID_MAX_BYTES, ID_PATTERN, NAME_PATTERN } from '../core/ids.ts';
import { registerKindName, type Surface } from '../core/registry.ts';

/** No control characters (line feed and tab may stand in long texts). */
const text = (max: number): z.ZodString => z.string().min(1).max(max).regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');
const longText = (max: number): z.ZodString => z.string().min(1).max(max).regex(/^(?:[^\p{Cc}]|[\n\t])*$/u, 'must not contain control characters');

export const idSchema: z.ZodString = z.string().min(1).max(ID_MAX_BYTES).regex(ID_PATTERN, 'must have no spaces, control characters or any of / ? # % \\ " < >');
export const refSchema: z.ZodString = z.string().max(ID_MAX_BYTES + 33).regex(/^[a-z][a-zA-Z0-9]{0,31}:[^\s\p{C}/?#%\\"<>]+$/u, 'must be a reference of the form kind:id, such as member:42');
export const kindSchema: z.ZodString = z.string().regex(NAME_PATTERN, 'must be a kind such as article');
export const timeSchema: z.ZodISODateTime = z.iso.datetime({ offset: true });
const url = z.url({ protocol: /^https?$/ }).max(2048);

const topics = z.array(text(60)).max(20);
const skills = z.array(text(80)).max(50);
/** A month of a career. */
const month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'must be a month such as 2024-03');
const mentions = z.array(refSchema).max(20);
const currency = z.string().regex(/^[A-Z]{3}$/, 'must be a currency such as EUR');

/** A stretch of a life: it goes on where it does not say when it ended. */
const inOrder = ({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): boolean => from === undefined || to === undefined || from <= to;
const ORDER = { error: 'must not end before it begins', path: ['to'] };
const positions = z.array(z.strictObject({ title: text(200), company: refSchema.optional(), companyName: text(120).optional(), from: month.optional(), to: month.optional(), place: text(120).optional() }).refine(inOrder, ORDER)).max(50);
const education = z.array(z.strictObject({ school: refSchema.optional(), schoolName: text(120).optional(), degree: text(120).optional(), field: text(120).optional(), from: month.optional(), to: month.optional() }).refine(inOrder, ORDER)).max(20);
/** Whom a campaign is for: a member who matches one entry of every list that is there. */
const targeting = z.strictObject({ industries: z.array(text(80)).max(50).optional(), places: z.array(text(120)).max(50).optional(), skills: skills.optional(), topics: topics.optional(), companies: z.array(refSchema).max(50).optional() });
const skillRefs = z.array(refSchema.regex(/^skill:/, 'must be a skill, such as skill:sql')).max(200);

/** What a member may say about how sentences speak of them. Places are a column: append only. */
export const GRAMMATICAL_GENDERS = ['feminine', 'masculine'] as const;

export const ATTRIBUTES = {
  member: z.strictObject({
    name: text(120).optional(), headline: text(220).optional(), about: longText(2600).optional(),
    company: refSchema.optional(), industry: text(80).optional(), place: text(120).optional(), locale: text(35).optional(),
    /** Where a language must choose, such as in an Arabic verb; sentences are neutral without it. */
    grammaticalGender: z.enum(GRAMMATICAL_GENDERS).optional(),
    skills: skills.optional(), topics: topics.optional(), positions: positions.optional(), education: education.optional(),
    /** True for who publishes to more than their own network. */
    creator: z.boolean().optional(),
    /** Who this member is connected to (both ways) and follows; later changes come as `connect` and `follow` actions. */
    connections: z.array(refSchema).max(30_000).optional(), follows: z.array(refSchema).max(30_000).optional(),
  }),
  company: z.strictObject({ name: text(120).optional(), about: longText(2600).optional(), industry: text(80).optional(), place: text(120).optional(), topics: topics.optional() }),
  school: z.strictObject({ name: text(120).optional(), about: longText(2600).optional(), place: text(120).optional(), topics: topics.optional() }),
  /** News and articles. */
  article: z.strictObject({
    title: text(300).optional(), summary: longText(3000).optional(), url: url.optional(), source: text(120).optional(),
    author: refSchema.optional(), topics: topics.optional(), mentions: mentions.optional(), language: text(35).optional(),
  }),
  /** What a member or a company says: a share, an article of their own, or a change of their profile. */
  post: z.strictObject({
    form: z.enum(['share', 'article', 'profileChange']).optional(), title: text(300).optional(), mentions: mentions.optional(),
    text: longText(3000).optional(), author: refSchema, about: refSchema.optional(), topics: topics.optional(), language: text(35).optional(),
  }),
  job: z.strictObject({
    title: text(200).optional(), company: refSchema.optional(), description: longText(20_000).optional(), place: text(120).optional(),
    mode: z.enum(['onSite', 'hybrid', 'remote']).optional(), skills: skills.optional(), topics: topics.optional(), closesAt: timeSchema.optional(),
    pay: z.strictObject({ min: z.number().nonnegative(), max: z.number().nonnegative(), currency, per: z.enum(['hour', 'month', 'year']) }).optional(),
  }),
  group: z.strictObject({ name: text(120).optional(), about: longText(2600).optional(), industry: text(80).optional(), topics: topics.optional(), language: text(35).optional() }),
  course: z.strictObject({ title: text(200).optional(), summary: longText(3000).optional(), author: refSchema.optional(), skills: skills.optional(), topics: topics.optional(), language: text(35).optional() }),
  event: z.strictObject({
    title: text(200).optional(), summary: longText(3000).optional(), author: refSchema.optional(), startsAt: timeSchema.optional(), place: text(120).optional(),
    topics: topics.optional(), language: text(35).optional(),
  }),
  newsletter: z.strictObject({ title: text(200).optional(), summary: longText(3000).optional(), author: refSchema.optional(), topics: topics.optional(), language: text(35).optional() }),
  /** What a search is for: an entry of the operator's vocabulary. Its name is a topic like those of articles and members. */
  topic: z.strictObject({ name: text(60), topics: topics.optional() }),
  /** A word that members gather under; its name is a topic too. */
  hashtag: z.strictObject({ name: text(60), about: longText(2600).optional(), topics: topics.optional() }),
  /** An item that somebody pays for: what a click or a thousand impressions may cost, and how much in all, between two moments. */
  campaign: z.strictObject({
    item: refSchema, advertiser: refSchema.optional(), pays: z.enum(['click', 'impressions']), bid: z.number().positive(), budget: z.number().positive(), currency,
    startsAt: timeSchema, endsAt: timeSchema, targeting: targeting.optional(),
  }).refine(({ startsAt, endsAt }) => Date.parse(startsAt) < Date.parse(endsAt), { error: 'must end after it starts', path: ['endsAt'] }),
  /**
   * An entry of a taxonomy: a skill, a group of skills or an occupation. Its name is a term like those of members and jobs, and whoever
   * writes one of its aliases means it. `broader` are the groups that it belongs to, `related` what is close to it.
   */
  skill: z.strictObject({ name: text(120), aliases: z.array(text(120)).max(3000).optional(), broader: skillRefs.optional(), related: skillRefs.optional(), about: longText(2600).optional() }),
} as const;

export type EntityKind = keyof typeof ATTRIBUTES;
export type Attributes<Kind extends EntityKind> = z.infer<(typeof ATTRIBUTES)[Kind]>;

/** An entity kind: its attributes, and whether its entities stand in feeds. */
export interface KindRow {
  readonly name: string;
  readonly attributes: z.ZodType<Readonly<Record<string, unknown>>>;
  readonly inFeed: boolean;
  /** Where its entities have their own place in the product: default feed. */
  readonly surface?: Surface;
  /** False where no ranker returns it: it takes no place among what is touched most or together. Default true. */
  readonly isCandidate?: boolean;
  /** True where its name is a term, as the topics of an article are. */
  readonly isTerm?: boolean;
  /** True where its aliases are other names of the term that it names. */
  readonly hasAliases?: boolean;
  /** Where its `skills` are those that it has (held) or wants (asked): skills that stand together there are learned to be adjacent. */
  readonly skills?: 'held' | 'asked';
}

const BUILT_IN: Readonly<Record<EntityKind, Omit<KindRow, 'name' | 'attributes'>>> = {
  member: { inFeed: false, surface: 'people', skills: 'held' },
  company: { inFeed: false, surface: 'pages' },
  article: { inFeed: true },
  post: { inFeed: true },
  job: { inFeed: true, surface: 'jobs', skills: 'asked' },
  group: { inFeed: false, surface: 'groups' },
  course: { inFeed: false, surface: 'learning' },
  event: { inFeed: false, surface: 'events' },
  newsletter: { inFeed: false, surface: 'newsletters', isCandidate: false },
  topic: { inFeed: false, surface: 'search', isCandidate: false, isTerm: true },
  school: { inFeed: false, surface: 'pages', isCandidate: false },
  hashtag: { inFeed: false, isCandidate: false, isTerm: true },
  campaign: { inFeed: false, isCandidate: false },
  skill: { inFeed: false, surface: 'search', isCandidate: false, isTerm: true, hasAliases: true },
};
const rows = new Map<string, KindRow>((Object.keys(BUILT_IN) as EntityKind[]).map((name) => [name, { name, attributes: ATTRIBUTES[name], ...BUILT_IN[name] }]));

/** The row of a kind, built in or a plug-in's. */
export const kindRow = (name: string): KindRow | undefined => rows.get(name);

/** Adds an entity kind of a plug-in, with its own attributes. @throws client/invalidConfig where the name is taken */
export const registerKind = (row: KindRow): void => {
  if (rows.get(row.name) === row) return;
  if (rows.has(row.name)) throw new ThroughlineError('client/invalidConfig', `there is an entity kind "${row.name}" already; give yours another name`);
  registerKindName(row.name);
  rows.set(row.name, row);
};
