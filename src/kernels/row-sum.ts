/** A row of one table and a multiple of a row of another, one row after the other: the tokens of a history, of what was touched and how. */
import type { Region } from './arena.ts';
import { sumRow } from './plain.ts';
import { dimension, present, regionsOf, type Runtime } from './runtime.ts';
import type { Table } from './table.ts';

export interface RowSumShape {
  /** Two tables of one width. */
  readonly a: Table;
  readonly b: Table;
  /** What rows of `b` are multiplied by. */
  readonly factor: number;
  /** Rows there is room for. */
  readonly most: number;
}

export interface RowSum {
  /** [most, stride]: row r at r × stride of the tables. */
  readonly output: Region;
  /** Row `to` of the output becomes row `a` + factor · row `b`. Throws for a row that is not there. */
  put(to: number, a: number, b: number): void;
  release(): void;
}

/** Throws for a shape that is none, or tables of two widths. */
export const createRowSum = (runtime: Runtime, name: string, { a: left, b: right, factor, most }: RowSumShape): RowSum => {
  dimension(most, `the "most" of the kernel "${name}"`, 0);
  present(left.width === right.width, `the kernel "${name}" was given the tables "${left.name}" and "${right.name}", ${left.width} and ${right.width} wide: give it tables of one width`);
  const regions = regionsOf(runtime, name);
  const { stride } = left;
  const output = regions.make('output', most * stride);
  const { native } = runtime;
  return {
    output,
    put: (to, a, b) => {
      if (!(to >= 0 && to < most && a >= 0 && a < left.rows && b >= 0 && b < right.rows)) {
        present(false, `the kernel "${name}" was asked to write row ${to} of ${most} from row ${a} of ${left.rows} and row ${b} of ${right.rows}: ask for rows that exist`);
      }
      if (native === undefined) sumRow({ a: left.floats, from: a * stride, b: right.floats, at: b * stride, factor, stride }, output.floats, to * stride);
      else native.sumRow(left.address + a * stride * 4, right.address + b * stride * 4, factor, stride * 4, output.address + to * stride * 4);
    },
    release: regions.release,
  };
};
