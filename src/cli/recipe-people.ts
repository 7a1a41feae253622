/** `throughline recipe people`: people you may know on any file of edges, beside the known scores. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ThroughlineError } from '../core/errors.ts';
import { seededRandom } from '../core/random.ts';
import { readEdges, type EdgeReport } from '../models/people/edges.ts';
import { runPeople, type PeopleRun } from '../models/people/run.ts';
import { peopleJson, peopleText } from '../models/people/table.ts';
import { wrapped } from '../models/sequences/table.ts';
import { print, printJson } from './common.ts';
import { createProgress, type Bar, type Progress } from './progress.ts';
import { codeVersion } from './train.ts';

/** The name that stands for any file of edges. */
export const PEOPLE = 'people';
export const PEOPLE_ABOUT = 'any graph of your own: --file <file>, lines of "a b" or "a b time"; ties are hidden and looked for';

export interface PeopleRecipeOptions {
  readonly file?: string;
  readonly seeds: number;
  readonly seed?: number;
  readonly budget?: number;
  readonly out?: string;
  readonly json?: boolean;
}

const LABELS = { learn: 'learning', test: 'looking for hidden ties' } as const;

/** A bar a stage of each seed. */
const told = (progress: Progress, label: (stage: keyof typeof LABELS) => string): { readonly on: (stage: keyof typeof LABELS, done: number, total: number) => void; readonly end: () => void } => {
  let bar: Bar | undefined;
  let now: keyof typeof LABELS | undefined;
  const end = (): void => { bar?.end(); bar = undefined; };
  return {
    end,
    on: (stage, done, total) => {
      if (stage !== now) { end(); bar = progress.bar(label(stage), total); now = stage; }
      bar?.set(done);
    },
  };
};

const count = (value: number): string => value.toLocaleString('en-GB');

const readText = ({ file, form, lines, comments, blankLines, selfLoops }: EdgeReport, { counts }: PeopleRun): string => {
  const left = [...(comments > 0 ? [`${count(comments)} comments`] : []), ...(blankLines > 0 ? [`${count(blankLines)} blank lines`] : []), ...(selfLoops > 0 ? [`${count(selfLoops)} lines that tie a member to itself`] : [])];
  return wrapped(`${file}: ${form}; ${count(lines)} lines, ${count(counts.pairs)} distinct pairs${left.length === 0 ? '' : `; left out: ${left.join(', ')}`}`);
};

/** Reads, hides, learns, looks and prints. @throws client/invalidRequest without a file; what `readEdges` and `runPeople` throw */
export const runPeopleRecipe = async (options: PeopleRecipeOptions): Promise<void> => {
  const { file, out } = options;
  if (file === undefined) throw new ThroughlineError('client/invalidRequest', `throughline recipe ${PEOPLE} needs --file <file>, with lines of "a b" or "a b time"; see throughline recipe --help`);
  if (options.budget !== undefined) throw new ThroughlineError('client/invalidRequest', `throughline recipe ${PEOPLE} takes no --budget: it looks at as many members as a minute or so allows; leave it out`);
  if (out !== undefined) mkdirSync(resolve(out), { recursive: true });
  const { events, report } = await readEdges(resolve(file));
  const progress = createProgress({ quiet: options.json === true });
  const runs = Array.from({ length: options.seeds }, (_, i) => (options.seed ?? 1) + i).map((seed) => {
    const stages = told(progress, (stage) => (options.seeds === 1 ? LABELS[stage] : `${LABELS[stage]}, seed ${seed}`));
    try { return runPeople(events, { seed, random: seededRandom(seed), onProgress: stages.on }); } finally { stages.end(); }
  });
  const [first] = runs;
  if (first === undefined) return;
  const title = `People you may know, on ${file}`;
  const json = { ...peopleJson(runs), recipe: PEOPLE, title, commit: codeVersion(), data: { ...report, members: events.members, pairs: first.counts.pairs } };
  if (out !== undefined) writeFileSync(join(resolve(out), 'result.json'), `${JSON.stringify(json, undefined, 2)}\n`);
  if (options.json === true) printJson(json);
  else print([title, readText(report, first), '', peopleText(runs)].join('\n'));
};
