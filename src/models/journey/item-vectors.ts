/**
 * Vectors of items when serving, without a graph: content projection + gate · id embedding, as tokens.ts defines it.
 * The projection is linear, so it is applied once to the whole table of content features instead of to every item.
 */
import type { Kernels } from '../../kernels/kernels.ts';
import type { Table } from '../../kernels/table.ts';
import type { Vocabulary } from '../sequences/vocabulary.ts';
import { parameterOf, type JourneyArtefact } from './artefact.ts';

/** Rows that are kept at hand, by their number; the features that they were made of tell whether they still hold. */
const KEPT: number = 2 ** 15;

export interface ItemVectors {
  /** Where `find` leaves what it found. */
  readonly table: Table;
  /** Lets go of what was found; from then on at most a window of items may be asked for. */
  begin(): void;
  /**
   * The vector of an item, by its row in the model, -1 for none, and its features from `features[at …]`.
   * @returns the row of `table` where it stands until `begin` is called
   */
  find(row: number, features: Uint16Array, at: number): number;
}

/** Rows that are projected together. */
const PROJECTED = 1024;

/** What features say of an item: the mean of their rows, each projected. */
interface Contents { of(features: Uint16Array, at: number): Float32Array }

const createContents = ({ sizes: { width }, weights }: JourneyArtefact, kernels: Kernels, { width: bag, buckets }: NonNullable<Vocabulary['content']>): Contents => {
  const values = parameterOf(weights, 'content');
  const table = kernels.table('projected content', { rows: buckets, width });
  const layer = kernels.layer('content projection', { inputs: width, outputs: width, most: PROJECTED });
  layer.load(parameterOf(weights, 'content/projection/weight'), new Float32Array(width));
  for (let from = 0; from < buckets; from += PROJECTED) {
    const rows = Math.min(PROJECTED, buckets - from);
    layer.input.floats.set(values.subarray(from * width, (from + rows) * width));
    layer.run(rows);
    for (let row = 0; row < rows; row++) table.set(from + row, layer.output.floats.subarray(row * width, (row + 1) * width));
  }
  layer.release();
  const { bags, means, run } = kernels.rowMeans('content', { table, bag, most: 1 });
  const mean = means.floats.subarray(0, width);
  return {
    of: (features, at) => {
      for (let f = 0; f < bag; f++) {
        const feature = features[at + f] ?? 0;
        bags.integers[f] = feature < buckets ? feature : 0;
      }
      run(1);
      return mean;
    },
  };
};

/** @param most rows that are kept at hand */
export const createItemVectors = (artefact: JourneyArtefact, kernels: Kernels, most: number = KEPT): ItemVectors => {
  const { sizes: { width, window }, vocabulary: { items, content }, weights, gates } = artefact;
  const ids = parameterOf(weights, 'items');
  const contents = content === undefined ? undefined : createContents(artefact, kernels, content);
  const features = content?.width ?? 0;
  const slots = Math.min(most, items);
  const kept = { row: new Int32Array(slots).fill(-1), features: new Uint16Array(slots * features), usedIn: new Float64Array(slots) };
  // Behind the slots there is room for what has no row, and for what shares its slot with another one of the same turn.
  const table = kernels.table('item vectors', { rows: slots + window, width });
  let [turn, spare] = [1, slots];
  const vector = new Float32Array(width);
  const make = (row: number, of: Uint16Array, at: number): Float32Array => {
    if (contents === undefined) vector.fill(0); else vector.set(contents.of(of, at));
    const gate = row < 0 ? 0 : contents === undefined ? 1 : gates[row] ?? 0;
    if (gate !== 0) for (let i = 0, from = row * width; i < width; i++) vector[i] = (vector[i] ?? 0) + gate * (ids[from + i] ?? 0);
    return vector;
  };
  const holds = (slot: number, of: Uint16Array, at: number): boolean => {
    for (let f = 0, from = slot * features; f < features; f++) if (kept.features[from + f] !== of[at + f]) return false;
    return true;
  };
  return {
    table,
    begin: () => { [turn, spare] = [turn + 1, slots]; },
    find: (row, of, at) => {
      const slot = row % slots;
      if (row >= 0 && kept.row[slot] === row && holds(slot, of, at)) {
        kept.usedIn[slot] = turn;
        return slot;
      }
      if (row < 0 || kept.usedIn[slot] === turn) {
        table.set(spare, make(row, of, at));
        return spare++;
      }
      table.set(slot, make(row, of, at));
      kept.usedIn[slot] = turn;
      kept.row[slot] = row;
      for (let f = 0; f < features; f++) kept.features[slot * features + f] = of[at + f] ?? 0;
      return slot;
    },
  };
};
