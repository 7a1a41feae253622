/**
 * Vectors of items when serving, without a graph: content projection + gate · id embedding, as tokens.ts defines it.
 * The projection is linear, so it is applied once to the whole table of content features instead of to every item.
 */
import type { Kernels } from '../../kernels/kernels.ts';
import type { Table } from '../../kernels/table.ts';
import { parameterOf, type JourneyArtefact } from './artefact.ts';

/** Rows that are kept at hand, by their number; the features that they were made of tell whether they still hold. */
const KEPT: number = 2 ** 15;

export interface ItemVectors {
  /** Where `find` leaves what it found. */
  readonly table: Table;
  /**
   * The vector of an item, by its row in the model, -1 for none, and its features from `features[at …]`.
   * @returns the row of `table` where it stands until the next call
   */
  find(row: number, features: Uint16Array, at: number): number;
}

/** table [buckets, width] · projection [width, width] */
const projected = (table: Float32Array, projection: Float32Array, width: number): Float32Array => {
  const out = new Float32Array(table.length);
  for (let row = 0; row < table.length; row += width) {
    for (let from = 0; from < width; from++) {
      const value = table[row + from] ?? 0;
      for (let to = 0; to < width; to++) out[row + to] = (out[row + to] ?? 0) + value * (projection[from * width + to] ?? 0);
    }
  }
  return out;
};

export const createItemVectors = ({ sizes: { width }, vocabulary: { items, content }, weights, gates }: JourneyArtefact, kernels: Kernels): ItemVectors => {
  const ids = parameterOf(weights, 'items');
  const contents = content === undefined ? undefined : projected(parameterOf(weights, 'content'), parameterOf(weights, 'content/projection/weight'), width);
  const features = content?.width ?? 0;
  const slots = Math.min(KEPT, items);
  const kept = { row: new Int32Array(slots).fill(-1), features: new Uint16Array(slots * features) };
  // One more than there are slots: for what has no row.
  const table = kernels.table('item vectors', { rows: slots + 1, width });
  const vector = new Float32Array(width);
  const make = (row: number, of: Uint16Array, at: number): Float32Array => {
    vector.fill(0);
    let known = 0;
    for (let f = 0; f < features; f++) {
      const feature = of[at + f] ?? 0;
      if (feature === 0 || contents === undefined) continue;
      known++;
      for (let i = 0, from = feature * width; i < width; i++) vector[i] = (vector[i] ?? 0) + (contents[from + i] ?? 0);
    }
    const share = known === 0 ? 0 : 1 / known;
    const gate = row < 0 ? 0 : contents === undefined ? 1 : gates[row] ?? 0;
    for (let i = 0; i < width; i++) vector[i] = (vector[i] ?? 0) * share + (gate === 0 ? 0 : gate * (ids[row * width + i] ?? 0));
    return vector;
  };
  const holds = (slot: number, of: Uint16Array, at: number): boolean => {
    for (let f = 0, from = slot * features; f < features; f++) if (kept.features[from + f] !== of[at + f]) return false;
    return true;
  };
  return {
    table,
    find: (row, of, at) => {
      const slot = row < 0 ? slots : row % slots;
      if (row >= 0 && kept.row[slot] === row && holds(slot, of, at)) return slot;
      table.set(slot, make(row, of, at));
      if (row >= 0) {
        kept.row[slot] = row;
        for (let f = 0; f < features; f++) kept.features[slot * features + f] = of[at + f] ?? 0;
      }
      return slot;
    },
  };
};
