/** A member's events as the inputs of a graph that reads one history: built once for a length, filled for each member. */
import { createGraph, type Graph, type Value } from '../../nn/graph.ts';
import { compile, type Session } from '../../nn/session.ts';
import { declareWeights, type Weights } from '../../nn/weights.ts';
import { journeyModel, type ServingModel } from '../sequences/model.ts';
import type { Build } from '../sequences/blocks.ts';
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

type AttributeSums = (events: JourneyEvents, place: number) => Float32Array;

/** What the attributes of an event add to its token [width], as `eventTokens` adds it: there are few combinations, so each is summed once. */
const createAttributeSums = ({ sizes: { width }, vocabulary, weights }: JourneyArtefact): AttributeSums => {
  const tables = EVENT_ATTRIBUTES.flatMap((name) => {
    const rows = vocabulary.attributes[name];
    return rows === undefined ? [] : [{ name, rows, table: parameterOf(weights, `event/${name}`) }];
  });
  const sums = new Map<number, Float32Array>();
  const idOf = (events: JourneyEvents, place: number, { name, rows }: { readonly name: (typeof EVENT_ATTRIBUTES)[number]; readonly rows: number }): number => Math.min(rows - 1, events[name][place] ?? 0);
  return (events, place) => {
    let key = 0;
    for (const each of tables) key = key * each.rows + idOf(events, place, each);
    const known = sums.get(key);
    if (known !== undefined) return known;
    const sum = new Float32Array(width);
    for (const each of tables) {
      const from = idOf(events, place, each) * width;
      for (let i = 0; i < width; i++) sum[i] = (sum[i] ?? 0) + (each.table[from + i] ?? 0);
    }
    sums.set(key, sum);
    return sum;
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
  const wanted = outputs(build, journeyModel(sizes, vocabulary), g.input('tokens', [1, length, width]));
  const names = new Set(w.specs.map(({ name }) => name));
  const session = await compile(wanted, (name) => (names.has(name) ? parameterOf(weights, name) : undefined));
  const bound = <Column extends Float32Array | Int32Array>(name: string, column: Column): Column => { session.bind(name, column); return column; };
  const tokens = bound('tokens', new Float32Array(length * width));
  const attributes = createAttributeSums(artefact);
  const itemFactor = Math.sqrt(width);
  const place = asking === 'last' ? bound('last/place', new Int32Array(1)) : new Int32Array(1);
  const own = asking === 'ahead' ? bound('ahead/own', new Float32Array(1)) : new Float32Array(1);
  const mask = bound(`${asking}/mask`, new Float32Array(length));
  const distances = bound(`${asking}/distances`, new Int32Array(length));
  const gaps = w.gapInputs.map(({ table, input, size }) => ({ table: parameterOf(weights, table), bias: bound(input, new Float32Array(size)) }));
  const whole = gaps.filter(({ bias }) => bias.length !== length || length === 1);
  const asked = gaps.filter(({ bias }) => bias.length === length && length !== 1);
  return {
    session, length,
    fill: (events, { count, seconds }) => {
      const from = events.count - count;
      for (let i = 0; i < count; i++) {
        tokens.set(attributes(events, from + i), i * width);
        vectors.add({ row: events.row[from + i] ?? -1, features: events.features, at: (from + i) * features }, tokens, { to: i * width, factor: itemFactor });
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
