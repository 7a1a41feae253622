import { sigmoid4 } from './activation';
import { begin, tile } from './tile';
import { across, word } from './words';

/** Adds to `sum` what eight heads are worth, for one row of a tile of logits. */
@inline
function worth(sum: v128, logits: usize, values: usize): v128 {
  const left = f32x4.mul(v128.load(values), sigmoid4(v128.load(logits)));
  return f32x4.add(sum, f32x4.add(left, f32x4.mul(v128.load(values, 16), sigmoid4(v128.load(logits, 16)))));
}

/** Σ over heads of value · sigmoid(logit), for each of n rows of k features. Heads in panels of eight; one of padding has no value. */
export function weighAll(x: usize, k: i32, w: usize, bias: usize, values: usize, panels: i32, n: i32, out: usize, acc: usize): void {
  const last = n - 1;
  for (let i = 0; i < n; i += 4) {
    const x0 = word(x, i * k), x1 = word(x, min(i + 1, last) * k), x2 = word(x, min(i + 2, last) * k), x3 = word(x, min(i + 3, last) * k);
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    for (let first = 0; first < panels << 3; first += 8) {
      const own = word(values, first);
      begin(word(bias, first), acc);
      tile(x0, x1, x2, x3, k, word(w, first * k), acc);
      s0 = worth(s0, acc, own); s1 = worth(s1, acc + 32, own); s2 = worth(s2, acc + 64, own); s3 = worth(s3, acc + 96, own);
    }
    const to = word(out, i);
    f32.store(to, across(s0)); f32.store(to, across(s1), 4); f32.store(to, across(s2), 8); f32.store(to, across(s3), 12);
  }
}
