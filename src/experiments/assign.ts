/**
 * Which variant a member gets: a pure function of the experiment, the member's id and their attributes. The order of the questions: is it running, is the
 * member named, is their bucket of the layer its own, are they in its part of the namespace, do they meet its condition, and where does the hash put them.
 */
import type { Parameter, Subject } from '../core/context.ts';
import { compileCondition } from './condition.ts';
import { assertSound, parameterOf, valueOf, type Experiment, type Setting } from './experiment.ts';
import { hash, layerBucket, namespacePlace } from './hash.ts';

/** As OpenFeature names them, and one of our own. DEFAULT: the member is not in it. */
export type Reason = 'OVERRIDE' | 'TARGETING_MATCH' | 'SPLIT' | 'DEFAULT' | 'DISABLED';
/** `variant` is absent where the parameter's default holds. */
export interface Assignment { readonly variant: ReadyVariant | undefined; readonly reason: Reason }

export interface ReadyVariant {
  readonly name: string;
  readonly value: unknown;
  /** Half-open, of what the hash comes to: GrowthBook's bucket ranges. */
  readonly from: number;
  readonly to: number;
}

/** An experiment whose texts are read: nothing is parsed, compiled or checked when a member asks. */
export interface ReadyExperiment {
  readonly experiment: Experiment;
  readonly parameter: Parameter<unknown>;
  readonly variants: readonly ReadyVariant[];
  readonly overrides: ReadonlyMap<string, ReadyVariant>;
  readonly matches: ((attributes: ReturnType<Subject['attributes']>) => boolean) | undefined;
}

/** Each variant's part of [0, 1): it begins where those before it would end, and takes `coverage` of its weight. So more coverage moves nobody who is in. */
export const bucketRanges = (weights: readonly number[], coverage: number): readonly { readonly from: number; readonly to: number }[] => {
  let start = 0;
  return weights.map((weight) => {
    const from = start;
    start += weight;
    return { from, to: from + coverage * weight };
  });
};

/** @throws client/invalidRequest, client/tooLarge where it is none, or its parameter is none any more */
export const makeReady = (experiment: Experiment, setting: Setting): ReadyExperiment => {
  assertSound(experiment, setting);
  const parameter = parameterOf(setting, experiment.parameter);
  const ranges = bucketRanges(experiment.variants.map(({ weight }) => weight), experiment.coverage);
  const variants = experiment.variants.map((variant, place): ReadyVariant => ({ name: variant.name, value: valueOf(parameter, variant), from: ranges[place]?.from ?? 0, to: ranges[place]?.to ?? 0 }));
  const overrides = new Map(Object.entries(experiment.overrides ?? {}).flatMap(([member, wanted]) => variants.filter(({ name }) => name === wanted).map((variant) => [member, variant] as const)));
  return { experiment, parameter, variants, overrides, matches: experiment.condition === undefined ? undefined : compileCondition(experiment.condition, setting.attributes) };
};

const OUT: Assignment = { variant: undefined, reason: 'DEFAULT' };
const DISABLED: Assignment = { variant: undefined, reason: 'DISABLED' };

/** @param bucket the member's, where whoever asks knows it for the layer already */
export const assign = ({ experiment, variants, overrides, matches }: ReadyExperiment, { member, attributes }: Subject, bucket = layerBucket(experiment.layer, member)): Assignment => {
  const { status, range, namespace, seed, hashVersion } = experiment;
  if (status === 'stopped') return DISABLED;
  const forced = overrides.get(member);
  if (forced !== undefined) return { variant: forced, reason: 'OVERRIDE' };
  if (bucket < range.from || bucket >= range.to) return OUT;
  if (namespace !== undefined) {
    const place = namespacePlace(namespace.name, member);
    if (place < namespace.from || place >= namespace.to) return OUT;
  }
  if (matches?.(attributes()) === false) return OUT;
  const place = hash(seed, member, hashVersion);
  const variant = variants.find(({ from, to }) => place >= from && place < to);
  return variant === undefined ? OUT : { variant, reason: matches === undefined ? 'SPLIT' : 'TARGETING_MATCH' };
};
