/** Scores the whole catalogue for members: cosines between their states and items' vectors. */
import type { Arena } from '../../nn/arena.ts';
import { createGraph } from '../../nn/graph.ts';
import { compile, type Session } from '../../nn/session.ts';
import { declareWeights } from '../../nn/weights.ts';
import type { Queries, SequenceData, SequenceScorer } from './data.ts';
import { createEncoder } from './encoder.ts';
import { createItemFeed, type ItemFacts } from './feeds.ts';
import type { SequenceModel } from './model.ts';
import { itemVectors } from './tokens.ts';

/** Items whose vectors are made at once, and members whose scores are. */
const ITEMS = 2048;
const ROWS = 64;

/** Fills `out` [items, width] with vectors of unit length. */
const createVectors = async (model: SequenceModel, arena: Arena, facts: ItemFacts): Promise<{ fill(out: Float32Array): Promise<void>; close(): Promise<void> }> => {
  const { width, vocabulary } = model;
  const count = Math.min(ITEMS, vocabulary.items);
  const g = createGraph();
  const w = declareWeights(g);
  const session = await compile({ vectors: g.l2Normalise(itemVectors({ g, w, drop: (x) => x }, vocabulary, { name: 'item', count, width })) });
  for (const { name } of w.specs) session.bind(name, arena.parameter(name).value);
  const feed = createItemFeed(session.bind, { name: 'item', count }, facts);
  return {
    fill: async (out) => {
      for (let from = 0; from < vocabulary.items; from += count) {
        const there = Math.min(count, vocabulary.items - from);
        for (let row = 0; row < count; row++) feed.ids[row] = Math.min(from + row, vocabulary.items - 1);
        feed.complete();
        await session.run();
        out.set(session.outputs.vectors.subarray(0, there * width), from * width);
      }
    },
    close: session.close,
  };
};

export interface CatalogueScorer extends SequenceScorer {
  /** Vectors of unit length as of the last `refresh`, [items, width]. */
  readonly vectors: Float32Array;
  /** Takes up weights that have changed. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export const createScorer = (model: SequenceModel, arena: Arena, facts: ItemFacts): CatalogueScorer => {
  const { width, vocabulary: { items } } = model;
  const vectors = new Float32Array(items * width);
  const queries = new Float32Array(ROWS * width);
  const encoder = createEncoder(model, arena, facts);
  const openProduct = async (): Promise<Session<'scores'>> => {
    const g = createGraph();
    const session = await compile({ scores: g.matmulT(g.input('queries', [ROWS, width]), g.input('vectors', [items, width])) });
    session.bind('vectors', vectors);
    session.bind('queries', queries);
    return session;
  };
  let product: Promise<Session<'scores'>> | undefined;
  let maker: ReturnType<typeof createVectors> | undefined;
  return {
    name: model.name, vectors,
    refresh: async () => {
      maker ??= createVectors(model, arena, facts);
      await (await maker).fill(vectors);
    },
    score: async (data: SequenceData, asked: Queries, out: Float32Array) => {
      product ??= openProduct();
      const session = await product;
      const rows = asked.members.length;
      const states = new Float32Array(rows * width);
      await encoder.encode(data, asked, states);
      for (let from = 0; from < rows; from += ROWS) {
        const count = Math.min(ROWS, rows - from);
        queries.fill(0);
        queries.set(states.subarray(from * width, (from + count) * width));
        await session.run();
        out.set(session.outputs.scores.subarray(0, count * items), from * items);
      }
    },
    close: async () => {
      await encoder.close();
      await (await maker)?.close();
      await (await product)?.close();
    },
  };
};
