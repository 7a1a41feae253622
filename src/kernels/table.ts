/** Rows of floats that kernels read by number: item vectors, written when an item changes and read by every request. */
import { dimension, fits, present, type Runtime } from './runtime.ts';

export interface Table {
  readonly name: string;
  /** Floats in a row. */
  readonly width: number;
  /** Floats from one row to the next: `width` rounded up to four, the rest zero. */
  readonly stride: number;
  /** How many rows there are; rows never written are zero. */
  readonly rows: number;
  /** Row r at r × stride. Another array after `reserve`. */
  readonly floats: Float32Array;
  readonly address: number;
  /** Writes one row, `width` floats. */
  set(row: number, values: ArrayLike<number>): void;
  /** Makes room for at least this many rows, at least doubling what there is; contents stay. */
  reserve(rows: number): void;
  release(): void;
}

/** `shape`: rows × width. Throws for a shape that is none. */
export const createTable = ({ arena }: Runtime, name: string, shape: { readonly rows: number; readonly width: number }): Table => {
  const width = dimension(shape.width, `the width of the table "${name}"`);
  const stride = Math.ceil(width / 4) * 4;
  let rows = dimension(shape.rows, `the number of rows of the table "${name}"`, 0);
  let region = arena.allocate(name, rows * stride);
  return {
    name, width, stride,
    get rows() { return rows; },
    get floats() { return region.floats; },
    get address() { return region.address; },
    set: (row, values) => {
      present(Number.isInteger(row) && row >= 0 && row < rows, `the table "${name}" has ${rows} rows and was asked to write row ${row}: reserve more rows first`);
      fits(values, width, `a row for the table "${name}"`);
      region.floats.set(values, row * stride);
    },
    reserve: (wanted) => {
      if (dimension(wanted, `the number of rows to reserve in the table "${name}"`, 0) <= rows) return;
      const more = Math.max(wanted, 2 * rows);
      region = arena.resize(region, more * stride);
      rows = more;
    },
    release: () => { arena.release(region); },
  };
};
