/**
 * Item-to-item neighbours: what stood near an item in the sequences that are learned from. The classic strong baseline of sequence
 * recommendation (Ludewig, Jannach 2018, arXiv 1803.09587: sequential rules and session neighbours).
 */
import type { SequenceData, Split } from './data.ts';
import type { Candidate, FitCard, FittedScorer } from './fit.ts';
import { countItems } from './popularity.ts';
import { metricsOf, rank } from './protocol.ts';

/** Neighbours kept of each item. */
const NEIGHBOURS_MAX = 1_000;
const CHOICE_MEMBERS = 2_000;
/** Popularity breaks ties and fills what no neighbour reaches; no neighbour weighs as little. */
const FILL = 1e-6;

export interface NeighbourSettings {
  /** Events apart, at most; one that is d apart weighs 1/d. */
  readonly window: number;
  /** Weight of what came before an item, where what came after weighs 1. */
  readonly before: number;
  /** Weights are divided by popularity to this power. */
  readonly damping: number;
  /** Events of the member that are looked at; the k-th from the end weighs 1/k. */
  readonly last: number;
}

/** Rows of a sparse matrix: neighbours of item i are places starts[i] to starts[i + 1] - 1. */
export interface Neighbours { readonly starts: Int32Array; readonly items: Int32Array; readonly weights: Float32Array }

interface Places { readonly starts: Int32Array; readonly events: Int32Array; readonly memberOf: Int32Array }

/** Where each item occurs, up to `ends`. */
const placesOf = (data: SequenceData, ends: Int32Array): Places => {
  const counts = countItems(data, ends);
  const starts = new Int32Array(data.items + 1);
  for (let i = 0; i < data.items; i++) starts[i + 1] = (starts[i] ?? 0) + (counts[i] ?? 0);
  const next = starts.slice();
  const events = new Int32Array(starts[data.items] ?? 0);
  const memberOf = new Int32Array(data.item.length);
  for (let m = 0; m < data.members; m++) {
    for (let e = data.starts[m] ?? 0; e < (ends[m] ?? 0); e++) {
      const item = data.item[e] ?? 0;
      events[next[item] ?? 0] = e;
      next[item] = (next[item] ?? 0) + 1;
      memberOf[e] = m;
    }
  }
  return { starts, events, memberOf };
};

/** Neighbours of every item, the heaviest NEIGHBOURS_MAX of each; an item is no neighbour of itself. */
export const buildNeighbours = (data: SequenceData, ends: Int32Array, settings: Omit<NeighbourSettings, 'last'>): Neighbours => {
  const { window, before, damping } = settings;
  const places = placesOf(data, ends);
  const discount = countItems(data, ends).map((count) => (count > 0 ? count ** -damping : 0));
  const weight = new Float64Array(data.items);
  const starts = new Int32Array(data.items + 1);
  const [items, weights]: [number[][], number[][]] = [[], []];
  let touched: number[] = [];
  const add = (item: number, amount: number): void => {
    if (weight[item] === 0) touched.push(item);
    weight[item] = (weight[item] ?? 0) + amount;
  };
  for (let i = 0; i < data.items; i++) {
    for (let p = places.starts[i] ?? 0; p < (places.starts[i + 1] ?? 0); p++) {
      const e = places.events[p] ?? 0;
      const m = places.memberOf[e] ?? 0;
      const [first, end] = [data.starts[m] ?? 0, ends[m] ?? 0];
      for (let d = 1; d <= window && e + d < end; d++) add(data.item[e + d] ?? 0, 1 / d);
      if (before > 0) for (let d = 1; d <= window && e - d >= first; d++) add(data.item[e - d] ?? 0, before / d);
    }
    for (const item of touched) weight[item] = item === i ? 0 : (weight[item] ?? 0) * (discount[item] ?? 0);
    const kept = touched.length <= NEIGHBOURS_MAX ? touched : touched.sort((a, b) => (weight[b] ?? 0) - (weight[a] ?? 0) || a - b).slice(0, NEIGHBOURS_MAX);
    items.push(kept.filter((item) => item !== i));
    weights.push(kept.filter((item) => item !== i).map((item) => weight[item] ?? 0));
    starts[i + 1] = (starts[i] ?? 0) + (items[i]?.length ?? 0);
    for (const item of touched) weight[item] = 0;
    touched = [];
  }
  const flat: Neighbours = { starts, items: new Int32Array(starts[data.items] ?? 0), weights: new Float32Array(starts[data.items] ?? 0) };
  items.forEach((list, i) => { flat.items.set(list, starts[i]); flat.weights.set(weights[i] ?? [], starts[i]); });
  return flat;
};

