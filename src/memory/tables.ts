/** Hash tables in shared memory: names to dense integers, and pairs of integers to a row of columns. */
import type { Space } from './space.ts';
import { openHeap, openTable, type ColumnArrays, type Schema } from './structures.ts';

const encoder = new TextEncoder();
const scratch = new Uint8Array(4096);

/** FNV-1a over bytes, 32 bits. */
export const hashBytes = (bytes: Uint8Array, start: number, end: number): number => {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash >>> 0;
};

/** Names to dense integers, counted from 0 and never reused. */
export interface Dictionary {
  /** @returns the number, or -1. */
  find(name: string): number;
  /** The number, made if new. Writer only. */
  intern(name: string): number;
  /** The name; empty when forgotten. */
  name(number: number): string;
  /** Forgets names and wipes their bytes; their numbers stay taken. Writer only. */
  forget(...numbers: readonly number[]): void;
  size(): number;
  /** A digest of all names up to and including this number: equal digests mean that numbers mean the same. */
  digest(number: number): number;
}

export const openDictionary = (space: Space, name: string): Dictionary => {
  const heap = openHeap(space, `${name}.bytes`);
  const rows = openTable(space, `${name}.rows`, { offset: 'u32', length: 'u16', hash: 'u32', digest: 'u32' });
  let slots: Int32Array = new Int32Array();
  let count: Int32Array = new Int32Array();
  space.bind(`${name}.slots`, 4096 * 4, (buffer) => { slots = new Int32Array(buffer); });
  space.bind(`${name}.count`, 4, (buffer) => { count = new Int32Array(buffer); });

  const equals = (number: number, length: number): boolean => {
    if (rows.columns.length[number] !== length) return false;
    const offset = rows.columns.offset[number] ?? 0;
    for (let i = 0; i < length; i++) if (heap.view.bytes[offset + i] !== scratch[i]) return false;
    return true;
  };
  const lookUp = (length: number, hash: number): number => {
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = (slots[slot] ?? 0) - 1;
      if (number < 0) return -1;
      if (rows.columns.hash[number] === hash && equals(number, length)) return number;
    }
  };
  const place = (into: Int32Array, hash: number, number: number): void => {
    const mask = into.length - 1;
    let slot = hash & mask;
    while (into[slot] !== 0) slot = (slot + 1) & mask;
    into[slot] = number + 1;
  };
  const find = (key: string): number => {
    const length = encoder.encodeInto(key, scratch).written;
    return lookUp(length, hashBytes(scratch, 0, length));
  };
  const rehash = (size: number): void => {
    const larger = new SharedArrayBuffer(size * 4);
    const into = new Int32Array(larger);
    for (let number = 0; number < (count[0] ?? 0); number++) if (rows.columns.length[number] !== 0) place(into, rows.columns.hash[number] ?? 0, number);
    space.replace(new Map([[`${name}.slots`, larger]]));
  };
  return {
    find,
    intern: (key) => {
      const known = find(key);
      if (known >= 0) return known;
      const length = encoder.encodeInto(key, scratch).written;
      const number = count[0] ?? 0;
      if ((number + 1) * 2 > slots.length) rehash(slots.length * 2);
      rows.ensure(number);
      const hash = hashBytes(scratch, 0, length);
      const { columns } = rows;
      columns.offset[number] = heap.write(scratch.slice(0, length));
      columns.length[number] = length;
      columns.hash[number] = hash;
      columns.digest[number] = Math.imul((columns.digest[number - 1] ?? 0x811c9dc5) ^ hash, 0x01000193) >>> 0;
      place(slots, hash, number);
      count[0] = number + 1;
      return number;
    },
    name: (number) => heap.text(rows.columns.offset[number] ?? 0, rows.columns.length[number] ?? 0),
    forget: (...numbers) => {
      for (const number of numbers) {
        heap.wipe(rows.columns.offset[number] ?? 0, rows.columns.length[number] ?? 0);
        rows.columns.length[number] = 0;
      }
      rehash(slots.length);
    },
    size: () => count[0] ?? 0,
    digest: (number) => rows.columns.digest[number] ?? 0,
  };
};

