/** Weights of what two members have in common, learned by logistic regression, and how lists ordered by them find the ties asked for. */
import type { Random } from '../../src/core/random.ts';
import { cholesky, choleskySolve } from '../../src/models/linear-algebra.ts';
import { sigmoid } from '../../src/models/logistic.ts';
import { clusterBootstrap, rankMetrics, rivals, type Interval } from '../../src/models/metrics.ts';
import { WIDTH, type Asked } from './acquaintances.ts';

export const KINDS = ['hidden', 'later'] as const;
export type Kind = (typeof KINDS)[number];
/** A weight for each of FEATURES. */
export type Weights = Float64Array;

const NEWTON_STEPS = 12;
/** Held against each weight, in examples at even odds. */
const RIDGE = 1;
const TOP = 10;

export const scoreOf = ({ values }: Asked, row: number, weights: Weights): number => {
  let sum = 0;
  for (let i = 0, at = row * WIDTH; i < WIDTH; i++, at++) sum += (weights[i] ?? 0) * (values[at] ?? 0);
  return sum;
};

/** Slope and curvature of the loss, along the directions and a bias, the last. */
const slopeOf = (asked: readonly Asked[], along: readonly Weights[], { weights, bias }: { readonly weights: Weights; readonly bias: number }) => {
  const size = along.length + 1;
  const [slope, curvature] = [new Float64Array(size), new Float64Array(size * size)];
  const x = new Float64Array(size).fill(1);
  for (const each of asked) for (let row = 0; row < each.rows; row++) {
    along.forEach((direction, i) => { x[i] = scoreOf(each, row, direction); });
    const p = sigmoid(bias + scoreOf(each, row, weights));
    const miss = Number(each.hidden[row] === 1 || each.later[row] === 1) - p;
    for (let i = 0; i < size; i++) {
      slope[i] = (slope[i] ?? 0) + miss * (x[i] ?? 0);
      for (let j = 0; j < size; j++) curvature[i * size + j] = (curvature[i * size + j] ?? 0) + p * (1 - p) * (x[i] ?? 0) * (x[j] ?? 0);
    }
  }
  return { slope, curvature, size };
};

/** The sum of these weights that says best who is tied, whichever kind of tie it is: each of them times what is learned. */
export const fitWeights = (asked: readonly Asked[], along: readonly Weights[]): Weights => {
  const times = new Float64Array(along.length);
  const weights = new Float64Array(WIDTH);
  let bias = -4;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const { slope, curvature, size } = slopeOf(asked, along, { weights, bias });
    for (let i = 0; i < along.length; i++) {
      slope[i] = (slope[i] ?? 0) - RIDGE / 4 * (times[i] ?? 0);
      curvature[i * size + i] = (curvature[i * size + i] ?? 0) + RIDGE / 4;
    }
    const factor = cholesky(curvature, size);
    if (factor === undefined) throw new Error('two columns say the same');
    const move = choleskySolve(factor, slope);
    bias += move[size - 1] ?? 0;
    along.forEach((direction, i) => {
      times[i] = (times[i] ?? 0) + (move[i] ?? 0);
      for (let column = 0; column < WIDTH; column++) weights[column] = (weights[column] ?? 0) + (move[i] ?? 0) * (direction[column] ?? 0);
    });
  }
  return weights;
};

/** How a member's candidates are scored. */
export type Score = (asked: Asked) => Float64Array;
export const byWeights = (weights: Weights): Score => (asked) => Float64Array.from({ length: asked.rows }, (_, row) => scoreOf(asked, row, weights));

const barOf = (scores: Float64Array, best: number): number => scores.toSorted().at(-best) ?? Number.NEGATIVE_INFINITY;

/** Some order, of which the best are put in another: the others stay behind them. */
export const amongBest = (first: Weights, { order, best }: { readonly order: Weights; readonly best: number }): Score => (asked) => {
  const scores = byWeights(first)(asked);
  const bar = barOf(scores, best);
  // Far above whatever weights say.
  return scores.map((score, row) => (score >= bar ? 1e3 + scoreOf(asked, row, order) : score));
};

/** Of each tie asked for: the figures of the list in which it stands with everybody who is no such tie, and whose list it is. */
export interface Figures { readonly auc: readonly number[]; readonly recall: readonly number[]; readonly member: readonly number[] }

export const figuresOf = (asked: readonly Asked[], kind: Kind, score: Score): Figures => {
  const [auc, recall, member]: [number[], number[], number[]] = [[], [], []];
  for (const each of asked) {
    const scores = score(each);
    const none = Array.from(scores.keys()).filter((row) => each.hidden[row] === 0 && each.later[row] === 0);
    each[kind].forEach((is, row) => {
      if (is === 0 || none.length === 0) return;
      const list = Float64Array.from([row, ...none], (one) => scores[one] ?? 0);
      const { above, equal } = rivals(list, 0);
      const found = rankMetrics(above, equal, { count: list.length, k: TOP });
      auc.push(found.auc);
      recall.push(found.recall);
      member.push(each.member);
    });
  }
  return { auc, recall, member };
};

/** Of several worlds: their members are different people. */
export const joined = (worlds: readonly Figures[]): Figures => ({
  auc: worlds.flatMap(({ auc }) => auc), recall: worlds.flatMap(({ recall }) => recall), member: worlds.flatMap(({ member }, world) => member.map((one) => one * worlds.length + world)),
});

export const intervalOf = ({ member }: Figures, values: readonly number[], random: Random): Interval => clusterBootstrap(values, member, { random });
