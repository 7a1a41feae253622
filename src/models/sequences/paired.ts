/** Two models over the same members: the mean of each member's difference, and how sure one may be of it. */
import { ThroughlineError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { clusterBootstrap, type Interval } from '../metrics.ts';
import { gains, type Metric, type Ranks } from './protocol.ts';

/** What each member contributes, averaged over the seeds of a model. Every seed ranks the same members in the same order. */
const meanGains = (metric: Metric, seeds: readonly Ranks[]): Float64Array => {
  const sums = new Float64Array(seeds[0]?.ranks.length ?? 0);
  for (const ranks of seeds) gains(metric, ranks).forEach((value, i) => { sums[i] = (sums[i] ?? 0) + value / seeds.length; });
  return sums;
};

const sameMembers = (a: readonly Ranks[], b: readonly Ranks[]): boolean => {
  const members = a[0]?.members;
  return members !== undefined && [...a, ...b].every((ranks) => ranks.members.length === members.length && ranks.members.every((member, i) => member === members[i]));
};

/**
 * Mean of (a minus b) over members, with a 95 % percentile interval over 1,000 resamples of members; a member's value is the mean over
 * the seeds of a model, so the interval speaks of other members and not of other seeds.
 * @throws server/internal when the two were not asked about the same members
 */
export const pairedDifference = (metric: Metric, pair: { readonly a: readonly Ranks[]; readonly b: readonly Ranks[] }, random: Random): Interval => {
  if (!sameMembers(pair.a, pair.b)) throw new ThroughlineError('server/internal', 'two models were ranked over different members and cannot be paired');
  const b = meanGains(metric, pair.b);
  const differences = meanGains(metric, pair.a).map((value, i) => value - (b[i] ?? 0));
  return clusterBootstrap(differences, Int32Array.from(differences.keys()), { random });
};

/** Over seeds: the mean, and the lowest and highest. */
export const overSeeds = (values: readonly number[]): Interval => ({ mean: values.reduce((sum, value) => sum + value, 0) / values.length, low: Math.min(...values), high: Math.max(...values) });
