import { activate } from './activation';
import { rowOf } from './dot';
import { place } from './gemm';
import { begin, tile } from './tile';
import { word } from './words';

/**
 * What a state makes of the first layer: the weights of the item's vector take in those of state × item, so that each candidate is multiplied
 * once, and the weights of the state alone go into the bias. All weights in panels of eight columns; `folded` is [panels, d + c, 8] and
 * holds the weights of the context from the start. `stateWeights` may be 0: the state alone then says nothing.
 */
export function fold(state: usize, d: i32, c: i32, panels: i32, product: usize, item: usize, stateWeights: usize, bias: usize, folded: usize, foldedBias: usize): void {
  for (let panel = 0; panel < panels; panel++) {
    let left = v128.load(bias), right = v128.load(bias, 16);
    for (let i = 0; i < d; i++) {
      const s = v128.load32_splat(word(state, i));
      v128.store(folded, f32x4.add(f32x4.mul(s, v128.load(product)), v128.load(item)));
      v128.store(folded, f32x4.add(f32x4.mul(s, v128.load(product, 16)), v128.load(item, 16)), 16);
      if (stateWeights != 0) {
        left = f32x4.add(left, f32x4.mul(s, v128.load(stateWeights)));
        right = f32x4.add(right, f32x4.mul(s, v128.load(stateWeights, 16)));
        stateWeights += 32;
      }
      product += 32; item += 32; folded += 32;
    }
    v128.store(foldedBias, left); v128.store(foldedBias, right, 16);
    bias += 32; foldedBias += 32; folded += (<usize>c) << 5;
  }
}

/**
 * logits [n, a] of n candidates: act([item, context] · folded + foldedBias) · w + bias. Four candidates at a time; their hidden values stay
 * in `hidden` [4, 8 · panels], and `acc` [4, 8] takes the sums.
 */
export function lightHead(table: usize, stride: i32, rows: usize, n: i32, d: i32, context: usize, c: i32, folded: usize, foldedBias: usize, panels: i32, activation: i32, w: usize, bias: usize, a: i32, out: usize, acc: usize, hidden: usize): void {
  const last = n - 1;
  const bytes = (<usize>stride) << 2;
  const k = panels << 3;
  for (let i = 0; i < n; i += 4) {
    const i1 = min(i + 1, last), i2 = min(i + 2, last), i3 = min(i + 3, last);
    const r0 = rowOf(table, bytes, rows, i), r1 = rowOf(table, bytes, rows, i1), r2 = rowOf(table, bytes, rows, i2), r3 = rowOf(table, bytes, rows, i3);
    let panel = folded, own = foldedBias;
    for (let column = 0; column < k; column += 8) {
      begin(own, acc);
      tile(r0, r1, r2, r3, d, panel, acc);
      panel += (<usize>d) << 5;
      tile(word(context, i * c), word(context, i1 * c), word(context, i2 * c), word(context, i3 * c), c, panel, acc);
      panel += (<usize>c) << 5; own += 32;
      activate(acc, activation);
      place(acc, hidden, k, column, 0, 1, 2, 3);
    }
    panel = w; own = bias;
    for (let column = 0; column < a; column += 8) {
      begin(own, acc);
      tile(hidden, word(hidden, k), word(hidden, 2 * k), word(hidden, 3 * k), k, panel, acc);
      place(acc, out, a, column, i, i1, i2, i3);
      panel += (<usize>k) << 5; own += 32;
    }
  }
}
