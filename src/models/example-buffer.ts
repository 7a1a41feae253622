/** Rows gathered one by one, grown by doubling, handed out in slices of time. */
import type { Examples } from './logistic.ts';

/** `item`: dense by the numbering of whoever gathers; 0 where nobody asks for it. */
export interface ExampleRow { readonly bits: number; readonly at: number; readonly member: number; readonly position: number; readonly item?: number; /** log of how many rows like this one it stands for; 0 unless sampled. */ readonly offset?: number }

export interface ExampleBuffer {
  readonly width: number;
  readonly count: number;
  /** Ends a query: the rows since the last end belong together. */
  endQuery(): void;
  /** Copies `width` values from `values` at `from`. */
  push(values: Float32Array, from: number, row: ExampleRow): void;
  /** Rows [from, to) as examples of one head: label 1 where any of `mask` is set in the row's bits. Values are a view, not a copy. */
  slice(from: number, to: number, mask: number): Examples;
  /** The `width` values of one row: a view, not a copy. */
  values(row: number): Float32Array;
  /** First row of each query, and the end of the last. */
  readonly queries: readonly number[];
  readonly at: Float64Array;
  readonly member: Int32Array;
  readonly item: Int32Array;
  readonly bits: Uint32Array;
  /** Counted from 1; 0 where nothing was shown. */
  readonly position: Uint16Array;
  /** log of how many rows like it each row stands for. */
  readonly offset: Float32Array;
}

const grown = <T extends Float32Array | Float64Array | Int32Array | Uint16Array | Uint32Array>(old: T, make: (length: number) => T, length: number): T => {
  const larger = make(length);
  larger.set(old);
  return larger;
};

export const createExampleBuffer = (width: number): ExampleBuffer => {
  let capacity = 4096;
  let count = 0;
  let values = new Float32Array(capacity * width);
  let at = new Float64Array(capacity);
  let member = new Int32Array(capacity);
  let item = new Int32Array(capacity);
  let bits = new Uint32Array(capacity);
  let position = new Uint16Array(capacity);
  let offset = new Float32Array(capacity);
  const queries: number[] = [0];
  const grow = (): void => {
    capacity *= 2;
    values = grown(values, (length) => new Float32Array(length), capacity * width);
    at = grown(at, (length) => new Float64Array(length), capacity);
    member = grown(member, (length) => new Int32Array(length), capacity);
    item = grown(item, (length) => new Int32Array(length), capacity);
    bits = grown(bits, (length) => new Uint32Array(length), capacity);
    position = grown(position, (length) => new Uint16Array(length), capacity);
    offset = grown(offset, (length) => new Float32Array(length), capacity);
  };
  return {
    width, queries,
    values: (row) => values.subarray(row * width, (row + 1) * width),
    get count() { return count; },
    get at() { return at; }, get member() { return member; }, get item() { return item; }, get bits() { return bits; }, get position() { return position; }, get offset() { return offset; },
    endQuery: () => { if (queries.at(-1) !== count) queries.push(count); },
    push: (source, from, row) => {
      if (count === capacity) grow();
      for (let i = 0, to = count * width; i < width; i++) values[to + i] = source[from + i] ?? 0;
      at[count] = row.at;
      member[count] = row.member;
      item[count] = row.item ?? 0;
      bits[count] = row.bits;
      position[count] = row.position;
      offset[count] = row.offset ?? 0;
      count++;
    },
    slice: (from, to, mask) => ({
      width, count: to - from,
      values: values.subarray(from * width, to * width),
      labels: Uint8Array.from(bits.subarray(from, to), (value) => ((value & mask) !== 0 ? 1 : 0)),
      offsets: offset.subarray(from, to),
      queries: Int32Array.from(queries.filter((row) => row >= from && row <= to), (row) => row - from),
    }),
  };
};

/** The first row whose time is at or after `time`; rows are in order of time. */
export const rowAt = (buffer: ExampleBuffer, time: number): number => {
  let low = 0;
  let high = buffer.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((buffer.at[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
};
