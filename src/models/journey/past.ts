/**
 * What a journey model would have said in the past. It is fitted to what came before a moment and asked about what came after it, as a model
 * in service is: a feature taken from a model that has already learned the answer would promise more than it keeps.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock } from '../../core/clock.ts';
import { BASIS, type Taste } from '../../journey/taste.ts';
import type { SequenceData } from '../sequences/data.ts';
import { createEncoder } from '../sequences/encoder.ts';
import { createScorer } from '../sequences/scorer.ts';
import type { Random } from '../../core/random.ts';
import type { ExampleBuffer } from '../example-buffer.ts';
import { trainingSplit, type LogSequences } from '../sequences/from-log.ts';
import type { StoredHeads } from './artefact.ts';
import { fitJourney } from './fit.ts';
import { fitLight, lightAlone, openLight, type FittedLight, type RowTaste } from './light.ts';
import type { Trained } from './trained.ts';

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
  /** The light head, where there was enough to learn it from. */
  readonly heads: StoredHeads | undefined;
  /** The same of features alone. */
  readonly plain: StoredHeads | undefined;
  /** Whether that reads states, or features alone. */
  readonly readsState: boolean;
  /** State of a member of the data at a second in which they did something, from what they did before it; undefined where that was nothing. */
  stateAt(member: number, second: number): Float32Array | undefined;
}

const MEMBER = 'member:';
/** Row of the data for a member's reference, -1 for anything else. */
export const memberOf = (sequences: Pick<LogSequences, 'memberOf'>, reference: string): number => (reference.startsWith(MEMBER) ? sequences.memberOf(reference.slice(MEMBER.length)) : -1);

/** Touches of before the era, as rows; their members and items are numbers of a catalogue. */
export interface PastExamples { readonly buffer: ExampleBuffer; memberOf(entity: number): number; itemOf(entity: number): number }

export interface EraOptions {
  readonly random: Random;
  readonly seed: number;
  readonly clock: Clock;
  readonly examples: PastExamples;
  readonly onProgress?: (share: number, doing: string) => void;
}

interface Asked { readonly data: LogSequences['data']; readonly moments: Moments }

/** What a model makes of members at moments, and of items. */
const ask = async ({ model, arena, facts }: Trained, { data, moments }: Asked): Promise<{ readonly states: Float32Array; readonly vectors: Float32Array }> => {
  const encoder = createEncoder(model, arena, facts);
  const scorer = createScorer(model, arena, facts);
  try {
    await scorer.refresh();
    const states = new Float32Array(moments.members.length * model.width);
    await encoder.encode(data, moments, states);
    return { states, vectors: scorer.vectors.slice() };
  } finally {
    await encoder.close();
    await scorer.close();
  }
};

const keyOf = (member: number, second: number): string => `${member} ${second}`;
const rowsOf = ({ members, seconds }: Moments): ReadonlyMap<string, number> => new Map(Array.from(members, (member, row) => [keyOf(member, seconds[row] ?? 0), row]));

/** States for the rows after the moment that the trunk has learned up to, as for those that it will be asked about. */
const createRowTaste = async (chosen: Trained, data: LogSequences['data'], { examples: { buffer, memberOf, itemOf }, after, until }: { readonly examples: PastExamples; readonly after: number; readonly until: number }): Promise<(row: number) => RowTaste | undefined> => {
  const { width } = chosen.model;
  const moments = momentsOf(data, after, until);
  const { states, vectors } = await ask(chosen, { data, moments });
  const rows = rowsOf(moments);
  return (row) => {
    const second = Math.floor((buffer.at[row] ?? 0) / 1000);
    if (second < after) return undefined;
    const state = rows.get(keyOf(memberOf(buffer.member[row] ?? 0), second));
    const item = itemOf(buffer.item[row] ?? 0);
    return state === undefined || item < 0 ? undefined : { state: states.subarray(state * width, (state + 1) * width), vector: vectors.subarray(item * width, (item + 1) * width) };
  };
};

/** Fewer queries than this teach no head. */
const LEAST_QUERIES = 200;

/**
 * Trunk and light head as of `from`: the trunk is fitted to what came some time before it, the head to requests between, then the trunk goes on
 * through what is left, as in `trainJourney`. Memory: 4 · width bytes for each second in which a member did something in the era.
 */
export const fitEra = async (data: LogSequences['data'], { from, until }: { readonly from: number; readonly until: number }, options: EraOptions): Promise<Era> => {
  const { examples, random, seed, clock, onProgress } = options;
  const before = dataBefore(data, from);
  const split = trainingSplit(before);
  let light: FittedLight | undefined;
  const onChosen = async (chosen: Trained): Promise<void> => {
    if (examples.buffer.queries.length <= LEAST_QUERIES) return;
    onProgress?.(0, 'fitting the light head');
    const tasteOf = await createRowTaste(chosen, before, { examples, after: split.cutoffs?.validation ?? from, until: from });
    light = await fitLight(examples.buffer, { seed, random: random.fork('light'), clock, width: chosen.model.width, tasteOf });
  };
  const fitted = await fitJourney(before, { seed, clock, split, onChosen, onEvent: (event) => { if (event.type === 'batch') onProgress?.((event.epoch + event.batch / event.batches) / event.epochs, 'fitting the journey model'); } });
  const { width } = fitted.model;
  const moments = momentsOf(data, from, until);
  const { states, vectors } = await ask(fitted, { data, moments });
  const rows = rowsOf(moments);
  return {
    from, until, width, vectors, heads: light && lightAlone(light.weights), plain: light && lightAlone(light.plainWeights), readsState: light?.readsState ?? false,
    stateAt: (member, second) => {
      const row = rows.get(keyOf(member, second));
      return row === undefined || (moments.ends[row] ?? 0) === (data.starts[member] ?? 0) ? undefined : states.subarray(row * width, (row + 1) * width);
    },
  };
};

/** Vectors of entities as a catalogue numbers them, and how many there are of them yet. */
interface Numbered { readonly era: Era; vectors: Float32Array; entities: number; readonly head: ReturnType<typeof openLight> | undefined }

export interface PastTaste extends Taste {
  /** From now on this era answers. */
  enter(era: Era): void;
  release(): void;
}

/** Vectors of an era are never written again. */
const UNCHANGED = new Int32Array(1);

/** The latest era as the memory that serving reads; before the first there is nothing. */
export const createPastTaste = (sequences: Pick<LogSequences, 'memberOf' | 'itemOf'>, catalog: Catalog): PastTaste => {
  let current: Numbered | undefined;
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
  return {
    model: 'past',
    get width() { return current?.era.width ?? 0; },
    get vectors() { if (current !== undefined) extend(current); return current?.vectors ?? new Float32Array(); },
    changed: UNCHANGED,
    get head() { return current?.head; },
    enter: (era) => {
      current?.head?.release();
      const next: Numbered = { era, vectors: new Float32Array(), entities: 0, head: era.heads === undefined ? undefined : openLight(era.heads, era.width, () => { extend(next); return next.vectors; }) };
      current = next;
    },
    read: (member, { seconds }, into) => {
      const state = member < 0 ? undefined : current?.era.stateAt(memberOf(sequences, catalog.entities.name(member)), seconds);
      if (state === undefined) return 'none';
      into.set(state);
      return 'fresh';
    },
    basisOf: () => BASIS.events,
    sequenceOf: () => 0,
    count: () => undefined,
    counted: () => 0,
    refresh: () => undefined,
    release: () => { current?.head?.release(); },
  };
};
