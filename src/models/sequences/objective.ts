/** The loss of next items as a graph, compiled for each shape of a micro-batch, with the arrays that feed it. */
import type { Arena } from '../../nn/arena.ts';
import type { Graph } from '../../nn/graph.ts';
import { size } from '../../nn/ops/shapes.ts';
import { compileProgram, type Objective, type Program } from '../../nn/program.ts';
import type { Weights } from '../../nn/weights.ts';
import type { Build } from './blocks.ts';
import type { MicroBatch } from './batches.ts';
import { createEventFeed, createItemFeed, type EventFeed, type ItemFacts, type ItemFeed } from './feeds.ts';
import { statesOf, type SequenceModel } from './model.ts';
import { itemVectors } from './tokens.ts';

/** An input of the graph that a mask of dropout is bound to. */
interface Site { readonly name: string; readonly length: number }

interface Shape { readonly sequences: number; readonly length: number; readonly negatives: number }

/**
 * loss = Σ weight · (log(exp(positive) + Σ exp(negative + offset)) − positive), written as softplus(logSumExp(negatives) − positive) so
 * that the positive needs no column of its own. `offsets` [targets, negatives] corrects for sampling, and takes out what is no negative.
 */
const objective = (model: SequenceModel, { sequences, length, negatives }: Shape, sites: Site[]) => (g: Graph, w: Weights): Objective => {
  const { width, vocabulary } = model;
  const count = sequences * length;
  const drop: Build['drop'] = (x, site) => {
    const name = `mask:${site}`;
    sites.push({ name, length: size(x.shape) });
    return g.mul(x, g.input(name, x.shape));
  };
  const build: Build = { g, w, drop };
  const states = statesOf(model, build, { batch: sequences, length });
  const queries = g.scale(g.l2Normalise(g.reshape(states, [count, width])), 1 / model.temperature);
  const targets = g.l2Normalise(itemVectors(build, vocabulary, { name: 'targets', count, width }));
  const others = g.l2Normalise(itemVectors(build, vocabulary, { name: 'negatives', count: negatives, width }));
  const positive = g.sum(g.mul(queries, targets), [1]);
  const against = g.logSumExp(g.add(g.matmulT(queries, others), g.input('offsets', [count, negatives])));
  const missed = g.softplus(g.sub(against, positive));
  return { loss: g.sum(g.mul(missed, g.input('weights', [count, 1])), [0]) };
};

export interface Opened {
  readonly program: Program;
  readonly sites: readonly Site[];
  readonly items: ItemFeed;
  readonly targets: ItemFeed;
  readonly others: ItemFeed;
  readonly events: EventFeed;
  /** By row: its part of the loss. */
  readonly weights: Float32Array;
  /** [rows, negatives]: `offset` everywhere between two steps. */
  readonly offsets: Float32Array;
}

export interface Objectives {
  open(micro: Pick<MicroBatch, 'sequences' | 'length'>): Promise<Opened>;
  close(): Promise<void>;
}

/** @param sampling how many negatives a step has, and what is added to each for having been sampled */
export const createObjectives = (model: SequenceModel, { arena, facts }: { readonly arena: Arena; readonly facts: ItemFacts }, sampling: { readonly count: number; readonly offset: number }): Objectives => {
  const programs = new Map<string, Promise<Opened>>();
  const compileFor = async (shape: Shape): Promise<Opened> => {
    const sites: Site[] = [];
    const program = await compileProgram(objective(model, shape, sites), arena);
    const rows = shape.sequences * shape.length;
    const opened: Opened = {
      program, sites, weights: new Float32Array(rows), offsets: new Float32Array(rows * sampling.count).fill(sampling.offset),
      items: createItemFeed(program.bind, { name: 'ids', count: rows }, facts),
      targets: createItemFeed(program.bind, { name: 'targets', count: rows }, facts),
      others: createItemFeed(program.bind, { name: 'negatives', count: sampling.count }, facts),
      events: createEventFeed(program.bind, { vocabulary: model.vocabulary, batch: shape.sequences, length: shape.length }),
    };
    program.bind('weights', opened.weights);
    program.bind('offsets', opened.offsets);
    return opened;
  };
  return {
    open: async ({ sequences, length }) => {
      const key = `${String(sequences)}x${String(length)}`;
      const found = programs.get(key) ?? compileFor({ sequences, length, negatives: sampling.count });
      programs.set(key, found);
      return found;
    },
    close: async () => { for (const opened of programs.values()) await (await opened).program.close(); },
  };
};
