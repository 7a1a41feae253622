/** `throughline recipe`: fits the models to a known file, or to any file of sequences, and prints their figures beside the published. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { seededRandom } from '../core/random.ts';
import { CANDIDATES, OURS } from '../models/sequences/candidates.ts';
import { readSequences, type ReadReport, type ReadSequences } from '../models/sequences/read.ts';
import type { Given, PublishedTable, Recipe, SplitName } from '../models/sequences/recipe.ts';
import { run, type SplitRun } from '../models/sequences/run.ts';
import { LEAVE_ONE_OUT, leaveOneOut, TIME_SPLIT, timeSplit, type SplitAndReport } from '../models/sequences/split.ts';
import { givenText, otherProtocols, rowsJson, splitJson, splitText, wrapped } from '../models/sequences/table.ts';
import { print, printJson, whileStoppable, wholeNumber } from './common.ts';
import { PEOPLE, PEOPLE_ABOUT, runPeopleRecipe } from './recipe-people.ts';
import { createRecipeProgress } from './recipe-progress.ts';
import { loadRecipe, readRecipe, recipeNames } from './recipes.ts';
import { codeVersion } from './train.ts';

const SEED = 1;
const SEEDS_MAX = 100;
/** The name that stands for any file. */
const ANY_FILE = 'sequences';

