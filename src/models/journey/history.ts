/** A member's events as the inputs of a graph that reads one history: built once for a length, filled for each member. */
import { createGraph, type Graph, type Value } from '../../nn/graph.ts';
import { compile, type Session } from '../../nn/session.ts';
import { declareWeights, type Weights } from '../../nn/weights.ts';
import { journeyModel, type ServingModel } from '../sequences/model.ts';
import type { Build } from '../sequences/blocks.ts';
import { biasTables } from '../sequences/hstu.ts';
import { GAP_BUCKETS, gapBucket } from '../sequences/vocabulary.ts';
import { parameterOf, type JourneyArtefact } from './artefact.ts';
import type { JourneyEvents } from './events.ts';
import type { EventTokens } from './event-tokens.ts';

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

/** The newest `count` events, from the place `from` on, asked at `seconds`. */
interface Asked { readonly from: number; readonly count: number; readonly seconds: number }
type Fill = (events: JourneyEvents, asked: Asked) => void;

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

interface Opening { readonly artefact: JourneyArtefact; readonly length: number; bound<Column extends Float32Array | Int32Array>(name: string, column: Column): Column }

/** `last/bias` of `hstuLast`. */
const lastFill = ({ artefact: { sizes: { blocks, heads }, vocabulary, weights }, length, bound }: Opening): Fill => {
  const tables = biasTables(blocks - 1);
  const near = parameterOf(weights, tables.distance);
  const byTime = vocabulary.time ? parameterOf(weights, tables.gap) : new Float32Array(GAP_BUCKETS);
  const bias = bound('last/bias', new Float32Array((heads + 2) * length));
  return (events, { from, count, seconds }) => {
    for (let j = 0; j < count; j++) {
      const gap = byTime[gapBucket(seconds - (events.seconds[from + j] ?? 0))] ?? 0;
      for (let head = 0, at = (count - 1 - j) * heads; head < heads; head++, at++) bias[head * length + j] = gap + (near[at] ?? 0);
    }
    const share = heads * length;
    bias.fill(1 / count, share, share + count).fill(0, share + count);
    bias[share + length + count - 1] = 1;
  };
};

/** The inputs of `hstuCandidates`, but for biases by time. */
const aheadFill = ({ length, bound }: Opening): Fill => {
  const [own, mask, distances] = [bound('ahead/own', new Float32Array(1)), bound('ahead/mask', new Float32Array(length)), bound('ahead/distances', new Int32Array(length))];
  return (_, { count }) => {
    own[0] = 1 / (count + 1);
    mask.fill(1 / (count + 1), 0, count).fill(0, count);
    for (let j = 0; j < count; j++) distances[j] = count - j;
  };
};

export const openHistory = async <Output extends string>(
  artefact: JourneyArtefact, { tokens, length, asking }: { readonly tokens: EventTokens; readonly length: number; readonly asking: Asking },
  outputs: (build: Build, model: ServingModel, tokens: Value) => Readonly<Record<Output, Value>>,
): Promise<History<Output>> => {
  const { sizes, vocabulary, weights } = artefact;
  const g = createGraph();
  const w = withGapsOutside(g);
  const build: Build = { g, w, drop: (x) => x };
  const wanted = outputs(build, journeyModel(sizes, vocabulary), g.input('tokens', [1, length, sizes.width]));
  const names = new Set(w.specs.map(({ name }) => name));
  const session = await compile(wanted, (name) => (names.has(name) ? parameterOf(weights, name) : undefined));
  const opening: Opening = { artefact, length, bound: (name, column) => { session.bind(name, column); return column; } };
  const read = opening.bound('tokens', new Float32Array(length * sizes.width));
  const fill = asking === 'last' ? lastFill(opening) : aheadFill(opening);
  const gaps = w.gapInputs.map(({ table, input, size }) => ({ table: parameterOf(weights, table), bias: opening.bound(input, new Float32Array(size)) }));
  const whole = gaps.filter(({ bias }) => bias.length !== length || length === 1);
  const asked = gaps.filter(({ bias }) => bias.length === length && length !== 1);
  return {
    session, length,
    fill: (events, { count, seconds }) => {
      const from = events.count - count;
      tokens.write(events, { from, count }, read);
      fill(events, { from, count, seconds });
      for (const { table, bias } of asked) for (let j = 0; j < count; j++) bias[j] = table[gapBucket(seconds - (events.seconds[from + j] ?? 0))] ?? 0;
      if (whole.length > 0) fillGaps(whole, events, { from, count, asked: seconds, length });
    },
  };
};
