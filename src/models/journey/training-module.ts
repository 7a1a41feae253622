/** What the training process runs: it opens the log beside whoever serves it, and only reads. */
import { z } from 'zod';
import { openLmdbLog } from '../../log/lmdb.ts';
import type { TrainingHost } from '../../nn/child.ts';
import { trainJourney, type JourneyOutcome } from './train.ts';

const optionsSchema = z.object({ data: z.string(), log: z.string(), seed: z.number(), commit: z.string(), fresh: z.boolean().optional(), budgetMs: z.number().optional() });
export type JourneyTrainingOptions = z.infer<typeof optionsSchema>;

/** For `runTraining` in nn/child.ts. */
export const JOURNEY_TRAINING: string = import.meta.url;

export const runTrainingModule = async (raw: unknown, { signal, clock, onEvent }: TrainingHost): Promise<JourneyOutcome> => {
  const { data, log: folder, seed, commit, fresh, budgetMs } = optionsSchema.parse(raw);
  const log = await openLmdbLog({ folder, clock, readOnly: true });
  try {
    return await trainJourney(log, { data, seed, commit, clock, signal, onEvent, ...(fresh === undefined ? {} : { fresh }), ...(budgetMs === undefined ? {} : { budgetMs }) });
  } finally {
    await log.close();
  }
};
