/**
 * Trains a sequence model to tell the next item: a softmax of cosines between the state after each event and the vectors of items, over the
 * whole catalogue where it is small, else over negatives that one step shares, corrected for how often each is drawn (SASRec with
 * cross-entropy and many negatives: Klenitskiy, Vasilev 2023, arXiv 2309.07602).
 */
import { createArena, type Arena } from '../../nn/arena.ts';
import { createGraph, type Graph } from '../../nn/graph.ts';
import { compileProgram, type Objective, type Program } from '../../nn/program.ts';
import { size } from '../../nn/ops/shapes.ts';
import { createDropoutPool, createStream, shuffledOrder, type Stream } from '../../nn/stream.ts';
import { declareWeights, type Weights } from '../../nn/weights.ts';
import { seededRandom, type Random } from '../../core/random.ts';
import type { BatchLoss, TrainingTask } from '../../nn/task.ts';
import type { Build } from './blocks.ts';
import { lastWindows, lengthsUpTo, microBatches, type MicroBatch, type Windows } from './batches.ts';
import type { SequenceData, Split } from './data.ts';
import type { SequenceModel } from './model.ts';

export interface TaskOptions {
  readonly seed: number;
  /** Windows of one optimiser step. */
  readonly batch: number;
  /** Events of one micro-batch. */
  readonly tokens: number;
  /** Items that one step weighs its targets against; the whole catalogue where this is no less. */
  readonly negatives: number;
}

/** The parameter that holds items' vectors. */
export const TABLE = 'items';
const tableSpec = (items: number, width: number) => ({ name: TABLE, shape: [items, width], init: { kind: 'normal', deviation: 0.02 }, sparse: items > 20_000 } as const);

/** Every parameter of the model, found by building its graph once. */
export const modelArena = (model: SequenceModel, items: number, random: Random): Arena => {
  const g = createGraph();
  const w = declareWeights(g);
  model.decode({ g, w, drop: (x) => x }, g.input('events', [1, model.window, model.width]));
  return createArena([tableSpec(items, model.width), ...w.specs], random);
};

interface Shape { readonly sequences: number; readonly length: number; readonly items: number; readonly negatives: number }

/**
 * loss = Σ weight · (log(exp(positive) + Σ exp(negative + offset)) − positive), written as softplus(logSumExp(negatives) − positive) so
 * that the positive needs no column of its own. `offsets` [targets, negatives] corrects for sampling, and takes out what is no negative.
 */
const objective = (model: SequenceModel, { sequences, length, items, negatives }: Shape, sites: Site[]) => (g: Graph, w: Weights): Objective => {
  const { width } = model;
  const count = sequences * length;
  const table = tableSpec(items, width);
  const drop: Build['drop'] = (x, site) => {
    const name = `mask:${site}`;
    sites.push({ name, length: size(x.shape) });
    return g.mul(x, g.input(name, x.shape));
  };
  const events = w.rows(table, g.input('ids', [sequences, length], 'int32'));
  const states = model.decode({ g, w, drop }, g.scale(events, Math.sqrt(width)));
  const queries = g.scale(g.l2Normalise(g.reshape(states, [count, width])), 1 / model.temperature);
  const targets = g.l2Normalise(w.rows(table, g.input('targets', [count], 'int32')));
  const others = g.l2Normalise(w.rows(table, g.input('negatives', [negatives], 'int32')));
  const positive = g.sum(g.mul(queries, targets), [1]);
  const against = g.logSumExp(g.add(g.matmulT(queries, others), g.input('offsets', [count, negatives])));
  const missed = g.softplus(g.sub(against, positive));
  return { loss: g.sum(g.mul(missed, g.input('weights', [count, 1])), [0]) };
};

/** Floats that masks of dropout are cut from. */
const MASKS: number = 1 << 21;

interface Site { readonly name: string; readonly length: number }
interface Opened { readonly program: Program; readonly sites: readonly Site[]; readonly ids: Int32Array; readonly targets: Int32Array; readonly weights: Float32Array; readonly offsets: Float32Array }

export interface SequenceTask extends Omit<TrainingTask, 'validate'> { close(): Promise<void> }

/** What is never a negative of a row: its target, and the item the state has just read. */
const NEVER = -1e9;

