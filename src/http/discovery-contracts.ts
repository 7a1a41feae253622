/** The wire of discovery: cohorts, cards in slots, words said by the server. A client that knows templates and slots shows any cohort there will ever be. */
import { z } from 'zod';
import { idSchema, refSchema } from '../catalog/kinds.ts';
import { reasonSchema } from './contracts.ts';
import { SLOTS } from '../discovery/templates.ts';

const lines = z.int().min(1).max(3);
export const templateSchema = z.object({
  maxLines: z.partialRecord(z.enum(SLOTS), lines).describe('Lines of each slot that it has; the rest is cut with an ellipsis and read out whole'),
  drop: z.array(z.enum(SLOTS)).describe('Slots that are left out where there is no room, first to last'),
  image: z.enum(['small', 'medium', 'large']),
});

const button = z.object({
  action: z.string().describe('What it does: connect, follow, join, …'),
  label: z.string(), done: z.string().describe('Once it is done'), undo: z.string().describe('To take it back'), undoable: z.boolean(),
});

export const discoveryCardSchema = z.object({
  trackingId: idSchema,
  item: refSchema,
  kind: z.string(),
  position: z.int().min(0).describe('On the page of cohorts 64 for each cohort above it and its place in its own; in one cohort in full its place from 0'),
  slots: z.partialRecord(z.enum(SLOTS), z.string()).describe('Texts, as they are shown'),
  image: z.object({ shape: z.enum(['round', 'square']), initials: z.string() }),
  people: z.array(refSchema).describe('Who is named in the social proof'),
  reason: reasonSchema,
  dismissed: z.string().describe('What is said once the card was dismissed'),
  viewer: z.object({ actions: z.array(z.string()).describe('What the viewer has done to it and not undone') }),
});

export const cohortSchema = z.object({
  name: z.string(), kind: z.string(),
  title: z.string(), reason: z.string().optional(),
  template: z.string().describe('One of templates; a client that does not know it lays out the slots it knows'),
  button,
  total: z.int().min(0).describe('How many there are behind "See all", these included'),
  seeAll: z.string(),
  items: z.array(discoveryCardSchema).describe('At most two rows are shown; the others stand by for dismissed ones'),
});

const page = {
  requestId: idSchema, member: refSchema,
  locale: z.string(), direction: z.enum(['ltr', 'rtl']),
  words: z.object({ dismiss: z.string(), undo: z.string(), more: z.string(), nothingHere: z.string(), partlyMissing: z.string() }),
  templates: z.record(z.string(), templateSchema),
};
const missing = z.array(z.string()).describe('Cohorts that did not answer in time, or failed');

export const discoverySchema = z.object({
  ...page, rules: z.string().describe('Version of the rules'), order: z.string().describe('rules, random, or the version of the model that ordered'),
  cohorts: z.array(cohortSchema), missing,
});
export const cohortPageSchema = z.object({ ...page, cohort: cohortSchema.optional().describe('Absent where it is missing'), nextCursor: z.string().nullable(), missing });
export type DiscoveryPage = z.infer<typeof discoverySchema>;
export type CohortPage = z.infer<typeof cohortPageSchema>;
