/** Columns, lists and byte heaps in shared memory: grown by the writer, read in place by everyone. */
import type { Space } from './space.ts';

const CONSTRUCTORS = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u32: Uint32Array, u16: Uint16Array, u8: Uint8Array } as const;
export type ColumnType = keyof typeof CONSTRUCTORS;
export type Schema = Readonly<Record<string, ColumnType>>;
export type ColumnArrays<S extends Schema> = { -readonly [K in keyof S]: InstanceType<(typeof CONSTRUCTORS)[S[K]]> };

/** Rows of typed columns. Take `columns` afresh in each request: its arrays are replaced when the table grows. */
export interface Table<S extends Schema> {
  readonly columns: ColumnArrays<S>;
  /** Makes room for this row. Writer only. New rows are all zero. */
  ensure(row: number): void;
}

export const openTable = <S extends Schema>(space: Space, name: string, schema: S): Table<S> => {
  const columns: Record<string, unknown> = {};
  let rows = 1024;
  for (const [column, type] of Object.entries(schema)) {
    const constructor = CONSTRUCTORS[type];
    space.bind(`${name}.${column}`, rows * constructor.BYTES_PER_ELEMENT, (buffer) => {
      columns[column] = new constructor(buffer as unknown as ArrayBuffer);
      rows = buffer.byteLength / constructor.BYTES_PER_ELEMENT;
    });
  }
  return {
    columns: columns as ColumnArrays<S>,
    ensure: (row) => {
      if (row < rows) return;
      let capacity = rows;
      while (capacity <= row) capacity *= 2;
      for (const [column, type] of Object.entries(schema)) space.grow(`${name}.${column}`, capacity * CONSTRUCTORS[type].BYTES_PER_ELEMENT);
    },
  };
};

/** Numbers of a row, which are read together, side by side: a row costs one or two misses of the processor's cache and not one for each column. */
export interface Packed<S extends Schema> {
  /** A number of row r stands at r × `words`; of a column of eight bytes at half of that. Take `columns` afresh in each request. */
  readonly columns: ColumnArrays<S>;
  /** Words of four bytes in a row. */
  readonly words: number;
  /** Makes room for this row. Writer only. New rows are all zero. */
  ensure(row: number): void;
}

/** Columns of eight bytes come first in the schema, what is read most next; none is of less than four bytes. */
export const openPacked = <S extends Readonly<Record<string, 'f64' | 'f32' | 'i32' | 'u32'>>>(space: Space, name: string, schema: S): Packed<S> => {
  const columns: Record<string, unknown> = {};
  const sizes = Object.values(schema).map((type) => CONSTRUCTORS[type].BYTES_PER_ELEMENT);
  // Rows of whole doubles.
  const rowBytes = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 8) * 8;
  let rows = 1024;
  space.bind(name, rows * rowBytes, (buffer) => {
    let offset = 0;
    for (const [column, type] of Object.entries(schema)) {
      const constructor = CONSTRUCTORS[type];
      columns[column] = new constructor(buffer as unknown as ArrayBuffer, offset);
      offset += constructor.BYTES_PER_ELEMENT;
    }
    rows = buffer.byteLength / rowBytes;
  });
  return {
    columns: columns as ColumnArrays<S>, words: rowBytes / 4,
    ensure: (row) => {
      if (row < rows) return;
      let capacity = rows;
      while (capacity <= row) capacity *= 2;
      space.grow(name, capacity * rowBytes);
    },
  };
};

/**
 * A list of integers per row. A block is [length, capacity, …values] in one heap; a full block moves to one of twice the
 * capacity, so a reader that holds an offset holds a consistent list. Row r without a block points at the empty block 0.
 */
export interface Lists {
  /** The heap and the block offset of each row; see `openLists` for the layout. */
  readonly view: { data: Int32Array; head: Int32Array };
  push(row: number, ...values: readonly number[]): void;
  /** Replaces the list of a row. Writer only. */
  set(row: number, values: ArrayLike<number>): void;
  /** Puts a value before the one at this place, counted from 0: a reader beside it may meet a value twice, or out of its place. Writer only. */
  insert(row: number, place: number, value: number): void;
  /** Removes the first occurrence of `value` (lists of single values only). Writer only. */
  remove(row: number, value: number): boolean;
  /** Forgets the list and overwrites it with zeros. Writer only. */
  clear(row: number): void;
  length(row: number): number;
  /** A copy, for tests and slow paths. */
  values(row: number): Int32Array;
  has(row: number, value: number): boolean;
}

const HEADER = 2;

