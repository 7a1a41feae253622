// CPU of the fixed training step (SASRec, 128 sequences × 200, forward and backward), alternated with Debian's PyTorch.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { machine, median } from './lib/machine.ts';
import type { StepShape } from './lib/sasrec-step.ts';

const SHAPE: StepShape = { sequences: 128, length: 200, width: 64, blocks: 2, heads: 2, items: 3500, negatives: 128 };
const PYTHON = '/usr/bin/python3';
// Torch takes the step at the micro-batch that suits it best, and as it is written: 128 sequences at once.
const [rounds = '5', ours = '16', theirs = '16,128', steps = '7'] = process.argv.slice(2);
const WARM = '3';

interface Measured { readonly runtime: string; readonly microBatch: number; readonly cpuSeconds: readonly number[]; readonly blas?: readonly string[] }

// Compiled into dist-bench/bench; the Python stands where it was written.
const torchStep = fileURLToPath(new URL('../../bench/torch/step.py', import.meta.url));
const ourStep = fileURLToPath(new URL('./lib/train-step.js', import.meta.url));

/** Runs one process to its end; the figure is the process's own. */
const measure = (command: string, args: readonly string[]): Measured => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args[0] ?? ''} failed: ${stderr.trim()}`);
  return JSON.parse(stdout) as Measured;
};

const whyNoTorch = (): string | undefined => {
  const { status, error } = spawnSync(PYTHON, ['-c', 'import torch'], { encoding: 'utf8' });
  if (error !== undefined) return `there is no ${PYTHON}`;
  return status === 0 ? undefined : `${PYTHON} has no torch (Debian: python3-torch and libopenblas0-pthread)`;
};

const ms = (seconds: number): string => (seconds * 1000).toFixed(0);
const told = (medians: readonly number[]): string => `median ${ms(median(medians))} ms (${medians.map(ms).join(', ')})`;

process.stdout.write(`${machine()}\nSASRec ${SHAPE.sequences} × ${SHAPE.length}, d ${SHAPE.width}, ${SHAPE.blocks} blocks, ${SHAPE.heads} heads, ${SHAPE.items} items, ${SHAPE.negatives} shared negatives; forward and backward, one thread\n`);
const missing = whyNoTorch();
const rivals = missing === undefined ? theirs.split(',') : [];
const found: { readonly ours: Measured[]; readonly theirs: ReadonlyMap<string, Measured[]> } = { ours: [], theirs: new Map(rivals.map((micro) => [micro, []])) };
for (let round = 0; round < Number(rounds); round++) {
  found.ours.push(measure(process.execPath, [ourStep, JSON.stringify(SHAPE), ours, WARM, steps]));
  for (const [micro, measured] of found.theirs) measured.push(measure(PYTHON, [torchStep, JSON.stringify(SHAPE), micro, WARM, steps]));
}
// Of each process the median of its steps, then the median over the processes.
const perRound = (of: readonly Measured[]): readonly number[] => of.map(({ cpuSeconds }) => median(cpuSeconds));
const mine = perRound(found.ours);
const events = SHAPE.sequences * SHAPE.length;
process.stdout.write(`  ${found.ours[0]?.runtime ?? ''}, micro-batch ${ours}: ${told(mine)}, ${Math.round(events / median(mine) / 1000)} thousand events a core second\n`);
if (missing !== undefined) process.stdout.write(`  not compared: ${missing}\n`);
for (const [micro, measured] of found.theirs) {
  const torch = perRound(measured);
  const ratios = mine.map((seconds, round) => seconds / (torch[round] ?? Number.NaN));
  process.stdout.write(`  ${measured[0]?.runtime ?? ''} with ${measured[0]?.blas?.join(', ') ?? 'no BLAS'}, micro-batch ${micro}: ${told(torch)}\n`);
  process.stdout.write(`    ratio of medians ${(median(mine) / median(torch)).toFixed(2)}; round by round ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}\n`);
}
