/**
 * Keeps what the journey model makes of members and entities up to date. It owns the reader and is the only writer of the taste memory.
 * Members are encoded one at a time, those whom a page waits for first: batches gain nothing on a processor, and a page waits for one.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { STATE } from '../catalog/catalog.ts';
import type { Clock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { signalsOf } from '../core/registry.ts';
import { BASIS, stateKeyOf, type Basis, type StateRow, type TasteWriter } from '../journey/taste.ts';
import type { StoredHeads } from '../models/journey/artefact.ts';
import { createJourneyEvents, type JourneyEvents } from '../models/journey/events.ts';
import { profileState, saysNothing } from '../models/journey/profile.ts';
import type { JourneyReader } from '../models/journey/reader.ts';
import { lengthsUpTo } from '../models/sequences/batches.ts';
import { CONTENT_WIDTH } from '../models/sequences/content.ts';
import { packLight } from './served-taste.ts';
import type { State } from './state.ts';

/** What of a reader the encoder needs. */
export type EncoderModel = Pick<JourneyReader, 'version' | 'width' | 'window' | 'itemRow' | 'vectors' | 'state' | 'close'> & { readonly heads?: StoredHeads | undefined };

export interface Encoder {
  /** Members whose sequence changed and entities that were written. Nobody waits. */
  touched(changes: Changes): void;
  /** Resolves when the member's state is as fresh as it can be now. */
  ask(member: number): Promise<void>;
  /** Makes all vectors of another model, then swaps to it in one step. The model before it serves until then, and stays where this rejects. */
  serve(open: () => Promise<EncoderModel>): Promise<void>;
  /** Overwrites states and vectors of whoever and whatever is not alive any more. */
  forget(): Promise<void>;
  /** Resolves when everything asked for so far is done. */
  idle(): Promise<void>;
  close(): Promise<void>;
}
export interface Changes { readonly members: readonly number[]; readonly entities: readonly number[] }

export interface EncoderParts { readonly source: Pick<State, 'space' | 'catalog' | 'journey' | 'content'>; readonly taste: TasteWriter; readonly clock: Clock }

/** Entities whose vectors are made between two members. */
const VECTORS_AT_ONCE = 256;

/** Which row of the model each entity has, found once. */
const createRows = (model: EncoderModel, nameOf: (entity: number) => string): ((entity: number) => number) => {
  const UNKNOWN = -2;
  let rows = new Int32Array(1024).fill(UNKNOWN);
  return (entity) => {
    if (entity >= rows.length) {
      const larger = new Int32Array(entity * 2).fill(UNKNOWN);
      larger.set(rows);
      rows = larger;
    }
    const known = rows[entity] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const name = nameOf(entity);
    const row = name === '' ? -1 : model.itemRow(name);
    rows[entity] = row;
    return row;
  };
};

interface Served {
  readonly model: EncoderModel;
  /** Vectors of entities [n, width]; zeros for what is not alive. */
  vectors(entities: Int32Array, out: Float32Array): void;
  state(member: number): Promise<StateRow>;
}

