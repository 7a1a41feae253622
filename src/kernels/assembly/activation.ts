/** 0 none, 1 relu, 2 silu: the places in ACTIVATIONS of ../plain.ts. */
export const RELU: i32 = 1;
export const SILU: i32 = 2;

/**
 * e^x for four floats: x = n·ln 2 + r with |r| ≤ ln 2 / 2, e^r by its Taylor series to r^6, 2^n by writing the exponent. Relative error
 * about 2e-7. Beyond ±87 the answer is that of the bound; what is not a number stays so, because wasm's min and max pass it on.
 */
@inline
function exp4(value: v128): v128 {
  const x = f32x4.max(f32x4.min(value, f32x4.splat(87)), f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
  // ln 2 in two parts: the first has so few digits that n times it is exact.
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.0 / 720.0);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 120.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 24.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 6.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

@inline
export function sigmoid4(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(f32x4.neg(x))));
}

@inline
function activated(x: v128, kind: i32): v128 {
  if (kind == RELU) return f32x4.max(x, f32x4.splat(0));
  return f32x4.mul(x, sigmoid4(x));
}

/** A tile of 32 sums, in place. */
export function activate(acc: usize, kind: i32): void {
  if (kind == 0) return;
  for (let at = acc; at < acc + 128; at += 16) v128.store(at, activated(v128.load(at), kind));
}
