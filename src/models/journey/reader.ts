/**
 * Asks a journey model: vectors of items, states of members, and which past events a state rests on. One call at a time: a reader
 * belongs to one thread, and arithmetic blocks it.
 */
import { createKernels } from '../../kernels/kernels.ts';
import { CONTENT_WIDTH } from '../sequences/content.ts';
import { currentJourney, readJourney, type JourneyArtefact } from './artefact.ts';
import { withoutEvent, type JourneyEvents } from './events.ts';
import { createEventTokens } from './event-tokens.ts';
import { createItemVectors } from './item-vectors.ts';
import { createRowIndex } from './references.ts';
import { createFinalist, createLight, type LightHead } from './serve-heads.ts';
import { createCandidateEncoder, createStateEncoder } from './state-encoder.ts';

/** Items by their rows [n] and content features [n, CONTENT_WIDTH]. */
export interface ReadItems { readonly rows: Int32Array; readonly features: Uint16Array }

export interface JourneyReader {
  readonly version: string;
  /** Length of states and vectors. */
  readonly width: number;
  /** Events that are read, counted from the last. */
  readonly window: number;
  /** Row of an item in the model, -1 for one it has not met: its vector then comes from its content alone. */
  itemRow(reference: string): number;
  /** Unit vectors [n, width] of items, from their rows [n] and content features [n, CONTENT_WIDTH]; zeros for an item without either. */
  vectors(items: ReadItems, out: Float32Array): void;
  /** The same as they stand in an event, not of unit length: what `candidateStates` reads. */
  rawVectors(items: ReadItems, out: Float32Array): void;
  /** Unit state [width] of a member after the newest of `events`, asked at `seconds`; zeros where there are none. */
  state(events: JourneyEvents, seconds: number, out: Float32Array): Promise<void>;
  /**
   * What share of the state each event has, [events.count], summing to 1: how far the state turns (1 − cosine) when the event is left out. A forward
   * pass for each event: for one who asks, not for every page.
   */
  weights(events: JourneyEvents, seconds: number): Promise<Float32Array>;
  /** Unit states out [n, width] of n ≤ FINALISTS candidates (`rawVectors`), each behind the events as if it alone followed them. */
  candidateStates(events: JourneyEvents, seconds: number, asked: { readonly candidates: Float32Array; readonly out: Float32Array }): Promise<void>;
  /** What each logit of the heads is for; empty where the model has no heads. */
  readonly actions: readonly string[];
  /** The light head; undefined where the model was trained on too few requests to have one. */
  readonly light: LightHead | undefined;
  /**
   * Logits [n, actions] of n ≤ FINALISTS candidates that have read the history: their logits by the light head, and what their own states add.
   * Undefined where the model has no heads.
   */
  finalists(events: JourneyEvents, seconds: number, asked: { readonly items: ReadItems; readonly state: Float32Array; readonly logits: Float32Array }): Promise<Float32Array | undefined>;
  close(): Promise<void>;
}

const toUnit = (out: Float32Array, at: number, width: number): void => {
  let sum = 0;
  for (let i = at; i < at + width; i++) sum += (out[i] ?? 0) ** 2;
  const factor = sum === 0 ? 0 : 1 / Math.sqrt(sum);
  for (let i = at; i < at + width; i++) out[i] = (out[i] ?? 0) * factor;
};

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

export const createJourneyReader = (artefact: JourneyArtefact): JourneyReader => {
  const { sizes: { width, window }, keys, version, heads } = artefact;
  const kernels = createKernels();
  const items = createItemVectors(artefact, kernels);
  const tokens = createEventTokens(artefact, items, kernels);
  const encoder = createStateEncoder(artefact, tokens);
  const candidates = createCandidateEncoder(artefact, tokens);
  const light = heads === undefined ? undefined : createLight(heads, width);
  const head = heads === undefined ? undefined : createFinalist(heads, width);
  const rawVectors = ({ rows, features }: ReadItems, out: Float32Array): void => {
    const { floats, stride } = items.table;
    for (let i = 0; i < rows.length; i++) {
      items.begin();
      const from = items.find(rows[i] ?? -1, features, i * CONTENT_WIDTH) * stride;
      out.set(floats.subarray(from, from + width), i * width);
    }
  };
  return {
    version, width, window,
    itemRow: createRowIndex(keys),
    vectors: (asked, out) => {
      rawVectors(asked, out);
      for (let i = 0; i < asked.rows.length; i++) toUnit(out, i * width, width);
    },
    rawVectors,
    state: encoder.state,
    candidateStates: candidates.states,
    actions: heads?.actions ?? [],
    light,
    finalists: async (events, seconds, { items: asked, state, logits }) => {
      if (head === undefined) return undefined;
      const n = asked.rows.length;
      const [raw, own] = [new Float32Array(n * width), new Float32Array(n * width)];
      rawVectors(asked, raw);
      await candidates.states(events, seconds, { candidates: raw, out: own });
      for (let i = 0; i < n; i++) toUnit(raw, i * width, width);
      const out = Float32Array.from(logits);
      head.add({ state, vectors: raw, own, n }, out);
      return out;
    },
    weights: async (events, seconds) => {
      const whole = new Float32Array(width);
      const rest = new Float32Array(width);
      await encoder.state(events, seconds, whole);
      const weights = new Float32Array(events.count);
      for (let place = Math.max(0, events.count - window); place < events.count; place++) {
        await encoder.state(withoutEvent(events, place), seconds, rest);
        weights[place] = Math.max(0, 1 - dot(whole, rest));
      }
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return sum === 0 ? weights : weights.map((weight) => weight / sum);
    },
    close: async () => {
      light?.release();
      await encoder.close();
      await candidates.close();
    },
  };
};

/**
 * The version that serves, unless another is said; undefined where there is none yet.
 * @throws client/noModel, server/storeCorrupt, server/storeNewer: the caller keeps the reader it has
 */
export const openJourney = async (data: string, version?: string): Promise<JourneyReader | undefined> => {
  const wanted = version ?? await currentJourney(data);
  return wanted === undefined ? undefined : createJourneyReader(await readJourney(data, version));
};
