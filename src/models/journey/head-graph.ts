/** The perceptron of both ranking heads, over the rows of a few requests at a time, and its two losses. */
import type { Value } from '../../nn/graph.ts';
import { linear, type Build } from '../sequences/blocks.ts';

export interface HeadShape { readonly inputs: number; readonly hidden: number; readonly actions: number }

/** One hidden layer with ReLU. @param x [rows, inputs] @returns [rows, actions] */
export const headLogits = (build: Build, x: Value, { name, hidden, actions }: HeadShape & { readonly name: string }): Value => {
  const inner = build.drop(build.g.relu(linear(build, x, { name: `${name}/inner`, to: hidden })), `${name}/inner`);
  return linear(build, inner, { name: `${name}/outer`, to: actions, deviation: 0.05 });
};

/**
 * Of which of a request's candidates came an action: each action is a choice among the candidates. `shares` [requests, actions, candidates] is 1 / n at
 * each of n candidates with the action, `there` the same shape, 0 for a candidate and −1e9 for padding, `weights` [requests, actions, 1].
 */
export const choiceLoss = ({ g }: Build, logits: Value, { requests, candidates }: { readonly requests: number; readonly candidates: number }): Value => {
  const actions = logits.shape.at(-1) ?? 1;
  const byAction = g.transpose(g.reshape(logits, [requests, candidates, actions]), [0, 2, 1]);
  const all = g.logSumExp(g.add(byAction, g.input('there', byAction.shape)));
  const own = g.sum(g.mul(byAction, g.input('shares', byAction.shape)), [2]);
  const missed = g.sub(all, g.reshape(own, all.shape));
  return g.reshape(g.sum(g.mul(missed, g.input('weights', all.shape)), [0, 1, 2]), [1]);
};

/** How likely each action is on its own: cross-entropy with `labels` [rows, actions] of 0 and 1, `weights` [rows, 1] (0 for padding). */
export const likelihoodLoss = ({ g }: Build, logits: Value): Value => {
  const [rows = 1] = logits.shape;
  const each = g.sub(g.softplus(logits), g.mul(logits, g.input('labels', logits.shape)));
  return g.reshape(g.sum(g.mul(each, g.input('weights', [rows, 1])), [0, 1]), [1]);
};
