/** Fits a head to requests: whichever of the two losses ranks better on requests that neither was fitted to. */
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { createArena, type Arena } from '../../nn/arena.ts';
import { createGraph } from '../../nn/graph.ts';
import { train } from '../../nn/loop.ts';
import { size } from '../../nn/ops/shapes.ts';
import { compileProgram, type Program } from '../../nn/program.ts';
import { compile } from '../../nn/session.ts';
import { createDropoutPool, shuffledOrder } from '../../nn/stream.ts';
import { declareWeights } from '../../nn/weights.ts';
import { choiceLoss, headLogits, likelihoodLoss, type HeadShape } from './head-graph.ts';

/** Rows in requests: request q has the rows [queries[q], queries[q + 1]). */
export interface HeadExamples {
  readonly queries: Int32Array;
  /** [rows · actions] of 0 and 1. */
  readonly labels: Uint8Array;
  /** [rows · actions]: what the logits are added to; absent: nothing. */
  readonly base?: Float32Array;
  /** Writes the inputs of a row at out[to …]. */
  fill(row: number, out: Float32Array, to: number): void;
}
export interface FitHeadOptions { readonly seed: number; readonly random: Random; readonly clock: Clock; readonly signal?: AbortSignal; /** Mean of a metric over requests, from logits [rows · actions]. */ readonly score: (logits: Float32Array, requests: readonly number[]) => number }
export interface HeadRequests { readonly learned: readonly number[]; readonly choosing: readonly number[] }
export type HeadLoss = 'choice' | 'likelihood';
export interface FittedHead { readonly arena: Arena; readonly loss: HeadLoss; readonly metric: number; readonly epochs: number; logits(): Promise<Float32Array> }

const REQUESTS = 32;
const EPOCHS = 12;
const PATIENCE = 2;
const DROPOUT = 0.2;
const MASKS: number = 1 << 18;
const NOT_THERE = -1e9;

/** A graph's rows are requests · candidates; requests with more than this many candidates lose the last ones. */
const CANDIDATES_MOST = 64;

interface Batch { readonly x: Float32Array; readonly base: Float32Array; readonly labels: Float32Array; readonly weights: Float32Array; readonly there: Float32Array; readonly shares: Float32Array }

const fillBatch = (examples: HeadExamples, requests: readonly number[], { batch, shape, candidates, loss }: { readonly batch: Batch; readonly shape: HeadShape; readonly candidates: number; readonly loss: HeadLoss }): number => {
  const { inputs, actions } = shape;
  for (const column of [batch.x, batch.base, batch.labels, batch.weights, batch.shares]) column.fill(0);
  batch.there.fill(NOT_THERE);
  let targets = 0;
  requests.forEach((query, place) => {
    const from = examples.queries[query] ?? 0;
    const count = Math.min(candidates, (examples.queries[query + 1] ?? 0) - from);
    const found = new Int32Array(actions);
    for (let c = 0; c < count; c++) for (let a = 0; a < actions; a++) found[a] = (found[a] ?? 0) + (examples.labels[(from + c) * actions + a] ?? 0);
    for (let c = 0; c < count; c++) {
      const row = place * candidates + c;
      examples.fill(from + c, batch.x, row * inputs);
      if (loss === 'likelihood') { batch.weights[row] = 1; targets++; }
      for (let a = 0; a < actions; a++) {
        const label = examples.labels[(from + c) * actions + a] ?? 0;
        batch.base[row * actions + a] = examples.base?.[(from + c) * actions + a] ?? 0;
        batch.labels[row * actions + a] = label;
        const at = (place * actions + a) * candidates + c;
        batch.there[at] = 0;
        if (label === 1) batch.shares[at] = 1 / (found[a] ?? 1);
      }
    }
    // Every candidate or none says nothing about which.
    if (loss === 'choice') for (let a = 0; a < actions; a++) if ((found[a] ?? 0) > 0 && (found[a] ?? 0) < count) { batch.weights[place * actions + a] = 1; targets++; }
  });
  for (let i = 0; i < batch.weights.length; i++) batch.weights[i] = (batch.weights[i] ?? 0) / Math.max(1, targets);
  return targets;
};

const newArena = (shape: HeadShape, random: Random): Arena => {
  const g = createGraph();
  const w = declareWeights(g);
  headLogits({ g, w, drop: (x) => x }, g.input('x', [1, shape.inputs]), { ...shape, name: 'head' });
  return createArena(w.specs, random);
};

