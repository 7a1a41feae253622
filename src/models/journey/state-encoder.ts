/** The state of one member at a time, in graphs whose weights are part of them: batches gain nothing on a processor. */
import { createGraph, type Graph } from '../../nn/graph.ts';
import { compile, type Session } from '../../nn/session.ts';
import { declareWeights, type Weights } from '../../nn/weights.ts';
import { lengthsUpTo } from '../sequences/batches.ts';
import { journeyModel } from '../sequences/model.ts';
import { eventTokens } from '../sequences/tokens.ts';
import { EVENT_ATTRIBUTES, gapBucket } from '../sequences/vocabulary.ts';
import { parameterOf, type JourneyArtefact } from './artefact.ts';
import type { JourneyEvents } from './events.ts';
import type { ItemVectors } from './item-vectors.ts';

const GAP = '/gap';
/** Biases by time come in as numbers: looked up here they cost a tenth of what a gather of single numbers costs in the graph. */
export const withGapsOutside = (g: Graph): Weights & { readonly gapTables: readonly string[] } => {
  const inner = declareWeights(g);
  const gapTables: string[] = [];
  return {
    ...inner, gapTables,
    rows: (spec, ids) => {
      if (!spec.name.endsWith(GAP)) return inner.rows(spec, ids);
      gapTables.push(spec.name);
      return g.input(spec.name, [...ids.shape, 1]);
    },
  };
};

interface Opened {
  readonly session: Session<'state'>;
  readonly items: Float32Array;
  readonly attributes: readonly { readonly name: (typeof EVENT_ATTRIBUTES)[number]; readonly ids: Int32Array; readonly rows: number }[];
  readonly place: Int32Array;
  readonly mask: Float32Array;
  readonly distances: Int32Array;
  /** Of every block but the last [L · L], and of the last [L]. */
  readonly gaps: readonly { readonly table: Float32Array; readonly bias: Float32Array }[];
  readonly lastGaps: { readonly table: Float32Array; readonly bias: Float32Array } | undefined;
}

const open = async (artefact: JourneyArtefact, length: number): Promise<Opened> => {
  const { sizes, vocabulary, weights } = artefact;
  const g = createGraph();
  const w = withGapsOutside(g);
  const build = { g, w, drop: (x: Parameters<Graph['silu']>[0]) => x };
  const tokens = eventTokens(build, vocabulary, { items: g.input('items', [length, sizes.width]), batch: 1 });
  const state = g.l2Normalise(journeyModel(sizes, vocabulary).decodeLast(build, tokens));
  const names = new Set(w.specs.map(({ name }) => name));
  const session = await compile({ state }, (name) => (names.has(name) ? parameterOf(weights, name) : undefined));
  const items = new Float32Array(length * sizes.width);
  const [place, mask, distances] = [new Int32Array(1), new Float32Array(length), new Int32Array(length)];
  session.bind('items', items);
  session.bind('last/place', place);
  session.bind('last/mask', mask);
  session.bind('last/distances', distances);
  const attributes = EVENT_ATTRIBUTES.flatMap((name) => {
    const rows = vocabulary.attributes[name];
    if (rows === undefined) return [];
    const ids = new Int32Array(length);
    session.bind(`event/${name}/ids`, ids);
    return [{ name, ids, rows }];
  });
  const biases = w.gapTables.map((name, index) => {
    const bias = new Float32Array(index === w.gapTables.length - 1 ? length : length * length);
    session.bind(name, bias);
    return { table: parameterOf(weights, name), bias };
  });
  return { session, items, attributes, place, mask, distances, gaps: biases.slice(0, -1), lastGaps: biases.at(-1) };
};

/** Which of a member's events are read: the newest that fit. */
interface Span { readonly from: number; readonly count: number }

const setGaps = ({ gaps, lastGaps, mask: { length } }: Opened, { seconds }: JourneyEvents, { from, count, asked }: Span & { readonly asked: number }): void => {
  if (lastGaps === undefined) return;
  for (let j = 0; j < count; j++) lastGaps.bias[j] = lastGaps.table[gapBucket(asked - (seconds[from + j] ?? 0))] ?? 0;
  if (gaps.length === 0) return;
  // Rows behind the last event stay as they were: nothing reads them.
  for (let i = 0; i < count; i++) {
    const next = i + 1 < count ? seconds[from + i + 1] ?? 0 : asked;
    for (let j = 0, to = i * length; j <= i; j++, to++) {
      const bucket = gapBucket(next - (seconds[from + j] ?? 0));
      for (const { table, bias } of gaps) bias[to] = table[bucket] ?? 0;
    }
  }
};

export interface StateEncoder {
  /** Fills out [width] with the unit state after the newest events, asked at `seconds`; zeros where there are none. One call at a time. */
  state(events: JourneyEvents, seconds: number, out: Float32Array): Promise<void>;
  close(): Promise<void>;
}

export const createStateEncoder = (artefact: JourneyArtefact, vectors: ItemVectors): StateEncoder => {
  const { sizes: { width, window }, vocabulary } = artefact;
  const lengths = lengthsUpTo(window);
  const features = vocabulary.content?.width ?? 0;
  const sessions = new Map<number, Promise<Opened>>();
  const openFor = async (length: number): Promise<Opened> => {
    const found = sessions.get(length) ?? open(artefact, length);
    sessions.set(length, found);
    return found;
  };
  const encode = async (events: JourneyEvents, asked: number, out: Float32Array): Promise<void> => {
    const count = Math.min(window, events.count);
    if (count === 0) { out.fill(0, 0, width); return; }
    const from = events.count - count;
    const length = lengths.find((each) => each >= count) ?? window;
    const opened = await openFor(length);
    const { session, items, attributes, place, mask, distances } = opened;
    items.fill(0, 0, count * width);
    for (let i = 0; i < count; i++) {
      vectors.add({ row: events.row[from + i] ?? -1, features: events.features, at: (from + i) * features }, items, { to: i * width, factor: 1 });
      for (const { name, ids, rows } of attributes) ids[i] = Math.min(rows - 1, events[name][from + i] ?? 0);
    }
    place[0] = count - 1;
    mask.fill(1 / count, 0, count).fill(0, count);
    for (let j = 0; j < count; j++) distances[j] = count - 1 - j;
    setGaps(opened, events, { from, count, asked });
    await session.run();
    out.set(session.outputs.state);
  };
  return {
    state: encode,
    close: async () => { for (const opened of sessions.values()) await (await opened).session.close(); },
  };
};
