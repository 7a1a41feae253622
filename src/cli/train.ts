/** `throughline train`: fits the journey model and the second pass, at low priority; a server of the same folder takes a model up within a second. */
import { execFileSync } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { systemClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { seededRandom } from '../core/random.ts';
import { trainDiscovery, type RelevanceOutcome } from '../discovery/learn.ts';
import { createRelevanceStore } from '../discovery/store.ts';
import { openLmdbLog } from '../log/lmdb.ts';
import { createModelStore } from '../models/store.ts';
import { train, type TrainOutcome } from '../models/train.ts';
import type { JourneyOutcome } from '../models/journey/train.ts';
import { logFolder } from '../platform/open.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, type CommonOptions } from './common.ts';
import { createProgress } from './progress.ts';
import { journeyText, trainJourneyHere, watchJourney } from './train-journey.ts';

const SEED = 7;

/** The commit of this checkout; the package's version where there is no checkout. */
export const codeVersion = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: fileURLToPath(new URL('../..', import.meta.url)), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch { return process.env['npm_package_version'] ?? 'unknown'; }
};

interface TrainOptions extends CommonOptions { readonly seed: number; readonly watch?: boolean; readonly fresh?: boolean; readonly budget?: number }

const trainSecondPass = async (data: string, { seed, json }: TrainOptions): Promise<TrainOutcome> => {
  const log = await openLmdbLog({ folder: logFolder(data), clock: systemClock, readOnly: true });
  try {
    const bar = createProgress({ quiet: json === true }).bar('Training the second pass', 1);
    const outcome = await train({ log, store: createModelStore(data), clock: systemClock, random: seededRandom(seed), commit: codeVersion(), onProgress: (share) => { bar.set(share); } });
    bar.end(outcome.version);
    return outcome;
  } finally { await log.close(); }
};

const secondPassText = ({ published, version, reason, card }: TrainOutcome): string => {
  const figures = Object.entries(card.figures).map(([name, value]) => `${name} ${value.toFixed(4)}`).join(', ');
  return `${published ? 'Published:' : 'Not published:'} ${version}\n  ${reason}\n  ${card.examples} examples; ${figures}\n  Position correction ${card.positionCorrection}: ${card.positionCorrectionWhy}`;
};

const trainCohorts = async (data: string): Promise<RelevanceOutcome> => {
  const log = await openLmdbLog({ folder: logFolder(data), clock: systemClock, readOnly: true });
  try {
    return await trainDiscovery({ log, store: createRelevanceStore(data), clock: systemClock, commit: codeVersion() });
  } finally { await log.close(); }
};

const cohortsText = ({ published, version, reason, card: { looks, acted, pages, figures } }: RelevanceOutcome): string =>
  `${published ? 'Published:' : 'Not published:'} ${version}\n  ${reason}\n  ${looks} cards looked at on ${pages} pages, ${acted} acted on; of the later fifth: loss ${figures.logLoss.toFixed(4)} (by the rate of each cohort ${figures.logLossByCohort.toFixed(4)}), AUC ${figures.auc.toFixed(4)} (${figures.aucByCohort.toFixed(4)})\n  It orders the cohorts where the rules say "order": "relevance"`;

const trainJourney = async (data: string, { seed, json, fresh, budget }: TrainOptions): Promise<JourneyOutcome> =>
  trainJourneyHere({ data, seed, commit: codeVersion(), quiet: json === true, ...(fresh === undefined ? {} : { fresh }), ...(budget === undefined ? {} : { budgetMs: budget * 60_000 }) });

/** Of two that follow each other the first may find too little to learn from: that keeps nothing from the second. */
const journeyIfAny = async (data: string, options: TrainOptions): Promise<JourneyOutcome | string> => {
  try {
    return await trainJourney(data, options);
  } catch (error) {
    if (error instanceof ThroughlineError && error.code === 'client/noData') return error.message;
    throw error;
  }
};

const JOURNEY = 'journey';
const SECOND_PASS = 'second-pass';
const DISCOVERY = 'discovery';

const trainWhat = async (what: string | undefined, options: TrainOptions): Promise<void> => {
  const data = dataFolder(options);
  const isJson = options.json === true;
  if (what !== undefined && ![JOURNEY, SECOND_PASS, DISCOVERY].includes(what)) throw new ThroughlineError('client/invalidRequest', `there is no model "${what}"; say ${JOURNEY}, ${SECOND_PASS}, ${DISCOVERY}, or nothing for the first two`);
  if (options.watch === true) {
    const events = await watchJourney(data, { quiet: isJson, print: isJson ? () => undefined : print });
    if (isJson) printJson({ events });
    return;
  }
  if (what === DISCOVERY) {
    const outcome = await trainCohorts(data);
    if (isJson) printJson(outcome); else print(cohortsText(outcome));
    return;
  }
  if (what === JOURNEY) {
    const outcome = await trainJourney(data, options);
    if (isJson) printJson(outcome); else print(journeyText(outcome));
    return;
  }
  const journey = what === SECOND_PASS ? undefined : await journeyIfAny(data, options);
  if (!isJson && journey !== undefined) print(typeof journey === 'string' ? `No journey model: ${journey}` : journeyText(journey));
  // Stopped in the middle: whoever asked for that does not want the rest.
  if (typeof journey === 'object' && journey.version === undefined) { if (isJson) printJson({ journey }); return; }
  const outcome = await trainSecondPass(data, options);
  if (isJson) printJson({ ...outcome, ...(journey === undefined ? {} : { journey }) }); else print(secondPassText(outcome));
};

export const trainCommand = (): Command => new Command('train')
  .description('fit the journey model and then the second pass, or the order of cohorts, to what is in a store; a server of it takes them up')
  .argument('[model]', `${JOURNEY} or ${SECOND_PASS}, both unless said; or ${DISCOVERY}, the order of cohorts`)
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--seed <number>', 'of shuffles and sampled negatives', Number, SEED)
  .option('--budget <minutes>', 'most time for the journey model', Number)
  .option('--fresh', 'begin anew instead of going on from a run of the journey model that was stopped')
  .option('--watch', 'follow the journey model that another process is training')
  .option('--json', 'print one JSON object, and no progress')
  .action(async (what: string | undefined, options: TrainOptions) => {
    // Whoever serves on this machine comes first.
    setPriority(constants.priority.PRIORITY_LOW);
    await trainWhat(what, options);
  });