/** Logits of every row, in blocks of rows. */
const allLogits = async (examples: HeadExamples, shape: HeadShape, arena: Arena): Promise<Float32Array> => {
  const rows = examples.queries.at(-1) ?? 0;
  const block = Math.max(1, Math.min(2048, rows));
  const g = createGraph();
  const w = declareWeights(g);
  const session = await compile({ logits: headLogits({ g, w, drop: (x) => x }, g.input('x', [block, shape.inputs]), { ...shape, name: 'head' }) });
  for (const { name } of w.specs) session.bind(name, arena.parameter(name).value);
  const x = new Float32Array(block * shape.inputs);
  session.bind('x', x);
  const out = new Float32Array(rows * shape.actions);
  for (let from = 0; from < rows; from += block) {
    const count = Math.min(block, rows - from);
    for (let i = 0; i < count; i++) examples.fill(from + i, x, i * shape.inputs);
    await session.run();
    out.set(session.outputs.logits.subarray(0, count * shape.actions), from * shape.actions);
  }
  await session.close();
  const { base } = examples;
  return base === undefined ? out : out.map((logit, i) => logit + (base[i] ?? 0));
};

/** By one of the two losses. */
export const fitWith = async (examples: HeadExamples, shape: HeadShape, fit: FitHeadOptions & { readonly loss: HeadLoss; readonly requests: HeadRequests }): Promise<FittedHead> => {
  const { loss, requests: { learned, choosing }, seed, clock, signal, score } = fit;
  const widest = learned.reduce((most, query) => Math.max(most, (examples.queries[query + 1] ?? 0) - (examples.queries[query] ?? 0)), 1);
  const candidates = Math.min(CANDIDATES_MOST, widest);
  const rows = REQUESTS * candidates;
  const arena = newArena(shape, fit.random.fork('head'));
  const sites: { readonly name: string; readonly length: number }[] = [];
  const program: Program = await compileProgram((g, w) => {
    const build = { g, w, drop: (x: Parameters<typeof g.silu>[0], site: string) => { sites.push({ name: `mask:${site}`, length: size(x.shape) }); return g.mul(x, g.input(`mask:${site}`, x.shape)); } };
    const logits = g.add(headLogits(build, g.input('x', [rows, shape.inputs]), { ...shape, name: 'head' }), g.input('base', [rows, shape.actions]));
    return { loss: loss === 'choice' ? choiceLoss(build, logits, { requests: REQUESTS, candidates }) : likelihoodLoss(build, logits) };
  }, arena);
  const cells = rows * shape.actions;
  const batch: Batch = { x: new Float32Array(rows * shape.inputs), base: new Float32Array(cells), labels: new Float32Array(cells), there: new Float32Array(cells), shares: new Float32Array(cells), weights: new Float32Array(loss === 'choice' ? REQUESTS * shape.actions : rows) };
  for (const name of ['x', 'base', 'weights', ...(loss === 'choice' ? ['there', 'shares'] as const : ['labels'] as const)] as const) program.bind(name, batch[name]);
  const pool = createDropoutPool(seed, MASKS);
  const batches = Math.max(1, Math.ceil(learned.length / REQUESTS));
  try {
    const result = await train({
      task: {
        arena, batches,
        step: async (epoch, index) => {
          const order = shuffledOrder(learned.length, { seed, label: 'requests', epoch });
          const targets = fillBatch(examples, [...order.subarray(index * REQUESTS, (index + 1) * REQUESTS)].map((at) => learned[at] ?? 0), { batch, shape, candidates, loss });
          const mask = pool.batch(epoch, index);
          for (const { name, length } of sites) program.bind(name, mask(length, DROPOUT));
          return { loss: await program.run() * targets, targets };
        },
        validate: async () => ({ metric: score(await allLogits(examples, shape, arena), choosing), details: {} }),
      },
      recipe: { schedule: { kind: 'cosine', rate: 2e-3, floor: 1e-4, steps: EPOCHS * batches, warmUpSteps: Math.min(50, batches) }, adam: { betas: [0.9, 0.98], decay: 1e-2 }, clip: 1, average: 0.99 },
      identity: { seed, model: { loss }, dataHash: '' }, epochs: EPOCHS, patience: PATIENCE, clock, ...(signal === undefined ? {} : { signal }),
    });
    return { arena, loss, metric: result.best?.metric ?? 0, epochs: (result.best?.epoch ?? -1) + 1, logits: () => allLogits(examples, shape, arena) };
  } finally {
    await program.close();
  }
};

/** @returns the better of the two losses by the requests that choose */
export const fitHead = async (examples: HeadExamples, shape: HeadShape, options: FitHeadOptions & { readonly requests: HeadRequests }): Promise<FittedHead> => {
  const choice = await fitWith(examples, shape, { ...options, loss: 'choice' });
  const likelihood = await fitWith(examples, shape, { ...options, loss: 'likelihood' });
  return likelihood.metric > choice.metric ? likelihood : choice;
};
