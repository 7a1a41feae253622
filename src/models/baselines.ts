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

/** A column of numbers that grows with what it is asked about. */
const column = (): { get(row: number): number; add(row: number, amount: number): void; set(row: number, value: number): void } => {
  let values = new Float64Array(4096);
  const set = (row: number, value: number): void => {
    if (row >= values.length) { const larger = new Float64Array(2 ** Math.ceil(Math.log2(row + 1))); larger.set(values); values = larger; }
    values[row] = value;
  };
  return { get: (row) => values[row] ?? 0, set, add: (row, amount) => { set(row, (values[row] ?? 0) + amount); } };
};

const listed = (lists: Map<number, number[]>, key: number): number[] => {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
};

/**
 * Item-to-item neighbours: the share of those who touched the viewer's last item that touched the candidate too; ties by
 * recency. Chosen among 16 variants (last 1, 3, 10 or 50 items; cosine, share, count, cosine fading with place) on the
 * tenth of the Deskdrop log before the split: the last item alone and the share were best on NDCG@10 and AUC alike.
 */
const createNeighbours = (): { touch(member: number, item: number): void; shares(viewer: number): ReadonlyMap<number, number> } => {
  const itemsOf = new Map<number, number[]>();
  const peopleOf = new Map<number, number[]>();
  return {
    touch: (member, item) => {
      listed(itemsOf, member).push(item);
      listed(peopleOf, item).push(member);
    },
    shares: (viewer) => {
      const shares = new Map<number, number>();
      const last = itemsOf.get(viewer)?.at(-1);
      const people = last === undefined ? [] : (peopleOf.get(last) ?? []);
      for (const person of people) for (const item of itemsOf.get(person) ?? []) shares.set(item, (shares.get(item) ?? 0) + 1 / people.length);
      return shares;
    },
  };
};

export const createBaselines = (): Baselines => {
  const firstAt = column();
  const touches = column();
  const lately = column();
  const recent: { item: number; at: number }[] = [];
  let expired = 0;
  const neighbours = createNeighbours();
  const expire = (at: number): void => {
    for (let oldest = recent[expired]; oldest !== undefined && oldest.at < at - WINDOW_MS; oldest = recent[++expired]) lately.add(oldest.item, -1);
  };
  const scorers: Readonly<Record<Baseline, (viewer: number) => (item: number) => number>> = {
    recent: () => firstAt.get,
    'popular-7d': () => lately.get,
    popular: () => touches.get,
    'item-neighbours': (viewer) => {
      const shares = neighbours.shares(viewer);
      // Recency breaks ties and nothing else: scaled so, milliseconds since the epoch stay far below the least share.
      return (item) => (shares.get(item) ?? 0) + 1e-18 * firstAt.get(item);
    },
  };
  return {
    touch: ({ member, item, at, isFirst }) => {
      if (firstAt.get(item) === 0) firstAt.set(item, at);
      touches.add(item, 1);
      lately.add(item, 1);
      recent.push({ item, at });
      if (isFirst) neighbours.touch(member, item);
    },
    score: (baseline, { viewer, at, items, size }, out) => {
      expire(at);
      const score = scorers[baseline](viewer);
      for (let i = 0; i < size; i++) out[i] = score(items[i] ?? 0);
    },
  };
};
