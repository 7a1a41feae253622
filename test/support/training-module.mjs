// The logistic task as a training module: what a process of its own is told to run. `options.dist` is the compiled source folder.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { getPriority } from 'node:os';
import { logisticTask, RECIPE } from './logistic-task.mjs';

export const runTrainingModule = async ({ dist, folder, batchMs = 0, epochs = 6, everyMs = 1, fail = false }, { signal, clock, onEvent }) => {
  const load = (path) => import(pathToFileURL(join(dist, path)).href);
  const [arena, random, stream, loop, errors] = await Promise.all(['nn/arena.js', 'core/random.js', 'nn/stream.js', 'nn/loop.js', 'core/errors.js'].map(load));
  if (fail) throw new errors.ThroughlineError('client/noData', 'there is nothing to learn from', { where: { field: 'events' } });
  const plain = logisticTask({ ...arena, ...random, ...stream }, { seed: 4 });
  const task = { ...plain, step: async (epoch, batch) => { await sleep(batchMs); return plain.step(epoch, batch); } };
  const result = await loop.train({
    task, recipe: RECIPE, identity: { seed: 4, model: { width: 4 }, dataHash: 'd' }, epochs, clock, signal, onEvent,
    ...(folder === undefined ? {} : { checkpoints: { folder, everyMs } }),
  });
  return { ...result, values: plain.arena.values, priority: getPriority() };
};
