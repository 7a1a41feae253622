/** Rows of one table, each with a multiple of a row of another: the tokens of a history, of how things were touched and what they were. */
import type { Region } from './arena.ts';
import { checkRows } from './dot.ts';
import { rowSums } from './plain.ts';
import { dimension, present, regionsOf, within, type Runtime } from './runtime.ts';
import type { Table } from './table.ts';

export interface RowSumsShape {
  /** Two tables of one width. */
  readonly a: Table;
  readonly b: Table;
  /** What rows of `b` are multiplied by. */
  readonly factor: number;
  /** Rows a call may ask for. */
  readonly most: number;
}

export interface RowSums {
  /** [most] numbers of rows of each table, as integers: write the first n before `run(n)`. */
  readonly rowsA: Region;
  readonly rowsB: Region;
  /** [most, stride] of the last call: row r at r × stride of the tables. */
  readonly sums: Region;
  /** Throws for more than `most`, and names a row that a table does not have. */
  run(n: number): void;
  release(): void;
}

/** Throws for a shape that is none, or tables of two widths. */
export const createRowSums = (runtime: Runtime, name: string, { a, b, factor, most }: RowSumsShape): RowSums => {
  dimension(most, `the "most" of the kernel "${name}"`, 0);
  present(a.width === b.width, `the kernel "${name}" was given the tables "${a.name}" and "${b.name}", ${a.width} and ${b.width} wide: give it tables of one width`);
  const regions = regionsOf(runtime, name);
  const [rowsA, rowsB, sums] = [regions.make('rows of a', most), regions.make('rows of b', most), regions.make('sums', most * a.stride)];
  const { native } = runtime;
  return {
    rowsA, rowsB, sums,
    run: (n) => {
      within(name, n, most);
      checkRows(runtime, name, { rows: rowsA, table: a, n });
      checkRows(runtime, name, { rows: rowsB, table: b, n });
      if (native === undefined) rowSums({ a: { floats: a.floats, stride: a.stride, from: 0 }, rowsA: rowsA.integers, b: { floats: b.floats, stride: b.stride, from: 0 }, rowsB: rowsB.integers, factor, n }, sums.floats);
      else native.rowSums(a.address, rowsA.address, b.address, rowsB.address, a.stride, factor, n, sums.address);
    },
    release: regions.release,
  };
};
