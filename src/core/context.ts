/** What a request knows from its first line on: one clock reading, one deadline, one source of chance for its whole life. */
import type { Millis, RequestId } from './ids.ts';
import type { Random } from './random.ts';
import type { SignalFamilies } from './registry.ts';
import type { Schema } from './validation.ts';

/** What an experiment may vary: a typed value that code asks for by this row. Whoever owns the type owns the row; src/platform/parameters.ts lists them. */
export interface Parameter<V> {
  readonly name: string;
  readonly about: string;
  /** What a variant's value must be. */
  readonly schema: Schema<V>;
  /** What holds for everybody who is in no experiment. */
  readonly default: V;
}

/** What conditions of experiments may ask of a member: plain values, or lists of them. */
export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;
export interface Subject {
  readonly member: string;
  /** Called where a condition asks for it, and never before. */
  readonly attributes: () => Attributes;
}

export interface Assigned {
  /** Experiment key → variant name, of those that were asked for in this request and that the member is in: what was asked is what shows. */
  readonly assignments: Readonly<Record<string, string>>;
  /** The value for this member; asked for only where it is about to be used, because that is what exposes the member. */
  variant<V>(parameter: Parameter<V>): V;
}
/** Begins a request of one member. */
export type Assign = (subject: Subject) => Assigned;

export interface RequestContext extends Assigned {
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
}

/** Where no experiment runs: everything by its default. */
export const UNASSIGNED: Assigned = { assignments: {}, variant: (parameter) => parameter.default };
