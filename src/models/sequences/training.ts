/** How a sequence model is trained, and what tells one such run from another: the same for recipes and for what serves. */
import { createHash } from 'node:crypto';
import type { RunIdentity } from '../../nn/checkpoint.ts';
import type { TrainingRecipe } from '../../nn/loop.ts';
import type { SequenceData, Split } from './data.ts';
import type { SequenceModel } from './model.ts';
import type { Plan } from './sizes.ts';

/** How weights move, besides the rate. */
export const MOVES: Omit<TrainingRecipe, 'schedule'> = { adam: { betas: [0.9, 0.98] }, clip: 1, average: 0.99 };

/** Of tokens, where `eventTokens` makes them in another way than before: a run that began with other ones does not go on. 2: attributes are scaled as items are. */
const TOKEN_FORM = 2;

/** SHA-256 of what is learned from: whose events are where, their items, and where learning from them ends. */
export const dataHash = (data: SequenceData, split: Split): string => {
  const hash = createHash('sha256');
  for (const column of [data.starts, data.item, split.trainEnds]) hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return hash.digest('hex');
};

export const identityOf = (model: SequenceModel, plan: Plan, { seed, data, split }: { readonly seed: number; readonly data: SequenceData; readonly split: Split }): Omit<RunIdentity, 'recipe'> =>
  ({ seed, model: { ...plan.sizes, name: model.name, tokens: TOKEN_FORM, batch: plan.batch, negatives: plan.negatives, beginNear: plan.beginNear, aheadPercent: plan.aheadPercent, items: data.items }, dataHash: dataHash(data, split) });
