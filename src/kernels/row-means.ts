/** Means of rows of a table: what items are about, from the features that each of them has. */
import type { Region } from './arena.ts';
import { checkRows } from './dot.ts';
import { rowMeans } from './plain.ts';
import { dimension, regionsOf, within, type Runtime } from './runtime.ts';
import type { Table } from './table.ts';

export interface RowMeansShape {
  readonly table: Table;
  /** Row numbers of a bag. */
  readonly bag: number;
  /** Bags a call may ask for. */
  readonly most: number;
}

export interface RowMeans {
  /** [most, bag] numbers of rows, as integers; 0 is none. Write the first n bags before `run(n)`. */
  readonly bags: Region;
  /** [most, stride] of the last call: bag r at r × stride of the table; zeros for a bag without rows. */
  readonly means: Region;
  /** Throws for more than `most`, and names a row that the table does not have. */
  run(n: number): void;
  release(): void;
}

/** Throws for a shape that is none. */
export const createRowMeans = (runtime: Runtime, name: string, { table, bag, most }: RowMeansShape): RowMeans => {
  dimension(bag, `the bag of the kernel "${name}"`);
  dimension(most, `the "most" of the kernel "${name}"`, 0);
  const regions = regionsOf(runtime, name);
  const [bags, means] = [regions.make('bags', most * bag), regions.make('means', most * table.stride)];
  const { native } = runtime;
  return {
    bags, means,
    run: (n) => {
      within(name, n, most);
      checkRows(runtime, name, { rows: bags, table, n: n * bag });
      if (native === undefined) rowMeans({ table: { floats: table.floats, stride: table.stride, from: 0 }, bags: bags.integers, bag, n }, means.floats);
      else native.rowMeans(table.address, table.stride, bags.address, bag, n, means.address);
    },
    release: regions.release,
  };
};
