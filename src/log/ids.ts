/**
 * The ids of the last 30 days: open addressing over typed arrays, 24 bytes a slot. A slot holds a digest, not the id; a hit
 * is only a place to look, and whoever asks compares the stored record, so that no collision can swallow a record.
 */
import type { Millis } from '../core/ids.ts';

export interface IdTable {
  /** The sequences that may hold this id and happened at `since` or later, newest last. */
  find(digest: IdDigest, since: Millis): readonly number[];
  add(digest: IdDigest, sequence: number, at: Millis): void;
  remove(digest: IdDigest, sequence: number): void;
  readonly size: number;
}
export interface IdDigest { low: number; high: number }

/** Two independent 32-bit lanes (murmur3's mixing) over the bytes; the seed is drawn at open so that nobody can aim at it. */
export const digestBytes = (bytes: Uint8Array, span: { readonly start: number; readonly end: number }, seed: IdDigest): IdDigest => {
  let low = seed.low | 0;
  let high = seed.high | 0;
  for (let i = span.start; i < span.end; i++) {
    const byte = bytes[i] ?? 0;
    low = Math.imul(low ^ byte, 0x01000193);
    low ^= low >>> 15;
    high = Math.imul(high ^ byte, 0x85ebca6b);
    high = (high << 13) | (high >>> 19);
  }
  return { low: finish(low), high: finish(high ^ (span.end - span.start)) };
};

const finish = (hash: number): number => {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
};

const EMPTY = -1;
const REMOVED = -2;
const NONE: readonly number[] = [];

/** `expired` says from when on an id is forgotten: slots that happened earlier are dropped when the table grows. */
export const createIdTable = (expired: () => Millis): IdTable => {
  let capacity = 1024;
  let used = 0;
  let size = 0;
  let lows = new Int32Array(capacity);
  let highs = new Int32Array(capacity);
  let sequences = new Float64Array(capacity).fill(EMPTY);
  let times = new Float64Array(capacity);

  const insert = (digest: IdDigest, sequence: number, at: number): void => {
    let slot = digest.low & (capacity - 1);
    while (sequences[slot] !== EMPTY) slot = (slot + 1) & (capacity - 1);
    lows[slot] = digest.low;
    highs[slot] = digest.high;
    sequences[slot] = sequence;
    times[slot] = at;
    used++;
    size++;
  };

  const rehash = (): void => {
    const old = { lows, highs, sequences, times };
    const since = expired();
    const live = old.sequences.reduce((count, sequence, slot) => count + (sequence >= 0 && (old.times[slot] ?? 0) >= since ? 1 : 0), 0);
    while (capacity < live * 3) capacity *= 2;
    lows = new Int32Array(capacity);
    highs = new Int32Array(capacity);
    sequences = new Float64Array(capacity).fill(EMPTY);
    times = new Float64Array(capacity);
    used = 0;
    size = 0;
    for (let slot = 0; slot < old.sequences.length; slot++) {
      const sequence = old.sequences[slot] ?? EMPTY;
      const at = old.times[slot] ?? 0;
      if (sequence >= 0 && at >= since) insert({ low: old.lows[slot] ?? 0, high: old.highs[slot] ?? 0 }, sequence, at);
    }
  };

  const visit = (digest: IdDigest, hit: (slot: number) => void): void => {
    let slot = digest.low & (capacity - 1);
    while (sequences[slot] !== EMPTY) {
      if (lows[slot] === digest.low && highs[slot] === digest.high && sequences[slot] !== REMOVED) hit(slot);
      slot = (slot + 1) & (capacity - 1);
    }
  };

  return {
    find: (digest, since) => {
      let found = NONE;
      visit(digest, (slot) => { if ((times[slot] ?? 0) >= since) found = [...found, sequences[slot] ?? 0]; });
      return found;
    },
    add: (digest, sequence, at) => {
      if (used > capacity * 0.7) rehash();
      insert(digest, sequence, at);
    },
    remove: (digest, sequence) => visit(digest, (slot) => {
      if (sequences[slot] !== sequence) return;
      sequences[slot] = REMOVED;
      size--;
    }),
    get size() { return size; },
  };
};
