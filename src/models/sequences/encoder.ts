/** From histories to member states: forward passes alone, in the graphs of the model's own forward function. */
import { createGraph } from '../../nn/graph.ts';
import { compile, type Session } from '../../nn/session.ts';
import { declareWeights } from '../../nn/weights.ts';
import type { Arena } from '../../nn/arena.ts';
import { lengthsUpTo } from './batches.ts';
import type { SequenceData, Queries } from './data.ts';
import type { SequenceModel } from './model.ts';

const TOKENS = 1024;

export interface Encoder {
  /**
   * States of members read up to a point: out[r * width ...] for row r, of unit length.
   * @param vectors item vectors [items, width]
   */
  encode(data: SequenceData, queries: Queries, out: Float32Array): Promise<void>;
  close(): Promise<void>;
}

export const createEncoder = (model: SequenceModel, arena: Arena, vectors: Float32Array): Encoder => {
  const sessions = new Map<number, Promise<Session<'states'>>>();
  const lengths = lengthsUpTo(model.window);
  const rowsOf = (length: number): number => Math.max(1, Math.round(TOKENS / length));
  const open = async (length: number): Promise<Session<'states'>> => {
    const g = createGraph();
    const w = declareWeights(g);
    const ids = g.input('ids', [rowsOf(length), length], 'int32');
    const events = g.scale(g.gather(g.input('vectors', [vectors.length / model.width, model.width]), ids), Math.sqrt(model.width));
    const states = g.l2Normalise(model.decode({ g, w, drop: (x) => x }, events));
    const session = await compile({ states });
    for (const { name } of w.specs) session.bind(name, arena.parameter(name).value);
    session.bind('vectors', vectors);
    return session;
  };
  const sessionFor = async (length: number): Promise<Session<'states'>> => {
    const found = sessions.get(length) ?? open(length);
    sessions.set(length, found);
    return found;
  };
  const run = async (data: SequenceData, queries: Queries, { length, rows, out }: { readonly length: number; readonly rows: readonly number[]; readonly out: Float32Array }): Promise<void> => {
    const session = await sessionFor(length);
    const capacity = rowsOf(length);
    const ids = new Int32Array(capacity * length);
    session.bind('ids', ids);
    for (let at = 0; at < rows.length; at += capacity) {
      const part = rows.slice(at, at + capacity);
      ids.fill(0);
      const last = part.map((row, place) => {
        const end = queries.ends[row] ?? 0;
        const from = Math.max(data.starts[queries.members[row] ?? 0] ?? 0, end - model.window);
        ids.set(data.item.subarray(from, end), place * length);
        return end - from - 1;
      });
      await session.run();
      part.forEach((row, place) => {
        const state = (place * length + (last[place] ?? 0)) * model.width;
        if ((last[place] ?? -1) >= 0) out.set(session.outputs.states.subarray(state, state + model.width), row * model.width);
        else out.fill(0, row * model.width, (row + 1) * model.width);
      });
    }
  };
  return {
    encode: async (data, queries, out) => {
      const byLength = new Map<number, number[]>();
      queries.members.forEach((member, row) => {
        const events = Math.min(model.window, (queries.ends[row] ?? 0) - (data.starts[member] ?? 0));
        const length = lengths.find((each) => each >= events) ?? model.window;
        const list = byLength.get(length) ?? [];
        list.push(row);
        byLength.set(length, list);
      });
      for (const [length, rows] of byLength) await run(data, queries, { length, rows, out });
    },
    close: async () => { for (const session of sessions.values()) await (await session).close(); },
  };
};