interface RecipeOptions {
  readonly data: string;
  readonly file?: string;
  readonly seeds: number;
  readonly seed?: number;
  readonly budget?: number;
  readonly out?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

const seedCount = (text: string): number => {
  const value = wholeNumber(text);
  if (value < 1 || value > SEEDS_MAX) throw new InvalidArgumentError(`Write a whole number from 1 to ${SEEDS_MAX}.`);
  return value;
};

const minutes = (text: string): number => {
  const value = /^\d+(?:\.\d+)?$/u.test(text) ? Number(text) : 0;
  if (!(value > 0)) throw new InvalidArgumentError('Write minutes above zero, such as 30 or 0.5.');
  return value;
};

/** What is run: a frozen recipe, or the same on any file. */
interface Work {
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  readonly read: ReadSequences;
  readonly splits: readonly SplitAndReport[];
  readonly notes: readonly string[];
  readonly published: readonly PublishedTable[];
  readonly given: readonly Given[];
}

const splitOf = (name: SplitName, { data }: ReadSequences): SplitAndReport => {
  if (name === LEAVE_ONE_OUT) return leaveOneOut(data);
  const split = timeSplit(data);
  if ('none' in split) throw new ThroughlineError('client/noData', `no ${TIME_SPLIT}: ${split.none}`);
  return split;
};

const frozen = async (recipe: Recipe, data: string): Promise<Work> => {
  const read = await readRecipe(recipe, data);
  const { name, title, seed, notes, published, given } = recipe;
  return { name, title, seed, read, splits: recipe.splits.map((split) => splitOf(split, read)), notes, published, given };
};

const anyFile = async (file: string): Promise<Work> => {
  const read = await readSequences(resolve(file));
  const byTime = timeSplit(read.data);
  const splits = [leaveOneOut(read.data), ...('none' in byTime ? [] : [byTime])];
  return { name: ANY_FILE, title: `Sequences of ${file}`, seed: SEED, read, splits, notes: 'none' in byTime ? [`No ${TIME_SPLIT}: ${byTime.none}.`] : [], published: [], given: [] };
};

const workOf = async (name: string, options: RecipeOptions): Promise<Work> => {
  if (name !== ANY_FILE) {
    if (options.file !== undefined) throw new ThroughlineError('client/invalidRequest', `--file is for throughline recipe ${ANY_FILE} and throughline recipe ${PEOPLE}; say --data for ${name}; see throughline recipe --help`);
    return frozen(await loadRecipe(name), options.data);
  }
  if (options.file === undefined) throw new ThroughlineError('client/invalidRequest', `throughline recipe ${ANY_FILE} needs --file <file>, with lines of "user item" in time order; see throughline recipe --help`);
  return anyFile(options.file);
};

const count = (value: number): string => value.toLocaleString('en-GB');

/** What was done about what the file holds, where something was. */
const treatments = ({ blankLines, emptyMembers, outOfOrder }: ReadReport): string => [
  ...(outOfOrder > 0 ? [`${count(outOfOrder)} events stood after a later one of their member and were sorted by time`] : []),
  ...(emptyMembers > 0 ? [`${count(emptyMembers)} members without events were left out`] : []),
  ...(blankLines > 0 ? [`${count(blankLines)} blank lines were passed over`] : []),
].join('; ');

const textOf = ({ title, read: { data, report }, notes, published, given }: Work, runs: readonly SplitRun[]): string => {
  const treated = treatments(report);
  return [
    title,
    wrapped(`${report.file}: ${report.form}; ${count(report.events)} events, ${count(data.members)} members, ${count(data.items)} items${treated === '' ? '' : `; ${treated}`}`),
    ...notes.map((note) => wrapped(note)),
    ...runs.flatMap((one) => ['', splitText(one, published), ...givenText(given, one.report.name)]),
    ...(published.some(({ comparesWith }) => comparesWith === undefined) ? ['', otherProtocols(published)] : []),
  ].join('\n');
};

const jsonOf = ({ name, title, read: { data, report }, notes, published }: Work, runs: readonly SplitRun[], run_: { readonly seeds: readonly number[]; readonly budgetMinutes?: number }): object => {
  const [first] = runs;
  return {
    rows: first === undefined ? [] : rowsJson(first),
    recipe: name, title, commit: codeVersion(), ...run_,
    data: { ...report, members: data.members, items: data.items }, notes,
    splits: runs.map((one) => splitJson(one, published)),
    otherProtocols: published.filter(({ comparesWith }) => comparesWith === undefined),
  };
};

const folderName = (text: string): string => text.replaceAll(/[^\w.-]+/gu, '-');

const runWork = async (work: Work, options: RecipeOptions, signal: AbortSignal): Promise<void> => {
  const { out, budget } = options;
  const seed = options.seed ?? work.seed;
  const seeds = Array.from({ length: options.seeds }, (_, i) => seed + i);
  // A disk that cannot be written to is told now rather than after hours.
  if (out !== undefined) mkdirSync(resolve(out), { recursive: true });
  const runs = await run(work.read.data, work.splits, {
    candidates: CANDIDATES, ours: OURS, seeds, signal, now: () => systemClock.now(), random: seededRandom(seed).fork('bootstrap'),
    report: createRecipeProgress({ quiet: options.json === true, stream: process.stderr, clock: systemClock }),
    ...(budget === undefined ? {} : { budgetSeconds: budget * 60 }),
    ...(out === undefined ? {} : { folderOf: (fit: { readonly split: string; readonly model: string; readonly seed: number }) => join(resolve(out), folderName(fit.split), folderName(fit.model), `seed-${fit.seed}`) }),
  });
  const json = jsonOf(work, runs, { seeds, ...(budget === undefined ? {} : { budgetMinutes: budget }) });
  if (out !== undefined) writeFileSync(join(resolve(out), 'result.json'), `${JSON.stringify(json, undefined, 2)}\n`);
  if (options.json === true) printJson(json);
  else print(textOf(work, runs));
};

const list = async (json: boolean): Promise<void> => {
  const recipes = await Promise.all(recipeNames().map(loadRecipe));
  if (json) { printJson({ recipes }); return; }
  const width = Math.max(...recipes.map(({ name }) => name.length), ANY_FILE.length);
  for (const { name, title, splits, data } of recipes) print(`${name.padEnd(width)}  ${title}: ${splits.join(', ')}\n${' '.repeat(width)}  ${data.files.join(' or ')} from ${data.offeredAt}`);
  print(`${ANY_FILE.padEnd(width)}  any file of your own: --file <file>, lines of "user item" or "user item item …" in time order, with times or without`);
  print(`${PEOPLE.padEnd(width)}  ${PEOPLE_ABOUT}`);
};

export const recipeCommand = (): Command => new Command('recipe')
  .description('fit the sequence models to a data set and print their figures beside the published ones; "recipe sequences --file F" takes any file of events, "recipe people --file F" any graph')
  .argument('[name]', 'which recipe; --list names them')
  .option('--list', 'list the recipes, and where their data are offered')
  .option('--data <place>', 'the file of the recipe, or a folder that it lies in', '.')
  .option('--file <file>', 'for "sequences": lines of "user item" or "user item item …" in time order; for "people": lines of "a b"; with times or without, gzip or plain')
  .option('--seeds <number>', 'how many seeds to fit, for the mean and the range', seedCount, 1)
  .option('--seed <number>', 'the first seed (default: that of the recipe)', wholeNumber)
  .option('--budget <minutes>', 'time for all fits together, shared over those still to come; the best found in it is measured', minutes)
  .option('--out <folder>', 'where checkpoints and result.json go; the same command goes on from them')
  .option('--json', 'print one JSON object, and no progress')
  .action(async (name: string | undefined, options: RecipeOptions) => {
    if (options.list === true) { await list(options.json === true); return; }
    if (name === undefined) throw new ThroughlineError('client/invalidRequest', 'name a recipe; throughline recipe --list names them all; see throughline recipe --help');
    // Whoever serves on this machine comes first.
    setPriority(constants.priority.PRIORITY_LOW);
    if (name === PEOPLE) { await runPeopleRecipe(options); return; }
    const work = await workOf(name, options);
    // The fit that is running ends with what it has; the table of what was done is still printed.
    await whileStoppable((signal) => runWork(work, options, signal));
  });
