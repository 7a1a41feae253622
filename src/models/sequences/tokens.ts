/** From an event to the vector that a decoder reads: its item by content and id, where it happened, what was done, how long it took. */
import type { Value } from '../../nn/graph.ts';
import type { ParameterSpec } from '../../nn/arena.ts';
import { linear, type Build } from './blocks.ts';
import { EVENT_ATTRIBUTES, type Vocabulary } from './vocabulary.ts';

/** The parameter that holds items' id embeddings, [items, width]. */
export const ITEMS = 'items';
/** Above this many items a step moves only the rows that it touched. */
const SPARSE_ABOVE = 20_000;

export const itemTable = (items: number, width: number): ParameterSpec => ({ name: ITEMS, shape: [items, width], init: { kind: 'normal', deviation: 0.02 }, sparse: items > SPARSE_ABOVE });

/**
 * Vectors of `count` items, [count, width]: the id embedding, or with content, content projection + gate · id embedding, so that an item
 * nobody has touched (gate 0) has a vector from its content. Inputs: `<name>` ids [count]; with content also `<name>/content`
 * [count · features], `<name>/share` [count, features, 1] (1 / features there are, 0 where none), `<name>/gate` [count, 1].
 */
export const itemVectors = (build: Build, vocabulary: Vocabulary, { name, count, width }: { readonly name: string; readonly count: number; readonly width: number }): Value => {
  const { g, w } = build;
  const ids = w.rows(itemTable(vocabulary.items, width), g.input(name, [count], 'int32'));
  if (vocabulary.content === undefined) return ids;
  const { width: features, buckets } = vocabulary.content;
  const table = { name: 'content', shape: [buckets, width], init: { kind: 'normal', deviation: 0.02 }, sparse: true } as const;
  const rows = g.reshape(w.rows(table, g.input(`${name}/content`, [count * features], 'int32')), [count, features, width]);
  const pooled = g.reshape(g.sum(g.mul(rows, g.input(`${name}/share`, [count, features, 1])), [1]), [count, width]);
  return g.add(linear(build, pooled, { name: 'content/projection', to: width, bias: false }), g.mul(ids, g.input(`${name}/gate`, [count, 1])));
};

/**
 * @param items vectors of the events' items [batch · length, width]
 * @returns tokens [batch, length, width]; the attributes are inputs `event/<name>` [batch · length]
 */
export const eventTokens = ({ g, w }: Build, vocabulary: Vocabulary, { items, batch }: { readonly items: Value; readonly batch: number }): Value => {
  const [count = 1, width = 1] = items.shape;
  let token = items;
  for (const name of EVENT_ATTRIBUTES) {
    const rows = vocabulary.attributes[name];
    if (rows === undefined) continue;
    token = g.add(token, w.rows({ name: `event/${name}`, shape: [rows, width], init: { kind: 'normal', deviation: 0.02 } }, g.input(`event/${name}/ids`, [count], 'int32')));
  }
  // All of it alike: what an attribute says would else be learned √width times more slowly than what an item does.
  return g.reshape(g.scale(token, Math.sqrt(width)), [batch, count / batch, width]);
};