interface Parts { readonly name: string; readonly neighbours: Neighbours; readonly fill: Float32Array; readonly last: number; readonly card: FitCard }

const scorerOf = ({ name, neighbours, fill, last, card }: Parts): FittedScorer => ({
  name, card,
  score: (data, { members, ends }, out) => {
    members.forEach((member, row) => {
      const offset = row * data.items;
      out.set(fill, offset);
      const [start, end] = [data.starts[member] ?? 0, ends[row] ?? 0];
      for (let k = 1; k <= last && end - k >= start; k++) {
        const from = data.item[end - k] ?? 0;
        for (let p = neighbours.starts[from] ?? 0; p < (neighbours.starts[from + 1] ?? 0); p++) {
          const at = offset + (neighbours.items[p] ?? 0);
          out[at] = (out[at] ?? 0) + (neighbours.weights[p] ?? 0) / k;
        }
      }
    });
  },
});

const fillOf = (data: SequenceData, ends: Int32Array): Float32Array => {
  const counts = countItems(data, ends);
  const most = counts.reduce((max, count) => Math.max(max, count), 1);
  return counts.map((count) => FILL * count / most);
};

type Knob = keyof NeighbourSettings;
/** One setting after another is moved along its row, the others held, twice round; validation chooses. */
const ROWS: Readonly<Record<Knob, readonly number[]>> = { window: [1, 3, 10, 30], before: [0, 0.5, 1], damping: [0, 0.25, 0.5, 0.75], last: [1, 2, 3, 5, 10, 20] };
const ROUNDS = 2;

interface Search { readonly name: string; readonly data: SequenceData; readonly split: Split; readonly knobs: readonly Knob[]; readonly start: NeighbourSettings }

const search = async ({ name, data, split, knobs, start }: Search): Promise<{ readonly settings: NeighbourSettings; readonly validation: Readonly<Record<string, number>> }> => {
  const fill = fillOf(data, split.trainEnds);
  const tried = new Map<string, { readonly ndcg: number; readonly hr: number }>();
  let built: { readonly key: string; readonly neighbours: Neighbours } | undefined;
  const measure = async (settings: NeighbourSettings): Promise<{ readonly ndcg: number; readonly hr: number }> => {
    const key = JSON.stringify(settings);
    const known = tried.get(key);
    if (known !== undefined) return known;
    const matrix = JSON.stringify({ ...settings, last: 0 });
    if (built?.key !== matrix) built = { key: matrix, neighbours: buildNeighbours(data, split.trainEnds, settings) };
    const scorer = scorerOf({ name, neighbours: built.neighbours, fill, last: settings.last, card: { chosen: '', validation: {}, parameters: 0 } });
    const metrics = metricsOf(await rank(scorer, { data, split }, { stage: 'validation', membersMax: CHOICE_MEMBERS }));
    const figures = { ndcg: metrics['ndcg@10'], hr: metrics['hr@10'] };
    tried.set(key, figures);
    return figures;
  };
  let settings = start;
  let best = await measure(settings);
  for (let round = 0; round < ROUNDS; round++) {
    for (const knob of knobs) {
      for (const value of ROWS[knob]) {
        const other = { ...settings, [knob]: value };
        const figures = await measure(other);
        if (figures.ndcg > best.ndcg) { settings = other; best = figures; }
      }
    }
  }
  return { settings, validation: { 'ndcg@10': best.ndcg, 'hr@10': best.hr } };
};

const START: NeighbourSettings = { window: 3, before: 0.5, damping: 0.25, last: 1 };

const candidate = (name: string, options: { readonly knobs: readonly Knob[]; readonly start: NeighbourSettings }): Candidate => ({
  name, seeded: false, share: 0,
  fit: async (data, split) => {
    const { settings, validation } = await search({ name, data, split, ...options });
    const ends = split.finalEnds ?? split.trainEnds;
    const neighbours = buildNeighbours(data, ends, settings);
    const chosen = `window ${settings.window}, before ${settings.before}, damping ${settings.damping}${settings.last === 1 ? '' : `, last ${settings.last}`}`;
    return scorerOf({ name, neighbours, fill: fillOf(data, ends), last: settings.last, card: { chosen, validation, parameters: neighbours.items.length } });
  },
});

/** Neighbours of the last event alone. */
export const lastItemNeighbours: Candidate = candidate('last-item neighbours', { knobs: ['window', 'before', 'damping'], start: START });

/** Neighbours of the last few events, the latest heaviest: as much as neighbours can do. */
export const recentNeighbours: Candidate = candidate('recent-items neighbours', { knobs: ['last', 'window', 'before', 'damping'], start: { ...START, last: 3 } });