/** Everything that is asked of one model, over the columns as they are now. */
const openServed = (model: EncoderModel, { source: { space, catalog, journey, content }, clock }: EncoderParts): Served => {
  const { width } = model;
  const rowOf = createRows(model, (entity) => catalog.entities.name(entity));
  const events: JourneyEvents = createJourneyEvents();
  const vectors = (entities: Int32Array, out: Float32Array): void => {
    const rows = new Int32Array(entities.length);
    const features = new Uint16Array(entities.length * CONTENT_WIDTH);
    entities.forEach((entity, i) => {
      const isAlive = catalog.items.columns.state[entity] === STATE.alive;
      rows[i] = isAlive ? rowOf(entity) : -1;
      const own = isAlive ? content.of(entity) : undefined;
      if (own !== undefined && !saysNothing(own)) features.set(own, i * CONTENT_WIDTH);
    });
    model.vectors({ rows, features }, out);
  };
  return {
    model, vectors,
    state: async (member) => {
      space.refresh();
      const seconds = Math.floor(clock.now() / 1000);
      // The key before what it is a key to: should that change meanwhile, the state counts as old and is made again.
      const key = stateKeyOf({ catalog, journey }, member, seconds);
      const allowed = signalsOf(key.switched);
      const sequence = journey.sequences.read(member, allowed, events);
      for (let i = 0; i < events.count; i++) {
        const item = events.item[i] ?? 0;
        events.row[i] = rowOf(item);
        events.features.set(content.of(item), i * CONTENT_WIDTH);
      }
      const state = new Float32Array(width);
      const row = (basis: Basis, last: number): StateRow => ({ ...key, sequence, basis, last, state });
      if (events.count > 0) {
        await model.state(events, seconds, state);
        return row(BASIS.events, events.seconds[events.count - 1] ?? 0);
      }
      const mayRead = allowed.profile && allowed.activity && allowed.sequence;
      return row(mayRead && profileState(model, content.of(member), state) ? BASIS.profile : BASIS.nothing, 0);
    },
  };
};

/**
 * Histories of every length through the whole model, before anything of the one that serves is touched: files may be whole and still not fit
 * this version, and no page should wait for a graph to be compiled.
 * @throws what the model throws; server/storeCorrupt where it answers no numbers
 */
const tryOut = async (model: EncoderModel): Promise<EncoderModel> => {
  const events = createJourneyEvents(model.window);
  const state = new Float32Array(model.width);
  for (const length of lengthsUpTo(model.window)) {
    events.count = length;
    await model.state(events, 1, state);
  }
  if (state.some((value) => !Number.isFinite(value))) throw new ThroughlineError('server/storeCorrupt', `the journey model ${model.version} answers what are no numbers; the journey model being served stays. Train again with "throughline train journey"`);
  return model;
};

/** What waits to be done. */
const createQueue = () => {
  const asked = new Map<number, (() => void)[]>();
  const members = new Set<number>();
  const entities = new Set<number>();
  const takeFrom = (values: Iterable<number>): number | undefined => {
    for (const value of values) return value;
    return undefined;
  };
  return {
    members, entities,
    isEmpty: () => asked.size + members.size + entities.size === 0,
    ask: (member: number): Promise<void> => new Promise((resolve) => { asked.set(member, [...asked.get(member) ?? [], resolve]); }),
    /** Those whom somebody waits for come first. */
    takeMember: (): { readonly member: number; done(): void } | undefined => {
      const member = takeFrom(asked.keys()) ?? takeFrom(members);
      if (member === undefined) return undefined;
      const waiting = asked.get(member) ?? [];
      asked.delete(member);
      members.delete(member);
      return { member, done: () => { for (const resolve of waiting) resolve(); } };
    },
    takeEntities: (): Int32Array => {
      const taken: number[] = [];
      for (const entity of entities) {
        if (taken.length === VECTORS_AT_ONCE) break;
        taken.push(entity);
      }
      for (const entity of taken) entities.delete(entity);
      return Int32Array.from(taken);
    },
    clear: () => {
      for (const waiting of asked.values()) for (const resolve of waiting) resolve();
      asked.clear();
      members.clear();
      entities.clear();
    },
  };
};

/** Wipes what is left of who and what is gone. */
const sweep = ({ source: { space, catalog }, taste }: EncoderParts): void => {
  space.refresh();
  const { state } = catalog.items.columns;
  for (let entity = 0; entity < catalog.entities.size(); entity++) {
    if (state[entity] !== STATE.alive) taste.wipeVector(entity);
    if (taste.holds(entity) && catalog.entities.name(entity) === '') taste.wipe(entity);
  }
};

