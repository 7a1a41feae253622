/**
 * A trained model and a memory of what followed what, as one distribution over the items a member has not touched:
 * (1 − share) · softmax(cosine / temperature) + share · memory / Σ memory. The model generalises, the memory knows pairs by heart, which
 * vectors of 64 numbers cannot for a catalogue of thousands (nearest-neighbour language models: Khandelwal et al. 2020, arXiv 1911.00172).
 */
import type { Queries, SequenceData, SequenceScorer } from './data.ts';

export interface MixtureSettings {
  /** The memory's part. */
  readonly share: number;
  /** What the memory's weights are raised to; below 1 flattens them. */
  readonly power: number;
}
/** What validation chooses from; a share of 0 is the model alone. */
export const MIXTURES: readonly MixtureSettings[] = [{ share: 0, power: 1 }, ...[0.7, 1].flatMap((power) => [0.1, 0.2, 0.3, 0.4, 0.5].map((share) => ({ share, power })))];
/** Below this a memory's weight is the popularity that breaks its ties. */
const NOTHING = 1e-5;

/** One row of scores each: `model` [items] is overwritten by the mixture, `memory` [items] by its shares. `seen` is 1 for touched items. */
const mixRow = (model: Float32Array, memory: Float32Array, { seen, temperature, share, power }: MixtureSettings & { readonly seen: Uint8Array; readonly temperature: number }): void => {
  let [highest, remembered, total] = [-1, 0, 0];
  for (let item = 0; item < model.length; item++) {
    if (seen[item] === 1) continue;
    highest = Math.max(highest, model[item] ?? 0);
    const weight = memory[item] ?? 0;
    memory[item] = weight > NOTHING ? power === 1 ? weight : weight ** power : 0;
    remembered += memory[item] ?? 0;
  }
  for (let item = 0; item < model.length; item++) {
    model[item] = Math.exp(((model[item] ?? 0) - highest) / temperature);
    if (seen[item] === 0) total += model[item] ?? 0;
  }
  const [ofModel, ofMemory] = [(1 - share) / total, remembered > 0 ? share / remembered : 0];
  for (let item = 0; item < model.length; item++) model[item] = (model[item] ?? 0) * ofModel + (seen[item] === 0 ? (memory[item] ?? 0) * ofMemory : 0);
};

/** @param model scores are cosines @param memory scores are weights, 0 and more */
export const mixture = (name: string, parts: { readonly model: SequenceScorer; readonly memory: SequenceScorer; readonly temperature: number }, settings: MixtureSettings): SequenceScorer => {
  let held = new Float32Array();
  const score = async (data: SequenceData, queries: Queries, out: Float32Array): Promise<void> => {
    await parts.model.score(data, queries, out);
    if (held.length < out.length) held = new Float32Array(out.length);
    const remembered = held.subarray(0, out.length);
    await parts.memory.score(data, queries, remembered);
    const seen = new Uint8Array(data.items);
    queries.members.forEach((member, row) => {
      const touched = data.item.subarray(data.starts[member], queries.ends[row]);
      for (const item of touched) seen[item] = 1;
      const at = [row * data.items, (row + 1) * data.items] as const;
      mixRow(out.subarray(...at), remembered.subarray(...at), { ...settings, seen, temperature: parts.temperature });
      for (const item of touched) seen[item] = 0;
    });
  };
  return { name, score };
};
