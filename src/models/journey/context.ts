/** What a head is told of a candidate and a moment besides state and item: the hour, and how old and how well received the item is. */
import { DAY } from '../../core/clock.ts';
import { FEATURE_NAMES } from '../features.ts';

const HOUR_NAMES = ['hourSin', 'hourCos', 'weekend'] as const;
/** Features of the second pass that follow from the item and the clock alone: no consent of a member touches them. */
const ITEM_FEATURES = ['logAgeHours', 'fresh6h', 'fresh36h', 'fresh14d', 'fresh60d', 'logNewer', 'touches1h', 'touches6h', 'touches1d', 'touches7d', 'people', 'logIdleMinutes', 'trend', 'pace'] as const;
export const CONTEXT_NAMES: readonly string[] = [...HOUR_NAMES, ...ITEM_FEATURES];
export const CONTEXT: number = CONTEXT_NAMES.length;
const columns: readonly number[] = ITEM_FEATURES.map((name) => FEATURE_NAMES.indexOf(name));

/** 1970 began on a Thursday. */
const FIRST_WEEKDAY = 4;

/**
 * Writes the CONTEXT numbers of one candidate.
 * @param features its row of the second pass's features begins at `from`
 * @param at milliseconds since the epoch
 */
export const fillContext = ({ features, from, at }: { readonly features: Float32Array; readonly from: number; readonly at: number }, out: Float32Array, to: number): void => {
  const angle = 2 * Math.PI * (at % DAY) / DAY;
  const weekday = (Math.floor(at / DAY) + FIRST_WEEKDAY) % 7;
  out[to] = Math.sin(angle);
  out[to + 1] = Math.cos(angle);
  out[to + 2] = weekday === 0 || weekday === 6 ? 1 : 0;
  // Logarithms run to about 15; a tenth puts all inputs of the head on one scale.
  for (let i = 0; i < columns.length; i++) out[to + 3 + i] = (features[from + (columns[i] ?? 0)] ?? 0) / 10;
};

