/**
 * Chance for training, by label and not by history: a stream follows from (seed, label, epoch, batch) alone, so that a run which
 * was stopped draws on as if it had not been. xoshiro128** (Blackman, Vigna 2018), drawn in bulk.
 */
import { hash32 } from '../core/random.ts';

export interface StreamKey {
  readonly seed: number;
  /** What is drawn: 'order', 'negatives', 'dropout'. Two labels never share a stream. */
  readonly label: string;
  readonly epoch?: number;
  readonly batch?: number;
}

export interface Stream {
  /** Fills with 32 random bits each. */
  bits(into: Uint32Array): void;
  /** Fills with whole numbers in [0, limit). No limit below 2^31 is off by more than limit / 2^32 in any probability. */
  below(into: Int32Array, limit: number): void;
  /** One whole number in [0, limit). */
  integer(limit: number): number;
  /** Fills with 1 / (1 - rate) with probability 1 - rate, else 0. */
  mask(into: Float32Array, rate: number): void;
  /** Puts into random order, every order as likely (Fisher, Yates). */
  shuffle(order: Int32Array): void;
}

const TWO_32 = 4294967296;

/** Mixes a word into a hash (the finaliser of MurmurHash3): one bit in changes half of the bits out. */
const mix = (hash: number, word: number): number => {
  let h = Math.imul(hash ^ word, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
};

/** Four words, each a hash of the whole key: 128 bits, so that no two batches of a run meet by accident. */
const stateOf = ({ seed, label, epoch = 0, batch = 0 }: StreamKey): Int32Array => {
  const state = new Int32Array(4);
  for (let word = 0; word < 4; word++) {
    state[word] = [hash32(label), epoch, batch, Math.floor(seed / TWO_32), word].reduce(mix, mix(Math.imul(word + 1, 0x9e3779b9), seed));
  }
  if (state.every((word) => word === 0)) state[0] = 1;
  return state;
};

export const createStream = (key: StreamKey): Stream => {
  const state = stateOf(key);
  // One kibiword at a time: the state then stays in registers, and a number costs a few nanoseconds.
  const drawn = new Int32Array(1024);
  const draw = (count: number): void => {
    let a = state[0] ?? 0; let b = state[1] ?? 0; let c = state[2] ?? 0; let d = state[3] ?? 0;
    for (let i = 0; i < count; i++) {
      const times5 = Math.imul(b, 5);
      drawn[i] = Math.imul((times5 << 7) | (times5 >>> 25), 9);
      const t = b << 9;
      c ^= a; d ^= b; b ^= c; a ^= d; c ^= t;
      d = (d << 11) | (d >>> 21);
    }
    state[0] = a; state[1] = b; state[2] = c; state[3] = d;
  };
  /** Calls `use(from, count)` for each stretch, with that many numbers in `drawn`. */
  const inStretches = (length: number, use: (from: number, count: number) => void): void => {
    for (let from = 0; from < length; from += drawn.length) {
      const count = Math.min(drawn.length, length - from);
      draw(count);
      use(from, count);
    }
  };
  const integer = (limit: number): number => {
    draw(1);
    return Math.floor(((drawn[0] ?? 0) >>> 0) / TWO_32 * limit);
  };
  return {
    integer,
    bits: (into) => { inStretches(into.length, (from, count) => { for (let i = 0; i < count; i++) into[from + i] = drawn[i] ?? 0; }); },
    below: (into, limit) => {
      const factor = limit / TWO_32;
      inStretches(into.length, (from, count) => { for (let i = 0; i < count; i++) into[from + i] = Math.floor(((drawn[i] ?? 0) >>> 0) * factor); });
    },
    mask: (into, rate) => {
      const [dropped, kept] = [Math.round(rate * 2 ** 31), 1 / (1 - rate)];
      // Without a branch, which a processor would guess wrong as often as a mask is worth drawing: -1 where dropped, else 0.
      inStretches(into.length, (from, count) => { for (let i = 0; i < count; i++) into[from + i] = (1 + ((((drawn[i] ?? 0) >>> 1) - dropped) >> 31)) * kept; });
    },
    shuffle: (order) => {
      inStretches(order.length - 1, (from, count) => {
        for (let i = 0; i < count; i++) {
          const last = order.length - 1 - from - i;
          const other = Math.floor(((drawn[i] ?? 0) >>> 0) / TWO_32 * (last + 1));
          const taken = order[last] ?? 0;
          order[last] = order[other] ?? 0;
          order[other] = taken;
        }
      });
    },
  };
};

/** 0 … count - 1 in the order of one epoch. */
export const shuffledOrder = (count: number, key: StreamKey): Int32Array => {
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  createStream(key).shuffle(order);
  return order;
};

export interface DropoutPool {
  /**
   * The masks of one batch: each call answers a view of `length` floats, 0 or 1 / (1 - rate), at a drawn place of the pool of this
   * epoch. A view holds until the pool is asked for another epoch. @throws RangeError beyond the pool's size or for a rate outside [0, 1)
   */
  batch(epoch: number, batch: number): (length: number, rate: number) => Float32Array;
}

/**
 * Dropout without drawing a number per activation: for each rate, `size` floats (a power of two) are drawn once an epoch, and every
 * mask is a window onto them. Windows of one epoch overlap, so masks of two batches are not wholly independent; with a pool many
 * times the mask that is of no account.
 */
export const createDropoutPool = (seed: number, size: number): DropoutPool => {
  if (!Number.isSafeInteger(Math.log2(size))) throw new RangeError(`a dropout pool has ${size} floats; a power of two is needed`);
  const pools = new Map<number, { epoch: number; readonly values: Float32Array }>();
  const poolOf = (epoch: number, rate: number): Float32Array => {
    const pool = pools.get(rate) ?? { epoch: -1, values: new Float32Array(size) };
    pools.set(rate, pool);
    if (pool.epoch !== epoch) {
      createStream({ seed, label: `dropout ${rate}`, epoch }).mask(pool.values, rate);
      pool.epoch = epoch;
    }
    return pool.values;
  };
  return {
    batch: (epoch, batch) => {
      const places = createStream({ seed, label: 'dropout places', epoch, batch });
      return (length, rate) => {
        if (length > size) throw new RangeError(`a dropout mask of ${length} floats does not fit a pool of ${size}; make the pool larger`);
        if (!(rate >= 0 && rate < 1)) throw new RangeError(`a dropout rate is ${rate}; it must lie in [0, 1)`);
        const from = places.integer(size - length + 1);
        return poolOf(epoch, rate).subarray(from, from + length);
      };
    },
  };
};