export const createSequenceTask = (model: SequenceModel, { data, split }: { readonly data: SequenceData; readonly split: Split }, options: TaskOptions): SequenceTask => {
  const { window } = model;
  const arena = modelArena(model, data.items, seededRandom(options.seed).fork('init'));
  const count = Math.min(options.negatives, data.items);
  const offset = Math.log(data.items / count);
  const negatives = new Int32Array(count);
  const column = new Int32Array(data.items).fill(-1);
  const windows: Windows = lastWindows(data, split, window);
  const lengths = lengthsUpTo(window);
  const programs = new Map<string, Promise<Opened>>();
  const open = async (shape: Shape): Promise<Opened> => {
    const sites: Site[] = [];
    const program = await compileProgram(objective(model, shape, sites), arena);
    const rows = shape.sequences * shape.length;
    const opened = { program, sites, ids: new Int32Array(rows), targets: new Int32Array(rows), weights: new Float32Array(rows), offsets: new Float32Array(rows * count).fill(offset) };
    for (const name of ['ids', 'targets', 'weights', 'offsets'] as const) program.bind(name, opened[name]);
    program.bind('negatives', negatives);
    return opened;
  };
  const programFor = async ({ sequences, length }: MicroBatch): Promise<Opened> => {
    const key = `${String(sequences)}x${String(length)}`;
    const found = programs.get(key) ?? open({ sequences, length, items: data.items, negatives: count });
    programs.set(key, found);
    return found;
  };
  const pool = createDropoutPool(options.seed, MASKS);
  let drawn: { readonly epoch: number; readonly order: Int32Array } = { epoch: -1, order: new Int32Array() };
  const drawNegatives = (chance: Stream): void => {
    for (const item of negatives) column[item] = -1;
    for (let at = 0; at < count; at++) {
      let item = at;
      if (count < data.items) do item = chance.integer(data.items); while ((column[item] ?? -1) >= 0);
      negatives[at] = item;
      column[item] = at;
    }
  };
  const setOffsets = ({ ids, targets, weights, offsets }: Opened, value: number): void => {
    for (let row = 0; row < ids.length; row++) {
      if (weights[row] === 0) continue;
      const own = column[ids[row] ?? 0] ?? -1;
      const target = column[targets[row] ?? 0] ?? -1;
      if (own >= 0) offsets[row * count + own] = value;
      if (target >= 0) offsets[row * count + target] = value;
    }
  };
  const fill = (at: Opened, micro: MicroBatch, weight: number): void => {
    at.ids.fill(0); at.targets.fill(0); at.weights.fill(0);
    micro.windows.forEach((index, row) => {
      const from = windows.from[index] ?? 0;
      const n = (windows.end[index] ?? 0) - from - 1;
      at.ids.set(data.item.subarray(from, from + n), row * micro.length);
      at.targets.set(data.item.subarray(from + 1, from + 1 + n), row * micro.length);
      at.weights.fill(weight, row * micro.length, row * micro.length + n);
    });
  };
  const step = async (epoch: number, batch: number): Promise<BatchLoss> => {
    if (drawn.epoch !== epoch) drawn = { epoch, order: shuffledOrder(windows.member.length, { seed: options.seed, label: 'order', epoch }) };
    drawNegatives(createStream({ seed: options.seed, label: 'negatives', epoch, batch }));
    const mask = pool.batch(epoch, batch);
    const chosen = [...drawn.order.subarray(batch * options.batch, (batch + 1) * options.batch)];
    const eventsOf = (index: number): number => (windows.end[index] ?? 0) - (windows.from[index] ?? 0) - 1;
    const targets = chosen.reduce((sum, index) => sum + eventsOf(index), 0);
    let loss = 0;
    for (const micro of microBatches(eventsOf, chosen, { lengths, tokens: options.tokens })) {
      const at = await programFor(micro);
      fill(at, micro, 1 / targets);
      for (const { name, length } of at.sites) at.program.bind(name, mask(length, model.dropout));
      setOffsets(at, NEVER);
      loss += await at.program.run();
      setOffsets(at, offset);
    }
    return { loss: loss * targets, targets };
  };
  return {
    arena, batches: Math.ceil(windows.member.length / options.batch), step,
    close: async () => { for (const opened of programs.values()) await (await opened).program.close(); },
  };
};
