/** The trained models of a recipe's table: the journey model and its plain twin, by the same loss, loop and rules. */
import { cpus } from 'node:os';
import { createHash } from 'node:crypto';
import { systemClock } from '../../core/clock.ts';
import { train } from '../../nn/loop.ts';
import { createGraph } from '../../nn/graph.ts';
import { compile, type Session } from '../../nn/session.ts';
import type { Arena } from '../../nn/arena.ts';
import type { Candidate, Fit } from './fit.ts';
import type { Queries, SequenceData, SequenceScorer, Split } from './data.ts';
import { createEncoder } from './encoder.ts';
import { journeyModel, sasrecModel, type ModelSizes, type SequenceModel } from './model.ts';
import { metricsOf, rank } from './protocol.ts';
import { planFor } from './sizes.ts';
import { createSequenceTask, TABLE } from './task.ts';

const TOKENS = 1024;
const PATIENCE = 6;
/** Rows scored by one product, and the most scores of it. */
const ROWS = 64;

/** Dot products of states with every item's vector of unit length. */
export const createScorer = (model: SequenceModel, arena: Arena, items: number): SequenceScorer => {
  const { width } = model;
  const vectors = arena.parameter(TABLE).value;
  const encoder = createEncoder(model, arena, vectors);
  let product: Promise<Session<'scores'>> | undefined;
  const queries = new Float32Array(ROWS * width);
  const open = async (): Promise<Session<'scores'>> => {
    const g = createGraph();
    const session = await compile({ scores: g.matmulT(g.input('queries', [ROWS, width]), g.l2Normalise(g.input('vectors', [items, width]))) });
    session.bind('vectors', vectors);
    session.bind('queries', queries);
    return session;
  };
  return {
    name: model.name,
    score: async (data: SequenceData, asked: Queries, out: Float32Array) => {
      product ??= open();
      const session = await product;
      const rows = asked.members.length;
      const states = new Float32Array(rows * width);
      await encoder.encode(data, asked, states);
      for (let from = 0; from < rows; from += ROWS) {
        const count = Math.min(ROWS, rows - from);
        queries.fill(0);
        queries.set(states.subarray(from * width, (from + count) * width));
        await session.run();
        out.set(session.outputs.scores.subarray(0, count * items), from * items);
      }
    },
    close: async () => {
      await encoder.close();
      await (await product)?.close();
    },
  };
};

/** What tells one file's training data from another's in a checkpoint. */
const dataHash = (data: SequenceData, split: Split): string => {
  const hash = createHash('sha256');
  for (const column of [data.starts, data.item, split.trainEnds]) hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return hash.digest('hex');
};

const fitted = (make: (sizes: ModelSizes) => SequenceModel): Fit => async (data, split, { seed, budgetSeconds, signal, report, folder }) => {
  const plan = planFor(data, split);
  const model = make(plan.sizes);
  const task = createSequenceTask(model, { data, split }, { seed, batch: plan.batch, tokens: TOKENS, negatives: plan.negatives });
  const scorer = createScorer(model, task.arena, data.items);
  const validate = async (): Promise<{ readonly metric: number; readonly details: Readonly<Record<string, number>> }> => {
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
  const { best } = result;
  const chosen = result.curve.find(({ epoch }) => epoch === best?.epoch);
  return {
    ...scorer,
    card: {
      chosen: best === null ? 'nothing: stopped before the first validation' : `epoch ${String(best.epoch + 1)} of ${String(plan.epochs)}`,
      ...(best === null ? {} : { epoch: best.epoch + 1 }),
      validation: chosen === undefined ? {} : { 'ndcg@10': chosen.metric, ...chosen.details },
      seconds: result.elapsedMs / 1000, parameters: task.arena.values.length,
    },
  };
};

export const sasrecCandidate: Candidate = { name: 'sasrec', fit: fitted(sasrecModel), seeded: true, share: 1 };
export const journeyCandidate: Candidate = { name: 'journey', fit: fitted(journeyModel), seeded: true, share: 1 };
