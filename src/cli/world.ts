/** `throughline world`: the simulated network whose truth is known, and how far each way of ranking comes in it. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { ThroughlineError } from '../core/errors.ts';
import { seededRandom } from '../core/random.ts';
import { clusterBootstrap, clusterRatio, type Interval } from '../models/metrics.ts';
import { parameters, parametersHash, printParameters, type Scalars } from '../world/parameters.ts';
import { PERTURBED } from '../world/perturbed.ts';
import { print, printJson, whileStoppable, wholeNumber } from './common.ts';
import { createProgress } from './progress.ts';
import { codeVersion } from './train.ts';
import { addGenerate } from './world-generate.ts';
import { addLive } from './world-live.ts';
import type { Cold } from './world-cold.ts';
import { breadthReport, breadthText, type BreadthReport } from './world-breadth.ts';
import { ablationReport, ablationText, type AblationReport } from './world-ablation.ts';
import { judgeWorld, type Judged } from './world-judge.ts';
import { ORACLE, POPULAR, REGRESSION, WITH_JOURNEY } from './world-policies.ts';
import type { SessionFigures } from './world-sessions.ts';

interface EvaluateOptions { readonly data?: string; readonly seeds: number; readonly seed: number; readonly members: number; readonly past: number; readonly days: number; readonly requests: number; readonly journey: boolean; readonly perturbed: boolean; readonly ablate: boolean; readonly json?: boolean }

/** Of a session: cards acted on, cards passed, and the chance that its member comes back the next day. */
export type SessionIntervals = Readonly<Record<keyof SessionFigures, Interval>>;

/** NDCG@10 by policy, and of our best minus popularity. */
interface ColdFigures { readonly policies: readonly { readonly name: string; readonly 'ndcg@10': Interval }[]; readonly gain: Interval }

export interface WorldReport {
  readonly world: string;
  readonly policies: readonly { readonly name: string; readonly engagement: Interval; readonly session: SessionIntervals }[];
  /** Of the way from popularity to the oracle, what our best comes. */
  readonly gapClosed: Interval;
  /** Our best against the regression without the journey model, request by request. */
  readonly journeyGain?: Interval;
  /** Our best against popularity, session by session. */
  readonly sessionGain: SessionIntervals;
  /** For members who have just joined, and of items that nobody has touched; null where there were none, or too few at a time. */
  readonly coldStart: { readonly members: ColdFigures | null; readonly items: ColdFigures | null };
  /** What is acted on outside the past, niche creators reached, how evenly creators are looked at, and what sponsored cards were predicted to be hidden. */
  readonly breadth: BreadthReport;
  /** Without each first-pass ranker and each family of features. */
  readonly ablation?: AblationReport;
  readonly requests: number;
  readonly seeds: readonly number[];
}

const MEMBERS = 240;
/** Days of the past, and of it between two trainings. */
const PAST = 36;
const TRAINED_EVERY = 6;
const DAYS = 2;
const REQUESTS = 120;
/** Seeds that nothing was tuned on. */
const SEED = 501;

/** Members of different worlds are different people. */
const clustersOf = (runs: readonly Judged[]): Int32Array => {
  const numbers = new Map<string, number>();
  return Int32Array.from(runs.flatMap(({ members }, run) => members.map((member) => {
    const key = `${run} ${member}`;
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  })));
};