/** @param options.keep the longest list kept: at twice this length the oldest half is dropped. */
export const openLists = (space: Space, name: string, options: { readonly keep?: number } = {}): Lists => {
  const view: Lists['view'] = { data: new Int32Array(), head: new Int32Array() };
  space.bind(`${name}.data`, 64 * 1024, (buffer) => { view.data = new Int32Array(buffer); });
  space.bind(`${name}.head`, 4 * 1024, (buffer) => { view.head = new Int32Array(buffer); });
  // data[0] and data[1] are the empty block. Only the writer needs to know the first free place.
  let end = HEADER;
  const ensureRow = (row: number): void => {
    let rows = view.head.length;
    while (rows <= row) rows *= 2;
    if (rows > view.head.length) space.grow(`${name}.head`, rows * 4);
  };
  const allocate = (capacity: number): number => {
    const at = end;
    let size = view.data.length;
    while (size < at + HEADER + capacity) size *= 2;
    if (size > view.data.length) space.grow(`${name}.data`, size * 4);
    view.data[at + 1] = capacity;
    end = at + HEADER + capacity;
    return at;
  };
  const move = (row: number, values: ArrayLike<number>, capacity: number): void => {
    const at = allocate(capacity);
    view.data.set(values, at + HEADER);
    view.data[at] = values.length;
    view.head[row] = at;
  };
  const at = (row: number): number => view.head[row] ?? 0;
  const length = (row: number): number => view.data[at(row)] ?? 0;
  const values = (row: number): Int32Array => view.data.slice(at(row) + HEADER, at(row) + HEADER + length(row));
  const set = (row: number, next: ArrayLike<number>): void => {
    ensureRow(row);
    move(row, next, Math.max(4, next.length));
  };
  /** Makes room for so many more. */
  const widen = (row: number, added: number): void => {
    ensureRow(row);
    const wanted = length(row) + added;
    const capacity = view.data[at(row) + 1] ?? 0;
    if (options.keep !== undefined && wanted > 2 * options.keep) move(row, values(row).slice(-options.keep + added), 2 * options.keep);
    else if (wanted > capacity) move(row, values(row), Math.max(4, 2 * capacity, added));
  };
  const push: Lists['push'] = (row, ...added) => {
    widen(row, added.length);
    const block = at(row);
    const next = block + HEADER + (view.data[block] ?? 0);
    for (let i = 0; i < added.length; i++) view.data[next + i] = added[i] ?? 0;
    view.data[block] = next - block - HEADER + added.length;
  };
  return {
    view, length, values, set, push,
    insert: (row, place, value) => {
      push(row, value);
      const to = at(row) + HEADER + place;
      view.data.copyWithin(to + 1, to, at(row) + HEADER + length(row) - 1);
      view.data[to] = value;
    },
    remove: (row, value) => {
      const current = values(row);
      const found = current.indexOf(value);
      if (found < 0) return false;
      set(row, current.copyWithin(found, found + 1).subarray(0, -1));
      return true;
    },
    clear: (row) => {
      const block = at(row);
      if (block === 0) return;
      view.head[row] = 0;
      view.data.fill(0, block, block + HEADER + (view.data[block + 1] ?? 0));
    },
    has: (row, value) => {
      const block = at(row);
      const last = block + HEADER + (view.data[block] ?? 0);
      for (let i = block + HEADER; i < last; i++) if (view.data[i] === value) return true;
      return false;
    },
  };
};

/** An append-only heap of bytes: texts rendered on write. An offset is good for ever; what it replaces stays until `wipe`. */
export interface Heap {
  readonly view: { bytes: Uint8Array };
  /** The UTF-8 text that stands there. */
  text(offset: number, length: number): string;
  /** @returns the offset. Writer only. */
  write(bytes: Uint8Array): number;
  /** Overwrites with zeros. Writer only. */
  wipe(offset: number, length: number): void;
}

export const openHeap = (space: Space, name: string): Heap => {
  const view: Heap['view'] = { bytes: new Uint8Array() };
  // The same bytes: a Buffer reads texts in place, where a decoder wants a copy of them.
  let texts: Buffer = Buffer.alloc(0);
  space.bind(name, 64 * 1024, (buffer) => { view.bytes = new Uint8Array(buffer); texts = Buffer.from(buffer); });
  // Offset 0 means "nothing here", so the first byte stays free. Only the writer needs to know the end.
  let end = 1;
  return {
    view,
    text: (offset, length) => texts.toString('utf8', offset, offset + length),
    write: (bytes) => {
      const offset = end;
      let size = view.bytes.length;
      while (size < offset + bytes.length) size *= 2;
      if (size > view.bytes.length) space.grow(name, size);
      view.bytes.set(bytes, offset);
      end = offset + bytes.length;
      return offset;
    },
    wipe: (offset, size) => { view.bytes.fill(0, offset, offset + size); },
  };
};
