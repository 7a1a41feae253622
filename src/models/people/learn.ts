/**
 * Learns what makes a tie. Two questions are asked of every hidden tie, and their log-odds added up: which of the candidates of a list
 * become ties, and which pairs of members at all. The first tells near ones apart, the second strangers. Each is answered by a regression,
 * and by trees that go on from it and trees that do not; how many trees, and whether the best known score is heard too, hidden ties that were
 * not learned from decide, as they do whether trees speak without the regression.
 */
import type { Random } from '../../core/random.ts';
import { choose, together, type Choice, type Scores, type Way } from './choose.ts';
import { rowsOf, type Collected, type Examples } from './examples.ts';
import type { Feature } from './features.ts';
import { fitLinear, fitOne, linearScore, type Linear } from './linear.ts';
import { fitTrees, treesScore, type TreeRows, type Trees } from './trees.ts';

const TREES = { depth: 4, rate: 0.1, ridge: 20, leafMin: 4, featureShare: 0.5 } as const;
/** Numbers of trees that are tried; of few examples more than the first learn by heart. */
const TRIED_OF_MANY: readonly number[] = [0, 15, 30, 60];
const TRIED_OF_FEW: readonly number[] = [0, 15, 30];
/** Parts that examples are dealt into, each judged by what the others teach. */
const PARTS_FEW = 3;
const PARTS_MANY = 2;
const MANY = 40_000;
const FEW_ROWS = 20_000;
const DRAWS_OF_FEW = 2;

const WAYS = { linear: 'regression', trees: 'trees' } as const;
/** Features that known scores stand in. */
const KNOWN_FEATURES: readonly Way[] = ['common neighbours', 'Jaccard', 'Adamic-Adar', 'resource allocation', 'degrees multiplied', 'PageRank both ways', 'local walk'];
const NO_TREES: Trees = { bias: 0, trees: [], gains: new Float64Array() };

/** A regression and trees that go on from it, or trees from the beginning. */
interface Model { readonly linear?: Linear; readonly trees: Trees }
/** One question's answer: the mean of its models. */
export type Answer = readonly Model[];

export interface Learned {
  readonly features: readonly Feature[];
  /** Candidate of a list or not. */
  readonly list: Answer;
  /** Pair of members by chance or not. */
  readonly pair: Answer;
  /** How well each way did by ties that it was not learned from. */
  readonly choice: Choice;
}

const modelScore = ({ linear, trees }: Model, values: Float32Array, at: number): number => (linear === undefined ? 0 : linearScore(linear, values, at)) + treesScore(trees, values, at);
const answerScore = (answer: Answer, values: Float32Array, at: number): number => answer.reduce((sum, model) => sum + modelScore(model, values, at), 0) / answer.length;

/** Log-odds of one row of features, of both questions together. */
export const learnedScore = ({ list, pair }: Learned, values: Float32Array, at: number): number => answerScore(list, values, at) + answerScore(pair, values, at);

interface Fitting { readonly way: Way; readonly features: readonly Feature[]; readonly random: Random; readonly trees: number }

const fit = (rows: TreeRows, { way, features, random, trees }: Fitting): Model => {
  const directions = features.map(({ direction }) => direction);
  const options = { ...TREES, trees, directions, random: random.fork(way) };
  const known = features.findIndex(({ name }) => name === way);
  if (known >= 0) return { linear: fitOne(rows, known), trees: NO_TREES };
  if (way === WAYS.trees) return { trees: fitTrees(rows, options) };
  const linear = fitLinear(rows, directions);
  if (trees === 0) return { linear, trees: NO_TREES };
  const before = Float64Array.from({ length: rows.count }, (_, row) => linearScore(linear, rows.values, row * rows.width));
  return { linear, trees: fitTrees({ ...rows, before }, options) };
};

const between = ({ trees, bias, gains }: Trees, from: number, to: number): Trees => ({ gains, bias: from === 0 ? bias : 0, trees: trees.slice(from, to) });

