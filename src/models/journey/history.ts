/** A member's events as the inputs of a graph that reads one history: built once for a length, filled for each member. */
import { createGraph, type Graph, type Value } from '../../nn/graph.ts';
import { compile, type Session } from '../../nn/session.ts';
import { declareWeights, type Weights } from '../../nn/weights.ts';
import { journeyModel, type ServingModel } from '../sequences/model.ts';
import type { Build } from '../sequences/blocks.ts';
import { eventTokens } from '../sequences/tokens.ts';
import { EVENT_ATTRIBUTES, gapBucket } from '../sequences/vocabulary.ts';
import { parameterOf, type JourneyArtefact } from './artefact.ts';
import type { JourneyEvents } from './events.ts';
import type { ItemVectors } from './item-vectors.ts';

const GAP = '/gap';
interface GapInput { readonly table: string; readonly input: string; readonly size: number }

/** Biases by time come in as numbers: looked up here they cost a tenth of what a gather of single numbers costs in the graph. */
const withGapsOutside = (g: Graph): Weights & { readonly gapInputs: readonly GapInput[] } => {
  const inner = declareWeights(g);
  const gapInputs: GapInput[] = [];
  return {
    ...inner, gapInputs,
    rows: (spec, ids) => {
      if (!spec.name.endsWith(GAP) || ids.data !== undefined) return inner.rows(spec, ids);
      const [size = 1] = ids.shape;
      const input = `${spec.name}/${ids.name}`;
      gapInputs.push({ table: spec.name, input, size });
      return g.input(input, [size, 1]);
    },
  };
};

/** Who asks of the events: the last of them (`hstuLast`), or candidates behind it (`hstuCandidates`). */
export type Asking = 'last' | 'ahead';

export interface History<Output extends string> {
  readonly session: Session<Output>;
  readonly length: number;
  /** Takes up the newest `count` events, asked at `seconds`. */
  fill(events: JourneyEvents, asked: { readonly count: number; readonly seconds: number }): void;
}

interface GapFeed { readonly table: Float32Array; readonly bias: Float32Array }

/** Between each event's next and every event before [L · L]. Rows behind the last event stay as they were: nothing reads them. */
const fillGaps = (feeds: readonly GapFeed[], { seconds }: JourneyEvents, { from, count, asked, length }: { readonly from: number; readonly count: number; readonly asked: number; readonly length: number }): void => {
  for (let i = 0; i < count; i++) {
    const next = i + 1 < count ? seconds[from + i + 1] ?? 0 : asked;
    for (let j = 0, to = i * length; j <= i; j++, to++) {
      const bucket = gapBucket(next - (seconds[from + j] ?? 0));
      for (const { table, bias } of feeds) bias[to] = table[bucket] ?? 0;
    }
  }
};

export const openHistory = async <Output extends string>(
  artefact: JourneyArtefact, { vectors, length, asking }: { readonly vectors: ItemVectors; readonly length: number; readonly asking: Asking },
  outputs: (build: Build, model: ServingModel, tokens: Value) => Readonly<Record<Output, Value>>,
): Promise<History<Output>> => {
  const { sizes, vocabulary, weights } = artefact;
  const { width } = sizes;
  const features = vocabulary.content?.width ?? 0;
  const g = createGraph();
  const w = withGapsOutside(g);
  const build: Build = { g, w, drop: (x) => x };
  const tokens = eventTokens(build, vocabulary, { items: g.input('items', [length, width]), batch: 1 });
  const wanted = outputs(build, journeyModel(sizes, vocabulary), tokens);
  const names = new Set(w.specs.map(({ name }) => name));
  const session = await compile(wanted, (name) => (names.has(name) ? parameterOf(weights, name) : undefined));
  const bound = <Column extends Float32Array | Int32Array>(name: string, column: Column): Column => { session.bind(name, column); return column; };
  const items = bound('items', new Float32Array(length * width));
  const place = asking === 'last' ? bound('last/place', new Int32Array(1)) : new Int32Array(1);
  const own = asking === 'ahead' ? bound('ahead/own', new Float32Array(1)) : new Float32Array(1);
  const mask = bound(`${asking}/mask`, new Float32Array(length));
  const distances = bound(`${asking}/distances`, new Int32Array(length));
  const attributes = EVENT_ATTRIBUTES.flatMap((name) => {
    const rows = vocabulary.attributes[name];
    return rows === undefined ? [] : [{ name, rows, ids: bound(`event/${name}/ids`, new Int32Array(length)) }];
  });
  const gaps = w.gapInputs.map(({ table, input, size }) => ({ table: parameterOf(weights, table), bias: bound(input, new Float32Array(size)) }));
  const whole = gaps.filter(({ bias }) => bias.length !== length || length === 1);
  const asked = gaps.filter(({ bias }) => bias.length === length && length !== 1);
  return {
    session, length,
    fill: (events, { count, seconds }) => {
      const from = events.count - count;
      items.fill(0, 0, count * width);
      for (let i = 0; i < count; i++) {
        vectors.add({ row: events.row[from + i] ?? -1, features: events.features, at: (from + i) * features }, items, { to: i * width, factor: 1 });
        for (const { name, ids, rows } of attributes) ids[i] = Math.min(rows - 1, events[name][from + i] ?? 0);
      }
      const ahead = asking === 'ahead' ? 1 : 0;
      place[0] = count - 1;
      own[0] = 1 / (count + 1);
      mask.fill(1 / (count + ahead), 0, count).fill(0, count);
      for (let j = 0; j < count; j++) distances[j] = count - 1 + ahead - j;
      for (const { table, bias } of asked) for (let j = 0; j < count; j++) bias[j] = table[gapBucket(seconds - (events.seconds[from + j] ?? 0))] ?? 0;
      if (whole.length > 0) fillGaps(whole, events, { from, count, asked: seconds, length });
    },
  };
};
