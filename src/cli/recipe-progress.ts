/** What a run of a recipe says while it runs, on standard error: bars on a terminal, lines of JSON elsewhere, nothing under --json. */
import { SECOND, type Clock } from '../core/clock.ts';
import type { RunEvent } from '../models/sequences/run.ts';
import { createProgress, type Bar, type ProgressStream } from './progress.ts';

/** Elsewhere than on a terminal, a batch is told this often. */
const LINE_MS: number = 5 * SECOND;

export interface RecipeProgressOptions { readonly quiet: boolean; readonly stream: ProgressStream; readonly clock: Clock }

const numberOf = (event: unknown, key: string): number | undefined => {
  const value: unknown = typeof event === 'object' && event !== null && key in event ? Reflect.get(event, key) : undefined;
  return typeof value === 'number' ? value : undefined;
};
const typeOf = (event: unknown): unknown => (typeof event === 'object' && event !== null && 'type' in event ? event.type : undefined);

/** Batches are many: one in LINE_MS is told. */
const createLines = ({ stream, clock }: RecipeProgressOptions): ((event: RunEvent) => void) => {
  let told = Number.NEGATIVE_INFINITY;
  return (event) => {
    const often = event.type === 'ranking' || (event.type === 'progress' && typeOf(event.event) === 'batch');
    if (often && clock.now() - told < LINE_MS) return;
    told = clock.now();
    stream.write(`${JSON.stringify(event)}\n`);
  };
};

const createBars = (options: RecipeProgressOptions): ((event: RunEvent) => void) => {
  const progress = createProgress({ stream: options.stream, clock: options.clock });
  let bar: Bar | undefined;
  let epoch = 0;
  const start = (label: string, total: number): Bar => { bar ??= progress.bar(label, total); return bar; };
  const end = (outcome: string): void => { bar?.end(outcome); bar = undefined; };
  const batch = (model: string, event: unknown): void => {
    epoch = numberOf(event, 'epoch') ?? epoch;
    const loss = numberOf(event, 'loss');
    start(`${model}, epoch ${epoch}${loss === undefined ? '' : `, loss ${loss.toFixed(3)}`}`, numberOf(event, 'batches') ?? 1).set(numberOf(event, 'batch') ?? 0);
  };
  return (event) => {
    const who = `${event.model}, seed ${event.seed}`;
    if (event.type === 'fit') start(who, 1);
    else if (event.type === 'ranking') start(`${who}, ranking`, 1).set(event.share);
    else if (event.type === 'ranked') end(`HR@10 ${event.metrics['hr@10'].toFixed(4)}, NDCG@10 ${event.metrics['ndcg@10'].toFixed(4)} (${event.split}; ${event.card.chosen})`);
    else if (typeOf(event.event) === 'batch') batch(event.model, event.event);
    else if (typeOf(event.event) === 'epoch') { const metric = numberOf(event.event, 'metric'); end(metric === undefined ? '' : `validation ${metric.toFixed(4)}`); }
  };
};

export const createRecipeProgress = (options: RecipeProgressOptions): ((event: RunEvent) => void) => {
  if (options.quiet) return () => undefined;
  return options.stream.isTTY === true ? createBars(options) : createLines(options);
};
