import { rowOf } from './dot';

/** out [n, stride]: the mean of the rows that stand in each of n bags [k], those of the number 0 left out; zeros where no others are. */
export function rowMeans(table: usize, stride: i32, bags: usize, k: i32, n: i32, out: usize): void {
  const bytes = (<usize>stride) << 2;
  for (let i = 0; i < n; i++, out += bytes, bags += (<usize>k) << 2) {
    let count = 0;
    memory.fill(out, 0, bytes);
    for (let f = 0; f < k; f++) {
      const row = rowOf(table, bytes, bags, f);
      if (row == table) continue;
      count++;
      for (let at: usize = 0; at < bytes; at += 16) v128.store(out + at, f32x4.add(v128.load(out + at), v128.load(row + at)));
    }
    const share = f32x4.splat(count == 0 ? 0 : 1 / <f32>count);
    for (let at: usize = 0; at < bytes; at += 16) v128.store(out + at, f32x4.mul(share, v128.load(out + at)));
  }
}
