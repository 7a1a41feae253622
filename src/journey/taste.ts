/**
 * What the journey model makes of members and entities: states and vectors of one width and unit length, in shared memory of their own,
 * so that one thread encodes and all others read in place. Everything of one model is replaced in one step by everything of the next: a
 * reader never holds a state of one beside vectors of the other.
 *
 * A state belongs to a version of its member's sequence, to what they allowed, and to a stretch of time since their last event. A row's
 * version is odd while it is written; a reader that saw it change reads again.
 */
import type { Catalog } from '../catalog/catalog.ts';
import { createSpace, type Space } from '../memory/space.ts';
import { openTable } from '../memory/structures.ts';
import type { Sequences } from './sequences.ts';

/** What a state was made from. */
export const BASIS = { nothing: 0, events: 1, profile: 2 } as const;
export type Basis = (typeof BASIS)[keyof typeof BASIS];

const ROW_SCHEMA = {
  /** Odd while the row is written. */
  version: 'i32',
  /** Of the sequence, and of the entity where its profile is what was read. */
  sequence: 'i32', profile: 'i32',
  /** Seconds since the epoch of the last event, and which stretch of time after it the state is for. */
  last: 'i32', stretch: 'u8',
  basis: 'u8', switched: 'u8',
} as const;

/** Stretches of time grow by a factor of 3.3 (four buckets of the model's own): at most some twenty of them lie between two events. */
const STRETCH = 4 * 0.301;
export const stretchOf = (seconds: number): number => Math.floor(Math.log(Math.max(1, seconds)) / STRETCH);

/** What a state must have been made of to be as good as a new one. */
export interface StateKey { readonly sequence: number; readonly profile: number; readonly switched: number; readonly seconds: number }
/**
 * `old`: made of an earlier sequence, or for another stretch of time, by the same model and under the same consent. `empty`: there is nothing
 * to make one of. `none`: not made yet.
 */
export type Standing = 'fresh' | 'old' | 'empty' | 'none';

/** The key of a member now. @param seconds since the epoch, of the page or the event */
export const stateKeyOf = ({ catalog, journey }: { readonly catalog: Catalog; readonly journey: { readonly sequences: Sequences } }, member: number, seconds: number): StateKey => {
  const { version, switched } = catalog.items.columns;
  return { sequence: journey.sequences.version(member), profile: version[member] ?? 0, switched: switched[member] ?? 0, seconds };
};

/** Changed vectors that are remembered by their entity. */
export const CHANGES = 64;

/** Places of the counters that any thread adds to. */
const COUNTERS = ['fresh', 'old', 'none', 'encoded', 'refused'] as const;
export type TasteCounter = (typeof COUNTERS)[number];

/** What the light head is asked: candidates of one viewer, whose features other than its own are written. */
export interface HeadAsked {
  readonly size: number;
  /** Dense entity of each candidate. */
  readonly item: Int32Array;
  /** Row-major features [size, stride], those of withheld families 0. */
  readonly features: Float32Array;
  readonly stride: number;
  /** [width]; absent where there is none, or the viewer withholds it. */
  readonly state: Float32Array | undefined;
}
/** The light head: one number a candidate, the more the likelier that they act on it. */
export interface TasteHead {
  /** Writes out[c · stride + column] for each candidate c; `out` may be the features themselves. */
  run(asked: HeadAsked, out: Float32Array, column: number): void;
}

export interface Taste {
  /** Of the model served; absent where it has none. */
  readonly head?: TasteHead | undefined;
  /** Version of the model that all of this is of; empty where none is served. */
  readonly model: string;
  /** 0 where no model is served. */
  readonly width: number;
  /** Vector of entity e at e × width; zeros where it has none, nothing beyond the end. Take it anew in each request. */
  readonly vectors: Float32Array;
  /** How many vectors of `vectors` were written since it began, then the last `CHANGES` entities of them: the n-th, counted from 0, at 1 + n modulo CHANGES. */
  readonly changed: Int32Array;
  /** Copies a member's state, where it is fresh or old. One made under another consent is never handed out. */
  read(member: number, wanted: StateKey, into: Float32Array): Standing;
  /** What the state was made from. */
  basisOf(member: number): Basis;
  /** The sequence version that the member's state was made of; 0 for none. */
  sequenceOf(member: number): number;
  count(counter: TasteCounter): void;
  counted(counter: TasteCounter): number;
  /** Takes up what the encoder announced. */
  refresh(): void;
}

