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

/** The table of content features, each projected [buckets, width]. */
const projectedContent = ({ sizes: { width }, weights }: JourneyArtefact, kernels: Kernels): Float32Array => {
  const table = parameterOf(weights, 'content');
  const out = new Float32Array(table.length);
  const layer = kernels.layer('content projection', { inputs: width, outputs: width, most: PROJECTED });
  layer.load(parameterOf(weights, 'content/projection/weight'), new Float32Array(width));
  for (let from = 0; from < table.length; from += PROJECTED * width) {
    const part = table.subarray(from, from + PROJECTED * width);
    layer.input.floats.set(part);
    layer.run(part.length / width);
    out.set(layer.output.floats.subarray(0, part.length), from);
  }
  layer.release();
  return out;
};

/** @param most rows that are kept at hand */
export const createItemVectors = (artefact: JourneyArtefact, kernels: Kernels, most: number = KEPT): ItemVectors => {
  const { sizes: { width, window }, vocabulary: { items, content }, weights, gates } = artefact;
  const ids = parameterOf(weights, 'items');
  const contents = content === undefined ? undefined : projectedContent(artefact, kernels);
  const features = content?.width ?? 0;
  const slots = Math.min(most, items);
  const kept = { row: new Int32Array(slots).fill(-1), features: new Uint16Array(slots * features), usedIn: new Float64Array(slots) };
  // Behind the slots there is room for what has no row, and for what shares its slot with another one of the same turn.
  const table = kernels.table('item vectors', { rows: slots + window, width });
  let [turn, spare] = [1, slots];
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
