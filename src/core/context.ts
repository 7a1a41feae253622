/** What a request knows from its first line on: one clock reading, one deadline, one source of chance for its whole life. */
import type { Millis, RequestId } from './ids.ts';
import type { Random } from './random.ts';
import type { SignalFamilies } from './registry.ts';

export interface Variant<V> { readonly name: string; readonly weight: number; readonly value: V }
export interface Experiment<V> { readonly key: string; readonly variants: readonly [Variant<V>, ...Variant<V>[]] }

export interface RequestContext {
  readonly requestId: RequestId;
  /** The time of the request: every operator reads this, none reads a clock. */
  readonly now: Millis;
  /** Milliseconds on `elapsed` by which the page must be ready. */
  readonly deadlineMs: number;
  /** Monotonic milliseconds, for spans and deadlines alone. */
  readonly elapsed: () => number;
  readonly locale: string;
  readonly timeZone: string;
  readonly surface: string;
  readonly client: string;
  readonly allowed: SignalFamilies;
  readonly random: Random;
  /** Experiment key → variant name, as far as assigned in this request. */
  readonly assignments: Readonly<Record<string, string>>;
  /** The value of the viewer's variant; the first variant until experiments exist. */
  variant<V>(experiment: Experiment<V>): V;
}

/** The default of an experiment is its first variant. */
export const defaultVariant = <V>(experiment: Experiment<V>): V => experiment.variants[0].value;
