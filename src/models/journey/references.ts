/**
 * Which row of a model belongs to which item, without the items' names: a model's files hold 64 bits of a hash of each reference, so that
 * nothing in them has to be searched when somebody is erased. Items that are members have no row at all: a model knows them by content.
 */
import { createHash } from 'node:crypto';

/** Words of a key. */
export const KEY_WORDS = 2;

const keyOf = (reference: string): readonly [number, number] => {
  const digest = createHash('sha256').update(reference).digest();
  return [digest.readInt32LE(0), digest.readInt32LE(4)];
};

/** Keys of references in row order: [n · 2]. */
export const referenceKeys = (references: readonly string[]): Int32Array => {
  const keys = new Int32Array(references.length * KEY_WORDS);
  references.forEach((reference, row) => { keys.set(keyOf(reference), row * KEY_WORDS); });
  return keys;
};

/** Finds rows by key: open addressing, half empty. */
export const createRowIndex = (keys: Int32Array): ((reference: string) => number) => {
  const rows = keys.length / KEY_WORDS;
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, rows * 2)));
  const slots = new Int32Array(size).fill(-1);
  for (let row = 0; row < rows; row++) {
    let slot = (keys[row * KEY_WORDS] ?? 0) & (size - 1);
    while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & (size - 1);
    slots[slot] = row;
  }
  return (reference) => {
    const [first, second] = keyOf(reference);
    for (let slot = first & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      const row = slots[slot] ?? -1;
      if (row < 0 || (keys[row * KEY_WORDS] === first && keys[row * KEY_WORDS + 1] === second)) return row;
    }
  };
};
