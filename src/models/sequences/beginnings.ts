/**
 * Where item vectors begin. By chance alone, items with a handful of events are still about where chance put them when training ends; begun
 * as a mean of their neighbourhoods, they already say whom they belong with (random projections smoothed over a graph: Chen et al. 2019,
 * FastRP, arXiv 1908.11512).
 */
import type { SequenceData, Split } from './data.ts';
import { buildNeighbours, type Neighbours } from './neighbours.ts';

/** Times that vectors are smoothed; each time counts as much as chance. */
const ROUNDS = 3;
const NEAR = { window: 3, before: 1, damping: 0.5 } as const;

interface Table { readonly items: number; readonly width: number }

/** Each row becomes as long as `length`; a row of zeros stays. */
const toLength = (rows: Float64Array, { items, width }: Table, length: number): void => {
  for (let item = 0; item < items; item++) {
    const row = rows.subarray(item * width, (item + 1) * width);
    const factor = length / (Math.hypot(...row) || 1);
    for (let i = 0; i < width; i++) row[i] = (row[i] ?? 0) * factor;
  }
};

/** Takes the mean of all rows out of those that have neighbours: smoothing draws everything towards it, and it tells nothing apart. */
const centre = (rows: Float64Array, { starts }: Neighbours, { items, width }: Table): void => {
  const mean = new Float64Array(width);
  for (let at = 0; at < rows.length; at++) mean[at % width] = (mean[at % width] ?? 0) + (rows[at] ?? 0) / items;
  for (let item = 0; item < items; item++) {
    if (starts[item] === starts[item + 1]) continue;
    for (let i = 0; i < width; i++) rows[item * width + i] = (rows[item * width + i] ?? 0) - (mean[i] ?? 0);
  }
};

const smoothed = (rows: Float64Array, { starts, items: near, weights }: Neighbours, { items, width }: Table): Float64Array => {
  const out = new Float64Array(rows.length);
  for (let item = 0; item < items; item++) {
    const to = item * width;
    for (let place = starts[item] ?? 0; place < (starts[item + 1] ?? 0); place++) {
      const [weight, from] = [weights[place] ?? 0, (near[place] ?? 0) * width];
      for (let i = 0; i < width; i++) out[to + i] = (out[to + i] ?? 0) + weight * (rows[from + i] ?? 0);
    }
  }
  return out;
};

/**
 * Smooths vectors over what stood near each item in the events that are learned from; an item that nothing stood near keeps its direction,
 * and all become as long as they were in the mean.
 * @param vectors [items, width], as chance began them; written to
 */
export const beginNearNeighbours = (vectors: Float32Array, data: SequenceData, { trainEnds }: Split): void => {
  const table: Table = { items: data.items, width: vectors.length / data.items };
  const neighbours = buildNeighbours(data, trainEnds, NEAR);
  const length = Math.sqrt(vectors.reduce((sum, value) => sum + value * value, 0) / table.items);
  let rows: Float64Array = Float64Array.from(vectors);
  toLength(rows, table, 1);
  const sum = rows.slice();
  for (let round = 0; round < ROUNDS; round++) {
    rows = smoothed(rows, neighbours, table);
    centre(rows, neighbours, table);
    toLength(rows, table, 1);
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + (rows[at] ?? 0);
  }
  toLength(sum, table, length);
  vectors.set(sum);
};
