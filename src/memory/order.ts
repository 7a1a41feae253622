/** Best first over columns: the one order of scores in the house. No comparator and no allocation, so it costs microseconds. */

/** Runs of at most this many are sorted by insertion. */
const SMALL = 12;
/** Runs that wait, as pairs of ends. The smaller run goes first, so at most log2 of the size ever wait. */
const waiting = new Int32Array(2 * 64);

export interface OrderBy { readonly score: Float32Array; readonly tie: Int32Array }

/** Insertion sort of a short run. */
const insertion = (order: Int32Array, run: { readonly low: number; readonly high: number }, by: OrderBy): void => {
  const { score, tie } = by;
  for (let i = run.low + 1; i <= run.high; i++) {
    const moved = order[i] ?? 0;
    const value = score[moved] ?? 0;
    const second = tie[moved] ?? 0;
    let at = i;
    for (; at > run.low; at--) {
      const other = order[at - 1] ?? 0;
      const s = score[other] ?? 0;
      if (s > value || (s === value && (tie[other] ?? 0) > second)) break;
      order[at] = other;
    }
    order[at] = moved;
  }
};

/**
 * Puts the best `limit` of the numbers in `order[0 … size)` at its front, in order: the higher score first, of equals the higher tie
 * (the newer entity). What stands behind them is in no order. Numbers index `score` and `tie`; ties differ and scores are numbers,
 * so the order is the same everywhere. Quicksort that leaves what lies behind the limit alone.
 */
export const orderBest = (order: Int32Array, range: { readonly size: number; readonly limit: number }, by: OrderBy): void => {
  const { score, tie } = by;
  let low = 0;
  let high = range.size - 1;
  let depth = 0;
  for (;;) {
    while (high - low >= SMALL) {
      const pivot = order[(low + high) >>> 1] ?? 0;
      const value = score[pivot] ?? 0;
      const second = tie[pivot] ?? 0;
      let i = low;
      let j = high;
      while (i <= j) {
        for (; ; i++) {
          const s = score[order[i] ?? 0] ?? 0;
          if (s < value || (s === value && (tie[order[i] ?? 0] ?? 0) <= second)) break;
        }
        for (; ; j--) {
          const s = score[order[j] ?? 0] ?? 0;
          if (s > value || (s === value && (tie[order[j] ?? 0] ?? 0) >= second)) break;
        }
        if (i > j) break;
        const held = order[i] ?? 0;
        order[i++] = order[j] ?? 0;
        order[j--] = held;
      }
      if (i >= range.limit) high = j;
      else if (j - low < high - i) { waiting[depth++] = i; waiting[depth++] = high; high = j; }
      else { waiting[depth++] = low; waiting[depth++] = j; low = i; }
    }
    insertion(order, { low, high }, by);
    if (depth === 0) return;
    high = waiting[--depth] ?? 0;
    low = waiting[--depth] ?? 0;
  }
};
