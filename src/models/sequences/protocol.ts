/** Full ranking: where a model puts the event that came, among the whole catalogue, with what the member had seen left out. */
import { ThroughlineError } from '../../core/errors.ts';
import type { SequenceData, SequenceScorer, Split, Stage } from './data.ts';

/** Members scored at once, and the most scores held: 64 MB, so that a catalogue of a million items takes 16 members at a time. */
const ROWS_MAX = 256;
const SCORES_MAX: number = 1 << 24;

export const RANKING = 'Full ranking over the catalogue; every item the member had touched is left out; rank = 1 + items scored higher + half of those scored alike';

/** Rank of the target of each tested member, from 1; halves come from ties. */
export interface Ranks { readonly members: Int32Array; readonly ranks: Float64Array }

export const METRICS = ['hr@10', 'ndcg@10', 'hr@50', 'ndcg@50', 'hr@200', 'ndcg@200', 'mrr'] as const;
export type Metric = (typeof METRICS)[number];

/** What one member contributes to the mean, given the rank of their target. */
export const gain = (metric: Metric, rank: number): number => {
  if (metric === 'mrr') return 1 / rank;
  const [kind, k = '0'] = metric.split('@');
  if (rank > Number(k)) return 0;
  return kind === 'hr' ? 1 : 1 / Math.log2(rank + 1);
};

/** One value a member, in the order of the ranks. */
export const gains = (metric: Metric, { ranks }: Ranks): Float64Array => ranks.map((rank) => gain(metric, rank));

export type Metrics = Readonly<Record<Metric, number>>;

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @throws client/noData when nobody was ranked */
export const metricsOf = (ranks: Ranks): Metrics => {
  if (ranks.ranks.length === 0) throw new ThroughlineError('client/noData', 'nobody was ranked, so there are no metrics; a larger file is needed');
  return Object.fromEntries(METRICS.map((metric) => [metric, mean(gains(metric, ranks))])) as Record<Metric, number>;
};

interface Row { readonly offset: number; readonly member: number; readonly event: number }

interface Counting { readonly data: SequenceData; readonly scores: Float32Array; readonly candidates: Uint8Array | undefined; readonly seen: Int32Array }

/** Every comparison is made over the row at once; the few seen items are taken off again, rather than asked after each time. */
const rankOf = ({ data, scores, candidates, seen }: Counting, { offset, member, event }: Row): number => {
  const target = data.item[event] ?? 0;
  const own = scores[offset + target] ?? Number.NaN;
  let above = 0;
  let below = 0;
  let compared = data.items;
  if (candidates === undefined) {
    // Added rather than branched on: the branch would be a coin toss, and this loop is most of an evaluation.
    const end = offset + data.items;
    for (let i = offset; i < end; i++) { const score = scores[i] ?? 0; above += +(score > own); below += +(score < own); }
  } else {
    compared = 0;
    for (let item = 0; item < data.items; item++) {
      if (candidates[item] !== 1) continue;
      compared++;
      const score = scores[offset + item] ?? 0;
      if (score > own) above++; else if (score < own) below++;
    }
  }
  seen[target] = member;
  for (let e = data.starts[member] ?? 0; e < event; e++) {
    const item = data.item[e] ?? 0;
    if (seen[item] === member) continue;
    seen[item] = member;
    if (candidates !== undefined && candidates[item] !== 1) continue;
    compared--;
    const score = scores[offset + item] ?? 0;
    if (score > own) above--; else if (score < own) below--;
  }
  return 1 + above + (compared - 1 - above - below) / 2;
};

/** A score that is not a number is neither above nor below anything: it must not pass for a tie. */
const refuseNaN = (scorer: string, scores: Float32Array): void => {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += scores[i] ?? 0;
  // Infinities of both signs add up to NaN as well, and are scores.
  const lost = Number.isNaN(sum) ? scores.reduce((count, score) => count + +Number.isNaN(score), 0) : 0;
  if (lost > 0) throw new ThroughlineError('server/internal', `${scorer} gave ${lost} scores that are not numbers; its training diverged`);
};

export interface AskOptions {
  readonly stage: Stage;
  /** Only so many members, evenly spread over them: for choices that need not ask everybody. */
  readonly membersMax?: number;
  readonly onProgress?: (share: number) => void;
  /** Ends between two blocks of members. */
  readonly signal?: AbortSignal;
}

/** Members with an event to predict; evenly spread where not all are asked. */
export const askedMembers = (split: Split, { stage, membersMax }: Pick<AskOptions, 'stage' | 'membersMax'>): Int32Array => {
  const events = split[stage];
  const all = Int32Array.from(events.keys()).filter((m) => (events[m] ?? -1) >= 0);
  if (membersMax === undefined || all.length <= membersMax) return all;
  return Int32Array.from({ length: membersMax }, (_, i) => all[Math.floor((i * all.length) / membersMax)] ?? 0);
};

/**
 * Ranks the event of each member that a split keeps for `stage`. Scores are asked for in blocks of members, so memory stays bounded
 * whatever the catalogue.
 * @throws server/internal naming a scorer that gives NaN
 */
export const rank = async (scorer: SequenceScorer, asked: { readonly data: SequenceData; readonly split: Split }, options: AskOptions): Promise<Ranks> => {
  const { data, split } = asked;
  const members = askedMembers(split, options);
  const events = split[options.stage];
  const rows = Math.max(1, Math.min(ROWS_MAX, Math.floor(SCORES_MAX / data.items)));
  const scores = new Float32Array(Math.min(rows, members.length) * data.items);
  const ranks = new Float64Array(members.length);
  const counting: Counting = { data, scores, candidates: split.candidates?.[options.stage], seen: new Int32Array(data.items).fill(-1) };
  for (let from = 0; from < members.length; from += rows) {
    options.signal?.throwIfAborted();
    const block = members.subarray(from, from + rows);
    const ends = block.map((m) => events[m] ?? 0);
    const { seconds } = data;
    const out = scores.subarray(0, block.length * data.items);
    await scorer.score(data, { members: block, ends, ...(seconds === undefined ? {} : { seconds: Float64Array.from(ends, (e) => seconds[e] ?? 0) }) }, out);
    refuseNaN(scorer.name, out);
    block.forEach((member, row) => { ranks[from + row] = rankOf(counting, { offset: row * data.items, member, event: ends[row] ?? 0 }); });
    options.onProgress?.(Math.min(1, (from + rows) / members.length));
  }
  return { members, ranks };
};
