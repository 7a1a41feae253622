/** The highest of many scores. */
import type { Region } from './arena.ts';
import { topK } from './plain.ts';
import { dimension, regionsOf, within, type Runtime } from './runtime.ts';

export interface Top {
  /** [most]: places among the scores, as integers, highest score first; equal scores in the order of their places. */
  readonly places: Region;
  /** [most]: the scores that stand there. */
  readonly scores: Region;
  /** Looks at the first n scores; returns how many of `places` are filled: `most`, or fewer where there are fewer numbers. NaN is left out. */
  run(n: number): number;
  release(): void;
}

/** `of`: a region of scores, such as `dot.scores`; `most`: how many to find. */
export const createTop = (runtime: Runtime, name: string, { of, most }: { readonly of: Region; readonly most: number }): Top => {
  dimension(most, `the "most" of the kernel "${name}"`);
  const regions = regionsOf(runtime, name);
  const places = regions.make('places', most);
  const scores = regions.make('scores', most);
  const { native } = runtime;
  return {
    places, scores,
    run: (n) => {
      within(name, n, of.floats.length);
      if (native === undefined) return topK(of.floats, n, { scores: scores.floats, places: places.integers });
      return native.topK(of.address, n, most, scores.address, places.address);
    },
    release: regions.release,
  };
};
