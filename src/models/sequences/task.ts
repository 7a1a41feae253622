/**
 * Trains a sequence model to tell the next item: a softmax of cosines between the state after each event and the vectors of items, over the
 * whole catalogue where it is small, else over negatives that one step shares, corrected for how often each is drawn (SASRec with
 * cross-entropy and many negatives: Klenitskiy, Vasilev 2023, arXiv 2309.07602).
 */
import { createDropoutPool, createStream, shuffledOrder, type Stream } from '../../nn/stream.ts';
import { seededRandom } from '../../core/random.ts';
import type { BatchLoss, TrainingTask } from '../../nn/task.ts';
import { historiesOf, inputsOf, lengthsUpTo, microBatches, windowOf, type MicroBatch, type Stretch } from './batches.ts';
import type { SequenceData, Split } from './data.ts';
import { gatesOf, type ItemFacts } from './feeds.ts';
import { modelArena, type SequenceModel } from './model.ts';
import { createObjectives, type Opened } from './objective.ts';

export interface TaskOptions {
  readonly seed: number;
  /** Windows of one optimiser step. */
  readonly batch: number;
  /** Events of one micro-batch. */
  readonly tokens: number;
  /** Items that one step weighs its targets against; the whole catalogue where this is no less. */
  readonly negatives: number;
  /** By event, 1 where it is to be expected; the others are read and not predicted. Absent: all are. */
  readonly targets?: Uint8Array;
  /** By item, 1 where its id is to be learned; the others are known by content alone. Absent: all ids are. */
  readonly known?: Uint8Array;
  /** Of events, this share (percent) is followed by the one after its next: where histories are short, what comes soon teaches as well as what comes next. Default 0. */
  readonly aheadPercent?: number;
}

/** Of items with content, how often the id is hidden in training, so that content alone learns to say what an item is. */
const HIDDEN_PERCENT = 15;
/** Floats that masks of dropout are cut from. */
const MASKS: number = 1 << 21;

export interface SequenceTask extends Omit<TrainingTask, 'validate'> {
  /** What the model is told of items besides their numbers. */
  readonly facts: ItemFacts;
  close(): Promise<void>;
}

/** What chance says of a step. */
interface Drawn { readonly weight: number; readonly hidden: Uint8Array | undefined; further(event: number): boolean }

/** Negatives that one step shares, all different: the whole catalogue where it has no more. */
const createNegatives = (items: number, most: number) => {
  const count = Math.min(most, items);
  const ids = new Int32Array(count);
  const drawn = new Uint8Array(items);
  return {
    ids, count, correction: items / count,
    draw: (chance: Stream): void => {
      for (const item of ids) drawn[item] = 0;
      for (let at = 0; at < count; at++) {
        let item = at;
        if (count < items) do item = chance.integer(items); while (drawn[item] === 1);
        ids[at] = item;
        drawn[item] = 1;
      }
    },
    /** Tells of each row whether what is no negative of it is among them. */
    mark: ({ items: { ids: read }, targets: { ids: targets }, own, among }: Opened): void => {
      for (let row = 0; row < read.length; row++) {
        const [ownItem, target] = [read[row] ?? 0, targets[row] ?? 0];
        among[row] = drawn[target] ?? 0;
        own[row] = ownItem === target ? 0 : drawn[ownItem] ?? 0;
      }
    },
  };
};

