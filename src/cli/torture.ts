/** `throughline torture log`: kill -9 on this machine's own disk, for as long as one likes. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { seededRandom } from '../core/random.ts';
import { systemClock } from '../core/clock.ts';
import { tortureLog, type TortureResult } from '../log/torture.ts';

const positiveInteger = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return number;
};

export const tortureCommand = (): Command => {
  const torture = new Command('torture').description('try to make the store lose something');
  torture.command('log')
    .description('kill a process that writes the log, open the log again, look for every acknowledged record')
    .option('--cycles <n>', 'how many times', positiveInteger, 50)
    .option('--data <folder>', 'make a new folder inside this one, on the disk to be tried (default: the system\'s temporary folder)')
    .option('--seed <n>', 'repeat the choices of an earlier run', positiveInteger)
    .option('--json', 'print one JSON object')
    .action(async (options: { readonly cycles: number; readonly data?: string; readonly seed?: number; readonly json?: boolean }) => {
      if (options.data !== undefined) mkdirSync(options.data, { recursive: true });
      const folder = mkdtempSync(join(options.data ?? tmpdir(), 'throughline-torture-'));
      const seed = options.seed ?? systemClock.now() % 2 ** 31;
      try {
        const result = await tortureLog({ folder, cycles: options.cycles, random: seededRandom(seed), onCycle: options.json === true ? () => undefined : (_, so) => print(so, options.cycles) });
        process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : `\n${sentence(result)} (seed ${seed})\n`);
        if (result.lost + result.duplicated + result.unopened > 0) process.exitCode = 1;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  return torture;
};

const print = (result: TortureResult, cycles: number): void => {
  const line = `${result.cycles} of ${cycles} kills, ${result.acknowledged} records acknowledged, ${result.lost} lost`;
  if (process.stdout.isTTY) process.stdout.write(`\r${line}`);
  else if (result.cycles % 50 === 0 || result.cycles === cycles) process.stdout.write(`${line}\n`);
};

const sentence = (result: TortureResult): string =>
  `${result.acknowledged} records acknowledged before ${result.cycles} kills: ${result.lost} lost, ${result.duplicated} duplicated, ${result.unopened} times the store did not open`;
