/** The loss curve of PyTorch, from the same start by the same steps: bench/torch/parity.py wrote the fixture. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createStep, stepArena, type StepShape } from '../../../bench/lib/sasrec-step.ts';
import { seededRandom } from '../../../src/core/random.ts';
import { createAdam } from '../../../src/nn/optimiser.ts';

interface Curve { readonly shape: StepShape; readonly rate: number; readonly losses: readonly number[] }
const { shape, rate, losses } = JSON.parse(readFileSync(new URL('../../fixtures/nn/sasrec-torch.json', import.meta.url), 'utf8')) as Curve;

const whole = (count: number, value: (i: number) => number): Int32Array => Int32Array.from({ length: count }, (_, i) => value(i) % shape.items);

test.each([shape.sequences, 1])('SASRec learns as it does in PyTorch, loss by loss, in micro-batches of %i', async (micro) => {
  const arena = stepArena(shape, seededRandom(1));
  // In code-unit order, as Python sorts.
  const named = arena.parameters.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  named.forEach(({ name, value }, number) => {
    for (let i = 0; i < value.length; i++) value[i] = (name.endsWith('gain') ? 1 : 0) + 0.3 * Math.sin(12.9898 * (number + 1) + 78.233 * (i + 1));
  });
  const { run, close } = await createStep(shape, arena, micro);
  const adam = createAdam(arena);
  const count = shape.sequences * shape.length;
  const found: number[] = [];
  for (let step = 0; step < losses.length; step++) {
    arena.clearGradients();
    found.push(await run({
      ids: whole(count, (j) => 7 * j + j * j + 13 * step), targets: whole(count, (j) => 5 * j + 11 * step + 1), negatives: whole(shape.negatives, (k) => 3 * k + step),
    }));
    adam.step(rate);
  }
  await close();
  expect(Math.max(...found.map((loss, step) => Math.abs(loss - (losses[step] ?? Number.NaN))))).toBeLessThan(5e-5);
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) - 0.1);
});