export const reportOf = (runs: readonly Judged[], { world, seeds }: Pick<WorldReport, 'world' | 'seeds'>): WorldReport => {
  const cluster = clustersOf(runs);
  const random = seededRandom(7);
  const of = (name: string): readonly number[] => runs.flatMap(({ engagement }) => engagement.get(name) ?? []);
  const names = [...(runs[0]?.engagement.keys() ?? [])];
  const [popular, oracle, regression] = [of(POPULAR), of(ORACLE), of(REGRESSION)];
  const hasJourney = names.includes(WITH_JOURNEY);
  const ours = hasJourney ? of(WITH_JOURNEY) : regression;
  const minus = (a: readonly number[], b: readonly number[]): readonly number[] => a.map((value, i) => value - (b[i] ?? 0));
  const session = (name: string, figure: keyof SessionFigures): readonly number[] => runs.flatMap(({ sessions }) => (sessions.get(name) ?? []).map((figures) => figures[figure]));
  const eachFigure = (label: string, values: (figure: keyof SessionFigures) => readonly number[]): SessionIntervals => {
    const interval = (figure: keyof SessionFigures): Interval => clusterBootstrap(values(figure), cluster, { random: random.fork(`${label} ${figure}`) });
    return { actions: interval('actions'), depth: interval('depth'), returns: interval('returns') };
  };
  const cold = (kind: keyof Cold): ColdFigures | null => {
    const ndcg = (name: string): readonly number[] => runs.flatMap(({ cold: figures }) => figures[kind].get(name) ?? []);
    // Each is somebody, or a request, of its own.
    const of1 = (values: readonly number[], label: string): Interval => clusterBootstrap(values, Int32Array.from(values, (_, i) => i), { random: random.fork(`cold ${kind} ${label}`) });
    const best = ndcg(hasJourney ? WITH_JOURNEY : REGRESSION);
    if (best.length === 0) return null;
    return { policies: names.map((name) => ({ name, 'ndcg@10': of1(ndcg(name), name) })), gain: of1(minus(best, ndcg(POPULAR)), 'gain') };
  };
  return {
    world, seeds, requests: cluster.length, coldStart: { members: cold('members'), items: cold('items') },
    policies: names.map((name) => ({ name, engagement: clusterBootstrap(of(name), cluster, { random: random.fork(name) }), session: eachFigure(`session ${name}`, (figure) => session(name, figure)) })),
    sessionGain: eachFigure('session gain', (figure) => minus(session(hasJourney ? WITH_JOURNEY : REGRESSION, figure), session(POPULAR, figure))),
    breadth: breadthReport(runs.map(({ breadth }) => breadth), { ours: hasJourney ? WITH_JOURNEY : REGRESSION, more: ORACLE, less: POPULAR }, { cluster, random: random.fork('breadth') }),
    gapClosed: clusterRatio(minus(ours, popular), minus(oracle, popular), { cluster, random: random.fork('gap') }),
    ...(hasJourney ? { journeyGain: clusterBootstrap(minus(ours, regression), cluster, { random: random.fork('journey') }) } : {}),
    ...(runs[0]?.ablation === undefined ? {} : { ablation: ablationReport(runs.flatMap(({ ablation }) => (ablation === undefined ? [] : [ablation])), { cluster, random: random.fork('ablation') }) }),
  };
};

