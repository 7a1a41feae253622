/** Cosines between a viewer's state and items, both of unit length. */
import type { ViewerTaste } from './viewer.ts';

/** Product of a[0 … width) and b[at …]. */
const product = (a: Float32Array, b: Float32Array, at: number): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[at + i] ?? 0);
  return sum;
};

/** How much each of items[from … to) suits the viewer now, -1 to 1, 0 for one without a vector: written from out[0] on. */
export const suits = ({ state, vectors, width }: ViewerTaste, items: Int32Array, { from, to, out }: { readonly from: number; readonly to: number; readonly out: Float32Array }): void => {
  // Beyond the end stand items that came after the vectors were taken: their products are of nothing.
  const last = vectors.length - width;
  let k = from;
  // Four items side by side: a sum alone would wait for each of its additions.
  for (; k + 3 < to; k += 4) {
    const p = (items[k] ?? 0) * width;
    const q = (items[k + 1] ?? 0) * width;
    const r = (items[k + 2] ?? 0) * width;
    const s = (items[k + 3] ?? 0) * width;
    if (p > last || q > last || r > last || s > last) break;
    let a = 0; let b = 0; let c = 0; let d = 0;
    for (let i = 0; i < width; i++) {
      const x = state[i] ?? 0;
      a += x * (vectors[p + i] ?? 0);
      b += x * (vectors[q + i] ?? 0);
      c += x * (vectors[r + i] ?? 0);
      d += x * (vectors[s + i] ?? 0);
    }
    const at = k - from;
    out[at] = a; out[at + 1] = b; out[at + 2] = c; out[at + 3] = d;
  }
  for (; k < to; k++) {
    const at = (items[k] ?? 0) * width;
    out[k - from] = at > last ? 0 : product(state, vectors, at);
  }
};
