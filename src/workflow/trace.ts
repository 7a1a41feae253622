/** Spans as they are written down: references instead of dense numbers, which hold for one process. */
import type { Span } from './workflow.ts';

type NameOf = (item: number) => string;

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

const withNames = (span: Span, nameOf: NameOf): unknown => ({
  operator: span.operator, ms: rounded(span.ms), kept: span.kept, outcome: span.outcome,
  ...(span.error === undefined ? {} : { error: span.error }),
  ...(Object.keys(span.removed).length === 0 ? {} : { removed: span.removed }),
  ...(span.removals.length === 0 ? {} : { removals: span.removals.map(({ item, reason }) => ({ item: nameOf(item), reason })) }),
  ...(span.children.length === 0 ? {} : { children: span.children.map((child) => withNames(child, nameOf)) }),
});

/** The tree so far, as JSON: what ran before the record was written. */
export const traceText = (operator: string, { before, kept, nameOf }: { readonly before: readonly Span[]; readonly kept: number; readonly nameOf: NameOf }): string =>
  JSON.stringify({ operator, ms: rounded(before.reduce((sum, { ms }) => sum + ms, 0)), kept, outcome: 'ok', children: before.map((span) => withNames(span, nameOf)) });
