// Trains the logistic task into a folder until it is done or refused, in this process, and says what happened in one line:
//   node checkpoint-writer.mjs <compiled source folder> <checkpoint folder> <epochs>
import { writeSync } from 'node:fs';
import { runTrainingModule } from './training-module.mjs';

const [dist = '', folder = '', epochs = '1'] = process.argv.slice(2);
try {
  const result = await runTrainingModule({ dist, folder, epochs: Number(epochs), everyMs: Number.POSITIVE_INFINITY }, { signal: new AbortController().signal, clock: { now: () => 0 }, onEvent: () => undefined });
  writeSync(1, `${result.reason}\n`);
} catch (error) {
  writeSync(1, `${error.code} ${error.message}\n`);
}