/** A row of columns per pair of integers (viewer × item). Rows are found by hashing; there is no order. */
export interface Pairs<S extends Schema> {
  readonly columns: ColumnArrays<S>;
  /** @returns the row, or -1. */
  find(first: number, second: number): number;
  /** The row, made (all zero) if new. Writer only. */
  ensure(first: number, second: number): number;
  /** Zeroes the rows of one first integer, given its seconds. Writer only. */
  forget(first: number, seconds: Iterable<number>): void;
  size(): number;
}

const mix = (first: number, second: number): number => {
  let h = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
};

/** Keys are stored plus one, so that zero means free; a forgotten row keeps its place with keys -1. */
export const openPairs = <S extends Schema>(space: Space, name: string, schema: S): Pairs<S> => {
  const keys = openTable(space, `${name}.keys`, { first: 'i32', second: 'i32' });
  const values = openTable(space, `${name}.values`, schema);
  let size = 0;
  const find = (first: number, second: number): number => {
    const { first: firsts, second: seconds } = keys.columns;
    const mask = firsts.length - 1;
    for (let row = mix(first, second) & mask; ; row = (row + 1) & mask) {
      const key = firsts[row];
      if (key === 0) return -1;
      if (key === first + 1 && seconds[row] === second + 1) return row;
    }
  };
  const freeRow = (firsts: Int32Array, first: number, second: number): number => {
    const mask = firsts.length - 1;
    let row = mix(first, second) & mask;
    while (firsts[row] !== 0) row = (row + 1) & mask;
    return row;
  };
  const rehash = (): void => {
    const { first: oldFirst, second: oldSecond } = keys.columns;
    const capacity = oldFirst.length * 2;
    const first = new Int32Array(new SharedArrayBuffer(capacity * 4));
    const second = new Int32Array(new SharedArrayBuffer(capacity * 4));
    const moved = new Int32Array(oldFirst.length).fill(-1);
    for (let old = 0; old < oldFirst.length; old++) {
      const key = oldFirst[old] ?? 0;
      if (key <= 0) continue;
      const row = freeRow(first, key - 1, (oldSecond[old] ?? 0) - 1);
      first[row] = key;
      second[row] = oldSecond[old] ?? 0;
      moved[old] = row;
    }
    const buffers = new Map([[`${name}.keys.first`, first.buffer as SharedArrayBuffer], [`${name}.keys.second`, second.buffer as SharedArrayBuffer]]);
    for (const column of Object.keys(schema)) {
      const old = values.columns[column as keyof S];
      const fresh = new (old.constructor as new (buffer: SharedArrayBuffer) => typeof old)(new SharedArrayBuffer(capacity * old.BYTES_PER_ELEMENT));
      for (let row = 0; row < moved.length; row++) {
        const to = moved[row] ?? -1;
        if (to >= 0) fresh[to] = old[row] ?? 0;
      }
      buffers.set(`${name}.values.${column}`, fresh.buffer as unknown as SharedArrayBuffer);
    }
    space.replace(buffers);
  };
  return {
    columns: values.columns,
    find,
    ensure: (first, second) => {
      const known = find(first, second);
      if (known >= 0) return known;
      if ((size + 1) * 2 > keys.columns.first.length) rehash();
      const row = freeRow(keys.columns.first, first, second);
      keys.columns.second[row] = second + 1;
      keys.columns.first[row] = first + 1;
      size++;
      return row;
    },
    forget: (first, seconds) => {
      for (const second of seconds) {
        const row = find(first, second);
        if (row < 0) continue;
        for (const column of Object.values(values.columns) as { [row: number]: number }[]) column[row] = 0;
        keys.columns.first[row] = -1;
        keys.columns.second[row] = -1;
      }
    },
    size: () => size,
  };
};
