/**
 * Processor seconds of one training step, a process of its own; one JSON line, as bench/torch/step.py prints:
 *
 *     node train-step.js '{"sequences": 128, …}' <micro-batch> <warm> <steps>
 */
import { seededRandom } from '../../src/core/random.ts';
import { createStep, stepArena, type StepShape } from './sasrec-step.ts';

const [json = '{}', ...numbers] = process.argv.slice(2);
const shape = JSON.parse(json) as StepShape;
const [micro = 4, warm = 1, steps = 3] = numbers.map(Number);

const random = seededRandom(1);
const draw = (count: number): Int32Array => Int32Array.from({ length: count }, () => Math.floor(random.next() * shape.items));
const batch = { ids: draw(shape.sequences * shape.length), targets: draw(shape.sequences * shape.length), negatives: draw(shape.negatives) };
const arena = stepArena(shape, random);
const { run } = await createStep(shape, arena, micro);
const step = async (): Promise<number> => {
  arena.clearGradients();
  return run(batch);
};

for (let i = 0; i < warm; i++) await step();
const cpuSeconds: number[] = [];
let loss = Number.NaN;
for (let i = 0; i < steps; i++) {
  const from = process.cpuUsage();
  loss = await step();
  const { user, system } = process.cpuUsage(from);
  cpuSeconds.push((user + system) / 1e6);
}
process.stdout.write(`${JSON.stringify({ runtime: `throughline on Node ${process.version}`, microBatch: micro, loss, cpuSeconds })}\n`);
process.exit(0);
