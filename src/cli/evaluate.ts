/** `throughline evaluate`: the second pass with and without the journey model, beside four baselines on the past of a store. */
import { Command } from 'commander';
import { systemClock } from '../core/clock.ts';
import { seededRandom } from '../core/random.ts';
import { openLmdbLog } from '../log/lmdb.ts';
import { evaluate, type Evaluation, type Ranker } from '../models/evaluate.ts';
import { logFolder } from '../platform/open.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, wholeNumber, type CommonOptions } from './common.ts';
import { createProgress } from './progress.ts';

const SEED = 7;
const METRICS = ['ndcg@10', 'recall@10', 'auc'] as const;

/** The second pass without the journey model, the model's own parts, then the baselines. */
const LABELS: Readonly<Record<Ranker, string>> = {
  'second-pass': 'second pass', 'without-journey': '  without journey', 'without-states': '  without states', journey: 'journey, next item', recent: 'most recent', 'popular-7d': 'popular, 7 days', popular: 'popular', 'item-neighbours': 'item neighbours',
};

const table = ({ rankers, differences, queries, people, readsState }: Evaluation): string => {
  const head = `${'ranker'.padEnd(20)}${METRICS.map((metric) => metric.padStart(11)).join('')}   second pass minus it, 95 % over people`;
  const rows = Object.entries(rankers).map(([name, figures]) => {
    const own = differences.filter(({ ranker }) => ranker === name).map(({ metric, low, high }) => `${metric} [${low.toFixed(4)}, ${high.toFixed(4)}]`);
    return `${LABELS[name as Ranker].padEnd(20)}${METRICS.map((metric) => figures[metric].toFixed(4).padStart(11)).join('')}   ${own.join('  ')}`;
  });
  return [`${queries} touches of ${people} people; the light head reads ${readsState ? 'features and the member\'s state' : 'features alone: states did not rank better'}`, head, ...rows].join('\n');
};

export const evaluateCommand = (): Command => new Command('evaluate')
  .description('rank the last fifth of the past by the second pass, fitted on the rest, with the journey model and without, and by four baselines')
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--seed <number>', 'of the sampled negatives and the bootstrap', wholeNumber, SEED)
  .option('--json', 'print one JSON object, and no progress')
  .action(async (options: CommonOptions & { readonly seed: number }) => {
    const log = await openLmdbLog({ folder: logFolder(dataFolder(options)), clock: systemClock, readOnly: true });
    try {
      const bar = createProgress({ quiet: options.json === true }).bar('Evaluating', 1);
      const evaluation = await evaluate(log, { random: seededRandom(options.seed), seed: options.seed, clock: systemClock, onProgress: (share) => { bar.set(share); } });
      bar.end('done');
      if (options.json === true) printJson(evaluation);
      else print(table(evaluation));
    } finally { await log.close(); }
  });
