/**
 * What counts as a long look: longer than nine in ten looks at the same kind on the same surface. An article is read, a person is recognised; one number
 * of seconds for both would make every article long and no person ("long dwell", relative to its context: Borisyuk et al., "LiRank", KDD 2024).
 */
import { LONG_LOOK_MS } from '../journey/sequences.ts';

const SHARE = 0.9;
/** With fewer looks at a kind on a surface all looks at the kind decide, and with fewer of these a fixed time. */
const LEAST_LOOKS = 200;
/** A glance is never long. */
const LEAST_MS = 2000;
/** Eight bins to a doubling, from an eighth of a second. */
const BINS = 128;
const PER_DOUBLING = 8;
const FROM_MS = 125;

const binOf = (ms: number): number => Math.max(0, Math.min(BINS - 1, Math.floor(PER_DOUBLING * Math.log2(Math.max(ms, 1) / FROM_MS))));

const quantile = (bins: Uint32Array): number | undefined => {
  const total = bins.reduce((sum, count) => sum + count, 0);
  if (total < LEAST_LOOKS) return undefined;
  let below = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const here = bins[bin] ?? 0;
    if (below + here >= SHARE * total) return FROM_MS * 2 ** ((bin + (SHARE * total - below) / here) / PER_DOUBLING);
    below += here;
  }
  return undefined;
};

export interface LookScale {
  add(kind: string, surface: string, visibleMs: number): void;
  /** Milliseconds from which a look is long. */
  threshold(kind: string, surface: string): number;
}

export const createLookScale = (): LookScale => {
  const scales = new Map<string, Uint32Array>();
  const count = (key: string, bin: number): void => {
    const bins = scales.get(key) ?? new Uint32Array(BINS);
    bins[bin] = (bins[bin] ?? 0) + 1;
    scales.set(key, bins);
  };
  const of = (key: string): number | undefined => { const bins = scales.get(key); return bins === undefined ? undefined : quantile(bins); };
  return {
    add: (kind, surface, visibleMs) => {
      const bin = binOf(visibleMs);
      count(kind, bin);
      count(`${kind} ${surface}`, bin);
    },
    threshold: (kind, surface) => Math.max(LEAST_MS, of(`${kind} ${surface}`) ?? of(kind) ?? LONG_LOOK_MS),
  };
};
