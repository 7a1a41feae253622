/** From a model as it was trained to what is stored of it: rows of members leave, names become keys. */
import type { Arena, LayoutEntry } from '../../nn/arena.ts';
import type { ItemFacts } from '../sequences/feeds.ts';
import type { ServingModel } from '../sequences/model.ts';
import type { JourneyArtefact, StoredWeights } from './artefact.ts';
import { referenceKeys } from './references.ts';

const MEMBER = 'member:';
/** A member is known by what they are about, never by who they are: their id is learned nowhere. */
export const hasRow = (reference: string): boolean => !reference.startsWith(MEMBER);

/** An arena's parameters, one after the other. */
export const storedWeights = (arena: Arena, replaced: ReadonlyMap<string, { readonly shape: readonly number[]; readonly value: Float32Array }> = new Map()): StoredWeights => {
  const parts = arena.parameters.map(({ name, shape, value }) => ({ name, ...(replaced.get(name) ?? { shape, value }) }));
  const values = new Float32Array(parts.reduce((sum, { value }) => sum + value.length, 0));
  const layout: LayoutEntry[] = [];
  let offset = 0;
  for (const { name, shape, value } of parts) {
    values.set(value, offset);
    layout.push({ name, shape, offset });
    offset += value.length;
  }
  return { layout, values };
};

export interface Trained { readonly model: ServingModel; readonly arena: Arena; readonly facts: ItemFacts; readonly itemNames: readonly string[] }

/** The parts of an artefact that follow from the model alone. One row stays where no item has one: a table has rows. */
export const trainedParts = ({ model, arena, facts, itemNames }: Trained): Pick<JourneyArtefact, 'sizes' | 'vocabulary' | 'weights' | 'gates' | 'keys'> => {
  const { width, vocabulary, blocks, heads, window, dropout, temperature } = model;
  const rows = itemNames.flatMap((name, row) => (hasRow(name) ? [row] : []));
  const count = Math.max(1, rows.length);
  const table = arena.parameter('items').value;
  const items = new Float32Array(count * width);
  rows.forEach((row, to) => { items.set(table.subarray(row * width, (row + 1) * width), to * width); });
  const gates = new Float32Array(count);
  rows.forEach((row, to) => { gates[to] = facts.gates?.[row] ?? 1; });
  return {
    sizes: { width, blocks, heads, window, dropout, temperature },
    vocabulary: { ...vocabulary, items: count },
    weights: storedWeights(arena, new Map([['items', { shape: [count, width], value: items }]])),
    gates, keys: referenceKeys(rows.map((row) => itemNames[row] ?? '')),
  };
};