/** Vectors of all entities there are [entities, width], made in parts so that others have their turn. */
const allVectors = async (of: Served, { source: { space, catalog } }: EncoderParts): Promise<Float32Array> => {
  space.refresh();
  const entities = catalog.entities.size();
  const out = new Float32Array(entities * of.model.width);
  for (let from = 0; from < entities; from += VECTORS_AT_ONCE) {
    const part = Int32Array.from({ length: Math.min(VECTORS_AT_ONCE, entities - from) }, (_, i) => from + i);
    of.vectors(part, out.subarray(from * of.model.width));
    await turn();
  }
  return out;
};

/** Works through the queue with whatever model serves. */
const createPump = ({ source: { space }, taste }: EncoderParts, serving: () => Served | undefined, onFault: (error: unknown) => void) => {
  const queue = createQueue();
  let closed = false;
  let running: Promise<void> | undefined;
  /** The member being encoded. */
  let current: Promise<void> = Promise.resolve();
  const encode = async (member: number): Promise<void> => {
    // A model swapped meanwhile leaves a state that is not of the vectors beside it.
    for (let by = serving(); by !== undefined; by = serving()) {
      const row = await by.state(member);
      if (by !== serving()) continue;
      taste.writeState(member, row);
      taste.count('encoded');
      return;
    }
  };
  const makeVectors = (by: Served, entities: Int32Array): void => {
    if (entities.length === 0) return;
    const out = new Float32Array(entities.length * taste.width);
    by.vectors(entities, out);
    entities.forEach((entity, i) => { taste.writeVector(entity, out.subarray(i * taste.width, (i + 1) * taste.width)); });
  };
  const work = async (): Promise<void> => {
    for (let by = serving(); by !== undefined && !closed && !queue.isEmpty(); by = serving()) {
      space.refresh();
      makeVectors(by, queue.takeEntities());
      const next = queue.takeMember();
      if (next !== undefined) {
        current = encode(next.member).catch(onFault);
        await current;
        next.done();
      }
      await turn();
    }
    if (closed || serving() === undefined) queue.clear();
  };
  const start = (): void => {
    running ??= work().catch(onFault).finally(() => {
      running = undefined;
      if (!queue.isEmpty()) start();
    });
  };
  const idle = async (): Promise<void> => { while (running !== undefined) await running; };
  return { queue, start, idle, encoding: () => current, close: (): Promise<void> => { closed = true; return idle(); } };
};

/** @param onFault told of what could not be encoded; pages go on without it */
export const createEncoder = (parts: EncoderParts, onFault: (error: unknown) => void): Encoder => {
  const { taste } = parts;
  let served: Served | undefined;
  /** Written while the next model's vectors are being made. */
  let since: Set<number> | undefined;
  const { queue, start, idle, encoding, close } = createPump(parts, () => served, onFault);
  return {
    idle,
    touched: ({ members, entities }) => {
      for (const entity of entities) since?.add(entity);
      if (served === undefined) return;
      for (const member of members) queue.members.add(member);
      for (const entity of entities) queue.entities.add(entity);
      start();
    },
    ask: (member) => {
      if (served === undefined) return Promise.resolve();
      const answered = queue.ask(member);
      start();
      return answered;
    },
    serve: async (open) => {
      const next = openServed(await tryOut(await open()), parts);
      since = new Set();
      const vectors = await allVectors(next, parts);
      const before = served;
      taste.replace({ model: next.model.version, width: next.model.width, vectors, light: packLight(next.model.heads) });
      served = next;
      sweep(parts);
      for (const entity of since) queue.entities.add(entity);
      since = undefined;
      start();
      // What is being encoded by the model before ends first: its memory must not go under it.
      await encoding();
      await before?.model.close();
    },
    forget: async () => {
      // A state under way may be that of the member.
      await encoding();
      sweep(parts);
    },
    close: async () => {
      await close();
      await served?.model.close();
      served = undefined;
    },
  };
};
