/** Seeded chance: xoshiro128** (Blackman, Vigna 2018), seeded through splitmix32. The only source of chance. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** An independent stream that depends on this seed and the label alone, not on how much was drawn. */
  fork(label: string): Random;
}

/** FNV-1a, 32 bits. */
export const hash32 = (text: string, seed = 0x811c9dc5): number => {
  let hash = seed >>> 0;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
};

const splitmix = (state: number): (() => number) => () => {
  state = (state + 0x9e3779b9) | 0;
  let z = state ^ (state >>> 16);
  z = Math.imul(z, 0x21f0aaad);
  z ^= z >>> 15;
  z = Math.imul(z, 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
};

const rotl = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

export const seededRandom = (seed: number): Random => {
  const words = splitmix(seed | 0);
  let a = words(); let b = words(); let c = words(); let d = words();
  return {
    next: () => {
      const result = Math.imul(rotl(Math.imul(b, 5), 7), 9) >>> 0;
      const t = b << 9;
      c ^= a; d ^= b; b ^= c; a ^= d; c ^= t; d = rotl(d, 11);
      return result / 4294967296;
    },
    fork: (label) => seededRandom(hash32(label, seed ^ 0x811c9dc5)),
  };
};

/** A standard normal deviate (Box-Muller). */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
