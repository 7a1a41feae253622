/** The arrays behind a graph's inputs, and how events and items are written into them. */
import type { Feed } from '../../nn/session.ts';
import type { ContentRows, SequenceData } from './data.ts';
import { EVENT_ATTRIBUTES, gapBucket, pauseOf, type Vocabulary } from './vocabulary.ts';

/** How well items are known by id: counts of training events n become gates n / (n + HALF_KNOWN). */
const HALF_KNOWN = 3;

export const gatesOf = (data: SequenceData, ends: Int32Array): Float32Array => {
  const gates = new Float32Array(data.items);
  for (let member = 0; member < data.members; member++) {
    for (let event = data.starts[member] ?? 0; event < (ends[member] ?? 0); event++) {
      const item = data.item[event] ?? 0;
      gates[item] = (gates[item] ?? 0) + 1;
    }
  }
  return gates.map((count) => count / (count + HALF_KNOWN));
};

export interface ItemFeed {
  readonly ids: Int32Array;
  /** Rows are to be set in `ids`; this brings content and gates in line with them. `hidden[item]` 1 hides an id from the model. */
  complete(hidden?: Uint8Array): void;
}
export interface ItemFacts { readonly content?: ContentRows | undefined; readonly gates?: Float32Array | undefined }

export const createItemFeed = (bind: (name: string, data: Feed) => void, { name, count }: { readonly name: string; readonly count: number }, { content, gates }: ItemFacts): ItemFeed => {
  const ids = new Int32Array(count);
  bind(name, ids);
  if (content === undefined) return { ids, complete: () => undefined };
  const { width, features } = content;
  const [rows, share, gate] = [new Int32Array(count * width), new Float32Array(count * width), new Float32Array(count)];
  bind(`${name}/content`, rows);
  bind(`${name}/share`, share);
  bind(`${name}/gate`, gate);
  return {
    ids,
    complete: (hidden) => {
      for (let row = 0; row < count; row++) {
        const item = ids[row] ?? 0;
        const from = item * width;
        let known = 0;
        for (let f = 0; f < width; f++) {
          const feature = features[from + f] ?? 0;
          rows[row * width + f] = feature;
          if (feature !== 0) known++;
        }
        for (let f = 0; f < width; f++) share[row * width + f] = rows[row * width + f] === 0 ? 0 : 1 / known;
        gate[row] = hidden?.[item] === 1 ? 0 : gates?.[item] ?? 1;
      }
    },
  };
};

/** Where events of one sequence go: row of the batch, and events [from, from + count) of the data. */
export interface Placed { readonly row: number; readonly from: number; readonly count: number; /** Seconds of the event or request after the last. */ readonly next?: number | undefined }

export interface EventFeed {
  clear(): void;
  place(data: SequenceData, at: Placed): void;
}

/** Attributes of events, and with times the gaps between each event's next and every event before: `gaps` [batch · length · length]. */
export const createEventFeed = (bind: (name: string, data: Feed) => void, { vocabulary, batch, length }: { readonly vocabulary: Vocabulary; readonly batch: number; readonly length: number }): EventFeed => {
  const columns = EVENT_ATTRIBUTES.filter((name) => vocabulary.attributes[name] !== undefined).map((name) => {
    const ids = new Int32Array(batch * length);
    bind(`event/${name}/ids`, ids);
    return { name, ids };
  });
  const gaps = vocabulary.time ? new Int32Array(batch * length * length) : undefined;
  if (gaps !== undefined) bind('gaps', gaps);
  return {
    clear: () => {
      for (const { ids } of columns) ids.fill(0);
      gaps?.fill(0);
    },
    place: (data, { row, from, count, next }) => {
      const { seconds } = data;
      for (const { name, ids } of columns) {
        if (name !== 'pause') { ids.set(data[name]?.subarray(from, from + count) ?? [], row * length); continue; }
        for (let i = 1; i < count; i++) ids[row * length + i] = pauseOf((seconds?.[from + i] ?? 0) - (seconds?.[from + i - 1] ?? 0));
      }
      if (gaps === undefined || seconds === undefined) return;
      for (let i = 0; i < count; i++) {
        const asked = i + 1 < count ? seconds[from + i + 1] ?? 0 : next ?? seconds[from + i] ?? 0;
        const base = (row * length + i) * length;
        for (let j = 0; j <= i; j++) gaps[base + j] = gapBucket(asked - (seconds[from + j] ?? 0));
      }
    },
  };
};
