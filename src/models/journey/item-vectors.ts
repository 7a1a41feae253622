/**
 * Vectors of items when serving, in plain arithmetic and without a graph: content projection + gate · id embedding, as tokens.ts defines it.
 * The projection is linear, so it is applied once to the whole table of content features instead of to every item.
 */
import { parameterOf, type JourneyArtefact } from './artefact.ts';

/** Rows that are kept at hand, by their number; the features that they were made of tell whether they still hold. */
const KEPT: number = 2 ** 15;

export interface ItemVectors {
  /** Adds factor · the vector of an item to out[to …]: its row in the model, -1 for none, and its features from `features[at …]`. */
  add(item: { readonly row: number; readonly features: Uint16Array; readonly at: number }, out: Float32Array, place: { readonly to: number; readonly factor: number }): void;
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

const matches = (kept: Uint16Array, keptAt: number, { features, at, width }: { readonly features: Uint16Array; readonly at: number; readonly width: number }): boolean => {
  for (let f = 0; f < width; f++) if (kept[keptAt + f] !== features[at + f]) return false;
  return true;
};

export const createItemVectors = ({ sizes: { width }, vocabulary: { items, content }, weights, gates }: JourneyArtefact): ItemVectors => {
  const ids = parameterOf(weights, 'items');
  const table = content === undefined ? undefined : projected(parameterOf(weights, 'content'), parameterOf(weights, 'content/projection/weight'), width);
  const features = content?.width ?? 0;
  const slots = Math.min(KEPT, items);
  const kept = { row: new Int32Array(slots).fill(-1), features: new Uint16Array(slots * features), vectors: new Float32Array(slots * width) };
  const make = ({ row, features: of, at }: Parameters<ItemVectors['add']>[0], out: Float32Array, to: number): void => {
    out.fill(0, to, to + width);
    let known = 0;
    for (let f = 0; f < features; f++) {
      const feature = of[at + f] ?? 0;
      if (feature === 0 || table === undefined) continue;
      known++;
      for (let i = 0, from = feature * width; i < width; i++) out[to + i] = (out[to + i] ?? 0) + (table[from + i] ?? 0);
    }
    const share = known === 0 ? 0 : 1 / known;
    const gate = row < 0 ? 0 : table === undefined ? 1 : gates[row] ?? 0;
    for (let i = 0; i < width; i++) out[to + i] = (out[to + i] ?? 0) * share + (gate === 0 ? 0 : gate * (ids[row * width + i] ?? 0));
  };
  const unknown = new Float32Array(width);
  return {
    add: (item, out, { to, factor }) => {
      let [from, at] = [unknown, 0];
      if (item.row < 0) make(item, unknown, 0);
      else {
        const slot = item.row % slots;
        [from, at] = [kept.vectors, slot * width];
        if (kept.row[slot] !== item.row || !matches(kept.features, slot * features, { features: item.features, at: item.at, width: features })) {
          make(item, kept.vectors, at);
          kept.row[slot] = item.row;
          for (let f = 0; f < features; f++) kept.features[slot * features + f] = item.features[item.at + f] ?? 0;
        }
      }
      for (let i = 0; i < width; i++) out[to + i] = (out[to + i] ?? 0) + factor * (from[at + i] ?? 0);
    },
  };
};
