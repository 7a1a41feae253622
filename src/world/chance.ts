/** Draws from a seeded stream. */
import type { Random } from '../core/random.ts';

export const pick = <Item>(random: Random, items: readonly Item[]): Item => {
  const item = items[Math.floor(random.next() * items.length)];
  if (item === undefined) throw new RangeError('cannot pick from an empty list');
  return item;
};

/** Of lists so much longer than the sample, items are drawn until they are different, and the list is not copied. */
const LONG = 8;

/** `count` different items, or all where there are fewer. */
export const sample = <Item>(random: Random, items: readonly Item[], count: number): Item[] => {
  if (items.length > LONG * count) {
    const places = new Set<number>();
    while (places.size < count) places.add(Math.floor(random.next() * items.length));
    return [...places].flatMap((place) => items.slice(place, place + 1));
  }
  const rest = [...items];
  const taken: Item[] = [];
  while (taken.length < count && rest.length > 0) taken.push(...rest.splice(Math.floor(random.next() * rest.length), 1));
  return taken;
};

/** A whole number from `low` to `high`, both included. */
export const whole = (random: Random, low: number, high: number): number => low + Math.floor(random.next() * (high - low + 1));

/** A waiting time of the given mean in a process without memory. */
export const exponential = (random: Random, mean: number): number => -Math.log(1 - random.next()) * mean;

/** Draws places of a list in proportion to fixed weights. */
export const weighted = (weights: readonly number[]): ((random: Random) => number) => {
  const sums: number[] = [];
  let total = 0;
  for (const weight of weights) sums.push(total += weight);
  return (random) => {
    const at = random.next() * total;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > at) high = middle; else low = middle + 1;
    }
    return low;
  };
};

/** How often something happens that happens `mean` times on average and without memory: for small means. */
export const poisson = (random: Random, mean: number): number => {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > limit; product *= random.next()) count++;
  return count;
};
