/** SASRec and a sampled softmax as one training step: what bench/torch/sasrec.py computes too, parameter by parameter. No dropout. */
import type { Random } from '../../src/core/random.ts';
import { sasrec } from '../../src/models/sequences/sasrec.ts';
import { createArena, type Arena, type ParameterSpec } from '../../src/nn/arena.ts';
import { createGraph, type Graph } from '../../src/nn/graph.ts';
import { compileProgram, type Objective, type Program } from '../../src/nn/program.ts';
import { declareWeights, type Weights } from '../../src/nn/weights.ts';

export interface StepShape {
  readonly sequences: number;
  readonly length: number;
  readonly width: number;
  readonly blocks: number;
  readonly heads: number;
  readonly items: number;
  /** Shared by all positions of a step. */
  readonly negatives: number;
}

/** ids and targets [sequences · length], negatives [negatives]. */
export interface StepBatch { readonly ids: Int32Array; readonly targets: Int32Array; readonly negatives: Int32Array }

const tableOf = ({ items, width }: StepShape): ParameterSpec => ({ name: 'items', shape: [items, width], init: { kind: 'normal', deviation: 0.1 } });

/** The loss of `sequences` of the step's sequences: summed over positions, divided by the positions of the whole step. */
const objective = (shape: StepShape, sequences: number) => (g: Graph, w: Weights): Objective => {
  const { length, width, negatives } = shape;
  const count = sequences * length;
  const table = tableOf(shape);
  const events = g.scale(w.rows(table, g.input('ids', [sequences, length], 'int32')), Math.sqrt(width));
  const states = g.reshape(sasrec({ g, w, drop: (x) => x }, events, { ...shape, window: length }), [count, width]);
  const targets = w.rows(table, g.input('targets', [count], 'int32'));
  const others = w.rows(table, g.input('negatives', [negatives], 'int32'));
  const missed = g.softplus(g.sub(g.logSumExp(g.matmulT(states, others)), g.sum(g.mul(states, targets), [1])));
  return { loss: g.scale(g.sum(missed, [0]), 1 / (shape.sequences * length)) };
};

export const stepArena = (shape: StepShape, random: Random): Arena => {
  const g = createGraph();
  const w = declareWeights(g);
  objective(shape, 1)(g, w);
  return createArena(w.specs, random);
};

/** Forward and backward of a whole batch, `micro` sequences at a time (a divisor of `sequences`): gradients are added to the arena's. */
export const createStep = async (shape: StepShape, arena: Arena, micro: number): Promise<{ run(batch: StepBatch): Promise<number>; close(): Promise<void> }> => {
  const program: Program = await compileProgram(objective(shape, micro), arena);
  const rows = micro * shape.length;
  const ids = new Int32Array(rows);
  const targets = new Int32Array(rows);
  program.bind('ids', ids);
  program.bind('targets', targets);
  return {
    run: async (batch) => {
      program.bind('negatives', batch.negatives);
      let loss = 0;
      for (let at = 0; at < batch.ids.length; at += rows) {
        ids.set(batch.ids.subarray(at, at + rows));
        targets.set(batch.targets.subarray(at, at + rows));
        loss += await program.run();
      }
      return loss;
    },
    close: program.close,
  };
};
