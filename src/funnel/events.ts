/**
 * The funnel's client events: one family for every surface, joined by tracking id, deduplicated by event id.
 * `served` records are written by the mixer alone (see `served.ts`).
 */
import { z } from 'zod';
import { idSchema, refSchema, timeSchema } from '../catalog/kinds.ts';
import { NAME_PATTERN } from '../core/ids.ts';

const base = {
  id: idSchema.describe('Chosen by the client; the same id counts once within 30 days'),
  member: refSchema.describe('Who did it, for example member:42'),
  item: refSchema.describe('What it was done to, for example article:7'),
  at: timeSchema.describe('When it happened, by the clock of the device'),
  sentAt: timeSchema.optional().describe('When the client sent it'),
  surface: z.string().regex(/^[a-z][a-zA-Z0-9-]{0,31}$/).optional().describe('Where in the product; default feed'),
};

export const impressionSchema = z.strictObject({
  type: z.literal('impression'), ...base,
  trackingId: idSchema,
  span: idSchema.describe('Names this visibility span of the card: one impression each'),
  visibleMs: z.int().min(0).max(86_400_000).describe('How long at least half of the card was visible'),
});

export const actionSchema = z.strictObject({
  type: z.literal('action'), ...base,
  action: z.string().regex(NAME_PATTERN),
  trackingId: idSchema.optional().describe('Present when it was done on a served card'),
  visibleMs: z.int().min(0).max(86_400_000).optional().describe('How long the member looked at it, where that is known'),
  of: idSchema.optional().describe('Undoes the event of this id; action and item repeat those of that event'),
});

export const eventSchema = z.discriminatedUnion('type', [impressionSchema, actionSchema]);
export type Impression = z.infer<typeof impressionSchema>;
export type Action = z.infer<typeof actionSchema>;
export type ClientEvent = z.infer<typeof eventSchema>;
