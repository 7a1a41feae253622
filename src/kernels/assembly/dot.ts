import { across, word } from './words';

/** Scores of four rows of `bytes` bytes, a multiple of 16, against the query. */
@inline
function four(r0: usize, r1: usize, r2: usize, r3: usize, query: usize, bytes: usize, out: usize): void {
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
  for (const end = query + bytes; query < end; query += 16, r0 += 16, r1 += 16, r2 += 16, r3 += 16) {
    const q = v128.load(query);
    s0 = f32x4.add(s0, f32x4.mul(q, v128.load(r0)));
    s1 = f32x4.add(s1, f32x4.mul(q, v128.load(r1)));
    s2 = f32x4.add(s2, f32x4.mul(q, v128.load(r2)));
    s3 = f32x4.add(s3, f32x4.mul(q, v128.load(r3)));
  }
  f32.store(out, across(s0)); f32.store(out, across(s1), 4); f32.store(out, across(s2), 8); f32.store(out, across(s3), 12);
}

/** Rows `from` to `from + n` of a table in their order. `out` has room for n rounded up to four. */
export function dotRange(table: usize, stride: i32, from: i32, query: usize, n: i32, out: usize): void {
  const bytes = (<usize>stride) << 2;
  const last = table + <usize>(from + n - 1) * bytes;
  let row = table + <usize>from * bytes;
  for (let i = 0; i < n; i += 4, row += bytes << 2) {
    four(row, min(row + bytes, last), min(row + 2 * bytes, last), min(row + 3 * bytes, last), query, bytes, word(out, i));
  }
}

/** Address of the table's row that stands at `place` of `rows`. */
@inline
export function rowOf(table: usize, bytes: usize, rows: usize, place: i32): usize {
  return table + <usize>load<u32>(word(rows, place)) * bytes;
}

/** The rows whose numbers stand in `rows`. `out` has room for n rounded up to four. */
export function dotRows(table: usize, stride: i32, rows: usize, query: usize, n: i32, out: usize): void {
  const bytes = (<usize>stride) << 2;
  const last = n - 1;
  for (let i = 0; i < n; i += 4) {
    four(rowOf(table, bytes, rows, i), rowOf(table, bytes, rows, min(i + 1, last)), rowOf(table, bytes, rows, min(i + 2, last)), rowOf(table, bytes, rows, min(i + 3, last)), query, bytes, word(out, i));
  }
}

/** Place of the first row number outside a table of `count` rows; -1 when there is none. */
export function firstOutside(rows: usize, n: i32, count: i32): i32 {
  for (let i = 0; i < n; i++) if (load<u32>(word(rows, i)) >= <u32>count) return i;
  return -1;
}
