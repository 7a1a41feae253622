/** `throughline explain <requestId>`: a request as a tree, and each item's scores, features and contributions. Reads beside a running server. */
import { Command } from 'commander';
import { ThroughlineError } from '../core/errors.ts';
import { systemClock } from '../core/clock.ts';
import { traceOf, type Trace, type TraceItem } from '../feed/explain.ts';
import { createSecondPass, UNTRAINED, type SecondPass } from '../feed/second-pass.ts';
import { openLmdbLog } from '../log/lmdb.ts';
import type { Log, StoredRecord } from '../log/port.ts';
import { createModelStore } from '../models/store.ts';
import { logFolder } from '../platform/open.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, type CommonOptions } from './common.ts';

interface SpanView {
  readonly operator: string; readonly ms: number; readonly kept: number; readonly outcome: string; readonly error?: string;
  readonly removed?: Readonly<Record<string, number>>; readonly removals?: readonly { readonly item: string; readonly reason: string }[]; readonly children?: readonly SpanView[];
}

const findServed = async (log: Log, requestId: string): Promise<StoredRecord | undefined> => {
  for await (const block of log.read(log.end().map(({ partition }) => ({ partition, sequence: 0 })))) {
    const found = block.records.find((record) => record.type === 'served' && record.id === requestId);
    if (found !== undefined) return found;
  }
  return undefined;
};

const modelFor = async (data: string, version: string): Promise<SecondPass | undefined> => {
  if (version === UNTRAINED.version) return createSecondPass(UNTRAINED);
  try { return createSecondPass((await createModelStore(data).load(version)).model); } catch { return undefined; }
};

const spanLines = (span: SpanView, depth: number): readonly string[] => {
  const removed = Object.entries(span.removed ?? {}).map(([reason, count]) => `${count} ${reason}`).join(', ');
  const outcome = span.outcome === 'ok' ? '' : `  ${span.outcome}${span.error === undefined ? '' : ` (${span.error})`}`;
  return [
    `${'  '.repeat(depth)}${span.operator.padEnd(Math.max(1, 22 - 2 * depth))}${span.ms.toFixed(3).padStart(9)} ms  kept ${String(span.kept).padStart(4)}${removed === '' ? '' : `  removed ${removed}`}${outcome}`,
    ...(span.removals ?? []).slice(0, 5).map(({ item, reason }) => `${'  '.repeat(depth + 1)}- ${item}: ${reason}`),
    ...(span.children ?? []).flatMap((child) => spanLines(child, depth + 1)),
  ];
};

const signed = (value: number): string => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(3)}`;

const itemLines = (item: TraceItem): readonly string[] => [
  `${String(item.position + 1).padStart(3)}. ${item.item}  ${item.reason}${item.actors.length > 0 ? ` (${item.actors.join(', ')})` : ''}${item.forced ? '  placed at random' : ''}`,
  `     first pass ${Object.entries(item.firstPass).map(([ranker, score]) => `${ranker} ${score.toFixed(3)}`).join(', ') || 'none'}; value ${item.value.toFixed(4)}, after re-ranking ${item.finalValue.toFixed(4)}`,
  ...(Object.keys(item.predictions).length === 0 ? [] : [`     predicted ${Object.entries(item.predictions).map(([action, p]) => `${action} ${(100 * p).toFixed(1)} %`).join(', ')}`]),
  ...(item.features.length === 0 ? [] : [`     because ${item.features.slice(0, 6).map(({ feature, value, contribution }) => `${feature}=${value.toFixed(2)} ${signed(contribution)}`).join(', ')}`]),
];

const lines = (trace: Trace): readonly string[] => [
  `Request ${trace.requestId} for ${trace.member} at ${trace.at}`,
  `${trace.surface}, sort=${trace.sort}, model ${trace.model}, rules ${trace.rules}${Object.entries(trace.assignments).map(([experiment, variant]) => `, ${experiment}=${variant}`).join('')}; ${trace.eligible} eligible (digest ${trace.eligibleDigest})`,
  '', ...spanLines(trace.workflow as SpanView, 0), '', ...trace.items.flatMap(itemLines),
];

export const explainCommand = (): Command => new Command('explain')
  .description('show one request as a tree, and why each item stands where it does')
  .argument('<requestId>', 'of a feed page')
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--json', 'print the trace as JSON')
  .action(async (requestId: string, options: CommonOptions) => {
    const data = dataFolder(options);
    const log = await openLmdbLog({ folder: logFolder(data), clock: systemClock, readOnly: true });
    try {
      const record = await findServed(log, requestId);
      if (record === undefined) throw new ThroughlineError('client/notFound', `there is no request "${requestId}" in ${data}; take the requestId of a feed page, and --data of the server that served it`);
      const trace = traceOf(record, await modelFor(data, traceOf(record, undefined).model));
      if (options.json === true) printJson(trace);
      else print(lines(trace).join('\n'));
    } finally { await log.close(); }
  });
