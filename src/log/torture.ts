/**
 * Kills a process that writes the log, again and again, and looks whether anything it acknowledged is missing. It proves
 * safety against the death of the process; the page cache survives it, so power loss is another matter.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import { openLmdbLog } from './lmdb.ts';
import { torturePayload } from './torture-record.ts';

export interface TortureOptions {
  /** Its own: the records in it are not events of anybody. */
  readonly folder: string;
  readonly cycles: number;
  readonly random: Random;
  readonly onCycle?: (cycle: number, result: TortureResult) => void;
}
/** Counts: of cycles, of acknowledged records, of those missing or not whole, of records found twice, of failed openings. */
export interface TortureResult { cycles: number; acknowledged: number; lost: number; duplicated: number; unopened: number }

/** How long a victim writes at most, from its first acknowledgement on. */
const WRITING_MS = 80;
/** The share of victims that are killed while they start, and how long that takes. */
const DURING_START = 0.15;
const STARTING_MS = 150;
/** A victim that has not begun to write by then has hung. */
const START_MS = 30_000;

/** @throws server/internal where it does not run from compiled files */
export const tortureLog = async (options: TortureOptions): Promise<TortureResult> => {
  const script = fileURLToPath(new URL('./torture-child.js', import.meta.url));
  if (!existsSync(script)) throw new ThroughlineError('server/internal', `${script} is missing; build first (npm run build)`);
  const { folder, random, onCycle } = options;
  const result: TortureResult = { cycles: 0, acknowledged: 0, lost: 0, duplicated: 0, unopened: 0 };
  const progress = { firstNumber: 0, sequence: 0 };
  while (result.cycles < options.cycles) {
    const death = await oneVictim({ script, folder, random, firstNumber: progress.firstNumber });
    result.cycles++;
    if (death.runs === undefined) result.unopened++;
    await examine(folder, death, { result, progress });
    onCycle?.(result.cycles, result);
  }
  return result;
};

type Run = readonly [first: number, count: number];
/** `runs`: the acknowledged record numbers; undefined if the victim died before it was killed (its log did not open, or not write). */
interface Death { readonly runs: Run[] | undefined; readonly wholeGroup: boolean }

const oneVictim = async (parts: { readonly script: string; readonly folder: string; readonly random: Random; readonly firstNumber: number }): Promise<Death> => {
  const { random } = parts;
  const seed = Math.floor(random.next() * 2 ** 31);
  // Its own process group, so that one signal can reach the process that commits as well; or it must notice by itself.
  const child = spawn(process.execPath, [parts.script, parts.folder, String(seed), String(parts.firstNumber)], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const wholeGroup = random.next() < 0.5;
  const duringStart = random.next() < DURING_START;
  const delayMs = random.next() * (duringStart ? STARTING_MS : WRITING_MS);
  let output = '';
  let timer = setTimeout(() => kill(child, wholeGroup), duringStart ? delayMs : START_MS);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const first = output === '';
    output += text;
    if (!first || duringStart) return;
    clearTimeout(timer);
    timer = setTimeout(() => kill(child, wholeGroup), delayMs);
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_, by) => resolve(by)));
  clearTimeout(timer);
  if (signal !== 'SIGKILL') return { runs: undefined, wholeGroup };
  // A half-written last line was not acknowledged: whoever wrote it had not finished saying so.
  const runs = output.split('\n').slice(0, -1).map((line) => line.split(' ').map(Number)).map(([first = 0, count = 0]): Run => [first, count]);
  return { runs, wholeGroup };
};

const kill = (child: ChildProcess, wholeGroup: boolean): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(wholeGroup ? -child.pid : child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/**
 * Looks for every acknowledged record of the last victim. Where the process that commits may still be finishing its last group
 * the log is opened to be written, which fences it off; the next victim does so in any case.
 */
const examine = async (folder: string, death: Death, state: { readonly result: TortureResult; readonly progress: { firstNumber: number; sequence: number } }): Promise<void> => {
  const { result, progress } = state;
  const log = await openLmdbLog({ folder, clock: systemClock, readOnly: death.wholeGroup }).catch((error: unknown) => { failedWith(error, result); });
  if (log === undefined) return;
  const found = new Set<number>();
  for await (const block of log.read([{ partition: 0, sequence: progress.sequence }])) {
    for (const record of block.records) {
      const number = Number(record.id.slice('torture-'.length));
      if (found.has(number) || number < progress.firstNumber) result.duplicated++;
      if (Buffer.compare(record.payload, torturePayload(number)) === 0) found.add(number);
      progress.sequence = record.sequence + 1;
    }
  }
  for (const [first, count] of death.runs ?? []) {
    result.acknowledged += count;
    for (let number = first; number < first + count; number++) {
      if (!found.has(number)) result.lost++;
      progress.firstNumber = Math.max(progress.firstNumber, number + 1);
    }
  }
  for (const number of found) progress.firstNumber = Math.max(progress.firstNumber, number + 1);
  await log.close();
};

/** A victim killed before it made a store leaves none; anything else must open. */
const failedWith = (error: unknown, result: TortureResult): void => {
  if (error instanceof ThroughlineError && error.code === 'client/noData' && result.acknowledged === 0) return;
  result.unopened++;
};
