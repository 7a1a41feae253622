/**
 * The light head over all features of the second pass: a perceptron of [state, state × item, item, features], asked about every candidate. It learns
 * from touches and what was available beside them. Where no state may be used (the trunk has learned the answer, or there is none) state and
 * item are 0, so that the part that reads features learns from every request.
 */
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { TasteHead } from '../../journey/taste.ts';
import type { ExampleBuffer } from '../example-buffer.ts';
import { FEATURE_NAMES, FEATURES } from '../features.ts';
import { rankMetrics } from '../metrics.ts';
import { storedWeights } from './trained.ts';
import { fitWith, type HeadExamples } from './fit-head.ts';
import { fillLight, LIGHT_HIDDEN } from './heads.ts';
import { createLight, LIGHT_MOST } from './serve-heads.ts';
import type { StoredHeads } from './artefact.ts';

/** All features but the head's own. */
const INPUTS: number = FEATURES - 1;
export const LIGHT_CONTEXT: readonly string[] = FEATURE_NAMES.slice(0, INPUTS);
/** Queries that choose the epoch: the latest. */
const CHOOSING_SHARE = 0.08;

/** State and item vector of a row of the buffer, both or neither. */
export interface RowTaste { readonly state: Float32Array; readonly vector: Float32Array }
export interface LightOptions { readonly seed: number; readonly random: Random; readonly clock: Clock; readonly width: number; readonly tasteOf: (row: number) => RowTaste | undefined }

interface Scale { readonly mean: Float64Array; readonly inverse: Float64Array }

const measure = (buffer: ExampleBuffer): Scale => {
  const [mean, square] = [new Float64Array(INPUTS), new Float64Array(INPUTS)];
  for (let row = 0; row < buffer.count; row++) {
    const values = buffer.values(row);
    for (let i = 0; i < INPUTS; i++) {
      const value = values[i] ?? 0;
      mean[i] = (mean[i] ?? 0) + value / buffer.count;
      square[i] = (square[i] ?? 0) + value * value / buffer.count;
    }
  }
  return { mean, inverse: square.map((value, i) => { const variance = value - (mean[i] ?? 0) ** 2; return variance > 1e-9 ? 1 / Math.sqrt(variance) : 0; }) };
};

/** Means and deviations go into the weights: what is served reads features as they are. */
const folded = (stored: Pick<StoredHeads, 'layout' | 'values'>, { mean, inverse }: Scale, width: number): Pick<StoredHeads, 'layout' | 'values'> => {
  const layout = stored.layout.map((entry) => ({ ...entry, name: `light/${entry.name}` }));
  const values = stored.values.slice();
  const offsetOf = (name: string): number => layout.find((entry) => entry.name === name)?.offset ?? 0;
  const [weight, bias] = [offsetOf('light/head/inner/weight') + 3 * width * LIGHT_HIDDEN, offsetOf('light/head/inner/bias')];
  for (let i = 0; i < INPUTS; i++) {
    for (let h = 0; h < LIGHT_HIDDEN; h++) {
      const at = weight + i * LIGHT_HIDDEN + h;
      const own = (values[at] ?? 0) * (inverse[i] ?? 0);
      values[at] = own;
      values[bias + h] = (values[bias + h] ?? 0) - own * (mean[i] ?? 0);
    }
  }
  return { layout, values };
};

/** Each other row counts as many times as it stands for. */
const ndcgOf = (buffer: ExampleBuffer, logits: Float32Array, queries: readonly number[]): number => {
  let sum = 0;
  for (const query of queries) {
    const [from = 0, to = 0] = [buffer.queries[query], buffer.queries[query + 1]];
    // The base of the loss is in these logits; the order is without it.
    const scoreOf = (row: number): number => (logits[row] ?? 0) - (buffer.offset[row] ?? 0);
    let above = 0;
    for (let row = from + 1; row < to; row++) if (scoreOf(row) > scoreOf(from)) above += Math.exp(buffer.offset[row] ?? 0);
    sum += rankMetrics(Math.round(above), 0, { count: to - from, k: 10 }).ndcg;
  }
  return sum / Math.max(1, queries.length);
};

/** @param buffer touches as `createTouchSampler` gathers them: the touched row of a query comes first */
export const fitLight = async (buffer: ExampleBuffer, { seed, random, clock, width, tasteOf }: LightOptions): Promise<StoredHeads> => {
  const scale = measure(buffer);
  const queries = Int32Array.from(buffer.queries);
  const examples: HeadExamples = {
    queries, labels: Uint8Array.from({ length: buffer.count }, (_, row) => (buffer.bits[row] ?? 0) & 1), base: buffer.offset.subarray(0, buffer.count),
    fill: (row, out, to) => {
      const taste = tasteOf(row);
      if (taste === undefined) out.fill(0, to, to + 3 * width); else fillLight({ ...taste, width }, out, to);
      const values = buffer.values(row);
      for (let i = 0; i < INPUTS; i++) out[to + 3 * width + i] = ((values[i] ?? 0) - (scale.mean[i] ?? 0)) * (scale.inverse[i] ?? 0);
    },
  };
  const all = Array.from({ length: queries.length - 1 }, (_, query) => query);
  const cut = Math.floor(all.length * (1 - CHOOSING_SHARE));
  const fitted = await fitWith(examples, { inputs: 3 * width + INPUTS, hidden: LIGHT_HIDDEN, actions: 1 }, {
    seed, random, clock, loss: 'choice', requests: { learned: all.slice(0, cut), choosing: all.slice(cut) }, score: (logits, asked) => ndcgOf(buffer, logits, asked),
  });
  return { actions: ['touch'], context: LIGHT_CONTEXT, hidden: LIGHT_HIDDEN, ...folded(storedWeights(fitted.arena), scale, width) };
};

/** Asks a stored head over the vectors of entities, [entities, width]; an entity beyond their end has zeros. */
export const openLight = (heads: StoredHeads, width: number, vectorsNow: () => Float32Array): TasteHead & { release(): void } => {
  const light = createLight(heads, width);
  const vectors = new Float32Array(LIGHT_MOST * width);
  const values = new Float32Array(LIGHT_MOST * INPUTS);
  const logits = new Float32Array(LIGHT_MOST * heads.actions.length);
  const nobody = new Float32Array(width);
  return {
    release: light.release,
    run: ({ size, item, features, stride, state }, out, column) => {
      const all = vectorsNow();
      for (let from = 0; from < size; from += LIGHT_MOST) {
        const n = Math.min(LIGHT_MOST, size - from);
        for (let c = 0; c < n; c++) {
          const at = (item[from + c] ?? 0) * width;
          // Not set from an end that is beyond the array: what a subarray leaves out would stay from the page before.
          if (at + width <= all.length) vectors.set(all.subarray(at, at + width), c * width); else vectors.fill(0, c * width, (c + 1) * width);
          values.set(features.subarray((from + c) * stride, (from + c) * stride + INPUTS), c * INPUTS);
        }
        light.run({ state: state ?? nobody, vectors, values, n }, logits);
        for (let c = 0; c < n; c++) out[(from + c) * stride + column] = logits[c * heads.actions.length] ?? 0;
      }
    },
  };
};
