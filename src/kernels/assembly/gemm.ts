import { activate } from './activation';
import { begin, tile } from './tile';
import { word } from './words';

@inline
function placeRow(from: usize, to: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

/** Writes a tile [4, 8] into rows o0 to o3, columns `column` onwards, of a matrix of `width` columns; beyond its last one is padding. */
export function place(acc: usize, out: usize, width: i32, column: i32, o0: i32, o1: i32, o2: i32, o3: i32): void {
  if (column + 8 <= width) {
    placeRow(acc, word(out, o0 * width + column));
    placeRow(acc + 32, word(out, o1 * width + column));
    placeRow(acc + 64, word(out, o2 * width + column));
    placeRow(acc + 96, word(out, o3 * width + column));
    return;
  }
  for (let c = column; c < width; c++, acc += 4) {
    f32.store(word(out, o0 * width + c), f32.load(acc));
    f32.store(word(out, o1 * width + c), f32.load(acc, 32));
    f32.store(word(out, o2 * width + c), f32.load(acc, 64));
    f32.store(word(out, o3 * width + c), f32.load(acc, 96));
  }
}

/**
 * out [n, m] = act(x [n, k] · w + bias). w stands in panels of eight columns, [panels, k, 8], the last one filled up with zeros, and so does
 * the bias. Of the last four rows, one may be there several times: it is computed again and written to the same place.
 */
export function gemm(x: usize, k: i32, w: usize, bias: usize, out: usize, m: i32, n: i32, activation: i32, acc: usize): void {
  const last = n - 1;
  for (let i = 0; i < n; i += 4) {
    const i1 = min(i + 1, last), i2 = min(i + 2, last), i3 = min(i + 3, last);
    let panel = w, own = bias;
    for (let column = 0; column < m; column += 8) {
      begin(own, acc);
      tile(word(x, i * k), word(x, i1 * k), word(x, i2 * k), word(x, i3 * k), k, panel, acc);
      activate(acc, activation);
      place(acc, out, m, column, i, i1, i2, i3);
      panel += (<usize>k) << 5; own += 32;
    }
  }
}
