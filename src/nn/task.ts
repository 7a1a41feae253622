/** What the training loop knows of a model: its parameters, how a batch adds to their gradients, and how good it is on validation. */
import type { Arena } from './arena.ts';

/** Loss of one batch: the sum over its targets, and how many there were. */
export interface BatchLoss { readonly loss: number; readonly targets: number }

export interface TrainingTask {
  readonly arena: Arena;
  /** Batches in an epoch. */
  readonly batches: number;
  /**
   * Adds the gradients of the mean loss of a batch into `arena`. Everything drawn by chance follows from (epoch, batch) alone, never from
   * what ran before, so that a resumed run draws the same.
   */
  step(epoch: number, batch: number): Promise<BatchLoss>;
  /** A metric of the parameters as they stand, higher is better; it is computed on validation data only. */
  validate(): Promise<{ readonly metric: number; readonly details: Readonly<Record<string, number>> }>;
}
