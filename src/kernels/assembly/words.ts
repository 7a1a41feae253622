/** Address of the word at `index`; every float and every row number takes one. */
@inline
export function word(base: usize, index: i32): usize {
  return base + ((<usize>index) << 2);
}

/** The sum of four lanes, always in this order, so that equal rows get equal scores. */
@inline
export function across(a: v128): f32 {
  return (f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1)) + (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3));
}
