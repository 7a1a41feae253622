/** One query against many rows of a table: what a member's vector makes of items. */
import type { Region } from './arena.ts';
import { dot as plainDot, firstOutside as plainFirstOutside } from './plain.ts';
import { dimension, present, regionsOf, within, type Runtime } from './runtime.ts';
import type { Table } from './table.ts';

export interface Dot {
  /** [width] of the table: write it before a call. */
  readonly query: Region;
  /** [most] numbers of rows of the table, as integers: write the first n before `run(n)`. */
  readonly rows: Region;
  /** [most]: the scores of the last call. */
  readonly scores: Region;
  /** Scores of the n rows that `rows` names. Throws for more than `most`, and names a row that the table does not have. */
  run(n: number): void;
  /** Scores of rows from, from + 1, … of the table, n of them, without reading `rows`. */
  range(from: number, n: number): void;
  release(): void;
}

/** Throws for a row number that the table does not have: WebAssembly would read whatever stands there. */
export const checkRows = (runtime: Runtime, kernel: string, { rows, table, n }: { readonly rows: Region; readonly table: Table; readonly n: number }): void => {
  const outside = runtime.native === undefined ? plainFirstOutside(rows.integers, n, table.rows) : runtime.native.firstOutside(rows.address, n, table.rows);
  if (outside >= 0) present(false, `the kernel "${kernel}" was asked for row ${rows.integers[outside]} at place ${outside}, and its table "${table.name}" has ${table.rows} rows: ask for rows that exist`);
};

/** `most`: rows a call may score. */
export const createDot = (runtime: Runtime, name: string, { table, most }: { readonly table: Table; readonly most: number }): Dot => {
  dimension(most, `the "most" of the kernel "${name}"`, 0);
  const regions = regionsOf(runtime, name);
  const query = regions.make('query', table.width);
  const rows = regions.make('rows', most);
  const scores = regions.make('scores', most);
  const { native } = runtime;
  return {
    query, rows, scores,
    run: (n) => {
      within(name, n, most);
      checkRows(runtime, name, { rows, table, n });
      if (native === undefined) plainDot({ table: { floats: table.floats, stride: table.stride, from: 0 }, numbers: rows.integers, query: query.floats, n }, scores.floats);
      else native.dotRows(table.address, table.stride, rows.address, query.address, n, scores.address);
    },
    range: (from, n) => {
      within(name, n, most);
      present(Number.isInteger(from) && from >= 0 && from + n <= table.rows, `the kernel "${name}" was asked for rows ${from} to ${from + n}, and its table "${table.name}" has ${table.rows} rows: ask for rows that exist`);
      if (native === undefined) plainDot({ table: { floats: table.floats, stride: table.stride, from: from * table.stride }, query: query.floats, n }, scores.floats);
      else native.dotRange(table.address, table.stride, from, query.address, n, scores.address);
    },
    release: regions.release,
  };
};
