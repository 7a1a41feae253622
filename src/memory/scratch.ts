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

export const createScratch = (): Scratch => {
  let values = new Float32Array(1024);
  let touched = new Int32Array(1024);
  let count = 0;
  const touch = (index: number): void => {
    if (values[index] !== 0) return;
    if (count === touched.length) { const larger = new Int32Array(count * 2); larger.set(touched); touched = larger; }
    touched[count++] = index;
  };
  return {
    get values() { return values; },
    get touched() { return touched; },
    get count() { return count; },
    add: (index, amount) => { touch(index); values[index] = (values[index] ?? 0) + amount; },
    set: (index, value) => { touch(index); values[index] = value; },
    clear: (size) => {
      for (let i = 0; i < count; i++) values[touched[i] ?? 0] = 0;
      count = 0;
      if (size > values.length) values = new Float32Array(2 ** Math.ceil(Math.log2(size)));
    },
  };
};
