/** The trained models of a recipe's table: the journey model and its plain twin, by the same loss, loop and rules. */
import { cpus } from 'node:os';
import { createHash } from 'node:crypto';
import { systemClock } from '../../core/clock.ts';
import { train } from '../../nn/loop.ts';
import type { Candidate, Fit } from './fit.ts';
import type { SequenceData, Split } from './data.ts';
import { journeyModel, sasrecModel, type ModelSizes, type SequenceModel } from './model.ts';
import { metricsOf, rank } from './protocol.ts';
import { planFor } from './sizes.ts';
import { createSequenceTask } from './task.ts';
import { vocabularyOf, type Vocabulary } from './vocabulary.ts';
import { createScorer } from './scorer.ts';

const TOKENS = 2048;
const PATIENCE = 6;

/** What tells one file's training data from another's in a checkpoint. */
const dataHash = (data: SequenceData, split: Split): string => {
  const hash = createHash('sha256');
  for (const column of [data.starts, data.item, split.trainEnds]) hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return hash.digest('hex');
};

const fitted = (make: (sizes: ModelSizes, vocabulary: Vocabulary) => SequenceModel): Fit => async (data, split, { seed, budgetSeconds, signal, report, folder }) => {
  const plan = planFor(data, split);
  const model = make(plan.sizes, vocabularyOf(data));
  const task = createSequenceTask(model, { data, split }, { seed, batch: plan.batch, tokens: TOKENS, negatives: plan.negatives });
  const scorer = createScorer(model, task.arena, task.facts);
  const validate = async (): Promise<{ readonly metric: number; readonly details: Readonly<Record<string, number>> }> => {
    await scorer.refresh();
    const metrics = metricsOf(await rank(scorer, { data, split }, { stage: 'validation' }));
    return { metric: metrics['ndcg@10'], details: { 'hr@10': metrics['hr@10'] } };
  };
  const result = await train({
    task: { ...task, validate },
    recipe: {
      schedule: { kind: 'cosine', rate: 2e-3, floor: 1e-4, steps: plan.epochs * task.batches, warmUpSteps: 100 },
      adam: { betas: [0.9, 0.98] }, clip: 1, average: 0.99,
    },
    identity: { seed, model: { ...plan.sizes, name: model.name, batch: plan.batch, negatives: plan.negatives, items: data.items }, dataHash: dataHash(data, split) },
    epochs: plan.epochs, patience: PATIENCE, signal, clock: systemClock, onEvent: report,
    machine: { processor: cpus()[0]?.model ?? 'unknown', tokens: TOKENS },
    ...(folder === undefined ? {} : { checkpoints: { folder, everyMs: 300_000 } }),
    ...(budgetSeconds === undefined ? {} : { budgetMs: budgetSeconds * 1000 }),
  });
  await task.close();
  await scorer.refresh();
  const { best } = result;
  const chosen = result.curve.find(({ epoch }) => epoch === best?.epoch);
  return {
    ...scorer,
    card: {
      chosen: best === null ? 'nothing: stopped before the first validation' : `epoch ${String(best.epoch + 1)} of ${String(plan.epochs)}`,
      ...(best === null ? {} : { epoch: best.epoch + 1 }),
      validation: chosen === undefined ? {} : { 'ndcg@10': chosen.metric, ...chosen.details },
      seconds: result.elapsedMs / 1000, parameters: task.arena.values.length, usesTime: model.vocabulary.time,
    },
  };
};

export const sasrecCandidate: Candidate = { name: 'sasrec', fit: fitted(sasrecModel), seeded: true, share: 1 };
export const journeyCandidate: Candidate = { name: 'journey', fit: fitted(journeyModel), seeded: true, share: 1 };
