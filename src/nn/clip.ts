/** Clipping by the norm of all gradients together (Pascanu, Mikolov, Bengio 2013). */
import { ThroughlineError } from '../core/errors.ts';
import type { Arena } from './arena.ts';

const sumOfSquares = (values: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    sum += value * value;
  }
  return sum;
};

/** The Euclidean norm over every gradient of the arena. @throws server/diverged naming a parameter whose gradient is not finite */
export const gradientNorm = (arena: Arena): number => {
  let sum = sumOfSquares(arena.gradients);
  for (const parameter of arena.parameters) if (parameter.sparse) sum += sumOfSquares(parameter.touched().values);
  if (!Number.isFinite(sum)) {
    const culprit = arena.parameters.find((parameter) => !Number.isFinite(sumOfSquares(parameter.sparse ? parameter.touched().values : parameter.gradient)));
    throw new ThroughlineError('server/diverged', `the gradient of parameter "${culprit?.name ?? 'unknown'}" is not finite`, { where: { field: culprit?.name ?? 'unknown' } });
  }
  return Math.sqrt(sum);
};

/** The factor that brings gradients of this norm within the limit; 1 where they are, or where there is none. */
export const clipScale = (norm: number, limit: number | undefined): number => (limit !== undefined && norm > limit ? limit / norm : 1);
