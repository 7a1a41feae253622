/** How large a model is, how it is regularised and how it is trained, all following from the data: one set of rules for every data set. */
import type { ModelSizes } from './model.ts';
import type { SequenceData, Split } from './data.ts';

export interface Plan {
  readonly sizes: ModelSizes;
  /** Windows of one optimiser step. */
  readonly batch: number;
  /** Items that a step weighs its targets against. */
  readonly negatives: number;
  /** Of the optimiser, at its highest. */
  readonly rate: number;
  readonly epochs: number;
  /** Whether item vectors begin near those of their neighbours (`beginnings.ts`), else by chance alone. */
  readonly beginNear: boolean;
  /** Of events, followed by the one after their next. */
  readonly aheadPercent: number;
}

const WINDOW_MOST = 200;
/** Steps of an epoch to aim at: more members make larger batches rather than longer epochs. */
const STEPS = 180;
const clamp = (value: number, [least, most]: readonly [number, number]): number => Math.min(most, Math.max(least, value));
const powerOfTwo = (value: number): number => 2 ** Math.round(Math.log2(Math.max(1, value)));

/** What the rules read of the data: training events alone. */
const measure = (data: SequenceData, split: Split): { readonly longest: number; readonly members: number; readonly events: number } => {
  let [longest, members, events] = [0, 0, 0];
  for (let member = 0; member < data.members; member++) {
    const length = (split.trainEnds[member] ?? 0) - (data.starts[member] ?? 0);
    longest = Math.max(longest, length);
    events += length;
    if (length >= 2) members++;
  }
  return { longest, members, events };
};

/** Items above which a vector of 64 numbers is too short to tell them apart, and mean history below which one block reads it all. */
const MANY_ITEMS = 5000;
const LONG_HISTORY = 20;
const NARROW = { width: 64, temperature: 0.06, rate: 2e-3 } as const;
const WIDE = { width: 256, temperature: 0.07, rate: 7e-4 } as const;

/** Events of an item, in the mean, below which it is known by its neighbours more than by itself. */
const FEW_EVENTS = 50;
const AHEAD_PERCENT = 25;

/** Times that all events are read, at least and at most: fewer events are read more often, since each step tells less. */
const EPOCHS = [24, 30] as const;
const EVENTS_READ_24_TIMES = 1e6;

/**
 * Dropout falls with the events an item has: .5 at 15, .2 at 300. The window holds the longest history, at most 200 events, to a multiple
 * of 10.
 */
export const planFor = (data: SequenceData, split: Split): Plan => {
  const { longest, members, events } = measure(data, split);
  const perItem = Math.max(1, events / data.items);
  const { width, temperature, rate } = data.items > MANY_ITEMS ? WIDE : NARROW;
  return {
    sizes: {
      width, blocks: events / Math.max(1, members) < LONG_HISTORY ? 1 : 2, heads: 2,
      window: Math.min(WINDOW_MOST, Math.ceil(Math.max(10, longest + 1) / 10) * 10),
      dropout: Math.round(clamp(0.775 - 0.1 * Math.log(perItem), [0.1, 0.5]) * 100) / 100,
      temperature,
    },
    batch: clamp(powerOfTwo(members / STEPS), [16, 512]),
    negatives: Math.round(clamp(data.items / 4, [512, 1024])),
    rate,
    beginNear: perItem < FEW_EVENTS,
    aheadPercent: perItem < FEW_EVENTS ? AHEAD_PERCENT : 0,
    epochs: Math.round(clamp(24 * Math.sqrt(EVENTS_READ_24_TIMES / Math.max(1, events)), EPOCHS)),
  };
};
