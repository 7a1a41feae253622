/**
 * One writer per folder. A lock is a file `writer-<n>.lock` naming its holder; the highest number counts, and its holder lives
 * or it is stale. Numbers only grow (the highest file is never deleted), and link() creates a file with its content or not at
 * all, so of two processes that find the same stale lock one wins and the other sees it: no window, nothing to clean by hand.
 */
import { linkSync, readFileSync, readdirSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ThroughlineError } from '../core/errors.ts';

const PATTERN = /^writer-(\d+)\.lock$/;

/** Takes the folder, or throws. Returns the release. @throws server/storeInUse */
export const lockFolder = (folder: string): (() => void) => {
  const mine = join(folder, `writer.${process.pid}.${unique()}.new`);
  writeFileSync(mine, identity(process.pid));
  try {
    for (;;) {
      const highest = numbers(folder).at(-1) ?? 0;
      if (highest > 0) refuseIfHeld(folder, highest);
      const path = join(folder, `writer-${highest + 1}.lock`);
      if (!tryLink(mine, path)) continue;
      // Somebody may have moved on while this process slept between looking and linking; then theirs is the higher number.
      if ((numbers(folder).at(-1) ?? 0) > highest + 1) { remove(path); continue; }
      for (const older of numbers(folder)) if (older <= highest) remove(join(folder, `writer-${older}.lock`));
      return () => truncateSync(path);
    }
  } finally {
    remove(mine);
  }
};

let counter = 0;
const unique = (): string => `${process.hrtime.bigint()}.${counter++}`;

const numbers = (folder: string): readonly number[] =>
  readdirSync(folder).map((name) => Number(PATTERN.exec(name)?.[1] ?? 0)).filter((number) => number > 0).sort((a, b) => a - b);

const refuseIfHeld = (folder: string, number: number): void => {
  const content = readIfThere(join(folder, `writer-${number}.lock`));
  const pid = Number(content.split(' ')[0]);
  if (content !== '' && pid > 0 && identity(pid) === content) {
    throw new ThroughlineError('server/storeInUse', `${folder} is in use by process ${pid}; stop it, or give this one another folder with --data`);
  }
};

/** A pid is reused sooner or later; together with its start time and boot it is not. Elsewhere than on Linux the pid must do. */
const identity = (pid: number): string => {
  try {
    const boot = readIfThere('/proc/sys/kernel/random/boot_id').trim();
    if (boot === '') return alive(pid) ? `${pid} - -` : '';
    const stat = readIfThere(`/proc/${pid}/stat`);
    // The command in parentheses may hold spaces; the start time is the 20th field after it, a zombie (Z) is dead.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return stat === '' || fields[0] === 'Z' ? '' : `${pid} ${fields[19] ?? ''} ${boot}`;
  } catch {
    return '';
  }
};

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const readIfThere = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
};

const tryLink = (from: string, to: string): boolean => {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const remove = (path: string): void => {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
};
