import type { seededRandom } from '../../src/core/random.ts';
import type { createArena } from '../../src/nn/arena.ts';
import type { TrainingRecipe } from '../../src/nn/loop.ts';
import type { createDropoutPool, createStream } from '../../src/nn/stream.ts';
import type { TrainingTask } from '../../src/nn/task.ts';

export interface Runtime {
  readonly createArena: typeof createArena;
  readonly seededRandom: typeof seededRandom;
  readonly createStream: typeof createStream;
  readonly createDropoutPool: typeof createDropoutPool;
}
export interface LogisticOptions { readonly seed: number; readonly width?: number; readonly onStep?: (epoch: number, batch: number) => void }
export const logisticTask: (runtime: Runtime, options: LogisticOptions) => TrainingTask;
export const RECIPE: TrainingRecipe;
