import { word } from './words';

/** Whether (score, place) a stands below b in the order: a lower score, or the same score found later. */
@inline
function below(scoreA: f32, placeA: i32, scoreB: f32, placeB: i32): bool {
  return scoreA < scoreB || (scoreA == scoreB && placeA > placeB);
}

/** Lets an entry sink from `at` in a heap of `size` whose lowest stands first. */
function sink(values: usize, places: usize, at: i32, size: i32, score: f32, place: i32): void {
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    let own = f32.load(word(values, child)), number = load<i32>(word(places, child));
    if (child + 1 < size) {
      const other = f32.load(word(values, child), 4), otherNumber = load<i32>(word(places, child), 4);
      if (below(other, otherNumber, own, number)) { child++; own = other; number = otherNumber; }
    }
    if (!below(own, number, score, place)) break;
    f32.store(word(values, at), own);
    store<i32>(word(places, at), number);
    at = child;
  }
  f32.store(word(values, at), score);
  store<i32>(word(places, at), place);
}

/**
 * The k highest of n scores, highest first, equal ones in their order; what is not a number is left out. Returns how many there are.
 * Once k are found, four scores at a time are passed over when none of them is above the lowest kept.
 */
export function topK(scores: usize, n: i32, k: i32, values: usize, places: usize): i32 {
  let size = 0, i = 0;
  for (; i < n && size < k; i++) {
    const score = f32.load(word(scores, i));
    if (score != score) continue;
    f32.store(word(values, size), score);
    store<i32>(word(places, size), i);
    size++;
  }
  for (let at = (size >> 1) - 1; at >= 0; at--) sink(values, places, at, size, f32.load(word(values, at)), load<i32>(word(places, at)));
  if (size > 0) {
    while (i < n) {
      if (i + 4 <= n && !v128.any_true(f32x4.gt(v128.load(word(scores, i)), f32x4.splat(f32.load(values))))) { i += 4; continue; }
      for (const end = min(i + 4, n); i < end; i++) {
        const score = f32.load(word(scores, i));
        // An equal score found later stays out.
        if (score > f32.load(values)) sink(values, places, 0, size, score, i);
      }
    }
  }
  // The lowest goes to the end, then the next lowest before it.
  for (let end = size - 1; end > 0; end--) {
    const score = f32.load(word(values, end)), place = load<i32>(word(places, end));
    f32.store(word(values, end), f32.load(values));
    store<i32>(word(places, end), load<i32>(places));
    sink(values, places, 0, end, score, place);
  }
  return size;
}
