/**
 * A request is a printed tree of named operators over one piece of work. The runner owns deadlines, fallbacks and the trace;
 * operators that are synchronous cost no promise.
 */
import { ThroughlineError, type ErrorCode } from '../core/errors.ts';

export interface Operator<Work> {
  readonly name: string;
  /** One line for the printed list. */
  readonly about: string;
  /** How long it may take before its fallback takes over; the request's deadline holds in any case. */
  readonly timeoutMs?: number;
  /** Absent: its failure fails the request. */
  readonly fallback?: { readonly about: string; readonly run: (work: Work) => void };
  /** Absent: always. */
  readonly enabled?: (work: Work) => boolean;
  readonly children?: readonly Operator<Work>[];
  /** Names of those beside it, in `dependent`, that must be done before it begins. */
  readonly after?: readonly string[];
  readonly run: (work: Work, span: SpanRecorder) => void | Promise<void>;
}

/** Removals named one by one in a trace; beyond that they are counted by reason. */
const NAMED_REMOVALS = 48;

export interface Removal { readonly item: number; readonly reason: string }
export interface Span {
  readonly operator: string;
  readonly ms: number;
  readonly kept: number;
  readonly removed: Readonly<Record<string, number>>;
  /** The first removals, by dense number. */
  readonly removals: readonly Removal[];
  readonly outcome: 'ok' | 'fallback' | 'skipped' | 'failed';
  readonly error?: ErrorCode;
  readonly children: readonly Span[];
}

export interface SpanRecorder {
  /** Spans of the operators that ran before this one in the same sequence: for the one that writes the trace down. */
  readonly before: readonly Span[];
  kept(count: number): void;
  removed(item: number, reason: string): void;
  /** Many removed for one reason, not named one by one. */
  counted(reason: string, count: number): void;
}

/** Milliseconds on a monotonic clock, and the moment on it when the answer is due. */
export interface Deadline { readonly elapsed: () => number; readonly deadlineMs: number; readonly before?: readonly Span[] }

interface OpenSpan extends Omit<SpanRecorder, 'before'> { close(outcome: Span['outcome'], error?: unknown): Span; readonly children: Span[] }

const codeOf = (error: unknown): ErrorCode => (error instanceof ThroughlineError ? error.code : 'plugin/failed');

const openSpan = (operator: string, deadline: Deadline): OpenSpan => {
  const start = deadline.elapsed();
  const counts: Record<string, number> = {};
  const removals: Removal[] = [];
  const children: Span[] = [];
  let keptCount = 0;
  return {
    children,
    kept: (count) => { keptCount = count; },
    removed: (item, reason) => {
      counts[reason] = (counts[reason] ?? 0) + 1;
      if (removals.length < NAMED_REMOVALS) removals.push({ item, reason });
    },
    counted: (reason, count) => { if (count > 0) counts[reason] = (counts[reason] ?? 0) + count; },
    close: (outcome, error) => ({
      operator, ms: deadline.elapsed() - start, kept: keptCount, removed: counts, removals, outcome, children,
      ...(error === undefined ? {} : { error: codeOf(error) }),
    }),
  };
};

const withTimeout = async (work: Promise<void>, name: string, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new ThroughlineError('plugin/timeout', `operator "${name}" did not answer within ${Math.round(ms)} ms`)); }, ms);
  });
  try { await Promise.race([work, late]); } finally { clearTimeout(timer); }
};

/** Runs an operator and its children. Rejects (or throws) only when an operator without a fallback fails. */
export const runOperator = <Work>(operator: Operator<Work>, work: Work, deadline: Deadline): Span | Promise<Span> => {
  const span = openSpan(operator.name, deadline);
  if (operator.enabled?.(work) === false) return span.close('skipped');
  const recover = (error: unknown): Span => {
    if (operator.fallback === undefined) throw error;
    operator.fallback.run(work);
    return span.close('fallback', error);
  };
  const nested: SpanRecorder & NestedRecorder = { kept: span.kept, removed: span.removed, counted: span.counted, before: deadline.before ?? [], [CHILDREN]: span.children, [DEADLINE]: deadline };
  try {
    const running = operator.run(work, nested);
    if (running === undefined) return span.close('ok');
    // A compound ends with its children, who keep the deadline: a timer of its own could fire a moment before theirs and take the page down.
    const due = operator.children === undefined ? deadline.deadlineMs - deadline.elapsed() : Infinity;
    const left = Math.min(operator.timeoutMs ?? Infinity, due);
    const timed = Number.isFinite(left) ? withTimeout(running, operator.name, Math.max(0, left)) : running;
    return timed.then(() => span.close('ok'), recover);
  } catch (error) { return recover(error); }
};

