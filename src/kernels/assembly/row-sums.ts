import { rowOf } from './dot';

/** out [n, stride] = row of a + factor · row of b, of the rows that stand in `rowsA` and `rowsB`; all three have one stride. */
export function rowSums(a: usize, rowsA: usize, b: usize, rowsB: usize, stride: i32, factor: f32, n: i32, out: usize): void {
  const by = f32x4.splat(factor);
  const bytes = (<usize>stride) << 2;
  for (let i = 0; i < n; i++) {
    let left = rowOf(a, bytes, rowsA, i), right = rowOf(b, bytes, rowsB, i);
    for (const end = out + bytes; out < end; out += 16, left += 16, right += 16) v128.store(out, f32x4.add(v128.load(left), f32x4.mul(by, v128.load(right))));
  }
}
