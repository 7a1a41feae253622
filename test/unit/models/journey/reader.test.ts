import { describe, expect, it } from 'vitest';
import { createJourneyReader, type JourneyReader } from '../../../../src/models/journey/reader.ts';
import { CONTENT_WIDTH } from '../../../../src/models/sequences/content.ts';
import type { SequenceData } from '../../../../src/models/sequences/data.ts';
import { createEncoder } from '../../../../src/models/sequences/encoder.ts';
import type { ModelSizes } from '../../../../src/models/sequences/model.ts';
import { createScorer } from '../../../../src/models/sequences/scorer.ts';
import { eventTokens } from '../../../../src/models/sequences/tokens.ts';
import { gapBucket, pauseOf } from '../../../../src/models/sequences/vocabulary.ts';
import { createGraph } from '../../../../src/nn/graph.ts';
import { compile } from '../../../../src/nn/session.ts';
import { declareWeights } from '../../../../src/nn/weights.ts';
import { eventsOf, madeArtefact, madeData, madeModel, SMALL, type FullData } from './made.ts';

const data = madeData({ members: 6, items: 23, events: 15 });
const trained = madeModel(data);
const { width } = SMALL;

const farthest = (a: Float32Array, b: Float32Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

/** States of the second member by the reader, and by a full forward of the batched graph that training validates with: how far they are apart. */
const apart = async (of: FullData, sizes: ModelSizes, { counts, time = true }: { readonly counts: readonly number[]; readonly time?: boolean }): Promise<number> => {
  const { seconds, ...without } = of;
  const read: SequenceData = time ? of : without;
  const { model, arena, facts, itemNames } = madeModel(read, sizes);
  const reader = createJourneyReader(madeArtefact({ model, arena, facts, itemNames }));
  const encoder = createEncoder(model, arena, facts);
  const from = of.starts[1] ?? 0;
  let most = 0;
  for (const count of counts) {
    const asked = (seconds[from + count - 1] ?? 0) + 77_000;
    const [expected, state] = [new Float32Array(sizes.width), new Float32Array(sizes.width)];
    await encoder.encode(read, { members: Int32Array.of(1), ends: Int32Array.of(from + count), seconds: Float64Array.of(asked) }, expected);
    await reader.state(eventsOf(of, reader.itemRow, [from, from + count]), asked, state);
    expect(Math.hypot(...state)).toBeCloseTo(1, 5);
    most = Math.max(most, farthest(state, expected));
  }
  await encoder.close();
  await reader.close();
  return most;
};
const EVERY = Array.from({ length: 15 }, (_, i) => i + 1);

describe('the state that a journey reader answers is that of a full forward', () => {
  it.each([
    ['one block', { ...SMALL, blocks: 1 }, true],
    ['two blocks', SMALL, true],
    ['two blocks without time', SMALL, false],
    ['one block without time', { ...SMALL, blocks: 1 }, false],
    ['one block with one head', { ...SMALL, blocks: 1, heads: 1 }, true],
    ['a width that is no multiple of four', { ...SMALL, blocks: 1, width: 6 }, true],
  ])('with %s, for histories of every length and longer than the window', async (_, sizes, time) => {
    expect(await apart(data, sizes, { counts: EVERY, time })).toBeLessThan(1e-5);
  });

  it('at the size that serves, with a window that is full, and one that is not after one that was', async () => {
    const long = madeData({ members: 2, items: 60, events: 207 });
    expect(await apart(long, { ...SMALL, width: 64, blocks: 1, window: 200 }, { counts: [207, 200, 171, 199] })).toBeLessThan(1e-5);
  });
});

describe('a journey reader', () => {
  it('answers zeros for a member without events', async () => {
    const reader = createJourneyReader(madeArtefact(trained));
    const state = new Float32Array(width).fill(7);
    await reader.state(eventsOf(data, reader.itemRow, [0, 0]), 5, state);
    expect([...state]).toEqual(Array.from({ length: width }, () => 0));
    await reader.close();
  });

  it('answers the vectors that the graph makes, members by their content alone', async () => {
    const reader = createJourneyReader(madeArtefact(trained));
    const scorer = createScorer(trained.model, trained.arena, trained.facts);
    await scorer.refresh();
    const out = new Float32Array(data.items * width);
    const rows = Int32Array.from(data.itemNames, reader.itemRow);
    reader.vectors({ rows, features: data.content.features }, out);
    expect(farthest(out, scorer.vectors)).toBeLessThan(1e-5);
    expect([...rows].map((row, item) => (row < 0 ? item % 4 : 0)).every((rest) => rest === 0 || rest === 3)).toBe(true);
    expect(rows.filter((row) => row >= 0).length).toBe(data.itemNames.filter((name) => name.startsWith('post:')).length);
    await scorer.close();
    await reader.close();
  });

  it('gives an item that it has not met the vector of its content, and takes up content that changed', () => {
    const reader = createJourneyReader(madeArtefact(trained));
    const features = new Uint16Array(2 * CONTENT_WIDTH);
    features.set([11, 12], 0);
    features.set([11, 12], CONTENT_WIDTH);
    const out = new Float32Array(2 * width);
    reader.vectors({ rows: Int32Array.of(-1, reader.itemRow('post:not-met')), features }, out);
    expect([...out.subarray(0, width)]).toEqual([...out.subarray(width)]);
    expect(Math.hypot(...out.subarray(0, width))).toBeCloseTo(1, 5);
    const changed = Float32Array.from(out);
    features.set([13], 1);
    reader.vectors({ rows: Int32Array.of(0, 0), features }, out);
    reader.vectors({ rows: Int32Array.of(-1, -1), features }, changed);
    expect([...out.subarray(0, width)]).not.toEqual([...out.subarray(width)]);
    expect([...changed.subarray(0, width)]).not.toEqual([...changed.subarray(width)]);
  });

  it('says how much of a state each event has, summing to one', async () => {
    const reader = createJourneyReader(madeArtefact(trained));
    const weights = await reader.weights(eventsOf(data, reader.itemRow, [0, 14]), data.seconds[14] ?? 0);
    expect(weights.length).toBe(14);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    // The window holds twelve; what is older has no say.
    expect([...weights.subarray(0, 2)]).toEqual([0, 0]);
    expect(weights.every((weight) => weight >= 0)).toBe(true);
    await reader.close();
  });
});

/** Candidates as events without attributes behind the others, by the graph that trains: what the finalists' graph must come to. */
const behind = async (tokens: Float32Array, count: number, gaps: Int32Array): Promise<Float32Array> => {
  const g = createGraph();
  const w = declareWeights(g);
  const states = g.l2Normalise(trained.model.decode({ g, w, drop: (x) => x }, g.input('tokens', [1, count, width])));
  const session = await compile({ states });
  for (const { name } of w.specs) session.bind(name, trained.arena.parameter(name).value);
  session.bind('tokens', tokens);
  session.bind('gaps', gaps);
  await session.run();
  const out = session.outputs.states.slice((count - 1) * width);
  await session.close();
  return out;
};

/** Tokens of events by the graph of tokens. */
const tokensOf = async (reader: JourneyReader, count: number): Promise<Float32Array> => {
  const g = createGraph();
  const w = declareWeights(g);
  const session = await compile({ tokens: eventTokens({ g, w, drop: (x) => x }, trained.model.vocabulary, { items: g.input('items', [count, width]), batch: 1 }) });
  for (const { name } of w.specs) session.bind(name, trained.arena.parameter(name).value);
  const events = eventsOf(data, reader.itemRow, [0, count]);
  const items = new Float32Array(count * width);
  reader.rawVectors({ rows: events.row, features: events.features }, items);
  session.bind('items', items);
  for (const name of ['surface', 'action', 'dwell'] as const) session.bind(`event/${name}/ids`, Int32Array.from(events[name]));
  session.bind('event/pause/ids', Int32Array.from({ length: count }, (_, i) => (i === 0 ? 0 : pauseOf((events.seconds[i] ?? 0) - (events.seconds[i - 1] ?? 0)))));
  await session.run();
  const out = Float32Array.from(session.outputs.tokens);
  await session.close();
  return out;
};

describe('finalists', () => {
  it('are each read as if they alone stood behind the history', async () => {
    const reader = createJourneyReader(madeArtefact(trained));
    const count = 7;
    const asked = (data.seconds[count - 1] ?? 0) + 40_000;
    const rows = Int32Array.of(0, 4, -1);
    const features = new Uint16Array(rows.length * CONTENT_WIDTH);
    features.set([3, 4, 5], 0);
    features.set([9], CONTENT_WIDTH);
    features.set([21, 22], 2 * CONTENT_WIDTH);
    const candidates = new Float32Array(rows.length * width);
    reader.rawVectors({ rows, features }, candidates);
    const out = new Float32Array(rows.length * width);
    await reader.candidateStates(eventsOf(data, reader.itemRow, [0, count]), asked, { candidates, out });
    const history = await tokensOf(reader, count);
    const length = count + 1;
    const gaps = new Int32Array(length * length);
    for (let i = 0; i < length; i++) {
      const next = i + 1 < count ? data.seconds[i + 1] ?? 0 : asked;
      for (let j = 0; j <= i; j++) gaps[i * length + j] = gapBucket(next - (j < count ? data.seconds[j] ?? 0 : asked));
    }
    for (let c = 0; c < rows.length; c++) {
      const tokens = new Float32Array(length * width);
      tokens.set(history);
      tokens.set(candidates.subarray(c * width, (c + 1) * width).map((value) => value * Math.sqrt(width)), count * width);
      expect(farthest(out.subarray(c * width, (c + 1) * width), await behind(tokens, length, gaps)), `candidate ${c}`).toBeLessThan(1e-5);
    }
    await reader.close();
  });
});

describe('buckets of time', () => {
  it('are floor(ln(seconds) / .301), at every edge and far beyond', () => {
    const plain = (seconds: number): number => Math.min(63, Math.floor(Math.log(Math.max(1, seconds)) / 0.301));
    for (let power = 0; power < 40; power += 0.01) {
      const seconds = Math.floor(Math.exp(power));
      expect(gapBucket(seconds), String(seconds)).toBe(plain(seconds));
    }
    for (const odd of [-5, 0, 0.5, 1.5, Number.NaN]) expect(gapBucket(odd), String(odd)).toBe(Number.isNaN(odd) ? 0 : plain(odd));
  });
});
