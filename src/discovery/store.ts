/** Versions of the order of cohorts in a data folder, each with its card. */
import { join } from 'node:path';
import { z } from 'zod';
import { DISCOVERY_FOLDER, openVersionStore, type VersionStore } from '../models/store.ts';
import { relevanceSchema, type RelevanceModel } from './second-pass.ts';

const cardSchema = z.object({
  format: z.literal(1), version: z.string(), createdAt: z.string(), sha256: z.string(), commit: z.string(),
  /** Cards looked at, of them acted on, and pages. */
  looks: z.int(), acted: z.int(), pages: z.int(),
  /** On the later fifth of the pages, beside the rate of each cohort. */
  figures: z.object({ logLoss: z.number(), logLossByCohort: z.number(), auc: z.number(), aucByCohort: z.number() }),
});
export type RelevanceCard = z.infer<typeof cardSchema>;
export type RelevanceStore = VersionStore<RelevanceModel, RelevanceCard>;

export const createRelevanceStore = (data: string): RelevanceStore => openVersionStore({ root: join(data, 'models', DISCOVERY_FOLDER), model: relevanceSchema, card: cardSchema });
