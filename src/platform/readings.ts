/**
 * Readings of members' sequences for whoever asks, beside the encoder and with a reader of its own: a reading takes many passes, and none of
 * them may stand in the way of a page's state for longer than one. One reading at a time.
 */
import type { Clock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import type { Taste } from '../journey/taste.ts';
import type { JourneyReader } from '../models/journey/reader.ts';
import { readJourneyOf, type FeedVectors, type JourneyReading } from './reading.ts';
import type { State } from './state.ts';

export interface Readings {
  /** Undefined where there is no such member. @throws client/noModel; server/overloaded where too many wait; what the reader throws */
  read(member: string): Promise<JourneyReading | undefined>;
  close(): Promise<void>;
}

export interface ReadingsParts {
  readonly source: Pick<State, 'space' | 'catalog' | 'journey' | 'content'>;
  /** Whose model and vectors are those that serve. */
  readonly taste: Pick<Taste, 'model' | 'width' | 'vectors'>;
  readonly clock: Clock;
  readonly open: (version: string) => Promise<JourneyReader>;
}

/** Readings that may wait; further ones are refused rather than let pile up. */
const WAITING_MOST = 8;

/** A copy of the vectors that pages are ranked with, for a model may be swapped meanwhile. */
const vectorsNow = ({ source: { catalog }, taste: { vectors, width } }: ReadingsParts): FeedVectors => {
  const items = catalog.timeline.values(0).slice();
  const copied = new Float32Array(items.length * width);
  items.forEach((item, i) => { copied.set(vectors.subarray(item * width, (item + 1) * width), i * width); });
  return { items, vectors: copied };
};

export const createReadings = (parts: ReadingsParts): Readings => {
  const { source, taste, clock } = parts;
  let reader: JourneyReader | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const closeReader = async (): Promise<void> => {
    const before = reader;
    reader = undefined;
    await before?.close();
  };
  /** The reader of the model that serves. A swap while it was being opened means another. */
  const current = async (): Promise<JourneyReader> => {
    for (;;) {
      const { model, width } = taste;
      if (width === 0) throw new ThroughlineError('client/noModel', 'no journey model serves here yet; train one with "throughline train journey"');
      if (reader?.version === model) return reader;
      await closeReader();
      reader = await parts.open(model);
      if (reader.version !== model) throw new ThroughlineError('server/storeCorrupt', `the journey model ${model} says that it is ${reader.version}; train again`);
    }
  };
  const readNow = async (member: string): Promise<JourneyReading | undefined> => {
    const by = await current();
    source.space.refresh();
    return readJourneyOf(source, by, { member, clock, feed: vectorsNow(parts) });
  };
  return {
    read: async (member) => {
      if (waiting >= WAITING_MOST) throw new ThroughlineError('server/overloaded', 'too many members ask for a reading of their journey at once; wait a moment, and ask again');
      waiting++;
      const mine = last.then(() => readNow(member));
      last = mine.catch(() => undefined);
      try { return await mine; } finally { waiting--; }
    },
    close: async () => {
      await last;
      await closeReader();
    },
  };
};
