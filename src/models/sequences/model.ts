/** What a sequence model is: its sizes, and one decoder that builds training graphs and serving graphs alike. */
import type { Value } from '../../nn/graph.ts';
import { declareWeights, type Weights } from '../../nn/weights.ts';
import { createGraph } from '../../nn/graph.ts';
import { createArena, type Arena } from '../../nn/arena.ts';
import type { Random } from '../../core/random.ts';
import type { Build } from './blocks.ts';
import { hstu, hstuCandidates, hstuLast } from './hstu.ts';
import { sasrec } from './sasrec.ts';
import { eventTokens, itemTable, itemVectors } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface SequenceModel {
  readonly name: string;
  /** Length of a state and of an item's vector. */
  readonly width: number;
  /** Events that are read, counted from the last. */
  readonly window: number;
  /** Share of numbers dropped at each site while training. */
  readonly dropout: number;
  /** What cosines are divided by before the softmax. */
  readonly temperature: number;
  readonly vocabulary: Vocabulary;
  /** @param tokens [B, L, width] @returns states [B, L, width]; where there is time, `gaps` [B · L · L] is an input */
  decode(build: Build, tokens: Value): Value;
}

/** A model that serves: it can also tell the last state alone. */
export interface ServingModel extends SequenceModel, ModelSizes {
  /** @param tokens [1, L, width] @returns the state after the event that `last/bias` picks, [1, 1, width]; inputs as of `hstuLast` */
  decodeLast(build: Build, tokens: Value): Value;
  /** @param tokens [1, L, width] @param candidates [C, width] @returns states [C, width]; inputs as of `hstuCandidates` */
  decodeCandidates(build: Build, tokens: Value, candidates: Value): Value;
}

export interface ModelSizes { readonly width: number; readonly blocks: number; readonly heads: number; readonly window: number; readonly dropout: number; readonly temperature: number }

/** Blind to time and to everything of an event but its item. */
export const sasrecModel = (sizes: ModelSizes, { items }: Vocabulary): SequenceModel =>
  ({ ...sizes, name: 'sasrec', vocabulary: { items, attributes: {}, time: false }, decode: (build, tokens) => sasrec(build, tokens, sizes) });
export const journeyModel = (sizes: ModelSizes, vocabulary: Vocabulary): ServingModel => {
  const shape = { ...sizes, time: vocabulary.time };
  return { ...sizes, name: 'journey', vocabulary, decode: (build, tokens) => hstu(build, tokens, shape), decodeLast: (build, tokens) => hstuLast(build, tokens, shape), decodeCandidates: (build, tokens, candidates) => hstuCandidates(build, tokens, { candidates, shape }) };
};

/** From the inputs of `tokens.ts`, items as `ids`: vectors of the events' items [batch · length, width], and states after each event [batch, length, width]. */
export const readEvents = (model: SequenceModel, build: Build, { batch, length }: { readonly batch: number; readonly length: number }): { readonly items: Value; readonly states: Value } => {
  const { vocabulary, width } = model;
  const items = itemVectors(build, vocabulary, { name: 'ids', count: batch * length, width });
  return { items, states: model.decode(build, eventTokens(build, vocabulary, { items, batch })) };
};

/** Every parameter of the model, found by building its graph once. */
export const modelArena = (model: SequenceModel, random: Random): Arena => {
  const g = createGraph();
  const w: Weights = declareWeights(g);
  readEvents(model, { g, w, drop: (x) => x }, { batch: 1, length: model.window });
  return createArena([itemTable(model.vocabulary.items, model.width), ...w.specs.filter(({ name }) => name !== 'items')], random);
};
