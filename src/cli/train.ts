/** `throughline train`: fits the second pass, at low priority; a server of the same folder takes the model up within a second. */
import { execFileSync } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { systemClock } from '../core/clock.ts';
import { seededRandom } from '../core/random.ts';
import { openLmdbLog } from '../log/lmdb.ts';
import { createModelStore } from '../models/store.ts';
import { train } from '../models/train.ts';
import { logFolder } from '../platform/open.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, type CommonOptions } from './common.ts';
import { createProgress } from './progress.ts';

const SEED = 7;

/** The commit of this checkout; the package's version where there is no checkout. */
export const codeVersion = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: fileURLToPath(new URL('../..', import.meta.url)), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch { return process.env['npm_package_version'] ?? 'unknown'; }
};

export const trainCommand = (): Command => new Command('train')
  .description('fit the second pass to what is in a store; published when it passes the gate')
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--seed <number>', 'of shuffles and sampled negatives', Number, SEED)
  .option('--json', 'print one JSON object, and no progress')
  .action(async (options: CommonOptions & { readonly seed: number }) => {
    // Whoever serves on this machine comes first.
    setPriority(constants.priority.PRIORITY_LOW);
    const data = dataFolder(options);
    const log = await openLmdbLog({ folder: logFolder(data), clock: systemClock, readOnly: true });
    try {
      const bar = createProgress({ quiet: options.json === true }).bar('Training the second pass', 1);
      const outcome = await train({ log, store: createModelStore(data), clock: systemClock, random: seededRandom(options.seed), commit: codeVersion(), onProgress: (share) => { bar.set(share); } });
      bar.end(outcome.version);
      if (options.json === true) { printJson(outcome); return; }
      const figures = Object.entries(outcome.card.figures).map(([name, value]) => `${name} ${value.toFixed(4)}`).join(', ');
      print(`${outcome.published ? 'Published' : 'Not published:'} ${outcome.version}\n  ${outcome.reason}\n  ${outcome.card.examples} examples; ${figures}\n  Position correction ${outcome.card.positionCorrection}: ${outcome.card.positionCorrectionWhy}`);
    } finally { await log.close(); }
  });