/** Adds what a model says of rows after each number of trees. @param into [tried][row] */
const say = ({ linear, trees }: Model, of: { readonly collected: Collected; readonly rows: Int32Array; readonly tried: readonly number[] }, into: readonly Float64Array[]): void => {
  const parts = of.tried.map((to, i) => between(trees, of.tried[i - 1] ?? 0, to));
  const values = of.collected.values();
  for (const row of of.rows) {
    const at = row * of.collected.width;
    let sum = linear === undefined ? 0 : linearScore(linear, values, at);
    into.forEach((column, i) => { sum += treesScore(parts[i] ?? trees, values, at); column[row] = (column[row] ?? 0) + sum; });
  }
};

const QUESTIONS = ['list', 'pair'] as const;

interface Saying { readonly features: readonly Feature[]; readonly random: Random; readonly tried: readonly number[] }

/** What both questions' answers say of each other's rows, learned from the other parts: by way, after each number of trees. */
const saidBy = (examples: Examples, ways: readonly Way[], { features, random, tried }: Saying): ReadonlyMap<Way, readonly Scores[]> => {
  const tasks = 1 + examples.groups.reduce((most, { task }) => Math.max(most, task), 0);
  const count = Math.max(PARTS_MANY, Math.min(tasks, examples.list.rows > MANY ? PARTS_MANY : PARTS_FEW));
  const partOf = (group: number): number => { const { task = 0, member = 0 } = examples.groups[group] ?? {}; return (tasks > 1 ? task : member) % count; };
  const column = (collected: Collected): Float64Array[] => tried.map(() => new Float64Array(collected.rows));
  const columns = new Map(ways.map((way) => [way, { list: column(examples.list), pair: column(examples.pair) }]));
  for (let part = 0; part < count; part++) for (const question of QUESTIONS) {
    const taught = rowsOf(examples[question], (group) => partOf(group) !== part);
    const asked = QUESTIONS.map((name) => {
      const groups = examples[name].groups();
      return { name, collected: examples[name], rows: Int32Array.from({ length: groups.length }, (_, row) => row).filter((row) => partOf(groups[row] ?? 0) === part) };
    });
    for (const [way, into] of columns) {
      const model = fit(taught, { way, features, trees: tried.at(-1) ?? 0, random: random.fork(`${question} but ${part}`) });
      // One without trees says the same after any number of them.
      for (const { name, collected, rows } of asked) say(model, { collected, rows, tried }, model.trees === NO_TREES ? into[name].slice(0, 1) : into[name]);
    }
  }
  return new Map([...columns].map(([way, { list, pair }]) => [way, tried.map((trees, i): Scores => ({ ways: [way], trees, list: list[i] ?? new Float64Array(), pair: pair[i] ?? new Float64Array() }))]));
};

/** Few examples teach chance as well: trees of several draws, in the mean, teach less of it. */
const drawsFor = (rows: TreeRows): number => (rows.count < FEW_ROWS ? DRAWS_OF_FEW : 1);

export const learn = (features: readonly Feature[], examples: Examples, random: Random): Learned => {
  const tried = examples.list.rows < MANY ? TRIED_OF_FEW : TRIED_OF_MANY;
  const heard = saidBy(examples, [...KNOWN_FEATURES, WAYS.linear, WAYS.trees], { features, random, tried });
  const known = KNOWN_FEATURES.flatMap((way) => heard.get(way)?.slice(0, 1) ?? []);
  const learned = tried.flatMap((number, i): Scores[] => {
    const [linear, trees] = [heard.get(WAYS.linear)?.[i], heard.get(WAYS.trees)?.[i]];
    if (linear === undefined || trees === undefined) return [];
    return number === 0 ? [linear] : [trees, together([linear, trees], number)];
  });
  const choice = choose(examples, known, learned);
  const answer = (question: (typeof QUESTIONS)[number]): Answer => {
    const rows = rowsOf(examples[question], () => true);
    const fitted = (draw: number): Model[] => choice.ways.map((way) => fit(rows, { way, features, trees: choice.trees, random: random.fork(`${question} ${draw}`) }));
    return Array.from({ length: choice.trees === 0 ? 1 : drawsFor(rows) }, (_, draw) => fitted(draw)).flat();
  };
  return { features, choice, list: answer('list'), pair: answer('pair') };
};