export const createSequenceTask = (model: SequenceModel, { data, split }: { readonly data: SequenceData; readonly split: Split }, options: TaskOptions): SequenceTask => {
  const { window } = model;
  const { seed, known, aheadPercent = 0 } = options;
  const arena = modelArena(model, seededRandom(seed).fork('init'));
  const gates = gatesOf(data, split.trainEnds).map((gate, item) => (known?.[item] === 0 ? 0 : gate));
  const facts: ItemFacts = { content: model.vocabulary.content === undefined ? undefined : data.content, gates };
  const negatives = createNegatives(data.items, options.negatives);
  const objectives = createObjectives(model, { arena, facts }, negatives);
  const histories = historiesOf(data, split);
  const lengths = lengthsUpTo(window);
  const pool = createDropoutPool(seed, MASKS);
  let drawn: { readonly epoch: number; readonly order: Int32Array } = { epoch: -1, order: new Int32Array() };
  const ahead = { epoch: -1, draws: new Int32Array(aheadPercent === 0 ? 0 : data.item.length) };
  const isTarget = (event: number): boolean => options.targets === undefined || options.targets[event] === 1;
  const targetsOf = ({ from, end }: Stretch): number => {
    let count = 0;
    for (let event = from + 1; event < end; event++) count += Number(isTarget(event));
    return count;
  };
  const fill = (at: Opened, micro: MicroBatch, { weight, hidden, further }: Drawn): void => {
    const { items, targets, others, events, weights } = at;
    items.ids.fill(0); targets.ids.fill(0); weights.fill(0);
    events.clear();
    micro.windows.forEach((stretch, row) => {
      const { from, end } = stretch;
      const n = inputsOf(stretch);
      const place = row * micro.length;
      items.ids.set(data.item.subarray(from, from + n), place);
      targets.ids.set(data.item.subarray(from + 1, end), place);
      for (let i = 0; i < n; i++) weights[place + i] = isTarget(from + 1 + i) ? weight : 0;
      for (let i = 0; i + 1 < n; i++) if (further(from + i) && isTarget(from + 2 + i)) targets.ids[place + i] = data.item[from + 2 + i] ?? 0;
      events.place(data, { row, from, count: n, next: data.seconds?.[from + n] });
    });
    others.ids.set(negatives.ids);
    for (const feed of [items, targets, others]) feed.complete(hidden);
  };
  const windowsOf = (epoch: number, batch: number): readonly Stretch[] => {
    if (drawn.epoch !== epoch) drawn = { epoch, order: shuffledOrder(histories.length, { seed, label: 'order', epoch }) };
    const places = createStream({ seed, label: 'windows', epoch, batch });
    return [...drawn.order.subarray(batch * options.batch, (batch + 1) * options.batch)]
      .map((index) => windowOf(histories[index] ?? { from: 0, end: 0 }, window, places.integer));
  };
  /** An item is hidden everywhere in a step or nowhere: what is taken out of a sum has to be what went into it. */
  const hiddenOf = (epoch: number, batch: number): Uint8Array | undefined => {
    if (facts.content === undefined) return undefined;
    const draws = new Int32Array(data.items);
    createStream({ seed, label: 'hidden ids', epoch, batch }).below(draws, 100);
    return Uint8Array.from(draws, (draw) => Number(draw < HIDDEN_PERCENT));
  };
  /** Events whose target is the one after their next. */
  const furtherOf = (epoch: number): Drawn['further'] => {
    if (aheadPercent === 0) return () => false;
    if (ahead.epoch !== epoch) {
      createStream({ seed, label: 'ahead', epoch }).below(ahead.draws, 100);
      ahead.epoch = epoch;
    }
    return (event) => (ahead.draws[event] ?? 100) < aheadPercent;
  };
  const step = async (epoch: number, batch: number): Promise<BatchLoss> => {
    negatives.draw(createStream({ seed, label: 'negatives', epoch, batch }));
    const mask = pool.batch(epoch, batch);
    const hidden = hiddenOf(epoch, batch);
    const further = furtherOf(epoch);
    const windows = windowsOf(epoch, batch);
    const targets = windows.reduce((sum, stretch) => sum + targetsOf(stretch), 0);
    let loss = 0;
    for (const micro of microBatches(windows, { lengths, tokens: options.tokens })) {
      const at = await objectives.open(micro);
      fill(at, micro, { weight: 1 / Math.max(1, targets), hidden, further });
      for (const { name, length } of at.sites) at.program.bind(name, mask(length, model.dropout));
      negatives.mark(at);
      loss += await at.program.run();
    }
    return { loss: loss * targets, targets };
  };
  return { arena, facts, batches: Math.ceil(histories.length / options.batch), step, close: objectives.close };
};
