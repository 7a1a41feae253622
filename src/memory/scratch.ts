/** Sparse numbers over dense integers, for one request at a time: no allocation, cleared in time of what was touched. */
export interface Scratch {
  readonly values: Float32Array;
  add(index: number, amount: number): void;
  set(index: number, value: number): void;
  /** Indices touched since the last clear. */
  readonly touched: Int32Array;
  readonly count: number;
  /** Zeroes what was touched and makes room for indices below `size`. */
  clear(size: number): void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export const createScratch = (): Scratch => {
  const touch = (index: number): void => {
    if (scratch.values[index] !== 0) return;
    if (scratch.count === scratch.touched.length) {
      const larger = new Int32Array(scratch.count * 2);
      larger.set(scratch.touched);
      scratch.touched = larger;
    }
    scratch.touched[scratch.count++] = index;
  };
  // Plain fields, no getters: loops over candidates read them thousands of times a page.
  const scratch: Mutable<Scratch> = {
    values: new Float32Array(1024), touched: new Int32Array(1024), count: 0,
    add: (index, amount) => { touch(index); scratch.values[index] = (scratch.values[index] ?? 0) + amount; },
    set: (index, value) => { touch(index); scratch.values[index] = value; },
    clear: (size) => {
      const { values, touched, count } = scratch;
      for (let i = 0; i < count; i++) values[touched[i] ?? 0] = 0;
      scratch.count = 0;
      if (size > values.length) scratch.values = new Float32Array(2 ** Math.ceil(Math.log2(size)));
    },
  };
  return scratch;
};
