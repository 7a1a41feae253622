/** The learning rate of each step, as data: it is written into checkpoints and model cards. */
export type Schedule =
  | { readonly kind: 'constant'; readonly rate: number; readonly warmUpSteps?: number }
  /** Rises in a line to `rate`, then falls along half a cosine to `floor` at `steps`, and stays there (Loshchilov, Hutter 2017). */
  | { readonly kind: 'cosine'; readonly rate: number; readonly floor: number; readonly steps: number; readonly warmUpSteps?: number };

/** @param step counts from 0 */
export const rateAt = (schedule: Schedule, step: number): number => {
  const { rate, warmUpSteps = 0 } = schedule;
  if (step < warmUpSteps) return rate * (step + 1) / warmUpSteps;
  if (schedule.kind === 'constant') return rate;
  const { floor, steps } = schedule;
  const share = steps <= warmUpSteps ? 1 : Math.min(1, (step - warmUpSteps) / (steps - warmUpSteps));
  return floor + (rate - floor) * (1 + Math.cos(Math.PI * share)) / 2;
};
