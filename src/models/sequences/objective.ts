/** The loss of next items as a graph, compiled for each shape of a micro-batch, with the arrays that feed it. */
import type { Arena } from '../../nn/arena.ts';
import type { Graph, Value } from '../../nn/graph.ts';
import { size } from '../../nn/ops/shapes.ts';
import { compileProgram, type Objective, type Program } from '../../nn/program.ts';
import type { Weights } from '../../nn/weights.ts';
import type { Build } from './blocks.ts';
import type { MicroBatch } from './batches.ts';
import { createEventFeed, createItemFeed, type EventFeed, type ItemFacts, type ItemFeed } from './feeds.ts';
import { readEvents, type SequenceModel } from './model.ts';
import { itemVectors } from './tokens.ts';

/** An input of the graph that a mask of dropout is bound to. */
interface Site { readonly name: string; readonly length: number }

/** How many negatives a step has, and for how many items each of them stands. */
export interface Sampling { readonly count: number; readonly correction: number }

interface Shape { readonly sequences: number; readonly length: number; readonly sampling: Sampling }

/** Of the sum over negatives at least so much is left when what is no negative has been taken out: what float32 tells of it. */
const ROUNDING = 1e-6;

/**
 * loss = Σ weight · (log(exp(positive) + correction · Σ exp(negative)) − positive). What is no negative of a row, the item that its state has
 * just read and its target, is taken out of the sum afterwards where `own` and `among` [targets, 1] say that it is in it: a pass over rows instead of
 * one over rows × negatives.
 */
const objective = (model: SequenceModel, { sequences, length, sampling }: Shape, sites: Site[]) => (g: Graph, w: Weights): Objective => {
  const { width, vocabulary } = model;
  const count = sequences * length;
  const drop: Build['drop'] = (x, site) => {
    const name = `mask:${site}`;
    sites.push({ name, length: size(x.shape) });
    return g.mul(x, g.input(name, x.shape));
  };
  const build: Build = { g, w, drop };
  const { items, states } = readEvents(model, build, { batch: sequences, length });
  const highest = 1 / model.temperature;
  const queries = g.scale(g.l2Normalise(g.reshape(states, [count, width])), highest);
  // Of what the largest logit there can be would give.
  const share = (logit: Value): Value => g.exp(g.sub(logit, g.scalar(highest)));
  const logitOf = (vectors: Value): Value => g.sum(g.mul(queries, g.l2Normalise(vectors)), [1]);
  const others = g.l2Normalise(itemVectors(build, vocabulary, { name: 'negatives', count: sampling.count, width }));
  const positive = logitOf(itemVectors(build, vocabulary, { name: 'targets', count, width }));
  const likely = share(positive);
  const all = share(g.logSumExpProducts(queries, others));
  const never = g.add(g.mul(share(logitOf(items)), g.input('own', [count, 1])), g.mul(likely, g.input('among', [count, 1])));
  const rounding = g.scale(all, ROUNDING);
  const against = g.add(g.relu(g.sub(g.sub(all, never), rounding)), rounding);
  const missed = g.sub(g.log(g.add(g.scale(against, sampling.correction), likely)), g.sub(positive, g.scalar(highest)));
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
  /** By row, 1 where the item that was read, or the target, is among the negatives. */
  readonly own: Float32Array;
  readonly among: Float32Array;
}

export interface Objectives {
  open(micro: Pick<MicroBatch, 'sequences' | 'length'>): Promise<Opened>;
  close(): Promise<void>;
}

export const createObjectives = (model: SequenceModel, { arena, facts }: { readonly arena: Arena; readonly facts: ItemFacts }, sampling: Sampling): Objectives => {
  const programs = new Map<string, Promise<Opened>>();
  const compileFor = async (shape: Shape): Promise<Opened> => {
    const sites: Site[] = [];
    const program = await compileProgram(objective(model, shape, sites), arena);
    const rows = shape.sequences * shape.length;
    const opened: Opened = {
      program, sites, weights: new Float32Array(rows), own: new Float32Array(rows), among: new Float32Array(rows),
      items: createItemFeed(program.bind, { name: 'ids', count: rows }, facts),
      targets: createItemFeed(program.bind, { name: 'targets', count: rows }, facts),
      others: createItemFeed(program.bind, { name: 'negatives', count: sampling.count }, facts),
      events: createEventFeed(program.bind, { vocabulary: model.vocabulary, batch: shape.sequences, length: shape.length }),
    };
    program.bind('weights', opened.weights);
    program.bind('own', opened.own);
    program.bind('among', opened.among);
    return opened;
  };
  return {
    open: async ({ sequences, length }) => {
      const key = `${String(sequences)}x${String(length)}`;
      const found = programs.get(key) ?? compileFor({ sequences, length, sampling });
      programs.set(key, found);
      return found;
    },
    close: async () => { for (const opened of programs.values()) await (await opened).program.close(); },
  };
};
