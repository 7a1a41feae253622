/** What a ranker shows members of known tracks: shares of a track on a page, and where the next item stands. */
import { ITEMS, trackOf, type Life } from './careers.ts';
import type { Pages, Ranker } from './career-rankers.ts';

const TOP = 20;

/** What was just met does not come next, and stands on no page. */
const ranked = async (ranker: Ranker, pages: Pages): Promise<Float32Array> => {
  const scores = await ranker(pages);
  pages.of.forEach(({ items }, row) => { scores[row * ITEMS + (items[(pages.events[row] ?? 0) - 1] ?? 0)] = Number.NEGATIVE_INFINITY; });
  return scores;
};

/** Shares of both tracks among the top 20 of each page. */
export interface Shares { readonly own: Float64Array; readonly other: Float64Array }

export const sharesOf = async (ranker: Ranker, pages: Pages): Promise<Shares> => {
  const scores = await ranked(ranker, pages);
  const tops = pages.of.map((_, row) => {
    const order = Array.from({ length: ITEMS }, (_, item) => item).sort((a, b) => (scores[row * ITEMS + b] ?? 0) - (scores[row * ITEMS + a] ?? 0));
    return order.slice(0, TOP).map(trackOf);
  });
  const share = (trackIn: (life: Life) => number): Float64Array => Float64Array.from(pages.of, (life, row) => (tops[row] ?? []).filter((track) => track === trackIn(life)).length / TOP);
  return { own: share(({ own }) => own), other: share(({ other }) => other) };
};

/** NDCG@10 of the next item on each page. */
export const ndcgOf = async (ranker: Ranker, pages: Pages): Promise<Float64Array> => {
  const scores = await ranked(ranker, pages);
  return Float64Array.from(pages.of, ({ items }, row) => {
    const own = scores[row * ITEMS + (items[pages.events[row] ?? 0] ?? 0)] ?? 0;
    let above = 0;
    for (let item = 0; item < ITEMS; item++) if ((scores[row * ITEMS + item] ?? 0) > own) above++;
    return above < 10 ? 1 / Math.log2(above + 2) : 0;
  });
};

/** Of each life, the mean over its pages: from event `from` up to `end`, exclusive. */
export const ndcgOver = async (ranker: Ranker, of: readonly Life[], spanOf: (life: Life) => readonly [from: number, end: number]): Promise<Float64Array> => {
  const spans = of.map(spanOf);
  const sums = new Float64Array(of.length);
  const most = Math.max(...spans.map(([from, end]) => end - from));
  for (let step = 0; step < most; step++) {
    const there = [...of.keys()].filter((life) => { const [from, end] = spans[life] ?? [0, 0]; return from + step < end; });
    const found = await ndcgOf(ranker, { of: there.flatMap((life) => of[life] ?? []), events: there.map((life) => (spans[life]?.[0] ?? 0) + step) });
    there.forEach((life, row) => { const [from, end] = spans[life] ?? [0, 1]; sums[life] = (sums[life] ?? 0) + (found[row] ?? 0) / (end - from); });
  }
  return sums;
};
