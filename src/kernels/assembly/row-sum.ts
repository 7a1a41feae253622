/** out = a + factor · b, of `bytes` bytes, a multiple of sixteen. */
export function sumRow(a: usize, b: usize, factor: f32, bytes: usize, out: usize): void {
  const by = f32x4.splat(factor);
  for (const end = a + bytes; a < end; a += 16, b += 16, out += 16) v128.store(out, f32x4.add(v128.load(a), f32x4.mul(by, v128.load(b))));
}
