/** From histories to member states: forward passes alone, in the graphs of the model's own forward function. */
import { createGraph } from '../../nn/graph.ts';
import { compile, type Session } from '../../nn/session.ts';
import { declareWeights } from '../../nn/weights.ts';
import type { Arena } from '../../nn/arena.ts';
import { lengthsUpTo } from './batches.ts';
import type { SequenceData, Queries } from './data.ts';
import { createEventFeed, createItemFeed, type EventFeed, type ItemFacts, type ItemFeed } from './feeds.ts';
import { readEvents, type SequenceModel } from './model.ts';

const TOKENS = 1024;

export interface Encoder {
  /** States of members read up to a point: out[r * width ...] for row r, of unit length; zeros for a member without events. */
  encode(data: SequenceData, queries: Queries, out: Float32Array): Promise<void>;
  close(): Promise<void>;
}

interface Opened { readonly session: Session<'states'>; readonly items: ItemFeed; readonly events: EventFeed; readonly capacity: number }

export const createEncoder = (model: SequenceModel, arena: Arena, facts: ItemFacts): Encoder => {
  const { vocabulary, width } = model;
  const sessions = new Map<number, Promise<Opened>>();
  const lengths = lengthsUpTo(model.window);
  const open = async (length: number): Promise<Opened> => {
    const capacity = Math.max(1, Math.round(TOKENS / length));
    const g = createGraph();
    const w = declareWeights(g);
    const states = g.l2Normalise(readEvents(model, { g, w, drop: (x) => x }, { batch: capacity, length }).states);
    const session = await compile({ states });
    for (const { name } of w.specs) session.bind(name, arena.parameter(name).value);
    return {
      session, capacity,
      items: createItemFeed(session.bind, { name: 'ids', count: capacity * length }, facts),
      events: createEventFeed(session.bind, { vocabulary, batch: capacity, length }),
    };
  };
  const sessionFor = async (length: number): Promise<Opened> => {
    const found = sessions.get(length) ?? open(length);
    sessions.set(length, found);
    return found;
  };
  const run = async (data: SequenceData, queries: Queries, { length, rows, out }: { readonly length: number; readonly rows: readonly number[]; readonly out: Float32Array }): Promise<void> => {
    const { session, items, events, capacity } = await sessionFor(length);
    for (let at = 0; at < rows.length; at += capacity) {
      const part = rows.slice(at, at + capacity);
      items.ids.fill(0);
      events.clear();
      const last = part.map((asked, row) => {
        const end = queries.ends[asked] ?? 0;
        const from = Math.max(data.starts[queries.members[asked] ?? 0] ?? 0, end - model.window);
        items.ids.set(data.item.subarray(from, end), row * length);
        events.place(data, { row, from, count: end - from, next: queries.seconds?.[asked] });
        return end - from - 1;
      });
      items.complete();
      await session.run();
      part.forEach((asked, row) => {
        const state = (row * length + (last[row] ?? 0)) * width;
        if ((last[row] ?? -1) >= 0) out.set(session.outputs.states.subarray(state, state + width), asked * width);
        else out.fill(0, asked * width, (asked + 1) * width);
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
    close: async () => { for (const session of sessions.values()) await (await session).session.close(); },
  };
};