/** As it stands in memory: its light head is bytes, another buffer with each model. */
export interface StoredTaste extends Taste { readonly light: SharedArrayBuffer | undefined }

/** A state as it is stored. */
export interface StateRow extends Omit<StateKey, 'seconds'> {
  readonly basis: Basis;
  /** Seconds of the last event; 0 for none. */
  readonly last: number;
  /** Seconds at which the state was asked for. */
  readonly seconds: number;
  readonly state: Float32Array;
}

/** What a model begins with: vectors [entities, width], and its light head as the platform packs it; no bytes where it has none. */
export interface Replacement { readonly model: string; readonly width: number; readonly vectors: Float32Array; readonly light: Uint8Array }

/** The encoder's side. */
export interface TasteWriter extends StoredTaste {
  readonly space: Space;
  /** Another model: its vectors [entities, width], and no state yet. */
  replace(by: Replacement): void;
  writeState(member: number, row: StateRow): void;
  writeVector(entity: number, vector: Float32Array): void;
  /** Whether there is a row of this member, of whatever standing. */
  holds(member: number): boolean;
  /** Overwrites state and vector with zeros. */
  wipe(entity: number): void;
  wipeVector(entity: number): void;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Head { readonly model: string; readonly width: number }
const NO_HEAD: Head = { model: '', width: 0 };

const open = (space: Space) => {
  let head: Head = NO_HEAD;
  space.bind('taste.head', 0, (buffer) => { if (buffer.byteLength > 0) head = JSON.parse(decoder.decode(new Uint8Array(buffer).slice())) as Head; });
  let light: SharedArrayBuffer | undefined;
  space.bind('taste.light', 0, (buffer) => { light = buffer; });
  const vectors = openTable(space, 'taste.vectors', { value: 'f32' });
  let changed = new Int32Array();
  space.bind('taste.changed', (1 + CHANGES) * 4, (buffer) => { changed = new Int32Array(buffer as unknown as ArrayBuffer); });
  const slots = openTable(space, 'taste.slots', { slot: 'i32' });
  const rows = openTable(space, 'taste.rows', ROW_SCHEMA);
  const states = openTable(space, 'taste.states', { value: 'f32' });
  let counters = new Int32Array();
  space.bind('taste.counters', COUNTERS.length * 4, (buffer) => { counters = new Int32Array(buffer as unknown as ArrayBuffer); });
  const slotOf = (member: number): number => (member < 0 ? 0 : slots.columns.slot[member] ?? 0) - 1;

  const standing = (slot: number, wanted: StateKey): Standing => {
    const { sequence, profile, switched, basis, stretch, last } = rows.columns;
    if (switched[slot] !== wanted.switched) return 'none';
    if (basis[slot] === BASIS.nothing) return sequence[slot] === wanted.sequence && profile[slot] === wanted.profile ? 'empty' : 'none';
    if (sequence[slot] !== wanted.sequence) return 'old';
    if (basis[slot] === BASIS.profile) return profile[slot] === wanted.profile ? 'fresh' : 'old';
    return stretch[slot] === stretchOf(wanted.seconds - (last[slot] ?? 0)) ? 'fresh' : 'old';
  };
  const taste: StoredTaste = {
    get model() { return head.model; },
    get width() { return head.width; },
    get vectors() { return vectors.columns.value; },
    get changed() { return changed; },
    get light() { return light; },
    read: (member, wanted, into) => {
      for (;;) {
        const slot = slotOf(member);
        if (head.width === 0 || slot < 0) return 'none';
        const version = Atomics.load(rows.columns.version, slot);
        if (version % 2 !== 0) continue;
        const found = standing(slot, wanted);
        if (found === 'fresh' || found === 'old') into.set(states.columns.value.subarray(slot * head.width, (slot + 1) * head.width));
        if (Atomics.load(rows.columns.version, slot) === version) return found;
      }
    },
    basisOf: (member) => (rows.columns.basis[slotOf(member)] ?? BASIS.nothing) as Basis,
    sequenceOf: (member) => rows.columns.sequence[slotOf(member)] ?? 0,
    count: (counter) => { Atomics.add(counters, COUNTERS.indexOf(counter), 1); },
    counted: (counter) => counters[COUNTERS.indexOf(counter)] ?? 0,
    refresh: space.refresh,
  };
  return { taste, vectors, slots, rows, states, slotOf };
};

/** @param space attached to that of the encoder's thread, or the encoder's own where it runs in this one */
export const openTaste = (space: Space): StoredTaste => open(space).taste;

const sharedBytes = (bytes: Uint8Array): SharedArrayBuffer => {
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
};

const FIRST_ROWS = 1024;

/** A new, empty memory with its one writer. */
export const createTaste = (space: Space = createSpace()): TasteWriter => {
  const { taste, vectors, slots, rows, states, slotOf } = open(space);
  let used = 0;
  const slotFor = (member: number): number => {
    slots.ensure(member);
    const known = slotOf(member);
    if (known >= 0) return known;
    const slot = used++;
    rows.ensure(slot);
    states.ensure((slot + 1) * taste.width);
    return slot;
  };
  const change = (slot: number, write: () => void): void => {
    Atomics.add(rows.columns.version, slot, 1);
    write();
    Atomics.add(rows.columns.version, slot, 1);
  };
  /** Said after the vector is written: whoever hears of it reads the new one. */
  const announce = (entity: number): void => {
    taste.changed[1 + (taste.changed[0] ?? 0) % CHANGES] = entity;
    Atomics.add(taste.changed, 0, 1);
  };
  const wipeVector = (entity: number): void => {
    if ((entity + 1) * taste.width > vectors.columns.value.length) return;
    vectors.columns.value.fill(0, entity * taste.width, (entity + 1) * taste.width);
    announce(entity);
  };
  // Assigned to, not spread: its getters must stay getters.
  return Object.assign(taste, {
    space,
    replace: ({ model, width, vectors: filled, light }: Replacement) => {
      used = 0;
      const vectorBytes = new SharedArrayBuffer(Math.max(FIRST_ROWS, filled.length) * 4);
      new Float32Array(vectorBytes).set(filled);
      const fresh = new Map([['taste.head', sharedBytes(encoder.encode(JSON.stringify({ model, width } satisfies Head)))], ['taste.vectors.value', vectorBytes], ['taste.light', sharedBytes(light)]]);
      for (const [name, bytes] of space.sizes()) if (/^taste\.(?:slots|rows|states)\./u.test(name)) fresh.set(name, new SharedArrayBuffer(bytes));
      space.replace(fresh);
    },
    writeState: (member: number, row: StateRow) => {
      const slot = slotFor(member);
      change(slot, () => {
        const { columns } = rows;
        columns.sequence[slot] = row.sequence;
        columns.profile[slot] = row.profile;
        columns.switched[slot] = row.switched;
        columns.basis[slot] = row.basis;
        columns.last[slot] = row.last;
        columns.stretch[slot] = stretchOf(row.seconds - row.last);
        states.columns.value.set(row.state, slot * taste.width);
      });
      slots.columns.slot[member] = slot + 1;
    },
    writeVector: (entity: number, vector: Float32Array) => {
      vectors.ensure((entity + 1) * taste.width);
      vectors.columns.value.set(vector, entity * taste.width);
      announce(entity);
    },
    wipeVector,
    holds: (member: number) => slotOf(member) >= 0,
    wipe: (entity: number) => {
      wipeVector(entity);
      const slot = slotOf(entity);
      if (slot < 0) return;
      slots.columns.slot[entity] = 0;
      change(slot, () => {
        for (const [name, column] of Object.entries(rows.columns)) if (name !== 'version') column[slot] = 0;
        states.columns.value.fill(0, slot * taste.width, (slot + 1) * taste.width);
      });
    },
  });
};
