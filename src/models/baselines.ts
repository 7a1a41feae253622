/** The rankers that the second pass has to beat, kept up event by event and asked in the same breath. */
import { DAY } from '../core/clock.ts';

export const BASELINES = ['recent', 'popular-7d', 'popular', 'item-neighbours'] as const;
export type Baseline = (typeof BASELINES)[number];

export interface BaselineQuery { readonly viewer: number; readonly at: number; readonly items: Int32Array; readonly size: number }

export interface Baselines {
  /** A touch of any positive kind; `isFirst`: this member's first of this item. */
  touch(touch: { readonly member: number; readonly item: number; readonly at: number; readonly isFirst: boolean }): void;
  score(baseline: Baseline, query: BaselineQuery, out: Float64Array): void;
}

const WINDOW_MS: number = 7 * DAY;

const column = (): { get(row: number): number; add(row: number, amount: number): void } => {
  const values = new Map<number, number>();
  return { get: (row) => values.get(row) ?? 0, add: (row, amount) => { values.set(row, (values.get(row) ?? 0) + amount); } };
};

/**
 * Item-to-item neighbours: the share of those who touched the viewer's last item that touched the candidate too; ties by
 * recency. Chosen among 16 variants (last 1, 3, 10 or 50 items; cosine, share, count, cosine fading with place) on the
 * tenth of the Deskdrop log before the split: the last item alone and the share were best on NDCG@10 and AUC alike.
 */
const createNeighbourScore = (): { touch(member: number, item: number): void; score(viewer: number, item: number): number } => {
  const itemsOf = new Map<number, number[]>();
  const together = new Map<number, Map<number, number>>();
  const people = column();
  const pair = (a: number, b: number): void => {
    const row = together.get(a) ?? new Map<number, number>();
    together.set(a, row);
    row.set(b, (row.get(b) ?? 0) + 1);
  };
  return {
    touch: (member, item) => {
      const own = itemsOf.get(member) ?? [];
      itemsOf.set(member, own);
      for (const other of own) { pair(other, item); pair(item, other); }
      own.push(item);
      people.add(item, 1);
    },
    score: (viewer, item) => {
      const last = itemsOf.get(viewer)?.at(-1);
      return last === undefined ? 0 : (together.get(last)?.get(item) ?? 0) / Math.max(people.get(last), 1);
    },
  };
};

export const createBaselines = (): Baselines => {
  const firstAt = new Map<number, number>();
  const touches = column();
  const lately = column();
  const recent: { item: number; at: number }[] = [];
  let expired = 0;
  const neighbours = createNeighbourScore();
  const expire = (at: number): void => {
    for (let oldest = recent[expired]; oldest !== undefined && oldest.at < at - WINDOW_MS; oldest = recent[++expired]) lately.add(oldest.item, -1);
  };
  const scorers: Readonly<Record<Baseline, (viewer: number, item: number) => number>> = {
    recent: (_viewer, item) => firstAt.get(item) ?? 0,
    'popular-7d': (_viewer, item) => lately.get(item),
    popular: (_viewer, item) => touches.get(item),
    // Recency breaks ties and nothing else: milliseconds since the epoch stay far below the least share.
    'item-neighbours': (viewer, item) => neighbours.score(viewer, item) + 1e-18 * (firstAt.get(item) ?? 0),
  };
  return {
    touch: ({ member, item, at, isFirst }) => {
      if (!firstAt.has(item)) firstAt.set(item, at);
      touches.add(item, 1);
      lately.add(item, 1);
      recent.push({ item, at });
      if (isFirst) neighbours.touch(member, item);
    },
    score: (baseline, { viewer, at, items, size }, out) => {
      expire(at);
      for (let i = 0; i < size; i++) out[i] = scorers[baseline](viewer, items[i] ?? 0);
    },
  };
};
