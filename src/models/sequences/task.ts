/**
 * Trains a sequence model to tell the next item: a softmax of cosines between the state after each event and the vectors of items, over the
 * whole catalogue where it is small, else over negatives that one step shares, corrected for how often each is drawn (SASRec with
 * cross-entropy and many negatives: Klenitskiy, Vasilev 2023, arXiv 2309.07602).
 */
import type { Graph } from '../../nn/graph.ts';
import { compileProgram, type Objective, type Program } from '../../nn/program.ts';
import { size } from '../../nn/ops/shapes.ts';
import { createDropoutPool, createStream, shuffledOrder, type Stream } from '../../nn/stream.ts';
import type { Weights } from '../../nn/weights.ts';
import { seededRandom } from '../../core/random.ts';
import type { BatchLoss, TrainingTask } from '../../nn/task.ts';
import type { Build } from './blocks.ts';
import { historiesOf, inputsOf, lengthsUpTo, microBatches, windowOf, type MicroBatch } from './batches.ts';
import type { SequenceData, Split } from './data.ts';
import { createEventFeed, createItemFeed, gatesOf, type EventFeed, type ItemFacts, type ItemFeed } from './feeds.ts';
import { modelArena, statesOf, type SequenceModel } from './model.ts';
import { itemVectors } from './tokens.ts';

export interface TaskOptions {
  readonly seed: number;
  /** Windows of one optimiser step. */
  readonly batch: number;
  /** Events of one micro-batch. */
  readonly tokens: number;
  /** Items that one step weighs its targets against; the whole catalogue where this is no less. */
  readonly negatives: number;
}

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

/** Of items with content, how often the id is hidden in training, so that content alone learns to say what an item is. */
const HIDDEN_PERCENT = 15;
/** Floats that masks of dropout are cut from. */
const MASKS: number = 1 << 21;

interface Site { readonly name: string; readonly length: number }
interface Opened { readonly program: Program; readonly sites: readonly Site[]; readonly items: ItemFeed; readonly targets: ItemFeed; readonly others: ItemFeed; readonly events: EventFeed; readonly weights: Float32Array; readonly offsets: Float32Array }

export interface SequenceTask extends Omit<TrainingTask, 'validate'> {
  /** What the model is told of items besides their numbers. */
  readonly facts: ItemFacts;
  close(): Promise<void>;
}

/** What is never a negative of a row: its target, and the item the state has just read. */
const NEVER = -1e9;

export const createSequenceTask = (model: SequenceModel, { data, split }: { readonly data: SequenceData; readonly split: Split }, options: TaskOptions): SequenceTask => {
  const { window } = model;
  const arena = modelArena(model, seededRandom(options.seed).fork('init'));
  const facts: ItemFacts = { content: model.vocabulary.content === undefined ? undefined : data.content, gates: gatesOf(data, split.trainEnds) };
  const count = Math.min(options.negatives, data.items);
  const offset = Math.log(data.items / count);
  const negatives = new Int32Array(count);
  const column = new Int32Array(data.items).fill(-1);
  const histories = historiesOf(data, split);
  const lengths = lengthsUpTo(window);
  const programs = new Map<string, Promise<Opened>>();
  const open = async (shape: Shape): Promise<Opened> => {
    const sites: Site[] = [];
    const program = await compileProgram(objective(model, shape, sites), arena);
    const rows = shape.sequences * shape.length;
    const opened: Opened = {
      program, sites, weights: new Float32Array(rows), offsets: new Float32Array(rows * count).fill(offset),
      items: createItemFeed(program.bind, { name: 'ids', count: rows }, facts),
      targets: createItemFeed(program.bind, { name: 'targets', count: rows }, facts),
      others: createItemFeed(program.bind, { name: 'negatives', count }, facts),
      events: createEventFeed(program.bind, { vocabulary: model.vocabulary, batch: shape.sequences, length: shape.length }),
    };
    program.bind('weights', opened.weights);
    program.bind('offsets', opened.offsets);
    return opened;
  };
  const programFor = async ({ sequences, length }: MicroBatch): Promise<Opened> => {
    const key = `${String(sequences)}x${String(length)}`;
    const found = programs.get(key) ?? open({ sequences, length, negatives: count });
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
  const setOffsets = ({ items: { ids }, targets: { ids: targets }, weights, offsets }: Opened, value: number): void => {
    for (let row = 0; row < ids.length; row++) {
      if (weights[row] === 0) continue;
      const own = column[ids[row] ?? 0] ?? -1;
      const target = column[targets[row] ?? 0] ?? -1;
      if (own >= 0) offsets[row * count + own] = value;
      if (target >= 0) offsets[row * count + target] = value;
    }
  };
  const fill = (at: Opened, micro: MicroBatch, { weight, keep }: { readonly weight: number; readonly keep: () => boolean }): void => {
    const { items, targets, others, events, weights } = at;
    items.ids.fill(0); targets.ids.fill(0); weights.fill(0);
    events.clear();
    micro.windows.forEach((stretch, row) => {
      const { from } = stretch;
      const n = inputsOf(stretch);
      items.ids.set(data.item.subarray(from, from + n), row * micro.length);
      targets.ids.set(data.item.subarray(from + 1, from + 1 + n), row * micro.length);
      weights.fill(weight, row * micro.length, row * micro.length + n);
      events.place(data, { row, from, count: n, next: data.seconds?.[from + n] });
    });
    others.ids.set(negatives);
    for (const feed of [items, targets, others]) feed.complete(keep);
  };
  const step = async (epoch: number, batch: number): Promise<BatchLoss> => {
    if (drawn.epoch !== epoch) drawn = { epoch, order: shuffledOrder(histories.length, { seed: options.seed, label: 'order', epoch }) };
    drawNegatives(createStream({ seed: options.seed, label: 'negatives', epoch, batch }));
    const mask = pool.batch(epoch, batch);
    const hidden = createStream({ seed: options.seed, label: 'hidden ids', epoch, batch });
    const keep = (): boolean => hidden.integer(100) >= HIDDEN_PERCENT;
    const places = createStream({ seed: options.seed, label: 'windows', epoch, batch });
    const chosen = [...drawn.order.subarray(batch * options.batch, (batch + 1) * options.batch)]
      .map((index) => windowOf(histories[index] ?? { from: 0, end: 0 }, window, places.integer));
    const targets = chosen.reduce((sum, stretch) => sum + inputsOf(stretch), 0);
    let loss = 0;
    for (const micro of microBatches(chosen, { lengths, tokens: options.tokens })) {
      const at = await programFor(micro);
      fill(at, micro, { weight: 1 / targets, keep });
      for (const { name, length } of at.sites) at.program.bind(name, mask(length, model.dropout));
      setOffsets(at, NEVER);
      loss += await at.program.run();
      setOffsets(at, offset);
    }
    return { loss: loss * targets, targets };
  };
  return {
    arena, facts, batches: Math.ceil(histories.length / options.batch), step,
    close: async () => { for (const opened of programs.values()) await (await opened).program.close(); },
  };
};
