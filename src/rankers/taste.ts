/** Cosines between a viewer's state and items, both of unit length. */
import type { ViewerTaste } from './viewer.ts';

/** Product of a[from …] and the vector of an item. */
const product = ({ vectors: floats, width }: ViewerTaste, { a, from }: { readonly a: Float32Array; readonly from: number }, item: number): number => {
  const at = item * width;
  if (at + width > floats.length) return 0;
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  // Four sums side by side: one alone would wait for each of its additions.
  for (; i + 3 < width; i += 4) {
    s0 += (a[from + i] ?? 0) * (floats[at + i] ?? 0);
    s1 += (a[from + i + 1] ?? 0) * (floats[at + i + 1] ?? 0);
    s2 += (a[from + i + 2] ?? 0) * (floats[at + i + 2] ?? 0);
    s3 += (a[from + i + 3] ?? 0) * (floats[at + i + 3] ?? 0);
  }
  for (; i < width; i++) s0 += (a[from + i] ?? 0) * (floats[at + i] ?? 0);
  return s0 + s1 + (s2 + s3);
};

/** How much an item suits the viewer now: -1 to 1; 0 for one without a vector. */
export const suits = (taste: ViewerTaste, item: number): number => product(taste, { a: taste.state, from: 0 }, item);

/** How much two items are alike by the same measure. */
export const alike = (taste: ViewerTaste, one: number, other: number): number => {
  const at = one * taste.width;
  return at + taste.width > taste.vectors.length ? 0 : product(taste, { a: taste.vectors, from: at }, other);
};
