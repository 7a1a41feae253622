/**
 * Learns what makes a tie. Two questions are asked of every hidden tie, and their log-odds added up: which of the candidates of a list
 * become ties, and which pairs of members at all. The first tells near ones apart, the second strangers.
 */
import type { Random } from '../../core/random.ts';
import type { Feature } from './features.ts';
import { tied } from './graph.ts';
import type { Task } from './split.ts';
import type { Survey } from './survey.ts';
import { fitTrees, treesScore, type TreeRows, type Trees } from './trees.ts';
import { drawn, neighboursOf, strangersOf, visit } from './visit.ts';

/** Candidates kept of a list who did not become ties, by chance. */
const OTHERS_OF_LIST = 50;
const TREES = { trees: 60, depth: 4, rate: 0.1, ridge: 20, leafMin: 4, featureShare: 0.5 } as const;

export interface Learned {
  readonly features: readonly Feature[];
  /** Candidate of a list or not. */
  readonly list: Trees;
  /** Pair of members by chance or not. */
  readonly pair: Trees;
}

/** Rows that grow. */
export interface Collected {
  add(write: (into: Float32Array, at: number) => void, label: 0 | 1): void;
  rows(): TreeRows;
}

const collect = (width: number): Collected => {
  let values = new Float32Array(1024 * width);
  let labels = new Uint8Array(1024);
  let count = 0;
  return {
    add: (write, label) => {
      if (count === labels.length) {
        const [more, moreLabels] = [new Float32Array(values.length * 2), new Uint8Array(labels.length * 2)];
        more.set(values);
        moreLabels.set(labels);
        [values, labels] = [more, moreLabels];
      }
      write(values, count * width);
      labels[count++] = label;
    },
    rows: () => ({ width, count, values: values.subarray(0, count * width), labels: labels.subarray(0, count) }),
  };
};

export interface Examples { readonly list: Collected; readonly pair: Collected }
export const createExamples = (width: number): Examples => ({ list: collect(width), pair: collect(width) });

export interface Asked { readonly members: number; readonly strangers: number; readonly each: number; readonly random: Random; readonly onMember: () => void }

/** Adds what one task shows: lists of members with hidden ties, and pairs by chance. */
export const addExamples = (into: Examples, { task, survey }: { readonly task: Task; readonly survey: Survey }, asked: Asked): void => {
  const { graph, hidden } = task;
  const { random } = asked;
  visit(survey, drawn(hidden.present, asked.members, random), (member) => {
    const { members, count } = survey.candidates;
    const share = OTHERS_OF_LIST / Math.max(count, 1);
    for (const other of members.subarray(0, count)) {
      const label = tied(hidden, member, other) ? 1 : 0;
      if (label === 1 || random.next() < share) into.list.add((values, at) => { survey.write(other, values, at); }, label);
    }
    for (const other of neighboursOf(hidden, member)) into.pair.add((values, at) => { survey.write(other, values, at); }, 1);
    asked.onMember();
  });
  visit(survey, drawn(graph.present, asked.strangers, random), (member) => {
    for (const other of strangersOf(task, member, { count: asked.each, random })) into.pair.add((values, at) => { survey.write(other, values, at); }, 0);
    asked.onMember();
  });
};

export const learn = (features: readonly Feature[], examples: Examples, random: Random): Learned => {
  const directions = features.map(({ direction }) => direction);
  return {
    features,
    list: fitTrees(examples.list.rows(), { ...TREES, directions, random: random.fork('list') }),
    pair: fitTrees(examples.pair.rows(), { ...TREES, directions, random: random.fork('pair') }),
  };
};

/** Log-odds of one row of features, of both questions together. */
export const learnedScore = ({ list, pair }: Learned, values: Float32Array, at: number): number => treesScore(list, values, at) + treesScore(pair, values, at);
