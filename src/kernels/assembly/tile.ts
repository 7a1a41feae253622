/**
 * Four rows by eight columns: acc += x · w. Eight sums, two weights and one input stay in registers, so that a multiplication costs
 * neither a load nor a wait for the addition before it. Two steps at once were slower: the optimiser reorders them and runs out of registers.
 *
 * x0 to x3 are the addresses of four rows of k floats, w of a panel [k, 8], acc of [4, 8]; acc is read and written, so that a row may
 * be put together from several places.
 */
export function tile(x0: usize, x1: usize, x2: usize, x3: usize, k: i32, w: usize, acc: usize): void {
  let a0 = v128.load(acc), b0 = v128.load(acc, 16);
  let a1 = v128.load(acc, 32), b1 = v128.load(acc, 48);
  let a2 = v128.load(acc, 64), b2 = v128.load(acc, 80);
  let a3 = v128.load(acc, 96), b3 = v128.load(acc, 112);
  const end = w + ((<usize>k) << 5);
  while (w < end) {
    const left = v128.load(w), right = v128.load(w, 16);
    let x = v128.load32_splat(x0);
    a0 = f32x4.add(a0, f32x4.mul(x, left)); b0 = f32x4.add(b0, f32x4.mul(x, right));
    x = v128.load32_splat(x1);
    a1 = f32x4.add(a1, f32x4.mul(x, left)); b1 = f32x4.add(b1, f32x4.mul(x, right));
    x = v128.load32_splat(x2);
    a2 = f32x4.add(a2, f32x4.mul(x, left)); b2 = f32x4.add(b2, f32x4.mul(x, right));
    x = v128.load32_splat(x3);
    a3 = f32x4.add(a3, f32x4.mul(x, left)); b3 = f32x4.add(b3, f32x4.mul(x, right));
    x0 += 4; x1 += 4; x2 += 4; x3 += 4; w += 32;
  }
  v128.store(acc, a0); v128.store(acc, b0, 16);
  v128.store(acc, a1, 32); v128.store(acc, b1, 48);
  v128.store(acc, a2, 64); v128.store(acc, b2, 80);
  v128.store(acc, a3, 96); v128.store(acc, b3, 112);
}

/** Every row of acc [4, 8] begins with the bias of its panel, [8]. */
export function begin(bias: usize, acc: usize): void {
  const left = v128.load(bias), right = v128.load(bias, 16);
  for (let row = 0; row < 4; row++, acc += 32) { v128.store(acc, left); v128.store(acc, right, 16); }
}
