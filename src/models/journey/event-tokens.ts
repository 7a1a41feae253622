/**
 * Tokens of events when serving, without a graph: factor · (the vector of an event's item + what its attributes add), as `eventTokens` defines
 * it. Added by a kernel: in plain TypeScript these sums take as long as the model's largest product.
 */
import type { Kernels } from '../../kernels/kernels.ts';
import { EVENT_ATTRIBUTES, pauseOf } from '../sequences/vocabulary.ts';
import { parameterOf, type JourneyArtefact } from './artefact.ts';
import type { JourneyEvents } from './events.ts';
import type { ItemVectors } from './item-vectors.ts';

export interface EventTokens {
  /** Fills out [count, width] with the tokens of the events from the place `from` on. */
  write(events: JourneyEvents, which: { readonly from: number; readonly count: number }, out: Float32Array): void;
}

/** Sums of attributes that there is room for at first. */
const SUMS = 256;

/** What attributes add to a token, in rows of a table: there are few combinations, so each is summed once. */
const createAttributeSums = ({ sizes: { width }, vocabulary, weights }: JourneyArtefact, kernels: Kernels) => {
  const tables = EVENT_ATTRIBUTES.map((name) => {
    const rows = vocabulary.attributes[name];
    return rows === undefined ? { rows: 1, values: new Float32Array(width) } : { rows, values: parameterOf(weights, `event/${name}`) };
  });
  const [surfaces = 1, actions = 1, dwells = 1, pauses = 1] = tables.map(({ rows }) => rows);
  const factor = Math.sqrt(width);
  const table = kernels.table('attribute sums', { rows: SUMS, width });
  const known = new Map<number, number>();
  const add = (key: number, ids: readonly number[]): number => {
    const row = known.size;
    table.reserve(row + 1);
    table.set(row, Float32Array.from({ length: width }, (_, i) => factor * tables.reduce((sum, { values }, which) => sum + (values[(ids[which] ?? 0) * width + i] ?? 0), 0)));
    known.set(key, row);
    return row;
  };
  return {
    table,
    /** The row of what the attributes of an event add. @param from the first event that is read: nothing is before it */
    find: (events: JourneyEvents, place: number, from: number): number => {
      const surface = Math.min(surfaces - 1, events.surface[place] ?? 0);
      const action = Math.min(actions - 1, events.action[place] ?? 0);
      const dwell = Math.min(dwells - 1, events.dwell[place] ?? 0);
      const pause = place === from ? 0 : Math.min(pauses - 1, pauseOf((events.seconds[place] ?? 0) - (events.seconds[place - 1] ?? 0)));
      const key = ((surface * actions + action) * dwells + dwell) * pauses + pause;
      return known.get(key) ?? add(key, [surface, action, dwell, pause]);
    },
  };
};

export const createEventTokens = (artefact: JourneyArtefact, items: ItemVectors, kernels: Kernels): EventTokens => {
  const { sizes: { width, window }, vocabulary: { content } } = artefact;
  const features = content?.width ?? 0;
  const attributes = createAttributeSums(artefact, kernels);
  const { rowsA, rowsB, sums: { floats }, run } = kernels.rowSums('tokens', { a: attributes.table, b: items.table, factor: Math.sqrt(width), most: window });
  const { stride } = items.table;
  return {
    write: (events, { from, count }, out) => {
      items.begin();
      for (let i = 0; i < count; i++) {
        rowsA.integers[i] = attributes.find(events, from + i, from);
        rowsB.integers[i] = items.find(events.row[from + i] ?? -1, events.features, (from + i) * features);
      }
      run(count);
      if (stride === width) out.set(floats.subarray(0, count * width));
      else for (let i = 0; i < count; i++) out.set(floats.subarray(i * stride, i * stride + width), i * width);
    },
  };
};
