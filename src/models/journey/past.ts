/**
 * What a journey model would have said in the past. It is fitted to what came before a moment and asked about what came after it, as a model
 * in service is: a feature taken from a model that has already learned the answer would promise more than it keeps.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock } from '../../core/clock.ts';
import { BASIS, type Taste } from '../../journey/taste.ts';
import type { SequenceData } from '../sequences/data.ts';
import { createEncoder } from '../sequences/encoder.ts';
import type { LogSequences } from '../sequences/from-log.ts';
import { createScorer } from '../sequences/scorer.ts';
import { fitJourney } from './fit.ts';

/** The same members and items under the same numbers, and of their events those before a second. */
export const dataBefore = (data: LogSequences['data'], second: number): LogSequences['data'] => {
  const kept: number[] = [];
  const starts = new Int32Array(data.members + 1);
  for (let member = 0; member < data.members; member++) {
    for (let event = data.starts[member] ?? 0; event < (data.starts[member + 1] ?? 0) && (data.seconds[event] ?? 0) < second; event++) kept.push(event);
    starts[member + 1] = kept.length;
  }
  return {
    ...data, starts,
    item: Int32Array.from(kept, (event) => data.item[event] ?? 0), seconds: Float64Array.from(kept, (event) => data.seconds[event] ?? 0),
    action: Uint8Array.from(kept, (event) => data.action[event] ?? 0), surface: Uint8Array.from(kept, (event) => data.surface[event] ?? 0), dwell: Uint8Array.from(kept, (event) => data.dwell[event] ?? 0),
  };
};

/** Members and seconds at which somebody did something: [from, until). A touch is asked for before it happens. */
interface Moments { readonly members: Int32Array; readonly seconds: Float64Array; readonly ends: Int32Array }

const momentsOf = (data: SequenceData, from: number, until: number): Moments => {
  const [members, seconds, ends]: [number[], number[], number[]] = [[], [], []];
  for (let member = 0; member < data.members; member++) {
    const start = data.starts[member] ?? 0;
    for (let event = start; event < (data.starts[member + 1] ?? 0); event++) {
      const at = data.seconds?.[event] ?? 0;
      if (at < from || at >= until || (event > start && data.seconds?.[event - 1] === at)) continue;
      members.push(member); seconds.push(at); ends.push(event);
    }
  }
  return { members: Int32Array.from(members), seconds: Float64Array.from(seconds), ends: Int32Array.from(ends) };
};

/** A stretch of the past, and what the model that was fitted to all before it says in it. */
export interface Era {
  /** Seconds: [from, until). */
  readonly from: number;
  readonly until: number;
  readonly width: number;
  /** Unit vectors of the data's items, [items, width]. */
  readonly vectors: Float32Array;
  /** Epochs that the model learned for. */
  readonly epochs: number;
  /** State of a member of the data at a second in which they did something, from what they did before it; undefined where that was nothing. */
  stateAt(member: number, second: number): Float32Array | undefined;
}

export interface EraOptions {
  readonly seed: number;
  readonly clock: Clock;
  /** Where a model before this one has chosen them; absent: validation chooses. */
  readonly epochs?: number;
  readonly onProgress?: (share: number) => void;
}

/** Memory: 4 · width bytes for each second in which a member did something in the era. */
export const fitEra = async (data: LogSequences['data'], { from, until }: { readonly from: number; readonly until: number }, options: EraOptions): Promise<Era> => {
  const fitted = await fitJourney(dataBefore(data, from), {
    seed: options.seed, clock: options.clock, ...(options.epochs === undefined ? {} : { epochs: options.epochs }),
    onEvent: (event) => { if (event.type === 'batch') options.onProgress?.((event.epoch + event.batch / event.batches) / event.epochs); },
  });
  const { model, arena, facts } = fitted;
  const encoder = createEncoder(model, arena, facts);
  const scorer = createScorer(model, arena, facts);
  try {
    await scorer.refresh();
    const moments = momentsOf(data, from, until);
    const states = new Float32Array(moments.members.length * model.width);
    await encoder.encode(data, moments, states);
    const rows = new Map<string, number>();
    moments.members.forEach((member, row) => { if ((moments.ends[row] ?? 0) > (data.starts[member] ?? 0)) rows.set(`${member} ${moments.seconds[row] ?? 0}`, row); });
    return {
      from, until, width: model.width, vectors: scorer.vectors.slice(), epochs: (fitted.result.best?.epoch ?? 0) + 1,
      stateAt: (member, second) => {
        const row = rows.get(`${member} ${second}`);
        return row === undefined ? undefined : states.subarray(row * model.width, (row + 1) * model.width);
      },
    };
  } finally {
    await encoder.close();
    await scorer.close();
  }
};

/** Vectors of entities as a catalogue numbers them, and how many there are of them yet. */
interface Numbered { readonly era: Era; vectors: Float32Array; entities: number }

/** Eras as the memory that serving reads. Each request is answered by the era of its second; outside of all there is no state. */
export const createPastTaste = (sequences: Pick<LogSequences, 'memberOf' | 'itemOf'>, eras: readonly Era[], catalog: Catalog): Taste => {
  const numbered = eras.map((era): Numbered => ({ era, vectors: new Float32Array(), entities: 0 }));
  let current = numbered[0];
  const extend = (at: Numbered): void => {
    const { width, vectors } = at.era;
    const entities = catalog.entities.size();
    if (at.vectors.length < entities * width) {
      const larger = new Float32Array(entities * 2 * width);
      larger.set(at.vectors);
      at.vectors = larger;
    }
    for (; at.entities < entities; at.entities++) {
      const item = sequences.itemOf(catalog.entities.name(at.entities));
      if (item >= 0) at.vectors.set(vectors.subarray(item * width, (item + 1) * width), at.entities * width);
    }
  };
  const memberOf = (entity: number): number => {
    const name = entity < 0 ? '' : catalog.entities.name(entity);
    return name.startsWith('member:') ? sequences.memberOf(name.slice('member:'.length)) : -1;
  };
  return {
    model: eras.length === 0 ? '' : 'past',
    get width() { return current?.era.width ?? 0; },
    get vectors() { return current?.vectors ?? new Float32Array(); },
    read: (member, { seconds }, into) => {
      current = numbered.find(({ era }) => seconds >= era.from && seconds < era.until) ?? current;
      if (current === undefined || seconds < current.era.from || seconds >= current.era.until) return 'none';
      const state = current.era.stateAt(memberOf(member), seconds);
      if (state === undefined) return 'none';
      extend(current);
      into.set(state);
      return 'fresh';
    },
    basisOf: () => BASIS.events,
    sequenceOf: () => 0,
    count: () => undefined,
    counted: () => 0,
    refresh: () => undefined,
  };
};