const CHILDREN: unique symbol = Symbol('children');
const DEADLINE: unique symbol = Symbol('deadline');
interface NestedRecorder { readonly [CHILDREN]: Span[]; readonly [DEADLINE]: Deadline }

type Compound<Work> = Omit<Operator<Work>, 'run' | 'children'> & { readonly children: readonly Operator<Work>[] };

/** One after the other. */
export const sequence = <Work>(compound: Compound<Work>): Operator<Work> => ({
  ...compound,
  run: (work, recorder) => {
    const { [CHILDREN]: spans, [DEADLINE]: outer } = recorder as SpanRecorder & NestedRecorder;
    const deadline: Deadline = { elapsed: outer.elapsed, deadlineMs: outer.deadlineMs, before: spans };
    const from = (start: number): void | Promise<void> => {
      for (let i = start; i < compound.children.length; i++) {
        const child = compound.children[i];
        if (child === undefined) continue;
        const span = runOperator(child, work, deadline);
        if (span instanceof Promise) return span.then((done) => { spans.push(done); return from(i + 1); });
        spans.push(span);
      }
      return undefined;
    };
    return from(0);
  },
});

/** All at once; waits for every one. Spans stand in the order of the list. */
export const parallel = <Work>(compound: Compound<Work>): Operator<Work> => ({
  ...compound,
  run: (work, recorder) => {
    const { [CHILDREN]: spans, [DEADLINE]: deadline } = recorder as SpanRecorder & NestedRecorder;
    const running = compound.children.map((child) => runOperator(child, work, deadline));
    if (running.every((span) => !(span instanceof Promise))) { spans.push(...(running as Span[])); return undefined; }
    return Promise.all(running.map(async (span) => span)).then((done) => { spans.push(...done); });
  },
});

const checkDependencies = <Work>(children: readonly Operator<Work>[]): void => {
  const before = new Set<string>();
  for (const { name, after = [] } of children) {
    const unknown = after.find((other) => !before.has(other));
    if (unknown !== undefined) throw new RangeError(`operator "${name}" waits for "${unknown}", which does not stand above it`);
    before.add(name);
  }
};

/** Each as soon as those it waits for are done, which stand above it; the others at once. Spans stand in the order of the list. @throws RangeError where one waits for what is not above it */
export const dependent = <Work>(compound: Compound<Work>): Operator<Work> => {
  checkDependencies(compound.children);
  return {
    ...compound,
    run: (work, recorder) => {
      const { [CHILDREN]: spans, [DEADLINE]: outer } = recorder as SpanRecorder & NestedRecorder;
      const deadline: Deadline = { elapsed: outer.elapsed, deadlineMs: outer.deadlineMs, before: spans };
      const running = new Map<string, Span | Promise<Span>>();
      const begin = (child: Operator<Work>): Span | Promise<Span> => {
        const waiting = (child.after ?? []).map((name) => running.get(name)).filter((span) => span instanceof Promise);
        // Thrown at once or later, a failure is everybody's: nobody is left running unheard.
        try { return waiting.length === 0 ? runOperator(child, work, deadline) : Promise.all(waiting).then(() => runOperator(child, work, deadline)); } catch (error) { return Promise.reject(error as Error); }
      };
      for (const child of compound.children) running.set(child.name, begin(child));
      const all = [...running.values()];
      if (all.every((span) => !(span instanceof Promise))) { spans.push(...(all as Span[])); return undefined; }
      return Promise.all(all.map(async (span) => span)).then((done) => { spans.push(...done); });
    },
  };
};

/** The printed list: one line per operator, indented by depth. */
export const describeWorkflow = <Work>(operator: Operator<Work>, depth = 0): readonly string[] => {
  const notes = [
    operator.after === undefined ? undefined : `after ${operator.after.join(', ')}`,
    operator.timeoutMs === undefined ? undefined : `${operator.timeoutMs} ms`,
    operator.fallback === undefined ? undefined : `else ${operator.fallback.about}`,
  ].filter((note) => note !== undefined);
  const line = `${'  '.repeat(depth)}${operator.name.padEnd(Math.max(1, 28 - 2 * depth))} ${operator.about}${notes.length > 0 ? ` [${notes.join(', ')}]` : ''}`;
  return [line, ...(operator.children ?? []).flatMap((child) => describeWorkflow(child, depth + 1))];
};