const interval = ({ mean, low, high }: Interval, digits: number): string => `${mean.toFixed(digits)}  [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;

/** A table of what a session comes to, by policy. */
const sessionText = (policies: WorldReport['policies'], gain: SessionIntervals): readonly string[] => {
  const row = (name: string, { actions, depth, returns }: SessionIntervals): string => `  ${name.padEnd(28)}${interval(actions, 2).padEnd(24)}${interval(depth, 1).padEnd(22)}${interval({ mean: 100 * returns.mean, low: 100 * returns.low, high: 100 * returns.high }, 1)}`;
  return [`  ${'a session'.padEnd(28)}${'cards acted on'.padEnd(24)}${'cards passed'.padEnd(22)}return the next day, %`, ...policies.map(({ name, session }) => row(name, session)), row(`ours minus ${POPULAR}`, gain)];
};

/** A table of cold starts, by policy. */
const coldText = ({ members, items }: WorldReport['coldStart']): readonly string[] => [[members, 'of members who just joined'] as const, [items, 'of items that nobody touched'] as const].flatMap(([figures, of]) => (figures === null ? [] : [
  `  NDCG@10 ${of}`, ...figures.policies.map((row) => `    ${row.name.padEnd(26)}${interval(row['ndcg@10'], 3)}`), `    ${`ours minus ${POPULAR}`.padEnd(26)}${interval(figures.gain, 3)}`,
]));

const reportText = ({ world, policies, gapClosed, journeyGain, sessionGain, coldStart, breadth, ablation, requests, seeds }: WorldReport): string => [
  `${world}: ${requests} requests, seeds ${seeds.join(', ')}; cards acted on per page, expected by the truth`,
  ...policies.map(({ name, engagement }) => `  ${name.padEnd(28)}${interval(engagement, 4)}`),
  `  of the way from ${POPULAR} to the ${ORACLE}: ${interval({ mean: 100 * gapClosed.mean, low: 100 * gapClosed.low, high: 100 * gapClosed.high }, 1)} %`,
  ...(journeyGain === undefined ? [] : [`  ${WITH_JOURNEY} minus ${REGRESSION}: ${interval(journeyGain, 4)}`]),
  ...sessionText(policies, sessionGain),
  ...coldText(coldStart),
  ...breadthText(breadth),
  ...(ablation === undefined ? [] : ablationText(ablation)),
].join('\n');

/** A folder of its own for one world: kept where the operator named one, else taken away afterwards. */
const folderFor = (data: string | undefined, world: string): { readonly folder: string; remove(): void } => {
  if (data === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'throughline-world-'));
    return { folder, remove: () => { rmSync(folder, { recursive: true, force: true }); } };
  }
  const folder = join(resolve(data), world);
  if (existsSync(folder)) throw new ThroughlineError('client/invalidConfig', `${folder} is there already, and a world begins with nothing; name another folder with --data, or remove it`);
  mkdirSync(folder, { recursive: true });
  return { folder, remove: () => undefined };
};

const evaluateWorld = async ({ data, seeds, seed, members, past, days, requests, journey, ablate, json }: EvaluateOptions, { name, values }: { readonly name: string; readonly values: Partial<Scalars> }): Promise<WorldReport> => {
  const progress = createProgress({ quiet: json === true });
  const runs: Judged[] = [];
  await whileStoppable(async (signal) => {
    for (let n = 0; n < seeds && !signal.aborted; n++) {
      const { folder, remove } = folderFor(data, `${name.replaceAll(' ', '-')}-${seed + n}`);
      try {
        progress.note(`${name}, seed ${seed + n}`);
        const run = await judgeWorld({ seed: seed + n, data: folder, values: { ...values, members, historyDays: past, trainings: Math.max(2, Math.round(past / TRAINED_EVERY)) }, days, requests, journey, ablate, commit: codeVersion(), progress, signal });
        if (run.members.length > 0) runs.push(run);
      } finally {
        remove();
      }
    }
  });
  return reportOf(runs, { world: name, seeds: runs.map((_, n) => seed + n) });
};

export const worldCommand = (): Command => {
  const command = new Command('world').description('the simulated network whose truth is known');
  command.command('parameters').description('print every parameter, with its unit and meaning, and the hash of them all').option('--json', 'print one JSON object')
    .action(({ json }: { readonly json?: boolean }) => {
      if (json === true) printJson({ parameters: parameters(), hash: parametersHash() });
      else print(`${printParameters(parameters())}\n\nhash ${parametersHash()}`);
    });
  addGenerate(command);
  addLive(command);
  command.command('evaluate').description('live through worlds, train in them, and hold what each way of ranking would show against the truth')
    .option('--seeds <number>', 'worlds, one seed after the other', wholeNumber, 3)
    .option('--seed <number>', 'the first seed', wholeNumber, SEED)
    .option('--members <number>', 'members of a world', wholeNumber, MEMBERS)
    .option('--past <number>', 'days of visits before, which are learned from', wholeNumber, PAST)
    .option('--days <number>', 'days after the past in which members are asked', wholeNumber, DAYS)
    .option('--requests <number>', 'members asked in each world', wholeNumber, REQUESTS)
    .option('--no-journey', 'without a journey model, which takes most of the time')
    .option('--data <folder>', 'where worlds live, and are kept (default: nowhere for long)')
    .option('--ablate', 'also without each first-pass ranker, and without each family of features', false)
    .option('--perturbed', 'on five worlds whose parameters are changed, too', false)
    .option('--json', 'print one JSON object, and no progress')
    .action(async (options: EvaluateOptions) => {
      const first = await evaluateWorld(options, { name: 'the world as it is', values: {} });
      const reports = [first];
      if (options.perturbed) for (const changed of PERTURBED) reports.push(await evaluateWorld(options, changed));
      if (options.json === true) printJson({ ...first, hash: parametersHash(), ...(options.perturbed ? { perturbed: reports.slice(1) } : {}) });
      else print(`${reports.map(reportText).join('\n\n')}\n\nparameters ${parametersHash()}`);
    });
  return command;
};
